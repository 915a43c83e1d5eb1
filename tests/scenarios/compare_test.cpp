#include "core/scenario/compare.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/scenario/registry.h"
#include "core/scenario/report.h"

namespace netsplit::test::compare_test {
namespace {

const Setup& setup_of(std::string_view id) { return find_scenario(id)->setup; }

HeadlessRun run_of(const Setup& setup) {
  Scenario scenario;
  scenario.setup = setup;
  Result<HeadlessRun> run = run_headless(scenario);
  REQUIRE(run.ok());
  return std::move(run).value();
}

// The scenario's run and that of the one it names for comparison, beside it.
struct Pair {
  HeadlessRun own;
  HeadlessRun other;
  ComparisonTable table;

  explicit Pair(const Scenario& scenario)
      : own(run_of(scenario.setup)),
        other(run_of(beside(scenario.setup, setup_of(scenario.compare)))),
        table(compare_runs({{scenario.id, own.session.get(), &own.trace},
                            {scenario.compare, other.session.get(), &other.trace}})) {}
};

// Violated on one side alone, or by another measure.
bool ends_differently(const VerdictRow& row) {
  const PropertyState* own = row.states[0];
  const PropertyState* other = row.states[1];
  if (own == nullptr || other == nullptr) return false;
  const bool violated =
      own->standing == Standing::violated || other->standing == Standing::violated;
  return violated &&
         (own->standing != other->standing || own->witness.measured != other->witness.measured);
}

}  // namespace

TEST_CASE("compare: every experiment of the library names another, and something differs") {
  for (const Scenario& scenario : library()) {
    CAPTURE(scenario.id);
    REQUIRE_MESSAGE(find_scenario(scenario.compare) != nullptr, "it names none to compare with");
    const Pair pair(scenario);
    const bool differs = std::any_of(pair.table.meters.begin(), pair.table.meters.end(),
                                     [](const MeterRow& row) { return row.differs; }) ||
                         std::any_of(pair.table.verdicts.begin(), pair.table.verdicts.end(),
                                     [](const VerdictRow& row) { return row.differs; });
    CHECK_MESSAGE(differs, "nothing differs from " << scenario.compare);
  }
}

TEST_CASE("compare: an experiment in which something breaks is laid beside its remedy, or is one") {
  int naive = 0;
  for (const Scenario& scenario : library()) {
    if (std::none_of(scenario.expect.begin(), scenario.expect.end(),
                     [](const auto& expected) { return expected.standing == Standing::violated; }))
      continue;
    CAPTURE(scenario.id);
    ++naive;
    const Pair pair(scenario);
    CHECK_MESSAGE(
        std::any_of(pair.table.verdicts.begin(), pair.table.verdicts.end(), ends_differently),
        "everything ends as in " << scenario.compare);
  }
  CHECK(naive > 50);
}

TEST_CASE("compare: variants of a protocol run the first's script, others their own") {
  Setup first = setup_of("lock-gc-pause");
  first.seed = 99;
  const Setup fenced = beside(first, setup_of("lock-fenced"));
  CHECK(fenced.script == first.script);
  CHECK(fenced.network == first.network);
  CHECK(fenced.seed == 99);
  CHECK(fenced.parameters == setup_of("lock-fenced").parameters);
  CHECK(what_differs(first, fenced) == "fencing token");

  const Setup other = beside(first, setup_of("lamport"));
  CHECK(other.script == setup_of("lamport").script);
  CHECK(other.protocol == "clocks");
  CHECK(other.seed == 99);
  CHECK(what_differs(first, other).empty());

  Setup slower = first;  // the same parameters: then the script or the network is the variant
  slower.network.link.latency.base_us *= 2;
  CHECK(beside(first, slower).network == slower.network);
}

TEST_CASE("compare: parameters are changed by name, several at once") {
  const Setup& first = setup_of("lock-gc-pause");
  const Result<Setup> changed = with_parameters(first, "fencing=token,lease=2s");
  REQUIRE(changed.ok());
  CHECK(what_differs(first, changed.value()) == "fencing token, lease 2s");
  CHECK(with_parameters(first, "leese=2s").error().find("did you mean \"lease\"?") !=
        std::string::npos);
  CHECK(with_parameters(first, "lease").error() ==
        "\"lease\": expected key=value, such as \"lease=5s\"");
  CHECK_FALSE(with_parameters(first, "lease=2s,").ok());
}

TEST_CASE("compare: the table holds each run's verdicts and meters, and stars what differs") {
  const Setup& first = setup_of("lock-gc-pause");
  const HeadlessRun open = run_of(first);
  const HeadlessRun fenced = run_of(with_parameters(first, "fencing=token").value());
  const HeadlessRun clocks = run_of(setup_of("lamport"));
  const std::vector<Compared> runs{{"open", open.session.get(), &open.trace},
                                   {"fenced", fenced.session.get(), &fenced.trace},
                                   {"clocks", clocks.session.get(), &clocks.trace}};
  const ComparisonTable table = compare_runs(runs);
  const auto verdict = [&](std::string_view name) {
    return *std::find_if(table.verdicts.begin(), table.verdicts.end(),
                         [&](const VerdictRow& row) { return row.name == name; });
  };
  const auto meter = [&](std::string_view name) {
    return *std::find_if(table.meters.begin(), table.meters.end(),
                         [&](const MeterRow& row) { return row.name == name; });
  };
  const VerdictRow stale = verdict("no_stale_write");
  REQUIRE(stale.states.size() == 3);
  CHECK(stale.states[0]->standing == Standing::violated);
  CHECK(stale.states[1]->standing == Standing::holds);
  CHECK(stale.states[2] == nullptr);
  CHECK(stale.differs);
  CHECK(verdict_text(*stale.states[1]) == "holds");
  CHECK(meter("writes").values[0] == 2);
  CHECK(meter("writes").values[1] == 1);
  CHECK_FALSE(meter("writes").values[2]);
  CHECK_MESSAGE(verdict("vector_exact").states[0] == nullptr, "only the last run has it");
  CHECK(meter("sent").values[2] == static_cast<std::int64_t>(clocks.session->counters().sent));

  const auto json = nlohmann::json::parse(comparison_json(table, runs));
  CHECK(json["runs"].size() == 3);
  CHECK(json["properties"][0]["standings"][2].is_null());
  CHECK(json["meters"][0]["name"] == "sent");

  const ComparisonTable same = compare_runs({runs[0], runs[0]});
  for (const MeterRow& row : same.meters) CHECK_FALSE(row.differs);
  for (const VerdictRow& row : same.verdicts) CHECK_FALSE(row.differs);
}

}  // namespace netsplit::test::compare_test
