// Two-phase commit explored without an explorer: breadth first over states packed in one word, the
// visited ones in an open-addressing table whose look-ups are fetched sixteen ahead. No properties,
// no counter-example. What Explorer is measured against.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/large_array.h"
#include "core/base/rng.h"
#include "tests/models/two_phase.h"

namespace netsplit {

class BareTwoPhase {
 public:
  explicit BareTwoPhase(int managers) : model_{managers} {}

  std::uint64_t run() {
    table_.assign(1 << 16, 0);
    std::vector<std::uint64_t> frontier;
    std::vector<std::uint64_t> next;
    std::vector<std::uint64_t> batch;
    model_.initial([&](const State& s) { batch.push_back(pack(s)); });
    take_in(batch, frontier);
    while (!frontier.empty()) {
      next.clear();
      for (const std::uint64_t word : frontier) {
        model_.next(unpack(word), [&](const State& s) { batch.push_back(pack(s)); });
        if (batch.size() >= 1'024) take_in(batch, next);
      }
      take_in(batch, next);
      frontier.swap(next);
    }
    return count_;
  }

 private:
  using State = models::TwoPhase::State;

  // Never 0: the lowest bit is set.
  static std::uint64_t pack(const State& s) {
    return std::uint64_t{s.managers} << 32 | std::uint64_t{s.prepared_seen} << 17 |
           std::uint64_t{s.sent} << 1 | 1;
  }
  static State unpack(std::uint64_t word) {
    State s;
    s.managers = static_cast<std::uint32_t>(word >> 32);
    s.prepared_seen = static_cast<std::uint16_t>(word >> 17 & 0x7fff);
    s.sent = static_cast<std::uint16_t>(word >> 1);
    return s;
  }

  void take_in(std::vector<std::uint64_t>& batch, std::vector<std::uint64_t>& fresh) {
    constexpr std::size_t ahead = 16;
    while ((count_ + batch.size()) * 2 > table_.size()) grow();
    const std::uint64_t mask = table_.size() - 1;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (i + ahead < batch.size()) prefetch(&table_[mix64(batch[i + ahead]) & mask]);
      std::uint64_t at = mix64(batch[i]) & mask;
      while (table_[at] != 0 && table_[at] != batch[i]) at = (at + 1) & mask;
      if (table_[at] != 0) continue;
      table_[at] = batch[i];
      fresh.push_back(batch[i]);
      ++count_;
    }
    batch.clear();
  }

  void grow() {
    LargeArray<std::uint64_t> old(table_.size() * 2, 0);
    old.swap(table_);
    const std::uint64_t mask = table_.size() - 1;
    for (const std::uint64_t word : old) {
      if (word == 0) continue;
      std::uint64_t at = mix64(word) & mask;
      while (table_[at] != 0) at = (at + 1) & mask;
      table_[at] = word;
    }
  }

  models::TwoPhase model_;
  LargeArray<std::uint64_t> table_;
  std::uint64_t count_ = 0;
};

}  // namespace netsplit
