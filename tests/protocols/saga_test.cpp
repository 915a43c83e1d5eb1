// Sagas: the stories of the scenarios, 10 000 seeds of faults for both styles, every run of a small
// setup, and the twin that compensates twice.
#include "tests/protocols/commit_support.h"

namespace netsplit::test::saga_test {
namespace {

const std::vector<std::string> judged = {"all_or_nothing", "undone_once", "all_answered"};
constexpr std::int64_t choreographed = 1;

const char* const two_services =
    R"({"name": "coordinator", "role": "orchestrator"}, {"name": "orders", "role": "service"},
       {"name": "payments", "role": "service"})";

}  // namespace

TEST_CASE("saga: a saga that goes well takes one round trip a step and eight messages") {
  Scenario scenario = scenario_with("saga-compensate");
  scenario.setup.script.resize(1);
  const Run done = run(scenario.setup);
  CHECK(done.session->counters().sent == 8);
  for (const char* service : {"orders", "payments", "shipping"})
    CHECK(shown(*done.session, service, "disk.log") == "[done, 1]");
  CHECK(done.session->history()[0].outcome == Outcome::ok);
}

TEST_CASE("saga: what was done is undone backwards, also when the orchestrator crashes") {
  const Run done = run(find_scenario("saga-compensate")->setup);
  CHECK(shown(*done.session, "coordinator", "disk.log") ==
        "[begun, 1, shop done, 1, orders done, 1, payments done, 1, shipping ended, 1 begun, 2, "
        "shop done, 2, orders done, 2, payments refused, 2, shipping undone, 2, payments undone, "
        "2, orders ended, 2]");
  CHECK(shown(*done.session, "payments", "disk.log") == "[done, 1 done, 2 undone, 2]");
  CHECK(done.session->history()[1].outcome == Outcome::failed);
}

TEST_CASE("saga: under the same script a compensation that is not idempotent happens twice") {
  CHECK(find_scenario("saga-broken")->setup.script ==
        find_scenario("saga-compensate")->setup.script);
  const Run done = run(find_scenario("saga-broken")->setup);
  CHECK(property(*done.session, "undone_once").witness.why == "payments has undone saga 2 twice.");
}

TEST_CASE("saga: a step that never answers is undone too, and refused when it comes late") {
  // Every Do to payments is lost but the last, which is very late.
  Scenario scenario = scenario_with("saga-compensate", {{"tries", 2}});
  Setup& setup = scenario.setup;
  setup.script = {request("transact", milliseconds(100), NodeId{0})};
  const auto on_next = [&](Action action, Time at_us, Time by_us) {
    Input input = on_message(action, at_us, 0);
    input.message.to = NodeId{3};
    input.message.label = "Do";
    input.duration_us = by_us;
    setup.script.push_back(input);
  };
  on_next(Action::drop, milliseconds(110), 0);
  on_next(Action::delay, milliseconds(400), milliseconds(1'500));
  setup.until_us = seconds(4);
  const Run done = run(setup);
  CHECK(shown(*done.session, "payments", "disk.log") == "[refused, 1]");
  CHECK(shown(*done.session, "orders", "disk.log") == "[done, 1 undone, 1]");
  CHECK(standing(*done.session, "all_or_nothing") == Standing::holds);
}

TEST_CASE("saga: what is read between two steps may be undone") {
  const Run done = run(find_scenario("saga-isolation")->setup);
  CHECK(property(*done.session, "no_dirty_read").witness.why ==
        "auditor saw saga 1 done at payments, which has undone it since.");
  CHECK(shown(*done.session, "auditor", "seen") != "empty");
  // Nothing is wrong with looking when it is over.
  Scenario later = scenario_with("saga-isolation");
  later.setup.script[2].at_us = milliseconds(900);
  CHECK(standing(*run(later.setup).session, "no_dirty_read") == Standing::holds);
}

TEST_CASE("saga: what is pending is shown to nobody; it costs a second round and a later answer") {
  const Run open = run(find_scenario("saga-isolation")->setup);
  const Run hidden = run(find_scenario("saga-isolation-pending")->setup);
  CHECK(find_scenario("saga-isolation-pending")->setup.script ==
        find_scenario("saga-isolation")->setup.script);
  CHECK(standing(*hidden.session, "no_dirty_read") == Standing::holds);
  // Of the saga that went well all three show their step, and of the other none.
  CHECK(shown(*hidden.session, "auditor", "seen") == "[2], [2], [2]");
  CHECK(hidden.session->counters().sent == open.session->counters().sent + 6);
  const auto took = [](const Run& one) {
    const OperationRecord last = one.session->history()[2];
    return last.completed_us - last.invoked_us;
  };
  CHECK(took(hidden) > took(open) + milliseconds(300));
}

TEST_CASE("saga: an orchestrator that crashes in the second round goes on with it") {
  Scenario scenario = scenario_with("saga-isolation-pending");
  scenario.setup.script.erase(scenario.setup.script.begin(), scenario.setup.script.begin() + 3);
  scenario.setup.script.insert(scenario.setup.script.begin() + 1,
                               {on_nodes(Action::crash, milliseconds(1'700), {NodeId{1}}),
                                on_nodes(Action::restart, milliseconds(1'800), {NodeId{1}})});
  const Run done = run(scenario.setup);
  for (const char* service : {"orders", "payments", "shipping"})
    CHECK(shown(*done.session, service, "disk.log") == "[done, 1 ended, 1]");
}

TEST_CASE("saga: nobody sees what is undone later over 10000 seeds, where steps are pending") {
  const auto watched = [](std::int64_t style, std::int64_t pending) {
    Scenario scenario = workload("saga-isolation", {{"style", style}, {"pending", pending}});
    Setup& setup = scenario.setup;
    for (int i = 0; i < 20; ++i)
      setup.script.push_back(request("look", milliseconds(150 + 110 * i), NodeId{5}));
    std::stable_sort(setup.script.begin(), setup.script.end(),
                     [](const Input& a, const Input& b) { return a.at_us < b.at_us; });
    return scenario;
  };
  for (const std::int64_t style : {std::int64_t{0}, choreographed}) {
    CAPTURE(style);
    const Swept hidden = sweep(watched(style, 1), {"no_dirty_read", "all_or_nothing"});
    CHECK(hidden.runs == 10'000);
    CHECK_MESSAGE(hidden.failing == 0, hidden.first);
    CHECK(sweep(watched(style, 0), {"no_dirty_read"}, 256).failing > 0);
  }
}

TEST_CASE("saga: without an orchestrator the answer comes back along the chain") {
  const Run done = run(find_scenario("saga-choreographed")->setup);
  CHECK(shown(*done.session, "orders", "disk.log") == "[done, 1 ended, 1 done, 2 undone, 2]");
  CHECK(shown(*done.session, "shipping", "disk.log") == "[done, 1 refused, 2]");
  CHECK(standing(*done.session, "all_or_nothing") == Standing::holds);
}

TEST_CASE("saga: both styles end fully done or fully undone over 10000 seeds of every fault") {
  for (const std::int64_t style : {std::int64_t{0}, choreographed}) {
    CAPTURE(style);
    const Swept swept = sweep(workload("saga-compensate", {{"style", style}}), judged);
    CHECK(swept.runs == 10'000);
    CHECK_MESSAGE(swept.failing == 0, swept.first);
  }
}

TEST_CASE("saga: the twin that undoes twice is caught by the same sweep") {
  const Swept swept = sweep(workload("saga-compensate", {{"idempotent", 0}}), judged);
  CHECK(swept.failing > 100);
  CHECK(swept.first.find("netsplit run '#v1.") != std::string::npos);
}

TEST_CASE("saga: every run of two services with one crash, by exact count") {
  const Scenario scenario = small("saga", "", two_services);
  check::CheckOptions options;
  options.repeats = 1;
  const check::CheckReport calm = explore(scenario.setup, options);
  CHECK(calm.exploration.stop == check::Stop::complete);
  CHECK(calm.exploration.distinct == 59);
  options.faults = {0, 0, 1};
  const check::CheckReport report = explore(scenario.setup, options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 633);
  CHECK(report.exploration.generated == 1'657);
  CHECK(report.limits.empty());
  for (const char* name : {"all_or_nothing", "undone_once", "no_dirty_read", "all_answered"})
    CHECK(explored(report, name).standing == Standing::holds);
}

TEST_CASE("saga: the shortest way to undo twice has seven steps") {
  check::CheckOptions options;
  options.repeats = 2;
  const auto report =
      explore(small("saga", R"("idempotent": false, "tries": 1)", two_services).setup, options);
  const check::CheckedProperty& undone = explored(report, "undone_once");
  REQUIRE(undone.standing == Standing::violated);
  CHECK(undone.depth == 7);
  CHECK(undone.witness.why == "orders has undone saga 1 twice.");
  REQUIRE(undone.way);
  CHECK(undone.way->steps.back() == "orders receives Compensate (1) from coordinator");
  check_way_replays(undone);
}

TEST_CASE("saga: a copy taken anywhere goes on like the original") {
  check_copy_is_replay(setup_with("saga-compensate"));
  check_copy_is_replay(setup_with("saga-choreographed"));
}

}  // namespace netsplit::test::saga_test
