// The event queue against an ordered set: the same pops under every shape of load that moves
// entries between the parts of the queue.
#include "core/sim/event_queue.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <iterator>
#include <limits>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace netsplit::test::event_queue_test {
namespace {

constexpr std::int64_t never_us = std::numeric_limits<std::int64_t>::max();

struct Before {
  bool operator()(const EventEntry& a, const EventEntry& b) const {
    return std::tie(a.due_us, a.sequence) < std::tie(b.due_us, b.sequence);
  }
};
using Reference = std::set<EventEntry, Before>;

// xorshift64 (Marsaglia 2003). Requires: seed is not 0.
struct Xorshift {
  std::uint64_t state;
  std::uint64_t next() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
  }
  std::uint64_t below(std::uint64_t bound) { return (next() >> 11) % bound; }
};

enum class Load {
  uniform,
  exponential,
  bimodal,
  burst,
  ticks,
  same_due,
  geometric,
  mostly_never,
  anywhere,
};
constexpr Load all_loads[] = {Load::uniform,   Load::exponential,  Load::bimodal,
                              Load::burst,     Load::ticks,        Load::same_due,
                              Load::geometric, Load::mostly_never, Load::anywhere};

std::int64_t later(std::int64_t now_us, std::uint64_t delay_us) {
  const auto room_us = static_cast<std::uint64_t>(never_us) - static_cast<std::uint64_t>(now_us);
  return delay_us > room_us ? never_us : now_us + static_cast<std::int64_t>(delay_us);
}

std::int64_t due_of(Load load, std::int64_t now_us, Xorshift& random) {
  switch (load) {
    case Load::uniform:
      return later(now_us, random.below(1'000'000));
    case Load::exponential: {  // a sum of halvings is near enough
      std::uint64_t delay_us = random.below(1'000);
      while (random.below(2) == 0) delay_us += 1'000;
      return later(now_us, delay_us);
    }
    case Load::bimodal:
      return later(now_us, random.below(10) == 0 ? 1'000'000'000 + random.below(1'000)
                                                 : random.below(1'000));
    case Load::burst:
      return later(now_us, random.below(50) == 0 ? 10'000'000 : random.below(3));
    case Load::ticks:
      return later(now_us / 1'000 * 1'000, (1 + random.below(10)) * 1'000);
    case Load::same_due:
      return now_us;
    case Load::geometric:
      return later(now_us, std::uint64_t{1} << random.below(60));
    case Load::mostly_never:
      return random.below(4) == 0 ? later(now_us, random.below(1'000)) : never_us;
    case Load::anywhere:
      return static_cast<std::int64_t>(random.next());
  }
  return 0;
}

// A queue and its reference, kept equal.
struct Pair {
  EventQueue queue;
  Reference reference;
  std::uint64_t pushed = 0;

  void push(std::int64_t due_us, std::uint64_t sequence) {
    const auto slot = static_cast<std::uint32_t>(pushed++);
    const EventEntry entry{due_us, sequence, slot, ~slot};
    queue.push(entry);
    reference.insert(entry);
  }

  // Pops from both; returns whether they agreed.
  bool pop(std::int64_t& now_us) {
    const EventEntry got = queue.top();
    const EventEntry expected = *reference.begin();
    queue.pop();
    reference.erase(reference.begin());
    now_us = got.due_us;
    return got.due_us == expected.due_us && got.sequence == expected.sequence &&
           got.slot == expected.slot && got.node_and_kind == expected.node_and_kind &&
           queue.size() == reference.size() && queue.empty() == reference.empty();
  }

  bool pop_all() {
    bool agreed = true;
    for (std::int64_t now_us = 0; agreed && !reference.empty();) agreed = pop(now_us);
    return agreed && queue.empty();
  }
};

// The sequence of the n-th push: in order, against it, or scattered; each value once.
std::uint64_t sequence_of(int order, std::uint64_t n) {
  if (order == 0) return n;
  if (order == 1) return ~n;
  return n * 0x9e37'79b9'7f4a'7c15;
}

// Fills to a number of pending entries, then holds it there, pop by push, and empties.
bool holds(Load load, int order, std::uint64_t pending, std::uint64_t steps) {
  Pair pair;
  Xorshift random{0x1234'5678 + pending};
  std::int64_t now_us = 0;
  for (std::uint64_t i = 0; i < pending; ++i) {
    pair.push(due_of(load, now_us, random), sequence_of(order, pair.pushed));
  }
  for (std::uint64_t i = 0; i < steps; ++i) {
    if (!pair.pop(now_us)) return false;
    pair.push(due_of(load, now_us, random), sequence_of(order, pair.pushed));
  }
  return pair.pop_all();
}

std::vector<std::uint64_t> popped(EventQueue queue) {
  std::vector<std::uint64_t> sequences;
  for (; !queue.empty(); queue.pop()) sequences.push_back(queue.top().sequence);
  return sequences;
}

TEST_CASE("event queue: pops by due, then by sequence") {
  EventQueue queue;
  CHECK(queue.empty());
  queue.push({20, 1, 0, 0});
  queue.push({10, 3, 0, 0});
  queue.push({10, 2, 0, 0});
  queue.push({never_us, 4, 0, 0});
  queue.push({-5, 5, 0, 0});
  CHECK(queue.size() == 5);
  CHECK(popped(queue) == std::vector<std::uint64_t>{5, 2, 3, 1, 4});
  CHECK(queue.size() == 5);
}

TEST_CASE("event queue: holds the order of a set under every load") {
  for (const Load load : all_loads) {
    for (int order = 0; order < 3; ++order) {
      for (const std::uint64_t pending : {1U, 2U, 10U, 60U, 70U, 130U, 500U, 3'000U}) {
        CAPTURE(static_cast<int>(load));
        CAPTURE(order);
        CAPTURE(pending);
        REQUIRE(holds(load, order, pending, 4 * pending + 1'000));
      }
    }
  }
}

TEST_CASE("event queue: holds the order of a set with 100 000 pending") {
  for (const Load load : all_loads) {
    CAPTURE(static_cast<int>(load));
    REQUIRE(holds(load, 0, 100'000, 150'000));
  }
}

TEST_CASE("event queue: keeps the order when loads, growth and decline alternate (seeds 1..200)") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    Xorshift random{seed * 0x9e37'79b9'7f4a'7c15};
    Pair pair;
    std::int64_t now_us = 0;
    for (int phase = 0; phase < 12; ++phase) {
      const Load load = all_loads[random.below(std::size(all_loads))];
      const std::uint64_t push_share = 1 + random.below(9);
      const auto order = static_cast<int>(random.below(3));
      for (std::uint64_t i = 1 + random.below(600); i-- > 0;) {
        if (random.below(10) < push_share) {
          // Each phase has its own sequences, so that none comes twice.
          const std::uint64_t sequence = sequence_of(order, pair.pushed) & 0x0fff'ffff'ffff'ffff;
          pair.push(due_of(load, now_us, random), sequence | static_cast<std::uint64_t>(phase)
                                                                 << 60);
        } else if (!pair.reference.empty()) {
          REQUIRE(pair.pop(now_us));
        }
        if (random.below(100) == 0) pair.queue = EventQueue(std::as_const(pair.queue));
      }
    }
    REQUIRE(pair.pop_all());
  }
}

TEST_CASE("event queue: takes entries due before the last popped one") {
  Pair pair;
  Xorshift random{7};
  std::int64_t now_us = 0;
  for (int i = 0; i < 5'000; ++i) {
    pair.push(static_cast<std::int64_t>(random.below(1'000'000)), pair.pushed);
  }
  for (int i = 0; i < 20'000; ++i) {
    REQUIRE(pair.pop(now_us));
    pair.push(static_cast<std::int64_t>(random.below(1'000'000)), pair.pushed);
  }
  CHECK(pair.pop_all());
}

TEST_CASE("event queue: spans all of time, from the least due to the greatest") {
  Pair pair;
  for (int shift = 0; shift < 64; ++shift) {
    for (std::uint64_t i = 0; i < 40; ++i) {
      const std::uint64_t due = (std::uint64_t{1} << shift) - i;
      pair.push(static_cast<std::int64_t>(due), pair.pushed);
      pair.push(static_cast<std::int64_t>(due ^ std::uint64_t{1} << 63), pair.pushed);
    }
  }
  CHECK(pair.pop_all());
}

TEST_CASE("event queue: a copy pops as its original, whatever happens to the other") {
  for (const Load load : all_loads) {
    Xorshift random{11};
    Pair pair;
    std::int64_t now_us = 0;
    for (int round = 0; round < 60; ++round) {
      CAPTURE(static_cast<int>(load));
      CAPTURE(round);
      const std::uint64_t pushes = random.below(round % 10 == 0 ? 2'000 : 60);
      for (std::uint64_t i = 0; i < pushes; ++i) {
        pair.push(due_of(load, now_us, random), pair.pushed);
      }
      const Pair copy = pair;
      for (std::uint64_t i = random.below(100); i-- > 0 && !pair.reference.empty();) {
        REQUIRE(pair.pop(now_us));
      }
      Pair branch = copy;
      REQUIRE(branch.pop_all());
      branch = copy;
      std::int64_t branch_now_us = 0;
      for (std::uint64_t i = random.below(100); i-- > 0 && !branch.reference.empty();) {
        REQUIRE(branch.pop(branch_now_us));
        branch.push(due_of(load, branch_now_us, random), branch.pushed);
      }
      REQUIRE(branch.pop_all());
    }
    REQUIRE(pair.pop_all());
  }
}

TEST_CASE("event queue: a copy has room for more late entries of one due than are sorted") {
  Pair pair;
  std::int64_t now_us = 0;
  for (std::uint64_t i = 0; i < 1'000; ++i) pair.push(0, 10 * i);
  for (std::uint64_t i = 0; i < 110; ++i) pair.push(0, 9'989 - 2 * i);
  for (int i = 0; i < 930; ++i) REQUIRE(pair.pop(now_us));
  for (int i = 0; i < 150; ++i) {
    Pair copy = pair;
    copy.push(0, 9'988);
    REQUIRE(copy.pop_all());
    REQUIRE(pair.pop(now_us));
  }
}

TEST_CASE("event queue: equal contents pop equally, whatever their history") {
  Xorshift random{5};
  EventQueue grown;
  for (std::uint64_t i = 0; i < 50'000; ++i) {
    grown.push({static_cast<std::int64_t>(random.below(1'000'000)), i, 0, 0});
  }
  while (grown.size() > 300) grown.pop();
  EventQueue fresh;
  grown.for_each([&](const EventEntry& entry) { fresh.push(entry); });
  const EventQueue copy = grown;
  CHECK(popped(fresh) == popped(grown));
  CHECK(popped(copy) == popped(grown));
}

TEST_CASE("event queue: moving empties neither the order nor the room for more") {
  Pair pair;
  Xorshift random{3};
  for (int i = 0; i < 1'000; ++i) {
    pair.push(static_cast<std::int64_t>(random.below(10'000)), pair.pushed);
  }
  EventQueue moved = std::move(pair.queue);
  pair.queue = EventQueue();
  CHECK(pair.queue.empty());
  pair.queue.push({1, 1, 1, 1});
  CHECK(pair.queue.size() == 1);
  pair.queue = std::move(moved);
  CHECK(pair.pop_all());
}

TEST_CASE("event queue: erase_if removes what it is told to and nothing else") {
  for (const Load load : all_loads) {
    for (const std::uint64_t pending : {1U, 50U, 1'000U, 20'000U}) {
      CAPTURE(static_cast<int>(load));
      CAPTURE(pending);
      Pair pair;
      Xorshift random{pending};
      std::int64_t now_us = 0;
      for (std::uint64_t i = 0; i < pending; ++i) {
        pair.push(due_of(load, now_us, random), pair.pushed);
      }
      for (std::uint64_t i = 0; i < pending / 3; ++i) REQUIRE(pair.pop(now_us));
      const auto is_third = [](const EventEntry& entry) { return entry.sequence % 3 == 0; };
      pair.queue.erase_if(is_third);
      std::erase_if(pair.reference, is_third);
      CHECK(pair.queue.size() == pair.reference.size());
      for (std::uint64_t i = 0; i < 100; ++i) {
        pair.push(due_of(load, now_us, random), pair.pushed);
      }
      REQUIRE(pair.pop_all());
    }
  }
}

TEST_CASE("event queue: for_each visits every entry once") {
  for (const Load load : all_loads) {
    CAPTURE(static_cast<int>(load));
    Pair pair;
    Xorshift random{9};
    std::int64_t now_us = 0;
    for (int i = 0; i < 6'000; ++i) {
      pair.push(due_of(load, now_us, random), pair.pushed);
      if (i % 3 == 2) REQUIRE(pair.pop(now_us));
      if (i % 997 != 0) continue;
      Reference visited;
      std::uint64_t count = 0;
      pair.queue.for_each([&](const EventEntry& entry) {
        visited.insert(entry);
        ++count;
      });
      REQUIRE(count == pair.reference.size());
      REQUIRE(visited.size() == count);
    }
  }
}

TEST_CASE("event queue: pop prepares nearly every entry once, shortly before its turn") {
  constexpr std::size_t ahead = 4;
  EventQueue queue;
  Xorshift random{13};
  std::uint64_t sequence = 0;
  for (; sequence < 20'000; ++sequence) {
    queue.push({static_cast<std::int64_t>(random.below(100'000)), sequence, 0, 0});
  }
  std::vector<int> prepared(sequence);
  std::uint64_t waiting = 0;
  std::uint64_t hits = 0;
  while (!queue.empty()) {
    const std::uint64_t top = queue.top().sequence;
    if (prepared[top] != 0) {
      ++hits;
      --waiting;
    }
    queue.pop(ahead, [&](const EventEntry& entry) {
      REQUIRE(++prepared[entry.sequence] == 1);
      REQUIRE(++waiting <= ahead + EventQueue::prepare_batch);
    });
  }
  CHECK(hits > 19'900);
}

TEST_CASE("event queue: clear leaves a queue that works") {
  Pair pair;
  Xorshift random{17};
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 3'000; ++i) {
      pair.push(static_cast<std::int64_t>(random.below(1'000)), pair.pushed);
    }
    std::int64_t now_us = 0;
    for (int i = 0; i < 500; ++i) REQUIRE(pair.pop(now_us));
    pair.queue.clear();
    pair.reference.clear();
    CHECK(pair.queue.empty());
  }
  pair.push(5, pair.pushed);
  CHECK(pair.pop_all());
}

}  // namespace
}  // namespace netsplit::test::event_queue_test
