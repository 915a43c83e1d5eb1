// Quorums: what each choice of R, W and of the reader's last step promises, by stories, by seeds of
// faults, and in every interleaving of small setups.
#include "core/scenario/lesson.h"
#include "tests/protocols/trial.h"

namespace netsplit::test::quorum_register_test {
namespace {

Scenario parsed(const std::string& text) {
  auto scenario = parse_scenario(text, "quorum_register");
  REQUIRE_MESSAGE(scenario.ok(), (scenario.ok() ? "" : scenario.error()));
  return std::move(scenario).value();
}

// Two clients write and read two keys; the faults are a sweep's.
Scenario workload(int replicas, const std::string& parameters = "") {
  std::string script;
  for (int i = 0; i < 14; ++i) {
    const std::string key = std::to_string(i / 7);
    script += (i == 0 ? "" : ", ") + std::string(R"({"at": ")") + std::to_string(100 + 110 * i) +
              R"(ms", "node": ")" + (i % 2 == 0 ? "ada" : "ben") +
              (i % 3 == 2 ? R"(", "request": "read_value", "arguments": {"key": )" + key + "}}"
                          : R"(", "request": "write_value", "arguments": {"key": )" + key +
                                R"(, "value": )" + std::to_string(i + 1) + "}}");
  }
  return parsed(R"({"protocol": "quorum_register", "until": "2s", "parameters": {"retry": "150ms",
      "give_up": "500ms")" +
                parameters + R"(}, "nodes": [{"name": "s", "role": "replica", "count": )" +
                std::to_string(replicas) + R"(}, {"name": "ada", "role": "client"},
      {"name": "ben", "role": "client"}], "network": {"latency": {"model": "uniform",
      "base": "10ms", "spread": "20ms"}}, "script": [)" +
                script + "]}");
}

// What each of the clients wants may be asked for at any moment.
Setup small(int replicas, const std::string& parameters, const std::vector<std::string>& wishes) {
  std::string nodes, lines;
  for (int i = 1; i <= replicas; ++i)
    nodes += R"({"name": "s)" + std::to_string(i) + R"(", "role": "replica"}, )";
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    const bool reads = wishes[i].find("read") != std::string::npos;
    lines += (i == 0 ? "" : ", ") + std::string(R"({"at": 0, "node": ")") + wishes[i].substr(0, 3) +
             R"(", "request": ")" +
             (reads ? R"(read_value"})"
                    : R"(write_value", "arguments": {"value": )" + std::to_string(i + 1) + "}}");
  }
  return parsed(R"({"protocol": "quorum_register", "parameters": {)" + parameters +
                R"(}, "nodes": [)" + nodes + R"({"name": "ada", "role": "client"},
      {"name": "ben", "role": "client"}, {"name": "cyd", "role": "client"}], "script": [)" +
                lines + "]}")
      .setup;
}
check::CheckOptions by_hand(std::uint32_t crashes = 0) {
  check::CheckOptions options;
  options.repeats = 0;
  options.faults.crashes = crashes;
  // Who never asks again may wait for ever.
  options.expected_violations = {"all_answered", "replicas_agree"};
  return options;
}

OperationRecord operation(const Session& session, const char* client, std::uint32_t number) {
  for (const OperationRecord& one : session.history())
    if (session.node_name(one.client) == client && one.number == number) return one;
  FAIL("no operation " << number << " of " << client);
  return {};
}
const std::string one_of_each = R"(, "read_quorum": 1, "write_quorum": 1)";
const std::string as_is = R"(, "after_read": "nothing_more")";

}  // namespace

TEST_CASE("quorum: with a majority one side of a cut refuses; with one replica both go on") {
  const auto refuses = finished(setup_with("partition-cp"));
  CHECK(operation(*refuses, "ada", 2).outcome == Outcome::failed);
  CHECK(operation(*refuses, "ada", 3).outcome == Outcome::failed);
  CHECK(operation(*refuses, "ada", 4).result == 70);
  CHECK(standing(*refuses, "linearizable") == Standing::holds);
  CHECK(property(*refuses, "available").witness.why == "2 of 8 operations did not go well.");
  const auto both = finished(setup_with("partition-split-brain"));
  CHECK(operation(*both, "ada", 3).result == 20);
  CHECK(operation(*both, "ben", 3).result == 70);
  CHECK(standing(*both, "linearizable") == Standing::violated);
  CHECK(property(*both, "replicas_agree").witness.why == "s1 and s2 hold different versions.");
  CHECK(setup_with("partition-cp").script == setup_with("partition-split-brain").script);
}

TEST_CASE("quorum: a write that the cut meets half-way is neither done nor refused") {
  Setup setup = setup_with("partition-cp");
  setup.script.erase(setup.script.begin() + 1, setup.script.end());
  Input split;
  split.action = Action::partition;
  split.at_us = milliseconds(660);  // the versions are known, one replica has the value
  split.groups = {{NodeId{0}, NodeId{3}}};
  setup.script.push_back(split);
  CHECK(operation(*finished(setup), "ada", 1).outcome == Outcome::unknown);
}

TEST_CASE("quorum: stale reads by R and W, under one script; read repair leaves fewer") {
  const std::int64_t none = 0;
  for (std::int64_t r = 1; r <= 3; ++r) {
    for (std::int64_t w = 1; w <= 3; ++w) {
      CAPTURE(r);
      CAPTURE(w);
      const auto run =
          finished(setup_with("quorum-overlap", {{"read_quorum", r}, {"write_quorum", w}}));
      if (r + w > 3) CHECK(meter(*run, "stale_reads") == none);
    }
  }
  const std::int64_t naive = meter(*finished(setup_with("quorum-nrw")), "stale_reads");
  const auto repaired = finished(setup_with("quorum-read-repair"));
  CHECK(naive == 6);
  CHECK(meter(*repaired, "stale_reads") < naive);
  CHECK(standing(*repaired, "replicas_agree") == Standing::holds);
}

TEST_CASE("quorum: a spare keeps a write until its home is back; meanwhile a read misses it") {
  const auto strict = finished(setup_with("quorum-no-handoff"));
  CHECK(operation(*strict, "ada", 2).outcome == Outcome::unknown);
  CHECK(standing(*strict, "fresh_reads") == Standing::holds);
  Setup setup = setup_with("quorum-handoff");
  const auto sloppy = finished(setup);
  CHECK(operation(*sloppy, "ada", 2).outcome == Outcome::ok);
  CHECK(operation(*sloppy, "ben", 1).result == 1);
  CHECK(operation(*sloppy, "ben", 2).result == 2);
  CHECK(standing(*sloppy, "fresh_reads") == Standing::violated);
  CHECK(standing(*sloppy, "replicas_agree") == Standing::holds);
  CHECK(standing(*sloppy, "handed_over") == Standing::holds);
  setup.until_us = seconds(5);
  CHECK(property(*finished(setup), "handed_over").witness.why == "s5 keeps a write for s2.");
}

TEST_CASE("quorum: two reads go backwards beside one slow write, unless the first writes back") {
  const auto naive = finished(setup_with("quorum-not-linearizable"));
  CHECK(operation(*naive, "ben", 1).result == 2);
  CHECK(operation(*naive, "cyd", 1).result == 1);
  CHECK(standing(*naive, "linearizable") == Standing::violated);
  CHECK(standing(*naive, "fresh_reads") == Standing::holds);
  const auto remedy = finished(setup_with("quorum-write-back"));
  CHECK(operation(*remedy, "ben", 1).result == 2);
  CHECK(operation(*remedy, "cyd", 1).result == 2);
  CHECK(standing(*remedy, "linearizable") == Standing::holds);
  CHECK(remedy->counters().sent > naive->counters().sent);
}

TEST_CASE("quorum: majorities that write back are linearizable over 10000 seeds of all faults") {
  const std::vector<std::string> judged = {"linearizable", "fresh_reads", "all_answered"};
  const Swept three = sweep(workload(3), judged);
  CHECK(three.runs == 10'000);
  CHECK_MESSAGE(three.failing == 0, three.first);
  for (const char* parameters : {R"(, "copies": 5, "read_quorum": 3, "write_quorum": 3)",
                                 R"(, "copies": 5, "read_quorum": 2, "write_quorum": 4)",
                                 R"(, "copies": 5, "read_quorum": 5, "write_quorum": 1)"}) {
    CAPTURE(parameters);
    const Swept five = sweep(workload(5, parameters), judged, 500);
    CHECK_MESSAGE(five.failing == 0, five.first);
  }
}

TEST_CASE(
    "quorum: without write-back reads stay fresh over 10000 seeds, and are not linearizable") {
  const Swept fresh = sweep(workload(3, as_is), {"fresh_reads", "all_answered"});
  CHECK_MESSAGE(fresh.failing == 0, fresh.first);
  CHECK(sweep(workload(3, as_is), {"linearizable"}, 3'000).failing > 0);
}

TEST_CASE("quorum: sweeps catch R + W ≤ N, sloppy quorums, and writers that do not ask") {
  for (const std::string& parameters :
       {one_of_each + as_is, one_of_each, std::string(R"(, "read_quorum": 1)"),
        std::string(R"(, "copies": 3, "handoff": true)"),
        std::string(R"(, "ask_version": false)")}) {
    CAPTURE(parameters);
    CHECK(sweep(workload(5, parameters), {"fresh_reads"}, 1'000).failing > 0);
  }
}

TEST_CASE("quorum: what spares keep is handed over, in 10000 seeds of faults") {
  const Swept swept = sweep(workload(5, R"(, "copies": 3, "handoff": true)"), {"handed_over"});
  CHECK_MESSAGE(swept.failing == 0, swept.first);
}

TEST_CASE("quorum: a write and a read, with a crash, in every interleaving, by exact count") {
  const auto report =
      explore(small(3, R"("ask_version": false)", {"ada write", "ben read"}), by_hand(1));
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 144'002);
  CHECK(report.exploration.generated == 746'624);
  for (const char* name : {"linearizable", "fresh_reads"})
    CHECK(explored(report, name).standing == Standing::holds);
}

TEST_CASE("quorum: two writers who ask for the version, and a reader, in every interleaving") {
  const auto report =
      explore(small(2, R"("copies": 2)", {"ada write", "ben write", "cyd read"}), by_hand());
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 26'716);
  for (const char* name : {"linearizable", "fresh_reads"})
    CHECK(explored(report, name).standing == Standing::holds);
}

TEST_CASE(
    "quorum: the shortest ways to a stale read, to reads that go backwards, to a lost write") {
  const auto shortest = [](const Setup& setup, const char* name) {
    const auto report = explore(setup, by_hand());
    const check::CheckedProperty& property = explored(report, name);
    REQUIRE(property.standing == Standing::violated);
    check_way_replays(property);
    return property.depth;
  };
  const std::string single = R"("ask_version": false)";
  CHECK(shortest(
            small(2, single + as_is + one_of_each + R"(, "copies": 2)", {"ada write", "ben read"}),
            "fresh_reads") == 6);
  const std::vector<std::string> three = {"ada write", "ben read", "cyd read"};
  CHECK(shortest(small(3, single + as_is, three), "linearizable") == 12);
  CHECK(shortest(small(3, single + R"(, "after_read": "repair")", three), "linearizable") == 12);
  // Two writers take the same number, and the name decides, not the order.
  CHECK(shortest(small(1, single + one_of_each + R"(, "copies": 1)",
                       {"ada write", "ben write", "ben read"}),
                 "fresh_reads") == 11);
}

TEST_CASE("quorum: who has not been answered yet has no answer") {
  Setup setup = setup_with("partition-cp");
  setup.until_us = milliseconds(560);
  CHECK(property(*finished(setup), "all_answered").witness.why == "ada still waits for an answer.");
}

TEST_CASE("quorum: a copy of a run that is half over goes on as the run does") {
  for (const char* id : {"partition-cp", "quorum-read-repair", "quorum-handoff"})
    check_copy_is_replay(setup_with(id));
}

}  // namespace netsplit::test::quorum_register_test
