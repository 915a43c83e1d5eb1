// Every push from outside: a line in a scenario's script and a person's gesture are the same thing.
//
// An input at time t takes effect after everything that was due at or before t. Where that is not
// exact enough (a gesture between two events of one instant), `after_step` counts the steps that
// come before it: then it need not wait for the rest of what is due at t.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/sim/network.h"

namespace netsplit {

enum class Action : std::uint8_t {
  cut,         // links between groups[0] and groups[1], both ways unless one_way
  heal,        // the same links; without groups everything that is cut
  partition,   // into groups; nodes in none of them form the last one. one_way: the first group's
               // messages do not reach the others, theirs still reach it
  isolate,     // each node of groups[0] from every other
  cut_random,  // each directed link with a probability of `ppm`
  link,        // give the links between groups[0] and groups[1] (or all) the settings in `link`
  pause,       // the nodes in groups[0], likewise below
  resume,
  crash,
  restart,
  join,
  leave,
  clock_step,   // the wall clock jumps by duration_us
  clock_drift,  // both clocks run `ppm` fast
  clock_ntp,    // NTP on (ppm = 1) or off (ppm = 0)
  drop,         // a message, likewise below
  duplicate,
  deliver,  // now
  delay,    // by duration_us
  alter,    // the field `name` to the value in arguments[0].second
  fire,     // a timer, by `name` and, where given, its fields in `arguments`, of the nodes in
            // groups[0] (manual mode); the one set first
  request,  // the protocol's request `name` with `arguments`, at the nodes in groups[0]
};

// A message by its number, or the first in flight that fits. When none fits yet, the action waits
// for the next one that is sent.
struct MessageChoice {
  MessageId id = 0;
  NodeId from;
  NodeId to;
  std::string label;  // the message's type; "" fits all
  friend bool operator==(const MessageChoice&, const MessageChoice&) = default;
};

struct Input {
  Action action{};
  Time at_us = 0;
  std::int64_t after_step = -1;  // -1: by time alone
  bool by_hand = false;
  bool one_way = false;
  std::vector<std::vector<NodeId>> groups;
  MessageChoice message;
  Time duration_us = 0;
  std::int64_t ppm = 0;
  std::string name;
  std::vector<std::pair<std::string, std::string>> arguments;
  std::vector<std::uint32_t> choices;  // what choose(n) yields while this input's step runs
  LinkSpec link;
  friend bool operator==(const Input&, const Input&) = default;
};

inline Input on_nodes(Action action, Time at_us, std::vector<NodeId> nodes) {
  Input input;
  input.action = action;
  input.at_us = at_us;
  input.groups.push_back(std::move(nodes));
  return input;
}

inline Input on_link(Action action, Time at_us, NodeId a, NodeId b) {
  Input input = on_nodes(action, at_us, {a});
  input.groups.push_back({b});
  return input;
}

inline Input on_message(Action action, Time at_us, MessageId id) {
  Input input;
  input.action = action;
  input.at_us = at_us;
  input.message.id = id;
  return input;
}

}  // namespace netsplit
