// Updates to twelve replicas: what each remedy saves, that the replicas have the same in the end,
// and what compression must not rely on.
#include "tests/protocols/trial.h"

namespace netsplit::test::replica_fanout_test {
namespace {

constexpr std::int64_t each_message = 1;
constexpr std::int64_t across_messages = 2;

std::int64_t cost(const Parameters& parameters) {
  const auto session = finished(setup_with("fallacy-transport-cost", parameters));
  CHECK(standing(*session, "converged") == Standing::holds);
  CHECK(standing(*session, "same_stream") == Standing::holds);
  return property(*session, "cheap").witness.measured;
}

// Two replicas in one zone, two updates.
Setup small(const Parameters& parameters) {
  Setup setup = setup_with("fallacy-transport-cost-relay");
  setup.parameters = {{"zones", 1}, {"updates", 2}, {"batch", 1}};
  setup.parameters.insert(setup.parameters.end(), parameters.begin(), parameters.end());
  setup.nodes[1].count = 2;
  setup.links.clear();
  return setup;
}

}  // namespace

TEST_CASE("replica_fanout: a copy for each of twelve is over budget, one for each zone is not") {
  const auto naive = finished(setup_with("fallacy-transport-cost"));
  CHECK(standing(*naive, "cheap") == Standing::violated);
  const auto remedy = finished(setup_with("fallacy-transport-cost-relay"));
  for (const char* name : {"cheap", "same_stream", "converged"})
    CHECK(standing(*remedy, name) == Standing::holds);
  CHECK(remedy->counters().nanocents * 15 < naive->counters().nanocents);
}

TEST_CASE("replica_fanout: what relay, batch and compression save, alone and together") {
  const std::int64_t naive = cost({});
  CHECK(cost({{"relay", 1}}) * 3 < naive);
  CHECK(cost({{"batch", 10}}) * 2 < naive);
  // Alone in its message an update is compared with nothing: dearer, by the processor.
  CHECK(cost({{"compress", each_message}}) > naive);
  CHECK(cost({{"batch", 10}, {"compress", each_message}}) * 5 < naive);
  CHECK(cost({{"relay", 1}, {"batch", 10}, {"compress", each_message}}) * 18 < naive);
}

TEST_CASE("replica_fanout: while its relay is down a zone waits, and then has all") {
  Setup setup = setup_with("fallacy-transport-cost-relay");
  const NodeId relay{5};
  setup.script = {on_nodes(Action::crash, milliseconds(2'500), {relay}),
                  on_nodes(Action::restart, seconds(9), {relay})};
  Run some = begin(setup);
  some.until(seconds(8));
  const auto has = [&](const char* node) {
    return some.session->node(some.session->find_node(node)).caption;
  };
  CHECK(has("r4") == "has 70");
  CHECK(has("r6") == "has 20");
  some.to_end();
  CHECK(has("r6") == "has 100");
}

TEST_CASE("replica_fanout: every run of two updates over a relay, by exact count") {
  check::CheckOptions options;
  options.faults = {1, 0, 0};
  options.repeats = 2;
  const auto report = explore(small({}), options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 60'575);
  CHECK(report.exploration.generated == 261'807);
  for (const char* name : {"same_stream", "converged"})
    CHECK(explored(report, name).standing == Standing::holds);
}

TEST_CASE("replica_fanout: a check finds compression that goes on from message to message wrong") {
  check::CheckOptions options;
  options.faults.duplicates = 1;
  const auto report = explore(small({{"compress", across_messages}}), options);
  const check::CheckedProperty& same = explored(report, "same_stream");
  REQUIRE(same.standing == Standing::violated);
  CHECK(same.depth == 4);
  check_way_replays(same);
}

TEST_CASE("replica_fanout: the replicas end equal over 10000 seeds of faults; its twins do not") {
  Scenario scenario =
      scenario_with("fallacy-transport-cost-relay", {{"updates", 12}, {"batch", 3}});
  scenario.setup.nodes[1].count = 6;
  scenario.setup.links.clear();
  const Swept swept = sweep(scenario, {"same_stream", "converged"});
  CHECK(swept.runs == 10'000);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
  Scenario stream = scenario;
  stream.setup.parameters.emplace_back("compress", across_messages);
  CHECK(sweep(stream, {"same_stream"}, 500).failing > 20);
  Scenario once = scenario;
  once.setup.parameters.emplace_back("resend", 0);
  CHECK(sweep(once, {"converged"}, 500).failing > 100);
}

TEST_CASE("replica_fanout: a copy of a run that is half over goes on as the run does") {
  for (const char* id : {"fallacy-transport-cost", "fallacy-transport-cost-relay"})
    check_copy_is_replay(setup_with(id));
}

}  // namespace netsplit::test::replica_fanout_test
