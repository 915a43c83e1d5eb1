// Two branches side by side: the first event that differs, and the properties that come out
// otherwise. Both are first simulated to their ends, a slice a frame.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/sim/timeline.h"
#include "core/sim/trace_difference.h"

namespace netsplit::ui {

class BranchComparison {
 public:
  struct Verdicts {
    std::string_view property;
    Standing a{}, b{};
    Time a_us = 0, b_us = 0;  // when it was decided
  };
  struct Result {
    std::optional<TraceDifference> difference;
    EventIndex event = no_event;
    Time at_us = 0;          // of the earlier of the two events
    std::string in_a, in_b;  // what happens there; "" where nothing does any more
    Time in_a_us = 0, in_b_us = 0;
    std::vector<Verdicts> verdicts;  // those that differ
    std::size_t same_verdicts = 0;
  };

  void start(BranchId a, BranchId b);
  void clear() { *this = {}; }
  // Goes on for about `budget_ms`. What has changed since it was compared is compared no more.
  void advance(Timeline& timeline, double budget_ms);
  bool running() const { return a_ >= 0 && !done_; }
  bool done() const { return done_; }
  BranchId a() const { return a_; }
  BranchId b() const { return b_; }
  const Result& result() const { return result_; }
  // Whether this branch is one of the two and differs from the other.
  bool difference_of(BranchId branch) const {
    return done_ && result_.difference && (branch == a_ || branch == b_);
  }

 private:
  void compare(const Timeline& timeline);

  BranchId a_ = -1, b_ = -1;
  bool done_ = false;
  std::uint64_t hash_a_ = 0, hash_b_ = 0;
  Result result_;
};

}  // namespace netsplit::ui
