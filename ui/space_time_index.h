// What the space-time diagram draws, kept in step with a growing trace: each node's events,
// messages as pairs of events, and stretches of time on a node's line, each with its place on both
// axes. What lies in a part of the axis is found without looking at the rest.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <unordered_map>
#include <vector>

#include "core/sim/timeline.h"
#include "ui/time_view.h"

namespace netsplit::ui {

// An event on its node's line. A node's are ordered on both axes.
struct Mark {
  EventIndex event = no_event;
  Place at;
  std::uint16_t label = 0;
  EventKind kind{};
};

struct Flight {
  EventIndex send = no_event;
  EventIndex end = no_event;  // no_event: still on its way at the end of what is recorded
  NodeId from, to;
  Place sent;
  Place ended;
  std::uint16_t kind = 0;
  bool lost = false;
  bool at_receiver = false;  // it got there and found nobody
  MessageId message = 0;
};

struct Stretch {
  enum class Kind : std::uint8_t { paused, down, absent, lease } kind{};
  NodeId node;
  EventIndex begin = no_event;
  EventIndex end = no_event;  // no_event: it lasts
  Place from;
  Place to;
  std::uint64_t key = 0;  // node, kind and, of a lease, which: what ends it has the same
};

// How far each run of 256 neighbours in a list reaches on both axes.
class Reach {
 public:
  static constexpr std::size_t block = 256;
  void clear() { blocks_.clear(); }
  void begin(std::size_t index, const Place& from);
  void end(std::size_t index, const Place& to);

  // Calls visit(index) for members of all blocks that touch the part of the axis: every stride-th,
  // so that it is called about `most` times. Returns the stride, a power of two.
  template <class Visit>
  std::size_t each(Axis axis, double from, double to, std::size_t count, std::size_t most,
                   Visit visit) const {
    const auto a = static_cast<std::size_t>(axis);
    const auto touches = [&](const Block& b) {
      return b.low[a] <= to && (b.open > 0 || b.high[a] >= from);
    };
    std::size_t found = 0;
    for (const Block& b : blocks_) found += touches(b) ? block : 0;
    std::size_t stride = 1;
    while (std::min(found, count) / stride > most) stride *= 2;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (!touches(blocks_[i])) continue;
      const std::size_t stop = std::min(count, (i + 1) * block);
      for (std::size_t at = (i * block + stride - 1) / stride * stride; at < stop; at += stride)
        visit(at);
    }
    return stride;
  }

 private:
  struct Block {
    std::array<double, 2> low{std::numeric_limits<double>::infinity(),
                              std::numeric_limits<double>::infinity()};
    std::array<double, 2> high{};
    std::int32_t open = 0;  // members that have not ended
  };
  std::vector<Block> blocks_;
};

struct SpaceTimeIndex {
  std::vector<std::vector<Mark>> marks;  // by node
  std::vector<Flight> flights;           // by sending, in real time
  std::vector<Stretch> stretches;        // by beginning, in real time
  Reach flights_reach, stretches_reach;

  // Cost: proportional to the events since the last call, unless the branch changed.
  void follow(const Timeline& timeline, std::uint64_t generation);

  EventIndex first() const { return first_; }
  EventIndex taken() const { return first_ + static_cast<EventIndex>(ticks_.size()); }
  // Where an event stands. Requires: it is kept.
  Place place(const Trace& trace, EventIndex index) const;
  // The highest tick of any event up to this one; 0 before all.
  std::int32_t reached(EventIndex index) const;
  // The last event up to which no tick is beyond `tick`; first() - 1 when there is none.
  EventIndex last_within(std::int32_t tick) const;
  // The mark of a node's line that is nearest to a place on the axis; null on an empty line.
  const Mark* nearest(NodeId id, Axis axis, double at) const;

 private:
  void take(const Trace& trace, const Event& event);
  void take_message_end(const Trace& trace, const Event& event, const Place& at);
  void begin(Stretch::Kind kind, const Event& event, const Place& at);
  void end(Stretch::Kind kind, const Event& event, const Place& at);
  void let_go(const Trace& trace);
  void clear();
  static std::uint64_t key(Stretch::Kind kind, const Event& event);

  std::unordered_map<MessageId, std::size_t> flying_;
  std::unordered_map<std::uint64_t, std::size_t> running_;
  std::vector<std::int32_t> ticks_;    // of each event from first_ on
  std::vector<std::int32_t> reached_;  // the highest up to each
  std::vector<std::int32_t> latest_;   // by node: its last own event's tick
  EventIndex first_ = 0;
  BranchId branch_ = -1;
  std::uint64_t generation_ = 0;
};

}  // namespace netsplit::ui
