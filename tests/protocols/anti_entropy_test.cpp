// Anti-entropy: what hints and reads leave behind is found by hash trees and shipped by ranges; by
// stories, by seeds of faults, and in every interleaving of a small setup. And the tree itself.
#include "core/protocols/anti_entropy/hash_tree.h"

#include <doctest/doctest.h>

#include "core/protocols/parts/versioned_cell.h"
#include "tests/protocols/trial.h"

namespace netsplit::test::anti_entropy_test {

using anti_entropy::HashTree;

namespace {

enum Exchange : std::int64_t { nothing_at_all, everything, hash_tree };

Input write(Time at_us, std::int64_t key, std::int64_t value) {
  Input input = on_nodes(Action::request, at_us, {NodeId{0}});
  input.name = "write_value";
  input.arguments = {{"key", std::to_string(key)}, {"value", std::to_string(value)}};
  return input;
}

// Both clients write a few of 16 keys; the faults are a sweep's.
Scenario workload(const Parameters& parameters) {
  Scenario scenario = scenario_with("anti-entropy", parameters);
  scenario.setup.parameters.insert(scenario.setup.parameters.end(),
                                   {{"keys", 16}, {"depth", 3}, {"hint_tries", 1}});
  scenario.setup.until_us = seconds(3);
  scenario.setup.parameters.emplace_back("period", milliseconds(200));
  scenario.setup.script.clear();
  for (std::int64_t i = 0; i < 10; ++i) {
    scenario.setup.script.push_back(write(milliseconds(100 + 150 * i), (7 * i) % 16, i));
    scenario.setup.script.back().groups = {{NodeId{static_cast<std::int32_t>(i % 2)}}};
  }
  return scenario;
}

// Two replicas of two keys, and one write.
Setup small(std::int64_t exchange) {
  Setup setup = setup_with("anti-entropy",
                           {{"exchange", exchange}, {"keys", 2}, {"depth", 1}, {"hint_tries", 0}});
  setup.nodes.erase(setup.nodes.begin() + 4);
  setup.nodes.erase(setup.nodes.begin() + 1);
  setup.script = {write(0, 1, 5)};
  return setup;
}

}  // namespace

TEST_CASE("hash_tree: each place has the range of the two below it, and leaves have all keys") {
  for (const std::int64_t keys : {1, 7, 32, 100}) {
    for (const std::int64_t depth : {0, 1, 3, 5}) {
      const HashTree tree{keys, depth, 64};
      CHECK(tree.range_of(HashTree::root) == std::pair(std::int64_t{0}, keys));
      std::int64_t next = 0;
      for (std::int64_t place = 1; tree.has(place); ++place) {
        const auto [first, end] = tree.range_of(place);
        if (tree.is_leaf(place)) {
          CHECK(first == next);
          next = end;
          continue;
        }
        CHECK(tree.range_of(2 * place).first == first);
        CHECK(tree.range_of(2 * place).second == tree.range_of(2 * place + 1).first);
        CHECK(tree.range_of(2 * place + 1).second == end);
      }
      CHECK(next == keys);
      CHECK_FALSE(tree.has(std::int64_t{2} << depth));
    }
  }
  CHECK_FALSE(HashTree{8, 2, 64}.has(0));
  CHECK_FALSE(HashTree{8, 2, 64}.has(-3));
}

TEST_CASE("hash_tree: one cell changes the hashes of the places above it, and no others") {
  const HashTree tree{32, 4, 64};
  const std::vector<VersionedCell> before(32);
  std::vector<VersionedCell> after = before;
  after[21].version = Token{1};
  for (std::int64_t place = 1; tree.has(place); ++place) {
    const auto [first, end] = tree.range_of(place);
    CHECK((tree.hash_at(place, before) == tree.hash_at(place, after)) ==
          !(first <= 21 && 21 < end));
  }
  const HashTree narrow{32, 4, 3};
  for (std::int64_t place = 1; narrow.has(place); ++place) CHECK(narrow.hash_at(place, after) < 8);
}

TEST_CASE("anti_entropy: hints run out, a read mends what it reads, and five keys stay old") {
  const auto run = finished(setup_with("anti-entropy-none"));
  CHECK(property(*run, "converged").witness.why ==
        "s1 and s2 differ in 5 keys, the first of them 40.");
  CHECK(property(*run, "fresh_reads").witness.why ==
        "ben read 1, although a later write was over before the read began.");
  CHECK(meter(*run, "stale_reads") == 1);
  // With more tries the hints outlast the cut.
  CHECK(standing(*finished(setup_with("anti-entropy-none", {{"hint_tries", 20}})), "converged") ==
        Standing::holds);
  // Without read repair not even what was read is mended.
  const auto unmended = finished(setup_with("anti-entropy-none", {{"read_repair", 0}}));
  CHECK(meter(*unmended, "keys_apart") == 6);
  CHECK(meter(*unmended, "stale_reads") == 2);
}

TEST_CASE(
    "anti_entropy: trees mend the same by an eighth of the bytes, and less than 1 % of cells") {
  const Setup setup = setup_with("anti-entropy");
  CHECK(setup_with("anti-entropy-none").script == setup.script);
  CHECK(setup_with("anti-entropy-full").script == setup.script);
  const auto full = finished(setup_with("anti-entropy-full"));
  const auto tree = finished(setup);
  for (const auto* run : {&full, &tree})
    for (const char* name : {"converged", "written", "fresh_reads", "all_answered"})
      CHECK(standing(**run, name) == Standing::holds);
  CHECK(8 * tree->counters().bytes < full->counters().bytes);
  CHECK(100 * meter(*tree, "cells_shipped") < meter(*full, "cells_shipped"));
  CHECK(meter(*tree, "cells_shipped") == 4 * 8 + 6);
  CHECK(meter(*full, "hashes_sent") == 0);
  // Leaves of one key ship what differs alone, and more is compared.
  const auto deep = finished(setup_with("anti-entropy", {{"depth", 8}}));
  CHECK(meter(*deep, "cells_shipped") == 6);
  CHECK(meter(*deep, "hashes_sent") > meter(*tree, "hashes_sent"));
}

TEST_CASE("anti_entropy: one workload under CP and AP: there two are refused, here one is lost") {
  const Setup setup = setup_with("partition-ap");
  const Setup refusing = setup_with("partition-cp");
  CHECK(setup.script == refusing.script);
  CHECK(setup.nodes == refusing.nodes);
  CHECK(setup.network == refusing.network);
  CHECK(setup.seed == refusing.seed);
  const auto available = finished(setup);
  const auto consistent = finished(refusing);
  CHECK(property(*available, "available").witness.measured == 0);
  CHECK(property(*consistent, "available").witness.measured == 2);
  CHECK(standing(*available, "linearizable") == Standing::violated);
  CHECK(standing(*consistent, "linearizable") == Standing::holds);
  CHECK(standing(*available, "converged") == Standing::holds);
  CHECK(meter(*available, "stale_reads") == 3);
  CHECK(meter(*consistent, "stale_reads") == 0);
  CHECK(meter(*available, "behind") > seconds(5));
}

TEST_CASE("anti_entropy: replicas agree over 10000 seeds of all faults; without it they do not") {
  const Swept same = sweep(workload({}), {"converged", "written", "all_answered"});
  CHECK(same.runs == 10'000);
  CHECK_MESSAGE(same.failing == 0, same.first);
  CHECK(sweep(workload({{"exchange", nothing_at_all}}), {"converged"}, 200).failing > 0);
}

TEST_CASE("anti_entropy: hashes of three bits leave replicas apart, and wide ones do not") {
  const Scenario narrow = workload({{"hash_bits", 3}});
  CHECK(sweep(narrow, {"converged"}, 500).failing > 0);
  const auto story = finished(setup_with("anti-entropy", {{"hash_bits", 3}}));
  CHECK(property(*story, "converged").witness.why ==
        "s1 and s2 differ in 2 keys, the first of them 40.");
}

TEST_CASE("anti_entropy: one write in every interleaving, by exact count; a lost copy stays lost") {
  check::CheckOptions options;
  options.repeats = 1;
  const auto whole = explore(small(hash_tree), options);
  CHECK(whole.exploration.stop == check::Stop::complete);
  CHECK(whole.exploration.distinct == 887);
  for (const char* name : {"converged", "written", "fresh_reads"})
    CHECK(explored(whole, name).standing == Standing::holds);
  options.faults.drops = 1;
  const auto lost = explore(small(nothing_at_all), options);
  const check::CheckedProperty& apart = explored(lost, "converged");
  REQUIRE(apart.standing == Standing::violated);
  CHECK(apart.depth == 4);
  check_way_replays(apart);
}

// Nothing in the protocol can break this: it takes a network that alters what it carries.
TEST_CASE("anti_entropy: a key altered on its way holds what nobody wrote there") {
  Setup setup = setup_with("anti-entropy");
  Input alter;
  alter.action = Action::alter;
  alter.at_us = setup.script[0].at_us;
  alter.message.to = NodeId{4};
  alter.message.label = "Store";
  alter.name = "key";
  alter.arguments = {{"value", "18"}};
  setup.script.insert(setup.script.begin(), alter);
  CHECK(property(*finished(setup), "written").witness.why ==
        "s3 has 1 under key 18, which nobody wrote there.");
}

TEST_CASE("anti_entropy: without its replica a client gives up, and until then it waits") {
  Setup setup = setup_with("anti-entropy");
  setup.script.insert(setup.script.begin(), on_nodes(Action::crash, 0, {NodeId{2}}));
  const auto run = finished(setup);
  CHECK(run->history()[0].outcome == Outcome::unknown);
  CHECK(property(*run, "available").witness.measured == 6);
  setup.until_us = seconds(1);
  CHECK(property(*finished(setup), "all_answered").witness.why == "ada still waits for an answer.");
}

TEST_CASE("anti_entropy: a copy of a run that is half over goes on as the run does") {
  for (const char* id : {"anti-entropy-none", "anti-entropy-full", "anti-entropy"})
    check_copy_is_replay(setup_with(id));
}

}  // namespace netsplit::test::anti_entropy_test
