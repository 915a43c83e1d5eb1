// The clocks, explored. Their properties compare with the trace of one run, so that a check judges
// none of them; it counts what two processes can do.
#include "core/protocols/clocks.h"

#include "core/check/check.h"
#include "core/scenario/registry.h"
#include "tests/core/support.h"

namespace netsplit::test::clocks_check_test {

TEST_CASE("clocks: two processes that work once each, by exact count, and nothing is passed") {
  Setup setup;
  setup.protocol = "clocks";
  setup.parameters = {{"events", 1}};
  for (const char* name : {"a", "b"}) {
    NodeGroup group;
    group.name = name;
    group.role = "process";
    setup.nodes.push_back(group);
  }
  const auto report = explore_setup(setup, {});
  REQUIRE_MESSAGE(report.ok(), report.error());
  // By hand. Nobody has worked: 1. One has: silently, or it told and that is under way or has
  // arrived: 3, for each of the two. Both have: both silently 1; one told, which is under way, or
  // came before the other's work or after it: 3, twice; both told, before either heard: each
  // message is under way or has arrived, 4; or one heard before it told: its own message is under
  // way or has arrived, 2, twice.
  CHECK(report.value().exploration.stop == check::Stop::complete);
  CHECK(report.value().exploration.distinct == 1 + 2 * 3 + 1 + 2 * 3 + 4 + 2 * 2);
  CHECK(report.value().exploration.held_back == 0);
  for (const auto& property : report.value().properties) {
    CHECK(property.standing == Standing::open);
    CHECK(property.not_judged == "the protocol's properties look at the trace of one run");
  }
}

}  // namespace netsplit::test::clocks_check_test
