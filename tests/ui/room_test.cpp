// Room: what is written beside a node lies clear of the others, and panes in rows share the height.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/scenario/registry.h"
#include "tests/ui/harness.h"
#include "ui/draw.h"

namespace netsplit::ui::room_test {
namespace {

TEST_CASE("room: on a phone no node's words lie on another node or on its words") {
  Harness window(390, 844, false, false, {}, true);
  for (const Scenario& scenario : library()) {
    CAPTURE(scenario.id);
    REQUIRE(window.app->open_scenario(scenario.id).ok());
    if (window.seen()["nodes"].size() > 24) continue;
    for (const char* part : {"first", "middle"}) {
      CAPTURE(part);
      const Time until_us = scenario.setup.until_us;
      window.app->command("seek", std::to_string(until_us / (*part == 'f' ? 10 : 2)));
      window.frames(4);
      const auto seen = window.seen();
      const auto nodes = seen["nodes"];
      // Below the line that tells the story, above the floating buttons.
      const auto tool = Harness::named(seen["controls"], "tool.select");
      const double story = tool["y"].get<double>() + tool["h"].get<double>() + 32;
      const double buttons = Harness::named(seen["controls"], "view.legend")["y"].get<double>() - 4;
      for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (!nodes[i].contains("words")) continue;
        const auto& words = nodes[i]["words"];
        const double left = words["x"], top = words["y"];
        const double right = left + words["w"].get<double>();
        const double bottom = top + words["h"].get<double>();
        CAPTURE(nodes[i]["name"]);
        CHECK(left >= 0);
        CHECK(right <= 390);
        CHECK(top >= story);
        CHECK(bottom <= buttons);
        for (std::size_t j = 0; j < nodes.size(); ++j) {
          if (i == j) continue;
          CAPTURE(nodes[j]["name"]);
          // The nearest point of the words is not on the other node.
          const double x = nodes[j]["x"], y = nodes[j]["y"];
          const double dx = std::clamp(x, left, right) - x;
          const double dy = std::clamp(y, top, bottom) - y;
          CHECK(std::hypot(dx, dy) >= 16);
          if (!nodes[j].contains("words")) continue;
          const auto& other = nodes[j]["words"];
          const double ox = other["x"], oy = other["y"];
          CHECK((right <= ox || left >= ox + other["w"].get<double>() || bottom <= oy ||
                 top >= oy + other["h"].get<double>()));
        }
      }
    }
  }
}

TEST_CASE("room: on a tablet a click on a node opens what is inside it, beside the network") {
  Harness window(1024, 768);
  REQUIRE(window.app->open_scenario("quorum-nrw").ok());
  window.app->command("end");  // the last step speaks of a panel further down
  window.frames(3);
  const auto s3 = window.node("s3");
  window.click(s3["x"], s3["y"]);
  window.frames(3);
  CHECK(window.node("s3")["selected"] == true);
  constexpr double column = 336;
  const auto opened = window.seen();
  for (const auto& node : opened["nodes"]) CHECK(node["x"].get<double>() + 16 < 1024 - column);
  const auto below = Harness::named(window.seen()["controls"], "what_if.available");
  REQUIRE_FALSE(below.is_null());
  CHECK_MESSAGE(below["y"].get<double>() > 400, "the column shows its top: the inspector");
  window.key(ImGuiKey_Escape);
  window.frames(2);
  CHECK(window.node("ben")["x"].get<double>() > 1024 - column);
}

TEST_CASE("room: the chosen node says all, also where there is little room") {
  Harness window(390, 844, false, false, {}, true);
  REQUIRE(window.app->open_scenario("paxos-commit").ok());
  window.app->command("seek", "1000000");
  window.frames(4);
  const auto height = [&](const char* name) {
    const auto node = window.node(name);
    return node.contains("words") ? node["words"]["h"].get<double>() : 0.0;
  };
  const double before = height("acceptor1");
  window.app->command("select", "acceptor1");
  window.frames(3);
  CHECK(height("acceptor1") >= before);
  CHECK(height("acceptor1") > 0);
}

TEST_CASE("room: where no node has an entry in its log, none is kept free for it") {
  Harness window(1024, 768);
  REQUIRE(window.app->open_scenario("raft-election").ok());
  window.frames(3);
  const auto s2 = window.node("s2");
  REQUIRE(s2.contains("words"));
  CHECK(s2["words"]["y"].get<double>() - s2["y"].get<double>() < 70);
}

TEST_CASE("room: two networks side by side at 1280 pixels have nodes that say something") {
  Harness window(1280, 800);
  REQUIRE(window.app->open_scenario("commit-compare").ok());
  window.app->command("seek", "1300000");
  window.app->command("compare", "commit-compare-3pc");
  window.frames(6);
  CHECK(window.node("shop").contains("words"));
}

TEST_CASE("room: on a phone the message's card lies in the window, with all it can do") {
  Harness window(390, 844, false, false, {}, true);
  window.app->command("seek", "550000");
  window.frames(3);
  const auto messages = window.seen()["messages"];
  REQUIRE(messages.size() == 1);
  window.click(messages[0]["x"], messages[0]["y"]);
  window.frames(3);
  for (const char* name : {"menu.drop", "menu.deliver", "menu.delay_less", "menu.delay_more"}) {
    CAPTURE(name);
    const auto entry = Harness::named(window.seen()["controls"], name);
    REQUIRE_FALSE(entry.is_null());
    CHECK(entry["x"].get<double>() >= 0);
    CHECK(entry["x"].get<double>() + entry["w"].get<double>() <= 390);
    CHECK(entry["y"].get<double>() + entry["h"].get<double>() <= 844);
  }
}

TEST_CASE("room: an inbox is as wide as what waits in it") {
  Harness window(1280, 800);
  REQUIRE(window.app->open_scenario("raft-election").ok());
  window.app->command("manual");
  window.frames(4);
  const auto row = Harness::named(window.seen()["controls"], "inbox.timer.s3.0");
  REQUIRE_FALSE(row.is_null());
  const double words = draw::text_width(Type::caption, "election timeout");
  CHECK(row["w"].get<double>() - 28 >= words + 1);
}

TEST_CASE(
    "room: four networks are two rows of the same height, and the diagram gives some of its") {
  Harness window(1280, 800);
  REQUIRE(window.app->open_scenario("commit-compare").ok());
  window.frames(2);
  const auto y_of = [&](const char* name) {
    const auto control = Harness::named(window.seen()["controls"], name);
    REQUIRE(!control.is_null());
    return control["y"].get<double>();
  };
  const double alone = y_of("split time");
  for (const char* other : {"commit-compare-3pc", "commit-compare-saga", "commit-compare-paxos"})
    window.app->command("compare", other);
  window.frames(6);
  const double bottom = y_of("split time");
  CHECK(bottom > alone + 20);
  // Of a row the height is what is left below its headings.
  const double upper = y_of("verdict.0.atomicity");
  const double lower = y_of("verdict.3.atomicity");
  constexpr double heading = 30;
  const double first = lower - 8 - (upper + heading);
  const double second = bottom - (lower + heading);
  CHECK(std::abs(first - second) <= 6);
}

}  // namespace
}  // namespace netsplit::ui::room_test
