// The part of the axis that is in view, the axis's marks, and the order of the lines.
#include "ui/time_view.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/sim/setup.h"

namespace netsplit::ui::time_view_test {
namespace {

TimeView of_an_hour() {
  TimeView view;
  view.reset(4);
  view.end = static_cast<double>(hours(1));
  view.fit();
  return view;
}

TEST_CASE("time view: zooming keeps what is under the pointer, from hours down to microseconds") {
  TimeView view = of_an_hour();
  const double at = view.from + 0.25 * view.width();
  for (int i = 0; i < 60; ++i) view.zoom(0.84, (at - view.from) / view.width());
  CHECK(view.width() == doctest::Approx(3600e6 * std::pow(0.84, 60)));
  CHECK(view.from < at);
  CHECK(view.to > at);
  CHECK(!view.fitted);
  for (int i = 0; i < 300; ++i) view.zoom(0.84, (at - view.from) / view.width());
  CHECK(view.width() == doctest::Approx(4));
  CHECK(view.from <= at);
  CHECK(view.to >= at);
  for (int i = 0; i < 300; ++i) view.zoom(1 / 0.84, 0.5);
  CHECK(view.fitted);
  CHECK(view.from == 0);
  CHECK(view.to == 3600e6);
}

TEST_CASE("time view: it never leaves the run") {
  TimeView view = of_an_hour();
  view.show_range(1e6, 3e6);
  view.pan(-5e6);
  CHECK(view.from == 0);
  CHECK(view.to == 2e6);
  view.pan(1e12);
  CHECK(view.to == 3600e6);
  CHECK(view.width() == doctest::Approx(2e6));
  view.show_range(-50, 1e18);
  CHECK(view.whole());
}

TEST_CASE(
    "time view: marks are round numbers at least as far apart as asked, and read as written") {
  CHECK(tick_step(Axis::real, 3) == 5);
  CHECK(tick_step(Axis::real, 1.5e6) == 2e6);
  CHECK(tick_step(Axis::real, 45e6) == 60e6);
  CHECK(tick_step(Axis::real, 16 * 60e6) == 30 * 60e6);
  CHECK(tick_step(Axis::logical, 45) == 50);
  CHECK(tick_step(Axis::logical, 0.1) == 1);
  for (double rough = 1; rough < 1e11; rough *= 1.37) {
    CAPTURE(rough);
    CHECK(tick_step(Axis::real, rough) >= rough * (1 - 1e-9));
    CHECK(tick_step(Axis::real, rough) <= std::max(20.0, rough * 6));
  }
  CHECK(tick_text(Axis::real, 250, 50) == "250 \xC2\xB5s");
  CHECK(tick_text(Axis::real, 20e3, 5e3) == "20 ms");
  CHECK(tick_text(Axis::real, 7.5e6, 0.5e6) == "7.5 s");
  CHECK(tick_text(Axis::real, 12e6, 2e6) == "12 s");
  CHECK(tick_text(Axis::real, 7'400'010, 10) ==
        "7.400\xE2\x80\x89"
        "01 s");
  CHECK(tick_text(Axis::real, 120e6, 60e6) == "2 min");
  CHECK(tick_text(Axis::real, 90e6, 30e6) == "1.5 min");
  CHECK(tick_text(Axis::real, 7200e6, 600e6) == "2 h");
  CHECK(tick_text(Axis::real, 7800e6, 600e6) == "2 h 10");
  CHECK(tick_text(Axis::logical, 12, 2) == "12");
}

TEST_CASE("time view: neighbouring marks never read alike") {
  for (double step = 1; step < 4e9; step = tick_step(Axis::real, step * 1.01)) {
    for (const double from : {0.0, 3.0, 47.0, 900.0}) {
      CAPTURE(step);
      CAPTURE(from);
      CHECK(tick_text(Axis::real, from * step, step) !=
            tick_text(Axis::real, (from + 1) * step, step));
    }
  }
}

TEST_CASE("time view: lines are hidden, shown where they were, and moved; one always stays") {
  TimeView view = of_an_hour();
  const auto order = [&] {
    std::string text;
    for (const NodeId id : view.order) text += std::to_string(id.value);
    return text;
  };
  view.hide({1});
  CHECK(order() == "023");
  CHECK(view.hides_some());
  view.show({1});
  CHECK(order() == "0123");
  view.move({3}, 0);
  CHECK(order() == "3012");
  view.move({3}, 99);
  CHECK(order() == "0123");
  view.show({2});
  view.show({9});
  CHECK(order() == "0123");
  for (int i = 0; i < 4; ++i) view.hide({i});
  CHECK(order() == "3");
  view.move({0}, 0);
  CHECK(order() == "3");
}

}  // namespace
}  // namespace netsplit::ui::time_view_test
