// Remote calls: without a timeout clients wait for ever; with timeout, retry and an idempotent
// server every one is answered or told that nobody knows, and nothing happens twice.
#include "tests/protocols/trial.h"

namespace netsplit::test::remote_call_test {
namespace {

// One client, one order, two attempts.
Setup one_order(const Parameters& parameters) {
  Setup setup = setup_with("fallacy-reliable-retry", {{"orders", 1}, {"attempts", 2}});
  for (const auto& parameter : parameters) {
    std::erase_if(setup.parameters,
                  [&](const auto& known) { return known.first == parameter.first; });
    setup.parameters.push_back(parameter);
  }
  setup.nodes.erase(setup.nodes.begin(), setup.nodes.begin() + 2);
  setup.script.clear();
  setup.network = {};
  return setup;
}

int outcomes(const Session& session, Outcome outcome) {
  int count = 0;
  for (const OperationRecord& record : session.history()) count += record.outcome == outcome;
  return count;
}

}  // namespace

TEST_CASE("remote_call: whoever sends once waits for ever after a loss, a restart and a cut") {
  const auto naive = finished(setup_with("fallacy-reliable"));
  CHECK(outcomes(*naive, Outcome::ok) == 25);
  CHECK(outcomes(*naive, Outcome::pending) == 17);
  CHECK(property(*naive, "all_answered").witness.why == "cem still waits for an answer.");
}

TEST_CASE("remote_call: timeout, retry and an idempotent server answer all 42 orders, once each") {
  CHECK(setup_with("fallacy-reliable-retry").script == setup_with("fallacy-reliable").script);
  CHECK(setup_with("fallacy-reliable-retry").seed == setup_with("fallacy-reliable").seed);
  const auto remedy = finished(setup_with("fallacy-reliable-retry"));
  CHECK(outcomes(*remedy, Outcome::ok) == 42);
  CHECK(standing(*remedy, "at_most_once") == Standing::holds);
  const Row orders = remedy->node(remedy->find_node("server")).state.children[0].children[0];
  CHECK(orders.children.size() == 42);
  // The price.
  CHECK(remedy->counters().sent > finished(setup_with("fallacy-reliable"))->counters().sent);
}

TEST_CASE("remote_call: retries without an idempotent server carry out orders twice") {
  const auto twin = finished(setup_with("fallacy-reliable-retry", {{"idempotent", 0}}));
  CHECK(standing(*twin, "all_answered") == Standing::holds);
  CHECK(property(*twin, "at_most_once").witness.why == "ada's order 4 was carried out 2 times.");
}

TEST_CASE("remote_call: a client that is cut off is told that nobody knows") {
  Setup setup = setup_with("fallacy-reliable-retry");
  Input cut = on_link(Action::cut, 0, NodeId{0}, NodeId{3});
  setup.script.insert(setup.script.begin(), cut);
  setup.until_us = minutes(2);
  const auto session = finished(setup);
  CHECK(outcomes(*session, Outcome::unknown) == 14);
  CHECK(outcomes(*session, Outcome::ok) == 28);
}

TEST_CASE("remote_call: waits double, and differ at random") {
  Setup setup = one_order({{"attempts", 4}});
  setup.script.push_back(on_nodes(Action::isolate, 0, {NodeId{0}}));
  const Run done = run(setup);
  std::vector<Time> times = times_of(done, EventKind::timer, NodeId{0});
  REQUIRE(times.size() == 5);  // the order, and four timeouts
  Time wait_us = milliseconds(100);
  for (std::size_t i = 1; i < times.size(); ++i, wait_us *= 2) {
    CHECK(times[i] - times[i - 1] >= wait_us);
    CHECK(times[i] - times[i - 1] <= 2 * wait_us);
  }
}

TEST_CASE("remote_call: every run of one order asked for twice, by exact count") {
  check::CheckOptions options;
  options.faults = {1, 1, 1};
  const auto report = explore(one_order({}), options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 1'291);
  CHECK(report.exploration.generated == 4'963);
  for (const char* name : {"at_most_once", "all_answered"})
    CHECK(explored(report, name).standing == Standing::holds);
}

TEST_CASE("remote_call: a check finds the order done twice, and the client that waits for ever") {
  const auto twice = explore(one_order({{"idempotent", 0}}), {});
  const check::CheckedProperty& once = explored(twice, "at_most_once");
  REQUIRE(once.standing == Standing::violated);
  CHECK(once.depth == 6);
  check_way_replays(once);
  check::CheckOptions options;
  options.faults.drops = 1;
  const auto waits = explore(one_order({{"retry", 0}}), options);
  const check::CheckedProperty& answered = explored(waits, "all_answered");
  REQUIRE(answered.standing == Standing::violated);
  CHECK(answered.depth == 2);
  check_way_replays(answered);
}

TEST_CASE("remote_call: the remedy holds over 10000 seeds of faults; its twins do not") {
  Scenario scenario = scenario_with("fallacy-reliable-retry", {{"orders", 3}, {"attempts", 3}});
  const Swept swept = sweep(scenario, {"all_answered", "at_most_once"});
  CHECK(swept.runs == 10'000);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
  const Swept waits =
      sweep(scenario_with("fallacy-reliable", {{"orders", 3}}), {"all_answered"}, 500);
  CHECK(waits.failing > 100);
  CHECK(waits.first.find("#v1.") != std::string::npos);
  const Swept twice =
      sweep(scenario_with("fallacy-reliable-retry", {{"orders", 3}, {"idempotent", 0}}),
            {"at_most_once"}, 500);
  CHECK(twice.failing > 100);
}

TEST_CASE("remote_call: a copy of a run that is half over goes on as the run does") {
  for (const char* id : {"fallacy-reliable", "fallacy-reliable-retry"})
    check_copy_is_replay(setup_with(id));
}

}  // namespace netsplit::test::remote_call_test
