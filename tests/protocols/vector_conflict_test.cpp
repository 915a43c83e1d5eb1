// Concurrent writes: what each way of comparing loses, and that vectors report a conflict exactly
// when there is one.
#include "trial.h"

namespace netsplit::test::vector_conflict_test {
namespace {

constexpr std::int64_t wall_clock = 0;
constexpr std::int64_t lamport = 1;
constexpr std::int64_t vector = 2;

// `each` writes at each of the first `regions` of three regions.
Setup writers(std::int64_t compare, int regions, int each) {
  Setup setup = setup_with("vector-conflict", {{"compare", compare}});
  NodeGroup third = setup.nodes[1];
  third.name = "tokyo";
  setup.nodes.push_back(third);
  setup.nodes.resize(static_cast<std::size_t>(std::max(regions, 2)));
  setup.script.clear();
  for (int n = 0; n < each; ++n) {
    for (int i = 0; i < regions; ++i) {
      Input input = on_nodes(Action::request, n * milliseconds(700), {NodeId{i}});
      input.name = "write";
      input.arguments = {{"value", std::to_string(10 * (i + 1) + n)}};
      setup.script.push_back(input);
    }
  }
  return setup;
}

std::vector<std::int64_t> values(const Session& session, NodeId region) {
  std::vector<std::int64_t> found;
  const NodeView seen = session.node(region);
  for (const Row& version : seen.state.children[0].children[0].children)
    found.push_back(version.children[0].number);
  return found;
}

using Values = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("vector_conflict: by wall clocks a write is gone; by vectors both are kept") {
  Setup naive = setup_with("vector-concurrent-lost");
  naive.until_us = seconds(4);
  const auto lost = finished(naive);
  const PropertyState& state = property(*lost, "no_lost_write");
  CHECK(state.standing == Standing::violated);
  CHECK(state.witness.why ==
        "virginia let go of write 1 by virginia, and holds nothing that was written by someone "
        "who knew it.");
  CHECK(values(*lost, NodeId{1}) == Values{20});

  Setup remedy = setup_with("vector-conflict");
  CHECK(remedy.script == setup_with("vector-concurrent-lost").script);
  CHECK(values(*finished(remedy), NodeId{0}) == Values{30});
  remedy.until_us = seconds(4);
  const auto kept = finished(remedy);
  CHECK(values(*kept, NodeId{0}) == Values{20, 21});
  CHECK(values(*kept, NodeId{1}) == Values{21, 20});
  CHECK(standing(*kept, "no_lost_write") == Standing::holds);
  CHECK(standing(*kept, "no_false_conflict") == Standing::holds);
  CHECK(standing(*kept, "conflict_seen") == Standing::holds);
}

TEST_CASE("vector_conflict: writes of which one knew the other are no conflict") {
  Setup setup = writers(vector, 2, 2);
  setup.script.erase(setup.script.begin() + 1, setup.script.begin() + 3);
  const auto session = finished(setup);
  CHECK(standing(*session, "conflict_seen") == Standing::violated);
  CHECK(values(*session, NodeId{0}) == values(*session, NodeId{1}));
}

TEST_CASE("vector_conflict: every run of three regions, by exact count") {
  check::CheckOptions options;
  options.faults = {1, 1, 0};
  const auto exact = explore(writers(vector, 3, 1), options);
  CHECK(exact.exploration.stop == check::Stop::complete);
  CHECK(exact.exploration.distinct == 67'837);
  CHECK(exact.exploration.depth == 12);
  CHECK(explored(exact, "no_lost_write").standing == Standing::holds);
  CHECK(explored(exact, "no_false_conflict").standing == Standing::holds);
}

TEST_CASE(
    "vector_conflict: Lamport numbers and wall clocks lose a write, in as few steps as can be") {
  for (const std::int64_t compare : {wall_clock, lamport}) {
    const auto report = explore(writers(compare, 2, 1), {});
    const auto& lost = explored(report, "no_lost_write");
    REQUIRE(lost.standing == Standing::violated);
    CHECK(lost.depth == 3);  // both write, and one copy arrives
    check_way_replays(lost);
  }
}

TEST_CASE("vector_conflict: over 10 000 seeds a conflict is reported exactly when there is one") {
  Scenario scenario = scenario_with("vector-conflict");
  scenario.setup = writers(vector, 3, 3);
  const std::vector<std::string> judged = {"no_lost_write", "no_false_conflict"};
  const Swept swept = sweep(scenario, judged);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
  CHECK(swept.runs == 10'000);
  for (const std::int64_t compare : {wall_clock, lamport}) {
    scenario.setup = writers(compare, 3, 3);
    const Swept twin = sweep(scenario, judged, 1'000);
    CHECK(twin.failing > 100);
    CHECK(twin.first.find("#v1.") != std::string::npos);
  }
}

TEST_CASE("vector_conflict: a copy in mid-run goes on as the original does") {
  check_copy_is_replay(setup_with("vector-conflict"));
}

}  // namespace netsplit::test::vector_conflict_test
