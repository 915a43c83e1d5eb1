// The pending events of a simulation, popped in the exact order (due, sequence).
//
// After the ladder queue (Tang, Goh, Thng, "Ladder queue: an O(1) priority queue structure for
// large-scale discrete event simulation", ACM TOMACS 15(3), 2005). Near events stand sorted in one
// array, the run. Later ones lie unsorted in the buckets of a short stack of rungs; a bucket is
// sorted, or split into a finer rung, when its time comes. Different from the paper: there is no
// Top, as each rung ends in a bucket for all the rest; widths are powers of two taken from the
// median of a sample, so that entries due "never" cost nothing; a bucket is a list of chunks in one
// pool, so that copying a queue is copying six arrays.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/base/large_array.h"

namespace netsplit {

// A reference to an event, with its place in the order; what slot and node_and_kind mean is the
// caller's business.
struct EventEntry {
  std::int64_t due_us;
  std::uint64_t sequence;
  std::uint32_t slot;
  std::uint32_t node_and_kind;
};
static_assert(sizeof(EventEntry) == 24 && std::is_trivially_copyable_v<EventEntry>);

// Whether a pops before b. Two words, not one of 128 bits: those are slow in WebAssembly.
inline bool pops_before(const EventEntry& a, const EventEntry& b) {
  return a.due_us < b.due_us || (a.due_us == b.due_us && a.sequence < b.sequence);
}

// A priority queue of events, and a value: a copy holds the same entries, and equal contents pop in
// the same order whatever their history. Any due is good, also one earlier than the last popped.
// Requires: no two entries with the same (due, sequence) (they would pop in either order).
// Cost: push and pop amortised O(1) when dues are spread, O(log n) at worst (many entries of the
// same due pushed against the order of their sequence). Memory: 25 to 47 bytes an entry at a
// million, 54 at a hundred; a copy leaves out what is room to grow.
class EventQueue {
 public:
  // How many entries a pop prepares at once, when it prepares any.
  static constexpr std::size_t prepare_batch = 8;

  EventQueue() = default;
  EventQueue(const EventQueue& other) { copy_from(other); }
  EventQueue(EventQueue&& other) noexcept { swap(other); }
  EventQueue& operator=(const EventQueue& other) {
    if (this != &other) copy_from(other);
    return *this;
  }
  EventQueue& operator=(EventQueue&& other) noexcept {
    swap(other);
    return *this;
  }
  ~EventQueue() = default;

  bool empty() const { return size_ == 0; }
  std::uint64_t size() const { return size_; }

  // Adds an entry. Invalidates the reference given by top. In line, so that the entry stays in
  // registers: read back from memory in other widths than it was written, it costs 10 ns.
  [[gnu::always_inline]] void push(const EventEntry& entry) {
    ++size_;
    if (entry.due_us > near_last_us_) {
      push_far(entry);
    } else {
      push_near(entry);
    }
  }

  // The entry with the smallest (due, sequence). Requires: not empty.
  const EventEntry& top() const { return run_[begin_]; }

  // Removes the top. Requires: not empty.
  void pop() {
    --size_;
    ++begin_;
    if (begin_ == end_ || (!late_.empty() && pops_before(late_.front(), run_[begin_]))) settle();
  }

  // Likewise, and calls prepare(entry) for what comes up `ahead` pops later or more: a hint, for
  // fetching what entries refer to. It is called for several entries in a row, as what is fetched
  // together is waited for once. Some entries are left out, a few come twice.
  template <class Prepare>
  [[gnu::always_inline]] void pop(std::size_t ahead, Prepare prepare) {
    pop();
    if (begin_ + ahead < prepared_ || prepared_ >= end_) return;
    const std::size_t to = std::min(end_, begin_ + ahead + prepare_batch);
    prepared_ = std::max(prepared_, begin_);
    for (; prepared_ < to; ++prepared_) prepare(run_[prepared_]);
  }

  // Removes all entries; keeps the memory.
  void clear() {
    late_.clear();
    rungs_.clear();
    buckets_.clear();
    begin_ = end_ = prepared_ = 0;
    size_ = 0;
    near_last_us_ = never_us;
    free_chunk_ = no_chunk;
    chunks_used_ = chunks_free_ = 0;
  }

  // Calls visit(entry) for each entry, in an order that must not matter. Cost: O(n).
  template <class F>
  void for_each(F visit) const {
    for (std::size_t i = begin_; i < end_; ++i) visit(run_[i]);
    for (const EventEntry& entry : late_) visit(entry);
    for (const Bucket& bucket : buckets_) {
      std::uint32_t in_chunk = bucket.count == 0 ? 0 : (bucket.count - 1) % chunk_entries + 1;
      for (std::uint32_t left = bucket.count, chunk = bucket.chunk; left > 0;) {
        const EventEntry* entries = chunk_at(chunk);
        for (std::uint32_t i = 0; i < in_chunk; ++i) visit(entries[i]);
        left -= in_chunk;
        in_chunk = chunk_entries;
        chunk = next_chunk_[chunk];
      }
    }
  }

  // Removes the entries for which pred(entry) holds. Cost: O(n).
  template <class Pred>
  void erase_if(Pred pred) {
    std::vector<EventEntry> kept;
    for_each([&](const EventEntry& entry) {
      if (!pred(entry)) kept.push_back(entry);
    });
    if (kept.size() == size_) return;
    clear();
    for (const EventEntry& entry : kept) push(entry);
  }

 private:
  static constexpr std::int64_t never_us = std::numeric_limits<std::int64_t>::max();
  static constexpr std::uint32_t no_chunk = 0xffff'ffff;
  static constexpr std::uint32_t chunk_entries = 8;
  // Up to so many in the run, an entry that falls in it is inserted; beyond, it goes to late_.
  static constexpr std::size_t insert_max = 24;
  // A bucket up to so large is sorted, a larger one is split.
  static constexpr std::uint32_t sort_min = 32;
  static constexpr std::uint32_t sort_max = 4096;
  // Entries aimed at in a bucket, and buckets in the nearer half of the entries: so few that the
  // pages of the chunks they end in stay in the processor's table of addresses.
  static constexpr std::uint32_t bucket_aim = 8;
  static constexpr std::uint32_t half_max = 256;
  static constexpr std::uint32_t sample_max = 63;

  // A list of chunks, the newest first; all but the newest are full.
  struct Bucket {
    std::uint32_t chunk = no_chunk;
    std::uint32_t count = 0;
  };

  // bucket_count buckets of 2^shift us from first_us on, then one for all the rest up to last_us.
  // Those before cursor are spent, and what belongs there belongs to the rungs above or the run.
  struct Rung {
    std::int64_t first_us;
    std::int64_t last_us;
    std::uint32_t shift;
    std::uint32_t bucket_count;
    std::uint32_t cursor;
    std::size_t offset;  // of its first bucket in buckets_
  };

  // Differences of dues are taken modulo 2^64: they are never negative, but may exceed INT64_MAX.
  static std::uint64_t distance(std::int64_t from_us, std::int64_t to_us) {
    return static_cast<std::uint64_t>(to_us) - static_cast<std::uint64_t>(from_us);
  }

  // The bits a number takes; the type of std::bit_width differs between libraries.
  static std::uint32_t width(std::uint64_t number) {
    return 64 - static_cast<std::uint32_t>(std::countl_zero(number));
  }

  EventEntry* chunk_at(std::uint32_t chunk) {
    return chunks_.data() + std::size_t{chunk} * chunk_entries;
  }
  const EventEntry* chunk_at(std::uint32_t chunk) const {
    return chunks_.data() + std::size_t{chunk} * chunk_entries;
  }

  [[gnu::always_inline]] void push_far(const EventEntry& entry) {
    const Rung* rung = &rungs_.back();
    while (entry.due_us > rung->last_us) --rung;
    add(buckets_[rung->offset + bucket_index(*rung, entry.due_us)], entry);
  }

  static std::size_t bucket_index(const Rung& rung, std::int64_t due_us) {
    const std::uint64_t index = distance(rung.first_us, due_us) >> rung.shift;
    return static_cast<std::size_t>(std::min<std::uint64_t>(index, rung.bucket_count));
  }

  [[gnu::always_inline]] void add(Bucket& bucket, const EventEntry& entry) {
    const std::uint32_t at = bucket.count % chunk_entries;
    if (at == 0) {
      const std::uint32_t chunk = take_chunk();
      next_chunk_[chunk] = bucket.chunk;
      bucket.chunk = chunk;
    }
    chunk_at(bucket.chunk)[at] = entry;
    ++bucket.count;
  }

  std::uint32_t take_chunk() {
    if (free_chunk_ != no_chunk) {
      const std::uint32_t chunk = free_chunk_;
      free_chunk_ = next_chunk_[chunk];
      --chunks_free_;
      return chunk;
    }
    if (chunks_used_ == next_chunk_.size()) grow_pool();
    return chunks_used_++;
  }

  [[gnu::noinline]] void grow_pool();

  void free_chunk(std::uint32_t chunk) {
    next_chunk_[chunk] = free_chunk_;
    free_chunk_ = chunk;
    ++chunks_free_;
  }

  // Invariant: the run's first entry is the smallest of all, also of the late ones.
  [[gnu::noinline]] void push_near(EventEntry entry);

  void insert(const EventEntry& entry);

  [[gnu::noinline]] void make_room();

  [[gnu::noinline]] void push_late(const EventEntry& entry);

  // Too many late entries: shortens the time the run stands for, or sorts them in where it cannot
  // be shortened. At least a ninth of what is moved was pushed since the last time.
  void spread_near();

  // Restores the invariant after a pop. Requires: the run is empty or a late entry comes before it.
  [[gnu::noinline]] void settle();

  // Fills the empty run from the first bucket that is not empty. Requires: there is one.
  void refill();

  // Calls visit(entry) for the entries of a bucket in the order they came, and frees its chunks,
  // each before its entries are visited, so that the pool does not grow while they move.
  template <class F>
  void drain(const Bucket& bucket, F visit);

  // Makes of a bucket a rung up to last_us. The nearer half of its entries, by a sample, gets
  // half_count buckets: at least 4, so that the median is never in the first one, and a split
  // always at least halves the time a bucket stands for. Thus a bucket that holds nearly all
  // entries is split at most 63 times, and entries far off do not widen the buckets.
  void split(const Bucket& bucket, std::int64_t last_us);

  // Moves a bucket into the empty run, sorted.
  void load(const Bucket& bucket);

  // A bucket sort with about one entry a bucket, which leaves little to the insertion sort.
  void load_spread(const Bucket& bucket);

  void prefetch(std::uint32_t chunk) const;

  void copy_from(const EventQueue& other);

  void swap(EventQueue& other) noexcept;

  std::vector<EventEntry> run_;            // sorted from begin_ to end_; the rest is room
  std::vector<EventEntry> late_;           // a heap of entries that came too late for a long run
  std::vector<Rung> rungs_;                // the nearest last
  std::vector<Bucket> buckets_;            // those of all rungs
  LargeArray<EventEntry> chunks_;          // the pool, chunk_entries each
  std::vector<std::uint32_t> next_chunk_;  // in a bucket or the free list
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t prepared_ = 0;  // up to here in run_; only a hint
  std::uint64_t size_ = 0;
  std::int64_t near_last_us_ = never_us;  // up to here in run_ or late_, beyond in rungs
  std::uint32_t free_chunk_ = no_chunk;
  std::uint32_t chunks_used_ = 0;
  std::uint32_t chunks_free_ = 0;
};

}  // namespace netsplit
