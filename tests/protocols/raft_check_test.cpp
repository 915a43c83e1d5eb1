// Raft without time: every interleaving of small setups, by exact count, and the shortest ways in
// which its twins go wrong.
#include "tests/protocols/trial.h"

namespace netsplit::test::raft_check_test {
namespace {

// Elections only where they are asked for: no timer runs out.
check::CheckOptions by_hand(std::uint32_t crashes = 0, std::uint32_t duplicates = 0) {
  check::CheckOptions options;
  options.repeats = 0;
  options.faults.crashes = crashes;
  options.faults.duplicates = duplicates;
  return options;
}

// What the lines of the script ask for may happen at any moment.
Setup small(int servers, const std::string& parameters, const std::vector<std::string>& script) {
  std::string nodes, lines;
  for (int i = 1; i <= servers; ++i)
    nodes += R"({"name": "s)" + std::to_string(i) + R"(", "role": "server"}, )";
  for (const std::string& line : script) lines += (lines.empty() ? "" : ", ") + line;
  const auto scenario = parse_scenario(R"({"protocol": "raft", "parameters": {)" + parameters +
                                           R"(}, "nodes": [)" + nodes +
                                           R"({"name": "ada", "role": "client"},
      {"name": "ben", "role": "client"}], "script": [)" +
                                           lines + "]}",
                                       "small");
  REQUIRE_MESSAGE(scenario.ok(), (scenario.ok() ? "" : scenario.error()));
  return scenario.value().setup;
}
std::string campaign(const char* server) {
  return R"({"at": 0, "request": "campaign", "node": ")" + std::string(server) + "\"}";
}
std::string write(const char* client, int value, const char* server) {
  return R"({"at": 0, "request": "write_value", "node": ")" + std::string(client) +
         R"(", "arguments": {"value": )" + std::to_string(value) + R"(, "server": ")" + server +
         "\"}}";
}
std::string read(const char* client, const char* server) {
  return R"({"at": 0, "request": "read_value", "node": ")" + std::string(client) +
         R"(", "arguments": {"server": ")" + server + "\"}}";
}

void check_all_hold(const check::CheckReport& report) {
  CHECK(report.exploration.stop == check::Stop::complete);
  for (const char* name : {"election_safety", "log_matching", "leader_completeness",
                           "state_machine_safety", "linearizable"})
    CHECK(explored(report, name).standing == Standing::holds);
}

}  // namespace

TEST_CASE("raft: two candidates of three servers, every interleaving, by exact count") {
  const auto report = explore(small(3, "", {campaign("s1"), campaign("s2")}), by_hand());
  check_all_hold(report);
  CHECK(report.exploration.distinct == 30'988);
  CHECK(report.exploration.generated == 118'497);
}

TEST_CASE("raft: an election and a write while any server may crash, by exact count") {
  const auto report = explore(small(3, "", {campaign("s1"), write("ada", 1, "s1")}), by_hand(1));
  check_all_hold(report);
  CHECK(report.exploration.distinct == 93'610);
  CHECK(report.exploration.generated == 367'622);
}

TEST_CASE("raft: a vote that is not saved makes two leaders of a term, in eight steps") {
  const std::vector<std::string> script = {campaign("s1"), campaign("s3")};
  const auto report = explore(small(3, R"("save_vote": false)", script), by_hand(1));
  const check::CheckedProperty& election = explored(report, "election_safety");
  REQUIRE(election.standing == Standing::violated);
  CHECK(election.depth == 8);
  CHECK(election.witness.why == "s1 and s3 both lead in term 1.");
  check_way_replays(election);
  check_all_hold(explore(small(3, "", script), by_hand(1)));
}

TEST_CASE("raft: without sessions a copy of a message writes again, in twelve steps") {
  const std::vector<std::string> script = {campaign("s1"), write("ada", 1, "s1"),
                                           write("ada", 2, "s1"), read("ada", "s1")};
  const auto report = explore(small(1, R"("sessions": false)", script), by_hand(0, 1));
  const check::CheckedProperty& linearizable = explored(report, "linearizable");
  REQUIRE(linearizable.standing == Standing::violated);
  CHECK(linearizable.depth == 12);
  check_way_replays(linearizable);
  check_all_hold(explore(small(1, "", script), by_hand(0, 1)));
}

TEST_CASE("raft: a new leader that reads at once misses what was committed, in fifteen steps") {
  const std::vector<std::string> script = {campaign("s1"), campaign("s2"), write("ben", 1, "s2"),
                                           read("ada", "s1")};
  const auto report = explore(small(2, R"("reads": "at_once")", script), by_hand());
  const check::CheckedProperty& linearizable = explored(report, "linearizable");
  REQUIRE(linearizable.standing == Standing::violated);
  CHECK(linearizable.depth == 15);
  check_way_replays(linearizable);
  check_all_hold(explore(small(2, "", script), by_hand()));
}

}  // namespace netsplit::test::raft_check_test
