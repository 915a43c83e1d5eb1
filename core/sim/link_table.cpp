#include "core/sim/link_table.h"

#include <algorithm>
#include <bit>

#include "core/base/encode.h"

namespace netsplit {

void LinkTable::note_change() {
  const LinkSpec& link = spec_.link;
  only_delays_ = links_.empty() && sides_.empty() && alone_.empty() && masks_used_ == 0 &&
                 random_cut_ppm_ == 0 && !link.fifo && link.bytes_per_second == 0 &&
                 link.loss_ppm == 0 && link.duplicate_ppm == 0 && link.tamper_ppm == 0 &&
                 link.nanocents_per_byte == 0;
}

bool LinkTable::is_cut(NodeId from, NodeId to) const {
  if (!links_.empty()) {
    const auto at = links_.find(key(from, to));
    if (at != links_.end() && at->second.forced != Forced::no)
      return at->second.forced == Forced::cut;
  }
  const auto sender = static_cast<std::size_t>(from.value);
  const auto receiver = static_cast<std::size_t>(to.value);
  if (!sides_.empty() && sides_[sender] != sides_[receiver]) return true;
  if (!alone_.empty() && ((alone_[sender] & 1) != 0 || (alone_[receiver] & 2) != 0)) return true;
  if (masks_used_ != 0 && (sends_[sender] & receives_[receiver]) != 0) return true;
  if (random_cut_ppm_ == 0) return false;
  return static_cast<std::int64_t>(mix64(random_cut_seed_ ^ mix64(key(from, to))) % 1'000'000) <
         random_cut_ppm_;
}

const LinkSpec& LinkTable::link(NodeId from, NodeId to) const {
  if (links_.empty()) return spec_.link;
  const auto at = links_.find(key(from, to));
  return at != links_.end() && at->second.has_own ? at->second.own : spec_.link;
}

void LinkTable::set_link(NodeId from, NodeId to, const LinkSpec& link) {
  State& state = links_[key(from, to)];
  state.own = link;
  state.has_own = true;
  note_change();
}

void LinkTable::heal(NodeId from, NodeId to) {
  const auto at = links_.find(key(from, to));
  if (at != links_.end()) at->second.forced = Forced::no;
  if (is_cut(from, to)) links_[key(from, to)].forced = Forced::open;
  note_change();
}

void LinkTable::heal_all() {
  for (auto& [link, state] : links_) state.forced = Forced::no;
  sides_.clear();
  alone_.clear();
  sends_.clear();
  receives_.clear();
  masks_used_ = 0;
  random_cut_ppm_ = 0;
  note_change();
}

// A link that was healed by hand and is now cut again with others is as they are.
template <class Cut>
void LinkTable::cut_again(Cut cut) {
  for (auto& [link, state] : links_) {
    if (state.forced != Forced::open) continue;
    if (cut(static_cast<std::size_t>(link >> 32), static_cast<std::size_t>(link & 0xffffffff))) {
      state.forced = Forced::no;
    }
  }
}

void LinkTable::split(const std::vector<std::vector<NodeId>>& groups) {
  std::vector<std::int32_t> group_of(static_cast<std::size_t>(node_count_));
  for (std::size_t i = 0; i < groups.size(); ++i) {
    for (const NodeId node : groups[i]) {
      group_of[static_cast<std::size_t>(node.value)] = static_cast<std::int32_t>(i + 1);
    }
  }
  cut_again([&](std::size_t from, std::size_t to) { return group_of[from] != group_of[to]; });
  // Two nodes are on one side when they were before and are so now.
  sides_.resize(group_of.size());
  std::map<std::pair<std::int32_t, std::int32_t>, std::int32_t> numbers;
  for (std::size_t i = 0; i < group_of.size(); ++i) {
    const auto number = static_cast<std::int32_t>(numbers.size());
    sides_[i] = numbers.try_emplace({sides_[i], group_of[i]}, number).first->second;
  }
  note_change();
}

void LinkTable::isolate(NodeId node, bool one_way) {
  alone_.resize(static_cast<std::size_t>(node_count_));
  const auto own = static_cast<std::size_t>(node.value);
  alone_[own] |= one_way ? 1 : 3;
  cut_again(
      [&](std::size_t from, std::size_t to) { return from == own || (to == own && !one_way); });
  note_change();
}

bool LinkTable::cut_between(const std::vector<NodeId>& senders,
                            const std::vector<NodeId>& receivers) {
  if (~masks_used_ == 0) return false;
  const std::uint64_t bit = std::uint64_t{1} << std::countr_one(masks_used_);
  masks_used_ |= bit;
  sends_.resize(static_cast<std::size_t>(node_count_));
  receives_.resize(static_cast<std::size_t>(node_count_));
  for (const NodeId node : senders) sends_[static_cast<std::size_t>(node.value)] |= bit;
  for (const NodeId node : receivers) receives_[static_cast<std::size_t>(node.value)] |= bit;
  cut_again(
      [&](std::size_t from, std::size_t to) { return (sends_[from] & receives_[to] & bit) != 0; });
  note_change();
  return true;
}

void LinkTable::cut_random(std::int64_t ppm, std::uint64_t seed) {
  random_cut_ppm_ = ppm;
  random_cut_seed_ = seed;
  cut_again([](std::size_t, std::size_t) { return true; });
  note_change();
}

Time LinkTable::arrival(NodeId from, NodeId to, Time depart_us, Time latency_us,
                        std::int64_t bytes) {
  const LinkSpec& spec = link(from, to);
  if (!spec.fifo && spec.bytes_per_second == 0) return depart_us + latency_us;
  const bool fifo = spec.fifo;
  const std::int64_t rate = spec.bytes_per_second;
  State& state = links_[key(from, to)];
  Time leaves_us = depart_us;
  if (rate > 0) {
    const Time sending_us = (bytes * 1'000'000 + rate - 1) / rate;
    state.free_us = std::max(state.free_us, depart_us) + sending_us;
    leaves_us = state.free_us;
  }
  Time arrives_us = leaves_us + latency_us;
  if (fifo) {
    arrives_us = std::max(arrives_us, state.last_us);
    state.last_us = arrives_us;
  }
  return arrives_us;
}

std::int64_t LinkTable::bytes_held() const {
  constexpr std::size_t tree_node = 48;  // what a red-black tree adds to an entry, roughly
  return static_cast<std::int64_t>(sizeof(*this) + links_.size() * (sizeof(State) + tree_node) +
                                   (sends_.capacity() + receives_.capacity()) * 8 +
                                   sides_.capacity() * 4 + alone_.capacity());
}

void LinkTable::hash_into(Hasher& hasher) const {
  encode(hasher, spec_);
  hasher.integer(masks_used_);
  hasher.integer(static_cast<std::uint64_t>(random_cut_ppm_));
  hasher.integer(random_cut_seed_);
  for (const std::int32_t side : sides_) hasher.integer(static_cast<std::uint64_t>(side));
  for (const std::uint8_t bits : alone_) hasher.integer(bits);
  for (const std::uint64_t mask : sends_) hasher.integer(mask);
  for (const std::uint64_t mask : receives_) hasher.integer(mask);
  hasher.integer(links_.size());
  for (const auto& [link, state] : links_) {
    hasher.integer(link);
    hasher.integer(static_cast<std::uint64_t>(state.forced) | (state.has_own ? 4u : 0u));
    if (state.has_own) encode(hasher, state.own);
    hasher.integer(static_cast<std::uint64_t>(state.free_us));
    hasher.integer(static_cast<std::uint64_t>(state.last_us));
  }
}

}  // namespace netsplit
