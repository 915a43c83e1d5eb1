// The window as a whole: every scenario, sizes, themes, links, and standing still.
#include <doctest/doctest.h>

#include <cctype>

#include "core/scenario/link.h"
#include "core/scenario/registry.h"
#include "core/sim/hash_marks.h"
#include "tests/ui/harness.h"
#include "ui/draw.h"

namespace netsplit::ui::window_test {
namespace {

bool inside(const nlohmann::json& rect, double width, double height) {
  const double x = rect["x"];
  const double y = rect["y"];
  return x >= -1 && y >= -1 && x + rect["w"].get<double>() <= width + 1 && y <= height + 1;
}

TEST_CASE(
    "window: every scenario of the library opens, plays to its end and is judged as expected") {
  REQUIRE(!library().empty());
  Harness window;
  for (const Scenario& scenario : library()) {
    CAPTURE(scenario.id);
    REQUIRE(window.app->open_scenario(scenario.id).ok());
    window.frames(2);
    CHECK(window.seen()["scenario"]["id"] == scenario.id);
    window.app->command("speed", "1000000000");
    window.app->command("play");
    for (int i = 0; i < 2000 && window.seen()["playing"] == true; ++i) window.frames(1, 0.1);
    // What a question asks for is withheld until the reader has guessed.
    for (std::size_t i = 0; i < scenario.lesson.size(); ++i) {
      if (scenario.lesson[i].question.empty()) continue;
      window.app->command("lesson", std::to_string(i));
      window.frames(2);
      window.app->command("answer", "0");
      window.frames(2);
    }
    window.app->command("pause");
    window.app->command("end");
    do {
      window.frames(2);
    } while (window.seen()["heading_us"] != window.seen()["time_us"]);
    const auto seen = window.seen();
    CHECK(seen["playing"] == false);
    for (const Expectation& expected : scenario.expect) {
      CAPTURE(expected.property);
      const auto property = Harness::named(seen["properties"], expected.property);
      CHECK(property["standing"] == (expected.standing == Standing::holds ? "holds" : "violated"));
    }
  }
}

TEST_CASE("window: three sizes and two themes draw, and keep their controls inside") {
  struct Size {
    float width, height;
    const char* form;
  };
  for (const Size size :
       {Size{1440, 900, "wide"}, Size{1024, 768, "medium"}, Size{390, 844, "narrow"}}) {
    for (const bool light : {false, true}) {
      CAPTURE(size.width);
      Harness window(size.width, size.height, light);
      window.app->command("seek", "7600000");
      window.app->command("select", "storage");
      window.frames(3);
      const auto seen = window.seen();
      CHECK(seen["form"] == size.form);
      CHECK(seen["theme"] == (light ? "light" : "dark"));
      for (const char* name : {"play", "step", "step_back", "share", "tool.cut"}) {
        CAPTURE(name);
        const auto control = Harness::named(seen["controls"], name);
        REQUIRE(!control.is_null());
        CHECK(inside(control, size.width, size.height));
        // A finger's width on the phone.
        if (size.width < 700) CHECK(control["h"].get<double>() >= 44);
      }
      for (const auto& node : seen["nodes"]) {
        CHECK(node["x"].get<double>() > 0);
        CHECK(node["x"].get<double>() < size.width);
        CHECK(node["y"].get<double>() < size.height);
      }
    }
  }
}

TEST_CASE("window: the phone's tabs show time, lesson and inspector") {
  Harness window(390, 844);
  CHECK(!Harness::named(window.seen()["controls"], "scrubber").is_null());
  CHECK(window.press("tab.lesson"));
  CHECK(!Harness::named(window.seen()["controls"], "lesson.0").is_null());
  CHECK(window.press("tab.inspect"));
  CHECK(!Harness::named(window.seen()["controls"], "parameter.fencing").is_null());
}

TEST_CASE("window: the drawer opens at medium width") {
  Harness window(1024, 768);
  CHECK(Harness::named(window.seen()["controls"], "parameter.fencing").is_null());
  CHECK(window.press("drawer"));
  window.frames();
  CHECK(!Harness::named(window.seen()["controls"], "parameter.fencing").is_null());
}

TEST_CASE(
    "library: an open experiment shows its lesson; the list unfolds above it and folds again") {
  for (const ImVec2 size : {ImVec2{1440, 900}, ImVec2{1280, 800}, ImVec2{1024, 768}}) {
    const float width = size.x;
    const float height = size.y;
    CAPTURE(width);
    Harness window(width, height);
    const auto control = [&](std::string_view name) {
      return Harness::named(window.seen()["controls"], name);
    };
    const auto step_in_view = [&] {
      const auto step = control("lesson.0");
      return !step.is_null() && step["y"].get<double>() + step["h"].get<double>() < height / 2;
    };
    CHECK(step_in_view());
    CHECK(control("scenario.lock-fenced").is_null());
    REQUIRE(window.press("library"));
    window.frames(2);
    CHECK(!control("scenario.lock-fenced").is_null());
    REQUIRE(window.press("chapter.8 Eventual consistency and ordering"));
    window.frames(2);
    CHECK(window.press("scenario.lock-fenced"));
    window.frames(3);
    CHECK(window.seen()["scenario"]["id"] == "lock-fenced");
    CHECK(control("scenario.lock-gc-pause").is_null());
    CHECK(step_in_view());
    window.app->command("library");
    window.frames(2);
    CHECK(!control("scenario.lock-gc-pause").is_null());
    window.key(ImGuiKey_Escape);
    CHECK(control("scenario.lock-gc-pause").is_null());
  }
}

TEST_CASE("window: no node stands under the button in the network's corner") {
  for (const auto& [width, height] : {std::pair{1440.f, 900.f}, {1024.f, 768.f}}) {
    Harness window(width, height);
    for (const Scenario& scenario : library()) {
      if (scenario.setup.nodes.size() > 24) continue;  // these are small and many
      CAPTURE(scenario.id);
      REQUIRE(window.app->open_scenario(scenario.id).ok());
      window.frames(3);
      const auto seen = window.seen();
      const auto button = Harness::named(seen["controls"], "compare");
      REQUIRE(!button.is_null());
      for (const auto& node : seen["nodes"]) {
        const auto rect =
            Harness::named(seen["controls"], "node." + node["name"].get<std::string>());
        if (rect.is_null()) continue;
        CAPTURE(node["name"]);
        const bool beside = rect["x"].get<double>() + rect["w"].get<double>() <= button["x"];
        const bool below =
            rect["y"].get<double>() >= button["y"].get<double>() + button["h"].get<double>();
        CHECK((beside || below));
      }
    }
  }
}

TEST_CASE("window: a toast keeps a margin, and covers no open menu") {
  Harness window(1280, 800);
  REQUIRE(window.app->open_scenario("lock-gc-pause").ok());
  window.app->command("edit", "parameters");
  window.frames(3);
  window.app->command("parameter", "lease=-4");
  window.frames(2);
  const auto toast = [&] { return Harness::named(window.seen()["controls"], "toast"); };
  const auto editor = Harness::named(window.seen()["controls"], "edit.parameters");
  REQUIRE(!toast().is_null());
  REQUIRE(!editor.is_null());
  CHECK(toast()["x"].get<double>() + toast()["w"].get<double>() + 12 <= editor["x"].get<double>());

  REQUIRE(window.press("edit.close"));
  window.app->command("end");
  window.frames(20);
  window.app->command("seek", "3000000");
  window.frames(4);
  window.app->command("cut", "bob,lock");
  window.frames(2);
  window.app->command("compare_branches", "0,1");
  window.frames(30);
  REQUIRE(window.press("time.branches"));
  window.app->command("share");
  window.frames(3);
  const auto seen = window.seen();
  const auto bubble = Harness::named(seen["controls"], "toast");
  REQUIRE(!bubble.is_null());
  for (const auto& control : seen["controls"]) {
    if (!control["name"].get<std::string>().starts_with("branch.") &&
        control["name"] != "difference.go")
      continue;
    CAPTURE(control["name"]);
    const auto end = [](const nlohmann::json& r, const char* at, const char* size) {
      return r[at].get<double>() + r[size].get<double>();
    };
    const bool apart =
        end(control, "x", "w") <= bubble["x"] || end(bubble, "x", "w") <= control["x"] ||
        end(control, "y", "h") <= bubble["y"] || end(bubble, "y", "h") <= control["y"];
    CHECK(apart);
  }
}

TEST_CASE("window: on a phone the word beside Play gives way to the speed's rail") {
  for (const char* language : {"en", "de"}) {
    Harness window(390, 844, false, false, language, true);
    const auto controls = window.seen()["controls"];
    const auto play = Harness::named(controls, "play");
    REQUIRE(!play.is_null());
    CHECK(Harness::named(controls, "speed")["w"].get<double>() >= 40 + 78);
    CHECK((play["w"].get<double>() > 60) == (std::string_view(language) == "en"));
  }
}

TEST_CASE("window: the view's buttons keep clear of the tools, also when a run is by hand") {
  for (const float width : {1440.f, 1280.f, 1024.f, 720.f}) {
    CAPTURE(width);
    Harness window(width, 768);
    for (const bool by_hand : {false, true}) {
      CAPTURE(by_hand);
      if (by_hand) window.app->command("manual");
      window.frames(2);
      const auto seen = window.seen();
      const auto tool = Harness::named(seen["controls"], "tool.clock");
      const auto view = Harness::named(seen["controls"], "view.by_hand");
      CHECK(tool["x"].get<double>() + tool["w"].get<double>() <= view["x"].get<double>());
    }
  }
}

TEST_CASE("window: a shared run opens as the same run and says so") {
  std::string link;
  {
    Harness window;
    window.app->command("seek", "3000000");
    window.app->command("cut", "bob,storage");
    window.app->command("seek", "4000000");
    window.frames();
    REQUIRE(window.press("share"));
    CHECK(window.seen()["toast_tone"] == "good");
    link = window.copied;
    CHECK(window.fragment == link);
    REQUIRE(window.app->share_link().ok());
    CHECK(window.app->share_link().value() == link);
  }
  Harness other;
  REQUIRE(other.app->open_link(link).ok());
  other.frames(2);
  const auto seen = other.seen();
  CHECK(seen["toast"].get<std::string>().starts_with("Reproduced"));
  CHECK(seen["time_us"] == 4'000'000);
  CHECK(other.link("bob", "storage")["state"] == "cut");
}

TEST_CASE("window: a link whose run went otherwise says between which events") {
  Harness window;
  const auto shared = decode_link(window.app->share_link().value());
  REQUIRE(shared.ok());
  Link link = shared.value();
  REQUIRE(link.marks.size() > 10);
  link.marks[9] = static_cast<char>(link.marks[9] ^ 1);
  REQUIRE(window.app->open_link(encode_link(link).value()).ok());
  window.frames(2);
  const auto seen = window.seen();
  const std::int64_t stride = HashMarks::stride_of(link.hash_events);
  CHECK(seen["toast_tone"] == "bad");
  const std::string toast = seen["toast"];
  CHECK(toast.starts_with("Differs "));
  CHECK(toast.find("event #" + std::to_string(10 * stride - 1)) != std::string::npos);
}

TEST_CASE("window: a damaged link is refused with a sentence and leaves the work as it is") {
  Harness window;
  window.app->command("seek", "3000000");
  window.app->command("cut", "bob,storage");
  window.frames();
  auto before = window.seen();
  for (const char* bad : {"#v1.AAAA", "#v9.AAAA", "no link at all", "#v1."}) {
    CAPTURE(bad);
    const Status opened = window.app->open_link(bad);
    CHECK(!opened.ok());
    CHECK(!opened.error().empty());
    window.frames();
    const auto after = window.seen();
    CHECK(after["toast_tone"] == "bad");
    // Here the sentence stands alone, so it begins as one.
    std::string sentence = opened.error();
    sentence[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(sentence[0])));
    CHECK(after["toast"] == sentence);
    CHECK(after["scenario"] == before["scenario"]);
    CHECK(after["time_us"] == before["time_us"]);
    CHECK(after["links"] == before["links"]);
  }
}

TEST_CASE("window: what is not known is answered by a toast") {
  Harness window;
  for (const char* command :
       {"fly", "cut:alice,nobody", "seek:soon", "open:lock-gc-pose", "select_tool:axe"}) {
    CAPTURE(command);
    window.app->command(command);
    window.frames();
    CHECK(window.seen()["toast_tone"] == "bad");
    CHECK(window.seen()["scenario"]["id"] == "lock-gc-pause");
  }
}

TEST_CASE("window: nothing moves when nothing happens") {
  Harness window;
  window.frames(600);
  CHECK(!window.app->animating());
  window.key(ImGuiKey_Space);
  CHECK(window.app->animating());
  window.key(ImGuiKey_Space);
  window.frames(600);
  CHECK(!window.app->animating());
}

// Many nodes, each of whose events is compared with hundreds before it: seconds of work.
const char* const long_run = R"({"protocol": "clocks", "until": "400s",
  "parameters": {"pace": "2s", "events": 200},
  "nodes": [{"name": "n", "count": 60, "role": "process"}]})";

TEST_CASE("window: a seek that takes long goes on over many frames, and can be left") {
  Harness window;
  REQUIRE(window.app->open_file(long_run, "long.json").ok());
  window.frames(2);
  window.app->command("seek", "300000000");
  window.frames();
  const auto begun = window.seen();
  CHECK(begun["heading_us"] == 300'000'000);
  CHECK(begun["time_us"] == 0);
  CHECK(begun["steps_known"].get<std::int64_t>() > 0);
  CHECK(window.app->animating());
  window.frames(3);
  const auto later = window.seen();
  CHECK(later["steps_known"].get<std::int64_t>() > begun["steps_known"].get<std::int64_t>());
  window.key(ImGuiKey_Escape);
  CHECK(window.seen()["heading_us"] == 0);
  const auto left = window.seen()["steps_known"];
  window.frames(5);
  CHECK(window.seen()["steps_known"] == left);

  window.app->command("seek", "20000000");
  for (int i = 0; i < 5000 && window.seen()["time_us"] == 0; ++i) window.frames();
  CHECK(window.seen()["time_us"] == 20'000'000);
  CHECK(window.seen()["heading_us"] == 20'000'000);
}

TEST_CASE("window: a link to a long run is compared over many frames, and so is one made") {
  std::string link;
  {
    Harness window;
    REQUIRE(window.app->open_file(long_run, "long.json").ok());
    window.app->command("share");
    window.frames();
    const auto begun = window.seen();
    CHECK(begun["heading"].get<std::string>().starts_with("simulating for the link"));
    CHECK(begun["time_us"] == 0);
    CHECK(window.copied.empty());
    CHECK(window.app->animating());
    for (int i = 0; i < 20'000 && window.copied.empty(); ++i) window.frames();
    REQUIRE(!window.copied.empty());
    CHECK(window.seen()["heading"] == "");
    CHECK(window.seen()["time_us"] == 0);
    link = window.copied;
  }
  {
    Harness other;
    REQUIRE(other.app->open_link(link).ok());
    other.frames();
    CHECK(other.seen()["heading"].get<std::string>().starts_with("comparing with the link"));
    CHECK(other.seen()["toast"] == "");
    for (int i = 0; i < 20'000 && other.seen()["heading"] != ""; ++i) other.frames();
    CHECK(other.seen()["toast"].get<std::string>().starts_with("Reproduced"));
  }
  Harness third;
  REQUIRE(third.app->open_link(link).ok());
  third.frames();
  third.key(ImGuiKey_Escape);
  CHECK(third.seen()["heading"] == "");
  CHECK(third.seen()["toast"] == "");
}

TEST_CASE("window: motion is reduced and set free again while the window is open") {
  Harness window;
  window.app->command("seek", "550000");
  window.frames(2);
  const auto moving = window.seen()["messages"].at(0);
  window.app->command("motion", "reduced");
  window.frames(2);
  CHECK(window.seen()["messages"].at(0)["x"] != moving["x"]);
  window.app->command("motion", "full");
  window.frames(2);
  CHECK(window.seen()["messages"].at(0)["x"] == moving["x"]);
}

TEST_CASE("window: another seed is another run of the same scenario") {
  Harness window;
  window.app->command("seed", "8");
  window.frames();
  CHECK(window.seen()["seed"] == 8);
  CHECK(window.seen()["branches"].size() == 2);
}

TEST_CASE("window: with reduced motion messages stand half-way instead of travelling") {
  Harness window(1440, 900, false, true);
  window.app->command("seek", "550000");
  window.frames(2);
  const auto early = window.seen()["messages"].at(0);
  window.app->command("seek", "600000");
  window.frames(2);
  const auto late = window.seen()["messages"].at(0);
  CHECK(early["id"] == late["id"]);
  CHECK(early["x"] == late["x"]);
}

TEST_CASE("title: every experiment's is read whole in a window of 1280") {
  Harness window(1280, 800);
  for (const Scenario& each : library()) {
    REQUIRE(window.app->open_scenario(each.id).ok());
    window.frames(2);
    const auto controls = window.seen()["controls"];
    const double x = Harness::named(controls, "restart")["x"].get<double>();
    const double brand = 14 + draw::text_width(Type::title, "net/split") / scale() + 22;
    const double title = draw::text_width(Type::strong, each.title) / scale();
    CHECK_MESSAGE(x - brand >= title - 1, each.title);
    const auto seed = Harness::named(controls, "seed");
    const auto speed = Harness::named(controls, "speed");
    CHECK(speed["x"].get<double>() + speed["w"].get<double>() < seed["x"].get<double>());
  }
}

}  // namespace
}  // namespace netsplit::ui::window_test
