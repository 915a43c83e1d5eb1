#include <doctest/doctest.h>

#include <algorithm>

#include "core/scenario/embedded.h"
#include "core/scenario/link.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"
#include "core/sim/timeline.h"

namespace netsplit::test::library_test {

TEST_CASE("library: every embedded file is a scenario") {
  for (const std::string& error : library_errors()) FAIL_CHECK(error);
  CHECK(library().size() == embedded_scenarios().size());
}

TEST_CASE("library: chapters and orders go upwards, and every scenario is found by its id") {
  for (const Scenario& scenario : library()) {
    CAPTURE(scenario.id);
    CHECK(find_scenario(scenario.id) == &scenario);
    CHECK_FALSE(scenario.summary.empty());
  }
  CHECK(find_scenario("no-such-scenario") == nullptr);
}

TEST_CASE("library: what a scenario points to is there") {
  for (const Scenario& scenario : library()) {
    CAPTURE(scenario.id);
    if (!scenario.compare.empty()) CHECK_MESSAGE(find_scenario(scenario.compare), scenario.compare);
    if (!scenario.next.empty()) CHECK_MESSAGE(find_scenario(scenario.next), scenario.next);
    for (const LessonStep& step : scenario.lesson) {
      CHECK(step.at_us <= scenario.setup.until_us);
      CHECK(step.reveal.at_us <= scenario.setup.until_us);
      CHECK_MESSAGE(step.question.empty() == step.answers.empty(), step.title);
    }
    for (const Staging& staging : scenario.stagings)
      CHECK(staging.at_us <= scenario.setup.until_us);
  }
}

TEST_CASE("library: every scenario comes back from its canonical text and from its link") {
  for (const Scenario& scenario : library()) {
    CAPTURE(scenario.id);
    const auto again = parse_scenario(write_scenario(scenario), "written");
    REQUIRE(again.ok());
    CHECK(again.value() == scenario);
    const auto link = encode_link(Link{scenario, 0, -1, std::nullopt, 0});
    REQUIRE(link.ok());
    CHECK(decode_link(link.value()).value().scenario == scenario);
    CHECK_MESSAGE(link.value().size() < 64, "an unchanged scenario of the library is a short link");
  }
}

TEST_CASE("library: every scenario ends as it expects") {
  for (const Scenario& scenario : library()) {
    CAPTURE(scenario.id);
    CHECK_MESSAGE(!scenario.expect.empty(), "a scenario of the library says what it expects");
    const auto run = run_headless(scenario);
    REQUIRE_MESSAGE(run.ok(), (run.ok() ? "" : run.error()));
    for (const JudgedProperty& property : run.value().properties) {
      CHECK_MESSAGE(property.as_expected, property.state.name << ": " << property.state.witness.why
                                                              << " (netsplit run " << scenario.id
                                                              << ")");
    }
  }
}

}  // namespace netsplit::test::library_test
