// A million nodes: nothing may be quadratic in nodes, and a node must cost little beyond its state.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/sim/recorder.h"
#include "core/sim/world.h"
#include "tests/bench/phold.h"

namespace netsplit::bench {
namespace {

using Peers = World<phold::Protocol>;
constexpr std::int32_t node_count = 1'000'000;

std::shared_ptr<const Topology> topology() {
  return std::make_shared<const Topology>(
      Topology::make(phold::setup(node_count).nodes, {"peer"}).value());
}

// All start, and each has a message on its way.
Peers started(Recorder& recorder) {
  Peers world(topology(), {}, phold::setup(node_count));
  for (std::int32_t i = 0; i < node_count; ++i) world.step(&recorder);
  return world;
}

void start(benchmark::State& state) {
  std::int64_t bytes = 0;
  for (auto _ : state) {
    Recorder recorder(node_count);
    const Peers world = started(recorder);
    bytes = world.bytes_held() + recorder.bytes_held();
  }
  state.counters["bytes_per_node"] =
      static_cast<double>(bytes) / node_count - static_cast<double>(sizeof(Peers::NodeSlot::state));
}
BENCHMARK(start)->Name("million/start")->Iterations(1)->Unit(benchmark::kMillisecond);

std::vector<NodeId> nodes(std::int32_t first, std::int32_t end) {
  std::vector<NodeId> list;
  for (std::int32_t i = first; i < end; ++i) list.push_back(NodeId{i});
  return list;
}

// What a person does to a run, each once.
void inputs(benchmark::State& state) {
  Recorder recorder(node_count);
  const Peers before = started(recorder);
  const std::vector<NodeId> half = nodes(0, node_count / 2);
  const std::vector<NodeId> tenth = nodes(0, node_count / 10);
  const Input script[] = {
      on_nodes(Action::partition, 0, half),
      on_nodes(Action::isolate, 0, nodes(7, 27)),
      on_link(Action::cut, 0, NodeId{1}, NodeId{2}),
      on_nodes(Action::heal, 0, {}),
      on_nodes(Action::pause, 0, tenth),
      on_nodes(Action::resume, 0, tenth),
      on_nodes(Action::crash, 0, tenth),
      on_nodes(Action::restart, 0, tenth),
      on_nodes(Action::clock_drift, 0, tenth),
  };
  for (auto _ : state) {
    Peers world = before;
    for (const Input& input : script) world.apply(input, nullptr);
    for (int i = 0; i < 100'000; ++i) world.step(nullptr);
    benchmark::DoNotOptimize(world.steps());
  }
}
BENCHMARK(inputs)->Name("million/inputs")->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace netsplit::bench
