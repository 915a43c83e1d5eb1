// What must hold, how it stands at the cursor, and why: the witness, the first bad event, and what
// would break or save it.
#include <algorithm>
#include <numeric>
#include <vector>

#include "ui/lesson_marks.h"
#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

std::string_view kind_word(PropertyKind kind) {
  switch (kind) {
    case PropertyKind::always:
      return t().always;
    case PropertyKind::finally:
      return t().finally;
    case PropertyKind::sometimes:
      return t().sometimes;
    case PropertyKind::budget:
      return t().budget;
  }
  return {};
}

// How a property is told: as it stands at the cursor, as it is known to come out, or not at all.
struct Told {
  const PropertyState* state;  // whose witness and moment are shown
  bool broken = false, will_break = false, withheld = false;
  std::string_view word = {};
  Icon icon = Icon::check;
  ImU32 ink = 0;
};

Told how_told(const Model& model, std::size_t index, const PropertyState& now,
              const PropertyState& ahead) {
  const Palette& p = palette();
  Told told{&now};
  told.withheld = model.withheld.covers(index, now);
  if (told.withheld) {
    told.word = t().guess_first;
    told.icon = Icon::question;
    told.ink = p.muted;
    return told;
  }
  const bool seen = now.kind == PropertyKind::sometimes;
  told.broken = now.standing == Standing::violated;
  // What was simulated further on already knows, but does not give a lesson's answer away.
  told.will_break = !told.broken && now.kind == PropertyKind::always &&
                    ahead.standing == Standing::violated &&
                    !model.withheld.covers_ahead(index, ahead);
  if (told.will_break) told.state = &ahead;
  told.word = seen ? t().seen : t().holds;
  told.ink = p.green;
  if (told.broken || told.will_break) {
    told.word = told.broken ? t().violated : t().will_break;
    told.icon = Icon::cross;
    told.ink = p.vermilion;
  } else if (now.standing == Standing::open) {
    told.word = seen ? t().not_yet : t().open;
    told.icon = Icon::question;
    told.ink = p.orange;
  }
  return told;
}

void head_line(Column& column, const Told& told, PropertyKind kind) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const Rect head = column.take(px(20));
  draw_icon(list, told.icon, {head.x + px(6), head.y + head.h / 2}, px(12), told.ink);
  draw::text_in(list, {head.x + px(19), head.y, head.w, head.h}, Type::strong, told.ink, told.word);
  const float word_w = draw::text_width(Type::strong, told.word);
  draw::text_in(list, {head.x + px(19) + word_w + px(8), head.y, head.w - px(27) - word_w, head.h},
                Type::caption, palette().muted, kind_word(kind));
  column.skip(2);
}

bool link_line(Model& model, Column& column, std::string_view name, std::string_view label) {
  column.skip(3);
  const bool touch = model.places.form == Form::narrow;
  const Rect foot = column.take(px(touch ? 30 : 18));
  return text_link(model.controls, name, foot.x, foot.y + px(touch ? 19 : 13), Type::caption,
                   label);
}

// The nodes that the witness names; pressed, one is selected.
void witness_nodes(Model& model, Column& column, const PropertyState& state) {
  if (state.witness.nodes.empty()) return;
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  column.skip(5);
  const float h = px(model.places.form == Form::narrow ? 36 : 22);
  float x = column.x();
  Rect row = column.take(h);
  constexpr std::size_t named_most = 6;
  for (std::size_t i = 0; i < std::min(state.witness.nodes.size(), named_most); ++i) {
    const NodeId id = state.witness.nodes[i];
    if (id.value < 0 || id.value >= model.session().node_count()) continue;
    const std::string name = model.session().node_name(id);
    const float w = draw::text_width(Type::caption, name) + px(18);
    if (x + w > row.right() && x > row.x) {
      row = column.take(h + px(4));
      x = row.x;
    }
    const Rect chip{x, row.bottom() - h, w, h};
    const Touch touch =
        touch_area(model.controls, "witness." + std::string(state.name) + "." + name, chip);
    const bool on = model.selected_node == id;
    draw::card(list, chip,
               on              ? p.sky
               : touch.hovered ? p.strong_line
                               : p.line,
               touch.hovered ? p.hover : p.raised, h / 2);
    draw::text_in(list, chip, Type::caption,
                  on || touch.hovered ? p.text : mix(p.muted, p.text, 0.7f), name,
                  draw::Align::center);
    if (touch.pressed) model.selected_node = on ? nobody : id;
    x += w + px(6);
  }
  column.skip(2);
}

// How much led to the first bad event, once it is the one that is looked at.
void causal_past(const Model& model, Column& column, const PropertyState& state) {
  const Trace& trace = model.timeline->trace();
  const EventIndex event = bad_event_of(state, trace);
  if (event == no_event || model.selected_event != event || model.cone.chosen() != event) return;
  column.skip(3);
  column.paragraph(Type::caption, palette().sky,
                   say(t().led_to_it, {std::to_string(model.cone.past_count())}));
}

// One change that breaks or saves it, as a link that makes it a branch. True when it was followed.
bool finding_line(Model& model, Column& column, const PropertyState& state, std::size_t index) {
  const WhatIf& what_if = model.what_if;
  const WhatIf::Finding& finding = what_if.findings()[index];
  const WhatIf::Change& change = what_if.change(finding.change);
  const std::string label = what_if.saves()
                                ? say(t().saves_it, {change.words})
                                : say(t().breaks_it, {change.words, clock_text(finding.at_us)});
  const std::string name = "try." + std::string(state.name) + "." + std::to_string(index);
  const float h = draw::paragraph(nullptr, 0, 0, column.width() - px(16), Type::caption, 0, label);
  column.skip(4);
  Rect row = column.take(std::max(h, px(model.places.form == Form::narrow ? 36 : 0)));
  const Touch touch = touch_area(model.controls, name, row.grown(px(1)));
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImU32 ink = touch.hovered ? p.text : p.sky;
  draw_icon(list, Icon::branch, {row.x + px(6), row.y + h / 2}, px(11), ink);
  draw::paragraph(list, row.x + px(16), row.y, row.w - px(16), Type::caption, ink, label);
  if (touch.hovered) tip(finding.why.empty() ? t().tip_try : std::string_view(finding.why));
  if (!touch.pressed) return false;
  model.try_change(change, what_if.saves() ? what_if.unchanged().first_us : finding.at_us);
  return true;
}

void answer_so_far(Column& column, const WhatIf& what_if, std::size_t shown) {
  const Palette& p = palette();
  const std::string count = std::to_string(what_if.count());
  if (what_if.findings().size() > shown) {
    column.skip(3);
    column.paragraph(Type::small, p.muted,
                     say(t().and_more, {std::to_string(what_if.findings().size() - shown)}));
  }
  column.skip(3);
  if (what_if.running()) {
    column.paragraph(Type::small, p.orange,
                     say(t().trying, {std::to_string(what_if.tried()), count}));
  } else if (what_if.findings().empty()) {
    column.paragraph(Type::small, p.muted,
                     say(what_if.saves() ? t().nothing_saves : t().nothing_breaks, {count}));
  } else {
    column.paragraph(Type::small, p.muted, say(t().tried_all, {count}));
  }
  if (!what_if.running() && what_if.undecided() > 0)
    column.paragraph(Type::small, p.muted,
                     say(t().too_long, {std::to_string(what_if.undecided())}));
}

// True when something was opened, and the rest of the panel speaks of another run.
bool what_if_lines(Model& model, Column& column, std::size_t index, const Told& told) {
  const PropertyState& state = *told.state;
  const WhatIf& what_if = model.what_if;
  if (!what_if.is_about(index)) {
    const bool bad = told.broken || told.will_break;
    if (link_line(model, column, "what_if." + std::string(state.name),
                  bad ? t().ask_what_saves : t().ask_what_breaks)) {
      model.ask_what_if(index);
    }
    return false;
  }
  if (model.withheld.covers(index, what_if.unchanged())) {
    column.skip(3);
    column.paragraph(Type::caption, palette().muted, t().guess_first_note);
    return false;
  }
  column.skip(6);
  if (what_if.saves() && !told.broken && !told.will_break) {
    column.paragraph(Type::caption, palette().vermilion,
                     say(t().breaks_unchanged, {clock_text(what_if.unchanged().first_us)}));
  }
  // A changed parameter teaches more than a dropped input, and that more than another seed.
  constexpr std::size_t shown_most = 6;
  const std::size_t shown = std::min(what_if.findings().size(), shown_most);
  for (std::size_t i = 0; i < shown; ++i) {
    if (finding_line(model, column, state, i)) return true;
  }
  answer_so_far(column, what_if, shown);
  return false;
}

// What a step speaks of comes first, then what is known to be violated.
std::vector<std::size_t> order_told(const Model& model) {
  const std::vector<PropertyState>& all = model.session().properties();
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto rank = [&](std::size_t i) {
    if (points_at(model, Highlight::Kind::property, all[i].name)) return 0;
    return all[i].standing == Standing::violated && !model.withheld.covers(i, all[i]) ? 1 : 2;
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  return order;
}

// One property; true when it led to another moment or run.
bool property_card(Model& model, Column& column, std::size_t index) {
  const Palette& p = palette();
  const PropertyState now = model.session().properties()[index];
  const auto& there = model.timeline->head().properties();
  const PropertyState ahead = index < there.size() ? there[index] : now;
  const Told how = how_told(model, index, now, ahead);
  const PropertyState& state = *how.state;
  const std::string name(state.name);
  const float top = column.y();
  const bool meant = points_at(model, Highlight::Kind::property, now.name);
  column.begin_card(meant ? p.orange : how.broken ? with_alpha(p.vermilion, 0.55f) : 0);
  head_line(column, how, now.kind);
  column.paragraph(Type::body, p.text, in_plain_words(now.sentence));
  bool left = false;
  if (how.withheld) {
    column.skip(4);
    column.paragraph(Type::caption, p.muted, t().guess_first_note);
    if (link_line(model, column, "show." + name, t().show_anyway)) model.withheld.show(index);
  } else {
    if (!state.witness.why.empty()) {
      column.skip(4);
      column.paragraph(Type::caption, p.muted, state.witness.why);
    }
    const bool bad = how.broken || how.will_break;
    if (bad) witness_nodes(model, column, state);
    const bool seen = state.kind == PropertyKind::sometimes && state.standing == Standing::holds;
    const bool at_end = bad && judged_at_end(state) && state.witness.events.empty();
    if (at_end) {
      column.skip(3);
      const bool at_rest = state.first_us < model.session().setup().until_us;
      column.paragraph(
          Type::caption, p.muted,
          say(at_rest ? t().judged_at_rest : t().judged_at_end, {clock_text(state.first_us)}));
    } else if ((bad || seen) && state.first_event != no_event) {
      const bool first = bad && state.kind == PropertyKind::always;
      const std::string label = std::string(first ? t().first_bad_event : t().show_moment) + ", " +
                                say(t().at_time, {clock_text(state.first_us)});
      if (link_line(model, column, "bad." + name, label)) {
        bad ? model.show_bad_event(index) : model.seek_event(state.first_event);
        left = true;
      }
      if (!left && bad) causal_past(model, column, state);
    }
    if (!left) left = what_if_lines(model, column, index, how);
  }
  column.end_card();
  if (meant) {
    draw::fill(ImGui::GetWindowDrawList(),
               {column.x() - px(4), top, px(3), column.y() - px(10) - top}, p.orange, px(1.5f));
  }
  return left;
}

}  // namespace

void note_withheld(Model& model) {
  if (!model.open()) return;
  std::set<std::size_t> answered;
  for (const auto& [step, answer] : model.lesson.picked) answered.insert(step);
  // Before the lesson has looked at this run its place is that of another.
  const bool looked = model.lesson.generation == model.generation;
  const std::size_t told = model.over() ? model.scenario.lesson.size()
                           : looked     ? model.lesson.place
                                        : 0;
  const std::vector<LessonStep>& lesson = model.scenario.lesson;
  const Time now_us = model.timeline->cursor_us();
  model.withheld.take(lesson, answered, model.lesson.begun_us, told, now_us);
  model.withheld.stand(lesson, answered, told, model.timeline->branch(), now_us);
}

void properties_panel(Model& model, Column& column) {
  panel_heading(model, column, "properties", t().properties);
  if (!model.open()) return;
  for (const std::size_t i : order_told(model)) {
    if (property_card(model, column, i)) return;
  }
  column.skip(6);
}

}  // namespace netsplit::ui
