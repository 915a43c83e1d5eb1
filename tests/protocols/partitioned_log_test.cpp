// The partitioned log: what keys, offsets and timestamps order, what a rebalance redelivers, every
// run of a small setup, and seeds.
#include "core/scenario/lesson.h"
#include "tests/protocols/trial.h"

namespace netsplit::test::partitioned_log_test {
namespace {

const std::vector<std::string> all_properties = {"once", "in_order", "latest", "all_applied"};

Scenario parsed(const std::string& text) {
  auto scenario = parse_scenario(text, "partitioned_log");
  REQUIRE_MESSAGE(scenario.ok(), (scenario.ok() ? "" : scenario.error()));
  return std::move(scenario).value();
}

std::string publish(const char* at, const char* producer, int parcel, const char* status) {
  return std::string(R"({"at": ")") + at + R"(", "request": "publish", "node": ")" + producer +
         R"(", "arguments": {"parcel": )" + std::to_string(parcel) + R"(, "status": ")" + status +
         "\"}}";
}

// Each parcel has one producer; the faults are a sweep's.
Scenario workload(const std::string& parameters) {
  std::string script;
  const char* const statuses[] = {"packed", "shipped", "arrived", "collected"};
  for (int i = 0; i < 12; ++i) {
    const std::string at = std::to_string(100 + 90 * i) + "ms";
    script += (i == 0 ? "" : ", ") +
              publish(at.c_str(), i % 3 == 0 ? "shop" : "depot", 1 + i % 3, statuses[i / 3]);
  }
  return parsed(R"({"protocol": "partitioned_log", "until": "2s", "parameters": {"poll": "60ms",
      "retry": "150ms", "session": "400ms")" +
                parameters + R"(}, "nodes": [{"name": "depot", "role": "producer"},
      {"name": "shop", "role": "producer"}, {"name": "p", "role": "partition", "count": 2},
      {"name": "group", "role": "coordinator"}, {"name": "c", "role": "consumer", "count": 3},
      {"name": "tracking", "role": "tracking"}], "network": {"latency": {"model": "uniform",
      "base": "10ms", "spread": "20ms"}}, "script": [)" +
                script + "]}");
}

// Two events of one parcel.
Setup small(int partitions, int consumers, const std::string& parameters = "") {
  return parsed(R"({"protocol": "partitioned_log", "parameters": {)" + parameters +
                R"(}, "nodes": [{"name": "depot", "role": "producer"},
      {"name": "p", "role": "partition", "count": )" +
                std::to_string(partitions) + R"(}, {"name": "group", "role": "coordinator"},
      {"name": "c", "role": "consumer", "count": )" +
                std::to_string(consumers) +
                R"(}, {"name": "tracking", "role": "tracking"}], "script": [)" +
                publish("0", "depot", 1, "packed") + ", " + publish("0", "depot", 1, "shipped") +
                "]}")
      .setup;
}

std::string shown(const Session& session, const char* node, const char* field) {
  const std::optional<Row> row = find_field(session, node, field);
  REQUIRE(row);
  return row->children.empty() ? row->text : brief(*row);
}

}  // namespace

TEST_CASE(
    "partitioned_log: keys keep a parcel's events in order, turns do not, nor do timestamps") {
  const auto turns = finished(setup_with("log-round-robin"));
  CHECK(property(*turns, "in_order").witness.why ==
        "\"parcel 1: packed\" took effect after \"parcel 1: shipped\", which depot published "
        "later.");
  CHECK(property(*turns, "latest").witness.why ==
        "Parcel 2 is shown as packed, but depot published \"shipped\" last.");
  const auto stamps = finished(setup_with("log-timestamp-order"));
  CHECK(standing(*stamps, "in_order") == Standing::holds);
  CHECK(property(*stamps, "latest").witness.why ==
        "Parcel 1 is shown as shipped, but shop published \"collected\" last.");
  const auto keys = finished(setup_with("log-partition-order"));
  for (const std::string& name : all_properties) CHECK(standing(*keys, name) == Standing::holds);
  // The price: the busy key's partition is the fuller one.
  CHECK(shown(*keys, "p2", "disk.committed") == "4");
  CHECK(shown(*turns, "p2", "disk.committed") == "3");
}

TEST_CASE("partitioned_log: offsets order appends, and timestamps what clocks showed") {
  const auto offsets = finished(setup_with("log-before-append"));
  CHECK(property(*offsets, "latest").witness.why ==
        "Parcel 1 is shown as shipped, but shop published \"arrived\" last.");
  CHECK(standing(*offsets, "in_order") == Standing::holds);
  const auto stamps = finished(setup_with("log-before-append", {{"latest_by", 1}}));
  CHECK(standing(*stamps, "latest") == Standing::holds);
}

TEST_CASE("partitioned_log: the same crash loses an event, doubles two, or does no harm") {
  const auto lost = finished(setup_with("log-at-most-once"));
  CHECK(property(*lost, "all_applied").witness.why ==
        "\"parcel 1: shipped\" has not taken effect.");
  CHECK(standing(*lost, "once") == Standing::holds);
  const auto doubled = finished(setup_with("log-delivered-twice"));
  CHECK(property(*doubled, "once").witness.why == "\"parcel 1: packed\" took effect twice.");
  CHECK(standing(*doubled, "all_applied") == Standing::holds);
  const auto remedy = finished(setup_with("log-redelivery"));
  for (const std::string& name : all_properties) CHECK(standing(*remedy, name) == Standing::holds);
  CHECK(shown(*remedy, "tracking", "disk.repeats") == "2");
}

TEST_CASE("partitioned_log: a consumer that was paused through a rebalance repeats in vain") {
  for (const bool dedupe : {false, true}) {
    Setup setup = setup_with("log-redelivery", {{"dedupe", dedupe ? 1 : 0}});
    for (Input& input : setup.script) {
      if (input.action == Action::crash) input.action = Action::pause;
      if (input.action == Action::restart) input.action = Action::resume;
    }
    const auto session = finished(setup);
    CHECK(standing(*session, "once") == (dedupe ? Standing::holds : Standing::violated));
    CHECK(standing(*session, "in_order") == Standing::holds);
  }
}

TEST_CASE("partitioned_log: all properties hold over 10000 seeds of faults of every kind") {
  const Swept swept = sweep(workload(""), all_properties);
  CHECK(swept.runs == 10'000);
  CHECK_MESSAGE(swept.failing == 0, swept.first);
}

TEST_CASE("partitioned_log: the same sweep catches whoever lacks one of its rules") {
  const auto caught = [](const char* parameters, const char* name) {
    CAPTURE(parameters);
    CHECK(sweep(workload(parameters), {name}, 200).failing > 0);
  };
  caught(R"(, "dedupe": false)", "once");
  caught(R"(, "partition_by": "round_robin")", "in_order");
  caught(R"(, "latest_by": "timestamp")", "latest");
  caught(R"(, "commit": "on_delivery")", "all_applied");
}

TEST_CASE("partitioned_log: every interleaving of two consumers with a crash, by exact count") {
  check::CheckOptions options;
  options.repeats = 0;
  options.faults.crashes = 1;
  const auto report = explore(small(1, 2), options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 397'470);
  CHECK(report.exploration.generated == 1'418'918);
  for (const std::string& name : all_properties)
    CHECK(explored(report, name).standing == Standing::holds);
}

TEST_CASE("partitioned_log: every interleaving in which each timer runs out, by exact count") {
  check::CheckOptions options;
  options.repeats = 1;
  const auto report = explore(small(1, 1), options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 202'183);
  CHECK(report.exploration.generated == 705'089);
  for (const std::string& name : all_properties)
    CHECK(explored(report, name).standing == Standing::holds);
}

TEST_CASE("partitioned_log: the shortest ways to an effect twice, and to one out of order") {
  check::CheckOptions options;
  options.repeats = 1;
  const auto twice = explore(small(1, 2, R"("dedupe": false)"), options);
  REQUIRE(explored(twice, "once").standing == Standing::violated);
  CHECK(explored(twice, "once").depth == 10);
  check_way_replays(explored(twice, "once"));
  const auto turns = explore(small(2, 2, R"("partition_by": "round_robin")"), options);
  REQUIRE(explored(turns, "in_order").standing == Standing::violated);
  CHECK(explored(turns, "in_order").depth == 13);
  check_way_replays(explored(turns, "in_order"));
}

TEST_CASE("partitioned_log: a copy of a run that is half over goes on as the run does") {
  for (const char* id : {"log-round-robin", "log-before-append", "log-redelivery"})
    check_copy_is_replay(setup_with(id));
}

}  // namespace netsplit::test::partitioned_log_test
