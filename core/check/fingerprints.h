// A set of 64-bit fingerprints: open addressing, linear probing, eight bytes an entry.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
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

  // Fetches the place a fingerprint belongs to, ahead of its insertion.
  void prefetch(std::uint64_t fingerprint) const {
    netsplit::prefetch(&slots_[fingerprint & (slots_.size() - 1)]);
  }

  // Makes sure that `count` more entries fit without growing in between.
  void reserve_more(std::uint64_t count) {
    while ((size_ + count) * 8 > slots_.size() * 5) grow();
  }

  // False when it was there already. Requires: reserve_more has made room.
  bool insert(std::uint64_t fingerprint) {
    if (fingerprint == 0) {
      const bool fresh = !has_zero_;
      has_zero_ = true;
      size_ += fresh ? 1 : 0;
      return fresh;
    }
    const std::uint64_t mask = slots_.size() - 1;
    for (std::uint64_t at = fingerprint & mask;; at = (at + 1) & mask) {
      if (slots_[at] == fingerprint) return false;
      if (slots_[at] == 0) {
        slots_[at] = fingerprint;
        ++size_;
        return true;
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
