// Latency models and the integer tables behind them.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "core/base/hash.h"
#include "core/sim/network.h"

namespace netsplit::test::latency_test {
namespace {

std::vector<Time> draws(const Latency& latency, int count, std::uint64_t seed = 1) {
  Rng rng(seed, 2, 0);
  std::vector<Time> values;
  for (int i = 0; i < count; ++i) values.push_back(draw_latency(latency, rng));
  return values;
}

std::uint64_t hash_of_draws(const Latency& latency) {
  Hasher hasher;
  for (const Time value : draws(latency, 10'000, 77))
    hasher.integer(static_cast<std::uint64_t>(value));
  return hasher.digest();
}

// The value below which `percent` of them lie.
Time quantile(std::vector<Time> values, std::size_t percent) {
  std::sort(values.begin(), values.end());
  return values[values.size() * percent / 100];
}

constexpr bool near(Time value, Time wanted, Time percent) {
  return value * 100 > wanted * (100 - percent) && value * 100 < wanted * (100 + percent);
}

}  // namespace

TEST_CASE("latency: fixed is the base and draws nothing") {
  Rng rng(1, 2, 0);
  const std::uint64_t before = rng.state();
  CHECK(draw_latency({LatencyModel::fixed, milliseconds(10), milliseconds(99)}, rng) == 10'000);
  CHECK(rng.state() == before);
}

TEST_CASE("latency: uniform reaches base and base plus spread and nothing beyond") {
  std::vector<Time> values = draws({LatencyModel::uniform, 100, 9}, 5'000);
  CHECK(*std::min_element(values.begin(), values.end()) == 100);
  CHECK(*std::max_element(values.begin(), values.end()) == 109);
  Time sum = 0;
  for (const Time value : draws({LatencyModel::uniform, 0, seconds(1)}, 50'000)) sum += value;
  CHECK(near(sum / 50'000, milliseconds(500), 2));
}

TEST_CASE("latency: exponential has its mean, median and tail where they belong") {
  const std::vector<Time> values = draws({LatencyModel::exponential, 0, seconds(1)}, 200'000);
  Time sum = 0;
  for (const Time value : values) {
    REQUIRE(value >= 0);
    sum += value;
  }
  CHECK(near(sum / 200'000, seconds(1), 1));
  CHECK(near(quantile(values, 50), 693'147, 2));
  CHECK(near(quantile(values, 90), 2'302'585, 2));
  CHECK(near(quantile(values, 99), 4'605'170, 3));
}

TEST_CASE("latency: the long tail has its median at base plus spread, and a tail of shape 2") {
  const Time base_us = milliseconds(50);
  std::vector<Time> values = draws({LatencyModel::long_tail, base_us, milliseconds(100)}, 200'000);
  CHECK(*std::min_element(values.begin(), values.end()) >= base_us);
  for (Time& value : values) value -= base_us;
  CHECK(near(quantile(values, 50), milliseconds(100), 2));
  // (U^(-1/2) - 1) / (sqrt 2 - 1): 10 - 1 at 99 %, sqrt 10 - 1 at 90 %.
  CHECK(near(quantile(values, 99), 2'172'792, 5));
  CHECK(near(quantile(values, 90), 522'034, 3));
}

TEST_CASE("latency: no draw is negative or beyond a day, whatever the numbers") {
  for (const auto model :
       {LatencyModel::uniform, LatencyModel::exponential, LatencyModel::long_tail}) {
    for (const Time base_us : {Time{0}, latency_max_us}) {
      for (const Time spread_us : {Time{0}, Time{1}, seconds(7), latency_max_us}) {
        for (const Time value : draws({model, base_us, spread_us}, 20'000)) {
          REQUIRE(value >= 0);
          REQUIRE(value <= latency_max_us);
        }
      }
    }
  }
}

TEST_CASE("latency: a larger spread never makes a draw smaller") {
  for (const auto model :
       {LatencyModel::uniform, LatencyModel::exponential, LatencyModel::long_tail}) {
    std::vector<Time> before = draws({model, 0, 1}, 2'000);
    for (const Time spread_us : {Time{1'000}, seconds(1), minutes(1), hours(1), hours(24)}) {
      const std::vector<Time> now = draws({model, 0, spread_us}, 2'000);
      for (std::size_t i = 0; i < now.size(); ++i) {
        if (model != LatencyModel::uniform) REQUIRE(now[i] >= before[i]);
      }
      before = now;
    }
  }
}

TEST_CASE("latency: draws are the same on every compiler") {
  CHECK(format_hash(hash_of_draws({LatencyModel::uniform, 120'000, 60'000})) == "32111a2cff5a92b1");
  CHECK(format_hash(hash_of_draws({LatencyModel::exponential, 5'000, 20'000})) ==
        "7f463e069c42d9eb");
  CHECK(format_hash(hash_of_draws({LatencyModel::exponential, 0, hours(24)})) ==
        "6e5c0989b6144fcd");
  CHECK(format_hash(hash_of_draws({LatencyModel::long_tail, 10'000, 30'000})) ==
        "d8f7c186a71e0ec7");
  CHECK(format_hash(hash_of_draws({LatencyModel::long_tail, 0, hours(24)})) == "2282b0c8747b3633");
}

}  // namespace netsplit::test::latency_test
