// What must hold, and the witness when it does not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.h"
#include "core/base/time.h"

namespace netsplit {

enum class PropertyKind : std::uint8_t {
  always,     // checked after every step
  finally,    // checked when nothing is left to happen, or at the end of the run
  sometimes,  // must be seen at least once by the end
  budget,     // a measured number that must stay within a limit, checked at the end
};

// One look of a property at the world. `why` names nodes, fields and values in one sentence.
struct Verdict {
  bool holds = true;
  std::string why;
  std::vector<NodeId> nodes;
  std::vector<EventIndex> events;
  std::int64_t measured = 0;  // of a budget, in the unit of its sentence
  bool decided = true;        // false: a limit stopped the judging, and `holds` says nothing
};

inline Verdict holds() { return {}; }
inline Verdict violated(std::string why, std::vector<NodeId> nodes = {},
                        std::vector<EventIndex> events = {}) {
  return Verdict{false, std::move(why), std::move(nodes), std::move(events)};
}
inline Verdict undecided(std::string why) {
  return Verdict{true, std::move(why), {}, {}, 0, false};
}
// For *sometimes*: the moment has come.
inline Verdict seen(std::string why, std::vector<NodeId> nodes = {}) {
  return Verdict{true, std::move(why), std::move(nodes), {}};
}
inline Verdict not_seen() { return Verdict{false, {}, {}, {}}; }
inline Verdict measured(std::int64_t value, std::int64_t limit, std::string why) {
  return Verdict{value <= limit, std::move(why), {}, {}, value};
}

enum class Standing : std::uint8_t {
  open,   // not decided yet, or (always) a limit stopped the judging
  holds,  // always: so far; the others: decided
  violated,
};

// A property of a run, as it stands after the steps so far.
struct PropertyState {
  std::string_view name;
  std::string_view sentence;
  PropertyKind kind{};
  bool of_history = false;  // looks at the clients' history alone
  Standing standing = Standing::open;
  Verdict witness;                    // of the first violation, or of what was seen
  std::uint64_t first_step = 0;       // the step that decided it
  EventIndex first_event = no_event;  // the last event of that step
  Time first_us = 0;
};

}  // namespace netsplit
