// Raft in time: the stories of the scenarios, seeds of faults, and what each twin that lacks one
// rule does under them. Every interleaving of small setups: raft_check_test.cpp.
#include "tests/protocols/trial.h"

#include "core/scenario/lesson.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"

namespace netsplit::test::raft_test {
namespace {

const std::vector<std::string> safety = {"election_safety", "log_matching", "leader_completeness",
                                         "state_machine_safety", "linearizable"};
const std::vector<std::string> all_properties = {
    "election_safety", "log_matching", "leader_completeness", "state_machine_safety",
    "linearizable",    "has_leader",   "all_answered"};

Scenario parsed(const std::string& text) {
  auto scenario = parse_scenario(text, "raft");
  REQUIRE_MESSAGE(scenario.ok(), (scenario.ok() ? "" : scenario.error()));
  return std::move(scenario).value();
}

// Two clients write and read through the servers; the faults are a sweep's.
Scenario workload(int servers, const std::string& parameters = "") {
  std::string script;
  for (int i = 0; i < 12; ++i) {
    const std::string head = R"({"at": ")" + std::to_string(450 + 130 * i) + R"(ms", "node": ")" +
                             (i % 2 == 0 ? "ada" : "ben") + R"(", )";
    script += i == 0 ? "" : ", ";
    script += i % 3 == 2 ? head + R"("request": "read_value"})"
                         : head + R"("request": "write_value", "arguments": {"value": )" +
                               std::to_string(i + 1) + "}}";
  }
  return parsed(R"({"protocol": "raft", "until": "2s", "parameters": {"election_low": "300ms",
      "election_high": "600ms", "heartbeat": "200ms", "retry": "200ms", "give_up": "600ms")" +
                parameters + R"(}, "nodes": [{"name": "s", "role": "server", "count": )" +
                std::to_string(servers) + R"(}, {"name": "ada", "role": "client"},
      {"name": "ben", "role": "client"}], "network": {"latency": {"model": "uniform",
      "base": "10ms", "spread": "20ms"}}, "script": [)" +
                script + "]}");
}

// The field of a node, as the inspector shows it.
std::string shown(const Session& session, const char* node, const char* field) {
  const std::optional<Row> row = find_field(session, node, field);
  REQUIRE(row);
  return row->children.empty() ? row->text : brief(*row);
}

OperationRecord operation(const Session& session, std::int64_t index) {
  REQUIRE(index < session.history().size());
  return session.history()[index];
}

}  // namespace

TEST_CASE(
    "raft: an entry is committed by a majority, and the followers learn it a heartbeat later") {
  Setup setup = setup_with("raft-replication");
  setup.until_us =
      milliseconds(1'690);  // s1 has the copies' receipts, and the next heartbeat not sent
  const auto early = finished(setup);
  CHECK(shown(*early, "s1", "commit") == "2");
  CHECK(shown(*early, "s2", "disk.log") == "[1, empty, s1, 0 1, 1, write, ada, 1]");
  CHECK(shown(*early, "s2", "commit") == "1");
  setup.until_us = seconds(2);
  CHECK(shown(*finished(setup), "s2", "commit") == "2");
}

TEST_CASE(
    "raft: equal timeouts split the vote for ever, random ones elect in every one of 500 seeds") {
  const auto split = finished(setup_with("raft-split-vote"));
  CHECK(standing(*split, "has_leader") == Standing::violated);
  for (const char* server : {"s1", "s2", "s3"}) CHECK(shown(*split, server, "state") != "leader");
  Setup setup = setup_with("raft-election");
  for (setup.seed = 1; setup.seed <= 500; ++setup.seed) {
    const auto elected = finished(setup);
    CHECK_MESSAGE(standing(*elected, "has_leader") == Standing::holds,
                  reproduce("raft-election", setup));
  }
}

TEST_CASE("raft: a write whose answer was lost is done once with sessions, twice without") {
  const auto once = finished(setup_with("raft-replication"));
  CHECK(operation(*once, 3).result == 2);
  CHECK(standing(*once, "linearizable") == Standing::holds);
  const auto twice = finished(setup_with("raft-retry-twice"));
  CHECK(operation(*twice, 3).result == 1);
  CHECK(standing(*twice, "linearizable") == Standing::violated);
}

TEST_CASE(
    "raft: the leader of a minority commits nothing, and its client learns that nobody knows") {
  const auto run = finished(setup_with("raft-partition"));
  CHECK(operation(*run, 1).operation.argument == 2);
  CHECK(operation(*run, 1).outcome == Outcome::unknown);
  CHECK(operation(*run, 2).operation.argument == 3);
  CHECK(operation(*run, 2).outcome == Outcome::ok);
  CHECK(shown(*run, "s1", "machine.value") == "3");
  CHECK(shown(*run, "s1", "disk.log") == shown(*run, "s3", "disk.log"));
}

TEST_CASE("raft: a leader of old that answers reads at once answers with the past") {
  const auto run = finished(setup_with("raft-stale-read"));
  CHECK(operation(*run, 3).outcome == Outcome::ok);
  CHECK(operation(*run, 3).result == 1);
  CHECK(standing(*run, "linearizable") == Standing::violated);
}

TEST_CASE("raft: figure 8, an entry on a majority is overwritten; who counted it was wrong") {
  const auto right = finished(setup_with("raft-figure-8"));
  CHECK(operation(*right, 0).outcome == Outcome::unknown);
  CHECK(standing(*right, "leader_completeness") == Standing::holds);
  const auto wrong = finished(setup_with("raft-figure-8-broken"));
  CHECK(operation(*wrong, 0).outcome == Outcome::ok);
  CHECK(property(*wrong, "leader_completeness").witness.why ==
        "s5 leads in term 4 without the entry at index 2, which s2 has committed.");
  // The entry was on the same three servers in both.
  for (const auto* run : {&right, &wrong})
    CHECK(shown(**run, "s3", "disk.log") == shown(**run, "s5", "disk.log"));
}

TEST_CASE("raft: a vote that is not saved is given twice") {
  const auto twice = finished(setup_with("raft-vote-twice"));
  CHECK(property(*twice, "election_safety").witness.why == "s1 and s3 both lead in term 1.");
  const auto once = finished(setup_with("raft-vote-saved"));
  CHECK(shown(*once, "s3", "state") == "candidate");
  CHECK(standing(*once, "election_safety") == Standing::holds);
}

TEST_CASE("raft: who was away deposes the leader with its terms, unless it asks first") {
  const auto disturbed = finished(setup_with("raft-disruptive"));
  CHECK(property(*disturbed, "few_terms").witness.measured > 3);
  const auto quiet = finished(setup_with("raft-pre-vote"));
  CHECK(property(*quiet, "few_terms").witness.measured == 1);
  CHECK(shown(*quiet, "s1", "state") == "leader");
}

TEST_CASE("raft: a follower that was away is brought up by one snapshot") {
  const auto whole = finished(setup_with("raft-endless-log"));
  const auto cut = finished(setup_with("raft-snapshot"));
  CHECK(property(*whole, "short_log").witness.measured == 12);
  CHECK(property(*cut, "short_log").witness.measured <= 4);
  CHECK(shown(*cut, "s3", "machine") == shown(*cut, "s1", "machine"));
  CHECK(shown(*cut, "s3", "machine") == shown(*whole, "s3", "machine"));
}

TEST_CASE("raft: a client that is paused to the end waits for its answer") {
  Setup setup = setup_with("raft-replication");
  setup.script.push_back(
      on_nodes(Action::pause, setup.script.back().at_us + milliseconds(1), {NodeId{3}, NodeId{4}}));
  CHECK(standing(*finished(setup), "all_answered") == Standing::violated);
}

TEST_CASE("raft: all properties hold over 10000 seeds of faults of every kind") {
  const Swept swept = sweep(workload(3), all_properties);
  CHECK(swept.runs == 10'000);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
}

TEST_CASE("raft: they hold with five servers, pre-votes, snapshots and one entry a message") {
  for (const char* parameters :
       {R"(, "pre_vote": true)", R"(, "snapshot_after": 2)", R"(, "batch": 1)",
        R"(, "batch": 2, "snapshot_after": 3, "pre_vote": true)"}) {
    CAPTURE(parameters);
    const Swept swept = sweep(workload(5, parameters), all_properties, 300);
    CHECK_MESSAGE(swept.failing == 0, swept.first);
  }
}

TEST_CASE("raft: sweeps catch what is done twice, read too early and voted twice") {
  const check::FaultSet late = check::set_of(check::FaultKind::pause) |
                               check::set_of(check::FaultKind::partition) |
                               check::set_of(check::FaultKind::loss);
  for (const char* parameters : {R"(, "sessions": false)", R"(, "reads": "at_once")"}) {
    CAPTURE(parameters);
    CHECK(sweep(workload(3, parameters), {"linearizable"}, 1'000, late).failing > 0);
  }
}

TEST_CASE("raft: a sweep catches the leader that counts copies of an older term's entry") {
  // Elections follow each other faster than an entry is replicated.
  const std::string text = R"({"protocol": "raft", "until": "4s", "parameters": {"batch": 1,
      "election_low": "60ms", "election_high": "150ms", "heartbeat": "50ms", "retry": "20ms",
      "give_up": "20ms", "own_term_only": OWN}, "nodes": [{"name": "s", "role": "server",
      "count": 3}], "network": {"latency": {"model": "uniform", "base": "5ms",
      "spread": "60ms"}}})";
  const check::FaultSet faults =
      check::set_of(check::FaultKind::reorder) | check::set_of(check::FaultKind::loss) |
      check::set_of(check::FaultKind::cut) | check::set_of(check::FaultKind::one_way) |
      check::set_of(check::FaultKind::crash) | check::set_of(check::FaultKind::partition);
  const auto with = [&](const char* own) {
    std::string made = text;
    return parsed(made.replace(made.find("OWN"), 3, own));
  };
  const Swept broken = sweep(with("false"), {"leader_completeness"}, 800, faults);
  CHECK(broken.failing > 0);
  CHECK(broken.first.find("which s") != std::string::npos);
  const Swept sound = sweep(with("true"), safety, 800, faults);
  CHECK_MESSAGE(sound.failing == 0, sound.first);
}

TEST_CASE("raft: a copy of a run that is half over goes on as the run does") {
  for (const char* id : {"raft-election", "raft-partition", "raft-figure-8", "raft-snapshot"})
    check_copy_is_replay(setup_with(id));
}

}  // namespace netsplit::test::raft_test
