#include "core/scenario/check_report.h"

#include <algorithm>

#include "core/base/names.h"
#include "core/scenario/json_reader.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"
#include "core/scenario/reproduction.h"

namespace netsplit {
namespace {

std::string some_or_no(std::uint64_t count, const char* one, const char* many) {
  return count == 0 ? std::string("no ") + many : counted(count, one, many);
}

}  // namespace

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
  found.title =
      std::string("A shortest way to ") + (violated ? "violate " : "") + words(property.name);
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

namespace {

std::string symmetry_text(const check::CheckReport& report) {
  if (report.interchangeable.empty()) return "no two nodes are interchangeable";
  std::string text;
  for (const auto& names : report.interchangeable) {
    text += text.empty() ? "" : "; ";
    for (std::size_t i = 0; i < names.size(); ++i)
      text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    text += " are interchangeable";
  }
  return text + ": of " + std::to_string(report.renamings) +
         " states that differ only by their names one is explored";
}

}  // namespace

std::vector<CoverageLine> check_coverage(const check::CheckOptions& options,
                                         const check::CheckReport& report, const std::string& stop,
                                         std::int64_t taken_ms) {
  const check::Exploration& all = report.exploration;
  const check::Faults& faults = options.faults;
  std::string text = stop == "complete" ? "all " : "";
  text += some_or_no(all.distinct, "state", "states") + ", " +
          some_or_no(all.generated, "step", "steps") + ", depth " + std::to_string(all.depth) +
          ", in " + std::to_string(taken_ms / 1000) + "." + std::to_string(taken_ms / 100 % 10) +
          " s";
  if (stop == "violation") text += "; stopped at a violation";
  if (stop == "interrupted") text += "; interrupted";
  if (stop == "states" || stop == "depth" || stop == "memory" || stop == "time")
    text += "; stopped by the limit on " + stop;
  if (all.frontier > 0) text += ", " + std::to_string(all.frontier) + " not looked beyond";
  std::vector<CoverageLine> lines{{"Explored", text}};
  text = some_or_no(faults.drops, "drop", "drops") + ", " +
         some_or_no(faults.duplicates, "duplicate", "duplicates") + ", " +
         some_or_no(faults.crashes, "crash", "crashes");
  if (options.repeats != check::repeats_unbounded) {
    text += "; the same timer of a node runs out at most " +
            some_or_no(options.repeats, "time", "times") +
            (all.held_back == 0
                 ? ", which left nothing out"
                 : ", which left something out in " + some_or_no(all.held_back, "state", "states"));
  }
  lines.push_back({"Within", text});
  if (options.symmetry) lines.push_back({"Symmetry", symmetry_text(report)});
  for (const std::string& sentence : report.limits) lines.push_back({"Left out", sentence});
  if (all.collision_ppb > 0) {
    lines.push_back({"Chance", "of a state missed for an equal hash: below " +
                                   std::to_string(all.collision_ppb) + " in 1000000000"});
  }
  return lines;
}

std::string check_verdict(const Scenario& scenario, const check::CheckedProperty& property,
                          const check::Exploration& exploration) {
  if (!property.not_judged.empty()) return "not judged: " + property.not_judged;
  const bool sometimes = property.kind == PropertyKind::sometimes;
  const auto expected = expected_of(scenario, property.name);
  const std::string proviso =
      property.provided.empty() ? "" : ", provided that " + property.provided;
  switch (property.standing) {
    case Standing::open:
      return sometimes ? "not seen so far" : "no violation so far";
    case Standing::violated:
      return std::string(sometimes ? "never happens" : "violated") + proviso +
             (expected == Standing::violated ? ", as expected" : ", not as expected");
    case Standing::holds:
      break;
  }
  std::string text = sometimes                   ? "seen"
                     : exploration.held_back > 0 ? "holds within the bounds"
                                                 : "holds";
  text += proviso;
  if (expected == Standing::violated) text += "; the scenario's own run violates it";
  return text;
}

const check::CheckedProperty* worth_showing(const Scenario& scenario,
                                            const check::CheckReport& report) {
  const check::CheckedProperty* best = nullptr;
  const auto worth = [&](const check::CheckedProperty& one) {
    if (!is_as_expected(scenario, one)) return 2;
    return one.standing == Standing::violated ? 1 : 0;
  };
  for (const check::CheckedProperty& one : report.properties) {
    if (one.way && (best == nullptr || worth(one) > worth(*best))) best = &one;
  }
  return best;
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
  json["symmetry"] = Json();
  if (options.symmetry) {
    json["symmetry"] = {{"interchangeable", report.interchangeable},
                        {"renamings", report.renamings}};
  }
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
    if (!property.provided.empty()) one["provided"] = property.provided;
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
