#include <doctest/doctest.h>

#include "core/scenario/registry.h"
#include "random_scenario.h"

namespace netsplit::test::scenario_codec_test {
namespace {

constexpr std::string_view lock_file = R"({
  "title": "A lock",
  "protocol": "lease_lock",
  "parameters": {"lease": "2s", "fencing": "token"},
  "nodes": [
    {"name": "alice", "role": "client"},
    {"name": "n", "role": "client", "count": 100},
    {"name": "lock", "role": "lock_service"},
    {"name": "storage", "role": "storage"}
  ],
  "network": {"latency": {"model": "uniform", "base": "8ms", "spread": "4ms"}, "loss_ppm": 1000},
  "links": [{"between": ["alice", "lock"], "latency": "80ms"}],
  "seed": 7,
  "until": "20s",
  "script": [SCRIPT]
})";

std::string with_script(const std::string& lines) {
  std::string text(lock_file);
  return text.replace(text.find("SCRIPT"), 6, lines);
}

Scenario parsed(const std::string& text) {
  const Result<Scenario> scenario = parse_scenario(text, "test");
  REQUIRE_MESSAGE(scenario.ok(), (scenario.ok() ? "" : scenario.error()));
  return scenario.value();
}

Input only_input(const std::string& line) {
  const Scenario scenario = parsed(with_script(line));
  REQUIRE(scenario.setup.script.size() == 1);
  return scenario.setup.script[0];
}

}  // namespace

TEST_CASE("scenario: a file written by a person means what it says") {
  const Scenario scenario = parsed(with_script(R"({"at": "1.2s", "pause": "alice"})"));
  const Setup& setup = scenario.setup;
  CHECK(setup.protocol == "lease_lock");
  CHECK(setup.seed == 7);
  CHECK(setup.until_us == seconds(20));
  REQUIRE(setup.parameters.size() == 2);
  CHECK(setup.parameters[0] == std::pair<std::string, std::int64_t>("fencing", 1));
  CHECK(setup.parameters[1] == std::pair<std::string, std::int64_t>("lease", seconds(2)));
  CHECK(setup.network.link.latency == Latency{LatencyModel::uniform, 8000, 4000});
  REQUIRE(setup.links.size() == 1);
  CHECK(setup.links[0].from == NodeId{0});
  CHECK(setup.links[0].to == NodeId{101});
  CHECK(setup.links[0].link.latency.base_us == milliseconds(80));
  CHECK_MESSAGE(setup.links[0].link.loss_ppm == 1000, "what a link does not set is the network's");
  REQUIRE(setup.script.size() == 1);
  CHECK(setup.script[0] == on_nodes(Action::pause, 1'200'000, {NodeId{0}}));
}

TEST_CASE("scenario: what is left out has its usual value") {
  const Scenario scenario =
      parsed(R"({"protocol": "lease_lock", "nodes": [{"name": "a", "role": "client"}]})");
  Scenario usual;
  usual.setup.protocol = "lease_lock";
  usual.setup.nodes = {NodeGroup{"a", "client", 1, false, {}}};
  CHECK(scenario == usual);
}

TEST_CASE("scenario: parameters at their usual value are dropped and the rest put in order") {
  const Scenario scenario = parsed(
      R"({"protocol": "lease_lock", "nodes": [{"name": "a", "role": "client"}],
          "parameters": {"check_lease": true, "lease": "5s", "fencing": "token"}})");
  REQUIRE(scenario.setup.parameters.size() == 2);
  CHECK(scenario.setup.parameters[0].first == "fencing");
  CHECK(scenario.setup.parameters[1].first == "check_lease");
}

TEST_CASE("script: nodes are named one by one, as a group, or as a range") {
  CHECK(only_input(R"({"at": 0, "pause": "n17"})").groups[0] == std::vector{NodeId{17}});
  const auto range = only_input(R"({"at": 0, "pause": ["alice", "n3..n5"]})").groups[0];
  CHECK(range == std::vector{NodeId{0}, NodeId{3}, NodeId{4}, NodeId{5}});
  const auto group = only_input(R"({"at": 0, "crash": "n"})").groups[0];
  CHECK(group.size() == 100);
  CHECK(group.front() == NodeId{1});
  CHECK(group.back() == NodeId{100});
}

TEST_CASE("script: every action is read as documented") {
  const Input cut = only_input(R"({"at": "2s", "cut": ["alice", "lock"], "one_way": true})");
  CHECK(cut.action == Action::cut);
  CHECK(cut.one_way);
  CHECK(cut.groups == std::vector<std::vector<NodeId>>{{NodeId{0}}, {NodeId{101}}});
  CHECK(only_input(R"({"at": "2s", "heal": "all"})").groups.empty());
  CHECK(
      only_input(R"({"at": "2s", "partition": [["alice", "lock"], ["storage"]]})").groups.size() ==
      2);
  CHECK(only_input(R"({"at": "2s", "cut_random": "all", "ppm": 5})").ppm == 5);
  const Input delay = only_input(
      R"({"at": "4s", "delay": {"from": "alice", "to": "storage", "label": "Write"}, "by": "6s"})");
  CHECK(delay.message == MessageChoice{0, NodeId{0}, NodeId{102}, "Write"});
  CHECK(delay.duration_us == seconds(6));
  CHECK(only_input(R"({"at": "4s", "drop": 17})").message.id == 17);
  CHECK(only_input(R"({"at": "5s", "clock_step": "lock", "by": "-30s"})").duration_us ==
        -seconds(30));
  CHECK(only_input(R"({"at": "5s", "clock_ntp": "lock", "on": true})").ppm == 1);
  const Input link = only_input(R"({"at": "5s", "link": "all", "set": {"fifo": true}})");
  CHECK(link.link.fifo);
  CHECK_MESSAGE(link.link.loss_ppm == 1000, "what a line does not set is the network's");
  const Input alter =
      only_input(R"({"at": "5s", "alter": {"label": "Write"}, "field": "token", "value": 34})");
  CHECK(alter.name == "token");
  CHECK(alter.arguments[0].second == "34");
  const Input request = only_input(
      R"({"at": "1s", "request": "lock_and_write", "node": "alice",
          "arguments": {"work_us": "3s"}})");
  CHECK(request.name == "lock_and_write");
  CHECK(request.arguments == std::vector<std::pair<std::string, std::string>>{{"work_us", "3s"}});
}

TEST_CASE("script: lines apply in order of time, then as listed") {
  const Scenario scenario = parsed(with_script(
      R"({"at": "2s", "pause": "alice"}, {"at": "1s", "pause": "lock"},
         {"at": "1s", "resume": "lock"})"));
  REQUIRE(scenario.setup.script.size() == 3);
  CHECK(scenario.setup.script[0].action == Action::pause);
  CHECK(scenario.setup.script[1].action == Action::resume);
  CHECK(scenario.setup.script[2].at_us == seconds(2));
}

TEST_CASE("scenario: random scenarios come back from their canonical text as they were") {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    const Scenario scenario = test::RandomScenario(seed).make();
    const std::string text = write_scenario(scenario);
    CAPTURE(text);
    const Result<Scenario> again = parse_scenario(text, "written");
    REQUIRE_MESSAGE(again.ok(), (again.ok() ? "" : again.error()));
    REQUIRE(again.value() == scenario);
    REQUIRE(write_scenario(again.value()) == text);
  }
}

TEST_CASE("script: a script alone comes back from its canonical text") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Setup setup = test::RandomScenario(seed).make().setup;
    const auto again = parse_script(write_script(setup.script, setup), "written", setup);
    REQUIRE(again.ok());
    CHECK(again.value() == setup.script);
  }
}

TEST_CASE("scenario: the canonical text is short and kept in lines that people can read") {
  const std::string text = write_scenario(parsed(with_script(
      R"({"at": "1s", "pause": ["n1", "n2", "n3"]}, {"at": "2s", "resume": ["n1..n100"]})")));
  CHECK(text.find(R"("pause": "n1..n3")") != std::string::npos);
  CHECK(text.find(R"("resume": "n")") != std::string::npos);
  CHECK(text.find(R"({"name": "n", "role": "client", "count": 100},)") != std::string::npos);
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = text.find('\n', begin);
    CHECK(end - begin <= 100);
    begin = end + 1;
  }
}

TEST_CASE("scenario: a million nodes in one group cost nothing to read") {
  const Scenario scenario = parsed(
      R"({"protocol": "lease_lock", "nodes": [{"name": "n", "role": "client", "count": 1000000}],
          "script": [{"at": "1s", "pause": "n999999"}]})");
  CHECK(scenario.setup.script[0].groups[0] == std::vector{NodeId{999'998}});
}

}  // namespace netsplit::test::scenario_codec_test
