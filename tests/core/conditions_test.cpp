// Node conditions, work, timers, requests and the clients' history, seen through runs.
#include "support.h"

namespace netsplit::test::conditions_test {
namespace {

using Numbers = std::vector<std::int64_t>;

Setup three() { return peers(3); }

std::vector<EventKind> kinds_at(const Run& run, NodeId node) {
  std::vector<EventKind> kinds;
  for (EventIndex i = 0; i < run.trace.size(); ++i) {
    if (run.trace[i].node == node) kinds.push_back(run.trace[i].kind);
  }
  return kinds;
}

}  // namespace

TEST_CASE("paused: deliveries, timers and requests wait in the order they came") {
  Setup setup = three();
  setup.script = {act(Action::pause, 1, "a"), beat(2, 'b', 9, 0), tell(10'000, 'b', 'a', 1),
                  ask(21'000, "a", "remember", {{"value", "5"}}), tell(15'000, 'c', 'a', 2)};
  std::swap(setup.script[3], setup.script[4]);
  setup.script.insert(setup.script.begin(), beat(0, 'a', 3, 22'000));
  setup.script.push_back(act(Action::resume, 50'000, "a"));
  Run going = begin(setup);
  going.until(40'000);
  CHECK(numbers(*going.session, 'a', "got").empty());
  CHECK(number(*going.session, 'a', "memory") == 0);
  CHECK(going.session->node(id('a')).waiting == 4);
  CHECK(going.session->node(id('a')).condition == Condition::paused);
  CHECK(going.session->node(id('a')).since_us == 1);
  going.to_end();
  CHECK(numbers(*going.session, 'a', "got") == Numbers{1, -3, 2});
  CHECK(number(*going.session, 'a', "memory") == 5);
  CHECK(going.session->node(id('a')).waiting == 0);
  CHECK(times_of(going, EventKind::deliver, id('a')) == std::vector<Time>{50'000, 50'000});
  CHECK(times_of(going, EventKind::wait, id('a')).size() == 3);
}

TEST_CASE("paused: what comes after the resumption waits for what came before it") {
  Setup setup = three();
  setup.script = {act(Action::pause, 0, "a"), tell(1, 'b', 'a', 1, 3),
                  act(Action::resume, 20'000, "a"), tell(10'000, 'b', 'a', 4)};
  std::swap(setup.script[2], setup.script[3]);
  const Run done = run(setup);
  CHECK(numbers(*done.session, 'a', "got") == Numbers{1, 2, 3, 4});
}

TEST_CASE("paused: a timer that waits can still be cancelled by a handler before it") {
  Setup setup = three();
  setup.script = {beat(0, 'a', 1, 10'000), act(Action::pause, 1, "a"),
                  ask(5'000, "a", "stop_beat", {{"number", "1"}}),
                  act(Action::resume, 20'000, "a")};
  CHECK(numbers(*run(setup).session, 'a', "got").empty());
}

TEST_CASE("down: deliveries are lost, memory and timers are gone, the disk is kept") {
  Setup setup = three();
  setup.script = {ask(0, "a", "remember", {{"value", "5"}}),
                  beat(1, 'a', 1, 100'000),
                  act(Action::crash, 10, "a"),
                  tell(20, 'b', 'a', 1),
                  act(Action::restart, 50'000, "a"),
                  tell(60'000, 'b', 'a', 2)};
  Run going = begin(setup);
  going.until(40'000);
  CHECK(going.session->node_condition(id('a')) == Condition::down);
  CHECK(number(*going.session, 'a', "memory") == 0);
  CHECK(number(*going.session, 'a', "disk.kept") == 5);
  CHECK(going.session->timers().empty());
  going.to_end();
  CHECK(going.session->node_condition(id('a')) == Condition::up);
  CHECK(numbers(*going.session, 'a', "got") == Numbers{2});
  CHECK(number(*going.session, 'a', "disk.kept") == 5);
  const std::vector<Event> lost = events_of(going, EventKind::lost);
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].loss == LossReason::receiver_down);
  CHECK(lost[0].at_us == 10'020);
}

TEST_CASE("down: what waited at a paused node is lost with it, and never comes back") {
  Setup setup = three();
  setup.script = {act(Action::pause, 0, "a"),
                  tell(1, 'b', 'a', 1),
                  ask(2, "a", "remember", {{"value", "5"}}),
                  act(Action::crash, 20'000, "a"),
                  act(Action::restart, 30'000, "a"),
                  tell(40'000, 'b', 'a', 2)};
  const Run done = run(setup);
  CHECK(numbers(*done.session, 'a', "got") == Numbers{2});
  CHECK(number(*done.session, 'a', "memory") == 0);
  CHECK(events_of(done, EventKind::lost)[0].at_us == 20'000);
  CHECK(done.session->node(id('a')).waiting == 0);
}

TEST_CASE("down: a role that knows how to restart is told; another one starts") {
  Setup setup = three();
  setup.nodes[1].role = "hub";
  setup.script = {act(Action::crash, 10, "ab"), act(Action::restart, 20, "ab")};
  const Run done = run(setup);
  CHECK(number(*done.session, 'a', "starts") == 1);
  CHECK(number(*done.session, 'b', "disk.restarts") == 1);
  CHECK(kinds_at(done, id('a')) ==
        std::vector<EventKind>{EventKind::start, EventKind::crash, EventKind::restart});
}

TEST_CASE("conditions: what makes no sense in a condition has no effect and says so") {
  Setup setup = three();
  setup.script = {act(Action::resume, 1, "a"),
                  act(Action::restart, 2, "a"),
                  act(Action::join, 3, "a"),
                  act(Action::crash, 4, "a"),
                  act(Action::crash, 5, "a"),
                  act(Action::pause, 6, "a"),
                  act(Action::leave, 7, "a"),
                  act(Action::leave, 8, "a"),
                  ask(9, "a", "remember", {{"value", "1"}})};
  const Run done = run(setup);
  CHECK(times_of(done, EventKind::no_effect) == std::vector<Time>{1, 2, 3, 5, 6, 8, 9});
}

TEST_CASE("joining: an absent node is not there until it joins, and gone when it leaves") {
  Setup setup = three();
  setup.nodes[2].joins_later = true;
  setup.script = {tell(0, 'a', 'c', 1), act(Action::join, 20'000, "c"), tell(20'001, 'a', 'c', 2),
                  act(Action::leave, 40'000, "c"), tell(40'001, 'a', 'c', 3)};
  Run going = begin(setup);
  going.until(15'000);
  CHECK(going.session->node_condition(id('c')) == Condition::absent);
  CHECK(number(*going.session, 'c', "starts") == 0);
  going.until(35'000);
  CHECK(numbers(*going.session, 'c', "got") == Numbers{2});
  CHECK(number(*going.session, 'c', "starts") == 1);
  going.to_end();
  for (const Event& event : events_of(going, EventKind::lost)) {
    CHECK(event.loss == LossReason::receiver_absent);
  }
  CHECK(events_of(going, EventKind::lost).size() == 2);
}

TEST_CASE("work: a busy node takes nothing until it is done, and what it sends after leaves then") {
  Setup setup = three();
  setup.script = {ask(0, "a", "toil", {{"work_us", "100ms"}, {"peer", "b"}, {"number", "1"}}),
                  tell(1, 'b', 'a', 7), tell(2, 'c', 'a', 8),
                  ask(20'000, "a", "remember", {{"value", "5"}})};
  Run going = begin(setup);
  going.until(90'000);
  CHECK(going.session->node(id('a')).busy_until_us == 100'000);
  CHECK(going.session->node(id('a')).waiting == 3);
  CHECK(number(*going.session, 'a', "memory") == 0);
  going.to_end();
  CHECK(times_of(going, EventKind::deliver, id('a')) == std::vector<Time>{100'000, 100'000});
  CHECK(numbers(*going.session, 'a', "got") == Numbers{7, 8});
  CHECK(number(*going.session, 'a', "memory") == 5);
  // The first left before the work, the second after it.
  CHECK(times_of(going, EventKind::deliver, id('b')) == std::vector<Time>{10'000, 110'000});
}

TEST_CASE("work: work that waits for work is done one after the other") {
  Setup setup = three();
  for (int i = 0; i < 3; ++i) {
    setup.script.push_back(ask(
        i, "a", "toil", {{"work_us", "100ms"}, {"peer", "b"}, {"number", std::to_string(10 * i)}}));
  }
  const Run done = run(setup);
  CHECK(times_of(done, EventKind::request, id('a')) == std::vector<Time>{0, 100'000, 200'000});
  CHECK(times_of(done, EventKind::deliver, id('b')) ==
        std::vector<Time>{10'000, 110'000, 110'000, 210'000, 210'000, 310'000});
}

TEST_CASE("work: a node paused while busy goes on when it is both resumed and done") {
  for (const Time resumed_us : {Time{50'000}, Time{150'000}}) {
    Setup setup = three();
    setup.script = {ask(0, "a", "toil", {{"work_us", "100ms"}, {"peer", "b"}, {"number", "1"}}),
                    tell(1, 'b', 'a', 7), act(Action::pause, 30'000, "a"),
                    act(Action::resume, resumed_us, "a")};
    const Run done = run(setup);
    CHECK(times_of(done, EventKind::deliver, id('a')) ==
          std::vector<Time>{std::max<Time>(100'000, resumed_us)});
  }
}

TEST_CASE("work: a crash ends it, and what would have been sent at its end never leaves") {
  Setup setup = three();
  setup.script = {ask(0, "a", "toil", {{"work_us", "100ms"}, {"peer", "b"}, {"number", "1"}}),
                  act(Action::crash, 50'000, "a"), act(Action::restart, 50'002, "a"),
                  tell(50'003, 'b', 'a', 7)};
  const Run done = run(setup);
  CHECK(times_of(done, EventKind::deliver, id('a')) == std::vector<Time>{60'003});
  CHECK(numbers(*done.session, 'b', "got") == Numbers{1});
  const std::vector<Event> lost = events_of(done, EventKind::lost);
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].loss == LossReason::sender_down);
  CHECK(lost[0].at_us == 50'000);
}

TEST_CASE("handlers: no number from outside aborts or overflows") {
  for (const char* time : {"-5s", "1000000000s", "-1000000000s", "0"}) {
    Setup setup = three();
    setup.script = {
        ask(0, "a", "toil", {{"work_us", time}, {"peer", "b"}, {"number", "1"}}),
        ask(0, "b", "set_beat", {{"number", "1"}, {"low_us", time}, {"high_us", "-7s"}}),
        ask(0, "c", "lend", {{"after_us", time}}),
        ask(1, "a", "toil", {{"work_us", time}, {"peer", "b"}, {"number", "1"}})};
    const Run done = run(setup);
    CHECK(done.session->ending() != Ending::running);
  }
  Setup setup = three();
  setup.script = {ask(0, "c", "lend", {{"after_us", "never"}})};
  CHECK_FALSE(make_any(setup).ok());
}

TEST_CASE("timers: setting an equal one again replaces it, another one runs beside it") {
  Setup setup = three();
  setup.script = {beat(0, 'a', 1, 10'000), beat(5'000, 'a', 1, 20'000), beat(6'000, 'a', 2, 1'000)};
  const Run done = run(setup);
  CHECK(times_of(done, EventKind::timer) == std::vector<Time>{7'000, 25'000});
  CHECK(numbers(*done.session, 'a', "got") == Numbers{-2, -1});
}

TEST_CASE("timers: a window is drawn from, both ends included") {
  Setup setup = three();
  for (int i = 0; i < 200; ++i) {
    setup.script.push_back(ask(
        0, "a", "set_beat", {{"number", std::to_string(i)}, {"low_us", "10"}, {"high_us", "19"}}));
  }
  std::set<Time> seen;
  for (const Time at_us : times_of(run(setup), EventKind::timer)) seen.insert(at_us);
  CHECK(seen.size() == 10);
  CHECK(*seen.begin() == 10);
  CHECK(*seen.rbegin() == 19);
}

TEST_CASE("timers: a lease is recorded from its beginning to its end, however it ends") {
  Setup setup = three();
  const auto lend = [](Time at_us, Time after_us) {
    return ask(at_us, "a", "lend", {{"after_us", std::to_string(after_us)}});
  };
  setup.script = {lend(0, 10'000), lend(5'000, 10'000), lend(100'000, 50'000),
                  act(Action::crash, 120'000, "a")};
  const Run done = run(setup);
  CHECK(times_of(done, EventKind::lease_begin) == std::vector<Time>{0, 5'000, 100'000});
  CHECK(times_of(done, EventKind::lease_end) == std::vector<Time>{5'000, 15'000, 120'000});
}

TEST_CASE("timers: those of one instant fire in the order they were set, after no delay too") {
  Setup setup = three();
  for (int i = 1; i <= 5; ++i) setup.script.push_back(beat(0, 'a', i, 0));
  CHECK(numbers(*run(setup).session, 'a', "got") == Numbers{-1, -2, -3, -4, -5});
}

TEST_CASE("requests: they reach each node that is named, also several at once") {
  Setup setup = three();
  setup.script = {ask(5, "ac", "remember", {{"value", "9"}})};
  const Run done = run(setup);
  CHECK(number(*done.session, 'a', "memory") == 9);
  CHECK(number(*done.session, 'b', "memory") == 0);
  CHECK(number(*done.session, 'c', "memory") == 9);
}

TEST_CASE(
    "choices: those that are laid down are used in order and up, then the node draws its own") {
  Setup setup = three();
  Input chosen = ask(0, "ab", "choose", {{"n", "10"}, {"times", "3"}});
  chosen.choices = {7, 2, 99, 4};
  setup.script = {chosen};
  const Run done = run(setup);
  // 99 of 10 is the last; the fourth belongs to b's first choice.
  CHECK(numbers(*done.session, 'a', "chosen") == Numbers{7, 2, 9});
  CHECK(numbers(*done.session, 'b', "chosen")[0] == 4);
  setup.script[0].choices.clear();
  const Run drawn = run(setup);
  for (const std::int64_t value : numbers(*drawn.session, 'b', "chosen")) {
    CHECK(value >= 0);
    CHECK(value < 10);
  }
}

TEST_CASE("history: operations end ok, failed or unknown, and a crash leaves them unknown") {
  Setup setup = three();
  const auto begin_at = [](Time at_us, char node, int argument) {
    return ask(at_us, std::string(1, node), "begin", {{"argument", std::to_string(argument)}});
  };
  const auto end_at = [](Time at_us, char node, int number, Outcome outcome) {
    return ask(at_us, std::string(1, node), "end",
               {{"number", std::to_string(number)},
                {"outcome", std::to_string(static_cast<int>(outcome))},
                {"result", "42"}});
  };
  setup.script = {begin_at(0, 'a', 10),
                  begin_at(1, 'b', 20),
                  begin_at(2, 'a', 11),
                  begin_at(3, 'c', 30),
                  end_at(4, 'a', 2, Outcome::failed),
                  end_at(5, 'a', 1, Outcome::ok),
                  end_at(6, 'b', 1, Outcome::unknown),
                  act(Action::crash, 7, "c"),
                  act(Action::restart, 8, "c"),
                  end_at(9, 'c', 1, Outcome::ok),
                  begin_at(10, 'c', 31)};
  const Run done = run(setup);
  const std::vector<OperationRecord> history = done.session->history();
  REQUIRE(history.size() == 5);
  const auto check = [&](std::size_t at, char client, std::uint32_t number, Outcome outcome,
                         Time invoked_us, Time completed_us) {
    CAPTURE(at);
    CHECK(history[at].client == id(client));
    CHECK(history[at].number == number);
    CHECK(history[at].outcome == outcome);
    CHECK(history[at].invoked_us == invoked_us);
    CHECK(history[at].completed_us == completed_us);
  };
  check(0, 'a', 1, Outcome::ok, 0, 5);
  check(1, 'b', 1, Outcome::unknown, 1, 6);
  check(2, 'a', 2, Outcome::failed, 2, 4);
  check(3, 'c', 1, Outcome::unknown, 3, never_us);   // the answer after the crash is nobody's
  check(4, 'c', 2, Outcome::pending, 10, never_us);  // numbers are not used again
  CHECK(history[0].result == 42);
  CHECK(done.trace[history[0].completed_event].kind == EventKind::complete);
  CHECK(done.trace[history[0].invoked_event].kind == EventKind::invoke);
}

}  // namespace netsplit::test::conditions_test
