// How far each node's wall clock is from true time, over the run: a line for each node.
#pragma once

#include <vector>

#include "core/sim/timeline.h"

namespace netsplit::ui {

struct Model;
class Column;

class ClockPlot {
 public:
  struct Point {
    EventIndex event = no_event;
    Time at_us = 0;
    Time ahead_us = 0;  // the wall clock minus true time
  };

  // Whether any clock of this run is set wrong, drifts or is disciplined, or will be by its script.
  static bool wanted(const Setup& setup);
  // Takes in what happened up to the cursor. Cost: the events since the last call.
  void follow(const Timeline& timeline, std::uint64_t generation);
  // By node. Long runs are thinned, so that a line never has more than some hundred points.
  const std::vector<std::vector<Point>>& lines() const { return lines_; }

 private:
  std::vector<std::vector<Point>> lines_;
  std::uint64_t generation_ = UINT64_MAX;
  BranchId branch_ = -1;
  EventIndex next_ = 0;  // the first event that was not taken in
};

// Beside the run: what was measured, and where the clocks stand now. Nothing for a run whose clocks
// are right, or that has more nodes than lines can be told apart.
void clock_plot_panel(Model& model, ClockPlot& plot, Column& column);

}  // namespace netsplit::ui
