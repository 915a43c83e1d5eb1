// A way through the model, taken again by a world in manual mode: the same actions as inputs of a
// script. So what a check finds is an ordinary scenario.
#pragma once

#include <memory>
#include <vector>

#include "core/check/world_model.h"
#include "core/sim/setup.h"
#include "core/sim/world_base.h"

namespace netsplit::check {

class Replay {
 public:
  using State = WorldModel::State;
  using Act = WorldModel::Act;

  // At an initial state; `choices` are those of each node's start. The model must outlive it.
  Replay(const WorldModel& model, const Setup& setup,
         const std::vector<std::vector<std::uint32_t>>& choices);

  // Takes the action that leads on from `state`. Requires: the world is there.
  void take(const State& state, const Act& act);
  bool is_at(const State& state) const;
  // The inputs so far, `apart_us` from one to the next, as a setup that can be run.
  Setup setup(Time apart_us) const;

 private:
  Input input_of(const State& state, const Act& act) const;
  Input on_message(Action action, const Letter& letter) const;
  Input fire(const NodePart& node, std::uint32_t timer) const;

  const WorldModel& model_;
  Setup setup_;
  std::unique_ptr<WorldBase> world_;
};

// Clocks are perfect, and nothing happens but what the script says. Nodes that choose as they start
// join by the script instead, which can say what they choose; `choices` are those of each node.
Setup by_hand(const Setup& setup, const std::vector<std::vector<std::uint32_t>>& choices);

// Is the world in this state of the model? Times, numbers of messages and counters are no part of a
// state, and a node that is paused is one to which nothing happens for a while.
// Requires: what the state is made of is absorbed.
bool is_at(const WorldBase& world, const WorldModel& model, const WorldModel::State& state);

}  // namespace netsplit::check
