// What undo and redo go back to. A state of the work is all that brings it back: the scenario with
// the setup of the run, where the reader looked, and the branch that has it already.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/scenario/scenario.h"
#include "core/sim/timeline.h"

namespace netsplit::ui {

struct Work {
  Scenario scenario;         // its setup is the branch's, with every gesture
  std::uint64_t opened = 0;  // which opening of a scenario the branch belongs to
  BranchId branch = 0;
  Time cursor_us = 0;
  std::int64_t cursor_step = -1;  // exactly there; -1: by time alone
};

class History {
 public:
  static constexpr std::size_t depth_max = 200;

  // A change was made to `before`. What had been undone can no longer be redone.
  void note(Work before);
  bool can_undo() const { return !past_.empty(); }
  bool can_redo() const { return !future_.empty(); }
  // The state to go to; `now` is kept for the way back. Nothing when there is none.
  std::optional<Work> undo(Work now);
  std::optional<Work> redo(Work now);

 private:
  std::vector<Work> past_, future_;
};

}  // namespace netsplit::ui
