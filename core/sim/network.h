// What a link does to messages. All numbers are integers; a run draws them from the sender's own
// network stream, so that one more message elsewhere changes nothing here.
#pragma once

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

// One draw. Never negative, never above latency_max_us.
Time draw_latency(const Latency& latency, Rng& rng);

// -ln(U) for a uniform U, in units of 2^-20, from an integer table; the same on every machine.
std::uint64_t draw_exponential_q20(Rng& rng);

struct LinkSpec {
  Latency latency;
  std::int64_t loss_ppm = 0;
  std::int64_t duplicate_ppm = 0;
  std::int64_t tamper_ppm = 0;
  bool fifo = false;                       // otherwise messages may overtake each other
  std::int64_t bytes_per_second = 0;       // 0: no limit; otherwise messages queue on the link
  std::int64_t nanocents_per_byte = 0;     // what the link's owner charges
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
