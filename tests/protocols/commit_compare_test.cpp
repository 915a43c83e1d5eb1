// Four commit protocols under one workload, seed and script: what each costs, and what it gives up.
#include "core/scenario/meters.h"
#include "core/scenario/report.h"
#include "tests/protocols/commit_support.h"

namespace netsplit::test::commit_compare_test {
namespace {

const char* const all_four[] = {"commit-compare", "commit-compare-3pc", "commit-compare-saga",
                                "commit-compare-paxos"};

std::int64_t meter(const HeadlessRun& run, std::string_view name) {
  for (const Reading& reading : read_meters(*run.session, run.trace)) {
    if (reading.name == name) return reading.value;
  }
  FAIL("there is no meter ", name);
  return 0;
}

// By node, of one of the protocol's stopwatches.
std::int64_t part(const Session& session, std::string_view name, const char* node) {
  const auto& meters = session.protocol().meters;
  for (std::size_t i = 0; i < meters.size(); ++i) {
    if (meters[i].name != name) continue;
    const auto parts = session.meter_by_node(static_cast<std::int64_t>(i));
    return parts[static_cast<std::size_t>(session.find_node(node).value)];
  }
  FAIL("there is no meter ", name);
  return 0;
}

}  // namespace

TEST_CASE("commit-compare: the four scenarios have one seed, script, network and end") {
  const Setup& first = find_scenario(all_four[0])->setup;
  for (const char* id : all_four) {
    const Setup& setup = find_scenario(id)->setup;
    CHECK(setup.script == first.script);
    CHECK(setup.seed == first.seed);
    CHECK(setup.network == first.network);
    CHECK(setup.until_us == first.until_us);
    const auto session = make_session(setup).value();
    const auto original = make_session(first).value();
    for (std::int32_t i = 0; i < original->node_count(); ++i)
      CHECK(session->node_name(NodeId{i}) == original->node_name(NodeId{i}));
  }
}

TEST_CASE("commit-compare: what each protocol costs under the same faults") {
  std::vector<HeadlessRun> runs;
  for (const char* id : all_four) runs.push_back(run_headless(*find_scenario(id)).value());
  HeadlessRun& two_phase = runs[0];
  HeadlessRun& three_phase = runs[1];
  HeadlessRun& saga = runs[2];
  HeadlessRun& paxos = runs[3];
  // Messages one after the other: two round trips, three, one for each step, two and a half.
  CHECK(meter(two_phase, "message_delays") == 4);
  CHECK(meter(three_phase, "message_delays") == 6);
  CHECK(meter(saga, "message_delays") == 8);
  CHECK(meter(paxos, "message_delays") == 5);
  CHECK(meter(saga, "sent") < meter(two_phase, "sent"));
  CHECK(meter(two_phase, "sent") < meter(three_phase, "sent"));
  CHECK(meter(three_phase, "sent") < meter(paxos, "sent"));
  CHECK(meter(paxos, "bytes") > meter(two_phase, "bytes"));
  // Two-phase commit waits for the coordinator, the others do not.
  CHECK(meter(two_phase, "blocked") > seconds(3));
  CHECK(meter(two_phase, "blocked") > 2 * meter(three_phase, "blocked"));
  CHECK(meter(two_phase, "lock_held") > meter(three_phase, "lock_held"));
  CHECK(meter(three_phase, "lock_held") > seconds(3));
  CHECK(meter(two_phase, "lock_held") > meter(paxos, "lock_held"));
  // Only the saga shows what is half done.
  CHECK(meter(saga, "half_done") > seconds(1));
  for (const HeadlessRun* one : {&two_phase, &three_phase, &paxos})
    CHECK(meter(*one, "half_done") == 0);
  for (const HeadlessRun& one : runs) {
    CHECK(all_as_expected(one.properties));
    CHECK(meter(one, "operations_failed") == 1);  // what shipping refused
  }
}

TEST_CASE("commit-compare: locks and doubt are metered shard by shard") {
  // Locked when asked to prepare, at 206 ms, and until the run's end; in doubt half a second later.
  const auto session = make_session(find_scenario("2pc-blocking")->setup).value();
  while (session->step(nullptr)) {
  }
  CHECK(part(*session, "lock_held", "orders") == milliseconds(3'000 - 206));
  CHECK(part(*session, "lock_held", "payments") == milliseconds(3'000 - 207));
  CHECK(part(*session, "blocked", "shipping") == milliseconds(3'000 - 208 - 500));
  CHECK(part(*session, "lock_held", "shop") == 0);
  // A clone goes on with the time it had, and so does a run to which nothing happens any more.
  const auto clone = session->clone();
  CHECK(part(*clone, "lock_held", "orders") == milliseconds(3'000 - 206));
}

}  // namespace netsplit::test::commit_compare_test
