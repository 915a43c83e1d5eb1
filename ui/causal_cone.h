// The past and the future of one event (Lamport 1978), told for every other event at once, so that
// drawing asks in no time, whatever the number of nodes.
#pragma once

#include <cstdint>
#include <vector>

#include "core/sim/trace.h"

namespace netsplit::ui {

enum class Tense : std::uint8_t { plain, past, future, concurrent, self };

class CausalCone {
 public:
  // Cost: proportional to the events since the last call, unless another event was chosen.
  // `generation` and `branch` tell one trace from another.
  void follow(const Trace& trace, std::uint64_t generation, std::int32_t branch, EventIndex chosen);
  // `plain` when no event is chosen. What is no node's own (a pause, a loss) is concurrent.
  Tense tense(EventIndex index) const {
    if (chosen_ == no_event) return Tense::plain;
    const EventIndex at = index - first_;
    return at < 0 || at >= static_cast<EventIndex>(tenses_.size())
               ? Tense::concurrent
               : tenses_[static_cast<std::size_t>(at)];
  }
  EventIndex chosen() const { return chosen_; }
  std::int64_t past_count() const { return past_; }
  std::int64_t future_count() const { return future_; }

 private:
  void choose(const Trace& trace, EventIndex chosen);

  std::vector<Tense> tenses_;  // from first_ on
  std::vector<bool> leads_;    // whether it comes from the chosen one, also by what has no stamp
  EventIndex first_ = 0;
  EventIndex chosen_ = no_event;
  std::int64_t past_ = 0, future_ = 0;
  std::uint64_t generation_ = 0;
  std::int32_t branch_ = -1;
};

}  // namespace netsplit::ui
