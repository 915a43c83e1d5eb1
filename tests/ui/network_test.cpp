// The network's tools and menus by mouse, finger and keys, and what comes of each.
#include <doctest/doctest.h>

#include <cmath>

#include "core/base/time.h"
#include "tests/ui/harness.h"

namespace netsplit::ui::network_test {
namespace {

// Draws a circle round a point.
void lasso(Harness& window, double x, double y, double radius) {
  window.move(x + radius, y);
  window.button(0, true);
  for (int i = 1; i <= 16; ++i)
    window.move(x + radius * std::cos(0.385 * i), y + radius * std::sin(0.385 * i));
  window.button(0, false);
  window.frames(2);
}

void lasso_round(Harness& window, std::string_view name, double radius = 60) {
  const auto node = window.node(name);
  lasso(window, node["x"], node["y"], radius);
}

std::string state_of(const Harness& window, std::string_view a, std::string_view b) {
  return window.link(a, b)["state"];
}

void type(Harness& window, std::string_view text) {
  for (const char c : text) ImGui::GetIO().AddInputCharacter(static_cast<unsigned char>(c));
  window.frames();
  window.key(ImGuiKey_Enter);
}

nlohmann::json message(const Harness& window) { return window.seen()["messages"].at(0); }

// At 600 ms alice's Acquire is on its way to the lock service; at 7.6 s her late write.
void open_card(Harness& window, Time at_us) {
  window.app->command("seek", std::to_string(at_us));
  window.frames(2);
  const auto at = message(window);
  window.click(at["x"], at["y"]);
  window.frames(2);
}

bool has(const nlohmann::json& text, std::string_view part) {
  return text.get<std::string>().find(part) != std::string::npos;
}

bool has_control(const Harness& window, std::string_view name) {
  return !Harness::named(window.seen()["controls"], name).is_null();
}

}  // namespace

TEST_CASE("lasso: drawn round a node it parts it from the rest, and says whom it cannot reach") {
  Harness window;
  window.key(ImGuiKey_L);
  CHECK(window.seen()["tool"] == "partition");
  lasso_round(window, "alice");
  CHECK(state_of(window, "alice", "lock") == "open");  // the menu asks first
  REQUIRE(window.press("menu.apart"));
  CHECK(state_of(window, "alice", "lock") == "cut");
  CHECK(state_of(window, "alice", "storage") == "cut");
  CHECK(state_of(window, "bob", "lock") == "open");
  const auto islands = window.seen()["islands"];
  REQUIRE(islands.size() == 1);
  CHECK(islands[0] == "alice cannot reach bob, lock and storage");
}

TEST_CASE("lasso: one way, those inside are not heard, or hear nobody") {
  Harness window;
  window.key(ImGuiKey_L);
  lasso_round(window, "alice");
  REQUIRE(window.press("menu.not_heard"));
  CHECK(state_of(window, "alice", "lock") == "one_way");
  CHECK(has(window.seen()["islands"][0], "alice: not heard by"));
  window.app->command("heal_all");
  window.frames();
  CHECK(window.seen()["islands"].empty());
  lasso_round(window, "alice");
  REQUIRE(window.press("menu.deaf"));
  CHECK(state_of(window, "alice", "lock") == "one_way");
  CHECK(has(window.seen()["islands"][0], "alice: hears nothing from"));
}

TEST_CASE("lasso: a second one makes a second partition; a click on a region heals that one") {
  Harness window;
  window.key(ImGuiKey_L);
  lasso_round(window, "alice");
  REQUIRE(window.press("menu.apart"));
  lasso_round(window, "bob");
  REQUIRE(window.press("menu.apart"));
  CHECK(window.seen()["islands"].size() == 2);
  const auto alice = window.node("alice");
  // Beside the node, still inside its region.
  window.click(alice["x"].get<double>() - 58, alice["y"].get<double>() - 10);
  window.frames(2);
  REQUIRE(window.press("menu.heal_island"));
  CHECK(state_of(window, "alice", "lock") == "open");
  CHECK(state_of(window, "bob", "lock") == "cut");
  CHECK(window.seen()["islands"].size() == 1);
}

TEST_CASE("lasso: round several, each of them can be isolated; round none, it says so") {
  Harness window;
  window.key(ImGuiKey_L);
  const auto lock = window.node("lock");
  const auto storage = window.node("storage");
  const double x = lock["x"];
  const double y0 = lock["y"];
  const double y1 = storage["y"];
  lasso(window, x, (y0 + y1) / 2, (y1 - y0) / 2 + 30);
  REQUIRE(has_control(window, "menu.each_alone"));
  CHECK(window.press("menu.each_alone"));
  for (const char* client : {"alice", "bob"}) {
    CHECK(state_of(window, client, "lock") == "cut");
    CHECK(state_of(window, client, "storage") == "cut");
  }
  lasso(window, x - 90, (y0 + y1) / 2, 20);
  CHECK(has(window.seen()["toast"], "No node is inside"));
}

TEST_CASE("lasso: a node's own click parts it alone, and its links heal by the same menu") {
  Harness window;
  window.key(ImGuiKey_L);
  const auto bob = window.node("bob");
  window.click(bob["x"], bob["y"]);
  window.frames(2);
  REQUIRE(window.press("menu.apart"));
  CHECK(state_of(window, "bob", "storage") == "cut");
  window.click(bob["x"], bob["y"]);
  window.frames(2);
  REQUIRE(window.press("menu.heal_around"));
  CHECK(state_of(window, "bob", "storage") == "open");
}

TEST_CASE("clock: dragged to the right it runs fast, to the left slow") {
  Harness window;
  window.key(ImGuiKey_K);
  CHECK(window.seen()["tool"] == "clock");
  const auto bob = window.node("bob");
  const double x = bob["x"];
  const double y = bob["y"];
  window.drag(x, y, x + 80, y);
  const auto fast = window.node("bob")["drift_ppm"].get<std::int64_t>();
  CHECK(fast > 10'000);
  CHECK(fast < 100'000);
  window.drag(x, y, x - 40, y);
  CHECK(window.node("bob")["drift_ppm"].get<std::int64_t>() < -1'000);
  CHECK(window.node("alice")["drift_ppm"] == 0);
}

TEST_CASE("clock: its menu steps it, lets it drift, and turns NTP on and off") {
  Harness window;
  window.key(ImGuiKey_K);
  const auto bob = window.node("bob");
  window.click(bob["x"], bob["y"]);
  window.frames(2);
  REQUIRE(window.press("menu.step.on_second"));
  CHECK(window.node("bob")["wall_error_us"] == 1'000'000);
  REQUIRE(window.press("menu.step.back_minute"));  // the menu stays for more
  CHECK(window.node("bob")["wall_error_us"] == -59'000'000);
  REQUIRE(window.press("menu.drift.slow"));
  CHECK(window.node("bob")["drift_ppm"] == -10'000);
  window.click(bob["x"], bob["y"]);
  window.frames(2);
  REQUIRE(window.press("menu.ntp"));
  CHECK(window.node("bob")["ntp"] == true);
  window.click(bob["x"], bob["y"]);
  window.frames(2);
  REQUIRE(window.press("menu.ntp"));
  CHECK(window.node("bob")["ntp"] == false);
}

TEST_CASE("message: it is duplicated and delivered now by its card") {
  Harness window;
  open_card(window, 600'000);
  REQUIRE(window.press("menu.duplicate"));
  CHECK(window.seen()["messages"].size() == 2);
  open_card(window, 600'000);
  const auto id = message(window)["id"];
  REQUIRE(window.press("menu.deliver"));
  window.app->command("step");
  window.frames();
  const auto seen = window.seen();
  for (const auto& each : seen["messages"]) CHECK(each["id"] != id);
}

TEST_CASE("message: it is delayed by as much as the card says, which doubles and halves") {
  const auto arrival_after = [](int doublings) {
    Harness window;
    open_card(window, 600'000);
    for (int i = 0; i < doublings; ++i) REQUIRE(window.press("menu.delay_more"));
    for (int i = 0; i > doublings; --i) REQUIRE(window.press("menu.delay_less"));
    REQUIRE(window.press("menu.delay"));
    REQUIRE(window.seen()["messages"].size() == 1);
    window.app->command("step");  // nothing else is due before it
    window.frames();
    return window.seen()["time_us"].get<std::int64_t>();
  };
  const std::int64_t usual = arrival_after(0);
  CHECK(usual >= 1'000'000);
  CHECK(arrival_after(-2) < usual);
}

TEST_CASE("message: a value in it is altered by writing another; a wrong one is refused") {
  Harness window;
  window.app->command("seek", "7600000");
  window.frames(2);
  REQUIRE(message(window)["label"] == "Write alice \u00b7 1");
  open_card(window, 7'600'000);
  REQUIRE(window.press("field.token"));
  window.frames(2);
  type(window, "many");
  CHECK(window.seen()["toast_tone"] == "bad");
  CHECK(has(window.seen()["toast"], "expected a whole number, found \"many\""));
  CHECK(message(window)["label"] == "Write alice \u00b7 1");
  window.frames(2);
  type(window, "7");
  CHECK(message(window)["label"] == "Write alice \u00b7 7");
  window.app->command("end");
  window.frames();
  CHECK(Harness::named(window.seen()["properties"], "no_stale_write")["standing"] == "holds");
}

TEST_CASE("by hand: nothing arrives until its line in the inbox is clicked") {
  Harness window;
  window.key(ImGuiKey_H);
  CHECK(window.seen()["manual"] == true);
  window.app->command("step");  // alice is asked
  window.frames(2);
  auto seen = window.seen();
  REQUIRE(seen["messages"].size() == 1);
  CHECK(seen["messages"][0]["status"] == "waiting");
  CHECK(seen["messages"][0]["to"] == "lock");
  REQUIRE(has_control(window, "inbox.timer.alice.0"));
  const auto id = std::to_string(seen["messages"][0]["id"].get<std::int64_t>());
  REQUIRE(window.press("inbox.message." + id));
  seen = window.seen();
  REQUIRE(seen["messages"].size() == 1);  // the grant, for alice
  CHECK(seen["messages"][0]["to"] == "alice");
  CHECK(has(window.node("lock")["caption"], "held by alice"));
  // Her timer to ask again is fired by hand: a second Acquire.
  REQUIRE(window.press("inbox.timer.alice.0"));
  CHECK(window.seen()["messages"].size() == 2);
  window.key(ImGuiKey_H);
  CHECK(window.seen()["manual"] == false);
}

TEST_CASE("by hand: a waiting message's card drops it; there is no later by hand") {
  Harness window;
  window.app->command("manual", "on");
  window.app->command("step");
  window.frames(2);
  const auto row = Harness::named(window.seen()["controls"], "inbox.message.1");
  REQUIRE_FALSE(row.is_null());
  window.click(row["x"].get<double>() + 40, row["y"].get<double>() + 8, 1);
  window.frames(2);
  CHECK_FALSE(has_control(window, "menu.delay"));
  REQUIRE(window.press("menu.drop"));
  CHECK(window.seen()["messages"].empty());
}

TEST_CASE("inbox: what waits for a paused process is listed beside it, and opens its card") {
  Harness window;
  window.app->command("seek", "400000");
  window.app->command("pause_node", "lock");
  window.app->command("seek", "900000");
  window.frames(2);
  REQUIRE(message(window)["status"] == "waiting");
  CHECK(window.node("lock")["waiting"] == 1);
  REQUIRE(window.press("inbox.message.1"));
  window.frames(2);
  REQUIRE(window.press("menu.drop"));
  CHECK(window.seen()["messages"].empty());
}

TEST_CASE("node: its menu asks it for something, as a client would") {
  Harness window;
  const auto bob = window.node("bob");
  window.click(bob["x"], bob["y"], 1);
  window.frames(2);
  REQUIRE(window.press("menu.request.lock_and_write"));
  CHECK(window.node("bob")["caption"] == "waits for the lock");
  REQUIRE(window.seen()["messages"].size() == 1);
}

TEST_CASE("node: where it is dragged to is remembered, and the link takes it along") {
  Harness window;
  const auto bob = window.node("bob");
  window.drag(bob["x"], bob["y"], bob["x"].get<double>() - 60, bob["y"].get<double>() + 50);
  const auto moved = window.node("bob");
  CHECK(moved["x"].get<double>() == doctest::Approx(bob["x"].get<double>() - 60).epsilon(0.02));
  CHECK(moved["selected"] == false);
  const std::string link = window.app->share_link().value();
  window.app->command("open", "lock-fenced");
  window.frames(2);
  REQUIRE(window.app->open_link(link));
  window.frames(2);
  // The picture is stretched to its area anew; where bob stands in it stays.
  const auto again = window.node("bob");
  CHECK(std::abs(again["y"].get<double>() - window.node("alice")["y"].get<double>()) > 30);
}

TEST_CASE("view: keys and buttons zoom, pan and fit the network") {
  Harness window;
  const auto gap = [&] {
    return window.node("bob")["x"].get<double>() - window.node("alice")["x"].get<double>();
  };
  const double usual = gap();
  window.key(ImGuiKey_Equal);
  CHECK(gap() > usual * 1.2);
  window.key(ImGuiKey_0);
  CHECK(gap() == doctest::Approx(usual));
  CHECK(window.press("view.further"));
  CHECK(gap() < usual * 0.9);
  CHECK(window.press("view.fit"));
  CHECK(gap() == doctest::Approx(usual));
  const double x = window.node("bob")["x"];
  const auto step = window.seen()["step"];
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, true);
  window.key(ImGuiKey_RightArrow);
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, false);
  window.frames();
  CHECK(window.node("bob")["x"].get<double>() < x - 30);
  CHECK(window.seen()["step"] == step);  // Shift and an arrow is no step in time
}

TEST_CASE("keyboard: nodes are gone through, and Enter does what a click would") {
  Harness window;
  window.key(ImGuiKey_N);
  CHECK(window.node("alice")["selected"] == true);
  window.key(ImGuiKey_N);
  CHECK(window.node("bob")["selected"] == true);
  window.key(ImGuiKey_P);
  window.key(ImGuiKey_Enter);
  CHECK(window.node("bob")["condition"] == "paused");
  window.key(ImGuiKey_V);
  window.key(ImGuiKey_Enter);
  window.frames(2);
  REQUIRE(has_control(window, "menu.crash"));
  window.key(ImGuiKey_DownArrow);  // inspect → let it run
  window.key(ImGuiKey_Enter);
  CHECK(window.node("bob")["condition"] == "up");
  CHECK_FALSE(has_control(window, "menu.crash"));
}

TEST_CASE("keyboard: a link is cut between two marked nodes, and Escape lets go of a mark") {
  Harness window;
  window.key(ImGuiKey_C);
  window.key(ImGuiKey_N);      // alice
  window.key(ImGuiKey_Enter);  // marked
  window.key(ImGuiKey_N);
  window.key(ImGuiKey_N);  // lock
  window.key(ImGuiKey_Enter);
  CHECK(state_of(window, "alice", "lock") == "cut");
  CHECK(state_of(window, "alice", "storage") == "open");
  window.key(ImGuiKey_Enter);
  window.key(ImGuiKey_Escape);
  CHECK(window.node("lock")["selected"] == true);  // only the mark is gone
}

TEST_CASE("keyboard: marked nodes are parted, and a message is dropped") {
  Harness window;
  window.key(ImGuiKey_L);
  window.key(ImGuiKey_N);
  window.key(ImGuiKey_Enter);
  window.key(ImGuiKey_Enter);
  window.frames(2);
  REQUIRE(has_control(window, "menu.apart"));
  window.key(ImGuiKey_Enter);
  CHECK(state_of(window, "alice", "lock") == "cut");
  window.app->command("heal_all");
  window.app->command("seek", "600000");
  window.frames(2);
  window.key(ImGuiKey_M);
  window.key(ImGuiKey_Enter);
  window.frames(2);
  REQUIRE(has_control(window, "menu.drop"));
  window.key(ImGuiKey_Enter);  // the first entry
  CHECK(window.seen()["messages"].empty());
}

TEST_CASE("touch: a long press opens the node's menu, and the arrow of time does not move") {
  Harness window(390, 844, false, false, {}, true);
  const auto bob = window.node("bob");
  window.move(bob["x"], bob["y"]);
  window.button(0, true);
  window.frames(40);
  window.button(0, false);
  window.frames(2);
  CHECK(has_control(window, "menu.isolate"));
  REQUIRE(window.press("menu.pause"));
  CHECK(window.node("bob")["condition"] == "paused");
}

TEST_CASE("field: above 500 nodes a value colours them, which the legend's list chooses") {
  Harness window;
  const std::string file = R"({"protocol": "lease_lock", "title": "Many", "id": "many",
    "nodes": [{"name": "c", "role": "client", "count": 600}, {"name": "lock", "role":
    "lock_service"}, {"name": "storage", "role": "storage"}], "seed": 1, "until": "9s"})";
  REQUIRE(window.app->open_file(file, "many.json"));
  window.frames(3);
  // No mark lies under the legend.
  const auto legend = Harness::named(window.seen()["controls"], "field.choose");
  const auto marks = window.seen()["nodes"];
  std::size_t under = 0;
  for (const auto& mark : marks) {
    under += mark["y"].get<double>() > legend["y"].get<double>() &&
                     mark["x"].get<double>() < legend["x"].get<double>() + legend["w"].get<double>()
                 ? 1
                 : 0;
  }
  CHECK(under == 0);
  REQUIRE(window.press("field.choose"));
  window.frames(2);
  std::size_t choices = 0;
  const auto controls = window.seen()["controls"];
  for (const auto& control : controls) choices += has(control["name"], "field.by.") ? 1 : 0;
  CHECK(choices >= 2);
  CHECK(has_control(window, "field.by.condition"));
  REQUIRE(window.press("field.by.state"));
  CHECK_FALSE(has_control(window, "field.by.state"));  // the list is shut
  window.key(ImGuiKey_X);
  const auto c = window.node("c150");
  window.click(c["x"], c["y"]);
  CHECK(window.node("c150")["condition"] == "down");
}

}  // namespace netsplit::ui::network_test
