// Faults at random, for a search through seeds.
//
// What goes wrong in a run is drawn from its seed, in two stages: first a mix (which kinds of
// faults, how often each, and on what scale of time), then the faults themselves. A fixed rate of
// everything would make all runs alike: some bugs need many short faults and some a single long
// one, and some show only while another kind keeps away ("swarm testing": Groce et al., ISSTA
// 2012). Faults fill the first part of the run, the storm; then everything is healed, and the calm
// lasts long enough for a protocol to finish what it can.
//
// The outcome is an ordinary setup, so that a seed that fails is a scenario.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/sim/session.h"

namespace netsplit::check {

enum class FaultKind : std::uint8_t {
  partition,  // into two groups of any size, now and then three
  one_way,    // a group is not heard by the others, but hears them
  isolate,    // one node from all others, or only unheard
  cut,        // one link, both ways or one
  pause,
  crash,        // and restart
  clock_step,   // the wall clock jumps
  clock_drift,  // both clocks run fast or slow
  loss,         // of single messages
  duplicate,
  reorder,  // single messages are late, others overtake them
};
inline constexpr std::uint32_t fault_kinds = 11;

// A set of kinds, a bit each.
using FaultSet = std::uint32_t;
inline constexpr FaultSet all_faults = (FaultSet{1} << fault_kinds) - 1;
constexpr FaultSet set_of(FaultKind kind) {
  return FaultSet{1} << static_cast<std::uint32_t>(kind);
}

// What holds for all seeds of one scenario.
struct FaultPlan {
  FaultSet kinds = all_faults;  // that may be drawn
  std::int32_t node_count = 0;
  Time storm_us = 0;  // faults begin before this; what still lasts then is healed
  // So long the run goes on after the storm and whatever it has delayed; it ends early when nothing
  // is left.
  Time calm_us = 0;
  Time shortest_us = 0;  // of faults: what is over sooner makes no difference
  Time longest_us = 0;
  Time jump_us = 0;  // the longest of a wall clock
  // Pairs of nodes that talk, when they are few; otherwise empty.
  std::vector<std::pair<NodeId, NodeId>> linked;
};

// Takes the measure of a scenario: how long it is busy when left alone, how slow its links and
// timers are. Requires: the session is at the beginning of its run; afterwards it is at the end.
FaultPlan plan_faults(Session& session, FaultSet kinds);

// The setup with the faults of `seed`, which also becomes its seed; depends on nothing else.
// `drawn`, when given, becomes the set of kinds that are in it.
Setup with_faults(const Setup& setup, const FaultPlan& plan, std::uint64_t seed,
                  FaultSet* drawn = nullptr);

}  // namespace netsplit::check
