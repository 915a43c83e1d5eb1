#include "ui/model.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <utility>

#include "core/scenario/reproduction.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

// A link's run is compared up to here, and says no more of a longer one.
constexpr std::uint64_t compared_steps_max = 2'000'000;

}  // namespace

void Model::show_run(const Scenario& what, Timeline run) {
  scenario = what;
  beside.clear();
  beside[0] = {what, -1, 0, 1};
  scenario_owner = 0;
  forget_checks(*this);
  timeline.emplace(std::move(run));
  ++opened;
  ++generation;
}

Status Model::start(const Scenario& what) {
  Result<Timeline> started = Timeline::open(what.setup, make_session);
  if (!started) return Error{started.error()};
  if (open()) history.note(work());
  show_run(what, std::move(started).value());
  playing = false;
  library_open = false;
  heading.reset();
  carry_us = 0;
  set_speed(static_cast<double>(what.speed_ppm) / 1e6);
  selected_node = nobody;
  selected_message = 0;
  selected_event = no_event;
  marked.clear();
  effects.clear();
  comparison.clear();
  what_if.clear();
  withheld.clear();
  compared.clear();
  compared_shown = {};
  pane = 0;
  timeline->seek_time(0);
  refresh();
  return Done{};
}

Status Model::open_scenario(std::string_view id) {
  const Scenario* found = find_scenario(id);
  if (found == nullptr) {
    std::vector<std::string> known;
    for (const Scenario& each : library()) known.push_back(each.id);
    return Error{"There is no scenario \"" + std::string(id.substr(0, 60)) + "\"; " +
                 expected_names(id, known)};
  }
  const Status started = start(*found);
  if (started) changed();
  return started;
}

Status Model::open_file(std::string_view text, std::string_view name) {
  const Result<Scenario> parsed = parse_scenario(text, name);
  if (!parsed) return Error{parsed.error()};
  const Status started = start(parsed.value());
  if (started) changed();
  return started;
}

Status Model::open_link(std::string_view text) {
  const Result<Link> decoded = decode_link(text);
  if (!decoded) return Error{decoded.error()};
  const Link& link = decoded.value();
  const Status started = start(link.scenario);
  if (!started) return started;
  Heading goal;
  goal.to_us = std::clamp<Time>(link.cursor_us, 0, session().setup().until_us);
  goal.to_step = link.cursor_step;
  if (link.hash) goal.compared = link;
  head_for(std::move(goal));
  refresh();
  return Done{};
}

void Model::refresh() {
  if (!open()) return;
  pass_last_judgement();
  if (selected_node.value >= session().node_count()) selected_node = nobody;
  moment.refresh(*timeline, generation, selected_node, playing, now_s);
  cone.follow(timeline->trace(), generation, timeline->branch(), selected_event);
  follow_lesson(*this);
  if (timeline->divergence()) {
    say_toast(say(t().diverged, {*timeline->divergence()}), Tone::bad);
  }
}

void Model::advance(double dt_s) {
  now_s += dt_s;
  if (open()) take_scenario();
  follow_checks(*this);
  std::erase_if(effects, [&](const Effect& effect) {
    return now_s - effect.born_s > (effect.kind == Effect::Kind::lost ? lost_life_s : flash_life_s);
  });
  if (open() && heading) {
    go_on();
  } else if (open() && playing) {
    play_on(dt_s);
    refresh();
  } else {
    refresh();
  }
  go_on_asking();
  if (now_s >= link_due_s && !playing && !heading) {
    link_due_s = 1e18;
    if (open() && host.link_changed) {
      const Result<std::string> text = encode_link(link_of_run());
      if (text && text.value() != last_link) {
        last_link = text.value();
        host.link_changed(last_link);
      }
    }
    if (open()) keep();
  }
}

void Model::play(bool on) {
  if (!open() || on == playing) return;
  hints.space = true;
  if (on && over()) {
    say_toast(std::string(t().run_over));
    return;
  }
  if (on) pass_step(*this);
  playing = on;
  heading.reset();
  carry_us = 0;
  if (!on) changed();
  refresh();
}

void Model::step() {
  if (!open()) return;
  playing = false;
  heading.reset();
  const std::uint64_t from = timeline->cursor_step();
  timeline->step_forward();
  if (timeline->cursor_step() == from) {
    say_toast(std::string(t().run_over));
  } else {
    note_effects(from);
  }
  refresh();
}

void Model::step_back() {
  if (!open()) return;
  playing = false;
  heading.reset();
  hints.back = true;
  effects.clear();
  const std::uint64_t step = timeline->cursor_step();
  // Between two steps it goes back to the earlier one.
  const bool between = timeline->cursor_us() > session().now_us();
  if (step == 0) {
    say_toast(std::string(t().nothing_before));
    return refresh();
  }
  seek_step(between ? step : step - 1);
}

void Model::seek_time(Time time_us) {
  if (!open()) return;
  if (time_us < timeline->cursor_us()) hints.back = true;
  effects.clear();
  carry_us = 0;
  Heading goal;
  goal.to_us = std::clamp<Time>(time_us, 0, session().setup().until_us);
  head_for(std::move(goal));
}

void Model::head_for(Heading goal) {
  // A link that is being made of this very run still is.
  goal.shares = goal.shares || (heading && heading->shares);
  heading = std::move(goal);
  go_on();
}

// Goes on towards where the window is heading, for as long as a frame may take.
void Model::go_on() {
  constexpr std::uint64_t slice = 64;
  const auto begun = std::chrono::steady_clock::now();
  const auto in_time = [&] { return std::chrono::steady_clock::now() - begun < frame_budget; };
  bool there = false;
  do {
    Heading& goal = *heading;
    if (goal.passing()) {
      const std::uint64_t steps = timeline->head().steps();
      const std::uint64_t wanted = link_steps();
      const bool more = steps < wanted && timeline->run_ahead(std::min(slice, wanted - steps));
      if (!more && pass_link()) return;
    } else if (goal.to_step >= 0) {
      if (!timeline->travel_to_step(static_cast<std::uint64_t>(goal.to_step), slice)) continue;
      goal.to_step = -1;
      there = goal.to_us <= session().now_us();
    } else if (!goal.to_end) {
      there = timeline->travel_to_time(goal.to_us, slice);
    } else if (timeline->run_ahead_to(goal.to_us, slice)) {
      goal.to_end = false;
      goal.to_us = end_us();
    }
  } while (!there && in_time());
  if (there) heading.reset();
  refresh();
}

// How many steps the run needs for the link that is compared or made.
std::uint64_t Model::link_steps() const {
  if (!heading->compared) return compared_steps_max;
  return std::min(static_cast<std::uint64_t>(heading->compared->hash_steps), compared_steps_max);
}

std::string Model::heading_text() const {
  if (!heading) return {};
  const Session& head = timeline->head();
  if (!heading->passing())
    return say(t().simulating, {clock_text(std::min(head.now_us(), heading->to_us), 1),
                                clock_text(heading->to_us, 1)});
  return say(heading->compared ? t().comparing : t().linking,
             {grouped(head.steps()), grouped(link_steps())});
}

// As much was simulated as a link needs. True when the window goes nowhere from here.
bool Model::pass_link() {
  Heading& goal = *heading;
  if (goal.compared) {
    const Comparison compared = compare_with_link(*goal.compared, timeline->head());
    const bool good = compared.outcome == Reproduction::reproduced;
    const bool bad = compared.outcome == Reproduction::differs;
    say_toast(compared.sentence, good ? Tone::good : bad ? Tone::bad : Tone::plain);
    goal.compared.reset();
  } else {
    goal.shares = false;
    hand_out_link();
  }
  if (goal.passing() || !goal.stays) return false;
  heading.reset();
  refresh();
  return true;
}

void Model::seek_step(std::uint64_t step) {
  if (!open()) return;
  playing = false;
  effects.clear();
  Heading goal;
  goal.to_step = static_cast<std::int64_t>(step);
  head_for(std::move(goal));
}

void Model::seek_event(EventIndex index) {
  if (!open()) return;
  const Trace& trace = timeline->trace();
  if (index < trace.first() || index >= trace.size()) return say_toast(std::string(t().too_old));
  selected_event = index;
  seek_step(trace[index].step);
}

void Model::to_end() {
  if (!open()) return;
  playing = false;
  effects.clear();
  Heading goal;
  goal.to_us = session().setup().until_us;
  goal.to_end = true;
  head_for(std::move(goal));
}

void Model::switch_branch(BranchId id) {
  if (!open() || id == timeline->branch()) return;
  if (timeline->find_branch(id) == nullptr) return;
  playing = false;
  heading.reset();
  selected_event = no_event;
  effects.clear();
  const Time looking_us = timeline->cursor_us();
  const std::int32_t nodes = session().node_count();
  timeline->switch_near(id);
  if (session().node_count() != nodes) ++generation;
  if (selected_node.value >= session().node_count()) selected_node = nobody;
  take_scenario();
  seek_time(looking_us);
  changed();
}

bool Model::push(Input input) {
  if (!open()) return false;
  heading.reset();
  input.at_us = timeline->cursor_us();
  input.by_hand = true;
  const auto before = timeline->branches().size();
  Work was = work();
  const std::uint64_t from = timeline->cursor_step();
  const Status pushed = timeline->push(std::move(input));
  if (!pushed) {
    say_toast(pushed.error(), Tone::bad);
    return false;
  }
  history.note(std::move(was));
  if (timeline->branches().size() != before) {
    selected_event = no_event;
    say_toast(std::string(t().new_branch));
  }
  note_effects(from);
  refresh();
  changed();
  return true;
}

void Model::cut_link(NodeId a, NodeId b, bool cut) {
  hints.cut = true;
  push(on_link(cut ? Action::cut : Action::heal, 0, a, b));
}

void Model::heal_all() {
  Input input;
  input.action = Action::heal;
  push(input);
}

void Model::toggle_pause(NodeId id) {
  const bool paused = session().node_condition(id) == Condition::paused;
  push(on_nodes(paused ? Action::resume : Action::pause, 0, {id}));
}

void Model::toggle_crash(NodeId id) {
  const bool down = session().node_condition(id) == Condition::down;
  push(on_nodes(down ? Action::restart : Action::crash, 0, {id}));
}

void Model::isolate(NodeId id) { push(on_nodes(Action::isolate, 0, {id})); }

// Ten times what a message usually takes: enough to come too late.
Time Model::usual_delay_us() const {
  if (!open()) return milliseconds(100);
  return std::max<Time>(milliseconds(1), 10 * session().setup().network.link.latency.base_us);
}

void Model::set_speed(double value) { speed = std::clamp(value, speed_min, speed_max); }

Link Model::link_of_run() const {
  Link link;
  link.scenario = scenario;
  link.scenario.setup = timeline->setup();
  link.cursor_us = timeline->cursor_us();
  const bool at_step = timeline->cursor_us() == session().now_us();
  link.cursor_step = at_step ? static_cast<std::int64_t>(timeline->cursor_step()) : -1;
  return link;
}

Result<std::string> Model::share_link() {
  if (!open()) return Error{std::string(t().no_scenario)};
  // Not further than who opens the link compares, however often it is shared.
  const std::uint64_t steps = timeline->head().steps();
  timeline->run_ahead(compared_steps_max - std::min(steps, compared_steps_max));
  Link link = link_of_run();
  note_run(link, timeline->head());
  return encode_link(link);
}

void Model::share() {
  if (!open()) return say_toast(std::string(t().no_scenario));
  Heading goal = heading.value_or(Heading{});
  if (!heading) {
    goal.to_us = timeline->cursor_us();
    goal.stays = true;
  }
  goal.shares = true;
  head_for(std::move(goal));
}

void Model::hand_out_link() {
  const Result<std::string> link = share_link();
  if (!link) return say_toast(link.error(), Tone::bad);
  last_link = link.value();
  keep();
  link_due_s = 1e18;  // the address must keep the hash that this link carries
  if (host.link_changed) host.link_changed(link.value());
  if (host.copy_text) host.copy_text(link.value());
  say_toast(std::string(host.copy_text ? t().link_copied : t().link_ready), Tone::good);
}

void Model::changed() { link_due_s = now_s + 0.4; }

// An error's sentence may go on from a command line's or a file's name; here it stands alone.
void Model::say_toast(std::string text, Tone tone) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  toast = {std::move(text), tone, now_s};
}

std::string speed_text(double speed) {
  char text[32];
  const int decimals = speed >= 10    ? 0
                       : speed >= 1   ? 1
                       : speed >= 0.1 ? 2
                                      : static_cast<int>(std::ceil(-std::log10(speed))) + 1;
  std::snprintf(text, sizeof text, "%.*f", std::min(decimals, 6), speed);
  std::string out = text;
  if (out.find('.') != std::string::npos) {
    while (out.back() == '0') out.pop_back();
    if (out.back() == '.') out.pop_back();
  }
  return out + "\xC3\x97";
}

std::string clock_text(Time time_us, int decimals) {
  char text[64];
  if (time_us < seconds(3600)) {
    std::snprintf(text, sizeof text, "%.*f s", decimals, static_cast<double>(time_us) / 1e6);
    return text;
  }
  // Nobody counts hours in seconds.
  const Time minutes = time_us / seconds(60);
  const double rest = static_cast<double>(time_us % seconds(60)) / 1e6;
  std::snprintf(text, sizeof text, "%d:%02d:%0*.*f", static_cast<int>(minutes / 60),
                static_cast<int>(minutes % 60), decimals > 0 ? decimals + 3 : 2, decimals, rest);
  return text;
}

}  // namespace netsplit::ui
