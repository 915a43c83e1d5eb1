#include "core/sim/link_table.h"

#include <algorithm>
#include <bit>

namespace netsplit {

bool LinkTable::is_cut(NodeId from, NodeId to) const {
  if (!links_.empty()) {
    const auto at = links_.find(key(from, to));
    if (at != links_.end() && at->second.forced != Forced::no)
      return at->second.forced == Forced::cut;
  }
  if (masks_used_ != 0 && (sends_[static_cast<std::size_t>(from.value)] &
                           receives_[static_cast<std::size_t>(to.value)]) != 0) {
    return true;
  }
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
}

void LinkTable::heal(NodeId from, NodeId to) {
  const auto at = links_.find(key(from, to));
  if (at != links_.end()) at->second.forced = Forced::no;
  if (is_cut(from, to)) links_[key(from, to)].forced = Forced::open;
}

void LinkTable::heal_all() {
  for (auto& [link, state] : links_) state.forced = Forced::no;
  sends_.clear();
  receives_.clear();
  masks_used_ = 0;
  random_cut_ppm_ = 0;
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
  // A link that was healed by hand and is now cut again with all the others is cut.
  for (auto& [link, state] : links_) {
    const auto from = static_cast<std::size_t>(link >> 32);
    const auto to = static_cast<std::size_t>(link & 0xffffffff);
    if (state.forced == Forced::open && (sends_[from] & receives_[to] & bit) != 0) {
      state.forced = Forced::no;
    }
  }
  return true;
}

void LinkTable::cut_random(std::int64_t ppm, std::uint64_t seed) {
  random_cut_ppm_ = ppm;
  random_cut_seed_ = seed;
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
                                   (sends_.capacity() + receives_.capacity()) * 8);
}

}  // namespace netsplit
