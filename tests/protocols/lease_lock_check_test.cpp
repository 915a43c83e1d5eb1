// The lease lock, explored: two clients that write once each, in every order and at any speed.
#include "core/check/check.h"
#include "core/protocols/lease_lock.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"
#include "tests/core/support.h"

namespace netsplit::test::lease_lock_check_test {

using check::CheckedProperty;
using check::CheckOptions;
using check::CheckReport;

namespace {

Scenario two_writers(const char* fencing) {
  const std::string text =
      std::string(R"({"protocol": "lease_lock", "parameters": {"fencing": ")") + fencing + R"("},
    "nodes": [{"name": "alice", "role": "client"}, {"name": "bob", "role": "client"},
              {"name": "lock", "role": "lock_service"}, {"name": "storage", "role": "storage"}],
    "script": [{"at": 0, "request": "lock_and_write", "node": ["alice", "bob"]}]})";
  auto scenario = parse_scenario(text, "two_writers");
  REQUIRE_MESSAGE(scenario.ok(), scenario.error());
  return std::move(scenario).value();
}

CheckReport checked(const Scenario& scenario, CheckOptions options) {
  auto report = explore_setup(scenario.setup, options);
  REQUIRE_MESSAGE(report.ok(), report.error());
  return std::move(report).value();
}

// What was found, written to a file and read again, ends as the check says.
void check_replays(const CheckedProperty& property) {
  REQUIRE(property.way);
  Scenario found;
  found.setup = property.way->setup;
  found.expect = {{property.name, property.standing}};
  const auto again = parse_scenario(write_scenario(found), "found.json");
  REQUIRE_MESSAGE(again.ok(), again.error());
  CHECK(again.value().setup == found.setup);
  const auto run = run_headless(again.value());
  REQUIRE_MESSAGE(run.ok(), run.error());
  for (const JudgedProperty& judged : run.value().properties) {
    if (judged.state.name != property.name) continue;
    CHECK(judged.as_expected);
    CHECK(judged.state.standing == property.standing);
    // The last step decides, not one before it: that makes it a shortest way.
    CHECK(judged.state.first_step == run.value().session->steps());
  }
}

}  // namespace

TEST_CASE("lease_lock: every run of two writers, fenced and not, by exact count") {
  CheckOptions options;
  options.repeats = 1;
  options.expected_violations = {"no_stale_write", "one_believer"};
  for (const char* fencing : {"off", "token"}) {
    const bool fenced = fencing[0] == 't';
    const CheckReport report = checked(two_writers(fencing), options);
    CHECK(report.exploration.stop == check::Stop::complete);
    CHECK(report.exploration.distinct == 40'415);
    CHECK(report.exploration.generated == 116'509);
    CHECK(report.exploration.depth == 24);
    CHECK(report.local_states == (fenced ? 97 : 103));
    // What is not fenced is written: the same steps, other answers.
    CHECK(report.properties[0].standing == (fenced ? Standing::holds : Standing::violated));
    // No lease can promise that only one believes to hold the lock.
    CHECK(report.properties[1].standing == Standing::violated);
    CHECK(report.properties[1].depth == 7);
    check_replays(report.properties[1]);
    CHECK(report.properties[2].standing == Standing::holds);
    REQUIRE(report.limits.size() == 1);  // it looks at clocks
  }
}

TEST_CASE("lease_lock: no run of two conditional writers has a stale write, by exact count") {
  CheckOptions options;
  options.repeats = 1;
  options.expected_violations = {"one_believer"};
  const CheckReport report = checked(two_writers("conditional_write"), options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 124'493);
  CHECK(report.exploration.generated == 380'619);
  CHECK(report.properties[0].standing == Standing::holds);
  CHECK(report.properties[2].standing == Standing::holds);
}

TEST_CASE("lease_lock: no run of two leaders with epochs has a stale write, by exact count") {
  CheckOptions options;
  options.repeats = 1;
  options.expected_violations = {"one_believer"};
  const CheckReport report = checked(two_writers("epoch"), options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 117'945);
  CHECK(report.properties[0].standing == Standing::holds);
}

TEST_CASE("lease_lock: the shortest way to a stale write without fencing has eleven steps") {
  CheckOptions options;
  options.repeats = 1;
  options.expected_violations = {"one_believer"};
  const CheckReport report = checked(two_writers("off"), options);
  CHECK(report.exploration.stop == check::Stop::violation);
  const CheckedProperty& stale = report.properties[0];
  REQUIRE(stale.standing == Standing::violated);
  CHECK(stale.depth == 11);
  CHECK(stale.witness.why == "storage took a write by alice with token 1 after one with token 2.");
  REQUIRE(stale.way);
  CHECK(stale.way->steps.back() == "storage receives Write (alice, 1, 0) from alice");
  check_replays(stale);
  // What was not decided when it stopped is open.
  CHECK(report.properties[2].standing == Standing::open);
}

TEST_CASE("lease_lock: with a lost message and a crash fencing still holds, as far as was looked") {
  CheckOptions options;
  options.faults = {1, 0, 1};
  options.repeats = 1;
  options.limits.states_max = 150'000;
  options.expected_violations = {"one_believer"};
  const CheckReport report = checked(two_writers("token"), options);
  CHECK(report.exploration.stop == check::Stop::states);
  CHECK(report.properties[0].standing == Standing::open);
  check_replays(report.properties[1]);
  // A node that crashes, a message that is lost: the broken twin needs neither, and may use them.
  options.faults = {0, 0, 1};
  options.limits = {};
  const CheckReport broken = checked(two_writers("off"), options);
  REQUIRE(broken.properties[0].standing == Standing::violated);
  CHECK(broken.properties[0].depth <= 11);
  check_replays(broken.properties[0]);
}

}  // namespace netsplit::test::lease_lock_check_test
