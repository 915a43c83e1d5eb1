#include "core/scenario/check_report.h"

#include <algorithm>

#include "core/scenario/json_reader.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"
#include "core/scenario/reproduction.h"

namespace netsplit {

std::optional<Standing> expected_of(const Scenario& scenario, std::string_view property) {
  for (const Expectation& expectation : scenario.expect) {
    if (expectation.property == property) return expectation.standing;
  }
  return std::nullopt;
}

std::vector<std::string> expected_violations(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const Expectation& expectation : scenario.expect) {
    if (expectation.standing == Standing::violated) names.push_back(expectation.property);
  }
  return names;
}

bool is_as_expected(const Scenario& scenario, const check::CheckedProperty& property) {
  return !property.not_judged.empty() || property.standing != Standing::violated ||
         expected_of(scenario, property.name) == Standing::violated;
}

Scenario scenario_of(const Scenario& checked, const check::CheckedProperty& property) {
  NETSPLIT_ASSERT(property.way.has_value());
  const bool violated = property.standing == Standing::violated;
  Scenario found;
  found.title = std::string("A shortest way to ") + (violated ? "violate " : "") + property.name;
  found.summary = "Found by exploring every run of " +
                  (checked.id.empty() ? checked.setup.protocol : checked.id) + ". " +
                  property.sentence;
  found.setup = property.way->setup;
  found.positions = checked.positions;
  // On the way other properties may be violated too: that is what happens in it.
  const auto run = run_headless(found);
  NETSPLIT_ASSERT(run.ok());
  for (const JudgedProperty& judged : run.value().properties) {
    const bool meant = judged.state.name == property.name;
    if (meant || !judged.as_expected)
      found.expect.push_back({std::string(judged.state.name), judged.state.standing});
  }
  return found;
}

std::string check_json(const Scenario& scenario, const check::CheckOptions& options,
                       const check::CheckReport& report, const std::string& stop) {
  const check::Exploration& exploration = report.exploration;
  Json json = Json::object();
  if (!scenario.id.empty()) json["id"] = scenario.id;
  if (!scenario.title.empty()) json["title"] = scenario.title;
  json["protocol"] = scenario.setup.protocol;
  const auto& properties = report.properties;
  json["as_expected"] = std::all_of(properties.begin(), properties.end(),
                                    [&](const auto& one) { return is_as_expected(scenario, one); });
  json["stop"] = stop;
  json["states"] = exploration.distinct;
  json["generated"] = exploration.generated;
  json["depth"] = exploration.depth;
  json["not_expanded"] = exploration.frontier;
  json["held_back"] = exploration.held_back;
  json["bytes"] = exploration.bytes;
  json["collision_ppb"] = exploration.collision_ppb;
  json["faults"] = {{"drops", options.faults.drops},
                    {"duplicates", options.faults.duplicates},
                    {"crashes", options.faults.crashes}};
  json["repeats"] = options.repeats == check::repeats_unbounded ? Json() : Json(options.repeats);
  json["local_states"] = report.local_states;
  json["local_steps"] = report.local_steps;
  json["messages"] = report.messages;
  json["networks"] = report.networks;
  json["histories"] = report.histories;
  json["left_out"] = report.limits;
  json["properties"] = Json::array();
  for (const check::CheckedProperty& property : properties) {
    Json one = Json::object();
    one["name"] = property.name;
    one["kind"] = enumerator_name_of(property.kind);
    one["sentence"] = property.sentence;
    if (!property.not_judged.empty()) {
      one["not_judged"] = property.not_judged;
      json["properties"].push_back(std::move(one));
      continue;
    }
    one["standing"] = enumerator_name_of(property.standing);
    const auto expected = expected_of(scenario, property.name);
    if (expected) one["expected"] = enumerator_name_of(*expected);
    one["as_expected"] = is_as_expected(scenario, property);
    if (!property.witness.why.empty()) one["why"] = property.witness.why;
    if (property.way) {
      one["steps"] = property.way->steps;
      Link link;
      link.scenario = scenario_of(scenario, property);
      const auto text = encode_link(link);
      if (text) one["link"] = text.value();
    }
    json["properties"].push_back(std::move(one));
  }
  return pretty_json(json);
}

}  // namespace netsplit
