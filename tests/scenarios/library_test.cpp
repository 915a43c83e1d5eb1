#include <doctest/doctest.h>

#include <algorithm>

#include "core/scenario/embedded.h"
#include "core/scenario/lesson.h"
#include "core/scenario/link.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"
#include "core/sim/timeline.h"

using namespace netsplit;

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
      CHECK(step.reveal_at_us <= scenario.setup.until_us);
      CHECK_MESSAGE(step.question.empty() == step.answers.empty(), step.title);
    }
    for (const Staging& staging : scenario.stagings)
      CHECK(staging.at_us <= scenario.setup.until_us);
  }
}

// The run of the scenario up to `at_us`.
std::unique_ptr<Session> session_at(const Scenario& scenario, Time at_us) {
  Result<Timeline> timeline = Timeline::open(scenario.setup, make_session);
  REQUIRE(timeline.ok());
  timeline.value().seek_time(at_us);
  return timeline.value().session().clone();
}

TEST_CASE("library: a lesson's question is answered by the run, with one of its answers") {
  int questions = 0;
  for (const Scenario& scenario : library()) {
    for (const LessonStep& step : scenario.lesson) {
      if (step.question.empty()) continue;
      ++questions;
      CAPTURE(scenario.id);
      CAPTURE(step.title);
      std::string answer = answer_of(step, *session_at(scenario, step.reveal_at_us));
      // An inspector puts a name in quotes, an answer need not.
      std::erase(answer, '"');
      CHECK_MESSAGE(std::count(step.answers.begin(), step.answers.end(), answer) == 1, answer);
    }
  }
  CHECK(questions >= 4);
}

TEST_CASE("library: a lesson's answer changes with what the run does") {
  // Fields: storage holds what the last writer that it let in has written.
  LessonStep step;
  step.reveal_node = "storage";
  step.reveal_field = "disk.value";
  CHECK(answer_of(step, *session_at(*find_scenario("lock-gc-pause"), seconds(9))) == "alice");
  CHECK(answer_of(step, *session_at(*find_scenario("lock-fenced"), seconds(9))) == "bob");
  step.reveal_field = "disk.nothing";
  CHECK(answer_of(step, *session_at(*find_scenario("lock-fenced"), seconds(9))).empty());

  // A property: vectors are exact only while receivers take over what they are told.
  Scenario scenario = *find_scenario("vector");
  LessonStep judged;
  judged.answers = {"exact", "wrong"};
  judged.reveal_property = "vector_exact";
  CHECK(answer_of(judged, *session_at(scenario, seconds(9))) == "exact");
  scenario.setup.parameters.emplace_back("merge_on_receipt", 0);
  CHECK(answer_of(judged, *session_at(scenario, seconds(9))) == "wrong");
  // Not decided yet: nothing has been measured.
  judged.reveal_property = "skew";
  CHECK(answer_of(judged, *session_at(scenario, seconds(1))).empty());
  judged.reveal_property = "no_such_property";
  CHECK(answer_of(judged, *session_at(scenario, seconds(9))).empty());
  scenario.lesson[0].reveal_property = "vector_exakt";
  const auto run = run_headless(scenario);
  REQUIRE(!run.ok());
  CHECK(run.error().find("lesson[0].reveal.property: there is no property \"vector_exakt\"") == 0);
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
