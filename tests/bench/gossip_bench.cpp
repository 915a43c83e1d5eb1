// An epidemic among a million nodes, until all have heard: how long it takes to simulate, and what
// a node costs beyond its state.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/protocols/gossip.h"
#include "core/sim/recorder.h"
#include "core/sim/world.h"

namespace netsplit::bench {
namespace {

using Peers = World<gossip::Protocol>;

Setup crowd(std::int32_t count) {
  Setup setup;
  setup.protocol = "gossip";
  setup.nodes = {{"n", "peer", count, false, {}}};
  setup.network.link.latency = {LatencyModel::uniform, milliseconds(20), milliseconds(60)};
  setup.network.link.loss_ppm = 10'000;
  return setup;
}

void converge(benchmark::State& state) {
  const auto count = static_cast<std::int32_t>(state.range(0));
  const Setup setup = crowd(count);
  const auto topology =
      std::make_shared<const Topology>(Topology::make(setup.nodes, {"peer"}).value());
  Input publish = on_nodes(Action::request, 0, {NodeId{0}});
  publish.name = "publish";
  std::int64_t events = 0;
  std::int64_t bytes = 0;
  Time took_us = 0;
  double seconds_taken = 0;
  for (auto _ : state) {
    const auto begun = std::chrono::steady_clock::now();
    Peers world(topology, {}, setup);
    while (world.next_due_us() == 0) world.step(nullptr);
    world.apply(publish, nullptr);
    const View<gossip::Protocol> view(world, nullptr);
    while (gossip::informed(view) < count) {
      const Time until_us = world.now_us() + seconds(1);
      while (world.next_due_us() <= until_us) world.step(nullptr);
    }
    events += world.events();
    bytes = world.bytes_held();
    took_us = world.now_us();
    seconds_taken = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  }
  state.counters["seconds"] = seconds_taken;
  state.counters["events"] = benchmark::Counter(static_cast<double>(events));
  state.counters["events_per_second"] =
      benchmark::Counter(static_cast<double>(events), benchmark::Counter::kIsRate);
  state.counters["rounds"] = static_cast<double>(took_us) / 1e6;
  state.counters["MiB"] = static_cast<double>(bytes) / (1 << 20);
  state.counters["bytes_per_node"] =
      static_cast<double>(bytes) / count - static_cast<double>(sizeof(Peers::NodeSlot::state));
}
BENCHMARK(converge)
    ->Name("gossip/converge")
    ->Arg(10'000)
    ->Arg(1'000'000)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace netsplit::bench
