// The space-time diagram as a reader uses it: axis, zoom, shades, lines, flags, branches.
#include <doctest/doctest.h>

#include "core/scenario/registry.h"
#include "tests/ui/harness.h"

namespace netsplit::ui::space_time_test {
namespace {

struct Spot {
  double x, y;
};
Spot center(const Harness& window, std::string_view control) {
  const auto rect = Harness::named(window.seen()["controls"], control);
  REQUIRE(!rect.is_null());
  return {rect["x"].get<double>() + rect["w"].get<double>() / 2,
          rect["y"].get<double>() + rect["h"].get<double>() / 2};
}
bool has(const Harness& window, std::string_view control) {
  return !Harness::named(window.seen()["controls"], control).is_null();
}
// Where a time is on the real axis, when the whole run is in view.
double x_at(const Harness& window, double time_us) {
  const auto track = Harness::named(window.seen()["controls"], "scrubber");
  const auto seen = window.seen();
  const double from = seen["diagram"]["from"];
  const double to = seen["diagram"]["to"];
  return track["x"].get<double>() + (time_us - from) / (to - from) * track["w"].get<double>();
}
void played(Harness& window) {
  window.app->command("end");
  window.frames(2);
}
void wheel(Harness& window, float by) {
  ImGui::GetIO().AddMouseWheelEvent(0, by);
  window.frames(2);
}

TEST_CASE("space-time: the wheel zooms about the pointer, a drag pans, Fit shows all again") {
  Harness window;
  played(window);
  const double x = x_at(window, 4e6);
  const double y = center(window, "line.lock").y + 14;
  CHECK(!has(window, "time.fit"));
  window.move(x, y);
  for (int i = 0; i < 6; ++i) wheel(window, 1);
  auto view = window.seen()["diagram"];
  const double width = view["to"].get<double>() - view["from"].get<double>();
  CHECK(width < 4e6);
  CHECK(x_at(window, 4e6) == doctest::Approx(x).epsilon(0.01));
  window.drag(x, y, x - 100, y);
  view = window.seen()["diagram"];
  CHECK(x_at(window, 4e6) < x - 60);
  CHECK(view["to"].get<double>() - view["from"].get<double>() == doctest::Approx(width));
  REQUIRE(window.press("time.fit"));
  CHECK(window.seen()["diagram"]["from"] == 0);
  CHECK(window.seen()["diagram"]["to"] == 10'000'000);
}

TEST_CASE("space-time: a press chooses an event even where the pointer has never hovered before") {
  Harness window;
  played(window);
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(static_cast<float>(x_at(window, 500'000)),
                      static_cast<float>(center(window, "line.alice").y));
  io.AddMouseButtonEvent(0, true);  // in the same frame
  window.frames();
  io.AddMouseButtonEvent(0, false);
  window.frames(2);
  const auto diagram = window.seen()["diagram"];
  CHECK(diagram["event"].get<int>() >= 0);
  CHECK(diagram["future"].get<int>() > 5);
}

TEST_CASE("space-time: Page Up and Down zoom and pan, and the run stays where it is") {
  Harness window;
  window.app->command("seek", "5000000");
  window.frames();
  window.key(ImGuiKey_PageUp);
  window.key(ImGuiKey_PageUp);
  auto view = window.seen()["diagram"];
  CHECK(view["from"].get<double>() > 0);
  CHECK(view["to"].get<double>() < 10e6);
  const double from = view["from"];
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, true);
  window.key(ImGuiKey_PageDown);
  CHECK(window.seen()["diagram"]["from"].get<double>() > from);
  CHECK(window.seen()["time_us"] == 5'000'000);
  window.key(ImGuiKey_Home);
  CHECK(window.seen()["diagram"]["from"] == 0);
  CHECK(window.seen()["time_us"] == 5'000'000);
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, false);
  window.key(ImGuiKey_Home);
  CHECK(window.seen()["time_us"] == 0);
}

TEST_CASE("space-time: a click on an event shades its past and future, another clears them") {
  Harness window;
  played(window);
  window.app->command("select_event", "0");
  window.frames(2);
  REQUIRE(window.seen()["diagram"]["event"] == 0);
  window.key(ImGuiKey_Escape);
  CHECK(window.seen()["diagram"]["event"] == -1);
  // The request at 0.5 s stands on alice's line.
  const double x = x_at(window, 500e3);
  const double y = center(window, "line.alice").y;
  window.click(x, y);
  const auto seen = window.seen();
  CHECK(seen["diagram"]["event"].get<int>() >= 0);
  CHECK(seen["diagram"]["future"].get<int>() > 5);
  CHECK(window.node("alice")["selected"] == true);
  window.click(x, y);
  CHECK(window.seen()["diagram"]["event"] == -1);
}

TEST_CASE("space-time: on the logical axis the scrubber goes by Lamport numbers") {
  Harness window;
  played(window);
  REQUIRE(window.press("axis.logical"));
  window.frames(2);
  auto seen = window.seen();
  CHECK(seen["diagram"]["axis"] == "logical");
  CHECK(seen["diagram"]["to"].get<double>() < 100);
  const auto track = Harness::named(seen["controls"], "scrubber");
  const double y = track["y"].get<double>() + 3;
  window.drag(track["x"].get<double>() + track["w"].get<double>() - 2, y,
              track["x"].get<double>() + 0.4 * track["w"].get<double>(), y);
  seen = window.seen();
  CHECK(seen["time_us"].get<std::int64_t>() < 8'000'000);
  CHECK(seen["time_us"].get<std::int64_t>() > 0);
  const auto events = seen["events"];
  REQUIRE(!events.empty());
  REQUIRE(window.press("axis.real"));
  window.frames(2);
  CHECK(window.seen()["diagram"]["to"] == 10'000'000);
}

TEST_CASE("space-time: lines are hidden, shown and moved from the list and by dragging the name") {
  Harness window;
  played(window);
  REQUIRE(window.press("time.lines"));
  window.frames(2);
  REQUIRE(window.press("line.show.lock"));
  window.frames(2);
  CHECK(window.seen()["diagram"]["lines"] == nlohmann::json{"alice", "bob", "storage"});
  CHECK(!has(window, "line.lock"));
  REQUIRE(window.press("line.up.storage"));
  window.frames(2);
  CHECK(window.seen()["diagram"]["lines"] == nlohmann::json{"alice", "storage", "bob"});
  REQUIRE(window.press("line.show.lock"));
  window.frames(2);
  CHECK(window.seen()["diagram"]["lines"] == nlohmann::json{"alice", "lock", "storage", "bob"});
  window.key(ImGuiKey_Escape);
  window.click(center(window, "scrubber").x, center(window, "scrubber").y);
  window.frames(3);
  const Spot bob = center(window, "line.bob");
  const Spot alice = center(window, "line.alice");
  window.drag(bob.x, bob.y, alice.x, alice.y);
  CHECK(window.seen()["diagram"]["lines"] == nlohmann::json{"bob", "alice", "lock", "storage"});
  // Another run of the same scenario keeps them, another scenario has its own.
  window.app->command("seed", "9");
  window.frames(2);
  CHECK(window.seen()["diagram"]["lines"][0] == "bob");
  REQUIRE(window.app->open_scenario("vector").ok());
  window.frames(2);
  CHECK(window.seen()["diagram"]["lines"].size() == window.seen()["nodes"].size());
}

TEST_CASE("space-time: before anything has happened the script's inputs can be jumped to") {
  Harness window;
  REQUIRE(has(window, "input.1"));
  REQUIRE(window.press("input.1"));
  window.frames(2);
  CHECK(window.seen()["time_us"] == 1'000'000);
}

TEST_CASE("space-time: lesson moments and violations are flags that lead there") {
  Harness window;
  played(window);
  REQUIRE(window.press("moment.4"));
  window.frames(2);
  CHECK(window.seen()["time_us"] >= find_scenario("lock-gc-pause")->lesson[4].at_us);
  REQUIRE(window.press("violation.no_stale_write"));
  window.frames(2);
  const auto seen = window.seen();
  CHECK(Harness::named(seen["properties"], "no_stale_write")["standing"] == "violated");
  CHECK(seen["diagram"]["event"].get<int>() > 0);
  CHECK(seen["diagram"]["past"].get<int>() > 5);
}

TEST_CASE("space-time: flags and their neighbours never lie on each other") {
  for (const float width : {390.f, 1024.f, 1440.f}) {
    Harness window(width, width < 700 ? 844 : 800);
    for (const Scenario& scenario : library()) {
      CAPTURE(scenario.id);
      REQUIRE(window.app->open_scenario(scenario.id).ok());
      window.frames(2);
      played(window);
      std::vector<nlohmann::json> flags;
      const auto seen = window.seen();
      for (const auto& control : seen["controls"]) {
        const std::string name = control["name"];
        if (name.starts_with("moment.") || name.starts_with("violation.") ||
            name.starts_with("staging.mark."))
          flags.push_back(control);
      }
      for (std::size_t i = 0; i < flags.size(); ++i) {
        for (std::size_t k = i + 1; k < flags.size(); ++k) {
          CAPTURE(flags[i].dump());
          CAPTURE(flags[k].dump());
          CHECK(std::abs(flags[i]["x"].get<double>() - flags[k]["x"].get<double>()) > 16);
        }
      }
    }
  }
}

void fork_at(Harness& window, const char* time_us, const char* command, const char* argument) {
  window.app->command("seek", time_us);
  window.frames(2);
  window.app->command(command, argument);
  window.frames(2);
}

TEST_CASE("branches: the list renames, compares, switches and deletes") {
  Harness window;
  played(window);
  fork_at(window, "3000000", "cut", "bob,storage");
  REQUIRE(window.seen()["branches"].size() == 2);
  REQUIRE(window.press("time.branches"));
  window.frames(2);
  REQUIRE(window.press("branch.name.1"));
  window.frames(3);
  ImGui::GetIO().AddInputCharactersUTF8("bob is cut off");
  window.frames(2);
  window.key(ImGuiKey_Enter);
  window.frames(2);
  CHECK(window.seen()["branches"][1]["name"] == "bob is cut off");

  REQUIRE(window.press("branch.compare.0"));
  for (int i = 0; i < 200 && !window.seen().contains("comparison"); ++i) window.frames();
  auto seen = window.seen();
  REQUIRE(seen.contains("comparison"));
  CHECK(seen["comparison"]["equal"] == false);
  // The cut itself is the first thing that differs.
  CHECK(seen["comparison"]["a"].get<std::string>().find("cut") != std::string::npos);
  CHECK(seen["comparison"]["verdicts"].dump().find("no_stale_write") != std::string::npos);
  window.frames(2);
  REQUIRE(window.press("difference.go"));
  window.frames(2);
  seen = window.seen();
  CHECK(seen["diagram"]["event"] == seen["comparison"]["event"]);
  CHECK(seen["time_us"] == 3'000'000);

  REQUIRE(window.press("branch.switch.0"));
  window.frames(2);
  CHECK(window.seen()["branch"] == 0);
  REQUIRE(window.press("branch.delete.1"));
  window.frames(2);
  CHECK(window.seen()["branches"].size() == 1);
  CHECK(!window.seen().contains("comparison"));
  CHECK(window.seen()["branch"] == 0);
}

TEST_CASE(
    "branches: the one that is shown can be deleted; the run goes back to where it came from") {
  Harness window;
  played(window);
  fork_at(window, "3000000", "cut", "bob,storage");
  window.app->command("delete_branch", "1");
  window.frames(2);
  auto seen = window.seen();
  CHECK(seen["branch"] == 0);
  CHECK(seen["time_us"] == 3'000'000);
  CHECK(window.link("bob", "storage")["state"] == "open");
  window.app->command("delete_branch", "0");
  window.frames();
  CHECK(window.seen()["branches"].size() == 1);
  CHECK(window.seen()["toast_tone"] == "bad");
  window.app->command("name_branch", "0,  \t ");
  window.frames();
  CHECK(window.seen()["branches"][0]["name"] == "first run");
}

TEST_CASE("branches: two runs that are the same are said to be") {
  Harness window;
  played(window);
  const auto seed = window.seen()["seed_text"].get<std::string>();
  window.app->command("seed", "9");
  window.frames(2);
  window.app->command("seed", seed);
  window.frames(2);
  REQUIRE(window.seen()["branches"].size() == 3);
  window.app->command("compare_branches", "0,2");
  for (int i = 0; i < 200 && !window.seen().contains("comparison"); ++i) window.frames();
  CHECK(window.seen()["comparison"]["equal"] == true);
  window.app->command("compare_branches", "0,1");
  for (int i = 0; i < 200 && window.seen()["comparison"]["equal"] != false; ++i) window.frames();
  CHECK(window.seen()["comparison"]["equal"] == false);
}

}  // namespace
}  // namespace netsplit::ui::space_time_test
