#include "ui/lesson_state.h"

#include <algorithm>

#include "ui/model.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

// How far one looks for an event that has not been simulated yet.
constexpr std::uint64_t looked_slice = 512;
constexpr int looked_slices_max = 400;

bool asks(const LessonStep& step) { return !step.question.empty() && !step.answers.empty(); }

// The moment has come; or nothing more will happen until then.
bool is_due(const Model& model, const LessonStep& step) {
  return model.timeline->cursor_us() >= step.reveal.at_us ||
         model.session().next_due_us() == never_us;
}

void take_truths(Model& model) {
  LessonState& state = model.lesson;
  const Timeline& timeline = *model.timeline;
  for (const auto& [index, answer] : state.picked) {
    if (index >= model.scenario.lesson.size() || state.truths.count(index) != 0) continue;
    const LessonStep& step = model.scenario.lesson[index];
    if (!is_due(model, step)) continue;
    // The moment that the step names, not the one at which the reader happens to look.
    const std::unique_ptr<Session> then = timeline.at(step.reveal.at_us);
    if (then->next_due_us() == never_us && !model.manual())
      then->step(nullptr);  // the last judgement is passed
    LessonState::Truth truth;
    truth.text = answer_of(step, *then, timeline.trace());
    truth.right = right_answer(step, truth.text);
    if (const PropertyState* property = property_asked(step, *then))
      truth.why = property->witness.why;
    state.truths[index] = std::move(truth);
  }
}

// When the step told came about, if it had to wait for something.
void note_begin(Model& model, const LessonStep& step) {
  LessonState& state = model.lesson;
  if (!step.when || state.begun_us.count(state.place) != 0) return;
  const Trace& trace = model.timeline->trace();
  const auto begun = step_of(*step.when, step.at_us, model.session(), trace);
  if (!begun) return;
  const EventIndex event = trace.first_after_step(std::max<std::uint64_t>(*begun, 1) - 1);
  if (event >= trace.first() && event < trace.size())
    state.begun_us[state.place] = trace[event].at_us;
}

// Moves to the first time it comes about, or else to the moment. False, with a toast, when never.
bool seek_moment(Model& model, Time at_us, const std::optional<Occurrence>& when) {
  model.playing = false;
  if (!when) {
    model.seek_time(at_us);
    return true;
  }
  Timeline& timeline = *model.timeline;
  timeline.run_ahead_to(at_us, looked_slice * looked_slices_max);
  bool more = true;
  for (int i = 0; i < looked_slices_max; ++i) {
    const auto found = step_of(*when, at_us, timeline.head(), timeline.trace());
    if (found) {
      model.seek_step(*found);
      return true;
    }
    if (!more) break;
    more = timeline.run_ahead(looked_slice);
  }
  model.say_toast(std::string(t().not_in_this_run));
  return false;
}

}  // namespace

const LessonStep* step_told(const Model& model) {
  const auto& lesson = model.scenario.lesson;
  if (!model.open() || lesson.empty()) return nullptr;
  return &lesson[std::min(model.lesson.place, lesson.size() - 1)];
}

bool holds_up(const Model& model, std::size_t index) {
  const LessonState& state = model.lesson;
  if (index >= model.scenario.lesson.size() || index < state.passed) return false;
  const LessonStep& step = model.scenario.lesson[index];
  if (asks(step) && state.picked.count(index) == 0) return true;
  if (!step.wait) return false;
  return !(index == state.place && state.task_done);
}

const LessonState::Truth* truth_of(const Model& model, std::size_t index) {
  const auto at = model.lesson.truths.find(index);
  if (at == model.lesson.truths.end() || at->second.text.empty()) return nullptr;
  return is_due(model, model.scenario.lesson[index]) ? &at->second : nullptr;
}

std::string task_words(const Model& model, const Task& task) {
  const Session& session = model.session();
  if (!task.input) {
    for (const ParameterInfo& info : session.protocol().parameters) {
      if (info.name == task.parameter)
        return say(t().set_to, {words(info.name), words(format_parameter(info, task.value))});
    }
    return {};
  }
  std::string what;
  const auto add = [&](std::string_view text) {
    if (text.empty()) return;
    if (!what.empty()) what += ", ";
    what += text;
  };
  add(words(task.input->name));
  add(task.input->message.label);
  for (const auto& group : task.input->groups) {
    for (const NodeId node : group) add(session.node_name(node));
  }
  std::string action = words(enumerator_name_of(task.input->action));
  action[0] = static_cast<char>(action[0] - 'a' + 'A');
  return what.empty() ? action : action + ": " + what;
}

void follow_lesson(Model& model) {
  if (!model.open() || model.scenario.lesson.empty()) return;
  LessonState& state = model.lesson;
  const Timeline& timeline = *model.timeline;
  if (state.generation != model.generation) {
    const std::uint64_t generation = model.generation;
    state = LessonState{};
    state.generation = generation;
  }
  if (state.branch != timeline.branch()) {
    state.truths.clear();
    state.begun_us.clear();
  }
  if (state.branch == timeline.branch() && state.step == timeline.cursor_step() &&
      state.cursor_us == timeline.cursor_us())
    return;
  state.branch = timeline.branch();
  state.step = timeline.cursor_step();
  state.cursor_us = timeline.cursor_us();
  const std::vector<LessonStep>& lesson = model.scenario.lesson;
  const std::size_t before = state.place;
  state.place =
      lesson_place(lesson, model.session(), timeline.trace(), state.cursor_us, state.passed);
  // In the varied run it may never come about; whoever varied it there goes on there.
  state.kept = std::min(state.kept, lesson.size() - 1);
  if (state.cursor_us >= lesson[state.kept].at_us) state.place = std::max(state.place, state.kept);
  state.arrived = state.arrived || state.place != before;
  state.panel_due = state.panel_due || state.place != before;
  const LessonStep& step = lesson[state.place];
  note_begin(model, step);
  const auto has_task_done = [&](const LessonStep& one) {
    return one.wait && is_done(*one.wait, one.at_us, model.session(), timeline.trace());
  };
  state.task_done = has_task_done(step);
  state.left = !(timeline.head().setup() == model.scenario.setup) &&
               std::none_of(lesson.begin(), lesson.end(), has_task_done);
  take_truths(model);
  // A step that speaks of a field opens its node, unless the reader looks at another.
  if (state.place != before && model.selected_node == nobody) {
    for (const Highlight& highlight : step.highlight) {
      if (highlight.kind != Highlight::Kind::field) continue;
      model.selected_node = model.session().find_node(highlight.node);
      break;
    }
  }
  if (!model.playing || !holds_up(model, state.place)) return;
  model.play(false);
  if (!step.when) return;
  const auto begun = step_of(*step.when, step.at_us, model.session(), timeline.trace());
  if (begun && *begun < timeline.cursor_step()) model.seek_step(*begun);
}

Time lesson_stop_us(const Model& model, Time target_us) {
  const std::vector<LessonStep>& lesson = model.scenario.lesson;
  Time stop_us = target_us;
  for (std::size_t i = model.lesson.place; i < lesson.size(); ++i) {
    const bool ahead = !lesson[i].when && lesson[i].at_us > model.timeline->cursor_us();
    if (ahead && holds_up(model, i)) stop_us = std::min(stop_us, lesson[i].at_us);
  }
  return stop_us;
}

bool lesson_stops_here(const Model& model) {
  const std::vector<LessonStep>& lesson = model.scenario.lesson;
  const Session& session = model.session();
  for (std::size_t i = model.lesson.place + 1; i < lesson.size(); ++i) {
    if (!holds_up(model, i)) continue;
    const LessonStep& step = lesson[i];
    // What has just happened, not all that ever has.
    return step.when && session.now_us() >= step.at_us &&
           step_of(*step.when, session.now_us(), session, model.timeline->trace());
  }
  return false;
}

void pass_step(Model& model) {
  if (!holds_up(model, model.lesson.place)) return;
  // The first step is told before its moment, and asks only then.
  if (model.timeline->cursor_us() < model.scenario.lesson[model.lesson.place].at_us) return;
  model.lesson.passed = model.lesson.place + 1;
  model.lesson.cursor_us = -1;  // look again: the next step may have begun long since
}

void go_to_step(Model& model, std::size_t index) {
  if (!model.open() || index >= model.scenario.lesson.size()) return;
  const LessonStep& step = model.scenario.lesson[index];
  model.lesson.passed = std::max(model.lesson.passed, index);
  model.lesson.kept = std::min(model.lesson.kept, index);
  seek_moment(model, step.at_us, step.when);
}

void pick_answer(Model& model, std::size_t answer) {
  const LessonStep* step = step_told(model);
  LessonState& state = model.lesson;
  if (step == nullptr || answer >= step->answers.size() || state.picked.count(state.place) != 0)
    return;
  state.picked[state.place] = answer;
  state.cursor_us = -1;
  follow_lesson(model);
  // Whoever has guessed wants to see.
  if (truth_of(model, state.place) == nullptr && !model.playing) model.play(true);
}

void show_task(Model& model) {
  const LessonStep* step = step_told(model);
  if (step == nullptr || !step->wait || model.lesson.task_done) return;
  const Task task = *step->wait;
  if (task.input) {
    model.push(*task.input);
    return;
  }
  const auto& infos = model.session().protocol().parameters;
  for (std::size_t i = 0; i < infos.size(); ++i) {
    if (infos[i].name == task.parameter)
      return model.set_parameter(static_cast<std::int64_t>(i), task.value);
  }
}

// As it was opened: what the reader did and set stays on the branch that is left.
void restart_lesson(Model& model) {
  if (!model.open()) return;
  model.playing = false;
  if (!(model.timeline->setup() == model.scenario.setup)) {
    const Status done = model.timeline->restart(model.scenario.setup);
    if (!done) return model.say_toast(done.error(), Tone::bad);
    ++model.generation;
    model.selected_event = no_event;
    model.effects.clear();
    model.changed();
  }
  const std::uint64_t generation = model.generation;
  model.lesson = LessonState{};
  model.lesson.generation = generation;
  model.withheld.clear();
  model.seek_time(0);
}

void stage(Model& model, std::size_t index) {
  if (!model.open() || index >= model.scenario.stagings.size()) return;
  const Staging staging = model.scenario.stagings[index];
  if (!seek_moment(model, staging.at_us, staging.when)) return;
  if (staging.then.empty()) return;
  // What is done there must find the moment reached.
  if (!staging.when) model.timeline->seek_time(staging.at_us);
  model.heading.reset();
  for (const Input& input : staging.then) {
    if (!model.push(input)) return;
  }
}

bool points_at(const Model& model, Highlight::Kind kind, std::string_view name,
               std::string_view node, std::string_view other) {
  const LessonStep* step = step_told(model);
  if (step == nullptr) return false;
  return std::any_of(step->highlight.begin(), step->highlight.end(), [&](const Highlight& one) {
    if (one.kind != kind) return false;
    if (kind == Highlight::Kind::link) {
      return (one.node == node && one.other == other) || (one.node == other && one.other == node);
    }
    return one.name == name && one.node == node;
  });
}

}  // namespace netsplit::ui
