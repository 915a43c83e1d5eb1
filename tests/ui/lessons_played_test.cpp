// Every experiment of the library, played from its beginning as a reader plays it: each question is
// guessed at, each task is shown. The lesson comes to its last step, every question has got the
// run's answer, and every property is decided.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/scenario/registry.h"
#include "harness.h"

namespace netsplit::ui::lessons_played_test {
namespace {

// A guess, or what the step asks for, and on.
void do_as_told(Harness& window) {
  const nlohmann::json lesson = window.seen()["lesson"];
  if (lesson.contains("question") && !lesson.contains("picked")) {
    REQUIRE(window.press("answer." + lesson["step"].dump() + ".0"));
  } else if (lesson.value("task_done", true) == false) {
    REQUIRE(window.press("lesson.show"));
  }
  window.frames(2);
  if (window.seen()["lesson"]["waits"] == true) window.press("lesson.pass");
  if (window.seen()["playing"] == false) window.app->command("play");
}

void play(Harness& window) {
  constexpr int looks_max = 2'000;
  window.app->command("play");
  for (int i = 0; i < looks_max; ++i) {
    window.frames(5);
    const nlohmann::json seen = window.seen();
    if (seen["playing"] == true) continue;
    if (seen["lesson"]["waits"] == false) return;
    do_as_told(window);
  }
  FAIL("it does not end");
}

}  // namespace

TEST_CASE("every experiment, played by its reader, is told to the end") {
  Harness window;
  for (const Scenario& scenario : library()) {
    CAPTURE(scenario.id);
    REQUIRE(window.app->open_scenario(scenario.id).ok());
    window.frames(2);
    window.app->command("speed", std::to_string(scenario.setup.until_us / 4));
    play(window);
    const nlohmann::json seen = window.seen();
    CHECK(seen["lesson"]["step"] == static_cast<int>(scenario.lesson.size()) - 1);
    const auto questions =
        std::count_if(scenario.lesson.begin(), scenario.lesson.end(),
                      [](const LessonStep& step) { return !step.question.empty(); });
    CHECK(static_cast<std::ptrdiff_t>(seen["lesson"]["answered"].size()) == questions);
    for (const nlohmann::json& property : seen["properties"])
      CHECK_MESSAGE(property["standing"] != "open", property["name"]);
  }
}

}  // namespace netsplit::ui::lessons_played_test
