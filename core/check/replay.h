// A way through the model, taken again by a world in manual mode: the same actions as inputs of a
// script. So what a check finds is an ordinary scenario.
#pragma once

#include <string>
#include <vector>

#include "core/base/append_log.h"
#include "core/check/world_model.h"
#include "core/sim/operation.h"
#include "core/sim/setup.h"

namespace netsplit::check {

class Replay {
 public:
  using State = WorldModel::State;
  using Act = WorldModel::Act;

  virtual ~Replay() = default;
  // Takes the action that leads on from `state`. Requires: the world is there.
  virtual void take(const State& state, const Act& act) = 0;
  virtual bool is_at(const State& state) const = 0;
  // The inputs so far, `apart_us` from one to the next, as a setup that can be run.
  virtual Setup setup(Time apart_us) const = 0;
};

// Clocks are perfect, and nothing happens but what the script says. Nodes that choose as they start
// join by the script instead, which can say what they choose; `choices` are those of each node.
Setup by_hand(const Setup& setup, const std::vector<std::vector<std::uint32_t>>& choices);

// A message under way, whatever its type.
struct SentBytes {
  NodeId from;
  NodeId to;
  std::string bytes;
  friend bool operator==(const SentBytes&, const SentBytes&) = default;
};
// In whatever order.
bool are_the_same(std::vector<SentBytes> some, std::vector<SentBytes> others);

// Does a world's history hold what a state of the model knows of the past?
bool is_past(const AppendLog<OperationRecord, 64>& history, const WorldModel::Past& past);

}  // namespace netsplit::check
