#include "core/scenario/shrink_report.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/base/names.h"
#include "core/scenario/json_reader.h"
#include "core/scenario/scenario_json.h"

namespace netsplit {
namespace {

std::int64_t nodes_of(const Setup& setup) {
  std::int64_t count = 0;
  for (const NodeGroup& group : setup.nodes) count += group.count;
  return count;
}

std::string change(std::int64_t before, std::int64_t after) {
  return std::to_string(before) +
         (before == after ? ", as before" : " before, " + std::to_string(after) + " now");
}

std::int64_t size_of(const std::vector<Input>& script) {
  return static_cast<std::int64_t>(script.size());
}

}  // namespace

std::string shrunk_title(const Scenario& original, const std::string& property) {
  const std::string name = original.id.empty() ? original.setup.protocol : original.id;
  return "A smallest run of " + name + " that violates " + words(property);
}

std::vector<CoverageLine> shrink_changes(const Setup& before, const Setup& after) {
  return {
      {"inputs", change(size_of(before.script), size_of(after.script))},
      {"nodes", change(nodes_of(before), nodes_of(after))},
      {"parameters that differ", change(static_cast<std::int64_t>(before.parameters.size()),
                                        static_cast<std::int64_t>(after.parameters.size()))},
      {"end",
       format_duration(before.until_us) + " before, " + format_duration(after.until_us) + " now"},
      {"seed", std::to_string(before.seed) + " before, " + std::to_string(after.seed) + " now"}};
}

std::string shrink_text(const Scenario& original, const std::string& property,
                        const check::Shrunk& shrunk, const FoundRun& found) {
  std::string text =
      property + " is still violated, after " + std::to_string(shrunk.runs) + " runs\n";
  if (!shrunk.finished) text += "    Not finished: a smaller one may follow.\n";
  for (const PropertyState& state : found.properties) {
    if (state.name == property && !state.witness.why.empty())
      text += "    Why: " + state.witness.why + "\n";
  }
  for (const CoverageLine& line : shrink_changes(original.setup, shrunk.setup))
    text += "    " + line.label + ": " + line.text + "\n";
  text += "\n" + write_script(shrunk.setup.script, shrunk.setup) + "\n";
  return text + (found.link.empty() ? "Link   none: " + found.no_link + "\n"
                                    : "Link   " + found.link + "\n");
}

std::string shrink_json(const Scenario& original, const std::string& property,
                        const check::Shrunk& shrunk, const FoundRun& found) {
  Json json = Json::object();
  json["property"] = property;
  json["runs"] = shrunk.runs;
  json["finished"] = shrunk.finished;
  json["inputs_before"] = original.setup.script.size();
  json["inputs"] = shrunk.setup.script.size();
  json["scenario"] = scenario_json(found.scenario);
  json["trace_hash"] = format_hash(found.trace_hash);
  if (!found.link.empty()) json["link"] = found.link;
  return pretty_json(json);
}

}  // namespace netsplit
