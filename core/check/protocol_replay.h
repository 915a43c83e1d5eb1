// The replay of a way through the model, by a world of the protocol.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/check/local.h"
#include "core/check/protocol_handlers.h"
#include "core/check/replay.h"
#include "core/check/world_model.h"
#include "core/sim/recorder.h"
#include "core/sim/world.h"

namespace netsplit::check {

// Is the world in this state of the model? Times, numbers of messages and counters are no part of a
// state, and a node that is paused is one to which nothing happens for a while.
// Requires: what the state is made of is absorbed.
template <Protocol P>
bool is_at(const World<P>& world, const WorldModel& model, const WorldModel::State& state) {
  const std::int32_t count = world.topology().node_count();
  for (std::int32_t i = 0; i < count; ++i) {
    const NodeId id{i};
    const auto& slot = world.node(id);
    const auto& own = local_in<P>(model.node(state.nodes[static_cast<std::size_t>(i)]));
    const Condition condition =
        slot.condition == Condition::paused ? Condition::up : slot.condition;
    if (slot.state != own.state || condition != own.condition ||
        slot.operations != own.operations) {
      return false;
    }
    std::size_t timers = 0;
    bool same = true;
    world.for_each_timer(id, [&](const auto& timer) {
      ++timers;
      same = same && std::any_of(own.timers.begin(), own.timers.end(),
                                 [&](const auto& one) { return one.timer == timer.timer; });
    });
    if (!same || timers != own.timers.size()) return false;
  }
  std::vector<SentBytes> in_world;
  std::vector<SentBytes> in_model;
  world.for_each_message([&](const auto& one) {
    in_world.push_back({one.from, one.to, bytes_of(one.message)});
  });
  for (const std::uint64_t key : model.network(state).letters) {
    const Letter& one = model.letter(key);
    in_model.push_back({one.from, one.to, bytes_of(message_in<P>(one))});
  }
  return are_the_same(std::move(in_world), std::move(in_model)) &&
         is_past(world.history(), model.past(state));
}

template <Protocol P>
class ProtocolReplay final : public Replay {
 public:
  // At an initial state; `choices` are those of each node's start.
  ProtocolReplay(const WorldModel& model, const Setup& setup,
                 std::shared_ptr<const Topology> topology, const typename P::Params& params,
                 const std::vector<std::vector<std::uint32_t>>& choices)
      : model_(model),
        setup_(by_hand(setup, choices)),
        world_(std::move(topology), params, setup_) {
    while (world_.next_due_us() == 0) world_.step(nullptr);
    for (const Input& input : setup_.script) world_.apply(input, nullptr);
  }

  void take(const State& state, const Act& act) override {
    Input input = input_of(state, act);
    world_.apply(input, nullptr);
    setup_.script.push_back(std::move(input));
  }

  bool is_at(const State& state) const override { return check::is_at(world_, model_, state); }
  Setup setup(Time apart_us) const override {
    Setup made = setup_;
    Time at_us = 0;
    for (Input& input : made.script) input.at_us = at_us += apart_us;
    made.until_us = at_us + seconds(1);
    return made;
  }

 private:
  Input input_of(const State& state, const Act& act) const;
  Input on_message(Action action, const Letter& letter) const;
  Input fire(NodeId node, const typename P::Timer& timer) const;

  const WorldModel& model_;
  Setup setup_;
  World<P> world_;
};

template <Protocol P>
Input ProtocolReplay<P>::input_of(const State& state, const Act& act) const {
  using Kind = Act::Kind;
  Input input;
  switch (act.kind) {
    case Kind::deliver:
    case Kind::arrive_nowhere:
      input = on_message(Action::deliver, model_.letter(act.letter));
      break;
    case Kind::drop:
      input = on_message(Action::drop, model_.letter(act.letter));
      break;
    case Kind::duplicate:
      input = on_message(Action::duplicate, model_.letter(act.letter));
      break;
    case Kind::fire: {
      const NodePart& own = model_.node(state.nodes[static_cast<std::size_t>(act.node.value)]);
      input = fire(act.node, local_in<P>(own).timers[act.timer].timer);
      break;
    }
    case Kind::line: {
      const NodePart& own = model_.node(state.nodes[static_cast<std::size_t>(act.node.value)]);
      input = model_.line(act.node, own.lines).input;
      input.at_us = 0;
      break;
    }
    case Kind::crash:
      input = on_nodes(Action::crash, 0, {act.node});
      break;
    case Kind::restart:
      input = on_nodes(Action::restart, 0, {act.node});
      break;
  }
  if (act.choices != nullptr) input.choices = *act.choices;
  return input;
}

// The message by its ends and its kind where that is the one meant, else by its number.
template <Protocol P>
Input ProtocolReplay<P>::on_message(Action action, const Letter& letter) const {
  const typename P::Message& message = message_in<P>(letter);
  MessageId exact = 0;
  MessageId first = 0;
  world_.for_each_message([&](const auto& envelope) {
    if (envelope.from != letter.from || envelope.to != letter.to) return;
    if (envelope.message.index() != message.index()) return;
    if (first == 0 || envelope.id < first) first = envelope.id;
    if (envelope.message == message && (exact == 0 || envelope.id < exact)) exact = envelope.id;
  });
  NETSPLIT_ASSERT(exact != 0);
  Input input;
  input.action = action;
  if (exact != first) {
    input.message.id = exact;
    return input;
  }
  input.message.from = letter.from;
  input.message.to = letter.to;
  input.message.label = netsplit::detail::alternatives<typename P::Message>::names[message.index()];
  return input;
}

// By its name, and by its fields where several of that name run.
template <Protocol P>
Input ProtocolReplay<P>::fire(NodeId node, const typename P::Timer& timer) const {
  Input input = on_nodes(Action::fire, 0, {node});
  input.name = snake_case(netsplit::detail::alternatives<typename P::Timer>::names[timer.index()]);
  std::int32_t of_that_name = 0;
  world_.for_each_timer(
      node, [&](const auto& slot) { of_that_name += slot.timer.index() == timer.index() ? 1 : 0; });
  if (of_that_name < 2) return input;
  const auto held = held_by(schema_of<typename P::Timer>, &timer);
  input.arguments = assignments(*held.schema, held.value, world_.topology().names());
  return input;
}

}  // namespace netsplit::check
