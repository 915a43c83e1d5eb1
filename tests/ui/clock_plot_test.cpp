// The plot of wall clocks against true time.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/scenario/registry.h"
#include "tests/ui/harness.h"
#include "ui/clock_plot.h"

namespace netsplit::ui::clock_plot_test {
namespace {

Timeline opened(const char* id) {
  return Timeline::open(find_scenario(id)->setup, make_session).value();
}

// By how much the clocks of two nodes are apart at most, in the points of the plot.
Time widest(const ClockPlot& plot) {
  Time low = 0;
  Time high = 0;
  for (const auto& line : plot.lines()) {
    for (const ClockPlot::Point& point : line) {
      low = std::min(low, point.ahead_us);
      high = std::max(high, point.ahead_us);
    }
  }
  return high - low;
}

}  // namespace

TEST_CASE("clock plot: a line's points are what the trace says, up to the cursor") {
  Timeline timeline = opened("clock-drift");
  const Time until_us = timeline.setup().until_us;
  ClockPlot plot;
  timeline.seek_time(until_us);
  plot.follow(timeline, 1);
  const Trace& trace = timeline.trace();
  std::size_t points = 0;
  for (std::size_t node = 0; node < plot.lines().size(); ++node) {
    for (const ClockPlot::Point& point : plot.lines()[node]) {
      const Event& event = trace[point.event];
      CHECK(event.node.value == static_cast<std::int32_t>(node));
      CHECK(event.at_us == point.at_us);
      CHECK(event.wall_us == point.at_us + point.ahead_us);
      ++points;
    }
  }
  CHECK(points > 20);
  const Time apart_us = widest(plot);
  CHECK(apart_us > milliseconds(20));
  // Back, what lies after the cursor is gone; and forth, it is what it was.
  timeline.seek_time(until_us / 2);
  plot.follow(timeline, 1);
  for (const auto& line : plot.lines())
    for (const ClockPlot::Point& point : line) CHECK(point.at_us <= until_us / 2);
  CHECK(widest(plot) < apart_us);
  timeline.seek_time(until_us);
  plot.follow(timeline, 1);
  CHECK(widest(plot) == apart_us);
}

TEST_CASE("clock plot: with NTP the clocks stay near each other, not together") {
  ClockPlot plot;
  Timeline timeline = opened("clock-ntp");
  timeline.seek_time(timeline.setup().until_us);
  plot.follow(timeline, 1);
  CHECK(widest(plot) > 0);
  ClockPlot free;
  Timeline drifting = opened("clock-drift");
  drifting.seek_time(drifting.setup().until_us);
  free.follow(drifting, 1);
  CHECK(widest(plot) * 5 < widest(free));
}

TEST_CASE("clock plot: a jump is upright") {
  ClockPlot plot;
  Timeline timeline = opened("lock-clock-jump");
  timeline.seek_time(seconds(2));
  plot.follow(timeline, 1);
  const auto lock = static_cast<std::size_t>(timeline.session().find_node("lock").value);
  const auto& line = plot.lines()[lock];
  const auto at = std::find_if(line.begin(), line.end(), [](const ClockPlot::Point& point) {
    return point.at_us == milliseconds(1'200);
  });
  REQUIRE(line.end() - at >= 2);
  CHECK(at->ahead_us == 0);
  CHECK((at + 1)->at_us == milliseconds(1'200));
  CHECK((at + 1)->ahead_us == seconds(10));
  CHECK(line.back().ahead_us == seconds(10));
}

TEST_CASE("clock plot: it stands beside runs whose clocks are set wrong, and no others") {
  CHECK(ClockPlot::wanted(find_scenario("clock-drift")->setup));
  CHECK(ClockPlot::wanted(find_scenario("lock-clock-jump")->setup));
  CHECK_FALSE(ClockPlot::wanted(find_scenario("lock-gc-pause")->setup));
  Harness window;
  const auto shown = [&] {
    return !Harness::named(window.seen()["controls"], "clock_plot").is_null();
  };
  for (const char* id : {"clock-drift", "lock-clock-jump"}) {
    REQUIRE(window.app->open_scenario(id).ok());
    window.frames(2);
    CHECK_MESSAGE(shown(), id);
    window.app->command("end");
    window.frames(3);
    CHECK_MESSAGE(shown(), id);
  }
  REQUIRE(window.app->open_scenario("lamport").ok());
  window.frames(2);
  CHECK_FALSE(shown());
}

}  // namespace netsplit::ui::clock_plot_test
