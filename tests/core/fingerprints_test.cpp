// The set of fingerprints against the standard library's, and the table of recent ones.
#include "core/check/fingerprints.h"

#include <doctest/doctest.h>

#include <set>
#include <vector>

#include "core/base/rng.h"

namespace netsplit::test::fingerprints_test {

namespace {

struct Entry {
  std::uint64_t fingerprint;
};

// Few values, and those that a set could stumble over: 0, 1, and many with one and the same place.
std::vector<Entry> entries(std::uint64_t seed, std::size_t count) {
  Rng rng(seed, 0, 0);
  std::vector<Entry> all;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t word = rng.next();
    all.push_back({word % 3 == 0 ? word >> 2 & 7 : (word >> 8 & 0x3ff) << 50 | (word >> 20 & 3)});
  }
  return all;
}

}  // namespace

TEST_CASE("fingerprints: new is what a plain set has not, in order, whatever the portions") {
  for (const std::size_t portion : {1u, 5u, 31u, 32u, 33u, 64u, 100u, 1000u}) {
    check::FingerprintSet seen;
    std::set<std::uint64_t> plain;
    const std::vector<Entry> all = entries(portion, 6'000);
    for (std::size_t first = 0; first < all.size(); first += portion) {
      const std::size_t count = std::min(portion, all.size() - first);
      std::vector<std::uint64_t> fresh;
      seen.take_in(all.data() + first, count,
                   [&](const Entry& entry) { fresh.push_back(entry.fingerprint); });
      std::vector<std::uint64_t> expected;
      for (std::size_t i = first; i < first + count; ++i) {
        if (plain.insert(all[i].fingerprint).second) expected.push_back(all[i].fingerprint);
      }
      CHECK(fresh == expected);
    }
    CHECK(seen.size() == plain.size());
    CHECK(plain.count(0) == 1);
    CHECK(plain.count(1) == 1);
  }
}

TEST_CASE("fingerprints: what was seen lately is known, and nothing else") {
  check::RecentFingerprints recent;
  std::set<std::uint64_t> plain;
  std::size_t again = 0;
  for (const Entry& entry : entries(7, 20'000)) {
    const bool before = !plain.insert(entry.fingerprint).second;
    const bool told = recent.again(entry.fingerprint);
    CHECK((before || !told));
    CHECK(recent.again(entry.fingerprint));
    again += told ? 1 : 0;
  }
  CHECK(again > 1'000);
}

}  // namespace netsplit::test::fingerprints_test
