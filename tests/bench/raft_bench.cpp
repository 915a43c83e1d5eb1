// A Raft cluster of five servers under the load of ten clients: run as the window runs it, every
// event stamped and recorded and every property judged after every step; and its world alone.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "core/check/history_property.h"
#include "core/protocols/raft.h"
#include "core/sim/typed_session.h"
#include "tests/bench/bare_world.h"
#include "tests/bench/yardsticks.h"

namespace netsplit::bench {
namespace {

constexpr int servers = 5;
constexpr int clients = 10;
constexpr int requests = 2'000;  // in all: 100 a second, every fourth of them a read

Setup under_load() {
  Setup setup;
  setup.protocol = "raft";
  setup.parameters = {{"snapshot_after", 50}};
  setup.nodes = {{"s", "server", servers, false, {}}, {"c", "client", clients, false, {}}};
  setup.network.link.latency = {LatencyModel::uniform, milliseconds(5), milliseconds(10)};
  for (int i = 0; i < requests; ++i) {
    Input input = on_nodes(Action::request, seconds(1) + i * milliseconds(10),
                           {NodeId{servers + i % clients}});
    input.name = i % 4 == 3 ? "read_value" : "write_value";
    if (i % 4 != 3) input.arguments = {{"value", std::to_string(i)}};
    setup.script.push_back(std::move(input));
  }
  setup.until_us = seconds(4) + requests * milliseconds(10);  // the last is answered
  return setup;
}

void judged(benchmark::State& state) {
  const Setup setup = under_load();
  std::int64_t events = 0;
  for (auto _ : state) {
    const std::unique_ptr<Session> session =
        TypedSession<raft::Protocol>::make(setup, check::properties_of<raft::Protocol>()).value();
    Trace trace(servers + clients);
    while (session->step(&trace)) {
    }
    for (const PropertyState& property : session->properties())
      if (property.standing == Standing::violated) state.SkipWithError("a property is violated");
    events += session->events();
  }
  state.SetItemsProcessed(events);
}

void alone(benchmark::State& state) {
  const Setup setup = under_load();
  const auto topology =
      std::make_shared<const Topology>(Topology::make(setup.nodes, {"client", "server"}).value());
  raft::Params params;
  params.snapshot_after = 50;
  std::int64_t events = 0;
  for (auto _ : state) {
    World<raft::Protocol> world(topology, params, setup);
    run_to_end(world, setup);
    events += world.events();
  }
  state.SetItemsProcessed(events);
}

[[maybe_unused]] const bool added = [] {
  for (auto* one : {benchmark::RegisterBenchmark("raft/judged/5", judged),
                    benchmark::RegisterBenchmark("raft/alone/5", alone)})
    one->MinTime(0.2)->Repetitions(rounds);
  return true;
}();

}  // namespace
}  // namespace netsplit::bench
