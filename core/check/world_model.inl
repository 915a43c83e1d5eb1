// WorldModel<P>: steps, and what is kept of them.
#pragma once

#include "core/check/world_model.h"

namespace netsplit::check {

template <Protocol P>
Result<WorldModel<P>> WorldModel<P>::make(const Setup& setup,
                                          std::shared_ptr<const Topology> topology,
                                          const typename P::Params& params,
                                          const CheckOptions& options) {
  const std::int32_t count = topology->node_count();
  if (count > checked_nodes_max) {
    return Error{"nodes: " + std::to_string(count) + " nodes; a check takes at most " +
                 std::to_string(checked_nodes_max)};
  }
  WorldModel model(std::move(topology), params);
  model.faults_ = options.faults;
  model.repeats_ = options.repeats;
  model.expected_violations_ = options.expected_violations;
  const auto nodes = static_cast<std::size_t>(count);
  model.lines_.resize(nodes);
  for (const NodeGroup& group : setup.nodes) {
    model.joins_later_.insert(model.joins_later_.end(), static_cast<std::size_t>(group.count),
                              group.joins_later);
  }
  LinkTable links(setup.network, count);
  for (const LinkException& exception : setup.links) {
    links.set_link(exception.from, exception.to, exception.link);
    if (exception.both_ways) links.set_link(exception.to, exception.from, exception.link);
  }
  for (std::int32_t from = 0; from < count; ++from) {
    for (std::int32_t to = 0; to < count; ++to)
      model.in_order_.push_back(from != to && links.link(NodeId{from}, NodeId{to}).fifo);
  }
  for (const Input& input : setup.script) {
    const bool explored = input.action == Action::request || input.action == Action::join ||
                          input.action == Action::leave;
    if (!explored) continue;
    for (const NodeId id : input.groups[0]) {
      Line line{input.action, input, std::nullopt};
      line.input.groups = {{id}};
      line.input.after_step = -1;
      line.input.choices.clear();
      if (input.action == Action::request) {
        line.request =
            netsplit::detail::request_of<typename P::Request>(input, model.topology_->names());
      }
      model.lines_[index(id)].push_back(std::move(line));
    }
  }
  if (options.symmetry) {
    const Status found = model.find_renamings();
    if (!found) return Error{found.error()};
  }
  const auto& properties = properties_of<P>();
  NETSPLIT_ASSERT(properties.size() <= 64);
  for (std::size_t i = 0; i < properties.size(); ++i) {
    if (!requires { P::needs_trace; } && properties[i].kind != PropertyKind::budget)
      model.judged_.push_back(i);
  }
  return model;
}

// What an event makes of a node, from memory or computed now.
template <Protocol P>
auto WorldModel<P>::local_steps(const Event& event, Memory& memory) const
    -> const std::vector<LocalStep>& {
  const std::uint64_t key = event.key();
  if (const auto* known = memory_.steps.find(key)) return known->ways;
  if (const auto* known = memory.steps.find(key)) return known->ways;
  Outcomes<P> outcomes = compute(event, memory);
  if (!renamings_.empty()) see_symmetry(event, outcomes, memory);
  LocalSteps steps{event, {}, outcomes.read_a_clock, outcomes.cut_short};
  for (auto& one : outcomes.list) {
    LocalStep step;
    step.choices = std::move(one.choices);
    step.local = one.local.hash(event.node);
    if (!has(&Memory::locals, step.local, memory))
      memory.locals.add(step.local, std::move(one.local));
    for (auto& [to, message] : one.sends)
      step.sends.push_back(keep_letter(event.node, to, std::move(message), memory));
    step.history = std::move(one.history);
    steps.ways.push_back(std::move(step));
  }
  return memory.steps.add(key, std::move(steps)).ways;
}

template <Protocol P>
Outcomes<P> WorldModel<P>::compute(const Event& event, const Memory& memory) const {
  using netsplit::detail::call_handle;
  using netsplit::detail::call_receive;
  using netsplit::detail::call_start;
  const NodeId id = event.node;
  const Local& local = get(&Memory::locals, event.local, memory);
  const auto run = [&](auto prepare, auto call) {
    return outcomes_of<P>(local, id, *topology_, params_, prepare, call);
  };
  const auto as_it_is = [](Local&) {};
  const auto go_down = [&](Condition condition) {
    Outcomes<P> gone = run(
        [&](Local& own) {
          netsplit::detail::forget_memory(own.state);
          own.timers.clear();
          own.condition = condition;
        },
        [](auto&, auto&) {});
    gone.list[0].history.push_back({HistoryEffect::Kind::crash, 0, {}, Outcome::unknown, 0});
    return gone;
  };
  const auto come_up = [&](bool after_a_crash) {
    return run([](Local& own) { own.condition = Condition::up; },
               [&](auto& role, auto& context) { call_start(role, context, after_a_crash); });
  };
  Outcomes<P> outcomes;
  switch (event.cause) {
    case Cause::start:
      return come_up(false);
    case Cause::restart:
      return come_up(true);
    case Cause::crash:
      return go_down(Condition::down);
    case Cause::message: {
      const Letter& letter = get(&Memory::letters, event.detail, memory);
      return run(as_it_is, [&](auto& role, auto& context) {
        call_receive(role, context, letter.from, letter.message);
      });
    }
    case Cause::timer: {
      const auto place = static_cast<std::ptrdiff_t>(event.detail);
      const typename P::Timer timer = local.timers[static_cast<std::size_t>(event.detail)].timer;
      return run(
          [&](Local& own) {
            own.timers.erase(own.timers.begin() + place);
            if (repeats_ != repeats_unbounded) own.count_running_out(timer);
          },
          [&](auto& role, auto& context) { call_handle(role, context, timer); });
    }
    case Cause::line: {
      const Line& line = lines_[index(id)][local.lines];
      if (!has_effect(line, local)) {
        outcomes = run(as_it_is, [](auto&, auto&) {});
      } else if (line.action == Action::request) {
        outcomes = run(as_it_is, [&](auto& role, auto& context) {
          if (line.request) call_handle(role, context, *line.request);
        });
      } else {
        outcomes = line.action == Action::join ? come_up(false) : go_down(Condition::absent);
      }
      for (auto& one : outcomes.list) ++one.local.lines;
      return outcomes;
    }
  }
  return outcomes;
}

template <Protocol P>
std::uint64_t WorldModel<P>::keep_letter(NodeId from, NodeId to, Message message,
                                         Memory& memory) const {
  Hasher hasher;
  encode(hasher, from);
  encode(hasher, to);
  encode(hasher, message);
  const std::uint64_t key = hasher.digest();
  if (has(&Memory::letters, key, memory)) return key;
  const bool in_order = in_order_[index(from) * index(NodeId{topology_->node_count()}) + index(to)];
  memory.letters.add(key, Letter{from, to, std::move(message), in_order});
  return key;
}

template <Protocol P>
std::uint64_t WorldModel<P>::key_of_network(const std::vector<std::uint64_t>& letters) {
  std::uint64_t key = 0x6e6574776f726bu + letters.size();
  for (const std::uint64_t letter : letters)
    key = (key ^ letter) * 0x9e3779b97f4a7c15u + (key >> 29);
  return mix64(key);
}

template <Protocol P>
std::uint64_t WorldModel<P>::keep_network(const std::vector<std::uint64_t>& letters,
                                          std::size_t loose, Memory& memory) const {
  const std::uint64_t key = key_of_network(letters);
  if (!has(&Memory::networks, key, memory)) memory.networks.add(key, Network{letters, loose});
  return key;
}

template <Protocol P>
std::uint64_t WorldModel<P>::network_after(const Network& network, std::size_t removed,
                                           const std::vector<std::uint64_t>& sends,
                                           Memory& memory) const {
  std::vector<std::uint64_t>& letters = memory.scratch;
  letters = network.letters;
  std::size_t loose = network.loose;
  if (removed != nothing) {
    letters.erase(letters.begin() + static_cast<std::ptrdiff_t>(removed));
    if (removed < loose) --loose;
  }
  for (const std::uint64_t key : sends) {
    const Letter& sent = get(&Memory::letters, key, memory);
    if (!sent.in_order) {
      const auto end = letters.begin() + static_cast<std::ptrdiff_t>(loose);
      letters.insert(std::upper_bound(letters.begin(), end, key), key);
      ++loose;
      continue;
    }
    std::size_t at = loose;
    for (; at < letters.size(); ++at) {
      const Letter& other = get(&Memory::letters, letters[at], memory);
      if (std::pair(other.from, other.to) > std::pair(sent.from, sent.to)) break;
    }
    letters.insert(letters.begin() + static_cast<std::ptrdiff_t>(at), key);
  }
  return keep_network(letters, loose, memory);
}

template <Protocol P>
std::uint64_t WorldModel<P>::key_of_past(const Past& past) {
  Hasher hasher;
  hasher.integer(past.entries.size());
  for (const auto& entry : past.entries) {
    encode(hasher, entry.invoked);
    encode(hasher, entry.completed);
    encode(hasher, entry.client);
    encode(hasher, entry.number);
    hasher.text(entry.operation.name);
    encode(hasher, entry.operation.key);
    encode(hasher, entry.operation.argument);
    encode(hasher, entry.operation.expected);
    encode(hasher, entry.outcome);
    encode(hasher, entry.result);
  }
  return hasher.digest();
}

template <Protocol P>
void WorldModel<P>::sort_past(Past& past) {
  std::sort(past.entries.begin(), past.entries.end(), [](const auto& a, const auto& b) {
    return std::tuple(a.invoked, a.client, a.number) < std::tuple(b.invoked, b.client, b.number);
  });
}

template <Protocol P>
std::uint64_t WorldModel<P>::keep_past(Past past, Memory& memory) const {
  const std::uint64_t key = key_of_past(past);
  if (has(&Memory::pasts, key, memory)) return key;
  for (const auto& entry : past.entries) {
    OperationRecord record{NodeId{entry.client}, entry.number, entry.operation};
    record.invoked_us = record.invoked_event = 2 * std::int64_t{entry.invoked};
    record.outcome = entry.outcome;
    record.result = entry.result;
    if (entry.completed != 0)
      record.completed_us = record.completed_event = 2 * std::int64_t{entry.completed} + 1;
    past.records.push_back(std::move(record));
  }
  memory.pasts.add(key, std::move(past));
  return key;
}

template <Protocol P>
std::uint64_t WorldModel<P>::history_after(std::uint64_t history, NodeId client,
                                           const std::vector<HistoryEffect>& effects,
                                           Memory& memory) const {
  if (effects.empty()) return history;
  Past past;
  past.entries = get(&Memory::pasts, history, memory).entries;
  for (const HistoryEffect& effect : effects) {
    std::uint32_t round = 1;
    for (const auto& entry : past.entries) round = std::max(round, entry.invoked);
    const bool over = std::any_of(past.entries.begin(), past.entries.end(),
                                  [&](const auto& entry) { return entry.completed == round; });
    if (effect.kind == HistoryEffect::Kind::invoke) {
      past.entries.push_back({over ? round + 1 : round, 0, client.value, effect.number,
                              effect.operation, Outcome::pending, 0});
      continue;
    }
    for (auto& entry : past.entries) {
      if (entry.client != client.value || entry.outcome != Outcome::pending) continue;
      if (effect.kind == HistoryEffect::Kind::crash) {
        entry.outcome = Outcome::unknown;
      } else if (entry.number == effect.number) {
        entry.outcome = effect.outcome;
        entry.result = effect.result;
        entry.completed = round;
      }
    }
  }
  sort_past(past);
  return keep_past(std::move(past), memory);
}

template <Protocol P>
template <class Visit>
void WorldModel<P>::take(const State& state, const Act& act, const Network& network,
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

template <Protocol P>
template <class Visit>
void WorldModel<P>::for_each_start(Visit visit) const {
  State empty;
  empty.network = keep_network({}, 0, memory_);
  empty.history = keep_past({}, memory_);
  using Kind = typename Act::Kind;
  std::vector<std::vector<std::uint32_t>> choices;
  const auto from = [&](const auto& self, const State& state, std::int32_t node) -> void {
    if (node == topology_->node_count()) return visit(state, choices);
    const NodeId id{node};
    Local local;
    netsplit::detail::emplace_alternative(
        local.state, static_cast<std::uint64_t>(topology_->role(id)),
        std::make_index_sequence<std::variant_size_v<typename P::Node>>{});
    local.condition = Condition::absent;
    const std::uint64_t key = local.hash(id);
    if (!has(&Memory::locals, key, memory_)) memory_.locals.add(key, local);
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

template <Protocol P>
template <class Visit>
bool WorldModel<P>::for_each_act(const State& state, Memory& memory, Visit visit) const {
  using Kind = typename Act::Kind;
  const Network& network = get(&Memory::networks, state.network, memory);
  const std::vector<std::uint64_t>& letters = network.letters;
  const std::vector<std::uint64_t> no_sends;
  const auto count = static_cast<std::size_t>(topology_->node_count());
  std::array<const Local*, static_cast<std::size_t>(checked_nodes_max)> locals{};
  for (std::size_t i = 0; i < count; ++i) locals[i] = &get(&Memory::locals, state.nodes[i], memory);

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
      if (locals[to]->condition == Condition::up) {
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
    const Local& local = *locals[i];
    Act act;
    act.node = NodeId{static_cast<std::int32_t>(i)};
    const auto happens = [&](Kind kind, Cause cause, std::uint64_t detail, const State& from) {
      act.kind = kind;
      const auto& steps = local_steps({act.node, cause, state.nodes[i], detail}, memory);
      take(from, act, network, nothing, steps, memory, visit);
    };
    const bool up = local.condition == Condition::up;
    for (std::size_t t = 0; up && t < local.timers.size(); ++t) {
      if (!may_fire(local.timers, t)) continue;
      if (repeats_ != repeats_unbounded && local.times_ran_out(local.timers[t].timer) >= repeats_) {
        whole = false;
        continue;
      }
      act.timer = static_cast<std::uint32_t>(t);
      happens(Kind::fire, Cause::timer, t, state);
    }
    if (local.lines < lines_[i].size()) happens(Kind::line, Cause::line, 0, state);
    if (up && may_crash) happens(Kind::crash, Cause::crash, 0, with_fault(2));
    if (local.condition == Condition::down) happens(Kind::restart, Cause::restart, 0, state);
  }
  return whole;
}

template <Protocol P>
void WorldModel<P>::absorb(Memory& memory) const {
  memory_.locals.absorb(memory.locals);
  memory_.letters.absorb(memory.letters);
  memory_.networks.absorb(memory.networks);
  memory_.pasts.absorb(memory.pasts);
  memory_.steps.absorb(memory.steps);
  memory_.renamed.absorb(memory.renamed);
  memory_.verdicts.absorb(memory.verdicts);
  memory_.asked_for_more |= memory.asked_for_more;
  memory_.undecided |= memory.undecided;
  memory_.uneven |= memory.uneven;
  if (memory_.asymmetry.empty()) memory_.asymmetry = memory.asymmetry;
  memory.moment.topology = nullptr;  // what it points to has moved
}

template <Protocol P>
std::int64_t WorldModel<P>::bytes_held() const {
  // What the entries hold elsewhere, roughly: a few words each.
  constexpr std::int64_t more = 64;
  const auto entries = static_cast<std::int64_t>(memory_.locals.size() + memory_.letters.size() +
                                                 memory_.networks.size() + memory_.pasts.size() +
                                                 memory_.steps.size());
  return memory_.locals.bytes_held() + memory_.letters.bytes_held() +
         memory_.networks.bytes_held() + memory_.pasts.bytes_held() + memory_.steps.bytes_held() +
         memory_.renamed.bytes_held() + entries * more;
}

template <Protocol P>
std::uint64_t WorldModel<P>::part_pairs_q20() const {
  return pairs_q20(memory_.locals.size()) + pairs_q20(memory_.letters.size()) +
         pairs_q20(memory_.networks.size()) + pairs_q20(memory_.pasts.size()) +
         pairs_q20(memory_.steps.size());
}

template <Protocol P>
const Moment<P>& WorldModel<P>::moment_of(const State& state, Memory& memory) const {
  Moment<P>& moment = memory.moment;
  moment.asked_for_more = false;
  if (moment.topology != nullptr && memory.moment_state == state) return moment;
  memory.moment_state = state;
  const auto count = static_cast<std::size_t>(topology_->node_count());
  moment.topology = topology_.get();
  moment.params = &params_;
  moment.nodes.resize(count);
  moment.conditions.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Local& own = get(&Memory::locals, state.nodes[i], memory);
    moment.nodes[i] = &own.state;
    moment.conditions[i] = own.condition;
  }
  moment.messages.clear();
  for (const std::uint64_t letter : get(&Memory::networks, state.network, memory).letters) {
    const Letter& sent = get(&Memory::letters, letter, memory);
    moment.messages.push_back({sent.from, sent.to, &sent.message});
  }
  moment.history = &get(&Memory::pasts, state.history, memory).records;
  return moment;
}

template <Protocol P>
Verdict WorldModel<P>::judge(std::size_t property, const State& state, Memory& memory) const {
  const auto& asked = properties_of<P>()[property];
  const std::uint64_t key = mix64(state.history + property);
  if (asked.of_history) {
    if (const Verdict* known = memory_.verdicts.find(key)) return *known;
    if (const Verdict* known = memory.verdicts.find(key)) return *known;
  }
  const Moment<P>& moment = moment_of(state, memory);
  Verdict verdict = asked.check(View<P>(moment));
  const std::uint64_t bit = std::uint64_t{1} << property;
  if (moment.asked_for_more) memory.asked_for_more |= bit;
  if (!verdict.decided) memory.undecided |= bit;
  return asked.of_history ? memory.verdicts.add(key, std::move(verdict)) : verdict;
}

template <Protocol P>
std::vector<Invariant<WorldModel<P>>> WorldModel<P>::invariants() const {
  std::vector<Invariant<WorldModel>> made;
  const auto& properties = properties_of<P>();
  for (const std::size_t i : judged_) {
    const auto& expected = expected_violations_;
    const bool stops =
        std::find(expected.begin(), expected.end(), properties[i].name) == expected.end();
    made.push_back({properties[i].name, properties[i].kind,
                    [i](const WorldModel& m, const State& state, Memory& memory) {
                      return m.holds(i, state, memory);
                    },
                    stops});
  }
  return made;
}

}  // namespace netsplit::check
