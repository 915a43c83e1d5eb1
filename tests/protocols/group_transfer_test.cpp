// Transfers between groups: half of one is lost without commit on top, and none with it; seeds of
// faults, and every interleaving of a small setup.
#include "core/protocols/group_transfer.h"
#include "core/scenario/lesson.h"
#include "tests/protocols/trial.h"

namespace netsplit::test::group_transfer_test {
namespace {

const std::vector<std::string> all_properties = {"agreement", "atomicity", "conserved",
                                                 "locks_released", "all_answered"};

Scenario parsed(const std::string& text) {
  auto scenario = parse_scenario(text, "group_transfer");
  REQUIRE_MESSAGE(scenario.ok(), (scenario.ok() ? "" : scenario.error()));
  return std::move(scenario).value();
}

// Four transfers, one of which is refused; the faults are a sweep's.
Scenario workload(const std::string& parameters) {
  return parsed(R"({"protocol": "group_transfer", "until": "2s", "parameters": {)" + parameters +
                R"("retry": "200ms", "give_up": "1s"}, "nodes": [
      {"name": "r", "role": "replica", "count": 6}, {"name": "ada", "role": "client"},
      {"name": "ben", "role": "client"}], "network": {"latency": {"model": "uniform",
      "base": "10ms", "spread": "20ms"}}, "script": [
      {"at": "100ms", "request": "transfer_amount", "node": "ada", "arguments": {"amount": 30}},
      {"at": "300ms", "request": "transfer_amount", "node": "ben", "arguments": {"amount": 40}},
      {"at": "900ms", "request": "refuse_next", "node": "r4"},
      {"at": "1s", "request": "transfer_amount", "node": "ada", "arguments": {"amount": 5}},
      {"at": "1.5s", "request": "transfer_amount", "node": "ben", "arguments": {"amount": 9}}]})");
}

// A group is one replica: no copies, only the protocol between the groups.
Setup small(const std::string& parameters) {
  return parsed(R"({"protocol": "group_transfer", "parameters": {)" + parameters + R"(}, "nodes": [
      {"name": "a", "role": "replica"}, {"name": "b", "role": "replica"},
      {"name": "ada", "role": "client"}], "script": [
      {"at": 0, "request": "transfer_amount", "node": "ada"},
      {"at": 0, "request": "refuse_next", "node": "b"}]})")
      .setup;
}

std::string shown(const Session& session, const char* node, const char* field) {
  const std::optional<Row> row = find_field(session, node, field);
  REQUIRE(row);
  return row->children.empty() ? row->text : brief(*row);
}

}  // namespace

TEST_CASE("group_transfer: two groups that agree lose half a transfer, with commit on top none") {
  const auto naive = finished(setup_with("paxos-is-not-transactions"));
  CHECK(standing(*naive, "agreement") == Standing::holds);
  CHECK(standing(*naive, "atomicity") == Standing::violated);
  CHECK(property(*naive, "conserved").witness.why == "a1 has 0 and b1 130: 130 of 200.");
  const auto remedy = finished(setup_with("paxos-with-commit"));
  CHECK(shown(*remedy, "a1", "balance") == "50");
  CHECK(shown(*remedy, "b1", "balance") == "150");
  CHECK(shown(*remedy, "a2", "disk.log") == shown(*remedy, "a1", "disk.log"));
  CHECK(remedy->counters().sent > naive->counters().sent);
}

TEST_CASE("group_transfer: with commit on top all properties hold over 10000 seeds of faults") {
  const Swept swept = sweep(workload(""), all_properties);
  CHECK(swept.runs == 10'000);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
}

TEST_CASE("group_transfer: without it the same sweep finds lost money, and groups that agree") {
  const Scenario scenario = workload(R"("commit": false, )");
  CHECK(sweep(scenario, {"conserved"}, 200).failing > 0);
  CHECK(sweep(scenario, {"agreement"}, 1'000).failing == 0);
}

TEST_CASE("group_transfer: commit on top in every interleaving with a crash, by exact count") {
  check::CheckOptions options;
  options.repeats = 1;
  options.faults.crashes = 1;
  const auto report = explore(small(""), options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 10'837);
  CHECK(report.exploration.generated == 40'245);
  for (const char* name : {"agreement", "atomicity", "conserved", "locks_released"})
    CHECK(explored(report, name).standing == Standing::holds);
}

TEST_CASE("group_transfer: half a transfer is done in five steps, and refused in the other group") {
  check::CheckOptions options;
  options.repeats = 1;
  const auto report = explore(small(R"("commit": false)"), options);
  const check::CheckedProperty& atomicity = explored(report, "atomicity");
  REQUIRE(atomicity.standing == Standing::violated);
  CHECK(atomicity.depth == 5);
  check_way_replays(atomicity);
}

// What holds whatever the network loses takes more to break: a leader that never comes back.
TEST_CASE("group_transfer: a leader gone for good leaves a lock and a client behind") {
  Scenario scenario = workload("");
  scenario.setup.script.resize(1);
  scenario.setup.script.push_back(on_nodes(Action::crash, milliseconds(200), {NodeId{0}}));
  scenario.setup.script.push_back(on_nodes(Action::pause, milliseconds(200), {NodeId{6}}));
  const auto session = finished(scenario.setup);
  CHECK(property(*session, "locks_released").witness.why ==
        "r2 holds its account's lock for transfer 1 of ada.");
  CHECK(standing(*session, "all_answered") == Standing::violated);
}

// Leaders do not change here, so that no run gets there: the property is shown two such replicas.
TEST_CASE("group_transfer: replicas that have committed different entries disagree") {
  using P = group_transfer::Protocol;
  const std::vector<NodeGroup> groups = {{"r", "replica", 4, false, {}}};
  const Topology topology = Topology::make(groups, {"client", "replica"}).value();
  std::vector<P::Node> nodes(4, P::Node(group_transfer::Replica{}));
  for (int i = 0; i < 2; ++i) {
    auto& replica = std::get<group_transfer::Replica>(nodes[static_cast<std::size_t>(i)]);
    replica.disk.log.append({group_transfer::Record::committed, 1, 10 + i, nobody});
    replica.commit = LogIndex{1};
  }
  const P::Params params;
  const Moment::History history;
  Moment moment;
  moment.topology = &topology;
  moment.params = &params;
  for (const P::Node& node : nodes) moment.nodes.push_back(&node);
  moment.conditions.assign(4, Condition::up);
  moment.history = &history;
  CHECK(group_transfer::agreement(View<P>(moment)).why ==
        "r1 and r2 have committed different entries at index 1.");
  std::get<group_transfer::Replica>(nodes[1]).commit = {};
  CHECK(group_transfer::agreement(View<P>(moment)).holds);
}

TEST_CASE("group_transfer: a copy of a run that is half over goes on as the run does") {
  for (const char* id : {"paxos-is-not-transactions", "paxos-with-commit"})
    check_copy_is_replay(setup_with(id));
}

}  // namespace netsplit::test::group_transfer_test
