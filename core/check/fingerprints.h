// A set of 64-bit fingerprints: open addressing, linear probing, eight bytes an entry.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/large_array.h"
#include "core/check/kept.h"

namespace netsplit::check {

class FingerprintSet {
 public:
  explicit FingerprintSet(std::uint64_t capacity_hint = 0) {
    std::uint64_t size = 64;
    while (size < capacity_hint * 2) size *= 2;
    slots_.resize(size);
  }

  std::uint64_t size() const { return size_; }
  std::int64_t bytes_held() const { return static_cast<std::int64_t>(slots_.size() * 8); }

  // Inserts the `fingerprint` of each entry, in order, and calls fresh(entry) where it was not
  // there before. The first places of a few are read at once, so that memory is waited for once;
  // most hold what is looked for.
  template <class Entry, class Fresh>
  void take_in(const Entry* entries, std::size_t count, Fresh fresh) {
    while ((size_ + count) * 8 > slots_.size() * 5) grow();
    std::uint64_t* const slots = slots_.data();
    const std::size_t mask = slots_.size() - 1;
    const auto place = [&](std::size_t i) {
      return static_cast<std::size_t>(entries[i].fingerprint) & mask;
    };
    for (std::size_t first = 0; first < count; first += batch) {
      const std::size_t here = std::min(batch, count - first);
      if constexpr (can_prefetch) {
        const std::size_t ahead = std::min(first + 2 * batch, count);
        for (std::size_t i = first + batch; i < ahead; ++i) prefetch(&slots[place(i)]);
      }
      std::uint64_t held[batch];
      for (std::size_t i = 0; i < here; ++i) held[i] = slots[place(first + i)];
      for (std::size_t i = 0; i < here; ++i) {
        const Entry& entry = entries[first + i];
        if (held[i] == entry.fingerprint && held[i] != 0) continue;
        if (insert(slots, mask, entry.fingerprint)) fresh(entry);
      }
    }
  }

  void keep(KeptWriter& writer) const {
    writer.word(has_zero_ ? 1 : 0);
    writer.list(slots_.data(), slots_.size());
  }
  // False, and the set is of no use, when that was not written by `keep`.
  bool restore(KeptReader& reader) {
    has_zero_ = reader.word() == 1;
    reader.list<std::uint64_t>(slots_);
    const auto taken =
        slots_.size() - static_cast<std::size_t>(std::count(slots_.begin(), slots_.end(), 0u));
    size_ = taken + (has_zero_ ? 1 : 0);
    return reader.ok() && std::has_single_bit(slots_.size()) && taken < slots_.size();
  }

 private:
  static constexpr std::size_t batch = 16;

  bool insert(std::uint64_t* slots, std::size_t mask, std::uint64_t fingerprint) {
    if (fingerprint == 0) {
      size_ += has_zero_ ? 0 : 1;
      return !std::exchange(has_zero_, true);
    }
    std::size_t at = static_cast<std::size_t>(fingerprint) & mask;
    while (slots[at] != fingerprint && slots[at] != 0) at = (at + 1) & mask;
    if (slots[at] == fingerprint) return false;
    slots[at] = fingerprint;
    ++size_;
    return true;
  }

  void grow() {
    LargeArray<std::uint64_t> old(slots_.size() * 2);
    old.swap(slots_);
    const std::uint64_t mask = slots_.size() - 1;
    for (const std::uint64_t fingerprint : old) {
      if (fingerprint == 0) continue;
      std::uint64_t at = fingerprint & mask;
      while (slots_[at] != 0) at = (at + 1) & mask;
      slots_[at] = fingerprint;
    }
  }

  LargeArray<std::uint64_t> slots_;  // 0 is a free one; the fingerprint 0 is kept apart
  std::uint64_t size_ = 0;
  bool has_zero_ = false;
};

}  // namespace netsplit::check
