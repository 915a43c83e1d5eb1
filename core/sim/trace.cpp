#include "core/sim/trace.h"

namespace netsplit {
namespace {

// The first index in [low, high) for which `after` holds; events are ordered by step and by time.
template <class After>
EventIndex first_where(EventIndex low, EventIndex high, After after) {
  while (low < high) {
    const EventIndex middle = low + (high - low) / 2;
    if (after(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace

std::vector<std::uint32_t> Trace::vector_stamp(EventIndex index) const {
  std::vector<std::uint32_t> stamp(static_cast<std::size_t>(width_));
  for (std::int32_t i = 0; i < width_; ++i) {
    stamp[static_cast<std::size_t>(i)] = vectors_[index * width_ + i];
  }
  return stamp;
}

bool Trace::happened_before(EventIndex a, EventIndex b) const {
  if (a >= b) return false;  // causes are recorded before their effects
  if (!events_[a].stamped() || !events_[b].stamped()) return false;
  if (width_ > 0) {
    const std::int64_t at = events_[a].node.value;
    return vectors_[a * width_ + at] <= vectors_[b * width_ + at];
  }
  std::vector<EventIndex> open{b};
  std::vector<bool> visited(static_cast<std::size_t>(b - a + 1));
  while (!open.empty()) {
    const EventIndex event = open.back();
    open.pop_back();
    if (event == a) return true;
    // Nothing before `a` can lead to it, and what was let go is before all that is kept.
    if (event < a || event < first()) continue;
    if (visited[static_cast<std::size_t>(event - a)]) continue;
    visited[static_cast<std::size_t>(event - a)] = true;
    if (events_[event].cause >= a) open.push_back(events_[event].cause);
    if (events_[event].previous >= a) open.push_back(events_[event].previous);
  }
  return false;
}

EventIndex Trace::first_after(Time time_us) const {
  return first_where(first(), size(), [&](EventIndex i) { return events_[i].at_us > time_us; });
}

EventIndex Trace::first_after_step(std::uint64_t step) const {
  return first_where(first(), size(), [&](EventIndex i) { return events_[i].step > step; });
}

void Trace::stamp(std::span<const std::uint32_t> vector) {
  static constexpr std::array<std::uint32_t, vector_nodes_max> no_stamp{};
  vectors_.append(vector.empty() ? std::span(no_stamp).first(static_cast<std::size_t>(width_))
                                 : vector.first(static_cast<std::size_t>(width_)));
  if (events_.size() - events_.first() > events_max_) {
    events_.release_before(events_.size() - events_max_ + events_max_ / 8);
    vectors_.release_before(events_.first() * width_);
  }
}

void Trace::truncate(std::int64_t new_size) {
  // Before all that is kept: nothing is left, and what comes next keeps its number.
  if (new_size < first()) {
    events_.restart_at(new_size);
    vectors_.restart_at(new_size * width_);
    return;
  }
  events_.truncate(new_size);
  vectors_.truncate(new_size * width_);
}

}  // namespace netsplit
