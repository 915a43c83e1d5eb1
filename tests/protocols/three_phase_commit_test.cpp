// Three-phase commit: the stories of the scenarios, what holds under crashes and what does not
// under partitions, every run of a small setup, and the twin that decides alone.
#include "tests/protocols/commit_support.h"

namespace netsplit::test::three_phase_commit_test {
namespace {

const std::vector<std::string> all_properties = {"atomicity", "locks_released", "all_answered"};
constexpr std::int64_t decide_alone = 1;
constexpr check::FaultSet crashes = check::set_of(check::FaultKind::crash);

const char* const two_shards =
    R"({"name": "coordinator", "role": "coordinator"}, {"name": "orders", "role": "shard"},
       {"name": "payments", "role": "shard"})";

}  // namespace

TEST_CASE("three_phase_commit: without faults it takes three round trips and twenty messages") {
  Scenario scenario = scenario_with("3pc-nonblocking");
  scenario.setup.script.resize(1);
  const Run done = run(scenario.setup);
  CHECK(done.session->counters().sent == 20);
  CHECK(shown(*done.session, "orders", "disk.log") ==
        "[prepared, 1 pre committed, 1 committed, 1]");
  const std::vector<Time> times =
      times_of(done, EventKind::deliver, done.session->find_node("coordinator"));
  CHECK(times.back() - times.front() > milliseconds(3 * 100));
  CHECK(times.back() - times.front() < milliseconds(3 * 100 + 50));
  CHECK(done.session->history()[0].outcome == Outcome::ok);
}

TEST_CASE("three_phase_commit: under the script of 2pc-blocking the locks are released") {
  CHECK(find_scenario("3pc-nonblocking")->setup.script ==
        find_scenario("2pc-blocking")->setup.script);
  const Run done = run(find_scenario("3pc-nonblocking")->setup);
  for (const char* shard : {"orders", "payments", "shipping"}) {
    CHECK(shown(*done.session, shard, "lock") == "free");
    CHECK(shown(*done.session, shard, "disk.log") == "[prepared, 1 aborted, 1]");
  }
  CHECK(done.session->node_condition(done.session->find_node("coordinator")) == Condition::down);
}

TEST_CASE("three_phase_commit: once one shard has pre-committed, all commit") {
  // The coordinator dies when it has told orders only.
  Scenario scenario = scenario_with("3pc-nonblocking", {{"send", milliseconds(20)}});
  scenario.setup.script[1].at_us = milliseconds(350);
  const Run done = run(scenario.setup);
  for (const char* shard : {"orders", "payments", "shipping"}) {
    CHECK(shown(*done.session, shard, "disk.log") == "[prepared, 1 pre committed, 1 committed, 1]");
  }
  // Alone, each decides by what it knows itself.
  for (auto& parameter : scenario.setup.parameters) CHECK(parameter.first != "on_silence");
  scenario.setup.parameters.push_back({"on_silence", decide_alone});
  const Run alone = run(scenario.setup);
  CHECK(property(*alone.session, "atomicity").witness.why ==
        "orders committed transaction 1, payments aborted it.");
}

TEST_CASE("three_phase_commit: a partition makes both sides decide, and not alike") {
  const Run done = run(find_scenario("3pc-partition")->setup);
  CHECK(shown(*done.session, "orders", "disk.log") ==
        "[prepared, 1 pre committed, 1 committed, 1]");
  CHECK(shown(*done.session, "payments", "disk.log") == "[prepared, 1 aborted, 1]");
  CHECK(standing(*done.session, "locks_released") == Standing::holds);
  // The same script under two-phase commit blocks until the network heals, and stays atomic.
  CHECK(find_scenario("2pc-partition")->setup.script ==
        find_scenario("3pc-partition")->setup.script);
  Run waiting = begin(find_scenario("2pc-partition")->setup);
  waiting.until(milliseconds(2'590));
  CHECK(shown(*waiting.session, "payments", "lock") == "1");
  waiting.to_end();
  CHECK(shown(*waiting.session, "payments", "disk.log") == "[prepared, 1 committed, 1]");
}

TEST_CASE("three_phase_commit: all hold over 10000 seeds of crashes, of any node at any time") {
  const Swept swept = sweep(workload("3pc-nonblocking"), all_properties, 10'000,
                            crashes | check::set_of(check::FaultKind::duplicate) |
                                check::set_of(check::FaultKind::clock_step));
  CHECK(swept.runs == 10'000);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
}

TEST_CASE("three_phase_commit: under faults of every kind it never blocks, and is not atomic") {
  const Swept swept = sweep(workload("3pc-nonblocking"), {"locks_released", "all_answered"});
  CHECK_MESSAGE(swept.failing == 0, swept.first);
  CHECK(swept.violated[0] > 10);  // silence was no crash
}

TEST_CASE("three_phase_commit: the twin that decides alone is caught under crashes") {
  const Swept swept = sweep(workload("3pc-nonblocking", {{"on_silence", decide_alone}}),
                            {"atomicity"}, 10'000, crashes);
  CHECK(swept.failing > 0);
  CHECK(swept.first.find("netsplit run '#v1.") != std::string::npos);
}

TEST_CASE(
    "three_phase_commit: every run of two shards in which no answer is late, by exact count") {
  // Where nobody's patience runs out: silence does not happen, as it must not without a crash.
  const Scenario scenario = small("three_phase_commit", "", two_shards);
  check::CheckOptions options;
  options.repeats = 0;
  const check::CheckReport calm = explore(scenario.setup, options);
  CHECK(calm.exploration.stop == check::Stop::complete);
  CHECK(calm.exploration.distinct == 36);
  options.faults = {0, 0, 1};
  const check::CheckReport report = explore(scenario.setup, options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 5'686);
  CHECK(report.exploration.generated == 20'908);
  CHECK(report.limits.empty());
  for (const char* name : {"atomicity", "locks_released", "all_answered"})
    CHECK(explored(report, name).standing == Standing::holds);
}

TEST_CASE("three_phase_commit: a check knows no bound on delays, and breaks it in twelve steps") {
  check::CheckOptions options;
  options.repeats = 1;
  const auto report = explore(small("three_phase_commit", "", two_shards).setup, options);
  const check::CheckedProperty& atomicity = explored(report, "atomicity");
  REQUIRE(atomicity.standing == Standing::violated);
  CHECK(atomicity.depth == 12);
  CHECK(atomicity.witness.why == "payments committed transaction 1, orders aborted it.");
  check_way_replays(atomicity);
  // The twin needs no message between the shards to go wrong.
  const auto alone = explore(
      small("three_phase_commit", R"("on_silence": "decide_alone")", two_shards).setup, options);
  CHECK(explored(alone, "atomicity").standing == Standing::violated);
  CHECK(explored(alone, "atomicity").depth < 12);
  check_way_replays(explored(alone, "atomicity"));
}

TEST_CASE("three_phase_commit: a copy taken anywhere goes on like the original") {
  check_copy_is_replay(setup_with("3pc-nonblocking"));
  check_copy_is_replay(setup_with("3pc-partition"));
}

}  // namespace netsplit::test::three_phase_commit_test
