// What the trace records. Indexes count events; a step (one delivery, one timer, one input) is an
// atomic transition of the world and may make several events.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/ids.h"
#include "core/base/time.h"

namespace netsplit {

enum class EventKind : std::uint8_t {
  start,        // a node begins
  send,         // node -> peer
  deliver,      // peer -> node
  lost,         // the message did not arrive; node is its sender, peer its receiver
  timer,        // a timer fired
  wait,         // a message (with peer) or a timer came to a node that cannot take it now
  request,      // a client's or a person's request reached the node
  invoke,       // a client operation began
  complete,     // a client operation ended: ok, failed or unknown
  lease_begin,  // a timer that stands for a lease was set
  lease_end,    // … was cancelled, replaced or fired
  pause,
  resume,
  crash,
  restart,
  join,
  leave,
  clock,      // a clock was stepped, set to drift, or disciplined
  network,    // a link or partition was cut, healed or changed; node and peer when it is one link
  tampered,   // a message was dropped, duplicated, delayed or altered by hand or by the network
  no_effect,  // an input that found nothing to act on
};

// Why a message was lost.
enum class LossReason : std::uint8_t {
  none,
  network,
  cut,
  receiver_down,
  dropped,
  receiver_absent,
  sender_down  // its sender went down before it left
};

struct Event {
  EventIndex index = no_event;
  std::uint64_t step = 0;
  Time at_us = 0;
  EventKind kind{};
  LossReason loss{};
  std::uint16_t label = 0;  // which alternative of the protocol's messages, timers or requests
  NodeId node;
  NodeId peer;
  MessageId message = 0;
  EventIndex cause = no_event;     // the send of a delivery, the step that set a timer, …
  EventIndex previous = no_event;  // the event before this one on the same node
  std::uint64_t lamport = 0;       // 0: no stamp
  Time hybrid_us = 0;              // hybrid logical clock: wall part …
  std::uint32_t hybrid_count = 0;  // … and counter
  Time wall_us = 0;                // what the node's wall clock showed
  std::string payload;             // canonical bytes of the message, timer, request or operation

  // Whether a clock ticked. What is done to a node or a message from outside (a pause, a cut, a
  // loss) is no event of the node's own and has no place in its causal order.
  bool stamped() const { return lamport != 0; }
};

// Whether events of this kind are the node's own.
constexpr bool is_local(EventKind kind) {
  switch (kind) {
    case EventKind::start:
    case EventKind::send:
    case EventKind::deliver:
    case EventKind::timer:
    case EventKind::request:
    case EventKind::invoke:
    case EventKind::complete:
    case EventKind::restart:
    case EventKind::join:
      return true;
    default:
      return false;
  }
}

}  // namespace netsplit
