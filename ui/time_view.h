// How the space-time diagram is looked at: which axis, which part of it, which nodes in which
// order. Kept in the model, so that keys and commands reach it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/base/time.h"

namespace netsplit::ui {

// Real: simulated microseconds. Logical: Lamport numbers (Lamport 1978).
enum class Axis : std::uint8_t { real, logical };

// A place on both axes. `tick` counts halves of a Lamport number: what is no event of the node's
// own (a pause, a cut) stands half-way after the last one that is.
struct Place {
  Time us = 0;
  std::int32_t tick = 0;
  double on(Axis axis) const {
    return axis == Axis::real ? static_cast<double>(us) : static_cast<double>(tick) / 2;
  }
};

struct TimeView {
  static constexpr double narrowest = 4;  // microseconds, or Lamport numbers
  Axis axis = Axis::real;
  double from = 0, to = 1e6;  // what is in view, in units of the axis
  double end = 1e6;           // of the run
  bool fitted = true;         // the whole run, also when it grows
  std::vector<NodeId> order;  // the lines from top to bottom, hidden ones left out
  std::int32_t node_count = 0;

  double width() const { return to - from; }
  bool whole() const { return width() >= end * 0.999; }
  bool shows(NodeId id) const { return std::find(order.begin(), order.end(), id) != order.end(); }
  bool hides_some() const { return static_cast<std::int32_t>(order.size()) < node_count; }

  void reset(std::int32_t nodes);
  void fit();
  void pan(double by);
  // Shows `factor` of what is in view now; `share` of it (0 to 1) stays where it is.
  void zoom(double factor, double share);
  void show_range(double a, double b);
  void switch_axis(Axis to_axis);
  void hide(NodeId id);
  // Where it was among the nodes in their own order.
  void show(NodeId id);
  void move(NodeId id, std::int32_t to_line);
};

// The distance of the axis's marks: 1, 2 or 5 times a power of ten microseconds, or what divides an
// hour or a day well. At least `rough`.
double tick_step(Axis axis, double rough);
// "2 min", "7.25 s", "7.400 010 s", "12".
std::string tick_text(Axis axis, double at, double step);

}  // namespace netsplit::ui
