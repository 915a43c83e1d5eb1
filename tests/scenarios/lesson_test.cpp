// A lesson held against runs; and every lesson of the library against its own.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/scenario/lesson.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"
#include "core/sim/timeline.h"

namespace netsplit::test::lesson_test {
namespace {

Timeline opened(const Setup& setup) {
  Result<Timeline> timeline = Timeline::open(setup, make_session);
  REQUIRE_MESSAGE(timeline.ok(), (timeline.ok() ? "" : timeline.error()));
  return std::move(timeline).value();
}

const Scenario& fencing(std::string_view id = "lock-gc-pause") {
  const Scenario* found = find_scenario(id);
  REQUIRE(found != nullptr);
  return *found;
}

std::string answer_at(const Setup& setup, const LessonStep& step, Time at_us) {
  Timeline timeline = opened(setup);
  timeline.seek_time(at_us);
  return answer_of(step, timeline.session(), timeline.trace());
}

LessonStep step_at(Time at_us) {
  LessonStep step;
  step.at_us = at_us;
  return step;
}

NodeId node(const Timeline& timeline, std::string_view name) {
  return timeline.session().find_node(name);
}

// Goes to where the step begins: its moment, then on until what it names has come about.
bool seek_begin(Timeline& timeline, const LessonStep& step) {
  timeline.seek_time(std::max(step.at_us, timeline.cursor_us()));
  if (!step.when) return timeline.cursor_us() >= step.at_us;
  const auto begun = [&] {
    return step_of(*step.when, step.at_us, timeline.session(), timeline.trace()).has_value();
  };
  while (!begun()) {
    if (!timeline.step_forward()) {
      timeline.seek_time(timeline.session().setup().until_us);
      return begun();
    }
  }
  return true;
}

// Does what the step asks for, as a reader would.
void carry_out(const Task& task, Timeline& timeline) {
  if (task.input) {
    const Status pushed = timeline.push(*task.input);
    CHECK_MESSAGE(pushed.ok(), (pushed.ok() ? "" : pushed.error()));
    return;
  }
  const Time back_us = timeline.cursor_us();
  Setup setup = timeline.setup();
  std::erase_if(setup.parameters, [&](const auto& one) { return one.first == task.parameter; });
  setup.parameters.emplace_back(task.parameter, task.value);
  REQUIRE(timeline.restart(setup).ok());
  timeline.seek_time(back_us);
}

// What a highlight names is there at the moment at which its step is told.
bool is_there(const Highlight& highlight, const Timeline& timeline, const LessonStep& step,
              Time end_us) {
  const Session& session = timeline.session();
  switch (highlight.kind) {
    case Highlight::Kind::node:
      return session.find_node(highlight.node) != nobody;
    case Highlight::Kind::link:
      return session.linked(session.find_node(highlight.node), session.find_node(highlight.other));
    case Highlight::Kind::field:
      return find_field(session, highlight.node, highlight.name).has_value();
    case Highlight::Kind::property:
      return std::any_of(session.properties().begin(), session.properties().end(),
                         [&](const PropertyState& one) { return one.name == highlight.name; });
    case Highlight::Kind::panel:
      return true;  // a name that is none is refused when the file is read
    case Highlight::Kind::message: {
      // One is on its way at some time while the step is told.
      Timeline later = opened(timeline.setup());
      later.seek_time(end_us);
      const Trace& trace = later.trace();
      for (EventIndex i = trace.first(); i < trace.size() && trace[i].at_us <= end_us; ++i) {
        const bool arrives =
            trace[i].kind == EventKind::deliver || trace[i].kind == EventKind::lost;
        if (arrives && trace[i].at_us >= step.at_us &&
            event_label(later.session(), trace[i]) == highlight.name)
          return true;
      }
      return false;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("library: every step of a lesson is reached, and what it points at is there") {
  int steps = 0;
  for (const Scenario& scenario : library()) {
    CAPTURE(scenario.id);
    if (scenario.lesson.empty()) continue;
    Timeline timeline = opened(scenario.setup);
    for (std::size_t i = 0; i < scenario.lesson.size(); ++i) {
      const LessonStep& step = scenario.lesson[i];
      CAPTURE(step.title);
      ++steps;
      REQUIRE(seek_begin(timeline, step));
      CHECK(lesson_place(scenario.lesson, timeline.session(), timeline.trace(),
                         timeline.cursor_us()) >= i);
      const bool last = i + 1 == scenario.lesson.size();
      const Time end_us = last ? scenario.setup.until_us : scenario.lesson[i + 1].at_us;
      for (std::size_t h = 0; h < step.highlight.size(); ++h)
        CHECK_MESSAGE(is_there(step.highlight[h], timeline, step, end_us),
                      "highlight[" << h << "]");
      if (!step.wait) continue;
      CHECK_FALSE(is_done(*step.wait, step.at_us, timeline.session(), timeline.trace()));
      carry_out(*step.wait, timeline);
      CHECK(is_done(*step.wait, step.at_us, timeline.session(), timeline.trace()));
    }
  }
  CHECK(steps > 20);
}

TEST_CASE("library: a lesson's question is answered by the run, with one of its answers") {
  int questions = 0;
  for (const Scenario& scenario : library()) {
    CAPTURE(scenario.id);
    Timeline timeline = opened(scenario.setup);
    for (const LessonStep& step : scenario.lesson) {
      CAPTURE(step.title);
      // What the reader was asked to do before has been done.
      if (!step.question.empty()) {
        ++questions;
        Timeline ahead = opened(timeline.setup());
        ahead.seek_time(step.reveal.at_us);
        const std::string answer = answer_of(step, ahead.session(), ahead.trace());
        CHECK_MESSAGE(right_answer(step, answer), answer << " is none of the answers");
        CHECK(step.reveal.at_us >= step.at_us);
      }
      if (!step.wait) continue;
      seek_begin(timeline, step);
      carry_out(*step.wait, timeline);
    }
  }
  CHECK(questions >= 4);
}

TEST_CASE("library: what a staging does can be done where it jumps to") {
  for (const Scenario& scenario : library()) {
    CAPTURE(scenario.id);
    CHECK_MESSAGE(scenario.stagings.size() <= 9, "a staging has one of the keys 1 to 9");
    for (const Staging& staging : scenario.stagings) {
      CAPTURE(staging.title);
      Timeline timeline = opened(scenario.setup);
      LessonStep begin = step_at(staging.at_us);
      begin.when = staging.when;
      REQUIRE(seek_begin(timeline, begin));
      for (const Input& input : staging.then) {
        const EventIndex before = timeline.session().events();
        const Status pushed = timeline.push(input);
        REQUIRE_MESSAGE(pushed.ok(), (pushed.ok() ? "" : pushed.error()));
        const Trace& trace = timeline.trace();
        for (EventIndex i = before; i < timeline.session().events(); ++i)
          CHECK_MESSAGE(trace[i].kind != EventKind::no_effect,
                        sentence_of(timeline.session(), trace[i]));
      }
    }
  }
}

TEST_CASE("lesson: an answer changes with what the run does") {
  // Fields: storage holds what the last writer that it let in has written.
  LessonStep step;
  step.answers = {"bob", "alice, again", "nobody"};
  step.reveal.kind = Reveal::Kind::field;
  step.reveal.node = "storage";
  step.reveal.name = "disk.value";
  CHECK(answer_at(fencing().setup, step, seconds(9)) == "alice");
  CHECK(right_answer(step, "alice") == 1u);
  CHECK(answer_at(fencing("lock-fenced").setup, step, seconds(9)) == "bob");
  CHECK_FALSE(right_answer(step, "bo"));
  CHECK_FALSE(right_answer(step, ""));
  step.reveal.values = {"alice", "bob", "carol"};
  CHECK_MESSAGE(right_answer(step, "alice") == 0u, "values stand for the answers");
  step.reveal.name = "disk.nothing";
  CHECK(answer_at(fencing().setup, step, seconds(9)).empty());

  // A property: vectors are exact only while receivers take over what they are told.
  Scenario scenario = fencing("vector");
  LessonStep judged;
  judged.answers = {"exact", "wrong"};
  judged.reveal.kind = Reveal::Kind::property;
  judged.reveal.name = "vector_exact";
  CHECK(answer_at(scenario.setup, judged, seconds(9)) == "exact");
  scenario.setup.parameters.emplace_back("merge_on_receipt", 0);
  CHECK(answer_at(scenario.setup, judged, seconds(9)) == "wrong");
  // Not decided yet: nothing has been measured.
  judged.reveal.name = "skew";
  CHECK(answer_at(scenario.setup, judged, seconds(1)).empty());
  judged.reveal.name = "no_such_property";
  CHECK(answer_at(scenario.setup, judged, seconds(9)).empty());
}

TEST_CASE("lesson: messages, meters, operations and events are read off the run") {
  LessonStep step;
  step.answers = {"yes", "no"};
  const Setup& setup = fencing().setup;
  const auto answer = [&](Time at_us) { return answer_at(setup, step, at_us); };
  step.reveal.kind = Reveal::Kind::messages;
  step.reveal.name = "Write";
  CHECK(answer(seconds(5)) == "0");
  CHECK(answer(seconds(9)) == "2");
  step.reveal.node = "alice";
  CHECK(answer(seconds(9)) == "1");
  step.reveal.kind = Reveal::Kind::meter;
  step.reveal.name = "sent";
  CHECK(answer(seconds(1)) == "2");
  step.reveal.kind = Reveal::Kind::operation;
  CHECK(answer(seconds(1)) == "pending");
  CHECK(answer(seconds(9)) == "ok");
  step.reveal.number = 2;
  CHECK_MESSAGE(answer(seconds(9)).empty(), "she asked once");
  step.reveal.kind = Reveal::Kind::happened;
  step.reveal.happened.event = EventKind::deliver;
  step.reveal.happened.node = "storage";
  step.reveal.happened.peer = "alice";
  CHECK(answer(seconds(7)) == "no");
  CHECK(answer(seconds(9)) == "yes");
  step.reveal.happened.label = "Read";
  CHECK(answer(seconds(9)) == "no");
}

TEST_CASE("lesson: a step begins with an event or when a property breaks") {
  std::vector<LessonStep> lesson{step_at(0), step_at(seconds(1)), step_at(0), step_at(0)};
  lesson[2].when = Occurrence{};
  lesson[2].when->event = EventKind::deliver;
  lesson[2].when->node = "storage";
  lesson[3].when = Occurrence{"no_stale_write", Standing::violated, {}, {}, {}, {}};
  Timeline timeline = opened(fencing().setup);
  const auto place = [&](Time at_us) {
    timeline.seek_time(at_us);
    return lesson_place(lesson, timeline.session(), timeline.trace(), timeline.cursor_us());
  };
  CHECK(place(milliseconds(999)) == 0);
  CHECK(place(seconds(1)) == 1);
  CHECK(place(seconds(9)) == 3);
  CHECK_MESSAGE(place(seconds(6)) == 1, "looking back, what is later has not been yet");
  CHECK(place(seconds(7)) == 2);
  const auto broken = step_of(*lesson[3].when, 0, timeline.head(), timeline.trace());
  REQUIRE(broken);
  timeline.seek_step(*broken - 1);
  CHECK(lesson_place(lesson, timeline.session(), timeline.trace(), timeline.cursor_us()) == 2);
  timeline.seek_step(*broken);
  CHECK(lesson_place(lesson, timeline.session(), timeline.trace(), timeline.cursor_us()) == 3);
}

TEST_CASE("lesson: a task is done when the reader has brought it about, in whatever way") {
  Timeline timeline = opened(fencing().setup);
  const NodeId alice = node(timeline, "alice"), bob = node(timeline, "bob"),
               lock = node(timeline, "lock"), storage = node(timeline, "storage");
  const auto done = [](const Input& wanted, const Input& made) {
    Timeline fresh = opened(fencing().setup);
    fresh.seek_time(seconds(4));
    const Task task{wanted, {}, 0};
    CHECK_FALSE(is_done(task, seconds(1), fresh.session(), fresh.trace()));
    REQUIRE(fresh.push(made).ok());
    CHECK_FALSE_MESSAGE(is_done(task, seconds(5), fresh.session(), fresh.trace()), "too early");
    return is_done(task, seconds(1), fresh.session(), fresh.trace());
  };
  const Input cut = on_link(Action::cut, 0, alice, lock);
  CHECK(done(cut, cut));
  CHECK(done(cut, on_link(Action::cut, 0, lock, alice)));
  CHECK(done(cut, on_nodes(Action::isolate, 0, {alice})));
  CHECK(done(cut, on_nodes(Action::partition, 0, {alice, bob})));
  CHECK_FALSE(done(cut, on_nodes(Action::partition, 0, {alice, lock})));
  CHECK_FALSE(done(cut, on_link(Action::cut, 0, alice, storage)));
  CHECK_FALSE(done(cut, on_link(Action::heal, 0, alice, lock)));
  Input one_way = cut;
  one_way.one_way = true;
  CHECK(done(one_way, cut));
  CHECK_FALSE_MESSAGE(done(cut, one_way), "only one direction is cut");
  const Input apart = on_nodes(Action::partition, 0, {alice, bob});
  CHECK(done(apart, on_nodes(Action::partition, 0, {lock, storage})));
  CHECK_FALSE(done(apart, on_nodes(Action::partition, 0, {alice})));
  CHECK(done(on_nodes(Action::isolate, 0, {alice}), on_nodes(Action::partition, 0, {alice})));
  CHECK(done(on_nodes(Action::pause, 0, {bob}), on_nodes(Action::pause, 0, {alice, bob})));
  CHECK_FALSE(done(on_nodes(Action::pause, 0, {bob}), on_nodes(Action::crash, 0, {bob})));
  Input heal_all;
  heal_all.action = Action::heal;
  CHECK(done(heal_all, heal_all));
  CHECK(done(on_link(Action::heal, 0, alice, lock), heal_all));

  // A script's own line is not the reader's.
  const Task paused{on_nodes(Action::pause, 0, {alice}), {}, 0};
  timeline.seek_time(seconds(5));
  CHECK_FALSE(is_done(paused, 0, timeline.session(), timeline.trace()));

  // A parameter is set whoever set it.
  const Task fenced{std::nullopt, "fencing", 1};
  CHECK_FALSE(is_done(fenced, 0, timeline.session(), timeline.trace()));
  const Timeline other = opened(fencing("lock-fenced").setup);
  CHECK(is_done(fenced, 0, other.session(), other.trace()));
}

TEST_CASE("lesson: a message that a person picks is known by its type and ends") {
  Timeline timeline = opened(fencing().setup);
  timeline.seek_time(milliseconds(510));
  const std::vector<MessageView> flying = timeline.session().messages();
  REQUIRE(flying.size() == 1);  // alice asks for the lock
  REQUIRE(timeline.push(on_message(Action::drop, 0, flying[0].id)).ok());
  const auto done = [&](Action action, NodeId from, std::string label) {
    Input wanted;
    wanted.action = action;
    wanted.message.from = from;
    wanted.message.label = std::move(label);
    return is_done({wanted, {}, 0}, 0, timeline.session(), timeline.trace());
  };
  CHECK(done(Action::drop, nobody, "Acquire"));
  CHECK(done(Action::drop, node(timeline, "alice"), ""));
  CHECK_FALSE(done(Action::drop, node(timeline, "bob"), ""));
  CHECK_FALSE(done(Action::drop, nobody, "Write"));
  CHECK_FALSE(done(Action::delay, nobody, "Acquire"));
}

TEST_CASE("lesson: it waits for the reader, or goes on when they skip") {
  Timeline timeline = opened(fencing().setup);
  std::vector<LessonStep> lesson{step_at(0), step_at(seconds(2)), step_at(seconds(3))};
  lesson[1].wait =
      Task{on_link(Action::cut, 0, node(timeline, "alice"), node(timeline, "lock")), {}, 0};
  const auto place = [&](std::size_t skipped) {
    return lesson_place(lesson, timeline.session(), timeline.trace(), timeline.cursor_us(),
                        skipped);
  };
  timeline.seek_time(seconds(4));
  CHECK(place(0) == 1);
  CHECK(place(1) == 1);
  CHECK(place(2) == 2);
  REQUIRE(timeline.push(*lesson[1].wait->input).ok());
  CHECK(place(0) == 2);
}

TEST_CASE("lesson: names that the protocol does not have are refused with their path") {
  const auto error_of = [](auto change) {
    Scenario scenario = fencing();
    change(scenario);
    const auto run = run_headless(scenario);
    return run.ok() ? std::string("no error") : run.error();
  };
  CHECK(error_of([](Scenario& s) {
          s.lesson[0].reveal.kind = Reveal::Kind::property;
          s.lesson[0].reveal.name = "no_stale_wright";
        }) ==
        "lesson[0].reveal.property: there is no property \"no_stale_wright\"; did you mean "
        "\"no_stale_write\"?");
  CHECK(error_of([](Scenario& s) {
          s.lesson[1].reveal.kind = Reveal::Kind::meter;
          s.lesson[1].reveal.name = "sents";
        }) == "lesson[1].reveal.meter: there is no meter \"sents\"; did you mean \"sent\"?");
  CHECK(error_of([](Scenario& s) {
          s.lesson[0].highlight.push_back({Highlight::Kind::property, {}, {}, "one_beliver"});
        }) ==
        "lesson[0].highlight[2].property: there is no property \"one_beliver\"; did you mean "
        "\"one_believer\"?");
  CHECK(error_of([](Scenario& s) {
          s.stagings[0].when = Occurrence{"all_answerd", {}, {}, {}, {}, {}};
        }) ==
        "stagings[0].when.property: there is no property \"all_answerd\"; did you mean "
        "\"all_answered\"?");
  // A flag is told as the inspector shows it, and not in JSON's words.
  const auto flag = [](std::vector<std::string> answers, std::vector<std::string> values) {
    return [=](Scenario& s) {
      s.lesson[0].question = "Is the lock given away?";
      s.lesson[0].answers = answers;
      s.lesson[0].reveal = {};
      s.lesson[0].reveal.kind = Reveal::Kind::field;
      s.lesson[0].reveal.node = "lock";
      s.lesson[0].reveal.name = "disk.leased";
      s.lesson[0].reveal.values = values;
    };
  };
  CHECK(error_of(flag({"Yes", "No"}, {"true", "false"})) ==
        "lesson[0].reveal.values: the field \"disk.leased\" reads \"yes\" or \"no\", found "
        "\"true\"");
  CHECK(error_of(flag({"true", "false"}, {})) ==
        "lesson[0].answers: the field \"disk.leased\" reads \"yes\" or \"no\", found \"true\"");
  CHECK(error_of(flag({"true", "false"}, {"yes", "no"})) == "no error");
}

}  // namespace netsplit::test::lesson_test
