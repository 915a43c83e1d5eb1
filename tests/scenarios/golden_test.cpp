// Golden trace hashes: every library scenario's run, event by event, is the same in every build and
// under every compiler. A hash that changes on purpose is changed in the table, and the commit says
// why.
#include <doctest/doctest.h>

#include <map>
#include <string>

#include "../golden/trace_hashes.h"
#include "core/base/hash.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"

namespace netsplit::test::golden_test {

TEST_CASE("golden: every library scenario's trace hash is the one in the table") {
  std::map<std::string, std::string> table;
  for (const auto& golden : test::golden_trace_hashes) table[golden.scenario] = golden.hash;
  CHECK(table.size() == std::size(test::golden_trace_hashes));
  for (const Scenario& scenario : library()) {
    const auto run = run_headless(scenario);
    REQUIRE(run.ok());
    const std::string actual = format_hash(run.value().session->trace_hash());
    const std::string line = "{\"" + scenario.id + "\", \"" + actual + "\"},";
    CHECK_MESSAGE(table.contains(scenario.id), "add to tests/golden/trace_hashes.h: ", line);
    CHECK_MESSAGE(table[scenario.id] == actual, "tests/golden/trace_hashes.h has ",
                  table[scenario.id], ", this build gives ", line, " (netsplit run ", scenario.id,
                  " --seed ", scenario.setup.seed, ")");
    table.erase(scenario.id);
  }
  for (const auto& [scenario, hash] : table)
    FAIL_CHECK("no such scenario in the library: ", scenario);
}

}  // namespace netsplit::test::golden_test
