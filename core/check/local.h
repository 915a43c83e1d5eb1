// One node by itself: its state with all that belongs to it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/base/bytes.h"
#include "core/check/checked_protocol.h"
#include "core/check/renaming.h"

namespace netsplit::check {

// A timer that runs, and the window in which it runs out, counted from when it was set.
struct PendingTimer {
  Content timer;
  Time low_us = 0;
  Time high_us = 0;
};

// There is no clock, so nothing is known of how long ago a timer was set; only that what was set
// earlier has run for longer. Timers stand in an order in which each may run out before all that
// follow it. One that follows may run out first unless its window begins after the other's ends.
bool may_fire(const std::vector<PendingTimer>& timers, std::size_t which);

// Where windows overlap either may come first and the order says nothing: then it is by content, so
// that equal states look equal. Of others it is kept.
void order_timers(const ValueType& timer, std::vector<PendingTimer>& timers);

struct Local {
  Content state;
  std::vector<PendingTimer> timers;
  Condition condition = Condition::up;
  std::uint32_t operations = 0;  // invoked so far
  std::uint32_t lines = 0;       // of the script for this node, that have happened
  // Where that is bounded: how often each timer has run out, by the hash of its content.
  std::vector<std::pair<Content, std::uint32_t>> ran_out;

  std::uint64_t hash(const WorldTypes& types, NodeId node) const;
  void write(const WorldTypes& types, ByteWriter& writer) const;
  // False when that was not written by `write`.
  bool read(const WorldTypes& types, ByteReader& reader);
  std::int64_t bytes_held(const WorldTypes& types) const;

  std::uint32_t times_ran_out(const WorldTypes& types, const void* timer) const;
  void count_running_out(const WorldTypes& types, const Content& timer);

  // The same of the nodes that `renaming` puts in the place of others.
  void rename(const WorldTypes& types, const Renaming& renaming);
};

// A copy of the value under other names.
std::shared_ptr<void> renamed(const ValueType& type, const void* value, const Renaming& renaming);

// How many follow; never more than there are bytes.
inline std::size_t count_in(ByteReader& reader) {
  const std::uint64_t count = reader.integer();
  return count <= reader.remaining() ? static_cast<std::size_t>(count) : 0;
}

}  // namespace netsplit::check
