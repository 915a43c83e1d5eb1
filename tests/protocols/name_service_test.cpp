// Finding a service that moves: who keeps an answer for ever calls what is gone; a time to live,
// asking again after an error, and health checks.
#include "tests/protocols/trial.h"

namespace netsplit::test::name_service_test {
namespace {

constexpr check::FaultSet no_delays =
    check::set_of(check::FaultKind::loss) | check::set_of(check::FaultKind::duplicate) |
    check::set_of(check::FaultKind::crash) | check::set_of(check::FaultKind::cut) |
    check::set_of(check::FaultKind::partition) | check::set_of(check::FaultKind::isolate) |
    check::set_of(check::FaultKind::clock_step);

std::int64_t failed_ppm(const Parameters& parameters) {
  return property(*finished(setup_with("fallacy-topology-names", parameters)), "few_errors")
      .witness.measured;
}

// One client, one call, and an instance that is given up.
Setup small(const Parameters& parameters) {
  Setup setup = setup_with("fallacy-topology-names", {{"calls", 1}});
  setup.parameters.insert(setup.parameters.end(), parameters.begin(), parameters.end());
  setup.nodes = {setup.nodes[0], setup.nodes[2], setup.nodes[3]};
  setup.script = {setup.script[1]};
  setup.script[0].groups = {{NodeId{2}}};
  return setup;
}

}  // namespace

TEST_CASE("name_service: whoever keeps an answer for ever calls what is gone, others do not") {
  const auto naive = finished(setup_with("fallacy-topology"));
  for (const char* name : {"none_too_late", "few_errors", "nobody_stale"})
    CHECK(standing(*naive, name) == Standing::violated);
  CHECK(property(*naive, "none_too_late").witness.why ==
        "s1 is given up, and somebody still calls it.");
  CHECK(setup_with("fallacy-topology-names").script == setup_with("fallacy-topology").script);
  CHECK(setup_with("fallacy-topology-names").seed == setup_with("fallacy-topology").seed);
  const auto remedy = finished(setup_with("fallacy-topology-names"));
  for (const char* name : {"none_too_late", "few_errors", "nobody_stale"})
    CHECK(standing(*remedy, name) == Standing::holds);
}

TEST_CASE("name_service: each of the three remedies is worth errors") {
  const std::int64_t all = failed_ppm({});
  CHECK(failed_ppm({{"health_checks", 0}}) > all);
  CHECK(failed_ppm({{"re_resolve", 0}, {"ttl", seconds(5)}}) > all);
  CHECK(failed_ppm({{"ttl", 0}, {"re_resolve", 0}}) > 5 * all);
}

TEST_CASE("name_service: every run of one call and one instance given up, by exact count") {
  check::CheckOptions options;
  options.faults = {1, 0, 0};
  options.repeats = 2;
  options.expected_violations = {"none_too_late"};  // a check has no time to live
  const auto report = explore(small({{"health_checks", 0}}), options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 9'649);
  CHECK(report.exploration.generated == 43'670);
  CHECK(explored(report, "nobody_stale").standing == Standing::holds);
}

TEST_CASE("name_service: a check finds the client that keeps an address for ever") {
  check::CheckOptions options;
  options.repeats = 2;
  options.expected_violations = {"none_too_late"};
  const auto report =
      explore(small({{"ttl", 0}, {"re_resolve", 0}, {"health_checks", 0}}), options);
  const check::CheckedProperty& stale = explored(report, "nobody_stale");
  REQUIRE(stale.standing == Standing::violated);
  CHECK(stale.depth == 11);
  check_way_replays(stale);
}

TEST_CASE("name_service: over 10000 seeds nobody calls too late where delays are bounded") {
  const Scenario scenario = scenario_with("fallacy-topology-names", {{"calls", 20}});
  const Swept swept = sweep(scenario, {"none_too_late", "nobody_stale"}, 10'000, no_delays);
  CHECK(swept.runs == 10'000);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
  // A message that is later than the time to live brings an old address, or an old call.
  CHECK(
      sweep(scenario, {"none_too_late"}, 5'000, check::set_of(check::FaultKind::reorder)).failing >
      0);
  const Swept naive = sweep(scenario_with("fallacy-topology", {{"calls", 30}}),
                            {"none_too_late", "nobody_stale"}, 500, no_delays);
  CHECK(naive.failing > 100);
  CHECK(naive.first.find("#v1.") != std::string::npos);
}

TEST_CASE("name_service: a copy of a run that is half over goes on as the run does") {
  for (const char* id : {"fallacy-topology", "fallacy-topology-names"})
    check_copy_is_replay(setup_with(id));
}

}  // namespace netsplit::test::name_service_test
