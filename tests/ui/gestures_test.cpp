// What a person does, by injected mouse and keys, and what comes of it.
#include <doctest/doctest.h>

#include "tests/ui/harness.h"

namespace netsplit::ui::gestures_test {
namespace {

TEST_CASE("window: the first visit opens lock-gc-pause, standing still at its first moment") {
  Harness window;
  const auto seen = window.seen();
  CHECK(seen["scenario"]["id"] == "lock-gc-pause");
  CHECK(seen["playing"] == false);
  CHECK(seen["time_us"] == 0);
  CHECK(seen["nodes"].size() == 4);
}

TEST_CASE("window: Space plays and stops") {
  Harness window;
  window.key(ImGuiKey_Space);
  CHECK(window.seen()["playing"] == true);
  window.frames(120);
  const auto later = window.seen();
  CHECK(later["time_us"].get<std::int64_t>() > 500'000);
  window.key(ImGuiKey_Space);
  CHECK(window.seen()["playing"] == false);
  const auto stopped = window.seen()["time_us"];
  window.frames(30);
  CHECK(window.seen()["time_us"] == stopped);
}

TEST_CASE("window: arrows go one event on and back, Home and End to the ends") {
  Harness window;
  const auto first = window.seen()["step"].get<std::int64_t>();
  window.key(ImGuiKey_RightArrow);
  window.key(ImGuiKey_RightArrow);
  CHECK(window.seen()["step"] == first + 2);
  window.key(ImGuiKey_LeftArrow);
  CHECK(window.seen()["step"] == first + 1);
  window.key(ImGuiKey_End);
  const auto end = window.seen();
  CHECK(end["step"] == end["steps_known"]);
  CHECK(Harness::named(end["properties"], "no_stale_write")["standing"] == "violated");
  window.key(ImGuiKey_Home);
  CHECK(window.seen()["time_us"] == 0);
}

TEST_CASE("window: a click with the pause tool pauses a node, another lets it run") {
  Harness window;
  window.key(ImGuiKey_P);
  CHECK(window.seen()["tool"] == "pause");
  auto bob = window.node("bob");
  window.click(bob["x"], bob["y"]);
  CHECK(window.node("bob")["condition"] == "paused");
  bob = window.node("bob");
  window.click(bob["x"], bob["y"]);
  CHECK(window.node("bob")["condition"] == "up");
}

TEST_CASE("window: the crash tool takes a node down and up again") {
  Harness window;
  CHECK(window.press("tool.crash"));
  const auto at = window.node("storage");
  window.click(at["x"], at["y"]);
  CHECK(window.node("storage")["condition"] == "down");
  window.click(at["x"], at["y"]);
  CHECK(window.node("storage")["condition"] == "up");
}

TEST_CASE("window: a click with the knife cuts a link, another heals it") {
  Harness window;
  window.key(ImGuiKey_C);
  auto link = window.link("alice", "lock");
  REQUIRE(link["state"] == "open");
  window.click(link["x"], link["y"]);
  CHECK(window.link("alice", "lock")["state"] == "cut");
  CHECK(window.link("bob", "lock")["state"] == "open");
  link = window.link("alice", "lock");
  window.click(link["x"], link["y"]);
  CHECK(window.link("alice", "lock")["state"] == "open");
}

TEST_CASE("window: the knife dragged across several links cuts them all, again heals them") {
  Harness window;
  window.key(ImGuiKey_C);
  const auto alice = window.node("alice");
  const auto lock = window.node("lock");
  const auto storage = window.node("storage");
  // A stroke from above to below, between alice and the two in the middle.
  const double x = (alice["x"].get<double>() + lock["x"].get<double>()) / 2;
  const double y0 = lock["y"].get<double>() + 5;
  const double y1 = storage["y"].get<double>() - 5;
  window.drag(x, y0, x, y1);
  CHECK(window.link("alice", "lock")["state"] == "cut");
  CHECK(window.link("alice", "storage")["state"] == "cut");
  CHECK(window.link("bob", "lock")["state"] == "open");
  window.drag(x, y0, x, y1);
  CHECK(window.link("alice", "lock")["state"] == "open");
  CHECK(window.link("alice", "storage")["state"] == "open");
}

TEST_CASE("window: the scrubber is dragged; messages are seen on their way") {
  Harness window;
  window.app->command("seek", "8000000");
  window.frames(2);
  const auto track = Harness::named(window.seen()["controls"], "scrubber");
  const double y = track["y"].get<double>() + track["h"].get<double>() / 2;
  const double x = track["x"];
  const double w = track["w"];
  window.drag(x + w * 0.8, y, x + w * 0.06, y);
  const auto seen = window.seen();
  CHECK(seen["time_us"].get<std::int64_t>() == doctest::Approx(600'000).epsilon(0.02));
  REQUIRE(seen["messages"].size() == 1);
  // Between alice, who sent it, and the lock service.
  const double at = seen["messages"][0]["x"];
  CHECK(at > window.node("alice")["x"].get<double>());
  CHECK(at < window.node("lock")["x"].get<double>());
}

TEST_CASE("window: a gesture in the past makes a branch, and both are kept") {
  Harness window;
  window.app->command("end");
  window.frames();
  window.app->command("seek", "900000");
  window.app->command("pause_node", "bob");
  window.frames();
  auto seen = window.seen();
  REQUIRE(seen["branches"].size() == 2);
  CHECK(seen["branch"] == 1);
  CHECK(window.node("bob")["condition"] == "paused");
  window.app->command("branch", "0");
  window.frames();
  seen = window.seen();
  CHECK(seen["branch"] == 0);
  CHECK(window.node("bob")["condition"] == "up");
  CHECK(window.press("branch.1"));
  CHECK(window.seen()["branch"] == 1);
}

TEST_CASE("window: a node's menu isolates it and heals again") {
  Harness window;
  const auto bob = window.node("bob");
  window.click(bob["x"], bob["y"], 1);
  window.frames(2);
  REQUIRE(window.press("menu.isolate"));
  CHECK(window.link("bob", "lock")["state"] == "cut");
  CHECK(window.link("bob", "storage")["state"] == "cut");
  window.click(bob["x"], bob["y"], 1);
  window.frames(2);
  REQUIRE(window.press("menu.heal_all"));
  CHECK(window.link("bob", "lock")["state"] == "open");
}

TEST_CASE("window: a message is dropped by its menu") {
  Harness window;
  window.app->command("seek", "600000");
  window.frames(2);
  const auto message = window.seen()["messages"].at(0);
  window.click(message["x"], message["y"]);
  window.frames(2);
  REQUIRE(window.press("menu.drop"));
  CHECK(window.seen()["messages"].empty());
}

TEST_CASE("window: a click on a node opens it in the inspector, Escape lets go") {
  Harness window;
  const auto lock = window.node("lock");
  window.click(lock["x"], lock["y"]);
  CHECK(window.node("lock")["selected"] == true);
  window.key(ImGuiKey_Escape);
  CHECK(window.node("lock")["selected"] == false);
}

TEST_CASE("window: a parameter set by its button starts a run that differs") {
  Harness window;
  window.app->command("parameter", "fencing=token");
  window.frames();
  CHECK(Harness::named(window.seen()["parameters"], "fencing")["value"] == "token");
  CHECK(window.seen()["time_us"] == 0);
  window.app->command("end");
  window.frames();
  CHECK(Harness::named(window.seen()["properties"], "no_stale_write")["standing"] == "holds");
}

TEST_CASE("window: the first bad event is one click away") {
  Harness window;
  window.app->command("end");
  window.frames(2);
  const auto bad = Harness::named(window.seen()["properties"], "no_stale_write");
  window.app->command("home");
  window.frames(2);
  REQUIRE(window.press("violation.no_stale_write"));
  CHECK(window.seen()["time_us"] == bad["at_us"]);
  CHECK(Harness::named(window.seen()["properties"], "no_stale_write")["standing"] == "violated");
}

// ImGui lays a new menu out once unseen, before it knows its size: what is told then stands where
// nobody will find it.
TEST_CASE("window: what a menu holds is told, from the first frame, where a click finds it") {
  Harness window;
  window.app->command("select_tool", "clock");
  for (const char* name : {"alice", "bob", "lock", "storage"}) {
    CAPTURE(name);
    const auto node = window.node(name);
    window.move(node["x"], node["y"]);
    window.button(0, true);
    window.button(0, false);
    const auto told = [&] {
      return Harness::named(window.seen()["controls"], "menu.step.on_second");
    };
    auto first = told();
    for (int i = 0; i < 3 && first.is_null(); ++i) {
      window.frames();
      first = told();
    }
    REQUIRE_FALSE(first.is_null());
    window.frames(3);
    CHECK(told() == first);
    window.key(ImGuiKey_Escape);
    window.frames(2);
  }
}

}  // namespace
}  // namespace netsplit::ui::gestures_test
