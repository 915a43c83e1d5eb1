#include "core/scenario/meters.h"

#include <doctest/doctest.h>

#include <set>

#include "core/scenario/registry.h"
#include "core/scenario/report.h"

namespace netsplit::test::meters_test {
namespace {

std::int64_t reading(const HeadlessRun& run, std::string_view name) {
  for (const Reading& one : read_meters(*run.session, run.trace)) {
    if (one.name == name) return one.value;
  }
  FAIL("there is no meter " << name);
  return -1;
}

HeadlessRun run_of(const Scenario& scenario) {
  Result<HeadlessRun> run = run_headless(scenario);
  REQUIRE(run.ok());
  return std::move(run).value();
}

}  // namespace

TEST_CASE("meters: the engine's counters, the clients' operations and the protocol's own") {
  const HeadlessRun run = run_of(*find_scenario("lock-gc-pause"));
  CHECK(reading(run, "sent") == static_cast<std::int64_t>(run.session->counters().sent));
  CHECK(reading(run, "bytes") == static_cast<std::int64_t>(run.session->counters().bytes));
  CHECK(reading(run, "operations_ok") == 2);
  CHECK(reading(run, "operations_failed") == 0);
  CHECK(reading(run, "unavailable") == 0);
  CHECK(reading(run, "violations") == 2);
  CHECK(reading(run, "writes") == 2);
  CHECK(reading(run, "leases") == 2);
  const std::vector<OperationRecord> history = run.session->history();
  REQUIRE(history.size() == 2);
  const Time alice_us = history[0].completed_us - history[0].invoked_us;
  const Time bob_us = history[1].completed_us - history[1].invoked_us;
  CHECK(reading(run, "latency_max") == std::max(alice_us, bob_us));
  CHECK(reading(run, "latency_mean") == (alice_us + bob_us) / 2);
  CHECK_MESSAGE(message_delays(history[0], run.trace) == 4, "Acquire, Granted, Write, Written");
  CHECK_MESSAGE(message_delays(history[1], run.trace) == 3,
                "that Bob asked is not what got him the lock: Granted, Write, Written");
  CHECK(reading(run, "message_delays") == 4);
}

TEST_CASE("meters: time without a good answer counts once, however many wait") {
  Scenario scenario = *find_scenario("lock-gc-pause");
  scenario.setup.script.clear();
  // Nobody hears the lock service: both wait until the end.
  const auto cut = parse_script(R"([{"at": 0, "isolate": "lock"},
      {"at": "2s", "request": "lock_and_write", "node": "alice"},
      {"at": "4s", "request": "lock_and_write", "node": "bob"}])",
                                "test", scenario.setup);
  REQUIRE(cut.ok());
  scenario.setup.script = cut.value();
  scenario.expect.clear();
  scenario.setup.until_us = seconds(60);
  const HeadlessRun run = run_of(scenario);
  CHECK(reading(run, "operations_pending") == 2);
  CHECK(reading(run, "operations_ok") == 0);
  CHECK(reading(run, "latency_mean") == 0);
  CHECK(reading(run, "message_delays") == 0);
  CHECK(reading(run, "unavailable") == run.session->now_us() - seconds(2));
}

TEST_CASE("meters: names are told apart, and each says what it counts") {
  for (const ProtocolEntry& protocol : protocols()) {
    std::set<std::string_view> names;
    for (const MeterInfo& meter : protocol.info->meters) {
      CHECK(names.insert(meter.name).second);
      CHECK_FALSE(meter.sentence.empty());
    }
  }
  for (const Scenario& scenario : library()) {
    const auto session = make_session(scenario.setup);
    REQUIRE(session.ok());
    const std::vector<std::string> names = meter_names(*session.value());
    CHECK_MESSAGE(std::set(names.begin(), names.end()).size() == names.size(), scenario.id);
  }
}

TEST_CASE("meters: numbers are written for people") {
  CHECK(format_reading(MeterUnit::count, 14) == "14");
  CHECK(format_reading(MeterUnit::bytes, 999) == "999 B");
  CHECK(format_reading(MeterUnit::bytes, 1'140) == "1.1 kB");
  CHECK(format_reading(MeterUnit::bytes, 25'000'000) == "25.0 MB");
  CHECK(format_reading(MeterUnit::time_us, 412'000) == "412 ms");
  CHECK(format_reading(MeterUnit::time_us, 0) == "0");
  CHECK(format_reading(MeterUnit::ppm, 12'500) == "1.25 %");
  CHECK(format_reading(MeterUnit::ppm, 50'000) == "5 %");
  CHECK(format_reading(MeterUnit::nanocents, 3'200'000) == "0.0032 ct");
  CHECK(format_reading(MeterUnit::count, -3) == "-3");
}

}  // namespace netsplit::test::meters_test
