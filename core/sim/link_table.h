// The state of every directed link, without a matrix: a default, sparse exceptions, the side of
// each node in what was split, and one-way and large cuts as bit masks over nodes (a link is cut
// when its sender's mask and its receiver's share a bit).
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/base/hash.h"
#include "core/base/ids.h"
#include "core/sim/network.h"

namespace netsplit {

class LinkTable {
 public:
  LinkTable() = default;
  LinkTable(const NetworkSpec& spec, std::int32_t node_count)
      : spec_(spec), node_count_(node_count) {
    note_change();
  }

  const NetworkSpec& spec() const { return spec_; }
  std::int32_t node_count() const { return node_count_; }

  // True when no link was ever given anything of its own and the default only delays: it neither
  // loses, copies, alters, charges nor queues. Most runs are so, and most of their time.
  bool only_delays() const { return only_delays_; }

  bool is_cut(NodeId from, NodeId to) const;
  const LinkSpec& link(NodeId from, NodeId to) const;
  void set_link(NodeId from, NodeId to, const LinkSpec& link);
  void set_default(const LinkSpec& link) {
    spec_.link = link;
    note_change();
  }

  void cut(NodeId from, NodeId to) {
    links_[key(from, to)].forced = Forced::cut;
    note_change();
  }
  void heal(NodeId from, NodeId to);
  void heal_all();
  // Separates the groups, and the nodes in none of them, from each other; what was apart stays so.
  void split(const std::vector<std::vector<NodeId>>& groups);
  // Nobody hears the node; unless `one_way`, it hears nobody either.
  void isolate(NodeId node, bool one_way);
  // Messages from `senders` to anyone in `receivers` are cut. False when more than 64 such cuts
  // stand at once.
  bool cut_between(const std::vector<NodeId>& senders, const std::vector<NodeId>& receivers);
  // Each directed link with this probability, drawn from `seed` alone.
  void cut_random(std::int64_t ppm, std::uint64_t seed);

  // When a message of `bytes` that leaves at `depart_us` and needs `latency_us` arrives: after what
  // the link has queued already (bandwidth), and not before its predecessor (FIFO).
  Time arrival(NodeId from, NodeId to, Time depart_us, Time latency_us, std::int64_t bytes);

  void hash_into(Hasher& hasher) const;
  std::int64_t bytes_held() const;

 private:
  template <class Cut>
  void cut_again(Cut cut);
  void note_change();  // ends whatever changes the table
  enum class Forced : std::uint8_t { no, cut, open };
  struct State {
    LinkSpec own;
    bool has_own = false;
    Forced forced = Forced::no;
    Time free_us = 0;  // when the link has sent what is queued
    Time last_us = 0;  // the latest arrival so far
  };
  static std::uint64_t key(NodeId from, NodeId to) {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(from.value)) << 32 |
           static_cast<std::uint32_t>(to.value);
  }

  NetworkSpec spec_;
  std::int32_t node_count_ = 0;
  std::map<std::uint64_t, State> links_;
  std::vector<std::int32_t> sides_;      // by node, when the network is split: where it is
  std::vector<std::uint8_t> alone_;      // by node, when any is isolated: 1 not heard, 2 deaf
  std::vector<std::uint64_t> sends_;     // by node: the cuts it is a sender of
  std::vector<std::uint64_t> receives_;  // by node: the cuts it is a receiver of
  std::uint64_t masks_used_ = 0;
  std::int64_t random_cut_ppm_ = 0;
  std::uint64_t random_cut_seed_ = 0;
  bool only_delays_ = true;  // follows from the rest
};

}  // namespace netsplit
