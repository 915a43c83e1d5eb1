// Pictures of a run: what stands in them, and that they are drawn without a window.
#include <doctest/doctest.h>

#include <set>

#include "core/scenario/registry.h"
#include "picture/diagram.h"
#include "tests/ui/harness.h"

namespace netsplit::picture::picture_test {
namespace {

Timeline at(const Scenario& scenario, Time time_us) {
  Timeline timeline = Timeline::open(scenario.setup, make_session).value();
  timeline.run_ahead(100'000);
  timeline.seek_time(time_us);
  return timeline;
}

std::set<std::string> texts(const Picture& picture) {
  std::set<std::string> found;
  for (const Item& item : picture.items) {
    if (item.kind == Item::Kind::text) found.insert(item.text);
  }
  return found;
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t i = text.find(part); i != text.npos; i = text.find(part, i + part.size()))
    ++count;
  return count;
}

TEST_CASE("picture: every scenario of the library is drawn inside its frame, in both themes") {
  for (const Scenario& scenario : library()) {
    CAPTURE(scenario.id);
    const Timeline timeline = at(scenario, scenario.setup.until_us / 2);
    for (const bool light : {false, true}) {
      Look look;
      look.light = light;
      const Picture drawn = both_diagrams(timeline, scenario, look);
      CHECK(drawn.items.size() > 20);
      for (const Item& item : drawn.items) {
        for (const Point p : item.points) {
          CHECK(p.x >= -1);
          CHECK(p.x <= look.width + 1);
          CHECK(p.y >= -1);
          CHECK(p.y <= look.height + 1);
        }
      }
      if (timeline.session().node_count() > 100) continue;  // so many bear no names
      for (std::int32_t i = 0; i < std::min(timeline.session().node_count(), 8); ++i)
        CHECK(count_of(to_svg(drawn), ">" + timeline.session().node_name({i}) + "<") >= 1);
    }
  }
}

TEST_CASE("picture: the network says who is paused, what is cut, and what is on its way") {
  Scenario scenario = *find_scenario("lock-gc-pause");
  Timeline timeline = at(scenario, seconds(3));
  REQUIRE(timeline
              .push(on_link(Action::cut, 0, timeline.session().find_node("bob"),
                            timeline.session().find_node("storage")))
              .ok());
  const Picture drawn = network_diagram(timeline, scenario, {});
  CHECK(texts(drawn).contains("paused"));
  CHECK(texts(drawn).contains(scenario.title));
  bool torn = false;
  for (const Item& item : drawn.items) torn = torn || (item.style.dash > 0 && !item.closed);
  CHECK(torn);
  // A message on its way lies between its ends and carries its label.
  timeline.seek_time(0);
  while (timeline.session().messages().empty()) REQUIRE(timeline.step_forward());
  const MessageView message = timeline.session().messages().front();
  timeline.seek_time((message.sent_us + message.due_us) / 2);
  CHECK(texts(network_diagram(timeline, scenario, {}))
            .contains(label_of(timeline.session(), message)));
}

TEST_CASE("picture: of many links those that carried nothing are fainter, as in the window") {
  const Scenario& scenario = *find_scenario("fallacy-transport-cost-relay");
  const auto strengths = [&](Timeline& timeline) {
    std::set<float> found;
    for (const Item& item : network_diagram(timeline, scenario, {}).items) {
      const bool line = item.points.size() == 2 && item.style.dash == 0;
      if (line && item.style.stroke.rgb == colors(false).link.rgb)
        found.insert(item.style.stroke.alpha);
    }
    return found;
  };
  Timeline timeline = Timeline::open(scenario.setup, make_session).value();
  CHECK(strengths(timeline).size() == 1);  // before anything is sent
  timeline.seek_time(seconds(3));
  const std::set<float> later = strengths(timeline);
  REQUIRE(later.size() == 2);
  CHECK(*later.begin() < 0.5f * *later.rbegin());
}

TEST_CASE("picture: SVG keeps text as text and lets nothing through that is no XML") {
  Picture picture;
  picture.width = 100;
  picture.height = 50;
  picture.text({1, 2}, "a < b & \"c\" \x01", Font::mono, 12, {0x123456, 0.5f}, Anchor::middle);
  picture.path({{0, 0}, {10, 0}, {5.125f, 8}}, {.fill = {0xff0000, 1}, .stroke = {0, 1}}, true);
  const std::string svg = to_svg(picture);
  CHECK(svg.find("a &lt; b &amp; &quot;c&quot; <") != std::string::npos);
  CHECK(svg.find("fill=\"#123456\" fill-opacity=\"0.5\"") != std::string::npos);
  CHECK(svg.find("points=\"0,0 10,0 5.12,8\"") != std::string::npos);
  CHECK(svg.find("text-anchor=\"middle\"") != std::string::npos);
}

TEST_CASE("picture: painting covers what it should, and nothing else") {
  Picture picture;
  picture.width = 60;
  picture.height = 40;
  picture.ground = {0x000000, 1};
  picture.box({10, 10, 20, 20}, 0, {.fill = {0xff8000, 1}});
  picture.circle({48, 20}, 8, {.fill = {0x00ff00, 0.5f}});
  picture.line({0, 38}, {60, 38}, {.stroke = {0xffffff, 1}, .width = 2});
  const auto painted = paint(picture, 2);
  if (!painted) return;  // a build without fonts says so, and paints nothing
  const Pixels& pixels = painted.value();
  REQUIRE(pixels.width == 120);
  REQUIRE(pixels.height == 80);
  const auto pixel = [&](int x, int y) {
    const auto i = static_cast<std::size_t>((y * 120 + x) * 3);
    return (pixels.rgb[i] << 16) | (pixels.rgb[i + 1] << 8) | pixels.rgb[i + 2];
  };
  CHECK(pixel(40, 40) == 0xff8000);
  CHECK(pixel(21, 21) == 0xff8000);
  CHECK(pixel(18, 40) == 0);
  CHECK(pixel(62, 40) == 0);
  CHECK(std::abs((pixel(96, 40) >> 8) - 128) <= 1);
  CHECK(pixel(60, 76) == 0xffffff);
  CHECK(pixel(60, 70) == 0);
  const auto png = to_png(pixels);
  REQUIRE(png.ok());
  CHECK(png.value().starts_with("\x89PNG\r\n\x1A\n"));
  picture.width = 5000;
  CHECK(!paint(picture, 2).ok());
}

TEST_CASE("picture: letters are painted where the text is, and only there") {
  Picture picture;
  picture.width = 200;
  picture.height = 60;
  picture.ground = {0xffffff, 1};
  picture.text({20, 40}, "Nüñ\xE2\x9C\x93", Font::strong, 24, {0x000000, 1});
  const auto painted = paint(picture, 1);
  if (!painted) return;
  const float end = 20 + text_width("Nüñ\xE2\x9C\x93", Font::strong, 24);
  std::size_t dark = 0, outside = 0;
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < 200; ++x) {
      if (painted.value().rgb[static_cast<std::size_t>((y * 200 + x) * 3)] > 100) continue;
      ++dark;
      if (x < 19 || static_cast<float>(x) > end + 1 || y < 12 || y > 42) ++outside;
    }
  }
  CHECK(dark > 150);
  CHECK(outside == 0);
  CHECK(text_width(fitted("a long sentence that does not fit", Font::regular, 12, 80),
                   Font::regular, 12) <= 80);
}

TEST_CASE("picture: the window saves both kinds") {
  ui::Harness window;
  window.app->command("seek:7400000");
  window.frames(2);
  window.app->command("save_picture:svg");
  window.frames(3);
  window.key(ImGuiKey_Enter);
  window.frames(2);
  REQUIRE(window.files.count("lock-gc-pause.svg") == 1);
  CHECK(window.files["lock-gc-pause.svg"].starts_with("<svg "));
  CHECK(window.files["lock-gc-pause.svg"].find("t = 7.400 s") != std::string::npos);
}

}  // namespace
}  // namespace netsplit::picture::picture_test
