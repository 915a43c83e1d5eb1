// Multi-Paxos: the stories of the scenarios, seeds of faults, every interleaving of a small setup,
// and the twin that does not adopt what it is told.
#include "core/scenario/lesson.h"
#include "tests/protocols/trial.h"

namespace netsplit::test::multi_paxos_test {
namespace {

const std::vector<std::string> all_properties = {"agreement", "validity", "no_gaps",
                                                 "all_answered"};

Scenario parsed(const std::string& text) {
  auto scenario = parse_scenario(text, "multi_paxos");
  REQUIRE_MESSAGE(scenario.ok(), (scenario.ok() ? "" : scenario.error()));
  return std::move(scenario).value();
}

// Two clients propose eight commands to three servers; the faults are a sweep's.
Scenario workload(const std::string& parameters = "") {
  std::string script;
  for (int i = 0; i < 8; ++i) {
    script += (i == 0 ? "" : ", ") + std::string(R"({"at": ")") + std::to_string(450 + 190 * i) +
              R"(ms", "request": "propose_value", "node": ")" + (i % 2 == 0 ? "ada" : "ben") +
              R"(", "arguments": {"value": )" + std::to_string(i + 1) + "}}";
  }
  return parsed(R"({"protocol": "multi_paxos", "until": "2s", "parameters": {
      "silence_low": "400ms", "silence_high": "800ms", "heartbeat": "300ms", "retry": "200ms",
      "give_up": "600ms", "answer_limit": "1ms")" +
                parameters + R"(}, "nodes": [{"name": "s", "role": "server", "count": 3},
      {"name": "ada", "role": "client"}, {"name": "ben", "role": "client"}],
      "network": {"latency": {"model": "uniform", "base": "10ms", "spread": "20ms"}},
      "script": [)" +
                script + "]}");
}

// Some servers are asked to lead and clients propose to them, all at any moment.
Setup small(int servers, const std::string& script, const std::string& parameters = "") {
  return parsed(R"({"protocol": "multi_paxos", "parameters": {)" + parameters + R"(}, "nodes": [
      {"name": "s", "role": "server", "count": )" +
                std::to_string(servers) + R"(}, {"name": "ada", "role": "client"},
      {"name": "ben", "role": "client"}], "script": [)" +
                script + "]}")
      .setup;
}
const std::string s1_leads = R"({"at": 0, "request": "lead", "node": "s1"})";
const std::string s2_leads = R"({"at": 0, "request": "lead", "node": "s2"})";
std::string propose(const char* client, const char* server) {
  return R"(, {"at": 0, "request": "propose_value", "node": ")" + std::string(client) +
         R"(", "arguments": {"server": ")" + server + "\"}}";
}

check::CheckReport explore_by_hand(const Setup& setup, std::uint32_t crashes) {
  check::CheckOptions options;
  options.repeats = 0;  // no timer runs out
  options.faults.crashes = crashes;
  return explore(setup, options);
}

std::string shown(const Session& session, const char* node, const char* field) {
  const std::optional<Row> row = find_field(session, node, field);
  REQUIRE(row);
  return row->children.empty() ? row->text : brief(*row);
}

}  // namespace

TEST_CASE("multi_paxos: one first phase for five commands saves each of them a round trip") {
  const auto once = finished(setup_with("multi-paxos"));
  const auto each = finished(setup_with("multi-paxos-each"));
  CHECK(shown(*once, "s1", "first_phases") == "1");
  CHECK(shown(*each, "s1", "first_phases") == "6");
  CHECK(property(*once, "prompt").witness.measured == milliseconds(4 * 60 + 2 + 2));
  CHECK(property(*each, "prompt").witness.measured > milliseconds(6 * 60));
  CHECK(once->counters().sent < each->counters().sent);
}

TEST_CASE("multi_paxos: nothing behind a gap is executed until it is filled") {
  const auto open = finished(setup_with("multi-paxos-gap"));
  CHECK(shown(*open, "s2", "commit") == "1");
  CHECK(property(*open, "no_gaps").witness.why ==
        "s2 knows that instance 3 is chosen, and cannot execute it: instance 2 is missing.");
  const auto filled = finished(setup_with("multi-paxos-filled"));
  CHECK(shown(*filled, "s2", "commit") == shown(*filled, "s3", "commit"));
  const std::vector<OperationRecord> history = filled->history();
  for (const OperationRecord& record : history) CHECK(record.outcome == Outcome::ok);
}

TEST_CASE("multi_paxos: all properties hold over 10000 seeds of faults of every kind") {
  const Swept swept = sweep(workload(), all_properties);
  CHECK(swept.runs == 10'000);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
  const Swept each = sweep(workload(R"(, "keep_ballot": false)"), all_properties, 1'000);
  CHECK_MESSAGE(each.failing == 0, each.first);
}

TEST_CASE("multi_paxos: the twin that does not adopt is caught by the same sweep") {
  CHECK(sweep(workload(R"(, "adopt": false)"), {"agreement"}, 1'000).failing > 0);
}

TEST_CASE("multi_paxos: two leaders and two commands, every interleaving, by exact count") {
  const auto report = explore_by_hand(
      small(2, s1_leads + ", " + s2_leads + propose("ada", "s1") + propose("ben", "s2")), 0);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 28'830);
  CHECK(report.exploration.generated == 100'649);
  for (const std::string& name : all_properties)
    CHECK(explored(report, name).standing == Standing::holds);
}

TEST_CASE("multi_paxos: a command while any of three servers may crash, by exact count") {
  const auto report = explore_by_hand(small(3, s1_leads + propose("ada", "s1")), 1);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 28'300);
  CHECK(report.exploration.generated == 125'865);
  for (const std::string& name : all_properties)
    CHECK(explored(report, name).standing == Standing::holds);
}

TEST_CASE(
    "multi_paxos: without adopting two commands are chosen in one instance, in twelve steps") {
  const auto report = explore_by_hand(
      small(3, s1_leads + ", " + s2_leads + propose("ada", "s1"), R"("adopt": false)"), 0);
  const check::CheckedProperty& agreement = explored(report, "agreement");
  REQUIRE(agreement.standing == Standing::violated);
  CHECK(agreement.depth == 12);
  check_way_replays(agreement);
}

TEST_CASE("multi_paxos: a command altered on its way is chosen, and nobody proposed it") {
  Scenario scenario = parsed(R"({"protocol": "multi_paxos", "until": "2s", "nodes": [
      {"name": "s", "role": "server", "count": 3}, {"name": "ada", "role": "client"}], "script": [
      {"at": "100ms", "request": "lead", "node": "s1"},
      {"at": "500ms", "alter": {"to": "s1", "label": "Propose"}, "field": "value", "value": 7},
      {"at": "500ms", "request": "propose_value", "node": "ada"}]})");
  const auto session = finished(scenario.setup);
  CHECK(property(*session, "validity").witness.why ==
        "s1 knows 7 as chosen, which nobody proposed.");
}

TEST_CASE("multi_paxos: a client that is paused to the end waits for its answer") {
  Setup setup = setup_with("multi-paxos");
  setup.script.push_back(on_nodes(Action::pause, milliseconds(5'600), {NodeId{3}}));
  CHECK(property(*finished(setup), "all_answered").witness.why == "ada still waits for an answer.");
}

TEST_CASE("multi_paxos: a copy of a run that is half over goes on as the run does") {
  for (const char* id : {"multi-paxos", "multi-paxos-filled"}) check_copy_is_replay(setup_with(id));
}

}  // namespace netsplit::test::multi_paxos_test
