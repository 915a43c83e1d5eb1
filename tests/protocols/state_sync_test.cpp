// A copy over a thin line: with everything in each update the queue grows, with deltas, pages and
// backpressure the copy is never far behind; and what a delta must be counted from.
#include "tests/protocols/trial.h"

namespace netsplit::test::state_sync_test {
namespace {

constexpr std::int64_t since_sent = 1;

std::int64_t behind(const Session& session) { return property(session, "fresh").witness.measured; }

// Two records, two rounds with one change each, pages of one record.
Setup small(const Parameters& parameters) {
  Setup setup = setup_with("fallacy-bandwidth-deltas");
  setup.parameters = {{"records", 2}, {"changes", 1}, {"rounds", 2}, {"page", 1}};
  setup.parameters.insert(setup.parameters.end(), parameters.begin(), parameters.end());
  setup.script.clear();
  return setup;
}

}  // namespace

TEST_CASE("state_sync: everything every second falls behind without end, deltas do not") {
  const auto naive = finished(setup_with("fallacy-bandwidth"));
  CHECK(standing(*naive, "fresh") == Standing::violated);
  CHECK(standing(*naive, "converged") == Standing::holds);
  CHECK(setup_with("fallacy-bandwidth-deltas").script == setup_with("fallacy-bandwidth").script);
  const auto remedy = finished(setup_with("fallacy-bandwidth-deltas"));
  CHECK(standing(*remedy, "fresh") == Standing::holds);
  CHECK(behind(*remedy) == 3);
  CHECK(remedy->counters().bytes * 5 < naive->counters().bytes);
  // Twice as long a run, twice as far behind; the remedy is where it was.
  const auto longer = [](const char* id) {
    Setup setup = setup_with(id);
    setup.parameters.emplace_back("rounds", 40);
    setup.until_us = minutes(3);
    return behind(*finished(setup));
  };
  CHECK(longer("fallacy-bandwidth") >= 2 * behind(*naive));
  CHECK(longer("fallacy-bandwidth-deltas") == 3);
}

TEST_CASE("state_sync: backpressure alone bounds how old everything is") {
  const auto session = finished(setup_with("fallacy-bandwidth", {{"backpressure", 1}}));
  CHECK(behind(*session) == 4);
  Setup longer = setup_with("fallacy-bandwidth", {{"backpressure", 1}, {"rounds", 40}});
  longer.until_us = minutes(3);
  CHECK(behind(*finished(longer)) == 4);
  CHECK(standing(*session, "converged") == Standing::holds);
}

TEST_CASE("state_sync: a delta since what was sent misses what was lost") {
  for (const bool acked : {false, true}) {
    Setup setup = setup_with("fallacy-bandwidth-deltas");
    if (!acked) setup.parameters.emplace_back("what", since_sent);
    setup.script.insert(setup.script.begin(), on_next(Action::drop, milliseconds(3'500), "Update"));
    const auto session = finished(setup);
    CHECK((standing(*session, "converged") == Standing::holds) == acked);
  }
}

TEST_CASE("state_sync: every run of two changes, by exact count") {
  check::CheckOptions options;
  options.faults = {1, 1, 1};
  options.repeats = 2;
  const auto report = explore(small({}), options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 3'334);
  CHECK(report.exploration.generated == 8'487);
  CHECK(explored(report, "converged").standing == Standing::holds);
}

TEST_CASE("state_sync: a check finds the lost delta that is never made good") {
  check::CheckOptions options;
  options.faults.drops = 1;
  options.repeats = 2;
  const auto report = explore(small({{"what", since_sent}}), options);
  const check::CheckedProperty& converged = explored(report, "converged");
  REQUIRE(converged.standing == Standing::violated);
  CHECK(converged.depth == 6);
  check_way_replays(converged);
}

TEST_CASE("state_sync: the copy ends equal to the source over 10000 seeds of faults") {
  const Parameters parameters = {{"records", 20}, {"changes", 4}, {"rounds", 6}, {"page", 3}};
  Scenario scenario = scenario_with("fallacy-bandwidth-deltas", parameters);
  // On a line that keeps the order one late message holds up all that follow, for as long as it is.
  scenario.setup.network.link.fifo = false;
  const Swept swept = sweep(scenario, {"converged"});
  CHECK(swept.runs == 10'000);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
  Scenario twin = scenario;
  twin.setup.parameters.emplace_back("what", since_sent);
  const Swept lost = sweep(twin, {"converged"}, 500);
  CHECK(lost.failing > 100);
  CHECK(lost.first.find("#v1.") != std::string::npos);
}

TEST_CASE("state_sync: a copy of a run that is half over goes on as the run does") {
  for (const char* id : {"fallacy-bandwidth", "fallacy-bandwidth-deltas"})
    check_copy_is_replay(setup_with(id));
}

}  // namespace netsplit::test::state_sync_test
