// Seed after seed under faults: what holds, what is caught, and that whoever opens a link of a
// failing seed sees the same.
#include "core/check/sweep.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "../core/support.h"
#include "core/scenario/found_run.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"

namespace netsplit::test::sweep_test {
namespace {

check::Sweep sweep_of(const Setup& setup, const std::vector<std::string>& judged) {
  Result<check::Sweep> made = check::Sweep::make(setup, judged, check::all_faults, make_session);
  REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error()));
  return std::move(made).value();
}

std::vector<check::SweptBlock> all_blocks(const check::Sweep& sweep,
                                          const check::SeedRange& seeds) {
  std::vector<check::SweptBlock> blocks;
  for (std::uint64_t i = 0; i < seeds.blocks(); ++i) blocks.push_back(sweep.run_block(seeds, i));
  return blocks;
}

Setup with_fencing(std::int64_t fencing) {
  Setup setup = find_scenario("lock-fenced")->setup;
  setup.parameters = {{"fencing", fencing}};
  return setup;
}

}  // namespace

TEST_CASE("sweep: a run that nobody records goes and is judged like one that is recorded") {
  for (const char* protocol : {"relay", "lease_lock", "clocks"}) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      CAPTURE(protocol);
      CAPTURE(seed);
      const Setup setup = test::random_setup(protocol, seed);
      Setup another = setup;
      another.seed = seed + 1;
      another.script.clear();
      const std::unique_ptr<Session> quick = test::make_any(another).value();
      quick->run_unrecorded(std::make_shared<const Setup>(another));
      quick->run_unrecorded(std::make_shared<const Setup>(setup));
      const std::unique_ptr<Session> session = test::make_any(setup).value();
      while (session->step(nullptr)) {
      }
      CHECK(quick->steps() == session->steps());
      CHECK(quick->events() == session->events());
      CHECK(quick->now_us() == session->now_us());
      CHECK(quick->ending() == session->ending());
      CHECK(quick->state_hash() == session->state_hash());
      REQUIRE(quick->properties().size() == session->properties().size());
      for (std::size_t i = 0; i < quick->properties().size(); ++i) {
        const PropertyState& one = quick->properties()[i];
        const PropertyState& other = session->properties()[i];
        CHECK(one.name == other.name);
        CHECK(one.standing == other.standing);
        CHECK(one.first_step == other.first_step);
        CHECK(one.first_us == other.first_us);
        CHECK(one.witness.why == other.witness.why);
      }
    }
  }
}

TEST_CASE(
    "sweep: with fencing tokens no stale write in 10000 seeds, and every client is answered") {
  const check::SeedRange seeds{1, 10'000};
  const check::Sweep sweep = sweep_of(with_fencing(1), {"no_stale_write", "all_answered"});
  std::uint64_t runs = 0;
  std::uint64_t believers = 0;
  for (const check::SweptBlock& block : all_blocks(sweep, seeds)) {
    runs += block.runs;
    believers += block.violated[1];
    CHECK(block.failing.empty());
  }
  CHECK(runs == 10'000);
  // The faults do bite: leases are outlived again and again.
  CHECK(believers > 3'000);
}

TEST_CASE(
    "sweep: without them the stale write is caught, and a failing seed replays from its link") {
  const Scenario* original = find_scenario("lock-fenced");
  Scenario scenario = *original;
  scenario.setup = with_fencing(0);
  const check::SeedRange seeds{1, 1000};
  const check::Sweep sweep = sweep_of(scenario.setup, {"no_stale_write"});
  int failing_seeds = 0;
  for (const check::SweptBlock& block : all_blocks(sweep, seeds)) {
    for (const check::FailingSeed& failing : block.failing) {
      if (++failing_seeds > 25) continue;
      CAPTURE(failing.seed);
      const FoundRun found = found_run(scenario, sweep.setup_of(failing.seed), "found").value();
      REQUIRE(failing.violations.size() == 1);
      const Result<Link> link = decode_link(found.link);
      REQUIRE_MESSAGE(link.ok(), (link.ok() ? "" : link.error()));
      const HeadlessRun again = run_headless(link.value().scenario).value();
      CHECK(all_as_expected(again.properties));
      CHECK(again.session->trace_hash() == found.trace_hash);
      CHECK(again.session->trace_hash() == *link.value().hash);
      const PropertyState& state = again.properties[0].state;
      CHECK(state.name == "no_stale_write");
      CHECK(state.standing == Standing::violated);
      CHECK(state.first_step == failing.violations[0].step);
      CHECK(state.first_us == failing.violations[0].at_us);
    }
  }
  CHECK(failing_seeds > 100);
}

TEST_CASE("sweep: what a block yields depends on nothing that was run before it") {
  const check::SeedRange seeds{7, 1234};
  const check::Sweep sweep = sweep_of(with_fencing(0), {"no_stale_write"});
  const std::vector<check::SweptBlock> forward = all_blocks(sweep, seeds);
  REQUIRE(forward.size() == 13);
  CHECK(forward.back().runs == 28);
  const check::Sweep another = sweep_of(with_fencing(0), {"no_stale_write"});
  for (std::size_t i = forward.size(); i-- > 0;) CHECK(another.run_block(seeds, i) == forward[i]);
  // A seed is the same in whatever range it stands.
  const check::FailingSeed& first = forward[0].failing.at(0);
  const check::SeedRange alone{first.seed, first.seed};
  CHECK(sweep.run_block(alone, 0).failing.at(0) == first);
}

TEST_CASE("sweep: ranges end where numbers end") {
  const check::SeedRange all{0, UINT64_MAX};
  CHECK(all.blocks() == UINT64_MAX / 100 + 1);
  CHECK(all.runs_of(all.blocks() - 1) == UINT64_MAX % 100 + 1);
  const check::SeedRange last{UINT64_MAX - 150, UINT64_MAX};
  CHECK(last.blocks() == 2);
  CHECK(last.runs_of(0) == 100);
  CHECK(last.runs_of(1) == 51);
  const check::Sweep sweep = sweep_of(with_fencing(1), {"no_stale_write"});
  CHECK(sweep.run_block(last, 1).runs == 51);
}

TEST_CASE("sweep: what is judged is what the scenario does not expect to be violated") {
  const std::vector<std::string> fenced = {"no_stale_write", "all_answered"};
  CHECK(judged_properties(*find_scenario("lock-fenced")).value() == fenced);
  const std::vector<std::string> paused = {"all_answered"};
  CHECK(judged_properties(*find_scenario("lock-gc-pause")).value() == paused);
  const auto error_of = [](const Setup& setup, const std::vector<std::string>& judged) {
    const auto made = check::Sweep::make(setup, judged, check::all_faults, make_session);
    return made ? std::string() : made.error();
  };
  CHECK(error_of(with_fencing(1), {"no_stale_writ"}) ==
        "there is no property \"no_stale_writ\"; did you mean \"no_stale_write\"?");
  CHECK(error_of(find_scenario("lamport")->setup, {"concurrent_seen"}) ==
        "\"concurrent_seen\" is a property that must be seen at some time; expected one that a "
        "single run can violate");
  Setup manual = with_fencing(1);
  manual.manual = true;
  CHECK(error_of(manual, {}) ==
        "manual: in a manual run nothing happens by itself; expected one that runs in time");
}

}  // namespace netsplit::test::sweep_test
