// Sessions: parameters, properties and their standing, endings, what is refused, and links to a
// run.
#include "support.h"

namespace netsplit::test::session_test {
namespace {

Input remember(Time at_us, char node, int value) {
  return ask(at_us, std::string(1, node), "remember", {{"value", std::to_string(value)}});
}

std::string refusal(const Setup& setup) {
  const auto made = make_any(setup);
  REQUIRE_FALSE(made.ok());
  return made.error();
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("properties: always is violated once and for all, at the step that did it") {
  Setup setup = peers(2);
  setup.parameters = {{"limit", 10}};
  setup.script = {remember(1'000, 'a', 10), remember(2'000, 'b', 11), remember(3'000, 'b', 0),
                  remember(4'000, 'a', 99)};
  Run going = begin(setup);
  going.until(1'500);
  CHECK(standing(*going.session, "below_limit") == Standing::holds);
  going.until(2'500);
  CHECK(standing(*going.session, "below_limit") == Standing::violated);
  going.to_end();
  const PropertyState& state = property(*going.session, "below_limit");
  CHECK(state.standing == Standing::violated);
  CHECK(state.witness.why == "b holds 11");
  CHECK(state.witness.nodes == std::vector<NodeId>{id('b')});
  CHECK(state.first_us == 2'000);
  CHECK(going.trace[state.first_event].kind == EventKind::request);
  CHECK(going.trace[state.first_event].step == state.first_step);
}

TEST_CASE("properties: finally and budget are open until the end and judged there") {
  Setup setup = peers(2);
  setup.script = {beat(0, 'a', 1, 10), tell(5, 'a', 'b', 1, 11)};
  Run going = begin(setup);
  going.until(20'000);
  CHECK(standing(*going.session, "all_beaten") == Standing::open);
  CHECK(standing(*going.session, "few_messages") == Standing::open);
  going.to_end();
  CHECK(standing(*going.session, "all_beaten") == Standing::violated);
  CHECK(property(*going.session, "all_beaten").witness.why == "b has not beaten");
  CHECK(standing(*going.session, "few_messages") == Standing::violated);
  CHECK(property(*going.session, "few_messages").witness.measured == 11);
  setup.script = {beat(0, 'a', 1, 10), beat(0, 'b', 1, 10), tell(5, 'a', 'b', 1, 10)};
  const Run well = run(setup);
  CHECK(standing(*well.session, "all_beaten") == Standing::holds);
  CHECK(standing(*well.session, "few_messages") == Standing::holds);
}

TEST_CASE("session: one field of all nodes, and what the timers of one carry") {
  Setup setup = peers(3);
  setup.script = {remember(1'000, 'b', 6), beat(2'000, 'a', 8, 500'000),
                  beat(2'000, 'a', 7, 300'000)};
  Run going = begin(setup);
  going.until(3'000);
  CHECK(going.session->field_numbers("disk.kept") == std::vector<std::int64_t>{0, 6, 0});
  CHECK(going.session->field_numbers("nothing") ==
        std::vector<std::int64_t>(3, Session::no_number));
  const std::vector<Row> timers = going.session->timer_contents(id('a'));
  REQUIRE(timers.size() == 2);
  CHECK(brief(timers[0]) == "7");  // due earlier
  CHECK(brief(timers[1]) == "8");
  CHECK(going.session->timer_contents(id('b')).empty());
}

TEST_CASE("properties: sometimes holds from the moment it is seen, and fails only at the end") {
  Setup setup = peers(2);
  setup.script = {remember(1'000, 'a', 6), remember(2'000, 'b', 7), remember(3'000, 'b', 8)};
  Run going = begin(setup);
  going.until(1'500);
  CHECK(standing(*going.session, "seven_seen") == Standing::open);
  going.to_end();
  CHECK(standing(*going.session, "seven_seen") == Standing::holds);
  CHECK(property(*going.session, "seven_seen").witness.why == "7 at b");
  CHECK(property(*going.session, "seven_seen").first_us == 2'000);
  setup.script.erase(setup.script.begin() + 1);
  CHECK(standing(*run(setup).session, "seven_seen") == Standing::violated);
}

TEST_CASE("properties: when the run goes on, what was judged at its end is open again") {
  Setup setup = peers(2);
  setup.parameters = {{"limit", 10}};
  setup.until_us = 5'000;
  setup.script = {beat(0, 'a', 1, 10), remember(100, 'a', 11)};
  Run going = begin(setup);
  going.to_end();
  CHECK(standing(*going.session, "all_beaten") == Standing::violated);
  CHECK(standing(*going.session, "seven_seen") == Standing::violated);
  std::vector<Input> script = setup.script;
  script.push_back(beat(6'000, 'b', 1, 10));
  script.push_back(remember(6'000, 'b', 7));
  going.session->set_until(9'000);
  going.session->set_script(script, going.session->script_applied());
  CHECK(going.session->ending() == Ending::running);
  CHECK(standing(*going.session, "all_beaten") == Standing::open);
  CHECK(standing(*going.session, "seven_seen") == Standing::open);
  CHECK(standing(*going.session, "few_messages") == Standing::open);
  CHECK(standing(*going.session, "below_limit") == Standing::violated);  // that stays
  going.to_end();
  CHECK(standing(*going.session, "all_beaten") == Standing::holds);
  CHECK(standing(*going.session, "seven_seen") == Standing::holds);
}

TEST_CASE(
    "ending: a run is over when it is quiet, when its time is up, or when it makes no end of "
    "steps") {
  Setup setup = peers(2);
  setup.script = {beat(0, 'a', 1, seconds(20))};
  CHECK(run(setup).session->ending() == Ending::end_of_time);
  setup.script = {beat(0, 'a', 1, seconds(10))};
  const Run last = run(setup);
  CHECK(last.session->ending() == Ending::quiet);
  CHECK(last.session->now_us() == seconds(10));  // what is due at the very end still happens
  CHECK(last.session->next_due_us() == never_us);
  setup.script = {remember(seconds(11), 'a', 1)};  // after the end
  CHECK(number(*run(setup).session, 'a', "memory") == 0);
}

TEST_CASE("ending: a run away is stopped at its limit of steps, and says so") {
  Setup setup = peers(2);
  setup.network.link.latency.base_us = 0;
  setup.script = {ask(0, "a", "send", {{"peer", "b"}, {"number", "1"}, {"hops", "1000000000"}})};
  const Run away = run(setup);
  CHECK(away.session->ending() == Ending::too_many_steps);
  CHECK(away.session->steps() == 30'000);  // the relay's own limit; others have 20 million
  CHECK(away.session->now_us() == 0);
  CHECK(away.session->next_due_us() == never_us);
  CHECK(standing(*away.session, "few_messages") == Standing::violated);
}

TEST_CASE("script: an input comes after all that is due at its time, as they are listed") {
  Setup setup = peers(2);
  setup.script = {tell(0, 'a', 'b', 1), remember(10'000, 'b', 1), remember(10'000, 'b', 2)};
  const Run done = run(setup);
  CHECK(number(*done.session, 'b', "memory") == 2);
  const EventIndex delivered = events_of(done, EventKind::deliver)[0].index;
  for (const Event& event : events_of(done, EventKind::request, id('b')))
    CHECK(event.index > delivered);
}

TEST_CASE(
    "script: after_step puts an input between what is due at one time, and never moves time") {
  Setup setup = peers(2);
  // Steps: two starts, the request; then two deliveries at 10 ms are steps 4 and 5.
  setup.script = {tell(0, 'a', 'b', 1, 2), remember(10'000, 'b', 7)};
  setup.script[1].after_step = 4;
  const Run between_them = run(setup);
  const auto delivered = events_of(between_them, EventKind::deliver);
  const auto asked = events_of(between_them, EventKind::request, id('b'));
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].index > delivered[0].index);
  CHECK(asked[0].index < delivered[1].index);
  // In a run that differs the count may come too early or never: the time holds all the same.
  for (const std::int64_t after : {std::int64_t{0}, std::int64_t{1'000'000}}) {
    setup.script[1].after_step = after;
    Run going = begin(setup);
    going.until(9'999);
    CHECK(number(*going.session, 'b', "memory") == 0);
    CHECK(going.session->next_due_us() == 10'000);
    going.until(10'000);
    CHECK(number(*going.session, 'b', "memory") == 7);
    CHECK(events_of(going, EventKind::request, id('b'))[0].at_us == 10'000);
  }
}

TEST_CASE("session: next_due_us is when the next step happens") {
  Setup setup = peers(3);
  setup.network.link.latency = {LatencyModel::uniform, 0, 5'000};
  for (int i = 0; i < 30; ++i) {
    setup.script.push_back(tell(i * 500, 'a', 'b', i));
    if (i % 3 == 0) setup.script.back().after_step = i;
    setup.script.push_back(act(i % 2 == 0 ? Action::pause : Action::resume, i * 500 + 100, "b"));
  }
  Run going = begin(setup);
  for (;;) {
    const Time due_us = going.session->next_due_us();
    if (!going.step()) break;
    REQUIRE(going.session->now_us() == due_us);
  }
  CHECK(going.session->script_applied() == 60);
}

TEST_CASE("session: a clone goes on like its original") {
  Setup setup = peers(3);
  setup.network.link.latency = {LatencyModel::uniform, 0, 5'000};
  for (int i = 0; i < 30; ++i) setup.script.push_back(tell(i * 500, 'a', 'b', i));
  Run one = begin(setup);
  one.until(7'000);
  const auto clone = one.session->clone();
  one.to_end();
  while (clone->step(nullptr)) {
  }
  CHECK(clone->trace_hash() == one.session->trace_hash());
  CHECK(clone->state_hash() == one.session->state_hash());
  CHECK(clone->events() == one.session->events());
}

TEST_CASE("setup: what does not fit is refused with its path") {
  const auto with = [](auto change) {
    Setup setup = peers(3);
    change(setup);
    return refusal(setup);
  };
  CHECK(has(with([](Setup& s) { s.protocol = "relay2"; }), "there is no protocol \"relay2\""));
  CHECK(has(with([](Setup& s) { s.nodes[1].role = "peeer"; }), "nodes[1].role"));
  CHECK(has(with([](Setup& s) { s.parameters = {{"limt", 1}}; }), "did you mean \"limit\"?"));
  CHECK(has(with([](Setup& s) { s.parameters = {{"limit", -1}}; }), "expected 0 to 1000000000"));
  CHECK(has(with([](Setup& s) { s.parameters = {{"mood", 3}}; }), "expected calm to cross"));
  CHECK(has(with([](Setup& s) { s.until_us = 0; }), "until"));
  CHECK(has(with([](Setup& s) { s.until_us = time_max_us; }), "until"));
  CHECK(has(with([](Setup& s) { s.network.link.loss_ppm = 1'000'001; }), "network.loss_ppm"));
  CHECK(has(with([](Setup& s) { s.network.link.latency.base_us = -1; }), "network.latency.base"));
  CHECK(has(with([](Setup& s) { s.nodes[2].clock.drift_ppm = 600'000; }),
            "nodes[2].clock.drift_ppm"));
  CHECK(has(with([](Setup& s) { s.nodes[0].clock.ntp_interval_us = 0; }), "ntp_interval"));
  CHECK(has(with([](Setup& s) {
              s.links = {{id('a'), id('a'), true, {}}};
            }),
            "two different nodes"));
  CHECK(has(with([](Setup& s) { s.links = {{id('a'), id('z'), true, {}}}; }), "links[0]"));
  CHECK(has(with([](Setup& s) {
              s.script = {tell(5, 'a', 'b', 1), tell(4, 'a', 'b', 1)};
            }),
            "script[1].at"));
}

TEST_CASE("input: what refers to nothing in this run is refused") {
  const auto with = [](Input input) {
    Setup setup = peers(3);
    setup.script = {std::move(input)};
    return refusal(setup);
  };
  CHECK(has(with(act(Action::pause, 0, "z")), "script[0]: pause: there is no node 25"));
  CHECK(has(with(act(Action::pause, 0, "aa")), "named twice"));
  CHECK(has(with(act(Action::cut, 0, "a")), "expected 2"));
  CHECK(has(with(between(Action::cut, 0, "ab", "b")), "named twice"));
  CHECK(has(with(between(Action::pause, 0, "a", "b")), "expected 1"));
  CHECK(has(with(act(Action::pause, -1, "a")), "pause.at"));
  CHECK(has(with(ask(0, "a", "sned")), "did you mean \"send\"?"));
  CHECK(has(with(ask(0, "a", "send", {{"per", "b"}})), "did you mean \"peer\"?"));
  CHECK(has(with(ask(0, "a", "send", {{"peer", "zoe"}})), "there is no node \"zoe\""));
  CHECK(has(with(on_next(Action::drop, 0, "Pingg")), "did you mean \"Ping\"?"));
  Input fire = act(Action::fire, 0, "a");
  fire.name = "bet";
  CHECK(has(with(fire), "did you mean \"beat\"?"));
  Input drift = act(Action::clock_drift, 0, "a");
  drift.ppm = drift_max_ppm + 1;
  CHECK(has(with(drift), "clock_drift.ppm"));
  Input step = act(Action::clock_step, 0, "a");
  step.duration_us = INT64_MIN;
  CHECK(has(with(step), "clock_step.by"));
  Input delay = on_message(Action::delay, 0, 1);
  delay.duration_us = -1;
  CHECK(has(with(delay), "delay.by"));
  Input random;
  random.action = Action::cut_random;
  random.ppm = 1'000'001;
  CHECK(has(with(random), "cut_random.ppm"));
  Input link;
  link.action = Action::link;
  link.link.duplicate_ppm = -1;
  CHECK(has(with(link), "link.duplicate_ppm"));
}

TEST_CASE("parameters: written and read as a person does, and bounded") {
  const auto session = make_any(peers(1)).value();
  const std::vector<ParameterInfo>& infos = session->protocol().parameters;
  REQUIRE(infos.size() == 5);
  const auto round = [&](std::size_t at, std::string_view text, std::int64_t value) {
    REQUIRE(parse_parameter(infos[at], text).ok());
    CHECK(parse_parameter(infos[at], text).value() == value);
    CHECK(format_parameter(infos[at], value) == text);
  };
  round(0, "12", 12);
  round(1, "50ms", 50'000);
  round(2, "on", 1);
  round(2, "off", 0);
  round(3, "cross", 2);
  round(4, "500000", 500'000);
  CHECK(parse_parameter(infos[2], "true").value() == 1);
  CHECK(infos[1].usual == 50'000);
  CHECK(infos[3].choices == std::vector<std::string>{"calm", "busy", "cross"});
  CHECK(has(parse_parameter(infos[0], "many").error(), "whole number"));
  CHECK(has(parse_parameter(infos[1], "2h").error(), "expected 1ms to 1h"));
  CHECK(has(parse_parameter(infos[1], "never").error(), "expected 1ms to 1h"));
  CHECK(has(parse_parameter(infos[2], "maybe").error(), "expected on or off"));
  CHECK(has(parse_parameter(infos[3], "corss").error(), "did you mean \"cross\"?"));
  CHECK(has(parse_parameter(infos[4], "1000001").error(), "expected 0 to 1000000"));
  Setup setup = peers(1);
  setup.parameters = {{"mood", 1}, {"patience", 2'000}};
  const auto changed = make_any(setup).value();
  CHECK(changed->parameter(3) == 1);
  CHECK(changed->parameter(1) == 2'000);
  CHECK(changed->parameter(0) == 1'000'000);
}

TEST_CASE("session: what it shows is there: roles, requests, messages on their way, timers") {
  Setup setup = peers(2);
  setup.nodes[1].role = "hub";
  setup.script = {tell(0, 'a', 'b', 5), beat(1, 'a', 2, 5'000)};
  Run going = begin(setup);
  going.until(100);
  const Session& session = *going.session;
  CHECK(session.protocol().roles[1].name == "hub");
  CHECK(session.protocol().requests[0].name == "send");
  CHECK(session.protocol().requests[0].roles == std::vector<std::string>{"peer", "hub"});
  CHECK(session.protocol().requests[1].roles == std::vector<std::string>{"peer"});
  CHECK(session.protocol().timers[1].lease);
  REQUIRE(session.messages().size() == 1);
  CHECK(label_of(session, session.messages()[0]) == "Ping (5, 0)");
  CHECK(session.messages()[0].due_us == 10'000);
  REQUIRE(session.timers().size() == 1);
  CHECK(session.timers()[0].due_us == 5'001);
  CHECK(session.find_node("b") == id('b'));
  CHECK(session.node_role(id('b')) == 1);
  CHECK(session.message_content(99).children.empty());
}

}  // namespace netsplit::test::session_test
