// Paxos commit: the stories of the scenarios, 10 000 seeds of faults, every run of a small setup,
// and the twin that leads without learning.
#include "tests/protocols/commit_support.h"

namespace netsplit::test::paxos_commit_test {
namespace {

const std::vector<std::string> all_properties = {"atomicity", "locks_released", "all_answered"};

const char* const one_acceptor =
    R"({"name": "coordinator", "role": "coordinator"}, {"name": "acceptor", "role": "acceptor"},
       {"name": "orders", "role": "shard"}, {"name": "payments", "role": "shard"})";

}  // namespace

TEST_CASE("paxos_commit: without faults it takes five message delays and thirty messages") {
  Scenario scenario = scenario_with("paxos-commit");
  scenario.setup.script = {request("transact", milliseconds(100), NodeId{0})};
  const Run done = run(scenario.setup);
  CHECK(done.session->history()[0].outcome == Outcome::ok);
  for (const char* shard : {"orders", "payments", "shipping"})
    CHECK(shown(*done.session, shard, "disk.log") == "[prepared, 1 committed, 1]");
  // Begin, 3 Prepare, 9 Vote, 3 Stands, 3 + 3 Commit, Answer.
  CHECK(done.session->counters().sent == 1 + 3 + 9 + 3 + 6 + 1);
}

TEST_CASE("paxos_commit: coordinator and one acceptor down, and the locks are released") {
  const Run done = run(find_scenario("paxos-commit")->setup);
  for (const char* shard : {"orders", "payments", "shipping"}) {
    CHECK(shown(*done.session, shard, "lock") == "free");
    CHECK(shown(*done.session, shard, "disk.log") == "[prepared, 1 committed, 1]");
  }
  for (const char* node : {"coordinator", "acceptor2"})
    CHECK(done.session->node_condition(done.session->find_node(node)) == Condition::down);
}

TEST_CASE("paxos_commit: a majority of acceptors is needed, and enough") {
  Scenario scenario = scenario_with("paxos-commit");
  scenario.setup.script.insert(scenario.setup.script.begin() + 1,
                               on_nodes(Action::crash, milliseconds(60), {NodeId{7}}));
  const Run blocked = run(scenario.setup);
  CHECK(standing(*blocked.session, "locks_released") == Standing::violated);
  CHECK(standing(*blocked.session, "atomicity") == Standing::holds);
}

TEST_CASE("paxos_commit: one no aborts, and a vote that never comes counts as no") {
  Scenario scenario = scenario_with("paxos-commit");
  const NodeId payments = make_session(scenario.setup).value()->find_node("payments");
  scenario.setup.script = {request("refuse_next", milliseconds(50), payments),
                           request("transact", milliseconds(100), NodeId{0})};
  const Run refused = run(scenario.setup);
  CHECK(refused.session->history()[0].outcome == Outcome::failed);
  CHECK(shown(*refused.session, "orders", "disk.log") == "[prepared, 1 aborted, 1]");
  scenario.setup.script[0] = on_nodes(Action::crash, milliseconds(50), {payments});
  const Run missing = run(scenario.setup);
  CHECK(shown(*missing.session, "orders", "disk.log") == "[prepared, 1 aborted, 1]");
  CHECK(missing.session->history()[0].outcome == Outcome::failed);
}

TEST_CASE("paxos_commit: all properties hold over 10000 seeds of faults of every kind") {
  const Scenario scenario = workload("paxos-commit");
  const Swept swept = sweep(scenario, all_properties);
  CHECK(swept.runs == 10'000);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
}

TEST_CASE("paxos_commit: with one acceptor down for good all properties hold over the seeds") {
  Scenario scenario = workload("paxos-commit");
  scenario.setup.script.insert(scenario.setup.script.begin(),
                               on_nodes(Action::leave, milliseconds(1), {NodeId{6}}));
  const Swept swept = sweep(scenario, all_properties, 2'000);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
}

TEST_CASE("paxos_commit: the twin that does not learn first is caught by the same sweep") {
  const Swept swept = sweep(workload("paxos-commit", {{"learn_first", 0}}), {"atomicity"});
  CHECK(swept.failing > 0);
  CHECK(swept.first.find("netsplit run '#v1.") != std::string::npos);
}

TEST_CASE("paxos_commit: every run of two shards and one acceptor, by exact count") {
  const Scenario scenario = small("paxos_commit", "", one_acceptor);
  check::CheckOptions options;
  options.repeats = 1;
  const check::CheckReport report = explore(scenario.setup, options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 9'471);
  CHECK(report.exploration.generated == 38'166);
  CHECK(report.limits.empty());
  for (const char* name : {"atomicity", "locks_released", "all_answered"})
    CHECK(explored(report, name).standing == Standing::holds);
}

TEST_CASE("paxos_commit: the shortest way to break it without learning has twelve steps") {
  check::CheckOptions options;
  options.repeats = 1;
  const auto report =
      explore(small("paxos_commit", R"("learn_first": false)", one_acceptor).setup, options);
  const check::CheckedProperty& atomicity = explored(report, "atomicity");
  REQUIRE(atomicity.standing == Standing::violated);
  CHECK(atomicity.depth == 12);
  CHECK(atomicity.witness.why == "orders committed transaction 1, payments aborted it.");
  check_way_replays(atomicity);
}

TEST_CASE("paxos_commit: a copy taken anywhere goes on like the original") {
  check_copy_is_replay(setup_with("paxos-commit"));
}

}  // namespace netsplit::test::paxos_commit_test
