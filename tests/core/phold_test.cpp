// PHOLD, the benchmarks' protocol: what is measured is also right.
#include "tests/bench/phold.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <memory>

#include "core/sim/typed_session.h"

namespace netsplit::phold_test {
namespace {

std::unique_ptr<Session> open(std::int32_t node_count, std::uint64_t seed) {
  return TypedSession<phold::Protocol>::make(phold::setup(node_count, seed)).value();
}

void run(Session& session, int steps) {
  for (int i = 0; i < steps; ++i) REQUIRE(session.step(nullptr));
}

}  // namespace

TEST_CASE("phold: a copy and a replay go the same way (n=50, seed=7)") {
  const auto first = open(50, 7);
  run(*first, 5'000);
  const auto copy = first->clone();
  run(*first, 5'000);
  run(*copy, 5'000);
  const auto replay = open(50, 7);
  run(*replay, 10'000);
  CHECK(copy->trace_hash() == first->trace_hash());
  CHECK(replay->trace_hash() == first->trace_hash());
  CHECK(replay->state_hash() == first->state_hash());
  const auto other = open(50, 8);
  run(*other, 10'000);
  CHECK(other->trace_hash() != first->trace_hash());
}

TEST_CASE("phold: the run is the same whether or not it is recorded (n=50, seed=7)") {
  const auto recorded = open(50, 7);
  run(*recorded, 10'000);
  const Setup setup = phold::setup(50, 7);
  World<phold::Protocol> world(
      std::make_shared<const Topology>(Topology::make(setup.nodes, {"peer"}).value()), {}, setup);
  for (int i = 0; i < 10'000; ++i) REQUIRE(world.step(nullptr));
  CHECK(world.state_hash() == recorded->state_hash());
}

TEST_CASE("phold: every ball is in the air or being caught (n=20, 3 balls each)") {
  Setup setup = phold::setup(20);
  setup.parameters = {{"balls", 3}};
  setup.until_us = seconds(200);
  const auto session = TypedSession<phold::Protocol>::make(setup).value();
  run(*session, 20);
  while (session->step(nullptr)) REQUIRE(session->messages().size() == 60);
  CHECK(session->ending() == Ending::end_of_time);
  CHECK(session->counters().lost == 0);
  CHECK(session->counters().sent - session->counters().delivered == 60);
  CHECK(session->properties().front().standing == Standing::holds);
}

}  // namespace netsplit::phold_test
