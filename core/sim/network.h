// What a link does to messages. All numbers are integers; a run draws them from the sender's own
// network stream, so that one more message elsewhere changes nothing here.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "core/base/fields.h"
#include "core/base/rng.h"
#include "core/base/time.h"

namespace netsplit {

enum class LatencyModel : std::uint8_t {
  fixed,        // base
  uniform,      // base .. base + spread
  exponential,  // base + exponential with mean spread
  long_tail,    // base + Pareto-like tail (shape 2) with median spread
};

struct Latency {
  LatencyModel model = LatencyModel::fixed;
  Time base_us = milliseconds(10);
  Time spread_us = 0;
  FIELDS(model, base_us, spread_us)
};

inline constexpr Time latency_max_us = hours(24);

namespace detail {

// log2(1 + i / 2^log2_bits) in units of 2^-31.
inline constexpr int log2_bits = 10;
extern const std::array<std::uint32_t, (1 << log2_bits) + 1> log2_table;

// -log2(U) for a uniform U in (0, 1), in units of 2^-31.
inline std::uint64_t draw_minus_log2_q31(Rng& rng) {
  const std::uint64_t bits = rng.next() | 1;
  const int zeros = std::countl_zero(bits);
  // U = mantissa * 2^-(zeros + 1), mantissa in [1, 2) with 31 binary places.
  const std::uint64_t mantissa_q31 = (bits << zeros) >> 32;
  const std::uint64_t fraction = mantissa_q31 & ((std::uint64_t{1} << 31) - 1);
  const std::uint64_t i = fraction >> (31 - log2_bits);
  const std::uint64_t rest = fraction & ((std::uint64_t{1} << (31 - log2_bits)) - 1);
  const std::uint64_t low = log2_table[i];
  const std::uint64_t high = log2_table[i + 1];
  const std::uint64_t log_q31 = low + ((high - low) * rest >> (31 - log2_bits));
  return (static_cast<std::uint64_t>(zeros + 1) << 31) - log_q31;
}

// For the models uniform and long_tail.
Time draw_other(const Latency& latency, Rng& rng);

}  // namespace detail

// -ln(U) for a uniform U, in units of 2^-20, from an integer table; the same on every machine.
inline std::uint64_t draw_exponential_q20(Rng& rng) {
  constexpr std::uint64_t ln2_q20 = 726'817;  // ln 2 = 0.693147…
  return (detail::draw_minus_log2_q31(rng) >> 11) * ln2_q20 >> 20;
}

// One draw. Never negative, never above latency_max_us. The common models stand here so that they
// are inlined: every message draws one.
inline Time draw_latency(const Latency& latency, Rng& rng) {
  if (latency.model == LatencyModel::fixed) return latency.base_us;
  if (latency.model != LatencyModel::exponential) return detail::draw_other(latency, rng);
  const auto units = static_cast<std::int64_t>(draw_exponential_q20(rng));
  // At most 45 * 2^20 units; spread is at most latency_max_us, so whole seconds are split off.
  const Time tail_us =
      (latency.spread_us >> 20) * units + ((latency.spread_us & 0xfffff) * units >> 20);
  return std::min(latency.base_us + tail_us, latency_max_us);
}

struct LinkSpec {
  Latency latency;
  std::int64_t loss_ppm = 0;
  std::int64_t duplicate_ppm = 0;
  std::int64_t tamper_ppm = 0;
  bool fifo = false;                    // otherwise messages may overtake each other
  std::int64_t bytes_per_second = 0;    // 0: no limit; otherwise messages queue on the link
  std::int64_t nanocents_per_byte = 0;  // what the link's owner charges
  FIELDS(latency, loss_ppm, duplicate_ppm, tamper_ppm, fifo, bytes_per_second, nanocents_per_byte)
};

enum class OnCut : std::uint8_t { lose, hold };

struct NetworkSpec {
  LinkSpec link;               // every link that has no settings of its own
  OnCut on_cut = OnCut::lose;  // what happens to messages on a link when it is cut, and while it is
  FIELDS(link, on_cut)
};

// What the network has done so far.
struct Counters {
  std::uint64_t sent = 0;
  std::uint64_t delivered = 0;
  std::uint64_t lost = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t bytes = 0;
  std::uint64_t nanocents = 0;
  FIELDS(sent, delivered, lost, duplicated, bytes, nanocents)
};

}  // namespace netsplit
