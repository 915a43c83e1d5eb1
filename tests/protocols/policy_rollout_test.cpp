// Two teams roll out what is right alone: what a check before and a stage in between prevent, and
// that all sites have one policy in the end.
#include "tests/protocols/trial.h"

namespace netsplit::test::policy_rollout_test {
namespace {

const std::vector<std::string> safety = {"symmetric", "one_policy"};

std::int64_t failed_calls(const char* id) {
  return property(*finished(setup_with(id)), "few_failed").witness.measured;
}

// One team, two sites, one good change.
Setup small(const Parameters& parameters) {
  Setup setup = setup_with("fallacy-administrator-checked");
  setup.parameters = parameters;
  setup.nodes = {setup.nodes[1], setup.nodes[2]};
  setup.nodes[1].count = 2;
  setup.script = {setup.script[2]};
  setup.script[0].groups = {{NodeId{0}}};
  return setup;
}

}  // namespace

TEST_CASE("policy_rollout: two changes that are right alone, at once, in stages and checked") {
  const auto naive = finished(setup_with("fallacy-administrator"));
  CHECK(property(*naive, "symmetric").witness.why == "site1 takes calls and lets no answer out.");
  for (const char* id : {"fallacy-administrator-staged", "fallacy-administrator-checked"}) {
    CHECK(setup_with(id).script == setup_with("fallacy-administrator").script);
    CHECK(setup_with(id).seed == setup_with("fallacy-administrator").seed);
  }
  CHECK(failed_calls("fallacy-administrator") == 58);
  CHECK(failed_calls("fallacy-administrator-staged") == 8);
  CHECK(failed_calls("fallacy-administrator-checked") == 0);
}

TEST_CASE("policy_rollout: a good change gets to every site, a bad one is taken back") {
  const auto staged = finished(setup_with("fallacy-administrator-staged"));
  for (const char* site : {"site1", "site2", "site3"})
    CHECK(staged->node(staged->find_node(site)).caption == "idle 5000 ms");
  CHECK(staged->node(staged->find_node("firewall")).caption == "took its change back");
  const auto checked = finished(setup_with("fallacy-administrator-checked"));
  CHECK(checked->node(checked->find_node("firewall")).caption == "its change was refused");
}

TEST_CASE("policy_rollout: every run of one change in stages, by exact count") {
  check::CheckOptions options;
  options.faults = {1, 0, 1};
  options.repeats = 2;
  const auto report = explore(small({{"calls", 0}}), options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 6'021);
  CHECK(report.exploration.generated == 24'598);
  for (const std::string& name : safety) CHECK(explored(report, name).standing == Standing::holds);
}

TEST_CASE(
    "policy_rollout: a check finds the change that one site never gets, and the one-way one") {
  check::CheckOptions options;
  options.faults.drops = 1;
  const auto lost = explore(small({{"calls", 0}, {"staged", 0}, {"confirm", 0}}), options);
  const check::CheckedProperty& one = explored(lost, "one_policy");
  REQUIRE(one.standing == Standing::violated);
  CHECK(one.depth == 4);
  check_way_replays(one);
  Setup closing = small({{"calls", 0}, {"check", 0}});
  closing.script[0].name = "close_outgoing";
  closing.script[0].arguments.clear();
  const auto closed = explore(closing, {});
  const check::CheckedProperty& symmetric = explored(closed, "symmetric");
  REQUIRE(symmetric.standing == Standing::violated);
  CHECK(symmetric.depth == 2);
  check_way_replays(symmetric);
}

TEST_CASE("policy_rollout: one policy everywhere over 10000 seeds of faults; its twins have not") {
  const Scenario scenario = scenario_with("fallacy-administrator-checked", {{"calls", 6}});
  const Swept swept = sweep(scenario, safety);
  CHECK(swept.runs == 10'000);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
  const Swept lost =
      sweep(scenario_with("fallacy-administrator-checked", {{"calls", 6}, {"confirm", 0}}),
            {"one_policy"}, 500);
  CHECK(lost.failing > 20);
  CHECK(lost.first.find("#v1.") != std::string::npos);
  CHECK(sweep(scenario_with("fallacy-administrator-staged"), {"symmetric"}, 200).failing > 100);
}

TEST_CASE("policy_rollout: a copy of a run that is half over goes on as the run does") {
  for (const char* id : {"fallacy-administrator", "fallacy-administrator-staged"})
    check_copy_is_replay(setup_with(id));
}

}  // namespace netsplit::test::policy_rollout_test
