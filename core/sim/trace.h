// The recorded run: events, their stamps, and happens-before (Lamport 1978). Memory is bounded:
// past `events_max` the oldest chunks are let go, and first() moves up.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/append_log.h"
#include "core/sim/event.h"

namespace netsplit {

inline constexpr std::int32_t vector_nodes_max = 64;

class Trace {
 public:
  // Vector stamps are kept for runs of at most vector_nodes_max nodes.
  explicit Trace(std::int32_t node_count = 0, std::int64_t events_max = 1 << 19)
      : width_(node_count <= vector_nodes_max ? node_count : 0), events_max_(events_max) {}

  std::int64_t size() const { return events_.size(); }
  EventIndex first() const { return events_.first(); }
  bool truncated() const { return first() > 0; }
  const Event& operator[](EventIndex index) const { return events_[index]; }
  const Event& back() const { return events_.back(); }

  // How many events of each node the event's causal past holds, itself included; empty above
  // vector_nodes_max nodes.
  std::vector<std::uint32_t> vector_stamp(EventIndex index) const;
  std::int32_t width() const { return width_; }

  // True when `a` can have influenced `b`. Exact. Events without a stamp are ordered with
  // nothing. Cost: O(1) up to vector_nodes_max nodes, else a walk back from b.
  // Requires: both are kept.
  bool happened_before(EventIndex a, EventIndex b) const;

  // The first event with at_us > time, or size().
  EventIndex first_after(Time time_us) const;
  // The first event with step > step, or size().
  EventIndex first_after_step(std::uint64_t step) const;

  // Appends a blank event for the caller to fill in; stamp() must follow before anything else.
  Event& add() { return events_.emplace_back(); }
  // Completes the event just added. `vector` is empty when the event has no stamp.
  void stamp(std::span<const std::uint32_t> vector);
  void truncate(std::int64_t new_size);
  // What a copy costs.
  std::int64_t bytes_of_copy() const { return events_.bytes_of_copy() + vectors_.bytes_of_copy(); }

 private:
  AppendLog<Event> events_;
  AppendLog<std::uint32_t, 8192> vectors_;
  std::int32_t width_;
  std::int64_t events_max_;
};

}  // namespace netsplit
