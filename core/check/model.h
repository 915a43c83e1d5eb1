// What the explorer explores: states, and what can happen in each. A model is a plain value; a
// protocol in a world is one, and so is a specification written down by hand.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
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
// - `invariants()`: what must hold in every state (`always`), in some state (`sometimes`), and in
//   every state from which nothing leads on (`finally`);
// - `describe(state)` and `action(state, n)`, in words, for counter-examples;
// - optionally `canonical(state)`: one representative for all states that differ only by a
// symmetry.
template <class M>
struct Invariant {
  std::string_view name;
  PropertyKind kind{};
  bool (*holds)(const M&, const typename M::State&);
};

template <class M>
concept Model = requires(const M& model, const typename M::State& state) {
  requires std::is_trivially_copyable_v<typename M::State>;
  requires std::has_unique_object_representations_v<typename M::State>;
  { model.invariants() } -> std::same_as<std::vector<Invariant<M>>>;
  { model.describe(state) } -> std::same_as<std::string>;
  { model.action(state, std::uint32_t{}) } -> std::same_as<std::string>;
};

// A state's 64-bit fingerprint. For states of at most 64 bits it is a bijection: two states never
// share one. Larger states may; `collision_ppb` in the report says how likely that is.
template <class State>
std::uint64_t fingerprint(const State& state) {
  if constexpr (sizeof(State) <= sizeof(std::uint64_t)) {
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
