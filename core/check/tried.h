// What a search for an order has tried already; see linearizability.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace netsplit::check {

using Words = std::vector<std::uint64_t>;

// Configurations that were tried, by a 128-bit fingerprint of all but the unknown operations that
// were put: with 50 million of them the chance that two share one is below 10^-23. For each, the
// sets of unknown operations with which it was tried.
class Tried {
 public:
  explicit Tried(std::size_t set_words) : slots_(256), set_words_(set_words) {}

  // False when it was tried with this set or a part of it. Requires: !is_full().
  bool insert(std::uint64_t high, std::uint64_t low, const Words& set) {
    if ((size_ + 1) * 8 > slots_.size() * 5) grow();
    Slot& slot = find(high, low | 1);
    if (slot.low == 0) {
      slot = {high, low | 1, -1};
      ++size_;
    } else if (set_words_ == 0) {
      return false;
    }
    for (std::int32_t at = slot.sets; at >= 0; at = next_[static_cast<std::size_t>(at)]) {
      if (holds_part_of(at, set)) return false;
    }
    if (set_words_ > 0) {
      const auto number = static_cast<std::int32_t>(next_.size());
      next_.push_back(slot.sets);
      sets_.insert(sets_.end(), set.begin(), set.end());
      slot.sets = number;
    }
    return true;
  }

  // With what the next insertion may ask for.
  std::int64_t bytes() const {
    const bool grows = (size_ + 1) * 8 > slots_.size() * 5;
    return static_cast<std::int64_t>(slots_.size() * sizeof(Slot) * (grows ? 3 : 1) +
                                     bytes_to_come(sets_) + bytes_to_come(next_));
  }

 private:
  struct Slot {
    std::uint64_t high = 0;
    std::uint64_t low = 0;   // 0: free
    std::int32_t sets = -1;  // the first of a list
  };
  template <class T>
  std::size_t bytes_to_come(const std::vector<T>& list) const {
    const bool grows = list.size() + set_words_ > list.capacity();
    return list.capacity() * sizeof(T) * (grows ? 3 : 1);
  }
  bool holds_part_of(std::int32_t at, const Words& set) const {
    const std::uint64_t* part = sets_.data() + static_cast<std::size_t>(at) * set_words_;
    for (std::size_t i = 0; i < set_words_; ++i) {
      if ((part[i] & ~set[i]) != 0) return false;
    }
    return true;
  }
  Slot& find(std::uint64_t high, std::uint64_t low) {
    const auto mask = slots_.size() - 1;
    auto at = static_cast<std::size_t>(high) & mask;
    while (slots_[at].low != 0 && (slots_[at].high != high || slots_[at].low != low))
      at = (at + 1) & mask;
    return slots_[at];
  }
  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.low != 0) find(slot.high, slot.low) = slot;
    }
  }

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
  std::size_t set_words_;
  Words sets_;
  std::vector<std::int32_t> next_;
};

}  // namespace netsplit::check
