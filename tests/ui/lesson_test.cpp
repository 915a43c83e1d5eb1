// The lesson, the clients' lane and the comparison, driven as a person would.
#include <doctest/doctest.h>

#include <algorithm>

#include "harness.h"

namespace netsplit::ui::lesson_test {
namespace {

nlohmann::json with_lesson(const std::string& lesson, const std::string& stagings = "[]") {
  return nlohmann::json::parse(R"({"protocol": "lease_lock", "until": "12s", "seed": 7,
    "nodes": [{"name": "alice", "role": "client"}, {"name": "bob", "role": "client"},
              {"name": "lock", "role": "lock_service"}, {"name": "storage", "role": "storage"}],
    "script": [{"at": "500ms", "request": "lock_and_write", "node": "alice"},
               {"at": "3s", "request": "lock_and_write", "node": "bob"}],
    "lesson": )" + lesson + R"(, "stagings": )" +
                               stagings + "}");
}

void open(Harness& window, const nlohmann::json& scenario) {
  REQUIRE(window.app->open_file(scenario.dump(), "test"));
  window.frames(2);
}

const char* const asking = R"([
  {"at": 0, "title": "First", "text": "One."},
  {"at": "2s", "title": "Asked", "text": "Two.", "question": "Whose?",
   "answers": ["Bob's", "Alice's"],
   "reveal": {"node": "storage", "field": "disk.value", "at": "3s", "values": ["bob", "alice"]}},
  {"at": "3.5s", "title": "Last", "text": "Three."}])";

const char* const waiting = R"([
  {"at": 0, "title": "First", "text": "One."},
  {"at": "1s", "title": "Cut", "text": "Two.", "wait": {"cut": ["bob", "lock"]}},
  {"at": "2s", "title": "After", "text": "Three."}])";

void play_until_it_stops(Harness& window) {
  window.app->command("speed", "4000000");
  window.app->command("play");
  for (int i = 0; i < 900 && window.seen()["playing"] == true; ++i) window.frames();
}

}  // namespace

TEST_CASE("lesson: playing stops at a question, goes on with the guess, and tells the truth") {
  Harness window;
  open(window, with_lesson(asking));
  play_until_it_stops(window);
  auto seen = window.seen();
  CHECK_MESSAGE(seen["time_us"] == 2'000'000, "at its very moment");
  CHECK(seen["lesson"]["title"] == "Asked");
  CHECK(seen["lesson"]["waits"] == true);
  CHECK(seen["lesson"]["truth"].is_null());

  REQUIRE(window.press("answer.1.0"));
  seen = window.seen();
  CHECK(seen["lesson"]["picked"] == "Bob's");
  CHECK_MESSAGE(seen["playing"] == true, "whoever has guessed wants to see");
  for (int i = 0; i < 900 && window.seen()["lesson"]["truth"].is_null(); ++i) window.frames();
  seen = window.seen();
  CHECK(seen["lesson"]["truth"] == "alice");
  CHECK(seen["lesson"]["right"] == false);

  // What the run says belongs to the moment that the step names, wherever one looks from.
  window.app->command("seek", "12000000");
  window.frames(2);
  window.app->command("lesson", "1");
  window.frames(2);
  CHECK_MESSAGE(window.seen()["lesson"]["truth"].is_null(), "not yet, at two seconds");

  window.app->command("lesson_restart");
  window.frames(2);
  seen = window.seen();
  CHECK(seen["time_us"] == 0);
  CHECK(seen["lesson"]["step"] == 0);
  window.app->command("lesson", "1");
  window.frames(2);
  CHECK_MESSAGE(window.seen()["lesson"]["picked"].is_null(), "the guess is forgotten");
}

TEST_CASE("lesson: of a run that has left it, it says so, unless it asked for that") {
  Harness window(1280, 800);
  REQUIRE(window.app->open_scenario("lock-gc-pause").ok());
  window.frames(2);
  CHECK(window.seen()["lesson"]["note"] == "");
  window.app->command("seek", "3000000");
  window.frames(2);
  CHECK(window.seen()["lesson"]["note"] == "");
  window.app->command("cut", "bob,storage");
  window.frames(2);
  CHECK(window.seen()["lesson"]["note"].get<std::string>().size() > 15);

  REQUIRE(window.app->open_scenario("lock-gc-pause").ok());
  window.app->command("parameter", "fencing=token");
  window.frames(2);
  CHECK(window.seen()["lesson"]["note"] == "");
}

TEST_CASE("lesson: a reader who does not want to guess plays on") {
  Harness window;
  open(window, with_lesson(asking));
  play_until_it_stops(window);
  REQUIRE(window.seen()["time_us"] == 2'000'000);
  window.key(ImGuiKey_Space);
  window.frames(3);
  CHECK(window.seen()["playing"] == true);
  for (int i = 0; i < 900 && window.seen()["lesson"]["step"] != 2; ++i) window.frames();
  CHECK(window.seen()["lesson"]["title"] == "Last");
}

TEST_CASE("lesson: number keys answer while a question is open, and stage otherwise") {
  Harness window;
  open(window, with_lesson(asking, R"([{"title": "Later", "at": "9s"},
    {"title": "No storage", "at": "4s", "then": [{"crash": "storage"}]}])"));
  window.key(ImGuiKey_1);
  CHECK(window.seen()["time_us"] == 9'000'000);
  window.key(ImGuiKey_2);
  CHECK(window.seen()["time_us"] == 4'000'000);
  CHECK(window.node("storage")["condition"] == "down");
  CHECK(window.seen()["branches"].size() == 2);
  window.app->command("lesson", "1");
  window.frames(2);
  window.key(ImGuiKey_1);
  CHECK(window.seen()["lesson"]["picked"] == "Bob's");
}

TEST_CASE("lesson: it waits until the reader has done what the step asks for, in whatever way") {
  Harness window;
  open(window, with_lesson(waiting));
  play_until_it_stops(window);
  auto seen = window.seen();
  CHECK(seen["time_us"] == 1'000'000);
  CHECK(seen["lesson"]["task_done"] == false);
  window.app->command("isolate", "bob");
  window.frames(2);
  seen = window.seen();
  CHECK(seen["lesson"]["task_done"] == true);
  CHECK(seen["lesson"]["waits"] == false);
  window.app->command("play");
  for (int i = 0; i < 900 && window.seen()["lesson"]["step"] != 2; ++i) window.frames();
  CHECK(window.seen()["lesson"]["title"] == "After");

  // Going back before the deed, it has not been done.
  window.app->command("lesson_restart");
  window.frames(2);
  window.app->command("lesson", "1");
  window.frames(2);
  CHECK(window.seen()["lesson"]["task_done"] == false);
  REQUIRE(window.press("lesson.show"));
  CHECK(window.seen()["lesson"]["task_done"] == true);
  CHECK(window.link("bob", "lock")["state"] == "cut");
}

TEST_CASE("lesson: a step can be passed over without doing it") {
  Harness window;
  open(window, with_lesson(waiting));
  play_until_it_stops(window);
  REQUIRE(window.press("lesson.pass"));
  for (int i = 0; i < 900 && window.seen()["lesson"]["step"] != 2; ++i) window.frames();
  CHECK(window.seen()["lesson"]["title"] == "After");
}

TEST_CASE("lesson: a step begins with an event, and clicking it goes there") {
  Harness window;
  open(window, with_lesson(R"([{"title": "First", "text": "One."},
    {"when": {"event": "deliver", "node": "storage", "label": "Write"}, "title": "Written",
     "text": "Two.", "highlight": [{"node": "storage", "field": "disk.value"}]},
    {"when": {"event": "crash"}, "title": "Never", "text": "Three."}])"));
  REQUIRE(window.press("lesson.1"));
  auto seen = window.seen();
  CHECK(seen["lesson"]["title"] == "Written");
  CHECK(seen["events"].back()["text"].get<std::string>().find("storage") != std::string::npos);
  CHECK_MESSAGE(window.node("storage")["selected"] == true, "its field is to be seen");
  REQUIRE(window.press("lesson.2"));
  seen = window.seen();
  CHECK(seen["lesson"]["title"] == "Written");
  CHECK(seen["toast"] == "That does not happen in this run.");
}

TEST_CASE("clients: each operation is a bar, and clicking it goes to its answer") {
  Harness window;
  window.app->command("open", "lock-gc-pause");
  window.app->command("seek", "9500000");
  window.frames(4);
  CHECK_FALSE(Harness::named(window.seen()["controls"], "operation.0").is_null());
  REQUIRE_FALSE(Harness::named(window.seen()["controls"], "operation.1").is_null());
  REQUIRE(window.press("operation.1"));
  const auto seen = window.seen();
  CHECK(seen["time_us"] < 9'000'000);
  CHECK(seen["events"].back()["text"].get<std::string>().find("bob") != std::string::npos);
  REQUIRE(window.press("operation.asked"));
  CHECK(window.seen()["time_us"] == 2'000'000);
}

TEST_CASE(
    "clients: beside what a client was told stands what truly happened, once it may be told") {
  Harness window;
  window.app->command("open", "idem-naive-retry");
  window.app->command("seek", "60000000");
  window.frames(4);
  REQUIRE(window.press("operation.truth"));
  CHECK(window.seen()["events"].back()["text"].get<std::string>().find("bank") !=
        std::string::npos);
}

TEST_CASE("compare: a variant runs beside the run, at the same moment, and says what differs") {
  Harness window;
  window.app->command("open", "lock-gc-pause");
  window.frames(2);
  REQUIRE(window.press("compare"));
  window.app->command("seek", "9500000");
  window.frames(6);
  auto seen = window.seen();
  REQUIRE(seen["compare"]["runs"].size() == 2);
  CHECK(seen["compare"]["runs"][1] == "fencing token");
  const auto stale = Harness::named(seen["compare"]["rows"], "no stale write");
  CHECK(stale["values"] == nlohmann::json::array({"violated", "holds"}));
  CHECK(stale["differs"] == true);
  CHECK(Harness::named(seen["compare"]["rows"], "writes")["values"] ==
        nlohmann::json::array({"2", "1"}));

  // Back in time, both are.
  window.app->command("seek", "3000000");
  window.frames(3);
  seen = window.seen();
  CHECK(Harness::named(seen["compare"]["rows"], "no stale write")["values"] ==
        nlohmann::json::array({"holds", "holds"}));

  // What a hand does is done in both.
  window.app->command("crash_node", "storage");
  window.app->command("seek", "9500000");
  window.frames(6);
  seen = window.seen();
  CHECK(Harness::named(seen["compare"]["rows"], "no stale write")["values"] ==
        nlohmann::json::array({"holds", "holds"}));

  window.app->command("compare", "lease=1s");
  window.frames(3);
  CHECK(window.seen()["compare"]["runs"].size() == 3);
  window.app->command("compare", "lease=wrong");
  window.frames(2);
  CHECK(window.seen()["toast_tone"] == "bad");
  CHECK(window.seen()["compare"]["runs"].size() == 3);
  window.app->command("compare", "off");
  window.frames(2);
  CHECK(window.seen()["compare"].is_null());
}

TEST_CASE("compare: what an open question asks about is not told in the table either") {
  Harness window;
  open(window, with_lesson(R"([{"at": 0, "title": "Asked", "text": "One.",
    "question": "Does it stay safe?", "answers": ["Yes", "No"],
    "reveal": {"property": "no_stale_write", "at": "11s"}}])"));
  window.app->command("compare", "fencing=token");
  window.app->command("seek", "1000000");
  window.frames(6);
  const auto stale = [&] {
    return Harness::named(window.seen()["compare"]["rows"], "no stale write");
  };
  CHECK(stale()["values"] == nlohmann::json::array({"your guess first", "holds"}));
  CHECK(stale()["differs"] == false);
  window.app->command("answer", "0");
  window.frames(2);
  CHECK(stale()["values"] == nlohmann::json::array({"holds", "holds"}));
}

TEST_CASE(
    "lesson: period and comma go to the next and the previous step, page keys zoom the diagram") {
  Harness window;
  open(window, with_lesson(asking));
  window.key(ImGuiKey_Period);
  CHECK(window.seen()["lesson"]["title"] == "Asked");
  const auto width = [&] {
    const auto diagram = window.seen()["diagram"];
    return diagram["to"].get<std::int64_t>() - diagram["from"].get<std::int64_t>();
  };
  const std::int64_t before = width();
  window.key(ImGuiKey_PageUp);
  window.frames(2);
  CHECK(width() < before);
  CHECK(window.seen()["lesson"]["title"] == "Asked");
  window.key(ImGuiKey_Comma);
  CHECK(window.seen()["lesson"]["title"] == "First");
}

TEST_CASE(
    "compare: other protocols come with their own nodes, and on a phone one is shown at a time") {
  Harness window(390, 844);
  window.app->command("open", "lock-gc-pause");
  window.app->command("compare", "lamport");
  window.app->command("seek", "5000000");
  window.frames(4);
  const auto seen = window.seen();
  CHECK(seen["compare"]["runs"].size() == 2);
  REQUIRE(window.press("compare.next"));
  window.frames(2);
  REQUIRE(window.press("compare.next"));
  CHECK(window.seen()["compare"]["runs"].size() == 2);
}

TEST_CASE("compare: what all names have in common is left out of them") {
  Harness window;
  REQUIRE(window.app->open_scenario("commit-compare").ok());
  window.app->command("compare", "commit-compare-saga");
  window.frames(3);
  const auto seen = window.seen();
  REQUIRE(seen["compare"]["runs"].size() == 2);
  CHECK(seen["compare"]["runs"][1] == "a saga");
}

TEST_CASE("compare: a slender heading shortens its name, and keeps the verdicts") {
  Harness window(1280, 800);
  REQUIRE(window.app->open_scenario("lock-gc-pause").ok());
  window.app->command("compare", "lock-fenced");
  window.app->command("compare", "fencing=conditional_write");
  window.app->command("seek", "6300000");
  window.frames(3);
  const auto controls = window.seen()["controls"];
  for (const char* run : {"0", "1", "2"}) {
    for (const char* property : {"no stale write", "one believer", "all answered"}) {
      const std::string sign = std::string("verdict.") + run + "." + property;
      CHECK_MESSAGE(!Harness::named(controls, sign).is_null(), sign);
    }
  }
}

TEST_CASE("compare: the menu has the experiments of the same series before the parameters") {
  Harness window(1280, 800);
  REQUIRE(window.app->open_scenario("commit-compare").ok());
  window.frames(2);
  REQUIRE(window.press("compare.more"));
  window.frames(3);
  const auto controls = window.seen()["controls"];
  const auto parameter = Harness::named(controls, "compare.log_first=off");
  REQUIRE(!parameter.is_null());
  for (const char* other : {"commit-compare-3pc", "commit-compare-saga", "commit-compare-paxos"}) {
    const auto entry = Harness::named(controls, std::string("compare.") + other);
    REQUIRE(!entry.is_null());
    CHECK(entry["y"].get<double>() < parameter["y"].get<double>());
  }
}

TEST_CASE("compare: a library's scenario of any kind opens beside any other") {
  Harness window;
  for (const char* id : {"lock-fenced", "lamport", "clock-drift"}) {
    window.app->command("open", "lock-delayed-packet");
    window.app->command("compare", id);
    window.app->command("end");
    window.frames(4);
    CHECK_MESSAGE(window.seen()["compare"]["runs"].size() == 2, id);
  }
}

TEST_CASE("lesson: what is too long for one line is told in two, and nothing else moves into it") {
  Harness window(1024, 768);
  const std::string longer = "A title that is longer than the column of a small window is wide";
  open(window, with_lesson(R"([{"at": 0, "title": "Asked", "text": "One.", "question": "Whose?",
    "answers": ["Bob's", ")" + longer +
                               R"("], "reveal": {"node": "storage",
    "field": "disk.value", "at": "3s", "values": ["bob", "alice"]}}])",
                           R"([{"title": ")" + longer + R"(", "at": "2s"},
                               {"title": "Short", "at": "3s"}])"));
  const auto control = [&](std::string_view name) {
    return Harness::named(window.seen()["controls"], name);
  };
  for (const auto& [first, second] :
       {std::pair("answer.0.0", "answer.0.1"), std::pair("staging.1", "staging.0")}) {
    REQUIRE_FALSE(control(first).is_null());
    REQUIRE_FALSE(control(second).is_null());
    CHECK(control(first)["h"] == 30);
    CHECK(control(second)["h"].get<double>() > 40);
  }
  CHECK(control("staging.1")["y"].get<double>() >=
        control("staging.0")["y"].get<double>() + control("staging.0")["h"].get<double>());
}

TEST_CASE("lesson: the panel that a step points at is brought into view") {
  Harness window(1280, 800);
  REQUIRE(window.app->open_scenario("fallacy-transport-cost").ok());
  window.app->command("seek", "4000000");
  for (int i = 0; i < 1000 && window.seen()["time_us"] != 4'000'000; ++i) window.frames();
  window.frames(4);
  const auto sent = Harness::named(window.seen()["controls"], "price.sent");
  REQUIRE_FALSE(sent.is_null());
  CHECK(sent["y"].get<double>() + sent["h"].get<double>() < 800);
}

TEST_CASE("clients: what stayed unknown was never answered") {
  Harness window(1440, 1600);
  REQUIRE(window.app->open_scenario("idem-ambiguous").ok());
  bool found = false;
  for (int i = 0; i < 8; ++i) {
    window.app->command("end");
    window.frames(3);
    if (!window.press("operation." + std::to_string(i))) break;
    window.frames(2);
    const auto controls = window.seen()["controls"];
    const bool unknown = !Harness::named(controls, "operation.unknown").is_null();
    found = found || unknown;
    if (unknown) CHECK(Harness::named(controls, "operation.answered").is_null());
  }
  CHECK(found);
}

}  // namespace netsplit::ui::lesson_test
