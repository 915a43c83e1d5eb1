// Replicated stores: what is lost by last write wins, kept by siblings, merged by construction; by
// stories, by seeds of faults, and in every interleaving of small setups. And the types that merge.
#include "core/base/mergeable.h"

#include "core/scenario/lesson.h"
#include "tests/protocols/trial.h"

namespace netsplit::test::replicated_store_test {
namespace {

Scenario parsed(const std::string& text) {
  auto scenario = parse_scenario(text, "replicated_store");
  REQUIRE_MESSAGE(scenario.ok(), (scenario.ok() ? "" : scenario.error()));
  return std::move(scenario).value();
}

std::string ask(const std::string& at, const char* client, const std::string& request) {
  return R"({"at": )" + at + R"(, "node": ")" + client + R"(", "request": )" + request + "}";
}
std::string with_post(const char* request, int post) {
  return "\"" + std::string(request) + R"(", "arguments": {"post": )" + std::to_string(post) + "}";
}

// Two clients post, delete, like and look; the faults are a sweep's.
Scenario workload(const char* reconcile) {
  std::string script;
  for (int i = 0; i < 14; ++i) {
    const std::string at = "\"" + std::to_string(100 + 110 * i) + "ms\"";
    const char* client = i % 2 == 0 ? "ada" : "ben";
    const std::string request = i % 4 == 3   ? with_post("delete_post", i - 2)
                                : i % 5 == 4 ? "\"like\""
                                : i % 6 == 5 ? with_post("look_for_post", i - 4)
                                             : with_post("add_post", i);
    script += (i == 0 ? "" : ", ") + ask(at, client, request);
  }
  return parsed(R"({"protocol": "replicated_store", "until": "2s", "parameters": {
      "exchange": "250ms", "give_up": "300ms", "reconcile": ")" +
                std::string(reconcile) + R"("}, "nodes": [
      {"name": "s", "role": "replica", "count": 3}, {"name": "ada", "role": "client"},
      {"name": "ben", "role": "client"}], "network": {"latency": {"model": "uniform",
      "base": "10ms", "spread": "20ms"}}, "script": [)" +
                script + "]}");
}

// Two replicas with a client each.
Setup small(const char* reconcile, const std::string& script) {
  return parsed(R"({"protocol": "replicated_store", "parameters": {"reconcile": ")" +
                std::string(reconcile) + R"("}, "nodes": [{"name": "s", "role": "replica",
      "count": 2}, {"name": "ada", "role": "client"}, {"name": "ben", "role": "client"}],
      "script": [)" +
                script + "]}")
      .setup;
}
check::CheckOptions once() {
  check::CheckOptions options;
  options.repeats = 1;
  return options;
}

std::string shown(const Session& session, const char* node, const char* field) {
  const std::optional<Row> row = find_field(session, node, field);
  REQUIRE(row);
  return row->children.empty() ? row->text : brief(*row);
}
const std::vector<std::string> promises = {"no_lost_write", "deleted_stays", "likes_counted",
                                           "all_answered"};

}  // namespace

TEST_CASE("mergeable: in whatever order, and however often, three replicas merge to the same") {
  const NodeId nodes[] = {NodeId{0}, NodeId{1}, NodeId{2}};
  Rng rng(7, 0, 0);
  for (int round = 0; round < 500; ++round) {
    ObservedRemoveSet sets[3];
    PnCounter counters[3];
    std::int64_t numbers[3] = {};
    std::int64_t total = 0;
    for (int i = 0; i < 12; ++i) {
      const std::uint32_t at = rng.below(3);
      const auto value = static_cast<std::int64_t>(rng.below(3));
      const auto change = static_cast<std::int64_t>(rng.below(5)) - 2;
      counters[at].add(nodes[at], change);
      total += change;
      if (rng.below(3) == 0)
        sets[at].remove(value);
      else
        sets[at].add(value, {nodes[at], ++numbers[at]});
      const std::uint32_t other = rng.below(3);
      if (rng.below(2) == 0) sets[at].merge(sets[other]);
      if (rng.below(2) == 0) counters[at].merge(counters[other]);
    }
    const auto merged = [](const auto& a, const auto& b, const auto& c) {
      auto made = a;
      made.merge(b);
      made.merge(c);
      made.merge(a);
      return made;
    };
    CHECK(merged(sets[0], sets[1], sets[2]) == merged(sets[2], sets[1], sets[0]));
    CHECK(merged(sets[1], sets[0], sets[2]) == merged(sets[2], sets[0], sets[1]));
    CHECK(merged(counters[0], counters[1], counters[2]).value() == total);
    CHECK(merged(counters[2], counters[0], counters[1]).value() == total);
  }
}

TEST_CASE("mergeable: an addition wins over a removal that did not see it, and no other") {
  ObservedRemoveSet here;
  here.add(7, {NodeId{0}, 1});
  ObservedRemoveSet there = here;
  here.remove(7);
  ObservedRemoveSet stale = there;
  stale.merge(here);
  CHECK_FALSE(stale.contains(7));
  there.add(7, {NodeId{1}, 1});
  here.merge(there);
  CHECK(here.contains(7));
}

TEST_CASE(
    "replicated_store: cut in two, both sides are served, and looks are stale until it heals") {
  const auto run = finished(setup_with("partition-feed"));
  CHECK(property(*run, "available").witness.measured == 0);
  CHECK(meter(*run, "stale_looks") == 3);
  CHECK(meter(*run, "behind") > seconds(5));
  CHECK(standing(*run, "converged") == Standing::holds);
}

TEST_CASE(
    "replicated_store: the later clock wins over what was written later; a context does not") {
  Setup setup = setup_with("reconcile-lww");
  setup.until_us = seconds(4);
  CHECK(property(*finished(setup), "no_lost_write").witness.why ==
        "ben was told that post 2 is stored, and no replica has it.");
  // With right clocks only what was written at once is lost.
  setup.nodes[0].clock.offset_us = 0;
  CHECK(standing(*finished(setup), "no_lost_write") == Standing::holds);
  setup.until_us = seconds(13);
  CHECK(standing(*finished(setup), "no_lost_write") == Standing::violated);
  const auto kept = finished(setup_with("reconcile-vector"));
  CHECK(setup_with("reconcile-vector").script == setup.script);
  CHECK(standing(*kept, "no_lost_write") == Standing::holds);
  Setup before = setup_with("reconcile-vector");
  before.until_us = seconds(9);
  CHECK(meter(*finished(before), "siblings") == 2);
  CHECK(meter(*kept, "siblings") == 1);
  CHECK(shown(*kept, "s3", "disk.state.versions") == shown(*kept, "s1", "disk.state.versions"));
}

TEST_CASE("replicated_store: a client that merges brings back what was deleted; a set does not") {
  const auto by_hand = finished(setup_with("reconcile-by-hand"));
  CHECK(property(*by_hand, "deleted_stays").witness.why ==
        "s1 has post 1, which ada saw and deleted.");
  CHECK(property(*by_hand, "likes_counted").witness.why == "s1 counts 3, and 4 were given.");
  const auto merged = finished(setup_with("reconcile-crdt"));
  CHECK(setup_with("reconcile-crdt").script == setup_with("reconcile-by-hand").script);
  for (const std::string& name : promises) CHECK(standing(*merged, name) == Standing::holds);
  CHECK(standing(*merged, "converged") == Standing::holds);
}

TEST_CASE("replicated_store: by construction nothing is lost over 10000 seeds of all faults") {
  std::vector<std::string> judged = promises;
  judged.push_back("converged");
  const Swept swept = sweep(workload("by_construction"), judged);
  CHECK(swept.runs == 10'000);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
}

TEST_CASE("replicated_store: siblings lose no write over 10000 seeds; what they cannot is caught") {
  const Swept swept = sweep(workload("siblings"), {"no_lost_write", "all_answered"});
  CHECK_MESSAGE(swept.failing == 0, swept.first);
  CHECK(sweep(workload("siblings"), {"deleted_stays"}, 500).failing > 0);
  CHECK(sweep(workload("siblings"), {"likes_counted"}, 500).failing > 0);
  CHECK(sweep(workload("last_write_wins"), {"no_lost_write"}, 500).failing > 0);
}

TEST_CASE("replicated_store: two posts at once in every interleaving, by exact count") {
  const std::string script =
      ask("0", "ada", with_post("add_post", 1)) + ", " + ask("0", "ben", with_post("add_post", 2));
  const auto merged = explore(small("by_construction", script), once());
  CHECK(merged.exploration.stop == check::Stop::complete);
  CHECK(merged.exploration.distinct == 1'973);
  const auto kept = explore(small("siblings", script), once());
  CHECK(kept.exploration.stop == check::Stop::complete);
  CHECK(kept.exploration.distinct == 5'032);
  for (const auto* report : {&merged, &kept})
    CHECK(explored(*report, "no_lost_write").standing == Standing::holds);
  const auto lost = explore(small("last_write_wins", script), once());
  const check::CheckedProperty& property = explored(lost, "no_lost_write");
  REQUIRE(property.standing == Standing::violated);
  CHECK(property.depth == 11);
  check_way_replays(property);
}

TEST_CASE("replicated_store: before it heals replicas differ; without its replica a client waits") {
  Setup setup = setup_with("partition-feed");
  setup.until_us = seconds(6);
  CHECK(property(*finished(setup), "converged").witness.why == "s1 and s2 do not have the same.");
  setup.script = {on_nodes(Action::crash, milliseconds(100), {NodeId{0}}), setup.script[0]};
  CHECK(property(*finished(setup), "available").witness.measured == 1);
  setup.until_us = seconds(1);
  CHECK(property(*finished(setup), "all_answered").witness.why == "ada still waits for an answer.");
}

TEST_CASE("replicated_store: a copy of a run that is half over goes on as the run does") {
  for (const char* id : {"partition-feed", "reconcile-lww", "reconcile-vector", "reconcile-crdt"})
    check_copy_is_replay(setup_with(id));
}

}  // namespace netsplit::test::replicated_store_test
