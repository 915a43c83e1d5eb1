// The legend: it lists what occurs in the open experiment, and covers neither nodes nor tools.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/scenario/registry.h"
#include "tests/ui/harness.h"
#include "ui/strings.h"

namespace netsplit::ui::legend_test {
namespace {

bool lists(const nlohmann::json& seen, std::string_view text) {
  for (const auto& part : seen["legend"]["parts"]) {
    for (const auto& row : part["rows"]) {
      if (row["text"] == text) return true;
    }
  }
  return false;
}

TEST_CASE("legend: the roles, fields and messages of the open experiment are listed, no others") {
  Harness window;
  REQUIRE(window.app->open_scenario("lock-gc-pause").ok());
  window.frames(2);
  auto seen = window.seen();
  for (const char* text : {"client", "lock service", "storage", "Granted", "token, by number",
                           "lease, time left", "paused", "the lesson speaks of it"}) {
    CAPTURE(text);
    CHECK(lists(seen, text));
  }
  for (const char* text : {"epoch, a colour for each", "log, its last entries", "cut", "down",
                           "waits for the node", "wall clock that is wrong; thin: true time"}) {
    CAPTURE(text);
    CHECK(!lists(seen, text));
  }
  REQUIRE(window.app->open_scenario("raft-replication").ok());
  window.app->command("seek", "3000000");
  window.frames(2);
  seen = window.seen();
  for (const char* text :
       {"server", "epoch, a colour for each", "log, its last entries", "committed up to the bar"}) {
    CAPTURE(text);
    CHECK(lists(seen, text));
  }
  CHECK(!lists(seen, "lock service"));
  CHECK(!lists(seen, "token, by number"));
}

TEST_CASE("legend: what a person does to the run comes to be listed") {
  Harness window;
  REQUIRE(window.app->open_scenario("lock-gc-pause").ok());
  window.frames(2);
  REQUIRE(!lists(window.seen(), "cut"));
  window.app->command("cut", "alice,lock");
  window.frames(2);
  CHECK(lists(window.seen(), "cut"));
  window.app->command("crash_node", "bob");
  window.frames(2);
  CHECK(lists(window.seen(), "down"));
}

TEST_CASE("legend: every experiment has one, in both languages, and no row is empty") {
  for (const char* language : {"en", "de"}) {
    Harness window(1280, 800, false, false, language);
    for (const Scenario& scenario : library()) {
      CAPTURE(scenario.id);
      REQUIRE(window.app->open_scenario(scenario.id).ok());
      window.frames(2);
      const auto seen = window.seen();
      REQUIRE(seen["legend"]["parts"].size() >= 2);
      for (const auto& part : seen["legend"]["parts"]) {
        CHECK(!part["title"].get<std::string>().empty());
        REQUIRE(!part["rows"].empty());
        for (const auto& row : part["rows"]) CHECK(!row["text"].get<std::string>().empty());
      }
    }
    set_language(Language::english);
  }
}

TEST_CASE("legend: a button, a key and a command open it, and it folds up again") {
  Harness window;
  const auto open = [&] { return window.seen()["legend"]["open"] == true; };
  REQUIRE(!open());
  REQUIRE(window.press("view.legend"));
  window.frames(2);
  CHECK(open());
  REQUIRE(window.press("legend.close"));
  window.frames(2);
  CHECK(!open());
  window.key(ImGuiKey_D);
  CHECK(open());
  window.key(ImGuiKey_Escape);
  CHECK(!open());
  window.app->command("palette");
  window.frames(4);
  window.type("what is drawn");
  window.key(ImGuiKey_Enter);
  CHECK(open());
}

TEST_CASE("legend: nodes and tools keep clear of it, and on a phone it takes the sheet's place") {
  for (const float width : {1440.f, 1280.f, 1024.f, 720.f, 390.f}) {
    CAPTURE(width);
    const float height = width < 700 ? 844.f : 800.f;
    Harness window(width, height, false, false, {}, width < 700);
    REQUIRE(window.app->open_scenario("raft-replication").ok());
    window.app->command("legend");
    window.frames(3);
    const auto seen = window.seen();
    const auto card = Harness::named(seen["controls"], "legend");
    REQUIRE(!card.is_null());
    const double left = card["x"], top = card["y"];
    const double right = left + card["w"].get<double>();
    const double bottom = top + card["h"].get<double>();
    CHECK(bottom <= height + 1);
    for (const auto& node : seen["nodes"]) {
      CAPTURE(node["name"]);
      const double x = node["x"], y = node["y"];
      CHECK((x < left - 16 || x > right + 16 || y < top - 16 || y > bottom + 16));
    }
    for (const auto& control : seen["controls"]) {
      const std::string name = control["name"];
      if (!name.starts_with("tool.") && !name.starts_with("view.") && name != "play") continue;
      CAPTURE(name);
      const double x = control["x"], y = control["y"];
      CHECK((x + control["w"].get<double>() <= left || x >= right ||
             y + control["h"].get<double>() <= top || y >= bottom));
    }
    if (width >= 700) continue;
    REQUIRE(window.press("tab.time"));
    window.frames(2);
    CHECK(window.seen()["legend"]["open"] == false);
  }
}

}  // namespace
}  // namespace netsplit::ui::legend_test
