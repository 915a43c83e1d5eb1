#include "trial.h"

#include <algorithm>

#include "core/check/sweep.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"
#include "core/scenario/sweep_report.h"

namespace netsplit::test {

Scenario scenario_with(const std::string& id, const Parameters& parameters) {
  const Scenario* found = find_scenario(id);
  REQUIRE_MESSAGE(found != nullptr, id);
  Scenario scenario = *found;
  for (const auto& parameter : parameters) {
    std::erase_if(scenario.setup.parameters,
                  [&](const auto& known) { return known.first == parameter.first; });
    scenario.setup.parameters.push_back(parameter);
  }
  return scenario;
}

Setup setup_with(const std::string& id, const Parameters& parameters) {
  return scenario_with(id, parameters).setup;
}

std::unique_ptr<Session> finished(const Setup& setup) {
  auto made = make_session(setup);
  REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error()));
  while (made.value()->step(nullptr)) {
  }
  return std::move(made).value();
}

std::int64_t meter(const Session& session, std::string_view name) {
  const auto& meters = session.protocol().meters;
  for (std::size_t i = 0; i < meters.size(); ++i)
    if (meters[i].name == name) return session.meter(static_cast<std::int64_t>(i));
  FAIL("no meter " << name);
  return 0;
}

void check_copy_is_replay(const Setup& setup) {
  const std::unique_ptr<Session> whole = finished(setup);
  const std::uint64_t apart = whole->steps() / 64 + 1;
  auto original = make_session(setup).value();
  std::vector<std::unique_ptr<Session>> copies;
  do {
    if (original->steps() % apart == 0) copies.push_back(original->clone());
  } while (original->step(nullptr));
  CHECK(original->trace_hash() == whole->trace_hash());
  REQUIRE(copies.size() > 2);
  for (std::size_t i = 0; i < copies.size(); ++i) {
    CHECK(copies[i]->steps() == i * apart);
    while (copies[i]->step(nullptr)) {
    }
    CHECK(copies[i]->trace_hash() == whole->trace_hash());
    CHECK(copies[i]->state_hash() == whole->state_hash());
  }
}

Swept sweep(const Scenario& scenario, const std::vector<std::string>& judged, std::uint64_t seeds,
            check::FaultSet faults) {
  auto made = check::Sweep::make(scenario.setup, judged, faults, make_session);
  REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error()));
  const check::SeedRange range{1, seeds};
  Swept swept;
  swept.violated.resize(made.value().properties().size());
  for (std::uint64_t i = 0; i < range.blocks(); ++i) {
    const check::SweptBlock block = made.value().run_block(range, i);
    swept.runs += block.runs;
    swept.failing += block.failing.size();
    for (std::size_t p = 0; p < swept.violated.size(); ++p) swept.violated[p] += block.violated[p];
    if (!swept.first.empty() || block.failing.empty()) continue;
    const check::FailingSeed& seed = block.failing[0];
    std::string command = "netsplit sweep " + scenario.id + " --seeds " +
                          std::to_string(seed.seed) + ".." + std::to_string(seed.seed);
    const FoundSeed found = found_seed(scenario, made.value(), seed, command);
    CHECK(all_as_expected(run_headless(found.scenario).value().properties));
    swept.first = found.why + "\n  " + found.command + "\n  netsplit run '" + found.link + "'";
  }
  return swept;
}

check::CheckReport explore(const Setup& setup, const check::CheckOptions& options) {
  auto report = explore_setup(setup, options);
  REQUIRE_MESSAGE(report.ok(), (report.ok() ? "" : report.error()));
  return std::move(report).value();
}

const check::CheckedProperty& explored(const check::CheckReport& report,
                                       std::string_view property) {
  const auto at =
      std::find_if(report.properties.begin(), report.properties.end(),
                   [&](const check::CheckedProperty& one) { return one.name == property; });
  REQUIRE(at != report.properties.end());
  return *at;
}

void check_way_replays(const check::CheckedProperty& property) {
  REQUIRE(property.way);
  Scenario found;
  found.setup = property.way->setup;
  found.expect = {{std::string(property.name), property.standing}};
  const auto again = parse_scenario(write_scenario(found), "found.json");
  REQUIRE_MESSAGE(again.ok(), (again.ok() ? "" : again.error()));
  const auto run = run_headless(again.value());
  REQUIRE_MESSAGE(run.ok(), (run.ok() ? "" : run.error()));
  for (const JudgedProperty& judged : run.value().properties) {
    if (judged.state.name != property.name) continue;
    CHECK(judged.state.standing == property.standing);
    // The last step decides, not one before it: that makes it a shortest way.
    CHECK(judged.state.first_step == run.value().session->steps());
  }
}

}  // namespace netsplit::test
