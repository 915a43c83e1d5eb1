// Clocks: what the stamps promise, over seeds; the twin that forgets to merge; drift and NTP.
#include "../core/support.h"
#include "core/base/rng.h"
#include "core/scenario/registry.h"
#include "trial.h"

namespace netsplit::test::clocks_test {
namespace {

// Another seed, and a network of its own.
Setup varied(std::uint64_t seed) {
  Setup setup = setup_with(seed % 2 == 0 ? "lamport" : "vector");
  setup.seed = seed;
  Rng rng(seed, 41, 0);
  setup.network.link.latency = {static_cast<LatencyModel>(rng.below(4)), rng.between(0, 300'000),
                                rng.between(0, 900'000)};
  setup.network.link.loss_ppm = rng.between(0, 200'000);
  setup.network.link.duplicate_ppm = rng.between(0, 200'000);
  setup.nodes[0].clock.drift_ppm = rng.between(-100'000, 100'000);
  return setup;
}

}  // namespace

TEST_CASE(
    "clocks: over 500 seeds a cause has the smaller number, and vectors say exactly who caused "
    "whom") {
  int converse_fails = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const Setup setup = varied(seed);
    const auto session = finished(setup);
    for (const char* name : {"lamport_condition", "vector_exact"}) {
      REQUIRE_MESSAGE(standing(*session, name) == Standing::holds,
                      name << ": " << reproduce(seed % 2 == 0 ? "lamport" : "vector", setup));
    }
    if (standing(*session, "lamport_converse_fails") == Standing::holds) ++converse_fails;
  }
  CHECK(converse_fails > 400);
}

TEST_CASE("clocks: the twin that does not merge on receipt is caught by both properties") {
  int lamport = 0;
  int vector = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Setup setup = setup_with("lamport", {{"merge_on_receipt", 0}});
    setup.seed = seed;
    const auto session = finished(setup);
    lamport += standing(*session, "lamport_condition") == Standing::violated ? 1 : 0;
    vector += standing(*session, "vector_exact") == Standing::violated ? 1 : 0;
  }
  CHECK(lamport > 20);
  CHECK(vector > 35);
  const auto session = finished(setup_with("vector", {{"merge_on_receipt", 0}}));
  const PropertyState& state = property(*session, "vector_exact");
  REQUIRE(state.standing == Standing::violated);
  CHECK(state.witness.events.size() == 2);
  CHECK(state.witness.why.find("a cause of the second") != std::string::npos);
}

TEST_CASE("clocks: drift without NTP names an effect before its cause, and the skew grows") {
  Setup setup = setup_with("clock-drift");
  for (NodeGroup& group : setup.nodes) group.clock.ntp = false;
  const auto session = finished(setup);
  CHECK(standing(*session, "wall_order") == Standing::violated);
  CHECK(standing(*session, "skew") == Standing::violated);
  // They part by 850 us every second, for as long as anything happens.
  CHECK(property(*session, "skew").witness.measured > milliseconds(40));
  CHECK(property(*session, "clock_error").witness.measured > milliseconds(20));
  CHECK(property(*session, "wrong_causes").witness.measured > 0);
  CHECK(standing(*session, "lamport_condition") == Standing::holds);
}

TEST_CASE("clocks: NTP everywhere and the drift of real clocks keep the skew within the limit") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Setup setup = setup_with("clock-drift");
    setup.seed = seed;
    setup.until_us = minutes(5);
    const std::int64_t ppm[] = {50, -80, 20, -35};
    for (std::size_t i = 0; i < 4; ++i) {
      setup.nodes[i].clock.ntp = true;
      setup.nodes[i].clock.drift_ppm = ppm[i];
    }
    const auto session = finished(setup);
    REQUIRE_MESSAGE(standing(*session, "skew") == Standing::holds, reproduce("clock-drift", setup));
    REQUIRE(standing(*session, "wall_order") == Standing::holds);
    REQUIRE(property(*session, "skew").witness.measured > 0);  // to milliseconds, not to zero
  }
}

TEST_CASE("clocks: counts on disk go on after a crash; in memory they begin anew, and that shows") {
  Setup setup = setup_with("vector");
  setup.script = {on_nodes(Action::crash, seconds(4), {NodeId{0}}),
                  on_nodes(Action::restart, milliseconds(4'100), {NodeId{0}})};
  const auto durable = finished(setup);
  CHECK(standing(*durable, "vector_exact") == Standing::holds);
  CHECK(standing(*durable, "lamport_condition") == Standing::holds);
  setup.parameters.emplace_back("durable", 0);
  const auto session = finished(setup);
  // Its own events after the crash have counts that others know already.
  CHECK(standing(*session, "vector_exact") == Standing::violated);
  CHECK(property(*session, "vector_exact").first_us > seconds(4));
}

TEST_CASE(
    "clocks: over 200 seeds of loss, copies and crashes the durable clocks keep what they "
    "promise") {
  int forgetful = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Setup setup = varied(seed);
    Rng rng(seed, 43, 0);
    for (int i = 0; i < 3; ++i) {
      const NodeId node{static_cast<std::int32_t>(rng.below(3))};
      const Time down_us = i * milliseconds(1'300) + rng.between(0, milliseconds(600));
      const Time up_us = down_us + rng.between(0, milliseconds(600));
      setup.script.push_back(on_nodes(Action::crash, down_us, {node}));
      setup.script.push_back(on_nodes(Action::restart, up_us, {node}));
    }
    const auto session = finished(setup);
    for (const char* name : {"lamport_condition", "vector_exact"}) {
      REQUIRE_MESSAGE(standing(*session, name) == Standing::holds,
                      name << ": " << reproduce(seed % 2 == 0 ? "lamport" : "vector", setup));
    }
    setup.parameters.emplace_back("durable", 0);
    forgetful += standing(*finished(setup), "vector_exact") == Standing::violated ? 1 : 0;
  }
  CHECK(forgetful > 150);
}

TEST_CASE("clocks: more processes than can count each other are refused") {
  Setup setup = setup_with("vector");
  setup.nodes[0].count = 100'000;
  const auto made = make_session(setup);
  REQUIRE_FALSE(made.ok());
  CHECK(made.error().find("at most 256") != std::string::npos);
}

TEST_CASE("clocks: a request tells another process, and no request breaks a process") {
  Setup setup = setup_with("vector");
  for (const char* peer : {"anna", "ben"}) {
    Input input = on_nodes(Action::request, seconds(1), {NodeId{0}});
    input.name = "tell";
    input.arguments = {{"peer", peer}};
    setup.script.push_back(input);
  }
  Input nobody_in_particular = setup.script.back();
  nobody_in_particular.arguments.clear();
  setup.script.push_back(nobody_in_particular);
  CHECK(standing(*finished(setup), "vector_exact") == Standing::holds);
}

TEST_CASE("clocks: a hybrid clock puts causes first, near the wall clock, over 10 000 seeds") {
  Scenario scenario = scenario_with("hybrid", {{"events", 6}});
  scenario.setup.until_us = seconds(4);
  for (NodeGroup& group : scenario.setup.nodes) group.clock.offset_us = milliseconds(4);
  scenario.setup.nodes[0].clock.offset_us = -milliseconds(4);
  const Swept causal = sweep(scenario, {"hybrid_order", "lamport_condition", "vector_exact"});
  CHECK_MESSAGE(causal.failing == 0, causal.first);
  CHECK(causal.runs == 10'000);
  // Close to the wall clock as long as the wall clocks are close to each other.
  const check::FaultSet clocks_left_alone = check::all_faults &
                                            ~check::set_of(check::FaultKind::clock_step) &
                                            ~check::set_of(check::FaultKind::clock_drift);
  const Swept close = sweep(scenario, {"hybrid_distance"}, 10'000, clocks_left_alone);
  CHECK_MESSAGE(close.failing == 0, close.first);
  const Swept jumps = sweep(scenario, {"hybrid_distance"}, 1'000);
  CHECK(jumps.failing > 0);
  scenario.setup.parameters.emplace_back("merge_on_receipt", 0);
  const Swept twin = sweep(scenario, {"hybrid_order"}, 1'000);
  CHECK(twin.failing > 100);
  CHECK(twin.first.find("#v1.") != std::string::npos);
}

TEST_CASE("clocks: in one run the wall clocks fail and the hybrid clocks hold") {
  const auto session = finished(setup_with("hybrid"));
  CHECK(standing(*session, "wall_order") == Standing::violated);
  CHECK(property(*session, "wrong_causes").witness.measured > 10);
  CHECK(standing(*session, "hybrid_order") == Standing::holds);
  CHECK(standing(*session, "hybrid_distance") == Standing::holds);
}

TEST_CASE("clocks: a time server for all, under the same work as without") {
  const auto free = finished(setup_with("clock-drift"));
  const auto held = finished(setup_with("clock-ntp"));
  CHECK(property(*free, "wrong_causes").witness.measured == 6);
  CHECK(property(*held, "wrong_causes").witness.measured == 0);
  CHECK(property(*free, "clock_error").witness.measured > milliseconds(20));
  const std::int64_t error_us = property(*held, "clock_error").witness.measured;
  CHECK(error_us > 0);
  CHECK(error_us < milliseconds(5));
}

TEST_CASE("clocks: wrongly ordered pairs are counted, with causes and without") {
  const auto session = finished(setup_with("clock-order"));
  // Tokyo's write and Paris's, the first message, and the last two with each other and as such.
  CHECK(property(*session, "wrong_causes").witness.measured == 3);
  CHECK(property(*session, "wrong_pairs").witness.measured == 4);
  CHECK(property(*session, "wrong_pairs").witness.events.size() == 2);
}

TEST_CASE("clocks: a copy in mid-run goes on as the original does") {
  check_copy_is_replay(setup_with("hybrid"));
}

}  // namespace netsplit::test::clocks_test
