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

  [[gnu::noinline]] void grow_pool() {
    const std::size_t chunk_count = next_chunk_.size() + next_chunk_.size() / 2 + 8;
    chunks_.resize(chunk_count * chunk_entries);
    next_chunk_.resize(chunk_count);
  }

  void free_chunk(std::uint32_t chunk) {
    next_chunk_[chunk] = free_chunk_;
    free_chunk_ = chunk;
    ++chunks_free_;
  }

  // Invariant: the run's first entry is the smallest of all, also of the late ones.
  [[gnu::noinline]] void push_near(EventEntry entry) {
    const std::size_t count = end_ - begin_;
    if (count == 0 || !pops_before(entry, run_[end_ - 1])) {
      if (end_ == run_.size()) make_room();
      run_[end_++] = entry;
    } else if (count <= insert_max) {
      insert(entry);
    } else {
      push_late(entry);
    }
  }

  void insert(const EventEntry& entry) {
    if (end_ == run_.size()) make_room();
    EventEntry* first = run_.data() + begin_;
    EventEntry* last = run_.data() + end_;
    if (begin_ > 0 && pops_before(entry, first[(end_ - begin_) / 2])) {
      --begin_;
      for (; pops_before(*first, entry); ++first) first[-1] = *first;
      first[-1] = entry;
    } else {
      ++end_;
      do {
        *last = last[-1];
        --last;
      } while (last > first && pops_before(entry, last[-1]));
      *last = entry;
    }
  }

  [[gnu::noinline]] void make_room() {
    if (begin_ > 0 && begin_ >= run_.size() / 2) {
      EventEntry* run = run_.data();
      std::copy(run + begin_, run + end_, run);
      prepared_ -= std::min(prepared_, begin_);
      end_ -= begin_;
      begin_ = 0;
    } else {
      run_.resize(run_.size() * 2 + 8);
    }
  }

  static bool pops_after(const EventEntry& a, const EventEntry& b) { return pops_before(b, a); }

  [[gnu::noinline]] void push_late(const EventEntry& entry) {
    EventEntry late = entry;
    if (pops_before(entry, run_[begin_])) std::swap(late, run_[begin_]);
    late_.push_back(late);
    std::push_heap(late_.begin(), late_.end(), pops_after);
    if (late_.size() * 8 >= end_ - begin_) spread_near();
  }

  // Too many late entries: shortens the time the run stands for, or sorts them in where it cannot
  // be shortened. At least a ninth of what is moved was pushed since the last time.
  void spread_near() {
    std::int64_t max_us = run_[end_ - 1].due_us;
    if (run_[begin_].due_us == max_us) {
      for (const EventEntry& entry : late_) max_us = std::max(max_us, entry.due_us);
    }
    if (run_[begin_].due_us == max_us) {
      std::sort(late_.begin(), late_.end(), pops_before);
      if (run_.size() - end_ < late_.size()) run_.resize(2 * (end_ + late_.size()));
      EventEntry* run = run_.data() + begin_;
      EventEntry* middle = run_.data() + end_;
      end_ += late_.size();
      std::inplace_merge(run, middle, std::copy(late_.begin(), late_.end(), middle), pops_before);
      late_.clear();
      return;
    }
    Bucket all;
    for (std::size_t i = begin_; i < end_; ++i) add(all, run_[i]);
    for (const EventEntry& entry : late_) add(all, entry);
    late_.clear();
    begin_ = end_ = 0;
    split(all, near_last_us_);
    refill();
  }

  // Restores the invariant after a pop. Requires: the run is empty or a late entry comes before it.
  [[gnu::noinline]] void settle() {
    if (begin_ < end_) {
      std::pop_heap(late_.begin(), late_.end(), pops_after);
      run_[--begin_] = late_.back();
      late_.pop_back();
      return;
    }
    if (size_ == 0) {
      clear();
    } else if (late_.empty()) {
      refill();
    } else {
      std::sort(late_.begin(), late_.end(), pops_before);
      if (run_.size() < late_.size()) run_.resize(late_.size());
      std::copy(late_.begin(), late_.end(), run_.begin());
      begin_ = prepared_ = 0;
      end_ = late_.size();
      late_.clear();
    }
  }

  // Fills the empty run from the first bucket that is not empty. Requires: there is one.
  void refill() {
    begin_ = end_ = prepared_ = 0;
    // The longer the run, the more entries fall in it and are late.
    const std::uint64_t part = std::max(std::min<std::uint64_t>(size_ / 16, 1024), size_ / 128);
    const std::uint32_t sorted_max =
        static_cast<std::uint32_t>(std::clamp<std::uint64_t>(part, sort_min, sort_max));
    while (end_ == 0) {
      Rung& rung = rungs_.back();
      Bucket* buckets = buckets_.data() + rung.offset;
      std::uint32_t at = rung.cursor;
      while (at < rung.bucket_count && buckets[at].count == 0) ++at;
      rung.cursor = at + 1;
      const Bucket bucket = std::exchange(buckets[at], Bucket{});
      std::int64_t last_us = rung.last_us;
      bool one_due = false;
      if (at == rung.bucket_count) {
        buckets_.resize(rung.offset);
        rungs_.pop_back();
      } else {
        one_due = rung.shift == 0;
        const std::uint64_t end = std::uint64_t{rung.cursor} << rung.shift;
        if (end != 0 && end - 1 < distance(rung.first_us, last_us)) {
          last_us = static_cast<std::int64_t>(static_cast<std::uint64_t>(rung.first_us) + end - 1);
        }
      }
      if (bucket.count <= sorted_max || one_due) {
        near_last_us_ = last_us;
        load(bucket);
      } else {
        split(bucket, last_us);
      }
    }
  }

  // Calls visit(entry) for the entries of a bucket in the order they came, and frees its chunks,
  // each before its entries are visited, so that the pool does not grow while they move.
  template <class F>
  void drain(const Bucket& bucket, F visit) {
    std::uint32_t oldest = no_chunk;
    for (std::uint32_t chunk = bucket.chunk; chunk != no_chunk;) {
      const std::uint32_t next = std::exchange(next_chunk_[chunk], oldest);
      oldest = std::exchange(chunk, next);
    }
    EventEntry entries[chunk_entries];
    for (std::uint32_t left = bucket.count, chunk = oldest; left > 0;) {
      const std::uint32_t count = std::min(left, chunk_entries);
      std::copy_n(chunk_at(chunk), count, entries);
      const std::uint32_t next = next_chunk_[chunk];
      free_chunk(chunk);
      for (std::uint32_t i = 0; i < count; ++i) visit(entries[i]);
      left -= count;
      chunk = next;
    }
  }

  // Makes of a bucket a rung up to last_us. The nearer half of its entries, by a sample, gets
  // half_count buckets: at least 4, so that the median is never in the first one, and a split
  // always at least halves the time a bucket stands for. Thus a bucket that holds nearly all
  // entries is split at most 63 times, and entries far off do not widen the buckets.
  void split(const Bucket& bucket, std::int64_t last_us) {
    std::int64_t samples[sample_max];
    std::uint32_t sample_count = 0;
    std::int64_t first_us = never_us;
    const std::uint32_t stride = bucket.count / sample_max + 1;
    std::uint32_t jitter = 1;
    std::uint32_t in_chunk = (bucket.count - 1) % chunk_entries + 1;
    for (std::uint32_t chunk = bucket.chunk, seen = 0, next = 0; seen < bucket.count;) {
      const EventEntry* entries = chunk_at(chunk);
      for (std::uint32_t i = 0; i < in_chunk; ++i) {
        first_us = std::min(first_us, entries[i].due_us);
      }
      while (next < seen + in_chunk && sample_count < sample_max) {
        samples[sample_count++] = entries[next - seen].due_us;
        // Strides are uneven, as entries that come in a fixed pattern would bias an even one.
        jitter = jitter * 1'664'525 + 1'013'904'223;
        next += stride - stride / 2 + (jitter >> 16) % (stride / 2 * 2 + 1);
      }
      seen += in_chunk;
      in_chunk = chunk_entries;
      chunk = next_chunk_[chunk];
    }
    std::nth_element(samples, samples + sample_count / 2, samples + sample_count);

    const std::uint32_t half_count = std::clamp(bucket.count / 2 / bucket_aim, 4U, half_max);
    const std::uint64_t half_us = distance(first_us, samples[sample_count / 2]);
    Rung rung;
    rung.first_us = first_us;
    rung.last_us = last_us;
    rung.shift = width(half_us / half_count);
    rung.bucket_count = static_cast<std::uint32_t>(std::min<std::uint64_t>(
        std::uint64_t{half_count} * 8, (distance(first_us, last_us) >> rung.shift) + 1));
    rung.cursor = 0;
    rung.offset = buckets_.size();
    rungs_.push_back(rung);
    buckets_.resize(rung.offset + rung.bucket_count + 1);
    Bucket* buckets = buckets_.data() + rung.offset;
    drain(bucket,
          [&](const EventEntry& entry) { add(buckets[bucket_index(rung, entry.due_us)], entry); });
  }

  // Moves a bucket into the empty run, sorted.
  void load(const Bucket& bucket) {
    const std::uint32_t count = bucket.count;
    if (run_.size() < count) run_.resize(count);
    EventEntry* run = run_.data();
    begin_ = 0;
    end_ = count;
    if (count > 12 && count <= sort_max) {
      load_spread(bucket);
      return;
    }
    std::uint32_t left = count;
    std::uint32_t in_chunk = count == 0 ? 0 : (count - 1) % chunk_entries + 1;
    for (std::uint32_t chunk = bucket.chunk; left > 0;) {
      left -= in_chunk;
      std::copy_n(chunk_at(chunk), in_chunk, run + left);
      in_chunk = chunk_entries;
      const std::uint32_t next = next_chunk_[chunk];
      free_chunk(chunk);
      chunk = next;
    }
    if (count <= 12) {
      insertion_sort(run, run + count);
    } else if (!std::is_sorted(run, run + count, pops_before)) {
      std::sort(run, run + count, pops_before);
    }
  }

  // A bucket sort with about one entry a bucket, which leaves little to the insertion sort.
  void load_spread(const Bucket& bucket) {
    std::uint32_t chunks[sort_max / chunk_entries];
    std::uint16_t place[sort_max + 1];
    const std::uint32_t count = bucket.count;
    const std::uint32_t chunk_count = (count + chunk_entries - 1) / chunk_entries;
    for (std::uint32_t i = chunk_count, chunk = bucket.chunk; i-- > 0;) {
      chunks[i] = chunk;
      prefetch(chunk);
      chunk = next_chunk_[chunk];
    }
    std::int64_t min_us = never_us;
    std::int64_t max_us = std::numeric_limits<std::int64_t>::min();
    const auto each = [&](auto visit) {
      for (std::uint32_t i = 0; i < chunk_count; ++i) {
        const EventEntry* entries = chunk_at(chunks[i]);
        const std::uint32_t in_chunk = std::min(count - i * chunk_entries, chunk_entries);
        for (std::uint32_t j = 0; j < in_chunk; ++j) visit(entries[j]);
      }
    };
    each([&](const EventEntry& entry) {
      min_us = std::min(min_us, entry.due_us);
      max_us = std::max(max_us, entry.due_us);
    });
    const std::uint64_t span = distance(min_us, max_us);
    const std::uint32_t shift = width(span) - std::min(width(span), width(count - 1));
    const std::uint32_t places = static_cast<std::uint32_t>(span >> shift) + 1;
    std::fill_n(place, places, std::uint16_t{0});
    each([&](const EventEntry& entry) { ++place[distance(min_us, entry.due_us) >> shift]; });
    std::uint32_t sum = 0;
    std::uint32_t crowd = 0;
    for (std::uint32_t i = 0; i < places; ++i) {
      const std::uint32_t here = place[i];
      crowd = std::max(crowd, here);
      place[i] = static_cast<std::uint16_t>(sum);
      sum += here;
    }
    EventEntry* run = run_.data();
    each([&](const EventEntry& entry) {
      run[place[distance(min_us, entry.due_us) >> shift]++] = entry;
    });
    for (std::uint32_t i = 0; i < chunk_count; ++i) free_chunk(chunks[i]);
    if (crowd > 16) {
      std::uint32_t from = 0;
      for (std::uint32_t i = 0; i < places; from = place[i++]) {
        if (place[i] - from <= 16) continue;
        if (std::is_sorted(run + from, run + place[i], pops_before)) continue;
        std::sort(run + from, run + place[i], pops_before);
      }
    }
    insertion_sort(run, run + count);
  }

  static void insertion_sort(EventEntry* first, EventEntry* last) {
    for (EventEntry* at = first + 1; at < last; ++at) {
      if (!pops_before(*at, at[-1])) continue;
      const EventEntry entry = *at;
      EventEntry* to = at;
      do {
        *to = to[-1];
        --to;
      } while (to > first && pops_before(entry, to[-1]));
      *to = entry;
    }
  }

  void prefetch(std::uint32_t chunk) const {
    const EventEntry* entries = chunk_at(chunk);
    __builtin_prefetch(entries);
    __builtin_prefetch(entries + chunk_entries / 3);
    __builtin_prefetch(entries + chunk_entries * 2 / 3);
  }

  void copy_from(const EventQueue& other) {
    clear();
    // A pool that is mostly free chunks is not worth copying.
    if (other.chunks_free_ > 16 && other.chunks_free_ > other.chunks_used_ / 2) {
      other.for_each([&](const EventEntry& entry) { push(entry); });
      return;
    }
    const EventEntry* run = other.run_.data();
    run_.assign(run + other.begin_, run + other.end_);
    end_ = run_.size();
    prepared_ = 0;
    late_ = other.late_;
    rungs_ = other.rungs_;
    buckets_ = other.buckets_;
    chunks_.assign(other.chunks_.data(), other.chunk_at(other.chunks_used_));
    const std::uint32_t* next = other.next_chunk_.data();
    next_chunk_.assign(next, next + other.chunks_used_);
    size_ = other.size_;
    near_last_us_ = other.near_last_us_;
    free_chunk_ = other.free_chunk_;
    chunks_used_ = other.chunks_used_;
    chunks_free_ = other.chunks_free_;
  }

  void swap(EventQueue& other) noexcept {
    run_.swap(other.run_);
    late_.swap(other.late_);
    rungs_.swap(other.rungs_);
    buckets_.swap(other.buckets_);
    chunks_.swap(other.chunks_);
    next_chunk_.swap(other.next_chunk_);
    std::swap(begin_, other.begin_);
    std::swap(end_, other.end_);
    std::swap(prepared_, other.prepared_);
    std::swap(size_, other.size_);
    std::swap(near_last_us_, other.near_last_us_);
    std::swap(free_chunk_, other.free_chunk_);
    std::swap(chunks_used_, other.chunks_used_);
    std::swap(chunks_free_, other.chunks_free_);
  }

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
