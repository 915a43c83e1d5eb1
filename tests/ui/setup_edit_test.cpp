// Changes of a scenario as values.
#include "ui/setup_edit.h"

#include <doctest/doctest.h>

#include "core/scenario/registry.h"

namespace netsplit::ui::setup_edit_test {
namespace {

Scenario lock() { return *find_scenario("lock-gc-pause"); }

const ProtocolInfo& protocol() { return *find_protocol("lease_lock")->info; }

std::string names_of(const Input& input, const Setup& setup) {
  const NodeIndex index(setup.nodes);
  std::string text;
  for (const auto& group : input.groups)
    text += (text.empty() ? "" : " | ") + nodes_text(group, index);
  return text;
}

TEST_CASE("setup edit: whatever names a node follows it when another goes") {
  Scenario scenario = lock();
  const NodeIndex index(scenario.setup.nodes);
  const NodeId alice = index.find("alice"), bob = index.find("bob"), lock_id = index.find("lock");
  scenario.setup.script = {
      on_nodes(Action::pause, seconds(1), {bob}), on_link(Action::cut, seconds(2), alice, lock_id),
      on_link(Action::cut, seconds(3), bob, lock_id), on_nodes(Action::crash, seconds(4), {alice})};
  Input partition;
  partition.action = Action::partition;
  partition.at_us = seconds(5);
  partition.groups = {{alice, bob}, {lock_id}};
  scenario.setup.script.push_back(partition);
  Input drop = on_message(Action::drop, seconds(6), 0);
  drop.message.from = alice;
  scenario.setup.script.push_back(drop);
  scenario.setup.links = {{alice, bob, true, {}}, {bob, lock_id, false, {}}};
  scenario.positions = {{"alice", 1, 2}, {"bob", 3, 4}};

  REQUIRE(remove_group(scenario, index.group_of(alice)).ok());
  const Setup& setup = scenario.setup;
  REQUIRE(setup.script.size() == 3);
  CHECK(names_of(setup.script[0], setup) == "bob");
  CHECK(names_of(setup.script[1], setup) == "bob | lock");
  CHECK(names_of(setup.script[2], setup) == "bob | lock");
  REQUIRE(setup.links.size() == 1);
  CHECK(setup.links[0].from == NodeIndex(setup.nodes).find("bob"));
  REQUIRE(scenario.positions.size() == 1);
  CHECK(scenario.positions[0] == Position{"bob", 3, 4});
  for (const LessonStep& step : scenario.lesson) {
    for (const Highlight& highlight : step.highlight) CHECK(highlight.node != "alice");
  }
  // What is left can be run, written and read again.
  REQUIRE(make_session(setup).ok());
  const auto again = parse_scenario(write_scenario(scenario), "again");
  REQUIRE_MESSAGE(again.ok(), again.error());
  CHECK(again.value().setup == setup);
}

TEST_CASE("setup edit: a renamed node keeps its place, its script and its lesson") {
  Scenario scenario = lock();
  const Scenario before = scenario;
  NodeGroup group = scenario.setup.nodes[0];
  REQUIRE(group.name == "alice");
  group.name = "anna";
  REQUIRE(change_group(scenario, 0, group).ok());
  CHECK(scenario.setup.script == before.setup.script);
  CHECK(scenario.positions.size() == before.positions.size());
  const auto again = parse_scenario(write_scenario(scenario), "again");
  REQUIRE_MESSAGE(again.ok(), again.error());
  group.name = "bob";
  CHECK(!change_group(scenario, 0, group).ok());
  CHECK(scenario.setup.nodes[0].name == "anna");
}

TEST_CASE("setup edit: one node becomes several, and several one") {
  Scenario scenario = lock();
  NodeGroup group = scenario.setup.nodes[0];
  group.count = 3;
  REQUIRE(change_group(scenario, 0, group).ok());
  const NodeIndex index(scenario.setup.nodes);
  CHECK(index.count() == 6);
  CHECK(index.name({0}) == "alice1");
  CHECK(index.name({3}) == "bob");
  REQUIRE(make_session(scenario.setup).ok());
  group.count = 1;
  REQUIRE(change_group(scenario, 0, group).ok());
  CHECK(scenario.setup == lock().setup);
}

TEST_CASE("setup edit: the last node stays, a name is used once") {
  Scenario scenario = lock();
  while (scenario.setup.nodes.size() > 1) REQUIRE(remove_group(scenario, 0).ok());
  CHECK(!remove_group(scenario, 0).ok());
  CHECK(free_name(scenario.setup, scenario.setup.nodes[0].name) ==
        scenario.setup.nodes[0].name + "2");
  CHECK(free_name(scenario.setup, "carol") == "carol");
}

TEST_CASE("setup edit: inputs stay in order of time") {
  Scenario scenario = lock();
  Setup& setup = scenario.setup;
  setup.script.clear();
  for (const Time at : {seconds(3), seconds(1), seconds(2)})
    insert_input(setup, on_nodes(Action::pause, at, {NodeId{0}}));
  CHECK(setup.script[0].at_us == seconds(1));
  CHECK(setup.script[2].at_us == seconds(3));
  Input later = setup.script[0];
  later.at_us = seconds(10);
  later.after_step = 4;
  CHECK(change_input(setup, 0, later) == 2);
  CHECK(setup.script[2].after_step == -1);
  CHECK(move_input(setup, 2, true) == 1);
  CHECK(setup.script[1].at_us == seconds(3));
  CHECK(setup.script[2].at_us == seconds(3));
  CHECK(move_input(setup, 0, true) == 0);
  CHECK(move_input(setup, 2, false) == 2);
  remove_input(setup, 0);
  CHECK(setup.script.size() == 2);
}

TEST_CASE("setup edit: the usual input of every action can be run at once") {
  for (const Scenario& scenario : library()) {
    const ProtocolInfo& info = *find_protocol(scenario.setup.protocol)->info;
    for (std::size_t i = 0; i < enumerator_names<Action>().size(); ++i) {
      const auto action = static_cast<Action>(i);
      const ActionForm form = form_of(action);
      // These name a field of a message, a timer or a request that a protocol need not have.
      if (form.name == ActionForm::Name::field) continue;
      if (form.name == ActionForm::Name::timer && info.timers.empty()) continue;
      if (form.name == ActionForm::Name::request && info.requests.empty()) continue;
      Setup setup = scenario.setup;
      insert_input(setup, usual_input(action, seconds(1), NodeId{1}, setup, info));
      const auto session = make_session(setup);
      CHECK_MESSAGE(session.ok(), scenario.id << ": " << enumerator_names<Action>()[i] << ": "
                                              << session.error());
    }
  }
  CHECK(usual_input(Action::request, 0, NodeId{3}, lock().setup, protocol()).groups.front() !=
        std::vector<NodeId>{NodeId{3}});
}

TEST_CASE("setup edit: nodes are named as in a file") {
  const NodeIndex index({{"a", "x", 1, false, {}}, {"n", "x", 9, false, {}}});
  const auto nodes = parse_nodes(" a, n2..n4 ,a", index);
  REQUIRE(nodes.ok());
  CHECK(nodes.value().size() == 4);
  CHECK(nodes_text(nodes.value(), index) == "a, n2..n4");
  CHECK(!parse_nodes("", index).ok());
  CHECK(!parse_nodes(" , ", index).ok());
  CHECK(parse_nodes("b", index).error().find("\"b\"") != std::string::npos);
}

}  // namespace
}  // namespace netsplit::ui::setup_edit_test
