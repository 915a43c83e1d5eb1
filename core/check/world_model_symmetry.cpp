// WorldModel: nodes under each other's names.
#include "core/check/world_model.h"

#include <tuple>

namespace netsplit::check {

Status WorldModel::find_renamings() {
  const std::int32_t count = topology_->node_count();
  std::vector<std::int32_t> kinds;
  std::vector<std::tuple<std::int32_t, bool, std::size_t>> known;
  for (std::int32_t i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::tuple kind{topology_->role(NodeId{i}), bool{joins_later_[at]}, lines_[at].size()};
    const auto same = std::find(known.begin(), known.end(), kind);
    kinds.push_back(static_cast<std::int32_t>(same - known.begin()));
    if (same == known.end()) known.push_back(kind);
  }
  auto found = renamings_of(kinds, [&](const Renaming& renaming) { return fits(renaming); });
  if (!found) return Error{found.error()};
  renamings_ = std::move(found).value();
  for (const Renaming& renaming : renamings_) inverses_.push_back(renaming.inverse());
  return Done{};
}

// Script and links say the same of every node as of the one that takes its place.
bool WorldModel::fits(const Renaming& renaming) const {
  const std::size_t count = lines_.size();
  const auto to = [&](std::size_t i) { return static_cast<std::size_t>(renaming.to[i]); };
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t line = 0; line < lines_[i].size(); ++line) {
      const Line& own = lines_[i][line];
      const Line& other = lines_[to(i)][line];
      if (own.action != other.action || own.input.name != other.input.name ||
          !handlers_->same_request(own, other, renaming))
        return false;
    }
    for (std::size_t j = 0; j < count; ++j) {
      if (in_order_[i * count + j] != in_order_[to(i) * count + to(j)]) return false;
    }
  }
  return true;
}

std::uint64_t WorldModel::renamed_node(std::uint64_t key, std::size_t which, Memory& memory) const {
  const std::uint64_t question = mix64(key + mix64(which * 4 + 1));
  if (const auto* known = memory_.renamed.find(question)) return *known;
  if (const auto* known = memory.renamed.find(question)) return *known;
  const NodePart& node = get(&Memory::nodes, key, memory);
  return memory.renamed.add(question,
                            keep_node(handlers_->renamed(node, renamings_[which]), memory));
}

std::uint64_t WorldModel::renamed_letter(std::uint64_t key, std::size_t which,
                                         Memory& memory) const {
  const std::uint64_t question = mix64(key + mix64(which * 4 + 2));
  if (const auto* known = memory_.renamed.find(question)) return *known;
  if (const auto* known = memory.renamed.find(question)) return *known;
  const Letter& letter = get(&Memory::letters, key, memory);
  return memory.renamed.add(question,
                            keep_letter(handlers_->renamed(letter, renamings_[which]), memory));
}

std::uint64_t WorldModel::renamed_past(std::uint64_t key, std::size_t which, Memory& memory) const {
  const std::uint64_t question = mix64(key + mix64(which * 4 + 3));
  if (const auto* known = memory_.renamed.find(question)) return *known;
  if (const auto* known = memory.renamed.find(question)) return *known;
  Past past;
  past.entries = get(&Memory::pasts, key, memory).entries;
  for (auto& entry : past.entries) {
    entry.client = renamings_[which](NodeId{entry.client}).value;
    entry.operation = handlers_->renamed(entry.operation, renamings_[which]);
  }
  sort_past(past);
  return memory.renamed.add(question, keep_past(std::move(past), memory));
}

// Of messages in flight, in the order that a network has them.
const std::vector<std::uint64_t>& WorldModel::rename_letters(std::uint64_t network,
                                                             std::size_t which,
                                                             Memory& memory) const {
  const Network& before = get(&Memory::networks, network, memory);
  std::vector<std::uint64_t>& letters = memory.scratch;
  letters = before.letters;
  for (std::uint64_t& letter : letters) letter = renamed_letter(letter, which, memory);
  const auto loose = letters.begin() + static_cast<std::ptrdiff_t>(before.loose);
  std::sort(letters.begin(), loose);
  const auto ends = [&](std::uint64_t key) {
    const Letter& sent = get(&Memory::letters, key, memory);
    return std::pair(sent.from, sent.to);
  };
  std::stable_sort(loose, letters.end(),
                   [&](std::uint64_t a, std::uint64_t b) { return ends(a) < ends(b); });
  return letters;
}

auto WorldModel::renamed(const State& state, std::size_t which, Memory& memory) const -> State {
  State other;
  for (std::int32_t i = 0; i < topology_->node_count(); ++i) {
    const NodeId node{i};
    other.nodes[index(renamings_[which](node))] =
        renamed_node(state.nodes[index(node)], which, memory);
  }
  const std::size_t loose = get(&Memory::networks, state.network, memory).loose;
  other.network = keep_network(rename_letters(state.network, which, memory), loose, memory);
  other.history = renamed_past(state.history, which, memory);
  other.faults = state.faults;
  return other;
}

// Of all renamings of a state the one with the least hashes, place by place. Most are known to be
// greater after a place or two.
auto WorldModel::canonical(const State& state, Memory& memory) const -> State {
  State best = state;
  for (std::size_t which = 0; which < renamings_.size(); ++which) {
    State other = state;
    bool less = false;
    bool greater = false;
    const auto compare = [&](std::uint64_t own, std::uint64_t of_best) {
      greater = !less && own > of_best;
      less = less || own < of_best;
    };
    for (std::int32_t place = 0; place < topology_->node_count() && !greater; ++place) {
      const NodeId from = inverses_[which](NodeId{place});
      other.nodes[index(NodeId{place})] = renamed_node(state.nodes[index(from)], which, memory);
      compare(other.nodes[index(NodeId{place})], best.nodes[index(NodeId{place})]);
    }
    if (greater) continue;
    other.network = key_of_network(rename_letters(state.network, which, memory));
    compare(other.network, best.network);
    if (greater) continue;
    other.history = renamed_past(state.history, which, memory);
    compare(other.history, best.history);
    if (!less) continue;
    const std::size_t loose = get(&Memory::networks, state.network, memory).loose;
    keep_network(rename_letters(state.network, which, memory), loose, memory);
    best = other;
  }
  return best;
}

bool WorldModel::holds(std::size_t property, const State& state, Memory& memory) const {
  const AskedProperty& asked = properties()[property];
  const bool own = judge(property, state, memory).holds;
  if (renamings_.empty() || asked.of_history) return own;
  const bool sometimes = asked.kind == PropertyKind::sometimes;
  if (asked.kind != PropertyKind::finally && own == sometimes) return own;
  for (std::size_t which = 0; which < renamings_.size(); ++which) {
    const bool other = judge(property, renamed(state, which, memory), memory).holds;
    if (other == own) continue;
    if (asked.kind != PropertyKind::finally) return other;
    memory.uneven |= std::uint64_t{1} << property;
    return false;
  }
  return own;
}

auto WorldModel::renamed_event(const Event& event, std::size_t which, Memory& memory) const
    -> Event {
  const Renaming& renaming = renamings_[which];
  Event other = event;
  other.node = renaming(event.node);
  other.local = renamed_node(event.local, which, memory);
  if (event.cause == Cause::message) {
    other.detail = renamed_letter(event.detail, which, memory);
  } else if (event.cause == Cause::timer) {
    other.detail = handlers_->renamed_timer(get(&Memory::nodes, event.local, memory),
                                            static_cast<std::uint32_t>(event.detail),
                                            get(&Memory::nodes, other.local, memory), renaming);
  }
  return other;
}

// In an order of their own. On links that let messages overtake each other, and to different nodes,
// it does not matter what was sent first.
std::string WorldModel::all_ways(Outcomes outcomes) const {
  std::vector<std::string> ways;
  for (Outcomes::One& one : outcomes.list) {
    std::stable_sort(one.sends.begin(), one.sends.end(), [&](const Letter& a, const Letter& b) {
      if (a.to != b.to) return a.to < b.to;
      const bool in_order = in_order_[index(a.from) * lines_.size() + index(a.to)];
      return !in_order && a.key < b.key;
    });
    ways.push_back(comes_to(one));
  }
  std::sort(ways.begin(), ways.end());
  std::string all;
  for (const std::string& way : ways) all += std::to_string(way.size()) + ":" + way;
  return all;
}

void WorldModel::see_symmetry(const Event& event, const Outcomes& outcomes, Memory& memory) const {
  // Of ways that were cut short nothing is claimed anyway.
  if (outcomes.cut_short || !memory.asymmetry.empty()) return;
  for (std::size_t which = 0; which < renamings_.size(); ++which) {
    const Renaming& renaming = renamings_[which];
    const Event other = renamed_event(event, which, memory);
    Outcomes expected = outcomes;
    for (Outcomes::One& one : expected.list) {
      one.node = handlers_->renamed(one.node, renaming);
      for (Letter& letter : one.sends) letter = handlers_->renamed(letter, renaming);
      for (HistoryEffect& effect : one.history) {
        if (effect.kind == HistoryEffect::Kind::invoke)
          effect.operation = handlers_->renamed(effect.operation, renaming);
      }
    }
    if (all_ways(compute(other, memory)) == all_ways(std::move(expected))) continue;
    memory.asymmetry = asymmetry_of(event, renaming, memory);
    return;
  }
}

std::string WorldModel::asymmetry_of(const Event& event, const Renaming& renaming,
                                     const Memory& memory) const {
  std::string moved;
  for (std::size_t i = 0; i < renaming.to.size(); ++i) {
    const auto id = static_cast<std::int32_t>(i);
    if (renaming.to[i] != id) moved += (moved.empty() ? "" : ", ") + topology_->name(NodeId{id});
  }
  return "symmetry: what " + topology_->name(event.node) + " does at \"" +
         name_of_event(event, memory) + "\" is not the same with " + moved +
         " in each other's places: they are not interchangeable";
}

}  // namespace netsplit::check
