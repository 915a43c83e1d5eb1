// What the explorer explores: states, and what can happen in each. A model is a plain value; a
// protocol in a world is one, and so is a specification written down by hand.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/base/hash.h"
#include "core/sim/property.h"

namespace netsplit::check {

// A model gives
// - `State`, trivially copyable, equal exactly when its bytes are (no padding);
// - `initial(emit)`, which calls emit(state) for each initial state;
// - `next(state, emit)`, which calls emit(successor) for every enabled action, always in the same
//   order: the n-th call is action n of that state;
// - `invariants()`: what must hold in every state (`always`); in some state (`sometimes`); and what
//   must never be out of reach (`finally`): from every state some way, perhaps of no steps, leads
//   to one in which it holds. So it holds wherever nothing leads on;
// - `describe(state)` and `action(state, n)`, in words, for counter-examples;
// - optionally `canonical(state)`: one representative for all states that differ only by a
//   symmetry;
// - optionally `within(state)`: states for which it is false are generated, but neither counted nor
//   looked at (TLC's CONSTRAINT);
// - optionally a type `Memory`, for what a model computes once and keeps: then it gives
//   `next(state, emit, memory)`, which reads the model and writes to the memory alone, so that
//   several may run at the same time; `absorb(memory)`, which takes what is new into the model and
//   empties the memory, and is called before any new state is judged; `bytes_held()`;
//   `part_pairs_q20()`, how many pairs of what states are made of could share a hash, in 2^20
//   pairs; `keep(writer)` and `restore(reader)`, which write and read what was absorbed, and
//   `knows(state)`: does the state consist of that? States must not depend on which memory they
//   came from. Such a `next` returns false where the model's own bounds left an action out: what
//   then cannot be reached is not held against it. Invariants are given a memory too.
namespace detail {

struct NoMemory {};
template <class M>
struct MemoryOf {
  using Type = NoMemory;
};
template <class M>
requires requires { typename M::Memory; }
struct MemoryOf<M> {
  using Type = typename M::Memory;
};

template <class M>
using Memory = typename MemoryOf<M>::Type;

template <class M>
struct HoldsOf {
  using Type = std::function<bool(const M&, const typename M::State&)>;
};
template <class M>
requires requires { typename M::Memory; }
struct HoldsOf<M> {
  using Type = std::function<bool(const M&, const typename M::State&, typename M::Memory&)>;
};

}  // namespace detail

// May be asked of several states at the same time.
template <class M>
struct Invariant {
  std::string_view name;
  PropertyKind kind{};
  typename detail::HoldsOf<M>::Type holds;
  bool stops = true;  // a violation ends the exploration, where the limits say so
};

// How many pairs there are among `count`, in 2^20 pairs, rounded up.
constexpr std::uint64_t pairs_q20(std::uint64_t count) {
  return ((count >> 10) + 1) * ((count >> 11) + 1);
}

template <class M>
concept Model = requires(const M& model, const typename M::State& state) {
  requires std::is_trivially_copyable_v<typename M::State>;
  requires std::has_unique_object_representations_v<typename M::State>;
  { model.invariants() } -> std::same_as<std::vector<Invariant<M>>>;
  { model.describe(state) } -> std::same_as<std::string>;
  { model.action(state, std::uint32_t{}) } -> std::same_as<std::string>;
};

// A state's 64-bit fingerprint. For states of at most 64 bits it is a bijection: two states never
// share one. Larger states may; `collision_ppb` in the report says how likely that is. A state
// whose parts are hashes already may give its own.
template <class State>
std::uint64_t fingerprint(const State& state) {
  if constexpr (requires { state.fingerprint(); }) {
    return state.fingerprint();
  } else if constexpr (sizeof(State) <= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, &state, sizeof(State));
    return mix64(word);
  } else {
    static_assert(sizeof(State) % sizeof(std::uint64_t) == 0, "a state fills whole words");
    std::uint64_t words[sizeof(State) / sizeof(std::uint64_t)];
    std::memcpy(words, &state, sizeof(State));
    std::uint64_t hash = 0x9e3779b97f4a7c15u;
    for (const std::uint64_t word : words) {
      hash = (hash ^ mix64(word + hash)) * 0xd6e8feb86659fd93u;
      hash ^= hash >> 32;
    }
    return mix64(hash);
  }
}

}  // namespace netsplit::check
