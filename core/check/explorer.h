// Breadth-first exploration of every state a model can reach.
//
// Level by level: the frontier is expanded in slices, successors are sorted into shards by their
// fingerprint, and each shard takes in its own, in the order of the slices. Slices and shards do
// not depend on how many threads work on them, so neither does the answer: the same states are
// found in the same order, and the counter-example is the same one. It is a shortest one, since a
// state is found at its least depth.
//
// Of a visited state only its fingerprint is kept, and the step that led to it; states themselves
// live in the frontier. A counter-example is rebuilt by taking those steps again.
//
// What must never be out of reach (`finally`) needs the whole graph: where a model has such an
// invariant every step is kept too, eight bytes each. When all is explored the states in which it
// holds, and those from which a step leads to one that can reach them, are marked until no more
// come; a state that is left has no way back. Before that only dead ends are judged.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "core/base/assert.h"
#include "core/check/fingerprints.h"
#include "core/check/model.h"

namespace netsplit::check {

// Calls work(0) .. work(count - 1), in any order, perhaps at the same time, and returns when all
// are done. The core starts no threads itself.
using Executor =
    std::function<void(std::int32_t count, const std::function<void(std::int32_t)>& work)>;

inline void run_in_order(std::int32_t count, const std::function<void(std::int32_t)>& work) {
  for (std::int32_t i = 0; i < count; ++i) work(i);
}

struct ExploreLimits {
  std::uint64_t states_max = UINT64_MAX;
  std::uint32_t depth_max = UINT32_MAX;
  std::int64_t bytes_max = std::int64_t{4} << 30;
  bool stop_at_violation = true;
};

// Why the exploration ended. Only `complete` says that everything was seen.
enum class Stop : std::uint8_t { complete, violation, states, depth, memory, cancelled };

struct Finding {
  std::string_view name;
  PropertyKind kind{};
  Standing standing = Standing::open;
  std::uint32_t depth = 0;           // of the state that decided it
  std::vector<std::uint32_t> steps;  // actions from the initial state number steps[0] to it
};

struct Exploration {
  std::uint64_t distinct = 0;
  std::uint64_t generated = 0;  // initial states included
  std::uint32_t depth = 0;      // levels, the initial one included
  std::uint64_t frontier = 0;   // states found but not expanded
  std::uint64_t held_back = 0;  // states in which the model's own bounds left something out
  std::int64_t bytes = 0;
  Stop stop = Stop::complete;
  // The chance that two states shared a fingerprint and one was missed, in parts per billion, by
  // the birthday bound; 0 when fingerprints are exact.
  std::uint64_t collision_ppb = 0;
  std::vector<Finding> findings;
};

struct Progress {
  std::uint64_t distinct;
  std::uint64_t generated;
  std::uint64_t frontier;
  std::uint32_t depth;
};
// Asked after each slice of work; false cancels.
using OnProgress = std::function<bool(const Progress&)>;

template <Model M>
class Explorer {
 public:
  using State = typename M::State;

  explicit Explorer(const M& model, ExploreLimits limits = {}) : model_(model), limits_(limits) {}

  Exploration run(const Executor& execute = run_in_order, const OnProgress& on_progress = {});

 private:
  static constexpr std::int32_t shard_count = 16;
  static constexpr std::size_t slice_states = 1 << 8;  // of the frontier, for one piece of work
  static constexpr std::int32_t slices_at_once = 16;

  // A small state travels in registers: built up field by field in memory and read back whole, it
  // would have to be waited for.
  using Passed = std::conditional_t<sizeof(State) <= 16, State, const State&>;

  // The step that found a state: from which one, by which of its actions. One word, not two bit
  // fields: those are written in parts and read whole, which the processor has to wait for.
  struct Step {
    std::uint64_t word = 0;
    static Step make(std::uint64_t parent, std::uint32_t action) {
      return {parent << 24 | std::uint64_t{action}};
    }
    std::uint64_t parent() const { return word >> 24; }
    std::uint32_t action() const { return static_cast<std::uint32_t>(word & 0xff'ffff); }
  };
  static constexpr std::uint64_t no_parent = (std::uint64_t{1} << 40) - 1;

  struct Candidate {
    State state;
    std::uint64_t fingerprint;
    Step step;
  };
  struct Found {
    State state;
    Step step;
  };
  struct Shard {
    FingerprintSet seen;
    std::vector<Found> fresh;  // of the present batch
  };
  struct Slice {
    std::array<std::vector<Candidate>, shard_count> out;
    std::uint64_t generated = 0;
    std::vector<std::size_t> dead_ends;     // positions in the frontier
    std::vector<std::size_t> held_back;     // likewise: where the model left something out
    std::vector<std::uint32_t> degrees;     // of each state expanded; where edges are kept
    std::vector<std::uint64_t> neighbours;  // fingerprints of their successors, in order
    typename detail::MemoryOf<M>::Type memory;
  };

  State canonical(const State& state) const {
    if constexpr (requires { model_.canonical(state); }) return model_.canonical(state);
    return state;
  }
  [[gnu::always_inline]] void put(Slice& slice, const State& state, Step step) {
    ++slice.generated;
    if constexpr (requires { model_.within(state); }) {
      if (!model_.within(state)) return;
    }
    const State own = canonical(state);
    const std::uint64_t print = fingerprint(own);
    Candidate& candidate = slice.out[print >> 60].emplace_back();
    candidate.state = own;
    candidate.fingerprint = print;
    candidate.step = step;
    if (keeps_edges_) slice.neighbours.push_back(print);
  }
  // False when the model left something out.
  template <class Emit>
  bool next(const State& state, Emit emit, Slice& slice) const {
    if constexpr (requires { typename M::Memory; }) {
      return model_.next(state, emit, slice.memory);
    } else {
      model_.next(state, emit);
      return true;
    }
  }
  void expand(Slice& slice, std::size_t begin, std::size_t end);
  void take_in(Shard& shard, std::int32_t index);
  void merge(Exploration& result);
  void judge(const State& state, std::uint64_t number, bool dead_end, Exploration& result);
  void decide(Finding& finding, Standing standing, std::uint64_t number, Exploration& result) const;
  std::vector<std::uint32_t> steps_to(std::uint64_t number) const;
  bool over_limit(Exploration& result) const;
  void finish(Exploration& result) const;
  void number_neighbours();
  void judge_reach(Exploration& result);

  const M& model_;
  ExploreLimits limits_;
  std::array<Shard, shard_count> shards_;
  std::array<Slice, slices_at_once> slices_;
  std::int32_t slices_used_ = 0;
  std::vector<State> frontier_;
  std::vector<State> next_;
  std::uint64_t frontier_first_ = 0;  // the number of frontier_[0]
  std::vector<Step> steps_;           // by number, in the order of discovery
  std::vector<Invariant<M>> invariants_;
  bool stopped_ = false;
  // Where something must never be out of reach: the graph, by number of state.
  bool keeps_edges_ = false;
  std::vector<std::uint64_t> prints_;
  std::vector<std::uint32_t> degrees_;
  std::vector<std::uint64_t> neighbours_;        // fingerprints; in the end numbers
  std::vector<std::vector<bool>> within_reach_;  // by invariant; of `finally` only
};

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
    const auto emit = [&](Passed successor) {
      put(slice, successor, Step::make(parent, action));
      ++action;
    };
    const bool whole = next(frontier_[i], emit, slice);
    NETSPLIT_ASSERT(action < (1u << 24));
    if (keeps_edges_) slice.degrees.push_back(action);
    if (!whole) {
      slice.held_back.push_back(i);
    } else if (action == 0) {
      slice.dead_ends.push_back(i);
    }
  }
}

// Candidates of all slices for one shard, in order; what is fetched ahead is there when it is
// needed.
template <Model M>
void Explorer<M>::take_in(Shard& shard, std::int32_t index) {
  constexpr std::size_t ahead = 16;
  shard.fresh.clear();
  for (std::int32_t s = 0; s < slices_used_; ++s) {
    const auto& candidates =
        slices_[static_cast<std::size_t>(s)].out[static_cast<std::size_t>(index)];
    shard.seen.reserve_more(candidates.size());
    for (std::size_t i = 0; i < std::min(ahead, candidates.size()); ++i)
      shard.seen.prefetch(candidates[i].fingerprint);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (i + ahead < candidates.size()) shard.seen.prefetch(candidates[i + ahead].fingerprint);
      if (shard.seen.insert(candidates[i].fingerprint))
        shard.fresh.push_back({candidates[i].state, candidates[i].step});
    }
  }
}

template <Model M>
void Explorer<M>::merge(Exploration& result) {
  for (std::int32_t s = 0; s < slices_used_; ++s) {
    Slice& slice = slices_[static_cast<std::size_t>(s)];
    if constexpr (requires { typename M::Memory; }) model_.absorb(slice.memory);
    degrees_.insert(degrees_.end(), slice.degrees.begin(), slice.degrees.end());
    if (!slice.degrees.empty()) {
      neighbours_.insert(neighbours_.end(), slice.neighbours.begin(), slice.neighbours.end());
    }
    result.generated += slice.generated;
  }
  for (std::int32_t s = 0; s < slices_used_; ++s) {
    const Slice& slice = slices_[static_cast<std::size_t>(s)];
    result.held_back += slice.held_back.size();
    for (const std::size_t at : slice.held_back) {
      // Who knows what lies beyond: nothing bad is said of it.
      for (auto& within : within_reach_) {
        if (!within.empty()) within[static_cast<std::size_t>(frontier_first_) + at] = true;
      }
    }
    for (const std::size_t at : slice.dead_ends)
      judge(frontier_[at], frontier_first_ + at, true, result);
  }
  for (Shard& shard : shards_) {
    for (const Found& found : shard.fresh) {
      const std::uint64_t number = steps_.size();
      steps_.push_back(found.step);
      next_.push_back(found.state);
      if (keeps_edges_) prints_.push_back(fingerprint(found.state));
      judge(found.state, number, false, result);
    }
  }
  result.distinct = steps_.size();
}

template <Model M>
void Explorer<M>::judge(const State& state, std::uint64_t number, bool dead_end,
                        Exploration& result) {
  for (std::size_t i = 0; i < invariants_.size(); ++i) {
    Finding& finding = result.findings[i];
    if (finding.standing == Standing::violated) continue;
    const PropertyKind kind = invariants_[i].kind;
    if (kind == PropertyKind::sometimes) {
      if (finding.standing == Standing::open && !dead_end && invariants_[i].holds(model_, state)) {
        decide(finding, Standing::holds, number, result);
      }
      continue;
    }
    bool bad = false;
    if (kind == PropertyKind::finally) {
      auto& within = within_reach_[i];
      if (!dead_end) within.push_back(invariants_[i].holds(model_, state));
      bad = dead_end && !within[number];
    } else if (!dead_end) {
      bad = !invariants_[i].holds(model_, state);
    }
    if (!bad) continue;
    decide(finding, Standing::violated, number, result);
    stopped_ = stopped_ || (limits_.stop_at_violation && invariants_[i].stops);
  }
}

// From fingerprints to numbers. They are spread evenly, so that their first bits lead to a bucket
// of one or two; what is needed next is fetched ahead.
template <Model M>
void Explorer<M>::number_neighbours() {
  int bits = 1;
  while ((std::uint64_t{1} << bits) < prints_.size()) ++bits;
  const auto bucket = [bits](std::uint64_t print) {
    return static_cast<std::size_t>(print >> (64 - bits));
  };
  std::vector<std::uint64_t> begins((std::size_t{1} << bits) + 1);
  for (const std::uint64_t print : prints_) ++begins[bucket(print) + 1];
  for (std::size_t i = 1; i < begins.size(); ++i) begins[i] += begins[i - 1];
  struct Entry {
    std::uint64_t print;
    std::uint64_t number;
  };
  std::vector<Entry> entries(prints_.size());
  std::vector<std::uint64_t> free = begins;
  for (std::size_t i = 0; i < prints_.size(); ++i)
    entries[static_cast<std::size_t>(free[bucket(prints_[i])]++)] = {prints_[i], i};
  constexpr std::size_t ahead = 16;
  for (std::size_t i = 0; i < neighbours_.size(); ++i) {
    if (i + 2 * ahead < neighbours_.size())
      __builtin_prefetch(&begins[bucket(neighbours_[i + 2 * ahead])]);
    if (i + ahead < neighbours_.size())
      __builtin_prefetch(entries.data() + begins[bucket(neighbours_[i + ahead])]);
    auto at = static_cast<std::size_t>(begins[bucket(neighbours_[i])]);
    while (entries[at].print != neighbours_[i]) ++at;
    neighbours_[i] = entries[at].number;
  }
}

// The graph is complete: which states have no way to one in which the invariant holds?
template <Model M>
void Explorer<M>::judge_reach(Exploration& result) {
  number_neighbours();
  for (std::size_t i = 0; i < invariants_.size(); ++i) {
    Finding& finding = result.findings[i];
    if (finding.kind != PropertyKind::finally || finding.standing != Standing::open) continue;
    auto& within = within_reach_[i];
    // Most steps lead to a higher number, so that going down one sweep marks nearly all.
    for (bool more = true; more;) {
      more = false;
      std::size_t edge = neighbours_.size();
      for (std::size_t number = degrees_.size(); number-- > 0;) {
        for (std::uint32_t d = 0; d < degrees_[number]; ++d) {
          if (!within[neighbours_[--edge]] || within[number]) continue;
          within[number] = true;
          more = true;
        }
      }
    }
    const auto lost = std::find(within.begin(), within.end(), false);
    if (lost == within.end()) continue;
    const auto number = static_cast<std::uint64_t>(lost - within.begin());
    decide(finding, Standing::violated, number, result);
  }
}

template <Model M>
void Explorer<M>::decide(Finding& finding, Standing standing, std::uint64_t number,
                         Exploration&) const {
  finding.standing = standing;
  finding.steps = steps_to(number);
  finding.depth = static_cast<std::uint32_t>(finding.steps.size()) - 1;
}

template <Model M>
std::vector<std::uint32_t> Explorer<M>::steps_to(std::uint64_t number) const {
  std::vector<std::uint32_t> steps;
  for (std::uint64_t at = number; at != no_parent; at = steps_[at].parent()) {
    steps.push_back(steps_[at].action());
  }
  std::reverse(steps.begin(), steps.end());
  return steps;
}

template <Model M>
bool Explorer<M>::over_limit(Exploration& result) const {
  std::int64_t bytes = static_cast<std::int64_t>(
      steps_.capacity() * sizeof(Step) + (frontier_.capacity() + next_.capacity()) * sizeof(State));
  for (const Shard& shard : shards_) bytes += shard.seen.bytes_held();
  bytes += static_cast<std::int64_t>((prints_.capacity() + neighbours_.capacity()) * 8 +
                                     degrees_.capacity() * 4);
  if constexpr (requires { typename M::Memory; }) bytes += model_.bytes_held();
  result.bytes = std::max(result.bytes, bytes);
  if (result.distinct > limits_.states_max) {
    result.stop = Stop::states;
  } else if (bytes > limits_.bytes_max) {
    result.stop = Stop::memory;
  } else {
    return false;
  }
  return true;
}

template <Model M>
void Explorer<M>::finish(Exploration& result) const {
  const bool complete = result.stop == Stop::complete;
  for (Finding& finding : result.findings) {
    if (finding.standing != Standing::open || !complete) continue;
    finding.standing =
        finding.kind == PropertyKind::sometimes ? Standing::violated : Standing::holds;
  }
  if (sizeof(State) > sizeof(std::uint64_t)) {
    // About n^2 / 2 pairs of states, each alike with a probability of 2^-64; counted in 2^20 pairs,
    // which are (n / 2^10) * (n / 2^11).
    const std::uint64_t pairs_q20 = (result.distinct >> 10) * (result.distinct >> 11);
    // pairs / 2^64 * 10^9 = pairs_q20 * 10^9 / 2^44; 2^44 is 17 592.2 * 10^9.
    result.collision_ppb = pairs_q20 / 17'592 + 1;
  }
}

template <Model M>
Exploration Explorer<M>::run(const Executor& execute, const OnProgress& on_progress) {
  Exploration result;
  invariants_ = model_.invariants();
  for (const auto& invariant : invariants_) {
    result.findings.push_back({invariant.name, invariant.kind, Standing::open, 0, {}});
    keeps_edges_ = keeps_edges_ || invariant.kind == PropertyKind::finally;
  }
  within_reach_.resize(invariants_.size());

  // The initial states are the successors of nothing.
  std::uint32_t initial = 0;
  slices_used_ = 1;
  const auto emit_initial = [&](const State& state) {
    put(slices_[0], state, Step::make(no_parent, initial++));
  };
  model_.initial(emit_initial);
  const auto take_all = [&] {
    execute(shard_count, [&](std::int32_t i) { take_in(shards_[static_cast<std::size_t>(i)], i); });
    merge(result);
  };
  take_all();
  while (true) {
    std::swap(frontier_, next_);
    next_.clear();
    frontier_first_ = steps_.size() - frontier_.size();
    if (frontier_.empty() || stopped_) break;
    ++result.depth;
    if (result.depth > limits_.depth_max) {
      result.stop = Stop::depth;
      break;
    }
    for (std::size_t begin = 0;
         begin < frontier_.size() && !stopped_ && result.stop == Stop::complete;) {
      const std::size_t batch_begin = begin;
      slices_used_ = 0;
      while (slices_used_ < slices_at_once && begin < frontier_.size()) {
        begin += slice_states;
        ++slices_used_;
      }
      execute(slices_used_, [&](std::int32_t i) {
        const std::size_t first = batch_begin + static_cast<std::size_t>(i) * slice_states;
        expand(slices_[static_cast<std::size_t>(i)], first,
               std::min(first + slice_states, frontier_.size()));
      });
      take_all();
      if (over_limit(result)) break;
      if (on_progress && !on_progress({result.distinct, result.generated,
                                       frontier_.size() + next_.size(), result.depth})) {
        result.stop = Stop::cancelled;
      }
    }
    if (result.stop != Stop::complete) break;
  }
  if (stopped_) result.stop = Stop::violation;
  result.frontier = result.stop == Stop::complete ? 0 : frontier_.size() + next_.size();
  if (result.stop == Stop::complete && keeps_edges_) judge_reach(result);
  finish(result);
  return result;
}

}  // namespace netsplit::check
