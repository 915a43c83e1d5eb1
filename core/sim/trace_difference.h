// Where two recorded runs part: the first event that is not the same in both.
#pragma once

#include <cstdint>
#include <optional>

#include "core/sim/trace.h"

namespace netsplit {

struct TraceDifference {
  enum class What : std::uint8_t {
    event,    // something else happens, or to another node
    time,     // the same happens earlier or later
    content,  // the same message, timer or request carries something else
    order,    // the same happens for another reason
    end,      // one of the two has no such event any more
  };
  EventIndex event = no_event;  // its index, which is the same in both
  What what{};
  bool in_a = true, in_b = true;  // whether that run has an event of this index
  bool or_before = false;         // older events are no longer kept in both
  friend bool operator==(const TraceDifference&, const TraceDifference&) = default;
};

// Nothing when one of the two goes on exactly as the other and both are equally long. Cost:
// proportional to the events that are equal.
std::optional<TraceDifference> first_difference(const Trace& a, const Trace& b);

}  // namespace netsplit
