// Paxos: both stories of the library, every interleaving of a small setup, seeds under faults, and
// the two twins that are caught.
#include "core/check/check.h"
#include "core/check/sweep.h"
#include "core/scenario/found_run.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"
#include "tests/core/support.h"

namespace netsplit::test::paxos_test {
namespace {

Scenario scenario_with(const char* id,
                       const std::vector<std::pair<std::string, std::int64_t>>& parameters = {}) {
  REQUIRE(find_scenario(id) != nullptr);
  Scenario scenario = *find_scenario(id);
  for (const auto& parameter : parameters) {
    std::erase_if(scenario.setup.parameters,
                  [&](const auto& known) { return known.first == parameter.first; });
    scenario.setup.parameters.push_back(parameter);
  }
  return scenario;
}

// Two proposers of different values on three acceptors, at any speed.
Setup two_proposers(std::int64_t rounds, bool adopt) {
  const std::string text = R"({"protocol": "paxos", "parameters": {"backoff": "none", "rounds": )" +
                           std::to_string(rounds) + R"(, "adopt": )" + (adopt ? "true" : "false") +
                           R"(},
    "nodes": [{"name": "ada", "role": "proposer"}, {"name": "ben", "role": "proposer"},
              {"name": "x", "role": "acceptor"}, {"name": "y", "role": "acceptor"},
              {"name": "z", "role": "acceptor"}],
    "script": [{"at": 0, "request": "propose", "node": "ada", "arguments": {"value": 1}},
               {"at": 0, "request": "propose", "node": "ben", "arguments": {"value": 2}}]})";
  auto scenario = parse_scenario(text, "two_proposers");
  REQUIRE_MESSAGE(scenario.ok(), scenario.error());
  return scenario.value().setup;
}

check::CheckReport explored(const Setup& setup, const check::CheckOptions& options) {
  auto report = explore_setup(setup, options);
  REQUIRE_MESSAGE(report.ok(), report.error());
  return std::move(report).value();
}

// How many of the seeds violate agreement; a failing seed says how to see it.
std::uint64_t disagreeing(const Scenario& scenario, std::uint64_t last) {
  auto made = check::Sweep::make(scenario.setup, {"agreement", "validity"}, check::all_faults,
                                 make_session);
  REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error()));
  const check::SeedRange seeds{1, last};
  std::uint64_t failing = 0;
  for (std::uint64_t i = 0; i < seeds.blocks(); ++i) {
    const check::SweptBlock block = made.value().run_block(seeds, i);
    for (const check::FailingSeed& seed : block.failing) {
      if (failing++ == 0) {
        const std::string how = reproduce("LINK", made.value().setup_of(seed.seed));
        MESSAGE("first failing seed: ", how);
      }
    }
  }
  return failing;
}

}  // namespace

TEST_CASE(
    "paxos: an acceptor that forgets its vote lets two values be decided, on disk it does not") {
  const Run forgets = run(scenario_with("paxos-forgets").setup);
  CHECK(property(*forgets.session, "agreement").witness.why ==
        "ada knows that 1 is decided, ben that 2 is.");
  const Run saves = run(scenario_with("paxos-forgets", {{"save", 1}}).setup);
  CHECK(standing(*saves.session, "agreement") == Standing::holds);
  CHECK(number(*saves.session, 'b', "value") == 1);
  CHECK(number(*saves.session, 'b', "wanted") == 2);
}

TEST_CASE("paxos: proposers that try again at once never decide, those that wait at random do") {
  const Run duel = run(scenario_with("paxos-duel").setup);
  CHECK(standing(*duel.session, "decides") == Standing::violated);
  CHECK(number(*duel.session, 'a', "rounds") > 15);
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Setup setup = scenario_with("paxos-duel", {{"backoff", 1}}).setup;
    setup.seed = seed;
    const Run waits = run(setup);
    CHECK_MESSAGE(standing(*waits.session, "decides") == Standing::holds,
                  reproduce("paxos-duel", setup));
  }
}

TEST_CASE("paxos: two proposers of one round each agree in every interleaving, by exact count") {
  check::CheckOptions options;
  options.repeats = 0;  // no proposer runs out of patience
  const check::CheckReport report = explored(two_proposers(1, true), options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 643'003);
  CHECK(report.exploration.generated == 3'382'868);
  CHECK(report.properties[0].standing == Standing::holds);
  CHECK(report.properties[1].standing == Standing::holds);
  CHECK(report.properties[2].standing == Standing::holds);
}

TEST_CASE("paxos: a proposer that ignores earlier votes is caught, by a shortest way") {
  check::CheckOptions options;
  options.repeats = 0;  // no proposer runs out of patience
  const check::CheckReport report = explored(two_proposers(1, false), options);
  CHECK(report.exploration.stop == check::Stop::violation);
  const check::CheckedProperty& agreement = report.properties[0];
  REQUIRE(agreement.standing == Standing::violated);
  CHECK(agreement.depth == 18);
  REQUIRE(agreement.way);
  Scenario found;
  found.setup = agreement.way->setup;
  found.expect = {{agreement.name, Standing::violated}};
  const auto again = run_headless(found);
  REQUIRE_MESSAGE(again.ok(), again.error());
  CHECK(standing(*again.value().session, "agreement") == Standing::violated);
}

TEST_CASE("paxos: agreement holds in 10000 seeds under every fault, and both twins are caught") {
  CHECK(disagreeing(scenario_with("paxos-basic"), 10'000) == 0);
  CHECK(disagreeing(scenario_with("paxos-basic", {{"save", 0}}), 10'000) > 0);
  CHECK(disagreeing(scenario_with("paxos-basic", {{"adopt", 0}}), 10'000) > 0);
}

TEST_CASE("paxos: a copy of a run that is half over goes on as the run does") {
  for (const char* id : {"paxos-basic", "paxos-duel", "paxos-forgets"}) {
    Run done = begin(scenario_with(id).setup);
    done.until(seconds(1));
    const std::unique_ptr<Session> copy = done.session->clone();
    done.to_end();
    while (copy->step(nullptr)) {
    }
    CHECK(copy->trace_hash() == done.session->trace_hash());
    CHECK(copy->state_hash() == done.session->state_hash());
  }
}

}  // namespace netsplit::test::paxos_test
