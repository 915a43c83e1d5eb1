// Breadth-first exploration of every state a model can reach.
//
// Level by level: the frontier is expanded in slices, successors are sorted into shards by their
// fingerprint, and each shard takes in its own, in the order of the slices; then it is known which
// are new, each has its number, and every shard judges its own. Slices and shards do not depend on
// how many threads work on them, so neither does the answer: the same states are found in the same
// order, and the counter-example is the same one. It is a shortest one, since a state is found at
// its least depth.
//
// Between two batches of slices all that is known can be kept, and another explorer of the same
// model goes on from there as if nothing had happened.
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
#include <bit>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "core/base/assert.h"
#include "core/base/large_array.h"
#include "core/check/fingerprints.h"
#include "core/check/kept.h"
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
  // The chance that two states shared a fingerprint, or two of a model's parts a hash, and one was
  // taken for the other; in parts per billion, by the birthday bound; 0 when nothing can.
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

  // With a keeper, what was explored is kept whenever it wants, under what it is of.
  // Requires: called once.
  Exploration run(const Executor& execute = run_in_order, const OnProgress& on_progress = {},
                  Keeper* keeper = nullptr, std::uint64_t identity = 0);

  // What another explorer of the same model kept; `run` goes on from there.
  // False, and this explorer is of no use, when it is damaged or of another model.
  bool restore(KeptReader& reader);

 private:
  static constexpr std::int32_t shard_count = 16;
  // Of the frontier, for one piece of work: as many as have about `slice_successors` successors, by
  // how many those of the last batch had.
  static constexpr std::size_t slice_states_max = 1 << 8;
  static constexpr std::size_t slice_states_min = 1;
  static constexpr std::uint64_t slice_successors = 1 << 11;
  static constexpr std::int32_t slices_at_once = 16;

  // A small state travels in registers: built up field by field in memory and read back whole, it
  // would have to be waited for. In wasm a struct is always passed in memory: there it is the
  // inlining of whom it is passed to that keeps it in registers.
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
  // Successors for one shard. What is already known is written like the rest and then passed over,
  // so that there is no branch to be guessed.
  struct Candidates {
    std::vector<Candidate> room;
    Candidate* next = nullptr;
    Candidate* end = nullptr;

    void clear() { next = room.data(); }
    std::size_t size() const { return static_cast<std::size_t>(next - room.data()); }
    [[gnu::noinline]] void make_room() {
      const std::size_t size = room.size();
      room.resize(std::max<std::size_t>(64, 2 * size));
      next = room.data() + size;
      end = room.data() + room.size();
    }
  };
  using Memory = detail::Memory<M>;
  static constexpr bool has_memory = !std::is_same_v<Memory, detail::NoMemory>;
  static constexpr std::uint32_t none = UINT32_MAX;
  static constexpr std::size_t finally_max = 32;

  struct Shard {
    FingerprintSet seen;
    // Of the present batch.
    std::vector<Found> fresh;
    std::size_t first = 0;                // place of the first among all that are new
    std::vector<std::uint32_t> deciding;  // by invariant: the first that decides it, or none
    Memory memory;
  };
  struct Slice {
    std::array<Candidates, shard_count> out;
    RecentFingerprints recent;  // also of former batches: who is in it was handed on
    std::uint64_t generated = 0;
    std::vector<std::size_t> dead_ends;     // positions in the frontier
    std::vector<std::size_t> held_back;     // likewise: where the model left something out
    std::vector<std::uint32_t> degrees;     // of each state expanded; where edges are kept
    std::vector<std::uint64_t> neighbours;  // fingerprints of their successors, in order
    Memory memory;
  };

  State canonical(const State& state) const {
    if constexpr (requires { model_.canonical(state); }) return model_.canonical(state);
    return state;
  }
  [[gnu::always_inline]] void put(Slice& slice, const State& state, Step step) {
    if constexpr (requires { model_.within(state); }) {
      if (!model_.within(state)) return;
    }
    const State own = canonical(state);
    const std::uint64_t print = fingerprint(own);
    Candidates& out = slice.out[print >> 60];
    if (out.next == out.end) [[unlikely]]
      out.make_room();
    out.next->state = own;
    out.next->fingerprint = print;
    out.next->step = step;
    out.next += slice.recent.again(print) ? 0 : 1;
    if (keeps_edges_) slice.neighbours.push_back(print);
  }
  // False when the model left something out.
  template <class Emit>
  bool next(const State& state, Emit emit, Slice& slice) const {
    if constexpr (has_memory) {
      return model_.next(state, emit, slice.memory);
    } else {
      model_.next(state, emit);
      return true;
    }
  }
  bool holds(const Invariant<M>& invariant, const State& state, Memory& memory) const {
    if constexpr (has_memory) {
      return invariant.holds(model_, state, memory);
    } else {
      return invariant.holds(model_, state);
    }
  }
  void prepare();
  void begin();
  void begin_level();
  void do_batch(const Executor& execute);
  void expand(Slice& slice, std::size_t begin, std::size_t end);
  void take_in(Shard& shard, std::int32_t index);
  void take_all(const Executor& execute);
  void settle(Shard& shard);
  void absorb();
  void judge_dead_ends();
  void decide(Finding& finding, Standing standing, std::uint64_t number) const;
  std::vector<std::uint32_t> steps_to(std::uint64_t number) const;
  bool over_limit();
  void keep(Keeper& keeper, std::uint64_t identity) const;
  bool is_consistent() const;
  static void keep_states(KeptWriter& writer, const State* states, std::size_t count);
  bool restore_states(KeptReader& reader, LargeArray<State>& states) const;
  void finish();
  void number_neighbours();
  void judge_reach();

  const M& model_;
  ExploreLimits limits_;
  std::array<Shard, shard_count> shards_;
  std::vector<Slice> slices_ = std::vector<Slice>(slices_at_once);
  std::int32_t slices_used_ = 0;
  Exploration result_;
  LargeArray<State> frontier_;
  LargeArray<State> next_;
  std::size_t slice_states_ = slice_states_max;
  std::size_t position_ = 0;          // in the frontier: what comes before is expanded
  std::uint64_t frontier_first_ = 0;  // the number of frontier_[0]
  std::uint64_t level_states_ = 0;    // of the present level, also where it was begun elsewhere
  LargeArray<Step> steps_;            // by number, in the order of discovery
  std::vector<Invariant<M>> invariants_;
  std::vector<int> finally_places_;  // by invariant: its bit in within_reach_
  std::vector<std::size_t> asked_;   // invariants that are to be judged in the present batch
  bool restored_ = false;
  bool stopped_ = false;
  // Where something must never be out of reach: the graph, by number of state.
  bool keeps_edges_ = false;
  std::vector<std::uint64_t> prints_;
  std::vector<std::uint32_t> degrees_;
  std::vector<std::uint64_t> neighbours_;    // fingerprints; in the end numbers
  std::vector<std::uint32_t> within_reach_;  // a bit for each `finally`
};

template <Model M>
void Explorer<M>::decide(Finding& finding, Standing standing, std::uint64_t number) const {
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

// By how much there is, not by what was asked of the system for it, so that it does not depend on
// where the exploration was interrupted.
template <Model M>
bool Explorer<M>::over_limit() {
  std::uint64_t bytes = std::bit_ceil(steps_.size()) * sizeof(Step) +
                        std::bit_ceil(level_states_) * sizeof(State) +
                        std::bit_ceil(next_.size()) * sizeof(State);
  if (keeps_edges_) {
    bytes += std::bit_ceil(steps_.size()) * (sizeof(prints_[0]) + sizeof(within_reach_[0])) +
             std::bit_ceil(degrees_.size()) * sizeof(degrees_[0]) +
             std::bit_ceil(neighbours_.size()) * sizeof(neighbours_[0]);
  }
  auto held = static_cast<std::int64_t>(bytes);
  for (const Shard& shard : shards_) held += shard.seen.bytes_held();
  if constexpr (has_memory) held += model_.bytes_held();
  result_.bytes = std::max(result_.bytes, held);
  if (result_.distinct > limits_.states_max) {
    result_.stop = Stop::states;
  } else if (held > limits_.bytes_max) {
    result_.stop = Stop::memory;
  } else {
    return false;
  }
  return true;
}

template <Model M>
void Explorer<M>::finish() {
  const bool complete = result_.stop == Stop::complete;
  for (Finding& finding : result_.findings) {
    if (finding.standing != Standing::open || !complete) continue;
    finding.standing =
        finding.kind == PropertyKind::sometimes ? Standing::violated : Standing::holds;
  }
  // About n^2 / 2 pairs, each alike with a probability of 2^-64.
  std::uint64_t pairs = 0;
  if (sizeof(State) > sizeof(std::uint64_t)) pairs += pairs_q20(result_.distinct);
  if constexpr (has_memory) pairs += model_.part_pairs_q20();
  // pairs / 2^44 * 10^9; 2^44 is 17 592.2 * 10^9.
  if (pairs > 0) result_.collision_ppb = pairs / 17'592 + 1;
}

template <Model M>
void Explorer<M>::prepare() {
  invariants_ = model_.invariants();
  std::size_t places = 0;
  for (const auto& invariant : invariants_) {
    result_.findings.push_back({invariant.name, invariant.kind, Standing::open, 0, {}});
    const bool finally = invariant.kind == PropertyKind::finally;
    finally_places_.push_back(finally ? static_cast<int>(places++) : -1);
    keeps_edges_ = keeps_edges_ || finally;
  }
  NETSPLIT_ASSERT(places <= finally_max);
}

template <Model M>
void Explorer<M>::begin() {
  // The initial states are the successors of nothing.
  std::uint32_t initial = 0;
  slices_used_ = 1;
  const auto emit_initial = [&](const State& state) {
    put(slices_[0], state, Step::make(no_parent, initial++));
  };
  model_.initial(emit_initial);
  slices_[0].generated = initial;
}

template <Model M>
void Explorer<M>::begin_level() {
  std::swap(frontier_, next_);
  next_.clear();
  position_ = 0;
  frontier_first_ = steps_.size() - frontier_.size();
  level_states_ = frontier_.size();
  if (!frontier_.empty()) ++result_.depth;
}

// Not in line, and neither is take_all: a browser makes fast code of a function for its next call,
// and `run` is called once.
template <Model M>
[[gnu::noinline]] void Explorer<M>::do_batch(const Executor& execute) {
  const std::size_t batch_begin = position_;
  slices_used_ = 0;
  while (slices_used_ < slices_at_once && position_ < frontier_.size()) {
    position_ = std::min(position_ + slice_states_, frontier_.size());
    ++slices_used_;
  }
  execute(slices_used_, [&](std::int32_t i) {
    const std::size_t first = batch_begin + static_cast<std::size_t>(i) * slice_states_;
    expand(slices_[static_cast<std::size_t>(i)], first,
           std::min(first + slice_states_, frontier_.size()));
  });
  const std::uint64_t generated_before = result_.generated;
  take_all(execute);
  const std::uint64_t each = (result_.generated - generated_before) / (position_ - batch_begin);
  slice_states_ =
      std::clamp(static_cast<std::size_t>(slice_successors / std::max<std::uint64_t>(each, 1)),
                 slice_states_min, slice_states_max);
}

template <Model M>
Exploration Explorer<M>::run(const Executor& execute, const OnProgress& on_progress, Keeper* keeper,
                             std::uint64_t identity) {
  if (restored_) {
    over_limit();
  } else {
    prepare();
    begin();
    take_all(execute);
  }
  while (!stopped_ && result_.stop == Stop::complete) {
    if (position_ == frontier_.size()) begin_level();
    if (frontier_.empty()) break;
    if (result_.depth > limits_.depth_max) {
      result_.stop = Stop::depth;
      break;
    }
    do_batch(execute);
    if (stopped_ || over_limit()) break;
    const std::uint64_t waiting = frontier_.size() - position_ + next_.size();
    if (on_progress &&
        !on_progress({result_.distinct, result_.generated, waiting, result_.depth})) {
      result_.stop = Stop::cancelled;
      break;
    }
    if (keeper != nullptr && keeper->wants_save(false)) keep(*keeper, identity);
  }
  if (stopped_) result_.stop = Stop::violation;
  if (result_.stop != Stop::complete) {
    result_.frontier = frontier_.size() - position_ + next_.size();
    const bool may_go_on = result_.stop != Stop::violation;
    if (may_go_on && keeper != nullptr && keeper->wants_save(true)) keep(*keeper, identity);
  } else if (keeps_edges_) {
    judge_reach();
  }
  finish();
  return result_;
}

}  // namespace netsplit::check

#include "core/check/explorer_kept.inl"
#include "core/check/explorer_reach.inl"
#include "core/check/explorer_steps.inl"
