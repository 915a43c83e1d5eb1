// Sweeping through seeds under faults, each drawn, run and judged; against a bare loop that steps
// the same scenario's world to its end and draws, judges and reuses nothing.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/check/sweep.h"
#include "core/protocols/lease_lock.h"
#include "core/scenario/registry.h"
#include "tests/bench/bare_world.h"
#include "tests/bench/yardsticks.h"

namespace netsplit::bench {
namespace {

// A scenario with a remedy: what holds in its own run must hold under all faults.
void swept(benchmark::State& state, std::string_view id) {
  const Scenario& scenario = *find_scenario(id);
  std::vector<std::string> properties;
  for (const Expectation& one : scenario.expect) {
    if (one.standing == Standing::holds) properties.push_back(one.property);
  }
  const check::Sweep sweep =
      check::Sweep::make(scenario.setup, properties, check::all_faults, make_session).value();
  const check::SeedRange seeds{1, 1'000'000'000};
  std::uint64_t block = 0;
  std::uint64_t runs = 0;
  std::uint64_t steps = 0;
  for (auto _ : state) {
    const check::SweptBlock done = sweep.run_block(seeds, block++);
    if (!done.failing.empty()) state.SkipWithError("a property is violated");
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
    run_to_end(world, setup);
    steps += world.steps();
  }
  state.counters["steps_per_second"] =
      benchmark::Counter(static_cast<double>(steps), benchmark::Counter::kIsRate);
}

[[maybe_unused]] const bool added = [] {
  const auto add = [](const std::string& name, auto run) {
    benchmark::RegisterBenchmark(name.c_str(), run)->MinTime(0.2)->Repetitions(rounds);
  };
  for (const std::string_view id : {"lock-fenced", "2pc-recovery", "paxos-commit"}) {
    add("sweep/" + std::string(id), [id](benchmark::State& state) { swept(state, id); });
  }
  add("sweep/bare", bare);
  return true;
}();

}  // namespace
}  // namespace netsplit::bench
