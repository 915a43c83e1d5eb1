// Lamport's mutual exclusion: one inside at a time in every run, in order, and what each omission
// costs.
#include "trial.h"

namespace netsplit::test::lamport_mutex_test {
namespace {

constexpr std::int64_t does_not_catch_up = 3;

Setup askers(int count, std::int64_t mistake) {
  Setup setup = setup_with("lamport-mutex", {{"mistake", mistake}});
  setup.nodes.resize(static_cast<std::size_t>(count));
  setup.network.link.fifo = true;  // as the paper assumes; fewer states
  setup.script.clear();
  for (int i = 0; i < count; ++i) {
    Input input = on_nodes(Action::request, 0, {NodeId{i}});
    input.name = "enter";
    setup.script.push_back(input);
  }
  return setup;
}

}  // namespace

TEST_CASE("lamport_mutex: equal numbers let two in, and the order of the processes keeps one out") {
  const auto naive = finished(setup_with("lamport-mutex-ties"));
  const PropertyState& both = property(*naive, "one_inside");
  CHECK(both.standing == Standing::violated);
  CHECK(both.witness.why == "anna and ben are both inside.");
  CHECK(setup_with("lamport-mutex").script == setup_with("lamport-mutex-ties").script);
  const auto remedy = finished(setup_with("lamport-mutex"));
  for (const char* name : {"one_inside", "in_order", "all_served"})
    CHECK(standing(*remedy, name) == Standing::holds);
  for (const OperationRecord& record : remedy->history()) CHECK(record.outcome == Outcome::ok);
}

TEST_CASE("lamport_mutex: three messages to every other process for each turn") {
  Setup setup = askers(3, 0);
  setup.script.resize(1);
  const auto session = finished(setup);
  CHECK(session->counters().sent == 3 * 2);
}

TEST_CASE("lamport_mutex: who asks again while waiting is told that this one failed") {
  Setup setup = askers(2, 0);
  setup.script.push_back(setup.script[0]);
  setup.script.back().at_us = milliseconds(10);
  const auto session = finished(setup);
  REQUIRE(session->history().size() == 3);
  CHECK(session->history()[2].outcome == Outcome::failed);
  CHECK(standing(*session, "all_served") == Standing::holds);
}

TEST_CASE(
    "lamport_mutex: every run of two who ask once, among two and among three, by exact count") {
  check::CheckOptions options;
  options.repeats = 1;
  const auto two = explore(askers(2, 0), options);
  CHECK(two.exploration.distinct == 1'305);
  CHECK(two.exploration.depth == 17);
  CHECK(explored(two, "all_served").standing == Standing::holds);
  // Three, until somebody is inside.
  options.repeats = 0;
  Setup of_three = askers(3, 0);
  of_three.script.resize(2);
  const auto three = explore(of_three, options);
  CHECK(three.exploration.distinct == 319);
  // A lost message, a second copy, a crash.
  const struct {
    check::Faults faults;
    std::uint64_t states;
  } faulty[] = {{{1, 0, 0}, 4'139}, {{0, 1, 0}, 12'823}, {{0, 0, 1}, 19'769}};
  options.repeats = 1;
  for (const auto& one : faulty) {
    options.faults = one.faults;
    const auto report = explore(askers(2, 0), options);
    CHECK(report.exploration.stop == check::Stop::complete);
    CHECK(report.exploration.distinct == one.states);
    CHECK(explored(report, "one_inside").standing == Standing::holds);
    CHECK(explored(report, "in_order").standing == Standing::holds);
  }
  for (const auto* report : {&two, &three}) {
    CHECK(report->exploration.stop == check::Stop::complete);
    CHECK(explored(*report, "one_inside").standing == Standing::holds);
    CHECK(explored(*report, "in_order").standing == Standing::holds);
  }
}

TEST_CASE("lamport_mutex: each omission is found, the shortest way first") {
  const std::uint32_t depths[] = {0, 6, 2, 14};
  for (std::int64_t mistake = 1; mistake <= 3; ++mistake) {
    CAPTURE(mistake);
    check::CheckOptions options;
    Setup setup = askers(2, mistake);
    const char* broken = "one_inside";
    if (mistake == does_not_catch_up) {
      // Only a clock that is far behind makes a request that comes too early.
      setup.script.insert(setup.script.begin(), 2, setup.script[0]);
      options.repeats = 3;
      broken = "in_order";
    } else {
      options.expected_violations = {"in_order"};
    }
    const auto report = explore(setup, options);
    const auto& found = explored(report, broken);
    REQUIRE(found.standing == Standing::violated);
    CHECK(found.depth == depths[mistake]);
    check_way_replays(found);
  }
}

TEST_CASE("lamport_mutex: over 10 000 seeds one is inside at a time and all are served") {
  const Swept swept =
      sweep(scenario_with("lamport-mutex"), {"one_inside", "in_order", "all_served"});
  CHECK_MESSAGE(swept.failing == 0, swept.first);
  CHECK(swept.runs == 10'000);
  for (std::int64_t mistake = 1; mistake <= 3; ++mistake) {
    CAPTURE(mistake);
    const Swept twin =
        sweep(scenario_with("lamport-mutex", {{"mistake", mistake}}), {"one_inside"}, 2'000);
    CHECK(twin.failing > 20);
    CHECK(twin.first.find("#v1.") != std::string::npos);
  }
}

TEST_CASE("lamport_mutex: a copy in mid-run goes on as the original does") {
  check_copy_is_replay(setup_with("lamport-mutex"));
}

}  // namespace netsplit::test::lamport_mutex_test
