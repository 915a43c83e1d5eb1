// Seeking: to random moments of a recorded run of a million events.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/sim/timeline.h"
#include "tests/bench/phold_run.h"

namespace netsplit::bench {
namespace {

void seek(benchmark::State& state) {
  using Stopwatch = std::chrono::steady_clock;
  constexpr std::int64_t events = 1'000'000;
  Timeline timeline = phold::run_of(phold::setup(1'000));
  while (timeline.head().events() < events && timeline.run_ahead(1'000)) {
  }
  const auto steps = static_cast<std::uint32_t>(timeline.head().steps());
  Rng rng(1, 1, 1);
  std::vector<double> each_ms;
  for (auto _ : state) {
    const std::uint64_t target = rng.below(steps);
    const auto start = Stopwatch::now();
    timeline.seek_step(target);
    const std::chrono::duration<double> taken = Stopwatch::now() - start;
    state.SetIterationTime(taken.count());
    each_ms.push_back(taken.count() * 1e3);
  }
  if (timeline.divergence()) state.SkipWithError(timeline.divergence()->c_str());
  std::sort(each_ms.begin(), each_ms.end());
  state.counters["median_ms"] = each_ms[each_ms.size() / 2];
  state.counters["worst_ms"] = each_ms.back();
  state.counters["keyframes"] = static_cast<double>(timeline.keyframe_count());
  state.counters["keyframes_MiB"] = static_cast<double>(timeline.keyframe_bytes()) / (1 << 20);
}
BENCHMARK(seek)
    ->Name("timeline/seek")
    ->UseManualTime()
    ->Iterations(201)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace netsplit::bench
