// Sweeping through seeds under faults, each drawn, run and judged; against a bare loop that steps
// the same scenario's world to its end and draws, judges and reuses nothing.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>

#include "core/check/sweep.h"
#include "core/protocols/lease_lock.h"
#include "core/scenario/registry.h"
#include "core/sim/world.h"
#include "tests/bench/yardsticks.h"

namespace netsplit::bench {
namespace {

void swept(benchmark::State& state) {
  const Setup& setup = find_scenario("lock-fenced")->setup;
  const check::Sweep sweep =
      check::Sweep::make(setup, {"no_stale_write", "all_answered"}, check::all_faults, make_session)
          .value();
  const check::SeedRange seeds{1, 1'000'000'000};
  std::uint64_t block = 0;
  std::uint64_t runs = 0;
  std::uint64_t steps = 0;
  for (auto _ : state) {
    const check::SweptBlock done = sweep.run_block(seeds, block++);
    if (!done.failing.empty()) state.SkipWithError("a property of lock-fenced is violated");
    runs += done.runs;
    steps += done.steps;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(runs));
  state.counters["steps_per_second"] =
      benchmark::Counter(static_cast<double>(steps), benchmark::Counter::kIsRate);
}

void bare(benchmark::State& state) {
  using P = lease_lock::Protocol;
  Setup setup = find_scenario("lock-fenced")->setup;
  const auto topology = std::make_shared<const Topology>(
      Topology::make(setup.nodes, {"lock_service", "storage", "client"}).value());
  lease_lock::Params params;
  params.fencing = lease_lock::Fencing::token;
  std::uint64_t steps = 0;
  for (auto _ : state) {
    ++setup.seed;
    World<P> world(topology, params, setup);
    std::size_t applied = 0;
    while (true) {
      const Time due_us = world.next_due_us();
      if (applied < setup.script.size() && due_us > setup.script[applied].at_us) {
        world.advance_to(setup.script[applied].at_us);
        world.apply(setup.script[applied++], nullptr);
      } else if (due_us > setup.until_us) {
        break;
      } else {
        world.step(nullptr);
      }
    }
    steps += world.steps();
  }
  state.counters["steps_per_second"] =
      benchmark::Counter(static_cast<double>(steps), benchmark::Counter::kIsRate);
}

[[maybe_unused]] const bool added = [] {
  for (auto* one : {benchmark::RegisterBenchmark("sweep/lock-fenced", swept),
                    benchmark::RegisterBenchmark("sweep/bare", bare)}) {
    one->MinTime(0.2)->Repetitions(rounds);
  }
  return true;
}();

}  // namespace
}  // namespace netsplit::bench
