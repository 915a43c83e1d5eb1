// What the tests of the commit protocols share: one workload for sweeps, and small setups to
// explore.
#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>

#include "core/scenario/lesson.h"
#include "core/scenario/registry.h"
#include "tests/protocols/trial.h"

namespace netsplit::test {

inline Input request(const char* name, Time at_us, NodeId node) {
  Input input = on_nodes(Action::request, at_us, {node});
  input.name = name;
  return input;
}

// The scenario's nodes with five transactions, one of which a shard refuses and one of which comes
// while another holds the locks, and no faults but a sweep's.
inline Scenario workload(const std::string& id, const Parameters& parameters = {}) {
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

// The field of a node, as the inspector shows it.
inline std::string shown(const Session& session, const char* node, const char* field) {
  const std::optional<Row> row = find_field(session, node, field);
  REQUIRE(row);
  return row->children.empty() ? row->text : brief(*row);
}

}  // namespace netsplit::test
