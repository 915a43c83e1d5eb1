#include <doctest/doctest.h>

#include <array>
#include <set>

#include "core/base/hash.h"
#include "core/base/rng.h"

namespace netsplit::test::base_rng_test {

TEST_CASE("rng: SplitMix64 gives its published values for seed 0") {
  // A stream whose state starts at 0, as in the reference implementation.
  Rng rng;
  CHECK(rng.next() == 0xe220a8397b1dcdafu);
  CHECK(rng.next() == 0x6e789e6aa1b965f4u);
  CHECK(rng.next() == 0x06c45d188009454fu);
  CHECK(rng.next() == 0xf88bb8a8724c81ecu);
}

TEST_CASE("rng: streams of one seed differ in purpose and in index") {
  std::set<std::uint64_t> first;
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    for (std::uint32_t purpose = 0; purpose < 10; ++purpose) {
      for (std::uint32_t index = 0; index < 100; ++index) {
        first.insert(Rng(seed, purpose, index).next());
      }
    }
  }
  CHECK(first.size() == 10'000);
}

TEST_CASE("rng: below(n) stays below n, reaches all of it, and favours nothing") {
  Rng rng(7, 1, 0);
  for (const std::uint32_t n : {1u, 2u, 3u, 7u, 10u}) {
    std::array<int, 10> seen{};
    for (int i = 0; i < 20'000; ++i) {
      const std::uint32_t value = rng.below(n);
      REQUIRE(value < n);
      ++seen[value];
    }
    const int fair = 20'000 / static_cast<int>(n);
    for (std::uint32_t value = 0; value < n; ++value) {
      CHECK(seen[value] > fair * 9 / 10);
      CHECK(seen[value] < fair * 11 / 10 + 1);
    }
  }
  for (int i = 0; i < 1000; ++i) REQUIRE(rng.below(UINT32_MAX) < UINT32_MAX);
}

TEST_CASE("rng: between holds both ends, negative ones and the whole range") {
  Rng rng(3, 0, 0);
  std::set<std::int64_t> seen;
  for (int i = 0; i < 500; ++i) seen.insert(rng.between(-3, 3));
  CHECK(seen == std::set<std::int64_t>{-3, -2, -1, 0, 1, 2, 3});
  CHECK(rng.between(5, 5) == 5);
  const std::int64_t wide = std::int64_t{1} << 40;
  for (int i = 0; i < 2'000; ++i) {
    const std::int64_t value = rng.between(-wide, wide);
    REQUIRE(value >= -wide);
    REQUIRE(value <= wide);
    const std::int64_t far = rng.between(INT64_MIN, INT64_MAX - 1);
    REQUIRE(far < INT64_MAX);
    rng.between(INT64_MIN, INT64_MAX);
  }
}

TEST_CASE("rng: a chance of 0 draws nothing, one of a million always comes") {
  Rng rng(9, 0, 0);
  const std::uint64_t before = rng.state();
  CHECK_FALSE(rng.chance_ppm(0));
  CHECK_FALSE(rng.chance_ppm(-5));
  CHECK(rng.state() == before);
  int hits = 0;
  for (int i = 0; i < 100'000; ++i) {
    REQUIRE(rng.chance_ppm(1'000'000));
    hits += rng.chance_ppm(250'000) ? 1 : 0;
  }
  CHECK(hits > 24'500);
  CHECK(hits < 25'500);
}

TEST_CASE("rng: the values a run is made of are the same on every compiler") {
  Rng rng(2026, 1, 3);
  CHECK(rng.next() == 0x51a3b352df1ceb90u);
  CHECK(rng.below(1000) == 365);
  CHECK(rng.between(-1'000'000'000'000, 1'000'000'000'000) == 5'911'410'367);
}

TEST_CASE("hash: order, length and content all count, and the value is pinned") {
  const auto hash_of_text = [](std::string_view text) {
    Hasher hasher;
    hasher.text(text);
    return hasher.digest();
  };
  std::set<std::uint64_t> digests;
  for (const char* text : {"", "a", "b", "ab", "ba", "abcdefgh", "abcdefghi", "abcdefg"}) {
    digests.insert(hash_of_text(text));
  }
  digests.insert(hash_of_text(std::string_view("\0", 1)));
  digests.insert(hash_of_text(std::string_view("\0\0", 2)));
  CHECK(digests.size() == 10);
  Hasher one_two;
  one_two.integer(1);
  one_two.integer(2);
  Hasher two_one;
  two_one.integer(2);
  two_one.integer(1);
  CHECK(one_two.digest() != two_one.digest());
  CHECK(format_hash(0x0123456789abcdefu) == "0123456789abcdef");
  CHECK(format_hash(one_two.digest()) == "cedfe9b9e946fdfc");
}

}  // namespace netsplit::test::base_rng_test
