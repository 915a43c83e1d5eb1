// Editing what is open, and going back on it. Every change is a run of its own; undo and redo go
// to a branch that is still there, or run it again.
#include <utility>

#include "ui/checker.h"
#include "ui/model.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

// Up to here a moment is found again by its step within one frame.
constexpr std::int64_t exact_steps_max = 50'000;

}  // namespace

Scenario Model::edited() const {
  Scenario all = scenario;
  all.setup = timeline->setup();
  return all;
}

Work Model::work() const {
  const bool at_step = timeline->cursor_us() == session().now_us();
  return {edited(), opened, timeline->branch(), timeline->cursor_us(),
          at_step ? static_cast<std::int64_t>(timeline->cursor_step()) : -1};
}

// The branch that was just made has a scenario of its own.
void Model::own_scenario(Scenario own) {
  keep_scenario();
  scenario_owner = timeline->branch();
  beside[scenario_owner] = {own, -1, 0, 1};
  scenario = std::move(own);
}

Status Model::edit(Scenario changed) {
  const Time looking_us = timeline->cursor_us();
  Work was = work();
  const Status done = timeline->restart(changed.setup);
  if (!done) return done;
  history.note(std::move(was));
  own_scenario(std::move(changed));
  ++generation;
  playing = false;
  selected_message = 0;
  selected_event = no_event;
  effects.clear();
  seek_time(looking_us);
  this->changed();
  return Done{};
}

Status Model::restart_with(const Setup& setup) {
  Work was = work();
  const Status done = timeline->restart(setup);
  if (!done) return done;
  history.note(std::move(was));
  ++generation;
  heading.reset();
  selected_message = 0;
  selected_event = no_event;
  effects.clear();
  timeline->seek_time(0);
  refresh();
  changed();
  return Done{};
}

// A run that differs in one thing, looked at where one looked before; the lesson goes on with it.
Status Model::vary(const Setup& setup) {
  const Time looking_us = timeline->cursor_us();
  LessonState told = lesson;
  const Status done = restart_with(setup);
  if (!done) return done;
  told.generation = generation;
  told.kept = told.place;
  told.cursor_us = -1;
  told.truths.clear();
  told.begun_us.clear();
  lesson = std::move(told);
  seek_time(looking_us);
  return Done{};
}

void Model::set_seed(std::uint64_t seed) {
  if (!open()) return;
  Setup setup = timeline->setup();
  if (setup.seed == seed) return;
  setup.seed = seed;
  const Status done = vary(setup);
  say_toast(done ? say(t().restarted, {std::to_string(seed)}) : done.error(),
            done ? Tone::plain : Tone::bad);
}

void Model::set_parameter(std::int64_t index, std::int64_t value) {
  if (!open()) return;
  const ParameterInfo& info = session().protocol().parameters[static_cast<std::size_t>(index)];
  if (session().parameter(index) == value) return;
  Setup setup = timeline->setup();
  std::erase_if(setup.parameters, [&](const auto& each) { return each.first == info.name; });
  if (value != info.usual) setup.parameters.emplace_back(info.name, value);
  const Status done = vary(setup);
  if (!done) say_toast(done.error(), Tone::bad);
}

void Model::bring_back(const Work& what) {
  playing = false;
  heading.reset();
  selected_message = 0;
  selected_event = no_event;
  effects.clear();
  if (what.opened != opened) {
    Result<Timeline> again = Timeline::open(what.scenario.setup, make_session);
    if (!again) return say_toast(again.error(), Tone::bad);
    show_run(what.scenario, std::move(again).value());
  } else if (timeline->find_branch(what.branch) != nullptr &&
             timeline->head(what.branch).setup() == what.scenario.setup) {
    keep_scenario();
    timeline->switch_to(what.branch);
    scenario_owner = scenario_branch(what.branch);
  } else {
    // It has got further inputs since, or is gone.
    const Status done = timeline->restart(what.scenario.setup);
    if (!done) return say_toast(done.error(), Tone::bad);
    own_scenario(what.scenario);
  }
  scenario = what.scenario;
  ++generation;
  if (what.cursor_step >= 0 && what.cursor_step <= exact_steps_max) {
    timeline->seek_step(static_cast<std::uint64_t>(what.cursor_step));
    refresh();
  } else {
    seek_time(what.cursor_us);
  }
  changed();
}

void Model::undo() {
  if (!open()) return;
  const std::optional<Work> found = history.undo(work());
  if (!found) return say_toast(std::string(t().nothing_to_undo));
  say_toast(std::string(t().undone));
  bring_back(*found);
}

void Model::redo() {
  if (!open()) return;
  const std::optional<Work> found = history.redo(work());
  if (!found) return say_toast(std::string(t().nothing_to_redo));
  say_toast(std::string(t().redone));
  bring_back(*found);
}

}  // namespace netsplit::ui
