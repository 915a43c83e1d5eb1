#include "core/scenario/sweep_report.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/base/names.h"
#include "core/scenario/json_reader.h"

namespace netsplit {
namespace {

std::string seeds_text(const check::SeedRange& seeds) {
  return std::to_string(seeds.first) + ".." + std::to_string(seeds.last);
}

bool is_among(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string violations_text(const SweepHeader& header, const check::FailingSeed& failing) {
  std::string text;
  for (const check::Violation& one : failing.violations) {
    text += text.empty() ? "" : ", ";
    text += header.properties[static_cast<std::size_t>(one.property)] + " is violated at " +
            format_time_for_people(one.at_us) + " (step " + std::to_string(one.step) + ")";
  }
  return text;
}

}  // namespace

void SweepTotals::add(const check::SweptBlock& block) {
  runs += block.runs;
  steps += block.steps;
  failing += block.failing.size();
  for (std::size_t i = 0; i < violated.size(); ++i) violated[i] += block.violated[i];
}

FoundSeed found_seed(const Scenario& scenario, const check::Sweep& sweep,
                     const check::FailingSeed& failing, const std::string& command) {
  FoundSeed found;
  found.failing = failing;
  found.command = command;
  check::FaultSet drawn = 0;
  const Setup setup = sweep.setup_of(failing.seed, &drawn);
  found.faults = fault_names(drawn);
  const std::string name = scenario.id.empty() ? scenario.title : scenario.id;
  Result<FoundRun> run =
      found_run(scenario, setup, name + ", seed " + std::to_string(failing.seed) + " of a sweep");
  NETSPLIT_ASSERT(run.ok());  // it ran before
  found.scenario = std::move(run.value().scenario);
  found.link = run.value().link;
  found.trace_hash = run.value().trace_hash;
  const auto first = static_cast<std::size_t>(failing.violations.front().property);
  found.why = run.value().properties[first].witness.why;
  return found;
}

std::string header_for_people(const SweepHeader& header) {
  std::string text = header.scenario + ", seeds " + seeds_text(header.seeds);
  if (header.shard.count > 1) {
    text += ", shard " + std::to_string(header.shard.index) + " of " +
            std::to_string(header.shard.count);
  }
  return text + "\nJudged  " + listed(header.judged) + "\nFaults  " + listed(header.faults) +
         "\n\n";
}

std::string found_seed_text(const SweepHeader& header, const FoundSeed& found) {
  std::string text = "Seed " + std::to_string(found.failing.seed) + ": " +
                     violations_text(header, found.failing) + "\n";
  text += "    Faults: " + listed(found.faults) + "\n";
  if (!found.why.empty()) text += "    Why: " + found.why + "\n";
  text += "    " + found.command + "\n";
  if (found.link.empty()) return text + "    It is too long for a link.\n";
  return text + "    netsplit run '" + found.link + "'\n";
}

std::string totals_text(const SweepHeader& header, const SweepTotals& totals) {
  std::string text =
      counted(totals.runs, "seed", "seeds") + ", " + counted(totals.steps, "step", "steps") + ": " +
      (totals.failing == 0 ? std::string("none fails") : counted(totals.failing, "fails", "fail")) +
      "\n";
  for (std::size_t i = 0; i < header.properties.size(); ++i) {
    const std::string& name = header.properties[i];
    if (is_among(header.sometimes, name)) {
      text +=
          "    " + name + ": seen in " + std::to_string(totals.runs - totals.violated[i]) + "\n";
      continue;
    }
    text += "    " + name + ": violated in " + std::to_string(totals.violated[i]) +
            (is_among(header.judged, name) ? "" : " (not judged)") + "\n";
  }
  return text;
}

std::string failing_seeds_text(const SweepFile& file) {
  std::string text;
  std::size_t count = 0;
  for (const check::SweptBlock& block : file.blocks) {
    for (const check::FailingSeed& failing : block.failing) {
      if (count++ >= shown_seeds_max) return text + "\n";
      text += "Seed " + std::to_string(failing.seed) + ": " +
              violations_text(file.header, failing) + "\n";
    }
  }
  return text.empty() ? text : text + "\n";
}

std::string sweep_json(const SweepHeader& header, const SweepTotals& totals,
                       const std::vector<FoundSeed>& first) {
  Json json = Json::object();
  json["scenario"] = header.scenario;
  json["first_seed"] = header.seeds.first;
  json["last_seed"] = header.seeds.last;
  json["shard"] = header.shard.index;
  json["shards"] = header.shard.count;
  json["faults"] = header.faults;
  json["seeds"] = totals.runs;
  json["steps"] = totals.steps;
  json["failing"] = totals.failing;
  json["properties"] = Json::array();
  for (std::size_t i = 0; i < header.properties.size(); ++i) {
    const std::string& name = header.properties[i];
    Json one = Json::object();
    one["name"] = name;
    one["judged"] = is_among(header.judged, name);
    if (is_among(header.sometimes, name)) {
      one["seen"] = totals.runs - totals.violated[i];
    } else {
      one["violated"] = totals.violated[i];
    }
    json["properties"].push_back(std::move(one));
  }
  json["first_failing"] = Json::array();
  for (const FoundSeed& found : first) {
    Json one = Json::object();
    one["seed"] = found.failing.seed;
    for (const check::Violation& violation : found.failing.violations) {
      one["violated"].push_back(header.properties[static_cast<std::size_t>(violation.property)]);
    }
    one["faults"] = found.faults;
    one["why"] = found.why;
    one["command"] = found.command;
    one["trace_hash"] = format_hash(found.trace_hash);
    if (!found.link.empty()) one["link"] = found.link;
    json["first_failing"].push_back(std::move(one));
  }
  return pretty_json(json);
}

}  // namespace netsplit
