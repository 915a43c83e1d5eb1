// PHOLD without an engine: a loop around std::priority_queue with the same 24-byte entries, the
// same latencies, the same order of events (due, sequence) and one counter a node. What World is
// measured against.
#pragma once

#include <cstdint>
#include <queue>
#include <vector>

#include "core/sim/network.h"

namespace netsplit {

class BarePhold {
 public:
  explicit BarePhold(std::int32_t node_count) : caught_(static_cast<std::size_t>(node_count)) {
    for (std::int32_t i = 0; i < node_count; ++i) throw_one();
  }
  void step() {
    const Entry entry = queue_.top();
    queue_.pop();
    now_us_ = entry.due_us;
    ++caught_[static_cast<std::size_t>(entry.node)];
    throw_one();
  }
  std::int64_t caught(std::int32_t node) const { return caught_[static_cast<std::size_t>(node)]; }

 private:
  struct Entry {
    Time due_us;
    std::uint64_t sequence;
    std::int32_t node;
  };
  static_assert(sizeof(Entry) == 24);
  struct PopsAfter {
    bool operator()(const Entry& a, const Entry& b) const {
      return a.due_us > b.due_us || (a.due_us == b.due_us && a.sequence > b.sequence);
    }
  };

  void throw_one() {
    const auto to =
        static_cast<std::int32_t>(rng_.below(static_cast<std::uint32_t>(caught_.size())));
    queue_.push({now_us_ + draw_latency(latency_, rng_), ++sequence_, to});
  }

  Latency latency_{LatencyModel::exponential, 0, seconds(1)};
  Time now_us_ = 0;
  std::uint64_t sequence_ = 0;
  Rng rng_{1, 1, 1};
  std::vector<std::int64_t> caught_;
  std::priority_queue<Entry, std::vector<Entry>, PopsAfter> queue_;
};

}  // namespace netsplit
