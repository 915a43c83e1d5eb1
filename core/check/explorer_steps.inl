// Explorer<M>: one batch of slices, from states to their successors and what is new among them.
#pragma once

#include "core/check/explorer.h"

namespace netsplit::check {

template <Model M>
void Explorer<M>::expand(Slice& slice, std::size_t begin, std::size_t end) {
  for (auto& out : slice.out) out.clear();
  slice.generated = 0;
  slice.dead_ends.clear();
  slice.held_back.clear();
  slice.degrees.clear();
  slice.neighbours.clear();
  for (std::size_t i = begin; i < end; ++i) {
    std::uint32_t action = 0;
    const std::uint64_t parent = frontier_first_ + i;
    const auto emit = [&](Passed successor) __attribute__((always_inline)) {
      put(slice, successor, Step::make(parent, action));
      ++action;
    };
    const State state = frontier_[i];  // a copy: what is written meanwhile is something else
    const bool whole = next(state, emit, slice);
    NETSPLIT_ASSERT(action < (1u << 24));
    slice.generated += action;
    if (keeps_edges_) slice.degrees.push_back(action);
    if (!whole) {
      slice.held_back.push_back(i);
    } else if (action == 0) {
      slice.dead_ends.push_back(i);
    }
  }
}

// Candidates of all slices for one shard, in order.
template <Model M>
void Explorer<M>::take_in(Shard& shard, std::int32_t index) {
  shard.fresh.clear();
  for (std::int32_t s = 0; s < slices_used_; ++s) {
    const auto& candidates =
        slices_[static_cast<std::size_t>(s)].out[static_cast<std::size_t>(index)];
    shard.seen.take_in(candidates.room.data(), candidates.size(), [&](const Candidate& candidate) {
      shard.fresh.push_back({candidate.state, candidate.step});
    });
  }
}

// What slices found out, in their order, before anything is judged by it.
template <Model M>
void Explorer<M>::absorb() {
  for (std::int32_t s = 0; s < slices_used_; ++s) {
    Slice& slice = slices_[static_cast<std::size_t>(s)];
    if constexpr (has_memory) model_.absorb(slice.memory);
    degrees_.insert(degrees_.end(), slice.degrees.begin(), slice.degrees.end());
    if (!slice.degrees.empty()) {
      neighbours_.insert(neighbours_.end(), slice.neighbours.begin(), slice.neighbours.end());
    }
    result_.generated += slice.generated;
    result_.held_back += slice.held_back.size();
    // Who knows what lies beyond: nothing bad is said of it.
    for (const std::size_t at : slice.held_back) {
      if (keeps_edges_) within_reach_[static_cast<std::size_t>(frontier_first_) + at] = UINT32_MAX;
    }
  }
}

template <Model M>
[[gnu::noinline]] void Explorer<M>::take_all(const Executor& execute) {
  absorb();
  execute(shard_count, [&](std::int32_t i) { take_in(shards_[static_cast<std::size_t>(i)], i); });
  judge_dead_ends();
  // Now it is known how many are new, and each has its place.
  std::size_t fresh = 0;
  for (Shard& shard : shards_) {
    shard.first = fresh;
    fresh += shard.fresh.size();
  }
  steps_.resize(steps_.size() + fresh);
  next_.resize(next_.size() + fresh);
  if (keeps_edges_) {
    prints_.resize(steps_.size());
    within_reach_.resize(steps_.size());
  }
  result_.distinct = steps_.size();
  asked_.clear();
  for (std::size_t i = 0; i < invariants_.size(); ++i) {
    if (result_.findings[i].standing == Standing::open) asked_.push_back(i);
  }
  for (Shard& shard : shards_) shard.first += steps_.size() - fresh;
  execute(shard_count, [&](std::int32_t i) { settle(shards_[static_cast<std::size_t>(i)]); });
  for (const std::size_t i : asked_) {
    Finding& finding = result_.findings[i];
    for (const Shard& shard : shards_) {
      if (shard.deciding[i] == none) continue;
      const bool bad = finding.kind != PropertyKind::sometimes;
      decide(finding, bad ? Standing::violated : Standing::holds, shard.first + shard.deciding[i]);
      stopped_ = stopped_ || (bad && limits_.stop_at_violation && invariants_[i].stops);
      break;
    }
  }
  if constexpr (has_memory) {
    for (Shard& shard : shards_) model_.absorb(shard.memory);
  }
}

// Puts what is new where it belongs, and judges it.
template <Model M>
void Explorer<M>::settle(Shard& shard) {
  shard.deciding.assign(invariants_.size(), none);
  const std::size_t next_first = next_.size() - (steps_.size() - shard.first);
  for (std::size_t k = 0; k < shard.fresh.size(); ++k) {
    const Found& found = shard.fresh[k];
    const std::size_t number = shard.first + k;
    steps_[number] = found.step;
    next_[next_first + k] = found.state;
    if (keeps_edges_) prints_[number] = fingerprint(found.state);
    for (const std::size_t i : asked_) {
      const PropertyKind kind = invariants_[i].kind;
      if (kind != PropertyKind::finally && shard.deciding[i] != none) continue;
      const bool good = holds(invariants_[i], found.state, shard.memory);
      if (kind == PropertyKind::finally) {
        if (good) within_reach_[number] |= 1u << finally_places_[i];
      } else if (good == (kind == PropertyKind::sometimes)) {
        shard.deciding[i] = static_cast<std::uint32_t>(k);
      }
    }
  }
}

template <Model M>
void Explorer<M>::judge_dead_ends() {
  for (std::int32_t s = 0; s < slices_used_; ++s) {
    for (const std::size_t at : slices_[static_cast<std::size_t>(s)].dead_ends) {
      const std::uint64_t number = frontier_first_ + at;
      for (std::size_t i = 0; i < invariants_.size(); ++i) {
        Finding& finding = result_.findings[i];
        if (finding.kind != PropertyKind::finally || finding.standing != Standing::open) continue;
        if ((within_reach_[static_cast<std::size_t>(number)] >> finally_places_[i] & 1) != 0)
          continue;
        decide(finding, Standing::violated, number);
        stopped_ = stopped_ || (limits_.stop_at_violation && invariants_[i].stops);
      }
    }
  }
}

}  // namespace netsplit::check
