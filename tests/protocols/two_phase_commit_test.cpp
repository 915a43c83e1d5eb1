// Two-phase commit: the stories of the scenarios, 10 000 seeds of faults, every run of a small
// setup, and the twin that tells before it writes.
#include "tests/protocols/commit_support.h"

namespace netsplit::test::two_phase_commit_test {
namespace {

const std::vector<std::string> all_properties = {"atomicity", "locks_released", "all_answered"};

const char* const two_shards =
    R"({"name": "coordinator", "role": "coordinator"}, {"name": "orders", "role": "shard"},
       {"name": "payments", "role": "shard"})";

}  // namespace

TEST_CASE("two_phase_commit: a commit takes two round trips and fourteen messages") {
  const Run done = run(find_scenario("2pc-commit")->setup);
  CHECK(done.session->counters().sent == 14);
  CHECK(shown(*done.session, "coordinator", "disk.log") == "[begun, 1 committed, 1 ended, 1]");
  for (const char* shard : {"orders", "payments", "shipping"})
    CHECK(shown(*done.session, shard, "disk.log") == "[prepared, 1 committed, 1]");
  // Two round trips of 100 ms, two writes to the log, at most four messages to send in a row.
  const std::vector<Time> times =
      times_of(done, EventKind::deliver, done.session->find_node("coordinator"));
  CHECK(times.back() - times.front() == milliseconds(2 * 100 + 3 * 5 + 6));
  CHECK(done.session->history()[0].outcome == Outcome::ok);
}

TEST_CASE("two_phase_commit: one no aborts everywhere, and nothing of it is in the log") {
  const Run done = run(find_scenario("2pc-abort")->setup);
  CHECK(shown(*done.session, "coordinator", "disk.log") == "[begun, 1]");
  CHECK(shown(*done.session, "orders", "disk.log") == "[prepared, 1 aborted, 1]");
  CHECK(shown(*done.session, "payments", "disk.log") == "[aborted, 1]");
  CHECK(done.session->history()[0].outcome == Outcome::failed);
}

TEST_CASE("two_phase_commit: without the coordinator all shards stay in doubt and locked") {
  const Run done = run(find_scenario("2pc-blocking")->setup);
  for (const char* shard : {"orders", "payments", "shipping"}) {
    CHECK(shown(*done.session, shard, "state") == "in doubt");
    CHECK(shown(*done.session, shard, "lock") == "1");
  }
  CHECK(property(*done.session, "locks_released").witness.why ==
        "orders still holds its lock for transaction 1.");
  CHECK(done.session->history()[0].outcome == Outcome::unknown);
  // Cooperation cannot help where nobody knows.
  const Run asking = run(scenario_with("2pc-blocking", {{"cooperative", 1}}).setup);
  CHECK(standing(*asking.session, "locks_released") == Standing::violated);
}

TEST_CASE("two_phase_commit: recovery presumes abort, and tells again what was committed") {
  const Run done = run(find_scenario("2pc-recovery")->setup);
  CHECK(shown(*done.session, "coordinator", "disk.log") ==
        "[begun, 1 begun, 2 committed, 2 ended, 2]");
  CHECK(shown(*done.session, "payments", "disk.log") ==
        "[prepared, 1 aborted, 1 prepared, 2 committed, 2]");
  CHECK(standing(*done.session, "locks_released") == Standing::holds);
}

TEST_CASE("two_phase_commit: shards that ask each other finish when one of them knows") {
  const Scenario scenario = *find_scenario("2pc-cooperative");
  Run done = begin(scenario.setup);
  done.until(milliseconds(1'490));  // the first time nobody knows
  CHECK(shown(*done.session, "payments", "lock") == "1");
  done.until(milliseconds(4'190));  // the second time orders does; the coordinator is still down
  CHECK(done.session->node_condition(done.session->find_node("coordinator")) == Condition::down);
  CHECK(shown(*done.session, "payments", "disk.log") ==
        "[prepared, 1 aborted, 1 prepared, 2 committed, 2]");
  CHECK(shown(*done.session, "shipping", "lock") == "free");
  // The same run without asking waits for the coordinator.
  Run waiting = begin(scenario_with("2pc-cooperative", {{"cooperative", 0}}).setup);
  waiting.until(milliseconds(4'190));
  CHECK(shown(*waiting.session, "payments", "lock") == "2");
}

TEST_CASE("two_phase_commit: a shard that has not voted aborts when another asks") {
  // The coordinator dies when it has asked orders only.
  Scenario scenario = scenario_with("2pc-cooperative");
  scenario.setup.script = {request("transact", milliseconds(100), NodeId{0}),
                           on_nodes(Action::crash, milliseconds(180), {NodeId{1}})};
  const Run done = run(scenario.setup);
  CHECK(shown(*done.session, "orders", "disk.log") == "[prepared, 1 aborted, 1]");
  CHECK(shown(*done.session, "payments", "disk.log") == "[aborted, 1]");
  CHECK(standing(*done.session, "locks_released") == Standing::holds);
}

TEST_CASE("two_phase_commit: a shard that crashed after its yes is bound by it") {
  const Run done = run(find_scenario("2pc-shard-crash")->setup);
  CHECK(shown(*done.session, "payments", "disk.log") == "[prepared, 1 committed, 1]");
  CHECK(done.session->history()[0].outcome == Outcome::ok);
}

TEST_CASE("two_phase_commit: a row that is locked refuses a second transaction") {
  Scenario scenario = scenario_with("2pc-blocking");
  scenario.setup.script = {request("transact", milliseconds(100), NodeId{0}),
                           request("transact", milliseconds(200), NodeId{0})};
  const Run done = run(scenario.setup);
  CHECK(done.session->history()[0].outcome == Outcome::ok);
  CHECK(done.session->history()[1].outcome == Outcome::failed);
}

TEST_CASE("two_phase_commit: under the same crash a log that is written first keeps atomicity") {
  const Run broken = run(find_scenario("2pc-broken-log")->setup);
  CHECK(property(*broken.session, "atomicity").witness.why ==
        "orders committed transaction 1, payments aborted it.");
  const Run sound = run(scenario_with("2pc-broken-log", {{"log_first", 1}}).setup);
  CHECK(standing(*sound.session, "atomicity") == Standing::holds);
  CHECK(shown(*sound.session, "shipping", "disk.log") == "[prepared, 1 committed, 1]");
}

TEST_CASE("two_phase_commit: two clients' transactions do not meet") {
  Scenario scenario = scenario_with("2pc-commit");
  NodeGroup second = scenario.setup.nodes[0];
  second.name = "kiosk";
  scenario.setup.nodes.push_back(second);
  scenario.setup.script = {request("transact", milliseconds(100), NodeId{0}),
                           request("transact", milliseconds(600), NodeId{5})};
  const Run done = run(scenario.setup);
  REQUIRE(done.session->history().size() == 2);
  for (const OperationRecord& record : done.session->history())
    CHECK(record.outcome == Outcome::ok);
}

TEST_CASE("two_phase_commit: all properties hold over 10000 seeds of faults of every kind") {
  for (const std::int64_t cooperative : {0, 1}) {
    const Scenario scenario =
        workload("2pc-broken-log", {{"log_first", 1}, {"cooperative", cooperative}});
    const Swept swept = sweep(scenario, all_properties);
    CHECK(swept.runs == 10'000);
    CHECK_MESSAGE(swept.failing == 0, swept.first);
  }
}

TEST_CASE("two_phase_commit: the twin that tells first is caught by the same sweep") {
  const Swept swept = sweep(workload("2pc-broken-log"), {"atomicity"});
  CHECK(swept.failing > 0);
  CHECK(swept.first.find("netsplit run '#v1.") != std::string::npos);
}

TEST_CASE("two_phase_commit: every run of two shards with one crash, by exact count") {
  const Scenario scenario = small("two_phase_commit", "", two_shards);
  check::CheckOptions options;
  options.repeats = 1;
  const check::CheckReport calm = explore(scenario.setup, options);
  CHECK(calm.exploration.stop == check::Stop::complete);
  CHECK(calm.exploration.distinct == 4'967);
  CHECK(calm.exploration.generated == 17'944);
  options.faults = {0, 0, 1};
  const check::CheckReport report = explore(scenario.setup, options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 70'104);
  CHECK(report.exploration.generated == 306'558);
  CHECK(report.limits.empty());
  for (const char* name : {"atomicity", "locks_released", "all_answered"})
    CHECK(explored(report, name).standing == Standing::holds);
}

TEST_CASE("two_phase_commit: the shortest way to break it when it tells first has twelve steps") {
  check::CheckOptions options;
  options.repeats = 1;
  options.faults = {0, 0, 1};
  const auto report =
      explore(small("two_phase_commit", R"("log_first": false)", two_shards).setup, options);
  const check::CheckedProperty& atomicity = explored(report, "atomicity");
  REQUIRE(atomicity.standing == Standing::violated);
  CHECK(atomicity.depth == 12);
  CHECK(atomicity.witness.why == "payments committed transaction 1, orders aborted it.");
  REQUIRE(atomicity.way);
  CHECK(std::count(atomicity.way->steps.begin(), atomicity.way->steps.end(),
                   "coordinator crashes") == 1);
  CHECK(atomicity.way->steps.back() == "orders receives Abort (1) from coordinator");
  check_way_replays(atomicity);
}

TEST_CASE("two_phase_commit: a copy taken anywhere goes on like the original") {
  check_copy_is_replay(setup_with("2pc-recovery"));
  check_copy_is_replay(setup_with("2pc-cooperative"));
}

}  // namespace netsplit::test::two_phase_commit_test
