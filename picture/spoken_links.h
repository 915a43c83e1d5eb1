// Between which nodes anything was sent in the run, as far as it is known: in a network of many
// links those are what a reader looks for.
#pragma once

#include <algorithm>
#include <cstdint>
#include <unordered_set>

#include "core/sim/timeline.h"

namespace netsplit::picture {

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
  // How strongly a link of so many is drawn, from 0 to 1: of many, those that nothing was ever sent
  // on stay in the background. Until anything is sent all are alike.
  float strength(NodeId a, NodeId b, std::size_t link_count) const {
    if (link_count <= quiet_links_min) return 1;
    if (pairs_.empty()) return 0.7f;
    return pairs_.count(key(a, b)) != 0 ? 1 : 0.3f;
  }

 private:
  static constexpr std::size_t quiet_links_min = 16;

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

}  // namespace netsplit::picture
