// Sets of 64-bit fingerprints: all that were seen, and the few that were seen last.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/large_array.h"
#include "core/check/kept.h"

namespace netsplit::check {

// Open addressing, linear probing, eight bytes an entry.
class FingerprintSet {
 public:
  FingerprintSet() { slots_[0] = stranger; }

  std::uint64_t size() const { return size_; }
  // What so many need, however they came in.
  std::int64_t bytes_held() const {
    return static_cast<std::int64_t>(std::bit_ceil(std::max(size_min, (size_ * 8 + 4) / 5)) * 8);
  }

  // Inserts the `fingerprint` of each entry, in order, and calls fresh(entry) where it was not
  // there before. The first places of a few are read at once, and those of the next few before
  // they are compared, so that memory is waited for once. Most hold what is looked for; the others
  // are listed without a branch, which would be guessed wrong too often, and only they are
  // inserted.
  template <class Entry, class Fresh>
  void take_in(const Entry* entries, std::size_t count, Fresh fresh) {
    while ((size_ + count) * 8 > slots_.size() * 5) grow();
    std::uint64_t* const slots = slots_.data();
    const std::size_t mask = slots_.size() - 1;
    const auto look = [&](const Entry* from, std::size_t few, std::uint64_t* held)
        __attribute__((always_inline)) {
      for (std::size_t i = 0; i < few; ++i) {
        held[i] = slots[static_cast<std::size_t>(from[i].fingerprint) & mask];
      }
    };
    const auto compare = [&](const Entry* from, std::size_t few, const std::uint64_t* held)
        __attribute__((always_inline)) {
      const Entry* others[batch];
      std::size_t others_count = 0;
      for (std::size_t i = 0; i < few; ++i) {
        others[others_count] = &from[i];
        others_count += held[i] != from[i].fingerprint ? 1 : 0;
      }
      for (std::size_t i = 0; i < others_count; ++i) {
        if (insert(slots, mask, others[i]->fingerprint)) fresh(*others[i]);
      }
    };
    std::uint64_t held[2 * batch];  // of these few, and of the next
    std::size_t side = 0;
    if (count >= batch) look(entries, batch, held);
    for (; count >= batch; count -= batch) {
      if (count >= 2 * batch) look(entries + batch, batch, held + (batch - side));
      compare(entries, batch, held + side);
      side = batch - side;
      entries += batch;
    }
    look(entries, count, held);
    compare(entries, count, held);
  }

  void keep(KeptWriter& writer) const {
    writer.word(has_zero_ ? 1 : 0);
    writer.list(slots_.data(), slots_.size());
  }
  // False, and the set is of no use, when that was not written by `keep`.
  bool restore(KeptReader& reader) {
    has_zero_ = reader.word() == 1;
    reader.list<std::uint64_t>(slots_);
    const auto free = static_cast<std::size_t>(std::count(slots_.begin(), slots_.end(), 0u));
    if (!reader.ok() || !std::has_single_bit(slots_.size()) || free == 0) return false;
    size_ = slots_.size() - free - 1 + (has_zero_ ? 1 : 0);
    return slots_[0] == stranger;
  }

 private:
  static constexpr std::uint64_t size_min = 64;
  static constexpr std::size_t batch = 32;
  // In place 0, which so is never free, and a search for 0 does not find it there. It belongs
  // elsewhere, and is not looked for here.
  static constexpr std::uint64_t stranger = 1;

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
    slots_[0] = std::exchange(old[0], 0);
    const std::uint64_t mask = slots_.size() - 1;
    for (const std::uint64_t fingerprint : old) {
      if (fingerprint == 0) continue;
      std::uint64_t at = fingerprint & mask;
      while (slots_[at] != 0) at = (at + 1) & mask;
      slots_[at] = fingerprint;
    }
  }

  // 0 is a free one; the fingerprint 0 is kept apart.
  LargeArray<std::uint64_t> slots_ = LargeArray<std::uint64_t>(size_min);
  std::uint64_t size_ = 0;
  bool has_zero_ = false;
};

// Fingerprints seen lately: each in the one place that it can have, until another comes. States
// close to each other have successors in common, so this small table, always at hand, knows about
// half of what the large one would be asked for.
class RecentFingerprints {
 public:
  RecentFingerprints() { slots_[0] = 1; }  // which belongs elsewhere: 0 was not seen yet

  // Whether it was seen lately; now it was.
  bool again(std::uint64_t fingerprint) {
    return std::exchange(slots_[fingerprint % slots_.size()], fingerprint) == fingerprint;
  }

 private:
  std::array<std::uint64_t, 2048> slots_{};
};

}  // namespace netsplit::check
