// PHOLD in World, in the bare loop, and in the event queue alone; and with full trace and stamps.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "core/sim/typed_session.h"
#include "tests/bench/bare_phold.h"
#include "tests/bench/phold.h"
#include "tests/bench/yardsticks.h"

namespace netsplit::bench {
namespace {

struct InWorld {
  explicit InWorld(std::int32_t node_count)
      : world(topology(node_count), {}, phold::setup(node_count)) {}
  static std::shared_ptr<const Topology> topology(std::int32_t node_count) {
    return std::make_shared<const Topology>(
        Topology::make(phold::setup(node_count).nodes, {"peer"}).value());
  }
  void step() { world.step(nullptr); }
  World<phold::Protocol> world;
};

struct InQueue {
  explicit InQueue(std::int32_t node_count) {
    for (std::int32_t i = 0; i < node_count; ++i) push(0);
  }
  void step() {
    const Time now_us = queue.top().due_us;
    queue.pop();
    push(now_us);
  }
  void push(Time now_us) { queue.push({now_us + draw_latency(latency, rng), ++sequence, 0, 0}); }
  Latency latency{LatencyModel::exponential, 0, seconds(1)};
  Rng rng{1, 1, 1};
  std::uint64_t sequence = 0;
  EventQueue queue;
};

// Each system is set up and warmed once, and runs on from round to round.
template <class System>
void phold(benchmark::State& state, std::int32_t node_count) {
  static std::map<std::int32_t, std::unique_ptr<System>> systems;
  std::unique_ptr<System>& system = systems[node_count];
  if (system == nullptr) {
    system = std::make_unique<System>(node_count);
    for (std::int32_t i = 0; i < 4 * node_count; ++i) system->step();
  }
  constexpr int batch = 1'000;
  while (state.KeepRunningBatch(batch)) {
    for (int i = 0; i < batch; ++i) system->step();
  }
  state.SetItemsProcessed(state.iterations());
}

void traced(benchmark::State& state) {
  constexpr std::int32_t node_count = 5;
  const auto make = [&] {
    return TypedSession<phold::Protocol>::make(phold::setup(node_count)).value();
  };
  static std::unique_ptr<Session> session = make();
  static Trace trace(node_count);
  std::int64_t events = 0;
  while (state.KeepRunningBatch(1'000)) {
    const std::int64_t before = session->events();
    bool goes_on = true;
    for (int i = 0; i < 1'000; ++i) goes_on = session->step(&trace);
    events += session->events() - before;
    if (goes_on) continue;
    session = make();
    trace = Trace(node_count);
  }
  state.SetItemsProcessed(events);
}

template <class System>
void add(const std::string& name, std::int32_t node_count) {
  benchmark::RegisterBenchmark((name + '/' + std::to_string(node_count)).c_str(),
                               [=](benchmark::State& state) { phold<System>(state, node_count); })
      ->MinTime(0.2)
      ->Repetitions(rounds);
}

[[maybe_unused]] const bool added = [] {
  for (const std::int32_t node_count : {1'000, 1'000'000}) {
    add<InWorld>("phold/world", node_count);
    add<BarePhold>("phold/bare", node_count);
    add<InQueue>("phold/queue", node_count);
  }
  benchmark::RegisterBenchmark("phold/traced/5", traced)->MinTime(0.2)->Repetitions(rounds);
  return true;
}();

}  // namespace
}  // namespace netsplit::bench
