// Idempotency keys: chapter 3 as the catalogue tells it, the remedies under the same script, every
// run of a small setup, and seeds.
#include <algorithm>

#include "core/scenario/report.h"
#include "trial.h"

namespace netsplit::test::idempotency_test {
namespace {

constexpr std::int64_t check_then_act = 1;
constexpr std::int64_t lock_in_memory = 2;

const std::vector<std::string> safety = {"at_most_once", "answers_true"};
const std::vector<std::string> exactly_once = {"at_most_once", "answers_true", "at_least_once"};

std::int64_t taken(const Session& session) {
  const Row state = session.node(session.find_node("bank")).state;
  return state.children[0].children[1].number;
}

// What a handler says of an operation's effects is what the bank's book says.
void check_effects(const Session& session) {
  for (const OperationRecord& record : session.history()) {
    std::uint32_t charges = 0;
    const NodeView bank = session.node(session.find_node("bank"));
    for (const Row& charge : bank.state.children[0].children[0].children)
      charges += charge.children[2].number == record.operation.argument ? 1 : 0;
    CHECK(record.effects == charges);
    if (charges == 0) continue;
    CHECK(record.first_effect_us > record.invoked_us);
    CHECK((record.last_effect_us > record.first_effect_us) == (charges > 1));
  }
}

// What each client was told, and what was true: "ok, charged".
std::vector<std::string> told(const Session& session) {
  std::vector<std::string> lines;
  for (const OperationRecord& record : session.history()) {
    const char* const words[] = {"pending", "ok", "failed", "unknown"};
    // The amounts of a scenario's orders differ.
    std::int64_t charges = 0;
    const NodeView bank = session.node(session.find_node("bank"));
    for (const Row& charge : bank.state.children[0].children[0].children)
      charges += charge.children[2].number == record.operation.argument ? 1 : 0;
    lines.push_back(std::string(words[static_cast<int>(record.outcome)]) +
                    (charges == 0   ? ", not charged"
                     : charges == 1 ? ", charged"
                                    : ", charged " + std::to_string(charges) + " times"));
  }
  return lines;
}

using Told = std::vector<std::string>;

// One client that orders once and asks twice at most.
Setup one_order(const Parameters& parameters) {
  Setup setup =
      setup_with("idem-expiry", {{"attempts", 2}, {"key_expiry", 0}, {"retry_after", seconds(1)}});
  for (const auto& parameter : parameters) {
    std::erase_if(setup.parameters,
                  [&](const auto& known) { return known.first == parameter.first; });
    setup.parameters.push_back(parameter);
  }
  setup.script.resize(1);
  return setup;
}

}  // namespace

TEST_CASE("idempotency: without an answer a lost request and a lost answer look the same") {
  const auto session = finished(setup_with("idem-ambiguous"));
  CHECK(told(*session) == Told{"ok, charged", "unknown, not charged", "unknown, charged"});
  check_effects(*session);
  CHECK(taken(*session) == 80);
  CHECK(property(*session, "at_least_once").witness.why == "bob's order for 20 was never charged.");
}

TEST_CASE("idempotency: asking again saves the lost order and doubles the lost answer") {
  const auto session = finished(setup_with("idem-naive-retry"));
  CHECK(told(*session) == Told{"ok, charged", "ok, charged", "ok, charged 2 times"});
  check_effects(*session);
  CHECK(taken(*session) == 150);
  const PropertyState& twice = property(*session, "at_most_once");
  CHECK(twice.standing == Standing::violated);
  CHECK(twice.witness.why == "carol's order for 50 was charged 2 times.");
}

TEST_CASE("idempotency: a PUT and a key hold under that very script, and answer with the first") {
  for (const char* id : {"idem-put", "idem-key"}) {
    CAPTURE(id);
    CHECK(setup_with(id).script == setup_with("idem-naive-retry").script);
    CHECK(setup_with(id).seed == setup_with("idem-naive-retry").seed);
    const auto session = finished(setup_with(id));
    CHECK(told(*session) == Told{"ok, charged", "ok, charged", "ok, charged"});
    CHECK(taken(*session) == 100);
    // Carol's receipt is that of the charge whose answer she never saw, before Bob's.
    CHECK(session->history()[2].result == 2);
    CHECK(session->history()[1].result == 3);
  }
}

TEST_CASE("idempotency: a key for each attempt is no key, under the same script") {
  CHECK(setup_with("idem-new-key-per-try").script == setup_with("idem-key").script);
  const auto session = finished(setup_with("idem-new-key-per-try"));
  CHECK(standing(*session, "at_most_once") == Standing::violated);
  CHECK(taken(*session) == 150);
}

TEST_CASE("idempotency: look, charge, store fails both ways; charge and key in one step holds") {
  const auto naive = finished(setup_with("idem-check-then-act"));
  CHECK(told(*naive) == Told{"ok, charged 2 times", "ok, charged 2 times"});
  // A lock in the shop's memory closes the first way, not the second.
  const auto locked = finished(setup_with("idem-check-then-act", {{"store", lock_in_memory}}));
  CHECK(told(*locked) == Told{"ok, charged", "ok, charged 2 times"});
  CHECK(setup_with("idem-atomic").script == setup_with("idem-check-then-act").script);
  const auto remedy = finished(setup_with("idem-atomic"));
  CHECK(told(*remedy) == Told{"ok, charged", "ok, charged"});
  CHECK(taken(*remedy) == 50);
}

TEST_CASE("idempotency: a key that is forgotten protects nobody who asks later") {
  const auto late = finished(setup_with("idem-expiry"));
  const PropertyState& twice = property(*late, "at_most_once");
  CHECK(twice.standing == Standing::violated);
  CHECK(twice.first_us > hours(25));
  CHECK(setup_with("idem-retry-window").script == setup_with("idem-expiry").script);
  const auto in_time = finished(setup_with("idem-retry-window"));
  CHECK(told(*in_time) == Told{"ok, charged"});
}

TEST_CASE("idempotency: the same key with another amount is refused, or answered wrongly") {
  const auto naive = finished(setup_with("idem-key-reused"));
  CHECK(told(*naive) == Told{"ok, charged", "ok, not charged"});
  CHECK(property(*naive, "answers_true").witness.why ==
        "alice's order for 50 was answered OK, but never charged.");
  CHECK(setup_with("idem-payload-mismatch").script == setup_with("idem-key-reused").script);
  const auto remedy = finished(setup_with("idem-payload-mismatch"));
  CHECK(told(*remedy) == Told{"ok, charged", "failed, not charged"});
  // The shop's own store looks at the amount as well.
  const auto stored = finished(setup_with("idem-payload-mismatch", {{"store", check_then_act}}));
  CHECK(told(*stored) == Told{"ok, charged", "failed, not charged"});
}

TEST_CASE("idempotency: a client that crashes goes on with the order and the key it had") {
  Setup setup = setup_with("idem-key");
  const NodeId carol{2};
  setup.script.push_back(on_nodes(Action::crash, milliseconds(1'200), {carol}));
  setup.script.push_back(on_nodes(Action::restart, milliseconds(2'000), {carol}));
  const auto session = finished(setup);
  CHECK(told(*session) == Told{"ok, charged", "ok, charged", "unknown, charged"});
  CHECK(standing(*session, "at_least_once") == Standing::holds);
  CHECK_FALSE(session->node(carol).state.children[0].children[3].number);  // it waits no more
}

TEST_CASE("idempotency: waits that double, with jitter") {
  Setup setup = setup_with("idem-ambiguous", {{"retry", 2}, {"attempts", 4}});
  Input cut;
  cut.action = Action::isolate;
  cut.groups = {{NodeId{3}}};
  setup.script.insert(setup.script.begin(), cut);
  setup.until_us = minutes(2);
  const Run done = run(setup);
  const std::vector<Time> times = times_of(done, EventKind::timer, NodeId{0});
  REQUIRE(times.size() == 4);
  Time last_us = milliseconds(300);
  Time wait_us = seconds(4);
  for (const Time at_us : times) {
    CHECK(at_us - last_us >= wait_us / 2);
    CHECK(at_us - last_us <= wait_us);
    last_us = at_us;
    wait_us *= 2;
  }
}

TEST_CASE("idempotency: whoever orders again while waiting is told that this one failed") {
  Setup setup = setup_with("idem-key");
  setup.script.insert(setup.script.begin() + 1, setup.script[0]);
  setup.script[1].at_us += milliseconds(10);
  setup.script[1].arguments = {{"amount", "31"}};
  const auto session = finished(setup);
  Told lines = told(*session);
  CHECK(std::count(lines.begin(), lines.end(), "failed, not charged") == 1);
  CHECK(standing(*session, "answers_true") == Standing::holds);
}

TEST_CASE("idempotency: every run of one order asked for twice, by exact count") {
  check::CheckOptions options;
  options.faults = {1, 1, 1};
  options.expected_violations = {"at_least_once"};  // whoever asks but twice may fail both times
  const auto report = explore(one_order({}), options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.distinct == 2'001);
  CHECK(report.exploration.generated == 7'437);
  CHECK(report.exploration.depth == 15);
  for (const std::string& name : safety) CHECK(explored(report, name).standing == Standing::holds);
}

TEST_CASE("idempotency: a check finds both ways in which look, charge, store goes wrong") {
  // Without any fault: the second attempt overtakes the first.
  const auto race = explore(one_order({{"store", check_then_act}}), {});
  const auto& overtaken = explored(race, "at_most_once");
  REQUIRE(overtaken.standing == Standing::violated);
  CHECK(overtaken.depth == 6);
  check_way_replays(overtaken);
  // With a lock in memory there is none …
  const auto locked = explore(one_order({{"store", lock_in_memory}}), {});
  CHECK(locked.exploration.stop == check::Stop::complete);
  CHECK(explored(locked, "at_most_once").standing == Standing::holds);
  // … until the shop crashes between charging and storing.
  check::CheckOptions options;
  options.faults = {0, 0, 1};
  const auto crash = explore(one_order({{"store", lock_in_memory}}), options);
  const auto& forgotten = explored(crash, "at_most_once");
  REQUIRE(forgotten.standing == Standing::violated);
  CHECK(forgotten.depth == 8);
  const auto& steps = forgotten.way->steps;
  CHECK(std::any_of(steps.begin(), steps.end(),
                    [](const std::string& line) { return line.find("shop") == 0; }));
  check_way_replays(forgotten);
}

TEST_CASE("idempotency: keys and PUTs hold over 10 000 seeds: charged once, and answered truly") {
  for (const std::string id : {"idem-key", "idem-put", "idem-atomic", "idem-payload-mismatch"}) {
    // An order that is refused after its client has crashed is not charged, and nobody is told.
    const bool refuses = id == "idem-payload-mismatch";
    const Swept swept = sweep(scenario_with(id), refuses ? safety : exactly_once);
    CHECK_MESSAGE(swept.failing == 0, id << ": " << swept.first);
    CHECK(swept.runs == 10'000);
  }
}

TEST_CASE("idempotency: every broken twin is caught by a sweep, with a link that shows it") {
  const struct {
    const char* id;
    Parameters twin;
    const char* property;
  } twins[] = {
      {"idem-naive-retry", {}, "at_most_once"},
      {"idem-new-key-per-try", {}, "at_most_once"},
      {"idem-atomic", {{"store", check_then_act}}, "at_most_once"},
      {"idem-atomic", {{"store", lock_in_memory}}, "at_most_once"},
      {"idem-payload-mismatch", {{"check_payload", 0}}, "answers_true"},
      {"idem-key", {{"retry", 0}}, "at_least_once"},
  };
  for (const auto& twin : twins) {
    const Swept swept = sweep(scenario_with(twin.id, twin.twin), {twin.property}, 2'000);
    CAPTURE(twin.id);
    CHECK(swept.failing > 20);
    CHECK(swept.first.find("#v1.") != std::string::npos);
  }
}

TEST_CASE("idempotency: a window shorter than the key's life holds while delays are bounded") {
  // What is lost, doubled or lost in a crash does not take longer than the window.
  const check::FaultSet bounded = check::set_of(check::FaultKind::loss) |
                                  check::set_of(check::FaultKind::duplicate) |
                                  check::set_of(check::FaultKind::crash);
  const Swept held = sweep(scenario_with("idem-retry-window"), safety, 10'000, bounded);
  CHECK_MESSAGE(held.failing == 0, held.first);
  // A pause of many hours is a delay without bound.
  const Swept paused = sweep(scenario_with("idem-retry-window"), safety, 10'000,
                             check::set_of(check::FaultKind::pause));
  CHECK(paused.failing > 0);
  const Swept twin = sweep(scenario_with("idem-expiry"), safety, 1'000, bounded);
  CHECK(twin.failing > 100);
}

TEST_CASE("idempotency: a copy in mid-run goes on as the original does") {
  for (const char* id : {"idem-naive-retry", "idem-atomic"}) check_copy_is_replay(setup_with(id));
}

}  // namespace netsplit::test::idempotency_test
