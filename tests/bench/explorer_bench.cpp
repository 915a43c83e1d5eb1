// The explorer against a bare loop over the same states, on two threads against one, and on the
// models whose times others have published.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "core/check/explorer.h"
#include "tests/bench/bare_two_phase.h"
#include "tests/bench/yardsticks.h"
#include "tests/models/paxos_register.h"

#ifndef __EMSCRIPTEN__
#include "threads/threads.h"
#endif

namespace netsplit::bench {
namespace {

void note(benchmark::State& state, std::uint64_t distinct, std::uint64_t expected) {
  if (distinct != expected) state.SkipWithError("a wrong number of states");
  state.SetItemsProcessed(static_cast<std::int64_t>(distinct) * state.iterations());
}

template <class M>
void explore(benchmark::State& state, const M& model, std::uint64_t expected,
             const check::Executor& execute = check::run_in_order) {
  check::Exploration result;
  for (auto _ : state) result = check::Explorer<M>(model).run(execute);
  note(state, result.distinct, expected);
  state.counters["MiB"] = static_cast<double>(result.bytes) / (1 << 20);
}

void bare(benchmark::State& state) {
  std::uint64_t distinct = 0;
  for (auto _ : state) distinct = BareTwoPhase(8).run();
  note(state, distinct, 1'745'408);
}

benchmark::internal::Benchmark* add(const std::string& name, void (*run)(benchmark::State&),
                                    int repetitions = 5) {
  return benchmark::RegisterBenchmark(name.c_str(), run)
      ->Iterations(1)
      ->Repetitions(repetitions)
      ->Unit(benchmark::kMillisecond);
}

[[maybe_unused]] const bool added = [] {
  add("explorer/two-phase/8",
      [](benchmark::State& state) { explore(state, models::TwoPhase{8}, 1'745'408); });
  add("explorer/bare/8", bare);
  add("explorer/paxos/3",
      [](benchmark::State& state) { explore(state, models::PaxosRegister{3}, 1'194'428); });
#ifndef __EMSCRIPTEN__
  // By the clock on the wall: what one thread does and what two do.
  add("explorer/one-thread/8", [](benchmark::State& state) {
    explore(state, models::TwoPhase{8}, 1'745'408);
  })->UseRealTime();
  add("explorer/two-threads/8", [](benchmark::State& state) {
    explore(state, models::TwoPhase{8}, 1'745'408, on_threads(2));
  })->UseRealTime();
  add(
      "explorer/two-phase/9",
      [](benchmark::State& state) { explore(state, models::TwoPhase{9}, 10'340'352); }, 1);
#endif
  return true;
}();

}  // namespace
}  // namespace netsplit::bench
