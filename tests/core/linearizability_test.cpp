// Small histories with known answers, and random ones against a brute-force search over all orders.
#include "core/check/linearizability.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <optional>

#include "core/base/rng.h"

using namespace netsplit;
using namespace netsplit::check;

namespace {

HistoryOperation op(std::int32_t client, Verb verb, std::int64_t argument, std::int64_t result,
                    std::int64_t invoked, std::int64_t completed, Outcome outcome = Outcome::ok) {
  HistoryOperation made;
  made.client = client;
  made.verb = verb;
  made.argument = argument;
  made.result = result;
  made.invoked = invoked;
  made.completed = completed;
  made.outcome = outcome;
  return made;
}

Ruling ruling_of(ObjectKind kind, std::vector<HistoryOperation> operations) {
  History history;
  history.object = kind;
  history.operations = std::move(operations);
  return judge(history).ruling;
}

// A register's answers, by trying every order of every subset of the unknown writes.
bool brute_force(const std::vector<HistoryOperation>& all) {
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), 0);
  do {
    // Whatever is unknown and stands after the last certain one need not have happened.
    std::int64_t value = nothing;
    bool fits = true;
    std::size_t certain_left = static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [](const auto& o) { return o.outcome == Outcome::ok; }));
    for (std::size_t i = 0; i < order.size() && fits && certain_left > 0; ++i) {
      const HistoryOperation& now = all[order[i]];
      for (std::size_t j = i + 1; j < order.size(); ++j) {
        const HistoryOperation& later = all[order[j]];
        if (later.outcome == Outcome::ok && later.completed < now.invoked) fits = false;
      }
      if (now.verb == Verb::read && now.result != value) fits = false;
      if (now.verb == Verb::write) value = now.argument;
      if (now.outcome == Outcome::ok) --certain_left;
    }
    if (fits) return true;
  } while (std::next_permutation(order.begin(), order.end()));
  return false;
}

}  // namespace

TEST_CASE("linearizability: a read that overlaps a write may see either value") {
  for (const std::int64_t seen : {nothing, std::int64_t{5}}) {
    CHECK(ruling_of(ObjectKind::reg, {op(0, Verb::write, 5, 0, 0, 10),
                                      op(1, Verb::read, 0, seen, 2, 4)}) == Ruling::linearizable);
  }
  CHECK(ruling_of(ObjectKind::reg,
                  {op(0, Verb::write, 5, 0, 0, 10), op(1, Verb::read, 0, nothing, 12, 14)}) ==
        Ruling::not_linearizable);
}

TEST_CASE("linearizability: two reads during one write must not go backwards") {
  CHECK(ruling_of(ObjectKind::reg,
                  {op(0, Verb::write, 1, 0, 0, 100), op(1, Verb::read, 0, 1, 10, 20),
                   op(2, Verb::read, 0, nothing, 30, 40)}) == Ruling::not_linearizable);
}

TEST_CASE(
    "linearizability: an unknown write may take effect late, or never, but not before it began") {
  const auto unknown = op(0, Verb::write, 7, 0, 10, 0, Outcome::unknown);
  CHECK(ruling_of(ObjectKind::reg, {unknown, op(1, Verb::read, 0, nothing, 20, 30)}) ==
        Ruling::linearizable);
  CHECK(ruling_of(ObjectKind::reg, {unknown, op(1, Verb::read, 0, nothing, 20, 30),
                                    op(1, Verb::read, 0, 7, 90, 91)}) == Ruling::linearizable);
  CHECK(ruling_of(ObjectKind::reg, {unknown, op(1, Verb::read, 0, 7, 1, 5)}) ==
        Ruling::not_linearizable);
  const auto failed = op(0, Verb::write, 7, 0, 10, 0, Outcome::failed);
  CHECK(ruling_of(ObjectKind::reg, {failed, op(1, Verb::read, 0, 7, 20, 30)}) ==
        Ruling::not_linearizable);
}

TEST_CASE(
    "linearizability: a lock is held by one client, and an unknown acquire may never have been") {
  const auto acquire = [](int c, int from, int to) { return op(c, Verb::acquire, 0, 0, from, to); };
  const auto release = [](int c, int from, int to) { return op(c, Verb::release, 0, 0, from, to); };
  CHECK(ruling_of(ObjectKind::lock, {acquire(0, 0, 1), release(0, 2, 5), acquire(1, 3, 4)}) ==
        Ruling::linearizable);
  CHECK(ruling_of(ObjectKind::lock, {acquire(0, 0, 1), acquire(1, 3, 4), release(0, 5, 6)}) ==
        Ruling::not_linearizable);
  auto lost = acquire(2, 0, 0);
  lost.outcome = Outcome::unknown;
  CHECK(ruling_of(ObjectKind::lock, {lost, acquire(0, 1, 2), release(0, 3, 4)}) ==
        Ruling::linearizable);
}

TEST_CASE("linearizability: compare-and-set, queue and set answer as one copy would") {
  auto cas = op(0, Verb::cas, 2, 1, 10, 20);
  cas.expected = 1;
  CHECK(ruling_of(ObjectKind::cas_register,
                  {op(0, Verb::write, 1, 0, 0, 5), cas, op(1, Verb::read, 0, 2, 30, 40)}) ==
        Ruling::linearizable);
  CHECK(ruling_of(ObjectKind::cas_register, {op(0, Verb::write, 3, 0, 0, 5), cas}) ==
        Ruling::not_linearizable);
  CHECK(ruling_of(ObjectKind::queue,
                  {op(0, Verb::enqueue, 1, 0, 0, 1), op(0, Verb::enqueue, 2, 0, 2, 3),
                   op(1, Verb::dequeue, 0, 2, 4, 5)}) == Ruling::not_linearizable);
  CHECK(ruling_of(ObjectKind::queue,
                  {op(0, Verb::enqueue, 1, 0, 0, 3), op(0, Verb::enqueue, 2, 0, 2, 3),
                   op(1, Verb::dequeue, 0, 2, 4, 5)}) == Ruling::linearizable);
  CHECK(ruling_of(ObjectKind::set, {op(0, Verb::add, 4, 0, 0, 1), op(0, Verb::contains, 5, 0, 2, 3),
                                    op(1, Verb::contains, 4, 0, 4, 5)}) ==
        Ruling::not_linearizable);
}

TEST_CASE("linearizability: a store is judged key by key, and the bad key is named") {
  History history;
  history.object = ObjectKind::key_value;
  history.texts = {"", "a", "b", "ab", "ba"};
  const auto on_key = [](std::int64_t key, HistoryOperation made) {
    made.key = key;
    return made;
  };
  history.operations = {
      on_key(1, op(0, Verb::append, 1, 0, 0, 1)), on_key(1, op(0, Verb::append, 2, 0, 2, 3)),
      on_key(1, op(1, Verb::read, 0, 3, 4, 5)), on_key(2, op(1, Verb::read, 0, 0, 6, 7))};
  CHECK(judge(history).ruling == Ruling::linearizable);
  history.operations[2].result = 4;
  const Judgement bad = judge(history);
  CHECK(bad.ruling == Ruling::not_linearizable);
  REQUIRE(bad.parts.size() == 2);
  CHECK(bad.parts[0].key == 1);
  CHECK(bad.parts[0].ruling == Ruling::not_linearizable);
  CHECK(bad.parts[0].order == std::vector<std::int32_t>{0, 1});
  CHECK(bad.parts[0].unordered == std::vector<std::int32_t>{2});
  CHECK(bad.parts[1].ruling == Ruling::linearizable);
}

TEST_CASE("linearizability: random histories agree with a search over every order") {
  int good = 0;
  int bad = 0;
  for (std::uint32_t seed = 1; seed <= 400; ++seed) {
    Rng rng(seed, 77, 0);
    std::vector<HistoryOperation> all;
    for (std::int32_t client = 0; client < 3; ++client) {
      std::int64_t now = rng.between(0, 10);
      for (int i = 0; i < 2; ++i) {
        const std::int64_t end = now + rng.between(1, 12);
        const bool write = rng.below(2) == 0;
        auto made = op(client, write ? Verb::write : Verb::read, 1 + rng.below(2), 0, now, end);
        if (!write)
          made.result = rng.below(3) == 0 ? nothing : 1 + static_cast<std::int64_t>(rng.below(2));
        if (write && rng.below(5) == 0) made.outcome = Outcome::unknown;
        all.push_back(made);
        now = end + rng.between(1, 6);
      }
    }
    const bool expected = brute_force(all);
    (expected ? good : bad) += 1;
    CHECK_MESSAGE((ruling_of(ObjectKind::reg, all) == Ruling::linearizable) == expected, "seed ",
                  seed);
  }
  CHECK(good > 50);
  CHECK(bad > 50);
}

TEST_CASE("linearizability: past the limit the answer is that it is not known") {
  std::vector<HistoryOperation> all;
  for (std::int32_t i = 0; i < 12; ++i) all.push_back(op(i, Verb::write, i, 0, 0, 100));
  all.push_back(op(20, Verb::read, 0, 99, 101, 102));
  History history;
  history.object = ObjectKind::reg;
  history.operations = all;
  CHECK(judge(history, {1'000}).ruling == Ruling::unknown);
  CHECK(judge(history).ruling == Ruling::not_linearizable);
}
