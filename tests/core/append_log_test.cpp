// The list that shares its chunks: what one copy appends or drops, another does not see.
#include "core/base/append_log.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "core/base/rng.h"

namespace netsplit::test::append_log_test {

namespace {
using Log = AppendLog<int, 4>;

Log counting(int count) {
  Log log;
  for (int i = 0; i < count; ++i) log.push_back(i);
  return log;
}
}  // namespace

TEST_CASE("append log: entries keep their index across chunks") {
  const Log log = counting(11);
  CHECK(log.size() == 11);
  CHECK(log.first() == 0);
  for (int i = 0; i < 11; ++i) CHECK(log[i] == i);
  CHECK(log.back() == 10);
  CHECK(Log().empty());
}

TEST_CASE("append log: a copy and its original never see what the other appends or edits") {
  Log one = counting(6);
  Log other = one;
  one.push_back(100);
  other.push_back(200);
  other.push_back(201);
  other.push_back(202);
  CHECK(one.size() == 7);
  CHECK(one[6] == 100);
  CHECK(other[6] == 200);
  CHECK(other[8] == 202);
  one.edit(1) = -1;
  one.edit(6) = -6;
  CHECK(one[1] == -1);
  CHECK(other[1] == 1);
  CHECK(other[6] == 200);
  other.edit(1) = -2;
  CHECK(one[1] == -1);
}

TEST_CASE("append log: truncating takes the end away from this copy only") {
  for (int size = 0; size <= 9; ++size) {
    for (int cut = 0; cut <= size; ++cut) {
      Log log = counting(size);
      const Log copy = log;
      log.truncate(cut);
      CHECK(log.size() == cut);
      log.push_back(77);
      CHECK(log[cut] == 77);
      for (int i = 0; i < cut; ++i) CHECK(log[i] == i);
      for (int i = 0; i < size; ++i) CHECK(copy[i] == i);
    }
  }
}

TEST_CASE("append log: whole chunks are let go, what is kept keeps its index") {
  Log log = counting(18);
  const Log copy = log;
  log.release_before(10);
  CHECK(log.first() == 8);
  CHECK(log[8] == 8);
  CHECK(log.back() == 17);
  log.release_before(3);  // backwards: nothing happens
  CHECK(log.first() == 8);
  log.push_back(18);
  log.truncate(8);
  CHECK(log.size() == 8);
  log.push_back(88);
  CHECK(log[8] == 88);
  CHECK(copy[0] == 0);
  CHECK(copy[9] == 9);
}

TEST_CASE("append log: random use agrees with plain vectors, copy by copy") {
  netsplit::Rng rng(1, 0, 0);
  struct Pair {
    Log log;
    std::vector<int> plain;
  };
  std::vector<Pair> pairs(1);
  for (int i = 0; i < 5'000; ++i) {
    Pair& pair = pairs[rng.below(static_cast<std::uint32_t>(pairs.size()))];
    switch (rng.below(8)) {
      case 0:
        if (pairs.size() < 6) {
          pairs.push_back(Pair(pair));
        } else {
          pair = Pair(pairs[rng.below(6)]);
        }
        break;
      case 1: {
        const auto size = static_cast<std::uint32_t>(pair.plain.size());
        const std::uint32_t cut = size - rng.below(std::min(size, 3u) + 1);
        pair.log.truncate(cut);
        pair.plain.resize(cut);
        break;
      }
      case 2:
        if (!pair.plain.empty()) {
          const std::uint32_t at = rng.below(static_cast<std::uint32_t>(pair.plain.size()));
          pair.log.edit(at) = pair.plain[at] = i;
        }
        break;
      default:
        pair.log.push_back(i);
        pair.plain.push_back(i);
    }
    for (const Pair& one : pairs) {
      REQUIRE(one.log.size() == static_cast<std::int64_t>(one.plain.size()));
      for (std::size_t at = one.plain.size() > 9 ? one.plain.size() - 9 : 0; at < one.plain.size();
           ++at) {
        REQUIRE(one.log[static_cast<std::int64_t>(at)] == one.plain[at]);
      }
    }
  }
}

TEST_CASE("append log: started anew at an index, it goes on counting from there") {
  for (int index = 0; index <= 9; ++index) {
    Log log = counting(6);
    const Log copy = log;
    log.restart_at(index);
    CHECK(log.size() == index);
    CHECK(log.first() == index);
    for (int i = 0; i < 9; ++i) log.push_back(100 + i);
    for (int i = 0; i < 9; ++i) CHECK(log[index + i] == 100 + i);
    log.release_before(index + 5);
    CHECK(log.first() >= index);
    CHECK(log[index + 8] == 108);
    CHECK(copy[5] == 5);
  }
}

TEST_CASE("append log: many at once are the same as one by one, across chunks and copies") {
  using Log = AppendLog<std::int32_t, 8>;  // chunks of another size than above
  Log singly;
  Log at_once;
  std::int32_t next = 0;
  for (const std::size_t count : {0, 3, 5, 8, 1, 20, 16, 7}) {
    std::vector<std::int32_t> values(count);
    std::iota(values.begin(), values.end(), next);
    next += static_cast<std::int32_t>(count);
    const Log copy = at_once;
    const std::int64_t before = at_once.size();
    for (const std::int32_t value : values) singly.push_back(value);
    at_once.append(values);
    REQUIRE(copy.size() == before);
    REQUIRE(at_once.size() == singly.size());
    for (std::int64_t i = 0; i < singly.size(); ++i) REQUIRE(at_once[i] == singly[i]);
    for (std::int64_t i = 0; i < copy.size(); ++i) REQUIRE(copy[i] == i);
  }
}

}  // namespace netsplit::test::append_log_test
