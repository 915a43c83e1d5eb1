// Playing: how far a frame takes the run, at what playing stops, and where a run ends.
#include <algorithm>
#include <chrono>

#include "ui/model.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr std::int64_t effects_max = 64;
// What a reader would wait for longer than this, with nothing to see, is played faster: ever
// slower, until it is this near.
constexpr double idle_s_max = 10;
constexpr double idle_s_left = 0.25;

// The next moment at which anything happens or is told; no later than the run's end.
Time next_moment_us(const Model& model) {
  const Time now_us = model.timeline->cursor_us();
  Time next_us = std::min(model.session().next_due_us(), model.session().setup().until_us);
  for (const LessonStep& step : model.scenario.lesson) {
    if (!step.when && step.at_us > now_us) next_us = std::min(next_us, step.at_us);
  }
  return std::max(next_us, now_us);
}

// "8 h", "12 min", "40 s".
std::string roughly(Time us) {
  if (us >= hours(2)) return std::to_string((us + hours(1) / 2) / hours(1)) + " h";
  const Time minute_us = seconds(60);
  if (us >= 2 * minute_us) return std::to_string(us / minute_us) + " min";
  return std::to_string(us / seconds(1)) + " s";
}

}  // namespace

// Simulated seconds per second of this frame.
double Model::pace() {
  const Time idle_us = next_moment_us(*this) - timeline->cursor_us();
  const double wait_s = static_cast<double>(idle_us) / 1e6 / speed;
  if (!skips_idle && wait_s > idle_s_max) {
    skips_idle = true;
    say_toast(say(t().skips_idle, {roughly(idle_us)}));
  }
  skips_idle = skips_idle && wait_s > idle_s_left;
  return skips_idle ? speed * wait_s / idle_s_left : speed;
}

void Model::play_on(double dt_s) {
  const std::uint64_t from = timeline->cursor_step();
  carry_us += std::min(dt_s, 0.1) * pace() * 1e6;
  const auto whole = static_cast<Time>(carry_us);
  carry_us -= static_cast<double>(whole);
  Time target_us = lesson_stop_us(*this, timeline->cursor_us() + whole);
  const auto begun = std::chrono::steady_clock::now();
  bool in_time = true;
  for (std::int64_t i = 1; in_time && session().next_due_us() <= target_us; ++i) {
    if (!timeline->step_forward()) break;
    if (lesson_stops_here(*this)) target_us = timeline->cursor_us();
    if (i % 64 == 0) in_time = std::chrono::steady_clock::now() - begun < frame_budget;
  }
  bool more = !in_time || timeline->seek_time(target_us);
  pass_last_judgement();
  if (over()) {
    timeline->seek_time(end_us());
    more = false;
  }
  if (timeline->cursor_step() != from) {
    hints.space = true;
    note_effects(from);
  }
  if (more) return;
  playing = false;
  carry_us = 0;
  if (session().ending() == Ending::too_many_steps)
    say_toast(say(t().stopped_steps, {std::to_string(session().steps())}), Tone::bad);
}

// When nothing is left to happen, what holds at the end is decided, wherever one then looks. By
// hand something may be left that only the reader can let happen.
void Model::pass_last_judgement() {
  if (session().next_due_us() != never_us || session().ending() != Ending::running || manual())
    return;
  const Time looking_us = timeline->cursor_us();
  timeline->run_ahead(1);
  timeline->seek_time(looking_us);
}

// The run's end, once nothing is due any more: the last thing that happened, or the moment of the
// lesson's last step. What the end of time cuts off is still under way until then.
Time Model::end_us() const {
  const Session& head = timeline->head();
  const Time until_us = head.setup().until_us;
  if (head.ending() == Ending::end_of_time) return until_us;
  Time end_us = head.now_us();
  if (head.ending() == Ending::too_many_steps) return end_us;
  for (const LessonStep& told : scenario.lesson) end_us = std::max(end_us, told.at_us);
  return std::min(end_us, until_us);
}

bool Model::over() const {
  return session().next_due_us() == never_us && timeline->cursor_us() >= end_us();
}

// What happened between two steps that were played through shows for a moment.
void Model::note_effects(std::uint64_t from_step) {
  const Trace& trace = timeline->trace();
  const EventIndex first = trace.first_after_step(from_step);
  const EventIndex last = trace.first_after_step(timeline->cursor_step());
  for (EventIndex i = std::max(first, last - effects_max); i < last; ++i) {
    const Event& event = trace[i];
    Effect effect;
    effect.born_s = now_s;
    effect.label = event.label;
    if (event.kind == EventKind::deliver) {
      effect.kind = Effect::Kind::flash;
      effect.node = event.node;
    } else if (event.kind == EventKind::lost) {
      effect.kind = Effect::Kind::lost;
      effect.node = event.node;
      effect.peer = event.peer;
      effect.part = part_of_way(event);
    } else {
      continue;
    }
    effects.push_back(effect);
  }
}

}  // namespace netsplit::ui
