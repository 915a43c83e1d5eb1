// Linearizability as a property: of runs, of sweeps and of checks of a protocol that says what its
// clients share.
#include "core/check/history_property.h"

#include "core/check/check_world.h"
#include "core/check/protocol_edge.h"
#include "core/check/sweep.h"
#include "tests/core/replicated_register.h"
#include "tests/core/support.h"

namespace netsplit::test::history_property_test {

using Register = replicated_register::Protocol;

namespace {

Result<std::unique_ptr<Session>> make(const Setup& setup) {
  return TypedSession<Register>::make(setup, check::properties_of<Register>());
}

Input ask(const char* what, Time at_us, std::int32_t client, std::int64_t value = 0) {
  Input input = on_nodes(Action::request, at_us, {NodeId{client}});
  input.name = what;
  if (input.name == "write") input.arguments = {{"value", std::to_string(value)}};
  return input;
}

Standing after(const Setup& setup) {
  const auto session = make(setup).value();
  while (session->step(nullptr)) {
  }
  return standing(*session, "linearizable");
}

// A writes 1; its copy takes a second. When A has been told that it is stored, B reads.
Setup stale_read(bool wait_for_backup) {
  Setup setup = replicated_register::setup(wait_for_backup);
  setup.network.link.latency = {LatencyModel::fixed, milliseconds(10), 0};
  Input late = on_message(Action::delay, milliseconds(15), 0);
  late.message.label = "Copy";
  late.duration_us = seconds(1);
  setup.script = {ask("write", 0, 0, 1), late, ask("read", milliseconds(100), 1)};
  return setup;
}

}  // namespace

TEST_CASE("linearizable: a run is judged when a client is told what no order explains") {
  auto session = make(stale_read(false)).value();
  CHECK(session->protocol().history == ObjectKind::reg);
  const PropertyState& state = property(*session, "linearizable");
  while (session->step(nullptr) && session->now_us() < milliseconds(119)) {
    CHECK(state.standing == Standing::holds);
  }
  while (session->step(nullptr)) {
  }
  REQUIRE(state.standing == Standing::violated);
  CHECK(state.witness.why == "No order of the operations explains b's read nil.");
  CHECK(state.first_us == milliseconds(120));
  CHECK(state.witness.nodes == std::vector{NodeId{1}});
  const auto history = session->history();
  CHECK(state.witness.events == std::vector{history[1].invoked_event, history[1].completed_event});
  // The remedy makes the writer wait.
  CHECK(after(stale_read(true)) == Standing::holds);
}

TEST_CASE("linearizable: unrecorded runs are judged alike, one after the other") {
  const auto session = make(stale_read(false)).value()->clone();
  for (const bool in_time : {false, true, false}) {
    Setup setup = stale_read(false);
    if (in_time) setup.script.erase(setup.script.begin() + 1);
    session->run_unrecorded(std::make_shared<const Setup>(setup));
    CHECK(standing(*session, "linearizable") == (in_time ? Standing::holds : Standing::violated));
  }
}

TEST_CASE("linearizable: a sweep finds seeds that break it, and none of the remedy") {
  for (const bool wait : {false, true}) {
    Setup setup = replicated_register::setup(wait);
    for (int i = 0; i < 6; ++i) {
      setup.script.push_back(ask("write", i * milliseconds(100), 0, i));
      setup.script.push_back(ask("read", i * milliseconds(100) + milliseconds(50), 1));
    }
    const auto faults = check::all_faults & ~check::set_of(check::FaultKind::duplicate);
    const auto sweep = check::Sweep::make(setup, {"linearizable"}, faults, make);
    REQUIRE_MESSAGE(sweep.ok(), sweep.error());
    std::size_t failing = 0;
    for (std::uint64_t block = 0; block < 5; ++block)
      failing += sweep.value().run_block({1, 500}, block).failing.size();
    CHECK((failing > 0) == !wait);
  }
}

TEST_CASE("linearizable: a check finds the shortest stale read, and none where writers wait") {
  for (const bool wait : {false, true}) {
    Setup setup = replicated_register::setup(wait);
    setup.script = {ask("write", 0, 0, 1), ask("write", 0, 0, 2), ask("read", 0, 1),
                    ask("read", 0, 1)};
    const auto report =
        check::check_world(check::checked_protocol<Register>(), setup, {}, check::run_in_order, {});
    REQUIRE_MESSAGE(report.ok(), report.error());
    const check::CheckedProperty& property = report.value().properties.back();
    CHECK(property.name == "linearizable");
    CHECK(property.standing == (wait ? Standing::holds : Standing::violated));
    if (wait) continue;
    // The write is asked, stored and told; the read is asked, arrives and is answered.
    CHECK(property.depth == 6);
    CHECK(property.witness.why == "No order of the operations explains b's read nil.");
  }
}

TEST_CASE("linearizable: of more than a thousand answers the last one is judged too") {
  Setup setup = stale_read(false);
  for (int i = 0; i < 1'200; ++i)
    setup.script.push_back(ask("read", seconds(2) + i * milliseconds(50), 1));
  setup.script.erase(setup.script.begin() + 1);  // nothing is late
  setup.until_us = hours(1);
  REQUIRE(after(setup) == Standing::holds);
  const Time end_us = setup.script.back().at_us + seconds(1);
  Input late = on_message(Action::delay, end_us + milliseconds(15), 0);
  late.message.label = "Copy";
  late.duration_us = seconds(1);
  setup.script.insert(setup.script.end(), {ask("write", end_us, 0, 2), late,
                                           ask("read", end_us + milliseconds(100), 1)});
  CHECK(after(setup) == Standing::violated);
}

TEST_CASE("linearizable: a search that is given up is not decided, and claims nothing") {
  std::vector<OperationRecord> records;
  const auto add = [&](std::int32_t client, Operation operation, Time from, Time to,
                       std::int64_t result) {
    OperationRecord record{NodeId{client}, 1, operation};
    record.outcome = Outcome::ok;
    record.result = result;
    record.invoked_us = record.invoked_event = from;
    record.completed_us = record.completed_event = to;
    records.push_back(record);
  };
  for (int i = 0; i < 26; ++i) add(i, {"write", 0, i, 0}, i, 1'000 + i, 0);
  for (int i = 0; i < 26; ++i) add(100 + i, {"read"}, 100 + i, 2'000 + i, i);
  add(200, {"read"}, 3'000, 3'001, 999);
  const Verdict verdict =
      check::judge_clients(ObjectKind::reg, records, [](NodeId) { return std::string("client"); });
  CHECK_FALSE(verdict.decided);
  CHECK(verdict.why.find("given up") != std::string::npos);
}

}  // namespace netsplit::test::history_property_test
