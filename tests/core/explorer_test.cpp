// The explorer against published state counts. Each count is exact: distinct states, generated
// states (initial ones included), and levels.
#include "core/check/explorer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>

#include "tests/models/chang_roberts.h"
#include "tests/models/readers_writers.h"
#include "tests/models/two_phase.h"

namespace netsplit::test::explorer_test {

using check::Exploration;
using check::Explorer;
using models::TwoPhase;

namespace {

template <class M>
Exploration explore(const M& model, check::ExploreLimits limits = {},
                    const check::Executor& execute = check::run_in_order) {
  return Explorer<M>(model, limits).run(execute);
}

void check_counts(const Exploration& result, std::uint64_t distinct, std::uint64_t generated,
                  std::uint32_t depth) {
  CHECK(result.distinct == distinct);
  CHECK(result.generated == generated);
  CHECK(result.depth == depth);
  CHECK(result.stop == check::Stop::complete);
  CHECK(result.frontier == 0);
}

}  // namespace

TEST_CASE("explorer: two-phase commit has the published state counts (3, 5 and 7 managers)") {
  check_counts(explore(TwoPhase{3}), 288, 1'146, 11);
  check_counts(explore(TwoPhase{5}), 8'832, 58'146, 17);
  check_counts(explore(TwoPhase{7}), 296'448, 2'744'706, 23);
}

TEST_CASE("explorer: interchangeable managers leave one state of each orbit (n=5)") {
  // Counted by hand: before a decision a manager is one of 4 kinds, C(8,3) = 56 ways for 5 of them;
  // after an abort one of 6, C(10,5) = 252; after a commit one of 2, 6 ways.
  TwoPhase model{5};
  model.symmetric = true;
  CHECK(explore(model).distinct == 56 + 252 + 6);
}

TEST_CASE("explorer: the published 665 states under symmetry are those of another representative") {
  // Stateright's example counts 665 for 5 managers: it sorts managers by their state alone, so that
  // an orbit has several representatives, goes depth first, and on from the state itself. Its
  // search, on our model; ours takes one state of each orbit.
  const TwoPhase model{5};
  const auto representative = [&](const TwoPhase::State& state) {
    std::array<int, 5> order{0, 1, 2, 3, 4};
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
      return TwoPhase::manager(state, a) < TwoPhase::manager(state, b);
    });
    TwoPhase::State sorted;
    sorted.sent = static_cast<std::uint16_t>(state.sent & ~0xfffu);
    for (int i = 0; i < model.n; ++i) {
      const int from = order[static_cast<std::size_t>(i)];
      TwoPhase::set_manager(sorted, i, TwoPhase::manager(state, from));
      sorted.sent = static_cast<std::uint16_t>(sorted.sent | (state.sent >> from & 1) << i);
      sorted.prepared_seen =
          static_cast<std::uint16_t>(sorted.prepared_seen | (state.prepared_seen >> from & 1) << i);
    }
    return check::fingerprint(sorted);
  };
  std::set<std::uint64_t> seen;
  std::vector<TwoPhase::State> stack;
  const auto reach = [&](const TwoPhase::State& state) {
    if (seen.insert(representative(state)).second) stack.push_back(state);
  };
  model.initial(reach);
  while (!stack.empty()) {
    const TwoPhase::State state = stack.back();
    stack.pop_back();
    model.next(state, reach);
  }
  CHECK(seen.size() == 665);
}

TEST_CASE(
    "explorer: a ring election and a queue of readers and writers have the published counts") {
  const Exploration ring = explore(models::ChangRoberts<3>{{2, 0, 1}});
  check_counts(ring, 137, 227, 10);
  CHECK(ring.findings[0].standing == Standing::holds);
  CHECK(ring.findings[1].standing == Standing::holds);
  const Exploration queue = explore(models::ReadersWriters{3});
  check_counts(queue, 21'527, 59'674, 13);
  CHECK(queue.findings[0].standing == Standing::holds);
}

TEST_CASE("explorer: two-phase commit is consistent, and its twin is caught by a shortest way") {
  const Exploration good = explore(TwoPhase{3});
  CHECK(good.findings[0].standing == Standing::holds);
  CHECK(good.collision_ppb == 0);

  TwoPhase twin{2};
  twin.changes_its_mind = true;
  const Exploration bad = explore(twin);
  REQUIRE(bad.findings[0].standing == Standing::violated);
  CHECK(bad.stop == check::Stop::violation);
  // Both prepare, both votes arrive, commit is decided; one commits, the other changes its mind.
  CHECK(bad.findings[0].depth == 7);
  CHECK(bad.findings[0].steps.size() == 8);

  // The steps lead to a state in which the property does not hold.
  TwoPhase::State state;
  for (std::size_t i = 1; i < bad.findings[0].steps.size(); ++i) {
    std::uint32_t action = 0;
    TwoPhase::State chosen;
    bool found = false;
    twin.next(state, [&](const TwoPhase::State& next) {
      if (action++ != bad.findings[0].steps[i]) return;
      chosen = next;
      found = true;
    });
    REQUIRE(found);
    state = chosen;
  }
  CHECK_FALSE(twin.invariants()[0].holds(twin, state));
}

TEST_CASE("explorer: the answer does not depend on the order in which the work is done") {
  const check::Executor backwards = [](std::int32_t count,
                                       const std::function<void(std::int32_t)>& work) {
    for (std::int32_t i = count - 1; i >= 0; --i) work(i);
  };
  TwoPhase twin{4};
  twin.changes_its_mind = true;
  const Exploration one = explore(twin);
  const Exploration other = explore(twin, {}, backwards);
  CHECK(one.distinct == other.distinct);
  CHECK(one.generated == other.generated);
  CHECK(one.findings[0].steps == other.findings[0].steps);
}

TEST_CASE("explorer: a limit is reported as what it is, and nothing is claimed beyond it") {
  check::ExploreLimits limits;
  limits.depth_max = 4;
  const Exploration shallow = explore(TwoPhase{3}, limits);
  CHECK(shallow.stop == check::Stop::depth);
  CHECK(shallow.findings[0].standing == Standing::open);
  CHECK(shallow.frontier > 0);

  limits = {};
  limits.states_max = 1'000;
  CHECK(explore(TwoPhase{5}, limits).stop == check::Stop::states);
  limits = {};
  limits.bytes_max = 1;
  CHECK(explore(TwoPhase{5}, limits).stop == check::Stop::memory);

  int asked = 0;
  TwoPhase model{5};
  const Exploration cancelled = Explorer<TwoPhase>(model).run(
      check::run_in_order, [&](const check::Progress&) { return ++asked < 3; });
  CHECK(cancelled.stop == check::Stop::cancelled);
}

namespace {

// A graph by hand: from node i edges lead to next[i]; the invariant holds in `good`.
struct Graph {
  std::vector<std::vector<std::uint64_t>> next_of;
  std::vector<bool> good;

  struct State {
    std::uint64_t at = 0;
  };
  template <class Emit>
  void initial(Emit emit) const {
    emit(State{0});
  }
  template <class Emit>
  void next(const State& state, Emit emit) const {
    for (const std::uint64_t to : next_of[state.at]) emit(State{to});
  }
  std::vector<check::Invariant<Graph>> invariants() const {
    return {{"good", PropertyKind::finally,
             [](const Graph& graph, const State& state) { return bool(graph.good[state.at]); }}};
  }
  std::string describe(const State& state) const { return std::to_string(state.at); }
  std::string action(const State&, std::uint32_t number) const { return std::to_string(number); }
};

}  // namespace

namespace {

// Every state has a thousand successors of its own.
struct Wide {
  struct State {
    std::uint64_t at = 0;
  };
  template <class Emit>
  void initial(Emit emit) const {
    emit(State{0});
  }
  template <class Emit>
  void next(const State& state, Emit emit) const {
    for (std::uint64_t i = 1; i <= 1'000; ++i) emit(State{state.at * 1'000 + i});
  }
  std::vector<check::Invariant<Wide>> invariants() const { return {}; }
  std::string describe(const State& state) const { return std::to_string(state.at); }
  std::string action(const State&, std::uint32_t number) const { return std::to_string(number); }
};

}  // namespace

TEST_CASE("explorer: a limit is not overrun by many where each state has many successors") {
  check::ExploreLimits limits;
  limits.states_max = 5'000;
  const Exploration wide = explore(Wide{}, limits);
  CHECK(wide.stop == check::Stop::states);
  CHECK(wide.distinct > 5'000);
  CHECK(wide.distinct < 50'000);
}

TEST_CASE(
    "explorer: what must never be out of reach is violated where there is no way back to it") {
  // Everything can go back to 0.
  const Exploration back = explore(Graph{{{1}, {2}, {0, 1}}, {true, false, false}});
  CHECK(back.findings[0].standing == Standing::holds);
  // 2 and 3 go round for ever; 1 still has the way to 4.
  const Exploration lost =
      explore(Graph{{{1}, {2, 4}, {3}, {2}, {}}, {false, false, false, false, true}});
  REQUIRE(lost.findings[0].standing == Standing::violated);
  CHECK(lost.findings[0].depth == 2);
  CHECK(lost.findings[0].steps == std::vector<std::uint32_t>{0, 0, 0});
  // A dead end is the simplest such state, and is found before all is explored.
  const Exploration dead = explore(Graph{{{1, 2}, {}, {0}}, {true, false, false}});
  REQUIRE(dead.findings[0].standing == Standing::violated);
  CHECK(dead.findings[0].depth == 1);
  CHECK(dead.stop == check::Stop::violation);
  // With a limit nothing is said of what was not seen.
  check::ExploreLimits limits;
  limits.depth_max = 2;
  const Exploration cut = explore(Graph{{{1}, {2}, {0}}, {false, false, true}}, limits);
  CHECK(cut.findings[0].standing == Standing::open);
}

}  // namespace netsplit::test::explorer_test
