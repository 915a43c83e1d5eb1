// Faults drawn from a seed: all kinds occur, each run is an ordinary scenario, and at its end
// everything is healed.
#include "core/check/faults.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "core/scenario/registry.h"

namespace netsplit::test::faults_test {

using check::FaultKind;
using check::FaultSet;

namespace {

const Setup& lock() { return find_scenario("lock-fenced")->setup; }

check::FaultPlan plan_of(const Setup& setup, FaultSet kinds = check::all_faults) {
  return check::plan_faults(*make_session(setup).value(), kinds);
}

// What was added before the calm, read off the setup and not off what the drawing says of itself.
FaultSet kinds_in(const Setup& usual, const Setup& faulted, const check::FaultPlan& plan) {
  FaultSet found = 0;
  const auto add = [&](FaultKind kind) { found |= check::set_of(kind); };
  for (const Input& input : faulted.script) {
    const bool own =
        std::find(usual.script.begin(), usual.script.end(), input) != usual.script.end();
    if (own || input.at_us >= plan.storm_us) continue;
    if (input.action == Action::partition)
      add(input.one_way ? FaultKind::one_way : FaultKind::partition);
    if (input.action == Action::isolate) add(FaultKind::isolate);
    if (input.action == Action::cut) add(FaultKind::cut);
    if (input.action == Action::pause) add(FaultKind::pause);
    if (input.action == Action::crash) add(FaultKind::crash);
    if (input.action == Action::clock_step) add(FaultKind::clock_step);
    if (input.action == Action::clock_drift) add(FaultKind::clock_drift);
  }
  const LinkSpec& link = faulted.network.link;
  if (link.loss_ppm > usual.network.link.loss_ppm) add(FaultKind::loss);
  if (link.duplicate_ppm > usual.network.link.duplicate_ppm) add(FaultKind::duplicate);
  if (link.latency != usual.network.link.latency) add(FaultKind::reorder);
  return found;
}

}  // namespace

TEST_CASE("faults: over 1000 seeds every kind occurs often and is absent often") {
  const check::FaultPlan plan = plan_of(lock());
  std::array<int, check::fault_kinds> count{};
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    FaultSet drawn = 0;
    const Setup faulted = check::with_faults(lock(), plan, seed, &drawn);
    CAPTURE(seed);
    CHECK(kinds_in(lock(), faulted, plan) == drawn);
    CHECK(drawn != 0);
    for (std::uint32_t kind = 0; kind < check::fault_kinds; ++kind)
      count[kind] += static_cast<int>(drawn >> kind & 1);
  }
  for (std::uint32_t kind = 0; kind < check::fault_kinds; ++kind) {
    CAPTURE(enumerator_name_of(static_cast<FaultKind>(kind)));
    CHECK(count[kind] > 150);
    CHECK(count[kind] < 500);
  }
  CHECK(enumerator_names<FaultKind>().size() == check::fault_kinds);
}

TEST_CASE("faults: the same seed draws the same, another one something else") {
  const check::FaultPlan plan = plan_of(lock());
  std::vector<Setup> seen;
  for (const std::uint64_t seed :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{1} << 40, UINT64_MAX}) {
    const Setup faulted = check::with_faults(lock(), plan, seed);
    CHECK(faulted.seed == seed);
    CHECK(check::with_faults(lock(), plan_of(lock()), seed) == faulted);
    for (Setup other : seen) {
      other.seed = seed;
      CHECK(!(other == faulted));
    }
    seen.push_back(faulted);
  }
}

TEST_CASE("faults: only kinds that were asked for are drawn") {
  for (std::uint32_t kind = 0; kind < check::fault_kinds; ++kind) {
    const FaultSet only = FaultSet{1} << kind;
    const check::FaultPlan plan = plan_of(lock(), only);
    for (std::uint64_t seed = 1; seed <= 50; ++seed)
      CHECK(kinds_in(lock(), check::with_faults(lock(), plan, seed), plan) == only);
  }
  const Setup none = check::with_faults(lock(), plan_of(lock(), 0), 9);
  CHECK(kinds_in(lock(), none, plan_of(lock(), 0)) == 0);
  CHECK(none.network == lock().network);
}

TEST_CASE("faults: partitions come in every size, pauses shorter and longer than a lease") {
  const check::FaultPlan plan = plan_of(lock());
  std::array<int, 4> sizes{};
  int short_pauses = 0;
  int long_pauses = 0;
  int three_parts = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    const Setup faulted = check::with_faults(lock(), plan, seed);
    for (std::size_t i = 0; i < faulted.script.size(); ++i) {
      const Input& input = faulted.script[i];
      if (input.action == Action::partition && input.groups.size() == 1)
        ++sizes[input.groups[0].size()];
      three_parts += input.action == Action::partition && input.groups.size() == 2 ? 1 : 0;
      if (input.action != Action::pause) continue;
      for (std::size_t j = i + 1; j < faulted.script.size(); ++j) {
        const Input& end = faulted.script[j];
        if (end.action != Action::resume || end.groups != input.groups) continue;
        const Time lasts_us = end.at_us - input.at_us;
        (lasts_us > seconds(5) ? long_pauses : short_pauses) += 1;
        break;
      }
    }
  }
  CHECK(sizes[0] == 0);
  for (const std::size_t size : {1, 2, 3}) CHECK(sizes[size] > 50);
  CHECK(three_parts > 10);
  CHECK(short_pauses > 100);
  CHECK(long_pauses > 50);
}

TEST_CASE("faults: each run is a scenario file, and at its end everything is healed") {
  for (const char* id : {"lock-fenced", "clock-drift"}) {
    Setup usual = find_scenario(id)->setup;
    // A link of its own is spoilt and restored like the others.
    usual.links.push_back({NodeId{0}, NodeId{2}, true, LinkSpec{}});
    const check::FaultPlan plan = plan_of(usual);
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
      CAPTURE(id);
      CAPTURE(seed);
      Scenario faulted;
      faulted.setup = check::with_faults(usual, plan, seed);
      const Result<Scenario> read = parse_scenario(write_scenario(faulted), "faulted");
      REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error()));
      CHECK(read.value() == faulted);
      const std::unique_ptr<Session> session = make_session(faulted.setup).value();
      const std::unique_ptr<Session> before = make_session(usual).value();
      while (session->step(nullptr)) {
      }
      for (std::int32_t a = 0; a < session->node_count(); ++a) {
        CHECK(session->node_condition(NodeId{a}) == Condition::up);
        CHECK(session->node(NodeId{a}).drift_ppm == before->node(NodeId{a}).drift_ppm);
        for (std::int32_t b = 0; b < session->node_count(); ++b) {
          if (a == b) continue;
          CHECK(session->link(NodeId{a}, NodeId{b}) == LinkState::open);
          CHECK(session->link_spec(NodeId{a}, NodeId{b}) ==
                before->link_spec(NodeId{a}, NodeId{b}));
        }
      }
    }
  }
}

TEST_CASE("faults: what the storm delays arrives with the whole calm still to come") {
  const Setup usual = find_scenario("anti-entropy")->setup;
  const check::FaultPlan plan = plan_of(usual, check::set_of(FaultKind::reorder));
  int late = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    const Setup faulted = check::with_faults(usual, plan, seed);
    const std::unique_ptr<Session> session = make_session(faulted).value();
    Trace trace(session->node_count());
    while (session->step(&trace)) {
    }
    for (EventIndex i = trace.first(); i < trace.size(); ++i) {
      const Event& event = trace[i];
      if (event.kind != EventKind::deliver || event.cause == no_event) continue;
      if (trace[event.cause].at_us >= plan.storm_us || event.at_us < plan.storm_us) continue;
      late += event.at_us > plan.storm_us + seconds(1) ? 1 : 0;
      CHECK(event.at_us + plan.calm_us <= faulted.until_us + usual.network.link.latency.base_us);
    }
  }
  CHECK(late > 50);
}

TEST_CASE("faults: a single node, a silent scenario and a very long one can be stormed too") {
  Setup alone = find_scenario("lamport")->setup;
  alone.nodes.resize(1);
  Setup silent = lock();
  silent.script.clear();
  Setup long_one = find_scenario("lamport")->setup;
  long_one.until_us = seconds(1'000'000);
  long_one.parameters = {{"pace", hours(1)}, {"events", 3}};
  Setup busy_for_days = lock();
  busy_for_days.until_us = seconds(1'000'000);
  busy_for_days.script.back().at_us = seconds(999'999);
  for (const Setup& setup : {alone, silent, long_one, busy_for_days}) {
    const check::FaultPlan plan = plan_of(setup);
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
      const auto session = make_session(check::with_faults(setup, plan, seed));
      REQUIRE_MESSAGE(session.ok(), (session.ok() ? "" : session.error()));
      while (session.value()->step(nullptr)) {
      }
    }
  }
}

}  // namespace netsplit::test::faults_test
