#include "core/sim/network.h"

#include <algorithm>
#include <array>

namespace netsplit {
namespace {

// log2 of a mantissa in [1, 2), as a fraction in units of 2^-31, by repeated squaring: a mantissa
// that squares to 2 or more contributes the next binary digit.
constexpr std::uint32_t log2_q31(std::uint64_t mantissa_q31) {
  std::uint32_t log = 0;
  for (int bit = 30; bit >= 0; --bit) {
    mantissa_q31 = (mantissa_q31 * mantissa_q31) >> 31;
    if (mantissa_q31 >> 32 != 0) {
      mantissa_q31 >>= 1;
      log |= std::uint32_t{1} << bit;
    }
  }
  return log;
}

// 2^x in units of 2^-20 for x given in units of 2^-31, x in [0, 1): a product of square roots of 2.
constexpr std::uint64_t exp2_q20(std::uint32_t x_q31) {
  // 2^(1/2), 2^(1/4), … in units of 2^-31, each the square root of the one before.
  std::uint64_t root_q31 = std::uint64_t{2} << 31;
  std::uint64_t value_q31 = std::uint64_t{1} << 31;
  for (int bit = 30; bit >= 12; --bit) {
    std::uint64_t low = std::uint64_t{1} << 31;
    std::uint64_t high = root_q31;
    while (low < high) {
      const std::uint64_t middle = (low + high + 1) / 2;
      if (middle * middle <= root_q31 << 31) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    root_q31 = low;
    if (x_q31 >> bit & 1) value_q31 = (value_q31 * root_q31) >> 31;
  }
  return value_q31 >> 11;
}

constexpr auto exp2_table = [] {
  std::array<std::uint32_t, 257> table{};
  for (std::uint32_t i = 0; i <= 256; ++i) {
    table[i] = i == 256 ? 2u << 20 : static_cast<std::uint32_t>(exp2_q20(i << 23));
  }
  return table;
}();

}  // namespace

constinit const std::array<std::uint32_t, (1 << detail::log2_bits) + 1> detail::log2_table = [] {
  std::array<std::uint32_t, (1 << log2_bits) + 1> table{};
  for (std::uint64_t i = 0; i < (1u << log2_bits); ++i) {
    table[i] = log2_q31((std::uint64_t{1} << 31) + (i << (31 - log2_bits)));
  }
  table[1u << log2_bits] = std::uint32_t{1} << 31;
  return table;
}();

Time detail::draw_other(const Latency& latency, Rng& rng) {
  if (latency.model == LatencyModel::uniform) {
    return std::min(latency.base_us + rng.between(0, latency.spread_us), latency_max_us);
  }
  // U^(-1/2) - 1 has its median at sqrt(2) - 1; dividing by that puts the median at `spread`.
  const std::uint64_t half_log_q31 = detail::draw_minus_log2_q31(rng) / 2;
  const std::uint64_t whole = half_log_q31 >> 31;
  const std::uint64_t fraction = half_log_q31 & ((std::uint64_t{1} << 31) - 1);
  const std::uint64_t i = fraction >> 23;
  const std::uint64_t rest = fraction & ((1u << 23) - 1);
  const std::uint64_t power_q20 =
      exp2_table[i] + ((exp2_table[i + 1] - exp2_table[i]) * rest >> 23);
  const std::uint64_t excess_q20 = (power_q20 << std::min<std::uint64_t>(whole, 12)) - (1u << 20);
  constexpr std::uint64_t median_q20 = 434'334;  // (sqrt(2) - 1) * 2^20
  const Time tail_us =
      static_cast<Time>(static_cast<std::uint64_t>(std::min<Time>(latency.spread_us, minutes(10))) *
                        excess_q20 / median_q20);
  return std::min(latency.base_us + tail_us, latency_max_us);
}

}  // namespace netsplit
