// What the space-time diagram draws, kept in step with a growing trace: messages as pairs of events
// and stretches of time on a node's line.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/sim/timeline.h"

namespace netsplit::ui {

struct Flight {
  EventIndex send = no_event;
  EventIndex end = no_event;  // no_event: still on its way at the end of what is recorded
  NodeId from, to;
  Time sent_us = 0;
  Time end_us = never_us;
  std::uint16_t kind = 0;
  bool lost = false;
  bool at_receiver = false;  // it got there and found nobody
  MessageId message = 0;
};

struct Stretch {
  enum class Kind : std::uint8_t { paused, down, absent, lease } kind{};
  NodeId node;
  Time from_us = 0;
  Time to_us = never_us;
  std::uint16_t label = 0;  // of a lease: its timer
};

struct SpaceTimeIndex {
  std::vector<Flight> flights;  // by sending
  std::vector<Stretch> stretches;
  Time longest_us = 0;  // of a finished flight

  // Cost: proportional to the events since the last call, unless the branch changed.
  void follow(const Timeline& timeline, std::uint64_t generation);

 private:
  void take(const Trace& trace, const Event& event);
  void begin(Stretch::Kind kind, const Event& event);
  void end(Stretch::Kind kind, const Event& event);
  static std::uint64_t key(Stretch::Kind kind, const Event& event);

  std::unordered_map<MessageId, std::size_t> flying_;
  std::unordered_map<std::uint64_t, std::size_t> running_;
  std::int64_t taken_ = 0;
  BranchId branch_ = -1;
  std::uint64_t generation_ = 0;
};

}  // namespace netsplit::ui
