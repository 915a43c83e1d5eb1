// Random numbers that are the same on every machine: SplitMix64 (Steele, Lea and Flood, "Fast
// splittable pseudorandom number generators", OOPSLA 2014). Eight bytes of state, so that each of a
// million nodes can own streams of its own.
#pragma once

#include <cstdint>

namespace netsplit {

constexpr std::uint64_t mix64(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

class Rng {
 public:
  constexpr Rng() = default;
  // Streams of one seed are told apart by two numbers, such as a purpose and a node.
  constexpr Rng(std::uint64_t seed, std::uint32_t purpose, std::uint32_t index)
      : state_(mix64(mix64(seed + 0x9e3779b97f4a7c15u) ^
                     (std::uint64_t{purpose} << 32 | std::uint64_t{index}))) {}

  constexpr std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15u;
    return mix64(state_);
  }

  // Uniform in [0, n), without bias. Requires: n >= 1.
  [[gnu::always_inline]] constexpr std::uint32_t below(std::uint32_t n) {
    // Lemire, "Fast random integer generation in an interval" (2019).
    std::uint64_t product = (next() >> 32) * n;
    if (static_cast<std::uint32_t>(product) < n) {
      const std::uint32_t threshold = (0u - n) % n;
      while (static_cast<std::uint32_t>(product) < threshold) product = (next() >> 32) * n;
    }
    return static_cast<std::uint32_t>(product >> 32);
  }

  // Uniform in [low, high], both included. Requires: low <= high.
  constexpr std::int64_t between(std::int64_t low, std::int64_t high) {
    const std::uint64_t span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
    if (span == UINT64_MAX) return static_cast<std::int64_t>(next());
    if (span < UINT32_MAX) return low + below(static_cast<std::uint32_t>(span + 1));
    const std::uint64_t n = span + 1;
    const std::uint64_t threshold = (0u - n) % n;
    std::uint64_t draw = next();
    while (draw < threshold) draw = next();
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + draw % n);
  }

  // True with a probability of `ppm` parts in a million; draws nothing when it is 0.
  constexpr bool chance_ppm(std::int64_t ppm) {
    return ppm > 0 && static_cast<std::int64_t>(below(1'000'000)) < ppm;
  }

  constexpr std::uint64_t state() const { return state_; }

 private:
  std::uint64_t state_ = 0;
};

}  // namespace netsplit
