// WorldModel: what can happen in a state, and what comes of it.
#pragma once

#include "core/check/world_model.h"

namespace netsplit::check {

template <class Visit>
void WorldModel::take(const State& state, const Act& act, const Network& network,
                      std::size_t removed, const std::vector<LocalStep>& steps, Memory& memory,
                      Visit& visit) const {
  for (const LocalStep& step : steps) {
    State successor = state;
    successor.nodes[index(act.node)] = step.local;
    if (removed != nothing || !step.sends.empty())
      successor.network = network_after(network, removed, step.sends, memory);
    successor.history = history_after(state.history, act.node, step.history, memory);
    Act taken = act;
    taken.choices = &step.choices;
    visit(taken, successor);
  }
}

template <class Visit>
void WorldModel::for_each_start(Visit visit) const {
  State empty;
  empty.network = keep_network({}, 0, memory_);
  empty.history = keep_past({}, memory_);
  using Kind = Act::Kind;
  std::vector<std::vector<std::uint32_t>> choices;
  const auto from = [&](const auto& self, const State& state, std::int32_t node) -> void {
    if (node == topology_->node_count()) return visit(state, choices);
    const NodeId id{node};
    const std::uint64_t key = keep_node(handlers_->absent(id), memory_);
    if (joins_later_[index(id)]) {
      State waiting = state;
      waiting.nodes[index(id)] = key;
      choices.emplace_back();
      self(self, waiting, node + 1);
      choices.pop_back();
      return;
    }
    const auto& steps = local_steps({id, Cause::start, key, 0}, memory_);
    Act act;
    act.kind = Kind::restart;
    act.node = id;
    const auto go_on = [&](const Act& taken, const State& successor) {
      choices.push_back(*taken.choices);
      self(self, successor, node + 1);
      choices.pop_back();
    };
    take(state, act, *memory_.networks.find(state.network), nothing, steps, memory_, go_on);
  };
  from(from, empty, 0);
}

template <class Visit>
bool WorldModel::for_each_act(const State& state, Memory& memory, Visit visit) const {
  using Kind = Act::Kind;
  const Network& network = get(&Memory::networks, state.network, memory);
  const std::vector<std::uint64_t>& letters = network.letters;
  const std::vector<std::uint64_t> no_sends;
  const auto count = static_cast<std::size_t>(topology_->node_count());
  std::array<const NodePart*, static_cast<std::size_t>(checked_nodes_max)> nodes{};
  for (std::size_t i = 0; i < count; ++i) nodes[i] = &get(&Memory::nodes, state.nodes[i], memory);

  const auto used = [&](int which) { return state.faults >> (16 * which) & 0xffff; };
  const auto with_fault = [&](int which) {
    State faulty = state;
    faulty.faults += std::uint64_t{1} << (16 * which);
    return faulty;
  };
  const bool may_drop = used(0) < faults_.drops;
  const bool may_duplicate = used(1) < faults_.duplicates;
  const bool may_crash = used(2) < faults_.crashes;

  // Messages. Of equal ones each action is taken once; of a link that keeps order the first goes.
  const Letter* before = nullptr;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const Letter& letter = get(&Memory::letters, letters[i], memory);
    const bool same_link = before != nullptr && before->in_order && before->from == letter.from &&
                           before->to == letter.to;
    before = &letter;
    if (i > 0 && letters[i] == letters[i - 1]) continue;
    Act act;
    act.node = letter.to;
    act.letter = letters[i];
    if (!letter.in_order || !same_link) {
      const std::size_t to = index(letter.to);
      if (nodes[to]->condition == Condition::up) {
        act.kind = Kind::deliver;
        const auto& steps =
            local_steps({letter.to, Cause::message, state.nodes[to], letters[i]}, memory);
        take(state, act, network, i, steps, memory, visit);
      } else {
        act.kind = Kind::arrive_nowhere;
        State successor = state;
        successor.network = network_after(network, i, no_sends, memory);
        visit(act, successor);
      }
    }
    // What a node sends itself is on no link.
    if (may_drop && letter.from != letter.to) {
      act.kind = Kind::drop;
      State successor = with_fault(0);
      successor.network = network_after(network, i, no_sends, memory);
      visit(act, successor);
    }
    if (may_duplicate && letter.from != letter.to) {
      act.kind = Kind::duplicate;
      State successor = with_fault(1);
      std::vector<std::uint64_t> doubled = letters;
      doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(i), letters[i]);
      successor.network =
          keep_network(doubled, network.loose + (i < network.loose ? 1 : 0), memory);
      visit(act, successor);
    }
  }

  bool whole = true;
  for (std::size_t i = 0; i < count; ++i) {
    const NodePart& node = *nodes[i];
    Act act;
    act.node = NodeId{static_cast<std::int32_t>(i)};
    const auto happens = [&](Kind kind, Cause cause, std::uint64_t detail, const State& from) {
      act.kind = kind;
      const auto& steps = local_steps({act.node, cause, state.nodes[i], detail}, memory);
      take(from, act, network, nothing, steps, memory, visit);
    };
    const bool up = node.condition == Condition::up;
    if (up && node.held_back) whole = false;
    for (std::size_t t = 0; up && t < node.due.size(); ++t) {
      act.timer = node.due[t];
      happens(Kind::fire, Cause::timer, act.timer, state);
    }
    if (node.lines < lines_[i].size()) happens(Kind::line, Cause::line, 0, state);
    if (up && may_crash) happens(Kind::crash, Cause::crash, 0, with_fault(2));
    if (node.condition == Condition::down) happens(Kind::restart, Cause::restart, 0, state);
  }
  return whole;
}

}  // namespace netsplit::check
