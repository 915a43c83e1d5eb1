// Between which nodes anything was sent in the run, as far as it is known: in a network of many
// links those are what a reader looks for.
#pragma once

#include <algorithm>
#include <cstdint>
#include <unordered_set>

#include "core/sim/timeline.h"

namespace netsplit::ui {

class SpokenLinks {
 public:
  // Cost: proportional to the events since the last call, unless the branch changed.
  void follow(const Timeline& timeline, std::uint64_t generation) {
    const Trace& trace = timeline.trace();
    if (generation != generation_ || timeline.branch() != branch_ || trace.size() < taken_) {
      pairs_.clear();
      taken_ = 0;
      generation_ = generation;
      branch_ = timeline.branch();
    }
    for (taken_ = std::max(taken_, trace.first()); taken_ < trace.size(); ++taken_) {
      const Event& event = trace[taken_];
      if (event.kind == EventKind::send) pairs_.insert(key(event.node, event.peer));
    }
  }
  bool has(NodeId a, NodeId b) const { return pairs_.count(key(a, b)) != 0; }

 private:
  static std::uint64_t key(NodeId a, NodeId b) {
    const auto low = static_cast<std::uint32_t>(std::min(a.value, b.value));
    const auto high = static_cast<std::uint32_t>(std::max(a.value, b.value));
    return std::uint64_t{low} << 32 | high;
  }

  std::unordered_set<std::uint64_t> pairs_;  // the smaller node first
  EventIndex taken_ = 0;
  BranchId branch_ = -1;
  std::uint64_t generation_ = 0;
};

}  // namespace netsplit::ui
