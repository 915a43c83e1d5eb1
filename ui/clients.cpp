// What clients asked for and what they were told: a lane for each, a bar for each operation, from
// the question to the answer.
#include <algorithm>
#include <cmath>
#include <map>

#include "core/scenario/meters.h"
#include "ui/lesson_marks.h"
#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr std::size_t lanes_max = 12;
constexpr std::size_t levels_max = 3;  // operations of one client at the same time

struct OutcomeSign {
  std::string_view word;
  Icon icon;
  ImU32 ink;
};

OutcomeSign sign_of(Outcome outcome) {
  const Palette& p = palette();
  switch (outcome) {
    case Outcome::ok:
      return {t().ok, Icon::check, p.green};
    case Outcome::failed:
      return {t().failed, Icon::cross, p.vermilion};
    case Outcome::unknown:
      return {t().unknown, Icon::question, p.orange};
    case Outcome::pending:
      break;
  }
  return {t().pending, Icon::delay, p.sky};
}

// While the operation lasted, the client has told the same node the same thing again; or, when a
// timer ran out and it has no later operation, the same kind of thing. (A new key is another thing;
// the next record of a page is no retry.)
void find_retries(ClientsState& state, const Session& session, const Trace& trace) {
  state.retries.assign(state.history.size(), {});
  for (std::size_t i = 0; i < state.history.size(); ++i) {
    const OperationRecord& record = state.history[i];
    if (record.invoked_event < trace.first()) continue;
    std::map<std::pair<std::uint16_t, NodeId>, std::string> sent;
    bool alone = true;
    const EventIndex last = std::min<EventIndex>(
        {session.events(), trace.size(),
         record.completed_event == no_event ? INT64_MAX : record.completed_event});
    for (EventIndex at = record.invoked_event; at < last; ++at) {
      const Event& event = trace[at];
      if (event.node != record.client) continue;
      if (event.kind == EventKind::invoke && at != record.invoked_event) alone = false;
      if (event.kind != EventKind::send) continue;
      const auto [first, is_first] =
          sent.try_emplace({event.label, event.peer}, std::string(event.payload));
      const bool by_timer =
          event.cause >= trace.first() && trace[event.cause].kind == EventKind::timer;
      if (!is_first && (first->second == event.payload || (alone && by_timer)))
        state.retries[i].push_back(event.at_us);
    }
  }
}

// A promise that the run did not keep: an answered operation that a violated property names.
bool is_broken(const OperationRecord& record, const Model& model) {
  if (record.outcome != Outcome::ok) return false;
  const std::vector<PropertyState>& properties = model.session().properties();
  for (std::size_t i = 0; i < properties.size(); ++i) {
    const PropertyState& state = properties[i];
    if (state.standing != Standing::violated || model.withheld.covers(i, state)) continue;
    for (const EventIndex event : state.witness.events) {
      if (event == record.invoked_event || event == record.completed_event) return true;
    }
  }
  return false;
}

// What truly happened is told where the protocol knows, and not before a question about it is
// answered.
bool tells_truth(const Model& model) {
  if (!model.session().protocol().tells_effects) return false;
  const std::vector<PropertyState>& properties = model.session().properties();
  for (std::size_t i = 0; i < properties.size(); ++i) {
    if (model.withheld.covers(i, properties[i])) return false;
  }
  return true;
}

// "in truth: it happened at 1.2s".
std::string truth_of(const OperationRecord& record) {
  if (record.effects == 0) return std::string(t().truth_never);
  const std::string first = clock_text(record.first_effect_us);
  if (record.effects == 1) return say(t().truth_once, {first});
  return say(t().truth_often, {std::to_string(record.effects), first});
}
// The client was told something else, or it happened more than once.
bool is_untrue(const OperationRecord& record) {
  return record.effects > 1 || (record.outcome == Outcome::ok && record.effects == 0) ||
         (record.outcome == Outcome::failed && record.effects > 0);
}

void take(ClientsState& state, const Model& model) {
  const Timeline& timeline = *model.timeline;
  if (state.generation == model.generation && state.branch == timeline.branch() &&
      state.step == timeline.cursor_step())
    return;
  if (state.generation != model.generation || state.branch != timeline.branch()) state.chosen = -1;
  state.generation = model.generation;
  state.branch = timeline.branch();
  state.step = timeline.cursor_step();
  state.history = model.session().history();
  if (state.chosen >= static_cast<std::int64_t>(state.history.size())) state.chosen = -1;
  find_retries(state, model.session(), timeline.trace());
  state.level.assign(state.history.size(), 0);
  state.lanes.clear();
  std::map<std::pair<NodeId, std::size_t>, Time> busy_until;
  for (std::size_t i = 0; i < state.history.size(); ++i) {
    const OperationRecord& record = state.history[i];
    std::size_t level = 0;
    while (level + 1 < levels_max && busy_until[{record.client, level}] > record.invoked_us)
      ++level;
    busy_until[{record.client, level}] = record.completed_us;
    state.level[i] = level;
    auto lane = std::find_if(state.lanes.begin(), state.lanes.end(),
                             [&](const auto& one) { return one.client == record.client; });
    if (lane == state.lanes.end())
      lane = state.lanes.insert(state.lanes.end(), ClientsState::Lane{record.client, 1});
    lane->levels = std::max(lane->levels, level + 1);
  }
}

struct TimeAxis {
  float left, width;
  Time end_us;
  float x(Time time_us) const {
    const double part = static_cast<double>(time_us) / static_cast<double>(end_us);
    return left + width * static_cast<float>(std::clamp(part, 0.0, 1.0));
  }
};

void bar(ImDrawList* list, const Rect& r, const OperationRecord& record, bool broken, bool chosen) {
  const Palette& p = palette();
  const OutcomeSign sign = sign_of(record.outcome);
  draw::fill(list, r, with_alpha(sign.ink, 0.24f), px(3));
  const bool open = record.outcome == Outcome::pending || record.outcome == Outcome::unknown;
  if (record.outcome == Outcome::pending) draw::hatch_rect(list, r, with_alpha(sign.ink, 0.35f));
  draw::frame(list, r, with_alpha(sign.ink, open ? 0.7f : 0.95f), px(3), px(chosen ? 2.f : 1.f));
  if (r.w >= px(13))
    draw_icon(list, sign.icon, {r.right() - px(8), r.y + r.h / 2}, px(9), sign.ink);
  if (broken) {
    draw::line(list, {r.x, r.bottom() + px(2)}, {r.right(), r.bottom() + px(2)}, p.vermilion,
               px(2));
  }
}

// Where what was asked for truly happened: a full mark the first time, a hollow one the last.
void truth_marks(ImDrawList* list, const TimeAxis& axis, const Rect& r,
                 const OperationRecord& record) {
  const Palette& p = palette();
  const float y = r.y + r.h / 2;
  if (record.effects == 0) return;
  const ImVec2 first{axis.x(record.first_effect_us), y};
  list->AddCircleFilled(first, px(4), p.panel);
  list->AddCircleFilled(first, px(2.75f), is_untrue(record) ? p.vermilion : p.text);
  if (record.effects > 1)
    list->AddCircle({axis.x(record.last_effect_us), y}, px(3.25f), p.vermilion, 0, px(1.5f));
}

// "alice: read: 5"
std::string operation_words(const Session& session, const OperationRecord& record) {
  const std::string answer = session.describe_answer(record);
  return session.node_name(record.client) + ": " + session.describe_operation(record) +
         (answer.empty() ? "" : ": " + answer);
}

void operation_tip(const Model& model, const OperationRecord& record, std::size_t retries) {
  std::string text = operation_words(model.session(), record) + " \xC2\xB7 " +
                     std::string(sign_of(record.outcome).word);
  if (record.outcome == Outcome::ok || record.outcome == Outcome::failed)
    text += " " + format_time_for_people(record.completed_us - record.invoked_us);
  if (retries > 0) text += " \xC2\xB7 " + say(t().sent_again, {std::to_string(retries)});
  if (tells_truth(model)) text += " \xC2\xB7 " + truth_of(record);
  tip(text);
}

void choose(Model& model, ClientsState& state, std::size_t index) {
  const OperationRecord& record = state.history[index];
  state.chosen = static_cast<std::int64_t>(index);
  model.selected_event =
      record.completed_event != no_event ? record.completed_event : record.invoked_event;
  const std::int64_t chosen = state.chosen;
  model.seek_event(model.selected_event);
  state.chosen = chosen;
}

// The lanes; the axis they share ends where the run is known to.
void lanes(Model& model, ClientsState& state, Column& column) {
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const Session& session = model.session();
  const Time now_us = model.timeline->cursor_us();
  float names = px(34);
  for (const auto& lane : state.lanes)
    names = std::max(names, draw::text_width(Type::caption_strong, session.node_name(lane.client)));
  names = std::min(names, px(86)) + px(10);
  const TimeAxis axis{column.x() + names, column.width() - names,
                      std::max<Time>({1, now_us, model.timeline->head().now_us()})};
  const bool touch_sized = model.places.form == Form::narrow;
  const float level_h = px(touch_sized ? 22 : 16);
  const float top = column.y();
  std::map<NodeId, float> lane_y;
  const std::size_t shown = std::min(state.lanes.size(), lanes_max);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& lane = state.lanes[i];
    const Rect row = column.take(level_h * static_cast<float>(lane.levels) + px(6));
    lane_y[lane.client] = row.y + px(3);
    draw::text_in(list, {row.x, row.y, names - px(8), row.h}, Type::caption_strong, p.text,
                  session.node_name(lane.client));
    draw::line(list, {axis.left, row.y + row.h / 2}, {axis.left + axis.width, row.y + row.h / 2},
               p.line, px(1));
  }
  const float bottom = column.y();
  const bool truth = tells_truth(model);
  for (std::size_t i = 0; i < state.history.size(); ++i) {
    const OperationRecord& record = state.history[i];
    const auto lane = lane_y.find(record.client);
    if (lane == lane_y.end()) continue;
    const float x0 = axis.x(record.invoked_us);
    const float x1 = axis.x(std::min(record.completed_us, now_us));
    const Rect r{x0, lane->second + level_h * static_cast<float>(state.level[i]),
                 std::max(px(4), x1 - x0), level_h - px(4)};
    bar(list, r, record, is_broken(record, model), static_cast<std::int64_t>(i) == state.chosen);
    for (const Time again_us : state.retries[i]) {
      const float x = std::round(axis.x(again_us));
      draw::line(list, {x, r.y - px(1)}, {x, r.bottom() + px(1)}, p.text, px(1.5f));
    }
    if (truth) truth_marks(list, axis, r, record);
    const Touch touch =
        touch_area(model.controls, "operation." + std::to_string(i), r.grown(px(1)));
    if (touch.hovered) operation_tip(model, record, state.retries[i].size());
    if (touch.pressed) return choose(model, state, i);
  }
  const float x = std::round(axis.x(now_us));
  draw::line(list, {x, top}, {x, bottom}, with_alpha(p.text, 0.55f), px(1));
  const Rect scale = column.take(px(18));
  draw::text_in(list, {axis.left, scale.y, axis.width, scale.h}, Type::small, p.muted, "0");
  draw::text_in(list, {axis.left, scale.y, axis.width, scale.h}, Type::small, p.muted,
                format_time_for_people(axis.end_us), draw::Align::right);
  if (state.lanes.size() > shown) {
    column.paragraph(Type::caption, p.muted,
                     say(t().more_clients, {std::to_string(state.lanes.size() - shown)}));
  }
}

// The chosen operation, or else the latest: what was asked, what was promised, what came of it.
void details(Model& model, ClientsState& state, Column& column) {
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const std::size_t index =
      state.chosen >= 0 ? static_cast<std::size_t>(state.chosen) : state.history.size() - 1;
  const OperationRecord& record = state.history[index];
  const Session& session = model.session();
  const OutcomeSign sign = sign_of(record.outcome);
  column.skip(4);
  const Rect head = column.take(px(20));
  draw_icon(list, sign.icon, {head.x + px(6), head.y + head.h / 2}, px(11), sign.ink);
  const float word_w = draw::text_width(Type::strong, sign.word);
  draw::text_in(list, {head.x + px(18), head.y, word_w + 1, head.h}, Type::strong, sign.ink,
                sign.word);
  draw::text_in(list, {head.x + px(26) + word_w, head.y, head.w - px(26) - word_w, head.h},
                Type::body, p.text, operation_words(session, record));
  const auto event_line = [&](const char* name, const std::string& text) {
    const Rect r = column.take(px(20));
    return text_link(model.controls, name, r.x + px(18), r.y + px(14), Type::caption, text);
  };
  // Whoever goes elsewhere leaves this session behind.
  if (event_line("operation.asked", say(t().asked_at, {clock_text(record.invoked_us)})))
    return model.seek_event(record.invoked_event);
  // Nobody has answered what the client gave up, or what its crash left open.
  const bool unknown = record.outcome == Outcome::unknown;
  const std::string ended =
      say(unknown ? t().unknown_since : t().answered_at, {clock_text(record.completed_us)});
  if (record.completed_event != no_event &&
      event_line(unknown ? "operation.unknown" : "operation.answered", ended))
    return model.seek_event(record.completed_event);
  const bool truth = tells_truth(model);
  if (truth && record.effects > 0 && event_line("operation.truth", truth_of(record)))
    return model.seek_event(record.first_effect_event);
  const auto note = [&](ImU32 ink, const std::string& text) {
    column.advance(draw::paragraph(list, column.x() + px(18), column.y(), column.width() - px(18),
                                   Type::caption, ink, text));
  };
  if (record.outcome == Outcome::ok && record.completed_event < model.timeline->trace().size()) {
    note(p.muted, say(t().took, {format_time_for_people(record.completed_us - record.invoked_us),
                                 std::to_string(message_delays(record, model.timeline->trace()))}));
  }
  if (!state.retries[index].empty())
    note(p.muted, say(t().sent_again, {std::to_string(state.retries[index].size())}));
  if (truth && record.effects == 0)
    note(is_untrue(record) ? p.vermilion : p.muted, truth_of(record));
  if (record.outcome == Outcome::unknown) note(p.orange, std::string(t().may_have_happened));
  if (is_broken(record, model)) note(p.vermilion, std::string(t().not_kept));
}

}  // namespace

void clients_panel(Model& model, ClientsState& state, Column& column) {
  if (!model.open()) return;
  const Palette& p = palette();
  take(state, model);
  panel_heading(model, column, "clients", t().clients);
  column.begin_card();
  if (state.history.empty()) {
    column.paragraph(Type::caption, p.muted, t().no_operations);
  } else {
    lanes(model, state, column);
    if (!state.history.empty()) details(model, state, column);
  }
  column.end_card();
  column.skip(6);
}

}  // namespace netsplit::ui
