// Heartbeats: who suspects whom under clean, partial and one-way cuts; that suspicion is right in
// the end, and cannot be right always.
#include "tests/protocols/trial.h"

namespace netsplit::test::heartbeats_test {
namespace {

const std::vector<std::string> all_properties = {"accurate", "right_in_the_end", "same_view",
                                                 "symmetric"};

// Three nodes in a network that is cut nowhere, for a while.
Setup quiet(const Parameters& parameters) {
  Setup setup = setup_with("partition-partial", parameters);
  setup.script.clear();
  return setup;
}
Scenario workload(const Parameters& parameters) {
  Scenario scenario = scenario_with("partition-partial");
  scenario.setup = quiet(parameters);
  scenario.setup.until_us = seconds(4);
  return scenario;
}

}  // namespace

TEST_CASE("heartbeats: each side of a cut suspects the other, and trusts it again when it heals") {
  Setup setup = setup_with("partition-basics");
  setup.until_us = milliseconds(5'900);
  CHECK(standing(*finished(setup), "right_in_the_end") == Standing::violated);
  setup.until_us = milliseconds(7'900);
  CHECK(standing(*finished(setup), "right_in_the_end") == Standing::holds);
  setup.until_us = milliseconds(8'500);  // c is down, and nobody has noticed
  CHECK(property(*finished(setup), "right_in_the_end").witness.why == "a trusts c, which is down.");
  setup.until_us = milliseconds(10'400);
  CHECK(standing(*finished(setup), "right_in_the_end") == Standing::holds);
}

TEST_CASE("heartbeats: with one link cut three nodes differ, unless a third passes on") {
  const auto naive = finished(setup_with("partition-partial"));
  CHECK(property(*naive, "same_view").witness.why == "a suspects b, c does not.");
  const auto remedy = finished(setup_with("partition-passed-on"));
  for (const std::string& name : all_properties) CHECK(standing(*remedy, name) == Standing::holds);
  CHECK(remedy->counters().sent == naive->counters().sent);
  CHECK(remedy->counters().bytes > naive->counters().bytes);
}

TEST_CASE("heartbeats: passed on, no cut of one link in any direction makes anyone suspect") {
  for (std::int32_t from = 0; from < 3; ++from) {
    for (std::int32_t to = 0; to < 3; ++to) {
      for (const bool one_way : {false, true}) {
        if (from == to) continue;
        for (const std::int64_t pass_on : {0, 1}) {
          Setup setup = quiet({{"pass_on", pass_on}});
          setup.script = {on_link(Action::cut, seconds(2), NodeId{from}, NodeId{to})};
          setup.script[0].one_way = one_way;
          const Standing expected = pass_on == 1 ? Standing::holds : Standing::violated;
          CHECK(standing(*finished(setup), "accurate") == expected);
          CHECK(standing(*finished(setup), "right_in_the_end") == expected);
        }
      }
    }
  }
}

TEST_CASE("heartbeats: cut one way, a node sees nothing amiss until it is told who hears it") {
  CHECK(property(*finished(setup_with("partition-one-way")), "symmetric").witness.why ==
        "b suspects a, which sees nothing amiss.");
  const auto told = finished(setup_with("partition-told"));
  CHECK(standing(*told, "symmetric") == Standing::holds);
  CHECK(standing(*told, "accurate") == Standing::violated);
}

TEST_CASE("heartbeats: suspicion is right in the end over 10000 seeds of all faults") {
  const std::vector<std::string> in_the_end = {"right_in_the_end", "same_view", "symmetric"};
  const Swept swept = sweep(workload({}), in_the_end);
  CHECK(swept.runs == 10'000);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
  const Swept both = sweep(workload({{"pass_on", 1}, {"both_ways", 1}}), in_the_end, 2'000);
  CHECK_MESSAGE(both.failing == 0, both.first);
  // Who never forgives is not; and nobody is right always.
  CHECK(sweep(workload({{"forgive", 0}}), in_the_end, 200).failing > 0);
  CHECK(sweep(workload({}), {"accurate"}, 200).failing > 0);
}

TEST_CASE("heartbeats: without time nobody can tell slow from dead: suspected in two steps") {
  check::CheckOptions options;
  options.repeats = 1;
  const auto report = explore(quiet({}), options);
  const check::CheckedProperty& accurate = explored(report, "accurate");
  REQUIRE(accurate.standing == Standing::violated);
  CHECK(accurate.depth == 2);
  check_way_replays(accurate);
}

TEST_CASE("heartbeats: two nodes with a crash in every interleaving, by exact count") {
  Setup setup = quiet({});
  setup.nodes.pop_back();
  check::CheckOptions options;
  options.repeats = 1;
  options.faults.crashes = 1;
  options.expected_violations = all_properties;
  const auto report = explore(setup, options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 248);
}

TEST_CASE("heartbeats: a copy of a run that is half over goes on as the run does") {
  for (const char* id : {"partition-basics", "partition-passed-on", "partition-told"})
    check_copy_is_replay(setup_with(id));
}

}  // namespace netsplit::test::heartbeats_test
