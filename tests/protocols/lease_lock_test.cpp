// The lease lock: the story as the catalogue tells it, the remedies under the same faults, and
// seeds.
#include <algorithm>
#include <map>

#include "../core/support.h"
#include "core/base/rng.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"
#include "trial.h"

namespace netsplit::test::lease_lock_test {
namespace {

Setup with(const char* scenario,
           std::vector<std::pair<std::string, std::int64_t>> parameters = {}) {
  REQUIRE(find_scenario(scenario) != nullptr);
  Setup setup = find_scenario(scenario)->setup;
  for (auto& parameter : parameters) {
    std::erase_if(setup.parameters,
                  [&](const auto& known) { return known.first == parameter.first; });
    setup.parameters.push_back(parameter);
  }
  return setup;
}

constexpr std::int64_t off = 0;
constexpr std::int64_t token = 1;
constexpr std::int64_t conditional_write = 2;
constexpr std::int64_t epoch = 3;

std::string held_value(const Session& session) {
  const Row state = session.node(session.find_node("storage")).state;
  return state.children[0].children[0].text;
}

// The sentences of the trace that contain one of the words, in order.
std::vector<std::string> story(const Run& run, const std::vector<std::string>& wanted) {
  std::vector<std::string> lines;
  for (EventIndex i = 0; i < run.trace.size(); ++i) {
    const std::string line = sentence_of(*run.session, run.trace[i]);
    for (const std::string& words : wanted) {
      if (line.find(words) != std::string::npos) lines.push_back(line);
    }
  }
  return lines;
}

// Three clients that want the lock again and again, on a network of every fault, paused at random.
Setup faulty(std::uint64_t seed, std::int64_t fencing) {
  Setup setup = with("lock-gc-pause", {{"fencing", fencing},
                                       {"lease", milliseconds(300)},
                                       {"retry", milliseconds(200)},
                                       {"give_up", milliseconds(2'500)}});
  NodeGroup carl = setup.nodes[1];
  carl.name = "carl";
  setup.nodes.push_back(carl);
  setup.seed = seed;
  setup.until_us = seconds(6);
  setup.script.clear();
  Rng rng(seed, 31, 0);
  LinkSpec& link = setup.network.link;
  link.latency = {LatencyModel::long_tail, milliseconds(5), milliseconds(20)};
  link.loss_ppm = rng.between(0, 100'000);
  link.duplicate_ppm = rng.between(0, 100'000);
  const NodeId clients[] = {NodeId{0}, NodeId{1}, NodeId{4}};
  for (int i = 0; i < 24; ++i) {
    const NodeId client = clients[rng.below(3)];
    Input input = on_nodes(Action::request, i * milliseconds(200), {client});
    input.name = "lock_and_write";
    input.arguments = {{"work_us", std::to_string(rng.between(0, milliseconds(150)))}};
    if (rng.below(3) == 0) {
      input = on_nodes(rng.below(2) == 0 ? Action::pause : Action::resume, input.at_us, {client});
    } else if (rng.below(12) == 0) {
      input = on_message(Action::delay, input.at_us, 0);
      input.duration_us = milliseconds(900);
      input.message.label = "Write";
    } else if (rng.below(20) == 0) {
      const NodeId node{rng.below(2) == 0 ? client.value
                                          : static_cast<std::int32_t>(2 + rng.below(2))};
      setup.script.push_back(on_nodes(Action::crash, input.at_us, {node}));
      input = on_nodes(Action::restart, input.at_us, {node});
    }
    setup.script.push_back(input);
  }
  return setup;
}

}  // namespace

TEST_CASE("lease_lock: what is done to a message is told with the message's type") {
  const Run done = run(with("lock-delayed-packet", {}));
  CHECK(story(done, {"delayed"}) ==
        std::vector<std::string>{"Write (alice, 1, 0) from alice to storage is delayed"});
}

TEST_CASE("lease_lock: the seven steps of lock-gc-pause, in their order") {
  const Run done = run(with("lock-gc-pause"));
  const std::vector<std::string> steps =
      story(done, {"alice receives Granted", "alice is paused", "lock: timer lease over runs out",
                   "bob receives Granted", "storage receives Write", "bob receives Written",
                   "alice goes on", "alice receives Written"});
  const std::vector<std::string> expected = {
      "alice receives Granted (1, 5.000 s) from lock",  // 1. A takes the lock, token 1
      "alice is paused",                                // 2. A stops
      "lock: timer lease over runs out",                // 3. its lease runs out
      "bob receives Granted (2, 5.000 s) from lock",    // 4. B takes the lock, token 2
      "storage receives Write (bob, 2, 0) from bob",    // 5. B writes …
      "bob receives Written (2) from storage",
      "alice goes on",                                    // 6. A wakes …
      "storage receives Write (alice, 1, 0) from alice",  // 7. … and overwrites B
      "alice receives Written (1) from storage",
  };
  CHECK_MESSAGE(steps == expected, reproduce("lock-gc-pause", done.session->setup()));
  CHECK(held_value(*done.session) == "alice");
  const PropertyState& state = property(*done.session, "no_stale_write");
  CHECK(state.standing == Standing::violated);
  CHECK(state.witness.why == "storage took a write by alice with token 1 after one with token 2.");
  CHECK(done.trace[events_of(done, EventKind::deliver)[0].index].index <= state.first_event);
  for (const OperationRecord& record : done.session->history())
    CHECK(record.outcome == Outcome::ok);
}

TEST_CASE("lease_lock: under the same script all remedies hold, and the late write is refused") {
  const char* const names[] = {"off", "token", "conditional_write", "epoch"};
  for (const std::int64_t fencing : {token, conditional_write, epoch}) {
    const Setup setup = with("lock-gc-pause", {{"fencing", fencing}});
    const Run done = run(setup);
    CAPTURE(reproduce(std::string("lock-gc-pause --set fencing=") + names[fencing], setup));
    CHECK(standing(*done.session, "no_stale_write") == Standing::holds);
    CHECK(standing(*done.session, "one_believer") ==
          Standing::violated);  // no lease can promise that
    CHECK(held_value(*done.session) == "bob");
    CHECK(story(done, {"alice receives Rejected"}).size() == 1);
    const auto history = done.session->history();
    REQUIRE(history.size() == 2);
    CHECK(history[0].outcome == Outcome::failed);
    CHECK(history[1].outcome == Outcome::ok);
  }
}

TEST_CASE(
    "lease_lock: a delayed packet and a clock that jumps do the same harm, and fencing helps the "
    "same") {
  for (const char* scenario : {"lock-delayed-packet", "lock-clock-jump"}) {
    CAPTURE(scenario);
    CHECK(standing(*run(with(scenario)).session, "no_stale_write") == Standing::violated);
    for (const std::int64_t fencing : {token, conditional_write, epoch}) {
      const Run done = run(with(scenario, {{"fencing", fencing}}));
      CHECK_MESSAGE(standing(*done.session, "no_stale_write") == Standing::holds,
                    reproduce(scenario, done.session->setup()));
      CHECK(held_value(*done.session) == "bob");
    }
  }
}

TEST_CASE("lease_lock: a lease on the monotonic clock survives the jump") {
  CHECK(standing(*run(with("lock-clock-jump", {{"lease_clock", 0}})).session, "no_stale_write") ==
        Standing::holds);
}

TEST_CASE(
    "lease_lock: looking at the clock before writing helps against the pause, not against the "
    "network") {
  CHECK(standing(*run(with("lock-gc-pause", {{"check_lease", 1}})).session, "no_stale_write") ==
        Standing::holds);
  CHECK(standing(*run(with("lock-delayed-packet", {{"check_lease", 1}})).session,
                 "no_stale_write") == Standing::violated);
}

TEST_CASE("lease_lock: without faults clients take turns and everyone is told ok") {
  Setup setup = with("lock-gc-pause");
  std::erase_if(setup.script, [](const Input& input) { return input.action != Action::request; });
  const Run done = run(setup);
  for (const char* name : {"no_stale_write", "one_believer", "all_answered"}) {
    CHECK(standing(*done.session, name) == Standing::holds);
  }
  CHECK(held_value(*done.session) == "bob");
  CHECK(story(done, {"lease over runs out"}).empty());  // both gave it back in time
}

TEST_CASE(
    "lease_lock: a restarted lock service hands out no token twice and waits out an old lease") {
  Setup setup = with("lock-gc-pause");
  setup.script = {setup.script[0], on_nodes(Action::crash, seconds(1), {NodeId{2}}),
                  on_nodes(Action::restart, milliseconds(1'100), {NodeId{2}}), setup.script[2]};
  const Run done = run(setup);
  const std::vector<std::string> granted = story(done, {"receives Granted"});
  REQUIRE(granted.size() == 2);
  CHECK(granted[0].starts_with("alice receives Granted (1"));
  CHECK(granted[1].starts_with("bob receives Granted (2"));
  CHECK(times_of(done, EventKind::timer, NodeId{2})[0] >= milliseconds(6'100));
}

TEST_CASE("lease_lock: an answer to an earlier write does not answer a later one") {
  // Bob's second write is dropped; a copy of the answer to his first arrives while he waits.
  Setup setup = with("lock-gc-pause", {{"give_up", milliseconds(2'000)}});
  setup.network.link.latency = {LatencyModel::fixed, milliseconds(10), 0};
  const auto ask_bob = [](Time at_us) {
    Input input = on_nodes(Action::request, at_us, {NodeId{1}});
    input.name = "lock_and_write";
    input.arguments = {{"work_us", "100ms"}};
    return input;
  };
  const auto on_written = [](Action action, Time at_us, std::string label) {
    Input input = on_message(action, at_us, 0);
    input.message.label = std::move(label);
    return input;
  };
  Input late =
      on_written(Action::delay, 131'001, "Written");  // the copy; it comes in the second's time
  late.duration_us = milliseconds(1'000);
  setup.script = {ask_bob(0), on_written(Action::duplicate, 131'000, "Written"), late,
                  ask_bob(seconds(1)), on_written(Action::drop, milliseconds(1'050), "Write")};
  const Run done = run(setup);
  const auto history = done.session->history();
  REQUIRE(history.size() == 2);
  CHECK(story(done, {"bob receives Written (1)"}).size() == 2);
  CHECK(history[0].outcome == Outcome::ok);
  CHECK(history[1].outcome == Outcome::unknown);
}

TEST_CASE(
    "lease_lock: 2000 seeds of loss, copies, delays, pauses and crashes never get past a token or "
    "a "
    "version") {
  int unfenced_violations = 0;
  std::map<std::int64_t, std::uint64_t> writes;
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    for (const std::int64_t remedy : {token, conditional_write}) {
      const auto session = make_session(faulty(seed, remedy)).value();
      while (session->step(nullptr)) {
      }
      REQUIRE_MESSAGE(standing(*session, "no_stale_write") == Standing::holds,
                      reproduce("LINK", faulty(seed, remedy)));
      for (const OperationRecord& record : session->history())
        writes[remedy] += record.outcome == Outcome::ok ? 1 : 0;
    }
    if (seed % 5 != 0) continue;
    const auto naive = make_session(faulty(seed, off)).value();
    while (naive->step(nullptr)) {
    }
    if (standing(*naive, "no_stale_write") == Standing::violated) ++unfenced_violations;
  }
  CHECK(writes[token] > 4'000);  // they do write
  CHECK(writes[conditional_write] > 3'000);
  CHECK(unfenced_violations > 20);  // and the twin without fencing is caught
}

TEST_CASE("lease_lock: an old leader is shut out before the new one has written") {
  // Bob works for so long that Alice's late write comes before his.
  Setup setup = with("lock-epoch");
  for (Input& input : setup.script) {
    if (input.action == Action::request && input.groups[0][0] == NodeId{1})
      input.arguments = {{"work_us", "3s"}};
  }
  const Run done = run(setup);
  CHECK(story(done, {"alice receives Rejected", "storage receives Write (bob"}).front() ==
        "alice receives Rejected (1, 2) from storage");
  CHECK(held_value(*done.session) == "bob");
  // A token on each write lets Alice in there: nobody has shown a higher one yet.
  setup.parameters = {{"fencing", token}};
  const Run by_token = run(setup);
  CHECK(story(by_token, {"alice receives Written", "alice receives Rejected"}).front() ==
        "alice receives Written (1) from storage");
}

TEST_CASE("lease_lock: an announced epoch and a condition hold over 10 000 seeds") {
  for (const char* id : {"lock-epoch", "lock-conditional-write"}) {
    const Swept swept = sweep(scenario_with(id), {"no_stale_write", "all_answered"});
    CHECK_MESSAGE(swept.failing == 0, id << ": " << swept.first);
    CHECK(swept.runs == 10'000);
    const Swept twin = sweep(scenario_with(id, {{"fencing", off}}), {"no_stale_write"}, 1'000);
    CHECK(twin.failing > 50);
    CHECK(twin.first.find("#v1.") != std::string::npos);
  }
}

TEST_CASE("lease_lock: where no node plays a role, what is sent to it goes nowhere") {
  for (const char* missing : {"storage", "lock_service"}) {
    CAPTURE(missing);
    Setup setup;
    setup.protocol = "lease_lock";
    const std::string other = std::string(missing) == "storage" ? "lock_service" : "storage";
    setup.nodes = {{other, other, 1, false, {}}, {"alice", "client", 1, false, {}}};
    setup.until_us = minutes(1);
    Input ask = on_nodes(Action::request, seconds(1), {NodeId{1}});
    ask.name = "lock_and_write";
    ask.arguments = {{"work_us", "100ms"}};
    setup.script = {ask};
    const Run done = run(setup);
    CHECK(done.trace.size() > 2);  // it asks
    for (const OperationRecord& operation : done.session->history()) {
      CHECK(operation.outcome != Outcome::ok);
    }
  }
}

}  // namespace netsplit::test::lease_lock_test
