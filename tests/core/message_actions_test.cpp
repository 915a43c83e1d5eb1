// What a person can do to one message, and manual mode, in which nothing else moves.
#include "support.h"

namespace netsplit::test::message_actions_test {
namespace {

using Numbers = std::vector<std::int64_t>;

Input to_message(Action action, Time at_us, MessageId message, Time by_us = 0) {
  Input input = on_message(action, at_us, message);
  input.duration_us = by_us;
  return input;
}

Input alter(Time at_us, MessageId message, std::string field, std::string value) {
  Input input = on_message(Action::alter, at_us, message);
  input.name = field;
  input.arguments = {{field, value}};
  return input;
}

// a tells b 1 and 2 at 0; they arrive at 10 ms.
Setup two_messages() {
  Setup setup = peers(3);
  setup.script = {tell(0, 'a', 'b', 1, 2)};
  return setup;
}

Numbers got_after(Setup setup, Input input) {
  setup.script.push_back(std::move(input));
  return numbers(*run(setup).session, 'b', "got");
}

Setup manual(int count) {
  Setup setup = peers(count);
  setup.manual = true;
  return setup;
}

Input fire(Time at_us, std::string_view letters, std::string name) {
  Input input = act(Action::fire, at_us, letters);
  input.name = std::move(name);
  return input;
}

}  // namespace

TEST_CASE("message: drop, duplicate, deliver now, delay and alter") {
  CHECK(got_after(two_messages(), to_message(Action::drop, 5'000, 1)) == Numbers{2});
  CHECK(got_after(two_messages(), to_message(Action::duplicate, 5'000, 1)) == Numbers{1, 2, 1});
  CHECK(got_after(two_messages(), to_message(Action::deliver, 5'000, 2)) == Numbers{2, 1});
  CHECK(got_after(two_messages(), to_message(Action::delay, 5'000, 1, 3'000)) == Numbers{2, 1});
  CHECK(got_after(two_messages(), alter(5'000, 1, "number", "77")) == Numbers{77, 2});
}

TEST_CASE("message: a delayed one comes so much later, a delivered one at once") {
  Setup setup = two_messages();
  setup.script.push_back(to_message(Action::delay, 5'000, 1, 3'000));
  setup.script.push_back(to_message(Action::deliver, 6'000, 2));
  CHECK(times_of(run(setup), EventKind::deliver) == std::vector<Time>{6'000, 13'000});
}

TEST_CASE("message: a drop is counted and recorded as lost by hand") {
  Setup setup = two_messages();
  setup.script.push_back(to_message(Action::drop, 5'000, 1));
  const Run done = run(setup);
  const std::vector<Event> lost = events_of(done, EventKind::lost);
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].loss == LossReason::dropped);
  CHECK(lost[0].cause == events_of(done, EventKind::send)[0].index);
  CHECK(done.session->counters().lost == 1);
}

TEST_CASE("message: one that is gone, or a field it has not, is no effect") {
  for (Input input : {to_message(Action::drop, 20'000, 1), to_message(Action::delay, 5'000, 99, 1),
                      alter(5'000, 1, "colour", "1"), alter(5'000, 1, "number", "many")}) {
    Setup setup = two_messages();
    setup.script.push_back(input);
    const Run done = run(setup);
    CHECK(events_of(done, EventKind::no_effect).size() == 1);
    CHECK(numbers(*done.session, 'b', "got") == Numbers{1, 2});
  }
}

TEST_CASE("message: what cannot be written into one on its way is refused before it is tried") {
  Run going = begin(two_messages());
  going.until(5'000);
  CHECK(going.session->check_input(alter(5'000, 1, "number", "77")).ok());
  const Status wrong = going.session->check_input(alter(5'000, 1, "number", "many"));
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().find("expected a whole number, found \"many\"") != std::string::npos);
  CHECK_FALSE(going.session->check_input(alter(5'000, 1, "colour", "1")).ok());
}

TEST_CASE("message: a rule takes the oldest that fits, else waits for the next one sent, once") {
  Setup setup = peers(3);
  Input drop = on_next(Action::drop, 5'000, "Ping");
  drop.message.from = id('a');
  drop.message.to = id('c');
  setup.script = {tell(0, 'a', 'b', 1), drop, tell(6'000, 'b', 'c', 2),
                  tell(7'000, 'a', 'c', 3, 2)};
  CHECK(numbers(*run(setup).session, 'c', "got") == Numbers{2, 4});
  // In flight already: the oldest.
  setup.script = {tell(0, 'a', 'c', 1, 3), drop};
  CHECK(numbers(*run(setup).session, 'c', "got") == Numbers{2, 3});
  // Another kind is none of its business.
  drop.message.label = "Bulk";
  setup.script = {tell(0, 'a', 'c', 1, 3), drop};
  CHECK(numbers(*run(setup).session, 'c', "got") == Numbers{1, 2, 3});
}

TEST_CASE("message: rules that wait are used in the order they were given") {
  Setup setup = peers(2);
  setup.script = {on_next(Action::drop, 0, "Ping"), on_next(Action::delay, 1, "Ping"),
                  tell(10, 'a', 'b', 1, 3)};
  setup.script[1].duration_us = 5'000;
  CHECK(numbers(*run(setup).session, 'b', "got") == Numbers{3, 2});
}

TEST_CASE("message: a rule waits for one that would arrive, not for one the network loses") {
  Setup setup = peers(2);
  setup.network.link.loss_ppm = 500'000;
  setup.script = {tell(20, 'a', 'b', 1, 40)};
  const Numbers before = numbers(*run(setup).session, 'b', "got");
  setup.script.insert(setup.script.begin(), on_next(Action::drop, 0, "Ping"));
  CHECK(numbers(*run(setup).session, 'b', "got") == Numbers(before.begin() + 1, before.end()));
}

TEST_CASE(
    "message: one held at a cut link stays there, also its copy, until it is hurried by hand") {
  Setup setup = peers(2);
  setup.network.on_cut = OnCut::hold;
  setup.script = {between(Action::cut, 0, "a", "b"), tell(1, 'a', 'b', 1),
                  to_message(Action::duplicate, 100, 1), to_message(Action::delay, 200, 1, 5'000)};
  Run going = begin(setup);
  going.to_end();
  CHECK(numbers(*going.session, 'b', "got").empty());
  CHECK(going.session->messages().size() == 2);
  setup.script.push_back(between(Action::heal, 50'000, "a", "b"));
  CHECK(times_of(run(setup), EventKind::deliver) == std::vector<Time>{60'000, 65'000});
  setup.script.back() = to_message(Action::deliver, 50'000, 2);
  CHECK(times_of(run(setup), EventKind::deliver) == std::vector<Time>{50'000});
}

TEST_CASE("message: one that waits at a paused node can be dropped or altered there") {
  Setup setup = two_messages();
  setup.script.insert(setup.script.begin(), act(Action::pause, 0, "b"));
  setup.script.push_back(to_message(Action::drop, 20'000, 1));
  setup.script.push_back(alter(20'000, 2, "number", "22"));
  setup.script.push_back(act(Action::resume, 30'000, "b"));
  CHECK(numbers(*run(setup).session, 'b', "got") == Numbers{22});
}

TEST_CASE("manual: nothing moves by itself") {
  Setup setup = manual(3);
  setup.script = {tell(0, 'a', 'b', 1), beat(0, 'a', 5, 1'000), beat(0, 'c', 5, 0)};
  Run done = run(setup);
  CHECK(events_of(done, EventKind::deliver).empty());
  CHECK(events_of(done, EventKind::timer).empty());
  CHECK(done.session->ending() == Ending::quiet);
  REQUIRE(done.session->messages().size() == 1);
  CHECK(done.session->messages()[0].status == MessageStatus::waiting);
  CHECK(done.session->timers().size() == 2);
}

TEST_CASE("manual: the script delivers and fires in any order it likes") {
  Setup setup = manual(3);
  setup.script = {tell(0, 'a', 'b', 1, 3),           beat(0, 'b', 5, seconds(100)),
                  to_message(Action::deliver, 1, 3), fire(1, "b", "beat"),
                  to_message(Action::deliver, 1, 1), to_message(Action::drop, 1, 2)};
  const Run done = run(setup);
  CHECK(numbers(*done.session, 'b', "got") == Numbers{3, -5, 1});
  CHECK(done.session->messages().empty());
  CHECK(done.session->timers().empty());
}

TEST_CASE("manual: a duplicate waits beside its original, and each is delivered by its number") {
  Setup setup = manual(2);
  setup.script = {tell(0, 'a', 'b', 1), to_message(Action::duplicate, 1, 1),
                  to_message(Action::deliver, 2, 2), to_message(Action::deliver, 3, 1)};
  CHECK(numbers(*run(setup).session, 'b', "got") == Numbers{1, 1});
}

TEST_CASE("manual: a paused node takes nothing, a crashed one loses what is delivered to it") {
  Setup setup = manual(2);
  setup.script = {tell(0, 'a', 'b', 1),       beat(0, 'b', 5, 1),
                  act(Action::pause, 1, "b"), to_message(Action::deliver, 2, 1),
                  fire(2, "b", "beat"),       ask(2, "b", "remember", {{"value", "3"}})};
  const Run paused = run(setup);
  CHECK(numbers(*paused.session, 'b', "got").empty());
  CHECK(number(*paused.session, 'b', "memory") == 0);
  CHECK(events_of(paused, EventKind::no_effect).size() == 3);
  CHECK(paused.session->messages().size() == 1);
  setup.script[2].action = Action::crash;
  const Run crashed = run(setup);
  CHECK(events_of(crashed, EventKind::lost)[0].loss == LossReason::receiver_down);
}

TEST_CASE("manual: a delay has no effect, since nothing is ever due") {
  Setup setup = manual(2);
  setup.script = {tell(0, 'a', 'b', 1), to_message(Action::delay, 1, 1, 1'000)};
  const Run done = run(setup);
  CHECK(numbers(*done.session, 'b', "got").empty());
  CHECK(events_of(done, EventKind::no_effect).size() == 1);
}

TEST_CASE("fire: also a timed run can be hurried, by name, at nodes that have the timer") {
  Setup setup = peers(2);
  setup.script = {beat(0, 'a', 1, seconds(5)), beat(0, 'a', 2, seconds(3)), fire(10, "ab", "beat")};
  const Run done = run(setup);
  // Of several the one set first.
  CHECK(numbers(*done.session, 'a', "got") == Numbers{-1, -2});
  CHECK(events_of(done, EventKind::no_effect).size() == 1);
}

}  // namespace netsplit::test::message_actions_test
