// Loading a page: forty round trips one after the other, or one.
#include "tests/protocols/trial.h"

namespace netsplit::test::page_load_test {
namespace {

// Three records, asked for in calls of one, twice each at most.
Setup small_page(const Parameters& parameters) {
  Setup setup = setup_with("fallacy-latency", {{"attempts", 2}});
  setup.parameters.insert(setup.parameters.end(), parameters.begin(), parameters.end());
  setup.script[0].arguments = {{"records", "3"}};
  return setup;
}

}  // namespace

TEST_CASE("page_load: one after the other is forty round trips, a batch or a pipeline is one") {
  const auto loop = finished(setup_with("fallacy-latency"));
  CHECK(property(*loop, "page_in_time").standing == Standing::violated);
  CHECK(property(*loop, "page_in_time").witness.measured == 40 * (milliseconds(80) + 200));
  for (const char* id : {"fallacy-latency-batched", "fallacy-latency-pipelined"}) {
    CAPTURE(id);
    CHECK(setup_with(id).script == setup_with("fallacy-latency").script);
    const auto remedy = finished(setup_with(id));
    CHECK(property(*remedy, "page_in_time").standing == Standing::holds);
    CHECK(property(*remedy, "page_in_time").witness.measured == milliseconds(80) + 40 * 200);
  }
  CHECK(finished(setup_with("fallacy-latency-batched"))->counters().sent == 2);
  CHECK(finished(setup_with("fallacy-latency-pipelined"))->counters().sent == 80);
}

TEST_CASE("page_load: between the loop and the pipeline lie windows, and batches that do not fit") {
  const auto time_of = [](const Parameters& parameters) {
    return property(*finished(setup_with("fallacy-latency", parameters)), "page_in_time")
        .witness.measured;
  };
  CHECK(time_of({{"window", 10}, {"work", 0}}) == 4 * milliseconds(80));
  CHECK(time_of({{"batch", 30}, {"work", 0}}) == 2 * milliseconds(80));
}

TEST_CASE("page_load: a page that cannot be had fails, and the next one is whole") {
  Setup setup = setup_with("fallacy-latency-pipelined");
  setup.script.push_back(on_link(Action::cut, milliseconds(550), NodeId{0}, NodeId{1}));
  Input heal = on_link(Action::heal, seconds(8), NodeId{0}, NodeId{1});
  setup.script.push_back(heal);
  Input again = setup.script[0];
  again.at_us = seconds(9);
  setup.script.push_back(again);
  setup.until_us = seconds(20);
  const auto session = finished(setup);
  REQUIRE(session->history().size() == 2);
  CHECK(session->history()[0].outcome == Outcome::failed);
  CHECK(session->history()[1].outcome == Outcome::ok);
  CHECK(session->history()[1].result == 40);
  CHECK(standing(*session, "page_is_whole") == Standing::holds);
}

TEST_CASE("page_load: every run of a small page, by exact count") {
  check::CheckOptions options;
  options.faults = {1, 1, 0};
  const auto report = explore(small_page({{"window", 2}}), options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 19'602);
  CHECK(report.exploration.generated == 84'930);
  for (const char* name : {"page_is_whole", "all_answered"})
    CHECK(explored(report, name).standing == Standing::holds);
}

TEST_CASE("page_load: an answer that is taken for another's makes a page that is not whole") {
  check::CheckOptions options;
  options.faults.duplicates = 1;
  const auto report = explore(small_page({{"window", 2}, {"match_answers", 0}}), options);
  const check::CheckedProperty& whole = explored(report, "page_is_whole");
  REQUIRE(whole.standing == Standing::violated);
  CHECK(whole.depth == 7);
  check_way_replays(whole);
}

TEST_CASE("page_load: pages are whole over 10000 seeds of faults; the twin's are not") {
  Scenario scenario = scenario_with("fallacy-latency-pipelined", {{"timeout", milliseconds(200)}});
  for (Time at_us = seconds(1); at_us <= seconds(3); at_us += milliseconds(500)) {
    scenario.setup.script.push_back(scenario.setup.script[0]);
    scenario.setup.script.back().at_us = at_us;
  }
  for (Input& input : scenario.setup.script) input.arguments = {{"records", "8"}};
  const Swept swept = sweep(scenario, {"page_is_whole", "all_answered"});
  CHECK(swept.runs == 10'000);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
  scenario.setup.parameters.emplace_back("match_answers", 0);
  CHECK(sweep(scenario, {"page_is_whole"}, 500).failing > 50);
}

TEST_CASE("page_load: a copy of a run that is half over goes on as the run does") {
  for (const char* id : {"fallacy-latency", "fallacy-latency-pipelined"})
    check_copy_is_replay(setup_with(id));
}

}  // namespace netsplit::test::page_load_test
