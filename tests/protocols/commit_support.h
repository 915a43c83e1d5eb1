// What the tests of the commit protocols share: scenarios with other parameters, one workload for
// sweeps, small setups for checks, and what is asked of both.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/check/check.h"
#include "core/check/sweep.h"
#include "core/scenario/found_run.h"
#include "core/scenario/lesson.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"
#include "tests/core/support.h"

namespace netsplit::test {

using Parameters = std::vector<std::pair<std::string, std::int64_t>>;

inline Scenario scenario_with(const char* id, const Parameters& parameters = {}) {
  REQUIRE(find_scenario(id) != nullptr);
  Scenario scenario = *find_scenario(id);
  for (const auto& parameter : parameters) {
    std::erase_if(scenario.setup.parameters,
                  [&](const auto& known) { return known.first == parameter.first; });
    scenario.setup.parameters.push_back(parameter);
  }
  return scenario;
}

inline Input request(const char* name, Time at_us, NodeId node) {
  Input input = on_nodes(Action::request, at_us, {node});
  input.name = name;
  return input;
}

// The scenario's nodes with five transactions, one of which a shard refuses and one of which comes
// while another holds the locks, and no faults but a sweep's.
inline Scenario workload(const char* id, const Parameters& parameters = {}) {
  Scenario scenario = scenario_with(id, parameters);
  Setup& setup = scenario.setup;
  const auto node = [&](const char* name) { return make_session(setup).value()->find_node(name); };
  const NodeId shop = node("shop");
  setup.network.link.latency = {LatencyModel::uniform, milliseconds(40), milliseconds(20)};
  setup.until_us = seconds(4);
  setup.script = {request("transact", milliseconds(100), shop),
                  request("transact", milliseconds(250), shop),
                  request("transact", milliseconds(800), shop),
                  request("refuse_next", milliseconds(1'000), node("payments")),
                  request("transact", milliseconds(1'300), shop),
                  request("transact", milliseconds(1'900), shop)};
  return scenario;
}

struct SweptCommits {
  std::uint64_t runs = 0;
  std::uint64_t failing = 0;
  std::vector<std::uint64_t> violated;  // by property, judged or not
  std::string first;                    // command and link of the first failing seed
};

// 10 000 seeds, or those up to `last`.
inline SweptCommits sweep(const Scenario& scenario, const std::vector<std::string>& judged,
                          check::FaultSet faults = check::all_faults, std::uint64_t last = 10'000) {
  Result<check::Sweep> made = check::Sweep::make(scenario.setup, judged, faults, make_session);
  REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error()));
  const check::SeedRange seeds{1, last};
  SweptCommits swept;
  swept.violated.resize(made.value().properties().size());
  for (std::uint64_t i = 0; i < seeds.blocks(); ++i) {
    const check::SweptBlock block = made.value().run_block(seeds, i);
    swept.runs += block.runs;
    swept.failing += block.failing.size();
    for (std::size_t p = 0; p < swept.violated.size(); ++p) swept.violated[p] += block.violated[p];
    if (block.failing.empty() || !swept.first.empty()) continue;
    const std::uint64_t seed = block.failing[0].seed;
    const FoundRun found = found_run(scenario, made.value().setup_of(seed), "found").value();
    swept.first = "seed " + std::to_string(seed) + ": netsplit run '" + found.link + "'";
    CHECK(all_as_expected(run_headless(found.scenario).value().properties));
  }
  return swept;
}

// Two shards and one transaction, or what the list of nodes says.
inline Scenario small(const std::string& protocol, const std::string& parameters,
                      const std::string& nodes) {
  const std::string text = R"({"protocol": ")" + protocol + R"(", "parameters": {)" + parameters +
                           R"(}, "nodes": [{"name": "shop", "role": "client"}, )" + nodes +
                           R"(], "script": [{"at": 0, "request": "transact", "node": "shop"}]})";
  auto scenario = parse_scenario(text, "small");
  REQUIRE_MESSAGE(scenario.ok(), scenario.error());
  return std::move(scenario).value();
}

inline check::CheckReport explored(const Scenario& scenario, const check::CheckOptions& options) {
  auto report = explore_setup(scenario.setup, options);
  REQUIRE_MESSAGE(report.ok(), report.error());
  return std::move(report).value();
}

inline const check::CheckedProperty& checked(const check::CheckReport& report,
                                             std::string_view name) {
  const auto at = std::find_if(report.properties.begin(), report.properties.end(),
                               [&](const auto& one) { return one.name == name; });
  REQUIRE(at != report.properties.end());
  return *at;
}

// What was found is a scenario, and ends as the check says with its last step.
inline void check_found(const check::CheckedProperty& property) {
  REQUIRE(property.way);
  Scenario found;
  found.setup = property.way->setup;
  found.expect = {{property.name, property.standing}};
  const auto again = parse_scenario(write_scenario(found), "found.json");
  REQUIRE_MESSAGE(again.ok(), again.error());
  const auto run = run_headless(again.value());
  REQUIRE_MESSAGE(run.ok(), run.error());
  const PropertyState& state = test::property(*run.value().session, property.name);
  CHECK(state.standing == property.standing);
  if (property.kind == PropertyKind::always)
    CHECK(state.first_step == run.value().session->steps());
}

// A copy taken anywhere goes on like the original.
inline void check_copies_go_on_alike(const char* id) {
  const std::unique_ptr<Session> original = make_session(find_scenario(id)->setup).value();
  std::vector<std::unique_ptr<Session>> copies;
  do {
    if (original->steps() % 7 == 0) copies.push_back(original->clone());
  } while (original->step(nullptr));
  REQUIRE(copies.size() > 2);
  for (const auto& copy : copies) {
    while (copy->step(nullptr)) {
    }
    CHECK(copy->trace_hash() == original->trace_hash());
    CHECK(copy->state_hash() == original->state_hash());
  }
}

// The field of a node, as the inspector shows it.
inline std::string shown(const Session& session, const char* node, const char* field) {
  const std::optional<Row> row = find_field(session, node, field);
  REQUIRE(row);
  return row->children.empty() ? row->text : brief(*row);
}

}  // namespace netsplit::test
