// The library, explored a little: what a check says of a scenario can be shown.
#include <doctest/doctest.h>

#include "core/check/world_model.h"
#include "core/scenario/check_report.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"

namespace netsplit::test::check_test {

TEST_CASE(
    "check: what is found in any scenario of the library is a scenario that ends as it says") {
  int found = 0;
  for (const Scenario& scenario : library()) {
    INFO(scenario.id);
    check::CheckOptions options;
    options.faults = {1, 1, 1};
    options.limits.states_max = 20'000;
    options.limits.stop_at_violation = false;
    const auto report = explore_setup(scenario.setup, options);
    std::int32_t nodes = 0;
    for (const NodeGroup& group : scenario.setup.nodes) nodes += group.count;
    if (nodes > check::checked_nodes_max) {
      REQUIRE_FALSE(report.ok());
      CHECK(report.error().find("a check takes at most") != std::string::npos);
      continue;
    }
    REQUIRE_MESSAGE(report.ok(), report.error());
    for (const check::CheckedProperty& property : report.value().properties) {
      if (!property.way) continue;
      ++found;
      const Scenario shown = scenario_of(scenario, property);
      const auto again = parse_scenario(write_scenario(shown), "shown.json");
      REQUIRE_MESSAGE(again.ok(), again.error());
      const auto run = run_headless(again.value());
      REQUIRE_MESSAGE(run.ok(), run.error());
      CHECK(all_as_expected(run.value().properties));
      CHECK(expected_of(shown, property.name) == property.standing);
    }
  }
  CHECK(found > 0);
}

TEST_CASE("check: a violation is as expected only where the scenario says so") {
  Scenario scenario;
  scenario.expect = {{"known", Standing::violated}, {"sound", Standing::holds}};
  CHECK(expected_violations(scenario) == std::vector<std::string>{"known"});
  check::CheckedProperty property;
  property.standing = Standing::violated;
  for (const char* name : {"sound", "unnamed"}) {
    property.name = name;
    CHECK_FALSE(is_as_expected(scenario, property));
  }
  property.name = "known";
  CHECK(is_as_expected(scenario, property));
  property.standing = Standing::holds;
  CHECK(is_as_expected(scenario, property));
  property.name = "sound";
  property.standing = Standing::open;
  CHECK(is_as_expected(scenario, property));
}

}  // namespace netsplit::test::check_test
