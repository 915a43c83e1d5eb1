// Where a run ends for its reader: what the lesson still has to tell is told, what is decided only
// at the end is decided, and a run that differs in one thing is looked at where one looked before.
#include <doctest/doctest.h>

#include "core/scenario/registry.h"
#include "harness.h"

namespace netsplit::ui::run_end_test {
namespace {

void play_until_it_stops(Harness& window) {
  window.app->command("play");
  for (int i = 0; i < 900 && window.seen()["playing"] == true; ++i) window.frames();
}

std::string standing(const Harness& window, std::string_view property) {
  return Harness::named(window.seen()["properties"], property)["standing"].get<std::string>();
}

}  // namespace

TEST_CASE("the run's end: playing goes on to the lesson's last step, and then all is still") {
  Harness window;
  REQUIRE(window.app->open_scenario("partition-cp").ok());
  window.app->command("seek",
                      "9100000");  // nothing happens after 9.01 s; the last step is at 9.5 s
  window.app->command("speed", "1000000");
  play_until_it_stops(window);
  const auto seen = window.seen();
  CHECK(seen["playing"] == false);
  CHECK(seen["time_us"] >= find_scenario("partition-cp")->lesson.back().at_us);
  CHECK(seen["lesson"]["step"] == seen["lesson"]["steps"].get<int>() - 1);
  window.frames(400);
  CHECK_FALSE(window.app->animating());
  window.app->command("play");
  window.frames();
  CHECK_MESSAGE(window.seen()["playing"] == false, "there is nothing more to come");
}

TEST_CASE("playing: idle hours pass in seconds, and no question is leapt over") {
  Harness window;
  REQUIRE(window.app->open_scenario("idem-retry-window").ok());
  window.app->command("play");
  window.frames(120);  // to the loss of the answer
  CHECK(window.seen()["toast"] == "Nothing happens for 8 h: that is played fast.");
  int frames = 120;
  for (; frames < 1'500 && window.seen()["playing"] == true; ++frames) window.frames();
  CHECK_MESSAGE(frames < 900, "eight hours within fifteen seconds");
  const auto seen = window.seen();
  CHECK(seen["lesson"]["step"] == 1);
  CHECK(seen["lesson"]["waits"] == true);
  CHECK_MESSAGE(seen["time_us"] < 28'801'400'000, "the answer has not come yet");
}

TEST_CASE("the run's end: `end` goes where playing ends") {
  Harness window;
  for (const char* id : {"2pc-commit", "saga-compensate", "commit-compare", "quorum-nrw"}) {
    REQUIRE(window.app->open_scenario(id).ok());
    window.app->command("end");
    window.frames(3);
    const auto seen = window.seen();
    CHECK_MESSAGE(seen["time_us"] >= find_scenario(id)->lesson.back().at_us, id);
    CHECK_MESSAGE(seen["lesson"]["step"] == seen["lesson"]["steps"].get<int>() - 1, id);
  }
}

TEST_CASE("the run's end: what holds at the end is decided as soon as nothing is due any more") {
  Harness window;
  REQUIRE(window.app->open_scenario("fallacy-latency-batched").ok());
  window.app->command("seek", "560000");
  window.frames(2);
  CHECK(standing(window, "page_in_time") == "open");
  window.app->command("seek", "600000");
  window.frames(2);
  CHECK(standing(window, "page_in_time") == "holds");
  window.app->command("seek", "560000");
  window.frames(2);
  CHECK_MESSAGE(standing(window, "page_in_time") == "open", "before it is as it was");
}

TEST_CASE("the run's end: by hand nothing is decided while the reader can still do something") {
  Harness window;
  window.app->command("manual", "on");
  window.frames(2);
  window.app->command("request", "alice,lock_and_write");
  window.frames(2);
  CHECK(standing(window, "all_answered") == "open");
}

TEST_CASE("the run's end: an input after the end makes the run go on") {
  Harness window;
  REQUIRE(window.app->open_scenario("fallacy-latency-batched").ok());
  window.app->command("end");
  window.frames(2);
  const auto name = window.seen()["nodes"][0]["name"].get<std::string>();
  window.app->command("pause_node", name);
  window.frames(2);
  CHECK(window.node(name)["condition"] == "paused");
  CHECK(standing(window, "page_in_time") == "holds");
}

TEST_CASE("a parameter that is changed leaves the reader at the moment and in the lesson") {
  Harness window;
  const nlohmann::json scenario = nlohmann::json::parse(R"({"protocol": "lease_lock",
    "until": "12s", "seed": 7,
    "nodes": [{"name": "alice", "role": "client"}, {"name": "lock", "role": "lock_service"},
              {"name": "storage", "role": "storage"}],
    "script": [{"at": "500ms", "request": "lock_and_write", "node": "alice"}],
    "lesson": [
      {"at": 0, "title": "First", "text": "One."},
      {"at": "100ms", "when": {"event": "deliver", "node": "storage", "label": "Write"},
       "title": "Fence it", "text": "Two.", "wait": {"parameter": "fencing", "value": "token"}},
      {"at": "11s", "title": "After", "text": "Three."}]})");
  REQUIRE(window.app->open_file(scenario.dump(), "test"));
  window.app->command("seek", "9000000");
  window.frames(2);
  REQUIRE(window.seen()["lesson"]["title"] == "Fence it");
  CHECK(window.seen()["lesson"]["task_done"] == false);
  REQUIRE(window.press("lesson.show"));
  window.frames(2);
  auto seen = window.seen();
  CHECK(seen["time_us"] == 9'000'000);
  CHECK(seen["lesson"]["title"] == "Fence it");
  CHECK(seen["lesson"]["task_done"] == true);
  window.app->command("seek", "11000000");
  window.frames(2);
  CHECK(window.seen()["lesson"]["title"] == "After");
  // In the varied run the step's event never comes: the step stays told from its moment on.
  window.app->command("seek", "9000000");
  window.frames(2);
  window.app->command("parameter", "give_up=100ms");
  window.frames(2);
  seen = window.seen();
  CHECK(seen["time_us"] == 9'000'000);
  CHECK(seen["lesson"]["title"] == "Fence it");
  window.app->command("seek", "0");
  window.frames(2);
  CHECK_MESSAGE(window.seen()["lesson"]["title"] == "First", "whoever goes back begins anew");
}

}  // namespace netsplit::ui::run_end_test
