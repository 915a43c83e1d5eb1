// Values kept once each, under the 64-bit hash of their content: open addressing, linear probing.
// A place found stays where it is while others are added.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "core/base/assert.h"

namespace netsplit::check {

template <class Value>
class Interned {
 public:
  std::size_t size() const { return values_.size(); }

  // Null when there is none.
  const Value* find(std::uint64_t key) const {
    if (values_.empty()) return nullptr;
    for (std::size_t at = key & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].place == 0) return nullptr;
      if (slots_[at].key == key) return &values_[slots_[at].place - 1].second;
    }
  }

  // Requires: there is none under this key.
  const Value& add(std::uint64_t key, Value value) {
    if ((values_.size() + 1) * 2 > slots_.size()) grow();
    if constexpr (requires { value.bytes_elsewhere(); }) elsewhere_ += value.bytes_elsewhere();
    values_.emplace_back(key, std::move(value));
    NETSPLIT_ASSERT(values_.size() < UINT32_MAX);
    put({key, static_cast<std::uint32_t>(values_.size())});
    return values_.back().second;
  }

  // visit(key, value), in the order in which they were added.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& [key, value] : values_) visit(key, value);
  }

  // Moves what `other` has and this one has not, in the order in which it was added there.
  void absorb(Interned& other) {
    for (auto& [key, value] : other.values_) {
      if (find(key) == nullptr) add(key, std::move(value));
    }
    other.clear();
  }

  void clear() {
    if (values_.empty()) return;
    values_.clear();
    elsewhere_ = 0;
    slots_.assign(slots_.size() > 1024 ? 1024 : slots_.size(), Slot{});
  }

  // With what the values say they hold elsewhere.
  std::int64_t bytes_held() const {
    return elsewhere_ +
           static_cast<std::int64_t>(slots_.size() * sizeof(Slot) +
                                     values_.size() * sizeof(std::pair<std::uint64_t, Value>));
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t place = 0;  // counts from 1; 0: free
  };
  void put(Slot slot) {
    std::size_t at = slot.key & (slots_.size() - 1);
    while (slots_[at].place != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.place != 0) put(slot);
    }
  }

  std::vector<Slot> slots_;
  std::deque<std::pair<std::uint64_t, Value>> values_;
  std::int64_t elsewhere_ = 0;
};

}  // namespace netsplit::check
