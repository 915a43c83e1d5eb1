// Why a property stands as it does, and what the window does not tell before the reader has
// guessed.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/scenario/registry.h"
#include "tests/ui/harness.h"
#include "ui/what_if.h"
#include "ui/why.h"

namespace netsplit::ui::why_test {
namespace {

std::string standing(const Harness& window, std::string_view property) {
  return Harness::named(window.seen()["properties"], property)["standing"];
}
std::string ahead(const Harness& window, std::string_view property) {
  return Harness::named(window.seen()["properties"], property)["ahead"];
}
bool has(const Harness& window, std::string_view control) {
  return !Harness::named(window.seen()["controls"], control).is_null();
}
void answered(Harness& window) {
  for (int i = 0; i < 4000 && (!window.seen().contains("what_if") ||
                               window.seen()["what_if"]["running"] == true);
       ++i)
    window.frames();
  window.frames(2);
}

TEST_CASE("why: a violated property names its witness, and leads to the first bad event") {
  Harness window(1440, 1500);  // the lesson's last step scrolls to the parameters where it must
  window.app->command("end");
  window.frames(2);
  REQUIRE(standing(window, "no_stale_write") == "violated");
  REQUIRE(window.press("witness.no_stale_write.storage"));
  window.frames(2);
  CHECK(window.node("storage")["selected"] == true);
  REQUIRE(window.press("bad.no_stale_write"));
  window.frames(2);
  const auto seen = window.seen();
  const auto at = Harness::named(seen["properties"], "no_stale_write");
  CHECK(at["standing"] == "violated");
  CHECK(seen["time_us"] == at["at_us"]);
  CHECK(seen["diagram"]["past"].get<int>() > 5);
  // It is the write that storage takes.
  const auto& scenario = *find_scenario("lock-gc-pause");
  Timeline timeline = Timeline::open(scenario.setup, make_session).value();
  timeline.run_ahead_to(seconds(10), 1'000'000);
  const EventIndex event = seen["diagram"]["event"];
  CHECK(timeline.trace()[event].kind == EventKind::deliver);
  CHECK(timeline.session().node_name(timeline.trace()[event].node) == "storage");
  // One step earlier it still held.
  window.app->command("step_back");
  window.frames(2);
  CHECK(standing(window, "no_stale_write") == "holds");
}

TEST_CASE("why: a lesson's answer is not given away before the reader has guessed") {
  Harness window;
  // The first visit: nothing is known. Then the run is simulated to its end in the background.
  window.app->command("seek", "7550000");
  window.app->command("compare_branches", "0,0");
  for (int i = 0; i < 60 && !window.seen().contains("comparison"); ++i) window.frames();
  REQUIRE(window.seen()["comparison"]["equal"] == true);
  CHECK(standing(window, "no_stale_write") == "holds");
  CHECK(ahead(window, "no_stale_write") == "holds");
  CHECK(!has(window, "violation.no_stale_write"));
  CHECK(!has(window, "bad.no_stale_write"));
  // What was decided before the question is no secret.
  CHECK(standing(window, "one_believer") == "violated");
  window.frames(30);  // the panel has scrolled to the question
  REQUIRE(window.press("answer.5.1"));
  window.frames(2);
  CHECK(ahead(window, "no_stale_write") == "violated");
  CHECK(has(window, "violation.no_stale_write"));
}

TEST_CASE("why: whoever has gone on past the question has left it") {
  Harness window;
  window.app->command("end");
  window.frames(2);
  window.app->command("seek", "7000000");
  window.frames(2);
  CHECK(ahead(window, "no_stale_write") == "violated");
}

TEST_CASE("why: while its question is open a verdict that has come is withheld, unless asked for") {
  Withheld withheld;
  std::vector<LessonStep> lesson(2);
  lesson[0].at_us = seconds(1);
  lesson[1].at_us = seconds(2);
  lesson[1].question = "What will it be?";
  lesson[1].reveal.at_us = seconds(5);
  PropertyState state;
  state.name = "safe";
  state.standing = Standing::violated;
  state.first_event = 7;
  state.first_us = seconds(3);
  withheld.take(lesson, {}, {}, 0, seconds(4));
  CHECK(withheld.covers(0, state));
  state.first_us = seconds(1);
  CHECK_FALSE(withheld.covers(0, state));
  state.first_us = seconds(6);
  CHECK_FALSE(withheld.covers(0, state));
  // What was decided when the question came up is no answer to it.
  state.first_us = seconds(3);
  withheld.take(lesson, {}, {{1, seconds(3)}}, 0, seconds(4));
  CHECK_FALSE(withheld.covers(0, state));
  state.first_us = seconds(3) + 1;
  CHECK(withheld.covers(0, state));
  // A property that is asked for by name is covered whenever it is decided.
  state.first_us = seconds(6);
  lesson[1].reveal.kind = Reveal::Kind::property;
  lesson[1].reveal.name = "safe";
  withheld.take(lesson, {}, {}, 0, seconds(4));
  CHECK(withheld.covers(0, state));
  state.standing = Standing::open;
  CHECK_FALSE(withheld.covers(0, state));
  state.standing = Standing::violated;
  withheld.show(0);
  CHECK_FALSE(withheld.covers(0, state));
  CHECK(withheld.covers(1, state));
  withheld.take(lesson, {1}, {}, 0, seconds(4));
  CHECK_FALSE(withheld.covers(1, state));
  // A question that was left stays left when the reader goes back.
  lesson.push_back({});
  lesson[2].at_us = seconds(8);
  withheld.clear();
  withheld.take(lesson, {}, {}, 0, seconds(9));
  withheld.take(lesson, {}, {}, 0, seconds(4));
  CHECK_FALSE(withheld.covers(0, state));
}

TEST_CASE("why: a question that the reader went past, or that the run ended on, is told") {
  Withheld withheld;
  // What follows begins with an event, so that the clock does not tell that it has begun.
  std::vector<LessonStep> lesson(2);
  lesson[0].at_us = seconds(1);
  lesson[0].question = "What will it be?";
  lesson[0].reveal.kind = Reveal::Kind::property;
  lesson[0].reveal.name = "safe";
  PropertyState state;
  state.name = "safe";
  state.standing = Standing::violated;
  withheld.take(lesson, {}, {}, 0, seconds(9));
  CHECK(withheld.covers(0, state));
  withheld.take(lesson, {}, {}, 1, seconds(9));
  CHECK_FALSE(withheld.covers(0, state));

  Harness window;
  REQUIRE(window.app->open_scenario("raft-vote-twice").ok());
  window.app->command("end");
  window.frames(4);
  const auto properties = window.seen()["properties"];
  for (const auto& property : properties) CHECK(property["standing"] != "withheld");
  CHECK(standing(window, "election_safety") == "violated");
}

TEST_CASE("why: of what is judged at the end of the run no event is called the first bad one") {
  Harness window;
  REQUIRE(window.app->open_scenario("paxos-duel").ok());
  const auto decided = [&](const char* name) {
    for (int i = 0; i < 600 && standing(window, name) == "open"; ++i) window.frames();
    window.frames(2);
    return standing(window, name);
  };
  window.app->command("end");
  for (const char* name : {"decides", "all_answered"}) {
    REQUIRE(decided(name) == "violated");
    CHECK_FALSE(has(window, std::string("bad.") + name));
    window.app->command("seek", "3000000");
    window.frames(2);
    REQUIRE(standing(window, name) == "open");
    // What leads to it leads to the end, and blames no event.
    window.app->command("bad_event", name);
    CHECK(decided(name) == "violated");
    CHECK(window.seen()["diagram"]["event"] == -1);
  }
}

TEST_CASE("why: what lies ahead is not told while steps of the lesson before it are unread") {
  Harness window;
  // Going to a step looks ahead for it; the violation after it is known then, and not told.
  REQUIRE(window.app->open_scenario("anti-entropy-none").ok());
  window.app->command("compare_branches", "0,0");
  for (int i = 0; i < 200 && !window.seen().contains("comparison"); ++i) window.frames();
  REQUIRE(window.seen()["comparison"]["equal"] == true);
  window.app->command("lesson", "2");
  window.frames(4);
  const auto violations = [&] {
    int count = 0;
    const auto seen = window.seen();
    for (const auto& control : seen["controls"])
      count += control["name"].get<std::string>().rfind("violation.", 0) == 0 ? 1 : 0;
    for (const auto& property : seen["properties"])
      count += property["ahead"] == "violated" && property["standing"] == "holds" ? 1 : 0;
    return count;
  };
  CHECK(violations() == 0);
  // What was seen once is told for good.
  window.app->command("end");
  window.frames(2);
  window.app->command("lesson", "2");
  window.frames(4);
  CHECK(violations() > 0);
}

TEST_CASE("why: a verdict beyond an unread step is told neither ahead of it nor too late") {
  Withheld withheld;
  std::vector<LessonStep> lesson(2);
  lesson[1].at_us = seconds(5);
  PropertyState ahead;
  ahead.standing = Standing::violated;
  ahead.first_event = 7;
  ahead.first_us = seconds(6);
  withheld.stand(lesson, {}, 0, 0, seconds(1));
  CHECK(withheld.covers_ahead(0, ahead));
  CHECK_FALSE(withheld.covers(0, ahead));
  ahead.first_us = seconds(4);
  CHECK_FALSE(withheld.covers_ahead(0, ahead));
  // The last step is told, or the moment was looked at, on this branch.
  ahead.first_us = seconds(6);
  withheld.stand(lesson, {}, 1, 0, seconds(5));
  CHECK_FALSE(withheld.covers_ahead(0, ahead));
  lesson[1].question = "What will it be?";
  withheld.stand(lesson, {}, 1, 0, seconds(5));
  CHECK(withheld.covers_ahead(0, ahead));
  withheld.stand(lesson, {1}, 1, 0, seconds(5));
  CHECK_FALSE(withheld.covers_ahead(0, ahead));
  withheld.stand(lesson, {}, 1, 0, seconds(7));
  CHECK_FALSE(withheld.covers_ahead(0, ahead));
  withheld.stand(lesson, {}, 1, 1, seconds(5));
  CHECK(withheld.covers_ahead(0, ahead));
}

TEST_CASE("why: what is violated, and what the step speaks of, stand above the other properties") {
  Harness window;
  REQUIRE(window.app->open_scenario("clock-order").ok());
  window.app->command("end");
  window.frames(4);
  const auto seen = window.seen();
  double violated = 0;
  double holding = 1e9;
  std::size_t below = 0;
  std::size_t place = 0;
  for (const auto& property : seen["properties"]) {
    const std::string name = property["name"];
    const auto asks = Harness::named(seen["controls"], "what_if." + name);
    if (!asks.is_null() && property["standing"] == "violated") {
      violated = std::max(violated, asks["y"].get<double>());
      below = place;
    } else if (!asks.is_null()) {
      holding = std::min(holding, asks["y"].get<double>());
    }
    ++place;
  }
  CHECK(below > 0);  // the protocol lists it further down
  CHECK(violated > 0);
  CHECK(violated < holding);
}

TEST_CASE("why: a verdict that came with the question is told, of whatever property") {
  Harness window;
  REQUIRE(window.app->open_scenario("lock-clock-jump").ok());
  window.app->command("lesson", "2");
  window.frames(3);
  REQUIRE(window.seen()["lesson"]["waits"] == true);
  const auto property = Harness::named(window.seen()["properties"], "one_believer");
  CHECK(property["standing"] == "violated");
}

TEST_CASE("what if: fencing off is what breaks the fenced lock, found by running it") {
  Harness window;
  REQUIRE(window.app->open_scenario("lock-fenced").ok());
  window.app->command("end");
  window.frames(2);
  REQUIRE(standing(window, "no_stale_write") == "holds");
  REQUIRE(window.press("what_if.no_stale_write"));
  answered(window);
  auto seen = window.seen();
  CHECK(seen["what_if"]["saves"] == false);
  const auto found = seen["what_if"]["found"];
  REQUIRE(std::find(found.begin(), found.end(), "fencing = off") != found.end());
  // As a branch it does break, at the moment that was said.
  REQUIRE(found[0] == "fencing = off");
  REQUIRE(window.press("try.no_stale_write.0"));
  window.frames(20);
  seen = window.seen();
  CHECK(seen["branches"].back()["name"] == "fencing = off");
  CHECK(standing(window, "no_stale_write") == "violated");
  CHECK(!seen.contains("what_if"));  // it was asked of the other run
}

TEST_CASE("what if: a violated property is told what would have saved it") {
  Harness window(1440, 1500);
  window.app->command("end");
  window.frames(2);
  REQUIRE(window.press("what_if.no_stale_write"));
  answered(window);
  const auto seen = window.seen();
  CHECK(seen["what_if"]["saves"] == true);
  const auto found = seen["what_if"]["found"];
  CHECK(std::find(found.begin(), found.end(), "fencing = token") != found.end());
  // Without the pause nothing goes wrong either.
  CHECK(std::find(found.begin(), found.end(), "without: pause alice") != found.end());
}

TEST_CASE("what if: every finding is true, and what was not found is not") {
  const Scenario& scenario = *find_scenario("lock-fenced");
  Timeline timeline = Timeline::open(scenario.setup, make_session).value();
  timeline.run_ahead_to(scenario.setup.until_us, UINT64_MAX);
  WhatIf what_if;
  what_if.start(timeline.head(), 0, 1, 0);
  while (what_if.running()) what_if.advance(make_session, 0);
  CHECK(what_if.tried() == what_if.count());
  CHECK(what_if.undecided() == 0);
  std::size_t next = 0;
  for (std::size_t i = 1; i <= what_if.count(); ++i) {
    CAPTURE(what_if.change(i).words);
    auto run = make_session(what_if.change(i).setup).value();
    while (run->step(nullptr)) {
    }
    const bool broken = run->properties()[0].standing == Standing::violated;
    const bool found = next < what_if.findings().size() && what_if.findings()[next].change == i;
    CHECK(found == broken);
    if (!found) continue;
    CHECK(what_if.findings()[next].at_us == run->properties()[0].first_us);
    ++next;
  }
}

TEST_CASE("what if: a parameter's other values are within its range, and each is tried once") {
  ParameterInfo lease{"lease", "", Unit::time, milliseconds(10), hours(1), seconds(10), {}};
  const auto values = other_values(lease, seconds(5));
  CHECK(values == std::vector<std::int64_t>{seconds(10), milliseconds(2500), milliseconds(500),
                                            seconds(50), milliseconds(10), hours(1)});
  ParameterInfo flag{"check", "", Unit::flag, 0, 1, 0, {}};
  CHECK(other_values(flag, 0) == std::vector<std::int64_t>{1});
  CHECK(other_values(flag, 1) == std::vector<std::int64_t>{0});
  ParameterInfo choice{"fencing", "", Unit::choice, 0, 2, 1, {"off", "token", "version"}};
  CHECK(other_values(choice, 1) == std::vector<std::int64_t>{0, 2});
  ParameterInfo fixed{"n", "", Unit::count, 3, 3, 3, {}};
  CHECK(other_values(fixed, 3).empty());
}

}  // namespace
}  // namespace netsplit::ui::why_test
