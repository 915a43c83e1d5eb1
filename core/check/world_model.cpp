#include "core/check/world_model.h"

#include <tuple>

#include "core/sim/link_table.h"

namespace netsplit::check {

Result<WorldModel> WorldModel::make(const Setup& setup, std::shared_ptr<const Topology> topology,
                                    std::shared_ptr<const Handlers> handlers,
                                    const CheckOptions& options) {
  const std::int32_t count = topology->node_count();
  if (count > checked_nodes_max) {
    return Error{"nodes: " + std::to_string(count) + " nodes; a check takes at most " +
                 std::to_string(checked_nodes_max)};
  }
  WorldModel model(std::move(topology), std::move(handlers));
  model.faults_ = options.faults;
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
      Line line{input.action, input, nullptr};
      line.input.groups = {{id}};
      line.input.after_step = -1;
      line.input.choices.clear();
      if (input.action == Action::request) line.request = model.handlers_->request_of(input);
      model.lines_[index(id)].push_back(std::move(line));
    }
  }
  if (options.symmetry) {
    const Status found = model.find_renamings();
    if (!found) return Error{found.error()};
  }
  const auto& properties = model.properties();
  NETSPLIT_ASSERT(properties.size() <= 64);
  for (std::size_t i = 0; i < properties.size(); ++i) {
    if (!model.needs_trace() && properties[i].kind != PropertyKind::budget)
      model.judged_.push_back(i);
  }
  return model;
}

// What an event makes of a node, from memory or computed now.
auto WorldModel::local_steps(const Event& event, Memory& memory) const
    -> const std::vector<LocalStep>& {
  const std::uint64_t key = event.key();
  if (const auto* known = memory_.steps.find(key)) return known->ways;
  if (const auto* known = memory.steps.find(key)) return known->ways;
  Outcomes outcomes = compute(event, memory);
  if (!renamings_.empty()) see_symmetry(event, outcomes, memory);
  LocalSteps steps{event, {}, outcomes.read_a_clock, outcomes.cut_short};
  for (auto& one : outcomes.list) {
    LocalStep step;
    step.choices = std::move(one.choices);
    step.local = keep_node(std::move(one.node), memory);
    for (Letter& letter : one.sends) step.sends.push_back(keep_letter(std::move(letter), memory));
    step.history = std::move(one.history);
    steps.ways.push_back(std::move(step));
  }
  return memory.steps.add(key, std::move(steps)).ways;
}

Outcomes WorldModel::compute(const Event& event, const Memory& memory) const {
  const NodePart& node = get(&Memory::nodes, event.local, memory);
  Handlers::Coming coming;
  coming.cause = event.cause;
  if (event.cause == Cause::message) coming.letter = &get(&Memory::letters, event.detail, memory);
  if (event.cause == Cause::timer) coming.place = static_cast<std::uint32_t>(event.detail);
  if (event.cause == Cause::line) coming.line = &line(event.node, node.lines);
  return handlers_->outcomes(node, coming);
}

std::uint64_t WorldModel::keep_node(NodePart node, Memory& memory) const {
  const std::uint64_t key = node.key;
  if (!has(&Memory::nodes, key, memory)) memory.nodes.add(key, std::move(node));
  return key;
}

std::uint64_t WorldModel::keep_letter(Letter letter, Memory& memory) const {
  const std::uint64_t key = letter.key;
  if (has(&Memory::letters, key, memory)) return key;
  letter.in_order = in_order_[index(letter.from) * lines_.size() + index(letter.to)];
  memory.letters.add(key, std::move(letter));
  return key;
}

std::uint64_t WorldModel::key_of_network(const std::vector<std::uint64_t>& letters) {
  std::uint64_t key = 0x6e6574776f726bu + letters.size();
  for (const std::uint64_t letter : letters)
    key = (key ^ letter) * 0x9e3779b97f4a7c15u + (key >> 29);
  return mix64(key);
}

std::uint64_t WorldModel::keep_network(const std::vector<std::uint64_t>& letters, std::size_t loose,
                                       Memory& memory) const {
  const std::uint64_t key = key_of_network(letters);
  if (!has(&Memory::networks, key, memory)) memory.networks.add(key, Network{letters, loose});
  return key;
}

std::uint64_t WorldModel::network_after(const Network& network, std::size_t removed,
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

std::uint64_t WorldModel::key_of_past(const Past& past) {
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

void WorldModel::sort_past(Past& past) {
  std::sort(past.entries.begin(), past.entries.end(), [](const auto& a, const auto& b) {
    return std::tuple(a.invoked, a.client, a.number) < std::tuple(b.invoked, b.client, b.number);
  });
}

std::uint64_t WorldModel::keep_past(Past past, Memory& memory) const {
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

std::uint64_t WorldModel::history_after(std::uint64_t history, NodeId client,
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

void WorldModel::absorb(Memory& memory) const {
  memory_.nodes.absorb(memory.nodes);
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
  memory.looks = false;  // what it points to has moved
}

std::int64_t WorldModel::bytes_held() const {
  return memory_.nodes.bytes_held() + memory_.letters.bytes_held() + memory_.networks.bytes_held() +
         memory_.pasts.bytes_held() + memory_.steps.bytes_held() + memory_.renamed.bytes_held();
}

std::uint64_t WorldModel::part_pairs_q20() const {
  return pairs_q20(memory_.nodes.size()) + pairs_q20(memory_.letters.size()) +
         pairs_q20(memory_.networks.size()) + pairs_q20(memory_.pasts.size()) +
         pairs_q20(memory_.steps.size());
}

Judge& WorldModel::judge_at(const State& state, Memory& memory) const {
  if (memory.judge == nullptr) memory.judge = handlers_->judge();
  if (memory.looks && memory.judged_state == state) return *memory.judge;
  memory.looks = true;
  memory.judged_state = state;
  std::vector<const NodePart*> nodes;
  for (std::size_t i = 0; i < lines_.size(); ++i)
    nodes.push_back(&get(&Memory::nodes, state.nodes[i], memory));
  std::vector<const Letter*> letters;
  for (const std::uint64_t letter : get(&Memory::networks, state.network, memory).letters)
    letters.push_back(&get(&Memory::letters, letter, memory));
  memory.judge->look_at(nodes, letters, get(&Memory::pasts, state.history, memory).records);
  return *memory.judge;
}

Verdict WorldModel::judge(std::size_t property, const State& state, Memory& memory) const {
  const bool of_history = properties()[property].of_history;
  const std::uint64_t key = mix64(state.history + property);
  if (of_history) {
    if (const Verdict* known = memory_.verdicts.find(key)) return *known;
    if (const Verdict* known = memory.verdicts.find(key)) return *known;
  }
  bool asked_for_more = false;
  Verdict verdict = judge_at(state, memory).judge(property, asked_for_more);
  const std::uint64_t bit = std::uint64_t{1} << property;
  if (asked_for_more) memory.asked_for_more |= bit;
  if (!verdict.decided) memory.undecided |= bit;
  return of_history ? memory.verdicts.add(key, std::move(verdict)) : verdict;
}

std::vector<Invariant<WorldModel>> WorldModel::invariants() const {
  std::vector<Invariant<WorldModel>> made;
  const auto& properties = this->properties();
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
