#include "core/sim/event_queue.h"

namespace netsplit {
namespace {

bool pops_after(const EventEntry& a, const EventEntry& b) { return pops_before(b, a); }

void insertion_sort(EventEntry* first, EventEntry* last) {
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

}  // namespace

void EventQueue::grow_pool() {
  const std::size_t chunk_count = next_chunk_.size() + next_chunk_.size() / 2 + 8;
  chunks_.resize(chunk_count * chunk_entries);
  next_chunk_.resize(chunk_count);
}

void EventQueue::push_near(EventEntry entry) {
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

void EventQueue::insert(const EventEntry& entry) {
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

void EventQueue::make_room() {
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

void EventQueue::push_late(const EventEntry& entry) {
  EventEntry late = entry;
  if (pops_before(entry, run_[begin_])) std::swap(late, run_[begin_]);
  late_.push_back(late);
  std::push_heap(late_.begin(), late_.end(), pops_after);
  if (late_.size() * 8 >= end_ - begin_) spread_near();
}

void EventQueue::spread_near() {
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

void EventQueue::settle() {
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

void EventQueue::refill() {
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

template <class F>
void EventQueue::drain(const Bucket& bucket, F visit) {
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

void EventQueue::split(const Bucket& bucket, std::int64_t last_us) {
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

void EventQueue::load(const Bucket& bucket) {
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

void EventQueue::load_spread(const Bucket& bucket) {
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

void EventQueue::prefetch(std::uint32_t chunk) const {
  const EventEntry* entries = chunk_at(chunk);
  __builtin_prefetch(entries);
  __builtin_prefetch(entries + chunk_entries / 3);
  __builtin_prefetch(entries + chunk_entries * 2 / 3);
}

void EventQueue::copy_from(const EventQueue& other) {
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

void EventQueue::swap(EventQueue& other) noexcept {
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

}  // namespace netsplit
