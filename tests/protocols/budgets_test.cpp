// Budgets are broken by the naive system whatever the seed, and kept by its remedy in the very same
// place: each remedy's scenario, and its broken twin by the naive one's parameters.
#include "core/scenario/compare.h"
#include "tests/protocols/trial.h"

namespace netsplit::test::budgets_test {

TEST_CASE("budgets: over 200 seeds every twin breaks its budget, and no remedy does") {
  struct Budget {
    const char* property;
    const char* naive;
    const char* remedy;
  };
  for (const Budget& budget : {
           Budget{"page_in_time", "fallacy-latency", "fallacy-latency-batched"},
           Budget{"fresh", "fallacy-bandwidth", "fallacy-bandwidth-deltas"},
           Budget{"cheap", "fallacy-transport-cost", "fallacy-transport-cost-relay"},
           Budget{"few_errors", "fallacy-topology", "fallacy-topology-names"},
           Budget{"few_failed", "fallacy-administrator", "fallacy-administrator-checked"},
           Budget{"few_terms", "raft-disruptive", "raft-pre-vote"},
           Budget{"short_log", "raft-endless-log", "raft-snapshot"},
           Budget{"prompt", "multi-paxos-each", "multi-paxos"},
       }) {
    CAPTURE(budget.property);
    const check::FaultSet none = 0;
    const Scenario remedy = scenario_with(budget.remedy);
    Scenario twin = remedy;
    twin.setup = beside(remedy.setup, setup_with(budget.naive));
    REQUIRE(twin.setup.script == remedy.setup.script);
    const Swept kept = sweep(remedy, {budget.property}, 200, none);
    CHECK(kept.runs == 200);
    CHECK_MESSAGE(kept.failing == 0, kept.first);
    CHECK(sweep(twin, {budget.property}, 200, none).failing == 200);
  }
}

}  // namespace netsplit::test::budgets_test
