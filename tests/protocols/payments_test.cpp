// Payments: alone and wrong, or with a majority and refused; by stories, by seeds of faults, and in
// every interleaving of small setups.
#include "tests/protocols/trial.h"

namespace netsplit::test::payments_test {
namespace {

enum Mode : std::int64_t { totals, entries, majority };

Input pay(Time at_us, std::int32_t branch, int amount, int from, int to) {
  Input input = on_nodes(Action::request, at_us, {NodeId{branch}});
  input.name = "pay";
  input.arguments = {{"amount", std::to_string(amount)},
                     {"from", std::to_string(from)},
                     {"to", std::to_string(to)}};
  return input;
}

// Each branch pays again and again, mostly from the account that has least; the faults are a
// sweep's.
Scenario workload(std::int64_t mode) {
  Scenario scenario = scenario_with("payment-partition");
  Setup& setup = scenario.setup;
  setup.parameters = {{"mode", mode},
                      {"exchange", milliseconds(200)},
                      {"patience", milliseconds(400)},
                      {"give_up", milliseconds(500)}};
  setup.script.clear();
  setup.until_us = seconds(3);
  for (int i = 0; i < 12; ++i)
    setup.script.push_back(pay(milliseconds(300 + 170 * i), i % 3, 30 + i, 1 + i % 2, 3 - i % 3));
  return scenario;
}

// Two branches of which each pays once from one account, too much for both.
Setup small(std::int64_t mode) {
  Setup setup = setup_with("payment-partition", {{"mode", mode}});
  setup.nodes.pop_back();
  setup.script = {pay(0, 0, 70, 1, 2), pay(0, 1, 60, 1, 3)};
  return setup;
}
check::CheckOptions once() {
  check::CheckOptions options;
  options.repeats = 1;
  return options;
}

OperationRecord operation(const Session& session, std::int64_t index) {
  REQUIRE(index < session.history().size());
  return session.history()[static_cast<std::size_t>(index)];
}
std::int64_t money_wrong(const Session& session) { return session.meter(0); }

const std::vector<std::string> correct = {"conserved", "never_overdrawn"};

}  // namespace

TEST_CASE("payments: the same cut: money from nothing, an account below zero, or one refused") {
  const auto wrong = finished(setup_with("payment-totals"));
  CHECK(property(*wrong, "conserved").witness.why == "south has 310 on all accounts, of 300.");
  CHECK(standing(*wrong, "converged") == Standing::holds);
  CHECK(money_wrong(*wrong) == 10);
  const auto merged = finished(setup_with("payment-entries"));
  CHECK(standing(*merged, "conserved") == Standing::holds);
  CHECK(property(*merged, "never_overdrawn").witness.why == "south has -50 on account 1.");
  CHECK(money_wrong(*merged) == 50);
  const auto right = finished(setup_with("payment-partition"));
  CHECK(money_wrong(*right) == 0);
  CHECK(operation(*right, 2).outcome == Outcome::failed);
  CHECK(property(*right, "available").witness.why == "1 of 5 operations did not go well.");
  for (const auto* run : {&wrong, &merged})
    CHECK(property(**run, "available").witness.measured == 0);
}

TEST_CASE("payments: asked in the first moments after the cut, nobody knows") {
  Setup setup = setup_with("payment-partition");
  setup.script.insert(setup.script.begin() + 2, pay(milliseconds(2'100), 2, 60, 1, 3));
  CHECK(operation(*finished(setup), 1).outcome == Outcome::unknown);
}

TEST_CASE("payments: a primary that is cut off refuses, and what is no payment is refused") {
  Setup setup = setup_with("payment-partition");
  setup.script = {on_nodes(Action::isolate, seconds(2), {NodeId{0}}),
                  pay(seconds(5), 0, 10, 1, 2),
                  pay(seconds(5), 1, 10, 1, 2),
                  pay(seconds(5), 1, 10, 1, 1),
                  pay(seconds(5), 1, -5, 1, 2),
                  pay(seconds(5), 1, 10, 1, 9)};
  const auto run = finished(setup);
  for (std::int64_t i = 0; i < 5; ++i) CHECK(operation(*run, i).outcome == Outcome::failed);
}

TEST_CASE("payments: with a majority all is correct over 10000 seeds of all faults") {
  std::vector<std::string> judged = correct;
  judged.insert(judged.end(), {"all_answered", "converged"});
  const Swept swept = sweep(workload(majority), judged);
  CHECK(swept.runs == 10'000);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
  for (const std::int64_t mode : {totals, entries}) {
    CAPTURE(mode);
    const Swept same = sweep(workload(mode), {"converged"}, 1'000);
    CHECK_MESSAGE(same.failing == 0, same.first);
  }
}

TEST_CASE("payments: sweeps catch totals that lose money, and entries that overdraw") {
  CHECK(sweep(workload(totals), {"conserved"}, 500).failing > 0);
  CHECK(sweep(workload(entries), {"never_overdrawn"}, 500).failing > 0);
  const Swept merged = sweep(workload(entries), {"conserved"}, 1'000);
  CHECK_MESSAGE(merged.failing == 0, merged.first);
}

TEST_CASE("payments: two branches that spend one account, every interleaving, by exact count") {
  check::CheckOptions options = once();
  options.faults.drops = 1;
  options.expected_violations = {"converged", "all_answered"};
  const auto right = explore(small(majority), options);
  CHECK(right.exploration.stop == check::Stop::complete);
  CHECK(right.exploration.distinct == 1'058);
  for (const std::string& name : correct) CHECK(explored(right, name).standing == Standing::holds);
  const auto depth = [](std::int64_t mode, const char* name) {
    const auto report = explore(small(mode), once());
    const check::CheckedProperty& property = explored(report, name);
    REQUIRE(property.standing == Standing::violated);
    check_way_replays(property);
    return property.depth;
  };
  CHECK(depth(totals, "conserved") == 4);
  CHECK(depth(entries, "never_overdrawn") == 4);
}

TEST_CASE("payments: before the cut heals branches differ; a payment under way has no answer") {
  Setup setup = setup_with("payment-partition");
  setup.until_us = milliseconds(5'400);
  CHECK(property(*finished(setup), "converged").witness.why ==
        "north and south tell different balances.");
  setup.until_us = milliseconds(550);
  CHECK(property(*finished(setup), "all_answered").witness.why ==
        "north still waits for an answer.");
}

TEST_CASE("payments: a copy of a run that is half over goes on as the run does") {
  for (const char* id : {"payment-totals", "payment-entries", "payment-partition"})
    check_copy_is_replay(setup_with(id));
}

}  // namespace netsplit::test::payments_test
