// All that a run depends on. Two runs of equal setups are equal, event by event.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/sim/clock.h"
#include "core/sim/input.h"
#include "core/sim/network.h"

namespace netsplit {

// `count` nodes of one role. One node is called `name`; several are called name1, name2, …
struct NodeGroup {
  std::string name;
  std::string role;
  std::int32_t count = 1;
  bool joins_later = false;  // absent until an input lets it join
  ClockSpec clock;
  friend bool operator==(const NodeGroup&, const NodeGroup&) = default;
};

// Settings of one link that differ from the network's.
struct LinkException {
  NodeId from;
  NodeId to;
  bool both_ways = true;
  LinkSpec link;
  friend bool operator==(const LinkException&, const LinkException&) = default;
};

struct Setup {
  std::string protocol;
  std::vector<std::pair<std::string, std::int64_t>> parameters;  // those that differ from defaults
  std::vector<NodeGroup> nodes;
  NetworkSpec network;
  std::vector<LinkException> links;
  std::uint64_t seed = 1;
  std::vector<Input> script;  // in the order they apply: by time, then as listed
  Time until_us = seconds(10);
  bool manual = false;  // latencies and timers are infinite: the script alone delivers and fires
  friend bool operator==(const Setup&, const Setup&) = default;
};

inline constexpr std::int32_t nodes_max = 1'000'000;
// A run that would go on beyond this many steps is stopped and says so. A protocol may have a
// lower limit of its own.
inline constexpr std::uint64_t steps_max = 20'000'000;

}  // namespace netsplit
