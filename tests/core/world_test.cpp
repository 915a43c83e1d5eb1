// World<P> itself: a value, without a recorder, with very many nodes.
#include "core/sim/world.h"

#include "relay.h"
#include "support.h"

namespace netsplit::test::world_test {
namespace {

using RelayWorld = World<relay::Protocol>;

RelayWorld make_world(const Setup& setup) {
  return RelayWorld(
      std::make_shared<const Topology>(Topology::make(setup.nodes, {"peer", "hub"}).value()),
      relay::Params{}, setup);
}

Setup crowd(std::int32_t count) {
  Setup setup = peers(1);
  setup.nodes[0].name = "n";
  setup.nodes[0].count = count;
  return setup;
}

std::vector<NodeId> range(std::int32_t first, std::int32_t end) {
  std::vector<NodeId> nodes;
  for (std::int32_t i = first; i < end; ++i) nodes.push_back(NodeId{i});
  return nodes;
}

// The lines of a run's trace that concern one node, without the numbers that count everything.
std::vector<std::string> story(const Run& run, NodeId node) {
  std::vector<std::string> lines;
  for (EventIndex i = 0; i < run.trace.size(); ++i) {
    const Event& event = run.trace[i];
    if (event.node != node) continue;
    lines.push_back(std::to_string(event.at_us) + " " + sentence_of(*run.session, event));
  }
  return lines;
}

// b, c and d talk over a lossy network and set timers in a window; a is the one that changes.
Setup busy_network() {
  Setup setup = peers(4);
  setup.seed = 99;
  setup.network.link.latency = {LatencyModel::exponential, 100, milliseconds(20)};
  setup.network.link.loss_ppm = 100'000;
  setup.network.link.duplicate_ppm = 100'000;
  for (int i = 0; i < 50; ++i) {
    const Time at_us = 1'000 * i;
    const char from = static_cast<char>('b' + i % 3);
    setup.script.push_back(tell(at_us, from, static_cast<char>('b' + (i + 1) % 3), i));
    setup.script.push_back(
        ask(at_us, std::string(1, from), "set_beat",
            {{"number", std::to_string(i)}, {"low_us", "0"}, {"high_us", "50ms"}}));
    setup.script.push_back(ask(at_us, std::string(1, from), "choose", {{"n", "1000"}}));
  }
  return setup;
}

void insert_in_order(Setup& setup, Input input) {
  const auto at =
      std::upper_bound(setup.script.begin(), setup.script.end(), input.at_us,
                       [](Time time_us, const Input& other) { return time_us < other.at_us; });
  setup.script.insert(at, std::move(input));
}

}  // namespace

TEST_CASE("world: a hundred thousand nodes are made and partitioned without a matrix") {
  const Setup setup = crowd(100'000);
  RelayWorld world = make_world(setup);
  while (world.step(nullptr)) {
  }
  CHECK(world.steps() == 100'000);
  Input split = on_nodes(Action::partition, 0, range(0, 50'000));
  world.apply(split, nullptr);
  CHECK(world.links().is_cut(NodeId{0}, NodeId{99'999}));
  CHECK_FALSE(world.links().is_cut(NodeId{0}, NodeId{49'999}));
  CHECK_FALSE(world.links().is_cut(NodeId{50'000}, NodeId{99'999}));
  Input isolate = split;
  isolate.action = Action::isolate;
  world.apply(isolate, nullptr);
  CHECK(world.links().is_cut(NodeId{0}, NodeId{49'999}));
  Input heal;
  heal.action = Action::heal;
  world.apply(heal, nullptr);
  Input cut = split;
  cut.action = Action::cut;
  cut.groups.push_back(range(50'000, 100'000));
  world.apply(cut, nullptr);
  CHECK(world.links().is_cut(NodeId{0}, NodeId{99'999}));
  CHECK(world.links().is_cut(NodeId{99'999}, NodeId{0}));
  CHECK(world.links().bytes_held() < 100'000 * 40);
  CHECK(world.bytes_held() < 100'000 * 1'000);
}

TEST_CASE("world: with or without a recorder the run is the same") {
  const Setup setup = busy_network();
  RelayWorld watched = make_world(setup);
  RelayWorld alone = make_world(setup);
  Recorder recorder(4);
  std::size_t at = 0;
  for (;;) {
    const bool input = at < setup.script.size() && alone.next_due_us() > setup.script[at].at_us;
    if (input) {
      watched.advance_to(setup.script[at].at_us);
      alone.advance_to(setup.script[at].at_us);
      watched.apply(setup.script[at], &recorder);
      alone.apply(setup.script[at++], nullptr);
    } else {
      const bool stepped = alone.step(nullptr);
      REQUIRE(watched.step(&recorder) == stepped);
      if (!stepped) break;
    }
    REQUIRE(watched.state_hash() == alone.state_hash());
  }
  CHECK(at == setup.script.size());
  CHECK(alone.steps() > 200);
}

TEST_CASE("world: a copy goes on like the original, and neither sees the other") {
  const Setup setup = busy_network();
  RelayWorld one = make_world(setup);
  for (const Input& input : setup.script) one.apply(input, nullptr);
  for (int i = 0; i < 40; ++i) one.step(nullptr);
  RelayWorld other = one;
  const std::uint64_t before = other.state_hash();
  std::vector<std::uint64_t> hashes;
  while (one.step(nullptr)) hashes.push_back(one.state_hash());
  CHECK(other.state_hash() == before);
  for (const std::uint64_t hash : hashes) {
    REQUIRE(other.step(nullptr));
    REQUIRE(other.state_hash() == hash);
  }
  CHECK_FALSE(other.step(nullptr));
}

TEST_CASE("streams: one more draw, timer or message at one node shifts nothing elsewhere") {
  const Run before = run(busy_network());
  for (const Input& extra :
       {ask(10'000, "a", "choose", {{"n", "7"}, {"times", "5"}}), tell(10'000, 'a', 'a', 1, 3),
        ask(10'000, "a", "set_beat", {{"number", "1"}, {"low_us", "1"}, {"high_us", "9"}})}) {
    Setup setup = busy_network();
    insert_in_order(setup, extra);
    const Run after = run(setup);
    CHECK(after.session->trace_hash() != before.session->trace_hash());
    for (const char node : {'b', 'c', 'd'})
      CHECK(story(after, id(node)) == story(before, id(node)));
  }
  // A message more from a to b is one delivery more at b; what b itself draws stays.
  Setup setup = busy_network();
  insert_in_order(setup, tell(10'000, 'a', 'b', 1));
  const Run after = run(setup);
  CHECK(story(after, id('c')) == story(before, id('c')));
  CHECK(story(after, id('d')) == story(before, id('d')));
  CHECK(numbers(*after.session, 'b', "chosen") == numbers(*before.session, 'b', "chosen"));
}

TEST_CASE("streams: other seeds give other runs, equal ones equal runs") {
  Setup setup = busy_network();
  std::set<std::uint64_t> hashes;
  for (setup.seed = 0; setup.seed < 50; ++setup.seed) {
    const std::uint64_t hash = run(setup).session->trace_hash();
    CHECK(hash == run(setup).session->trace_hash());
    hashes.insert(hash);
  }
  CHECK(hashes.size() == 50);
}

TEST_CASE("topology: nodes of a group are named by number, and found by name") {
  const auto group = [](std::string name, std::int32_t count, std::string role) {
    NodeGroup made;
    made.name = std::move(name);
    made.count = count;
    made.role = std::move(role);
    return made;
  };
  const Topology topology =
      Topology::make({group("alice", 1, "peer"), group("n", 5'000, "peer"), group("hub", 2, "hub")},
                     {"peer", "hub"})
          .value();
  CHECK(topology.node_count() == 5'003);
  CHECK(topology.name(NodeId{0}) == "alice");
  CHECK(topology.name(NodeId{1}) == "n1");
  CHECK(topology.name(NodeId{5'000}) == "n5000");
  CHECK(topology.name(NodeId{5'002}) == "hub2");
  CHECK(topology.name(nobody) == "nobody");
  for (std::int32_t i = 0; i < topology.node_count(); ++i) {
    REQUIRE(topology.find(topology.name(NodeId{i})) == NodeId{i});
  }
  for (const char* name : {"", "n", "n0", "n5001", "alice1", "n1x", "nobody", "n-1"}) {
    CHECK(topology.find(name) == nobody);
  }
  CHECK(topology.first_of(1) == NodeId{5'001});
  CHECK(topology.nodes_of(1) == std::vector<NodeId>{NodeId{5'001}, NodeId{5'002}});
  const auto error = [&](std::vector<NodeGroup> groups) {
    const auto made = Topology::make(groups, {"peer", "hub"});
    REQUIRE_FALSE(made.ok());
    return made.error();
  };
  CHECK(error({}).find("at least one node") != std::string::npos);
  CHECK(error({group("a", 1, "pear")}).find("did you mean \"peer\"?") != std::string::npos);
  CHECK(error({group("a", 0, "peer")}).find("nodes[0].count") != std::string::npos);
  CHECK(error({group("a", nodes_max, "peer"), group("b", 1, "peer")}).find("nodes[1].count") !=
        std::string::npos);
  CHECK(error({group("a", 1, "peer"), group("a", 1, "hub")}).find("used twice") !=
        std::string::npos);
  // n11 would be the eleventh n and the first n1.
  CHECK(error({group("n", 20, "peer"), group("n1", 2, "peer")}).find("used twice") !=
        std::string::npos);
  CHECK(error({group("n", 20, "peer"), group("n7", 1, "peer")}).find("used twice") !=
        std::string::npos);
  CHECK(Topology::make({group("n", 20, "peer"), group("n21", 1, "peer")}, {"peer"}).ok());
}

}  // namespace netsplit::test::world_test
