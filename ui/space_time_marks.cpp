// What frames the space-time diagram: its header with axis, lines and shades, the flags above the
// lines that one can jump to, the track below them, the scrubber, and what stands there before
// anything has happened.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "core/scenario/lesson.h"
#include "ui/input_text.h"
#include "ui/signs.h"
#include "ui/space_time.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr float flag_css = 18;

}  // namespace

void SpaceTime::draw_header(Model& model) {
  const Palette& p = palette();
  const bool narrow = model.places.form == Form::narrow;
  const float baseline = whole_.y + px(narrow ? 24 : 19);
  const float touch_h = px(narrow ? 44 : 26);
  const float touch_y = baseline - px(4) - touch_h / 2;
  float x = whole_.x + px(14);
  const bool shading = cone_->chosen() != no_event;
  if (!narrow) {
    draw::text(list_, x, baseline, Type::caption_strong, p.muted, t().space_time);
    x += draw::text_width(Type::caption_strong, t().space_time) + px(18);
  }
  const std::array<std::string_view, 2> axes{t().real_time, t().logical_time};
  for (const Axis axis : {Axis::real, Axis::logical}) {
    const std::string_view label = axes[static_cast<std::size_t>(axis)];
    const float w = draw::text_width(Type::caption, label);
    const bool on = view_->axis == axis;
    const Touch touch =
        touch_area(model.controls, axis == Axis::real ? "axis.real" : "axis.logical",
                   {x - px(7), touch_y, w + px(14), touch_h});
    draw::text(list_, x, baseline, Type::caption,
               on              ? p.sky
               : touch.hovered ? p.text
                               : p.muted,
               label);
    if (on) draw::fill(list_, {x, baseline + px(5), w, px(2)}, p.sky, px(1));
    if (touch.hovered) tip(axis == Axis::real ? t().tip_real : t().tip_logical);
    if (touch.pressed) view_->switch_axis(axis);
    x += w + px(16);
  }
  // From the right: fit, lines, branches.
  float right = whole_.right() - px(12);
  const auto right_button = [&](std::string_view name, Icon icon, std::string_view label,
                                std::string_view about) {
    const ButtonLook look{
        .icon = icon, .label = label, .tip = about, .plain = true, .type = Type::caption};
    const float w = std::max(button_width(look), narrow ? px(44) : 0.f);
    right -= w;
    const bool pressed = button(model.controls, name, {right, touch_y, w, touch_h}, look);
    right -= px(2);
    return pressed;
  };
  if (!view_->whole() && right_button("time.fit", Icon::none, t().fit, t().tip_fit_time))
    view_->fit();
  if (view_->node_count > 1 && view_->node_count <= detailed_nodes_max) {
    const std::string label = view_->hides_some()
                                  ? say(t().lines_of, {std::to_string(view_->order.size()),
                                                       std::to_string(view_->node_count)})
                                  : std::string(narrow ? std::string_view{} : t().lines);
    if (right_button("time.lines", Icon::list, label, t().tip_lines)) ImGui::OpenPopup("lines");
    rows_menu(model);
  }
  if (model.timeline->branches().size() > 1) {
    const std::string count = std::to_string(model.timeline->branches().size());
    if (right_button("time.branches", Icon::branch, narrow ? count : say(t().branches, {count}),
                     t().tip_branches)) {
      ImGui::OpenPopup("branches");
    }
    branches_menu(model);
  }
  const auto note = [&](ImU32 ink, std::string_view text) {
    if (x < right - px(60))
      draw::text_in(list_, {x, baseline - px(13), right - x - px(8), px(18)}, Type::small, ink,
                    text);
  };
  if (model.heading) {
    note(p.orange, model.heading_text());
  } else if (shading) {
    draw_shades(x + px(4), right, baseline);
  } else if (model.timeline->trace().truncated()) {
    note(p.orange, say(t().events_let_go, {std::to_string(model.timeline->trace().first())}));
  } else if (stride_ > 1) {
    note(p.muted, say(t().one_in, {std::to_string(stride_)}));
  }
}

// The three shades, each with its mark and how many events it holds.
void SpaceTime::draw_shades(float x, float right, float baseline) const {
  const Palette& p = palette();
  const std::array<std::string, 3> words{say(t().past, {std::to_string(cone_->past_count())}),
                                         say(t().future, {std::to_string(cone_->future_count())}),
                                         std::string(t().concurrent)};
  const std::array<ImU32, 3> inks{p.sky, p.green, p.muted};
  for (std::size_t i = 0; i < words.size(); ++i) {
    const float w = px(13) + draw::text_width(Type::small, words[i]);
    if (x + w > right - px(4)) return;
    const ImVec2 c{x + px(4), baseline - px(4)};
    if (i == 0) list_->AddCircleFilled(c, px(4), inks[i]);
    if (i == 1) list_->AddCircle(c, px(3.5f), inks[i], 0, px(1.6f));
    if (i == 2) list_->AddCircleFilled(c, px(2.2f), inks[i]);
    draw::text(list_, x + px(13), baseline, Type::small, inks[i], words[i]);
    x += w + px(14);
  }
}

// A menu of the header grows upwards, whatever comes to stand in it.
void SpaceTime::place_menu() const {
  ImGui::SetNextWindowPos({whole_.right() - px(12), whole_.y + px(2)}, ImGuiCond_Always, {1, 1});
}

// Which nodes have a line, and in which order.
void SpaceTime::rows_menu(Model& model) {
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(6), px(6)});
  place_menu();
  if (ImGui::BeginPopup("lines", ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoNav)) {
    const float h = px(model.host.touch ? 44 : 30);
    const float w = px(250);
    ImDrawList* list = ImGui::GetWindowDrawList();
    const auto line = [&](NodeId id, bool on) {
      const ImVec2 at = ImGui::GetCursorScreenPos();
      const NodeShown& node = model.moment.nodes[static_cast<std::size_t>(id.value)];
      const auto place = std::find(view_->order.begin(), view_->order.end(), id);
      const auto line_number = static_cast<std::int32_t>(place - view_->order.begin());
      if (button(model.controls, "line.show." + node.name, {at.x, at.y, w - 2 * h, h},
                 {.icon = on ? Icon::check : Icon::none,
                  .label = node.name,
                  .plain = true,
                  .enabled = !on || view_->order.size() > 1,
                  .left = true})) {
        on ? view_->hide(id) : view_->show(id);
      }
      if (on) {
        if (button(model.controls, "line.up." + node.name, {at.x + w - 2 * h, at.y, h, h},
                   {.icon = Icon::chevron_up, .plain = true, .enabled = line_number > 0}))
          view_->move(id, line_number - 1);
        if (button(model.controls, "line.down." + node.name, {at.x + w - h, at.y, h, h},
                   {.icon = Icon::chevron_down,
                    .plain = true,
                    .enabled = line_number + 1 < std::ssize(view_->order)}))
          view_->move(id, line_number + 1);
      }
      ImGui::SetCursorScreenPos({at.x, at.y + h});
    };
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw::text_in(list, {at.x + px(11), at.y, w, px(24)}, Type::caption_strong, palette().muted,
                  t().lines_title);
    ImGui::SetCursorScreenPos({at.x, at.y + px(26)});
    const std::vector<NodeId> order = view_->order;
    for (const NodeId id : order) line(id, true);
    for (std::int32_t i = 0; i < view_->node_count; ++i) {
      if (std::find(order.begin(), order.end(), NodeId{i}) == order.end()) line({i}, false);
    }
    if (view_->hides_some()) {
      const ImVec2 here = ImGui::GetCursorScreenPos();
      const float note = draw::paragraph(list, here.x + px(11), here.y + px(6), w - px(22),
                                         Type::small, palette().muted, t().lines_note);
      ImGui::SetCursorScreenPos({here.x, here.y + note + px(12)});
    }
    ImGui::Dummy({w, 0});
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar();
}

// A moment that waits for something to happen is looked for in what is recorded.
void SpaceTime::find_moments(const Model& model) {
  const Trace& trace = model.timeline->trace();
  const bool same = moments_generation_ == model.generation &&
                    moments_branch_ == model.timeline->branch() && trace.size() >= moments_known_;
  if (same && trace.size() == moments_known_) return;
  // Looking through a long run again for every event that it grows by would be felt.
  if (same && trace.size() < moments_known_ + moments_known_ / 8 && model.playing) return;
  if (!same) {
    moments_.clear();
    for (std::size_t i = 0; i < model.scenario.lesson.size(); ++i)
      moments_.push_back({Flag::Kind::lesson, i, {}, model.scenario.lesson[i].at_us});
    for (std::size_t i = 0; i < model.scenario.stagings.size(); ++i)
      moments_.push_back({Flag::Kind::staging, i, {}, model.scenario.stagings[i].at_us});
  }
  moments_generation_ = model.generation;
  moments_branch_ = model.timeline->branch();
  moments_known_ = trace.size();
  for (LessonMoment& moment : moments_) {
    const std::optional<Occurrence>& when = moment.kind == Flag::Kind::lesson
                                                ? model.scenario.lesson[moment.index].when
                                                : model.scenario.stagings[moment.index].when;
    if (moment.found) continue;
    moment.found = !when;
    if (!when) continue;
    moment.step = step_of(*when, moment.at_us, model.timeline->head(), trace);
    if (!moment.step) continue;
    const EventIndex event = trace.first_after_step(*moment.step) - 1;
    if (event < trace.first()) continue;
    moment.at_us = trace[event].at_us;
    moment.found = true;
  }
}

// Flags keep clear of each other: each stands at or beside where it belongs.
void SpaceTime::gather_flags(const Model& model) {
  flags_.clear();
  const auto add = [&](Flag::Kind kind, double at, std::size_t index) {
    if (at >= view_->from && at <= view_->to) flags_.push_back({kind, x_of(at), 0, index});
  };
  const auto& properties = model.timeline->head().properties();
  for (std::size_t i = 0; i < properties.size(); ++i) {
    const PropertyState& state = properties[i];
    if (state.standing != Standing::violated || model.withheld.covers_ahead(i, state)) continue;
    const Trace& trace = model.timeline->trace();
    const EventIndex event = bad_event_of(state, trace);
    const bool by_event = view_->axis == Axis::logical && event != no_event;
    add(Flag::Kind::violation,
        by_event ? index_.place(trace, event).on(Axis::logical)
                 : on_axis(model, state.first_step, state.first_us),
        i);
  }
  if (model.comparison.difference_of(model.timeline->branch()))
    add(Flag::Kind::difference,
        view_->axis == Axis::real
            ? static_cast<double>(model.comparison.result().at_us)
            : index_.place(model.timeline->trace(), model.comparison.result().event)
                  .on(Axis::logical),
        0);
  find_moments(model);
  for (std::size_t i = 0; i < moments_.size(); ++i) {
    const LessonMoment& moment = moments_[i];
    if (!moment.found) continue;
    // By time alone a moment has no place among Lamport's numbers.
    if (view_->axis == Axis::real)
      add(moment.kind, static_cast<double>(moment.at_us), i);
    else if (moment.step)
      add(moment.kind, on_axis(model, *moment.step, moment.at_us), i);
  }
  std::stable_sort(flags_.begin(), flags_.end(),
                   [](const Flag& a, const Flag& b) { return a.at < b.at; });
  float least = plot_.x - px(8);
  for (Flag& flag : flags_) {
    flag.x = std::max(flag.at, least);
    least = flag.x + px(flag_css);
  }
  float most = plot_.right() + px(8);
  for (auto flag = flags_.rbegin(); flag != flags_.rend(); ++flag) {
    flag->x = std::min(flag->x, most);
    most = flag->x - px(flag_css);
  }
}

void SpaceTime::draw_flags(Model& model) {
  const Palette& p = palette();
  const float y = plot_.y - px(6);
  const Trace& trace = model.timeline->trace();
  for (const Flag& flag : flags_) {
    const ImVec2 c{flag.x, y};
    std::string name;
    std::string about;
    ImU32 ink = p.muted;
    const auto& properties = model.timeline->head().properties();
    if (flag.kind == Flag::Kind::violation) {
      name = "violation." + std::string(properties[flag.index].name);
      about = in_plain_words(properties[flag.index].sentence) + "\n" +
              clock_text(properties[flag.index].first_us);
      ink = p.vermilion;
      draw::dashed(list_, {flag.at, plot_.y}, {flag.at, plot_.bottom()},
                   with_alpha(p.vermilion, 0.6f), px(1), px(3), px(3));
    } else if (flag.kind == Flag::Kind::difference) {
      name = "difference";
      about = std::string(t().first_difference);
      ink = p.pink;
      draw::dashed(list_, {flag.at, plot_.y}, {flag.at, plot_.bottom()}, with_alpha(p.pink, 0.7f),
                   px(1), px(5), px(3));
    } else if (flag.kind == Flag::Kind::lesson) {
      const LessonMoment& moment = moments_[flag.index];
      name = "moment." + std::to_string(moment.index);
      about = model.scenario.lesson[moment.index].title + "\n" + clock_text(moment.at_us);
    } else {
      const LessonMoment& moment = moments_[flag.index];
      name = "staging.mark." + std::to_string(moment.index);
      about = model.scenario.stagings[moment.index].title + "\n" + clock_text(moment.at_us);
    }
    const Touch touch =
        touch_area(model.controls, name, {c.x - px(9), c.y - px(10), px(18), px(18)});
    const float r = px(touch.hovered ? 8.5f : 7.5f);
    if (std::abs(flag.x - flag.at) > px(2))
      draw::line(list_, {flag.x, y + r}, {flag.at, plot_.y + px(3)}, with_alpha(ink, 0.7f), px(1));
    if (flag.kind == Flag::Kind::violation || flag.kind == Flag::Kind::difference) {
      signs::bad_flag(list_, c, r, flag.kind == Flag::Kind::violation ? Icon::cross : Icon::branch,
                      ink);
    } else {
      const bool lesson = flag.kind == Flag::Kind::lesson;
      signs::moment_flag(list_, c, r,
                         lesson ? std::to_string(moments_[flag.index].index + 1) : std::string(),
                         touch.hovered);
    }
    if (touch.hovered) tip(about);
    // What is judged at the end of the run was decided by no one event.
    if (flag.kind == Flag::Kind::violation && properties[flag.index].kind == PropertyKind::always) {
      const PropertyState& state = properties[flag.index];
      const EventIndex event = bad_event_of(state, trace);
      if (event != no_event && trace[event].node != nobody && shown(trace[event].node))
        list_->AddCircle({flag.at, y_of(trace[event].node)}, px(9), p.vermilion, 0, px(1.8f));
    }
    if (!touch.pressed) continue;
    model.playing = false;
    if (flag.kind == Flag::Kind::violation) return model.show_bad_event(flag.index);
    if (flag.kind == Flag::Kind::difference)
      return model.seek_event(model.comparison.result().event);
    const LessonMoment& moment = moments_[flag.index];
    return moment.step ? model.seek_step(*moment.step) : model.seek_time(moment.at_us);
  }
}

void SpaceTime::draw_track(Model& model) {
  const Palette& p = palette();
  const float r = track_.h / 2;
  draw::fill(list_, track_, theme() == Theme::dark ? p.raised : p.line, r);
  const double now = cursor_at(model);
  const double known = known_at(model);
  const auto part = [&](double at) {
    return std::clamp(x_of(at), track_.x, track_.right()) - track_.x;
  };
  draw::fill(list_, {track_.x, track_.y, part(std::max(known, now)), track_.h},
             with_alpha(p.sky, 0.22f), r);
  draw::fill(list_, {track_.x, track_.y, part(now), track_.h}, with_alpha(p.sky, 0.7f), r);
  if (view_->axis != Axis::real) return;
  // Pushes from outside.
  const std::vector<Input>& script = model.session().setup().script;
  float last_mark = -1e9f;
  for (std::size_t i = 0; i < script.size(); ++i) {
    const Input& input = script[i];
    const auto at = static_cast<double>(input.at_us);
    if (at < view_->from || at > view_->to) continue;
    const ImVec2 c{x_of(at), track_.y + r};
    if (c.x - last_mark < px(2)) continue;
    const bool apart = c.x - last_mark >= px(10);
    last_mark = c.x;
    bool hovered = false;
    if (apart) {
      const Touch touch = touch_area(model.controls, "input." + std::to_string(i),
                                     {c.x - px(6), c.y - px(7), px(12), px(14)});
      hovered = touch.hovered;
      if (hovered) tip(input_text(model.session(), input) + "\n" + clock_text(input.at_us));
      if (touch.pressed) {
        model.playing = false;
        return model.seek_time(input.at_us);
      }
    }
    signs::input(list_, c, input.by_hand, hovered);
  }
}

// On the logical axis a moment of real time is a cut across the Lamport numbers: each node has come
// as far as it has.
void SpaceTime::draw_cut() const {
  if (view_->axis != Axis::logical) return;
  const ImU32 ink = with_alpha(palette().text, 0.7f);
  std::optional<ImVec2> last;
  for (const NodeId id : view_->order) {
    const auto& line = index_.marks[static_cast<std::size_t>(id.value)];
    const auto after = std::partition_point(
        line.begin(), line.end(), [&](const Mark& mark) { return mark.event <= now_event_; });
    const float at = after == line.begin() ? x_of(0) : x_of((after - 1)->at.on(Axis::logical));
    const float y = y_of(id);
    const ImVec2 upper{at + px(7), y - pitch_ / 2};
    const ImVec2 lower{at + px(7), y + pitch_ / 2};
    if (last) draw::line(list_, *last, upper, ink, px(1.2f));
    draw::line(list_, upper, lower, ink, px(1.2f));
    last = lower;
  }
}

void SpaceTime::draw_scrubber(const Model& model) const {
  const Palette& p = palette();
  if (model.heading && !model.heading->stays && model.heading->to_step < 0 &&
      view_->axis == Axis::real) {
    const float goal = x_of(static_cast<double>(model.heading->to_us));
    draw::dashed(list_, {goal, plot_.y}, {goal, plot_.bottom()}, with_alpha(p.text, 0.6f), px(1),
                 px(3), px(3));
    list_->AddCircle({goal, track_.y + track_.h / 2}, px(6), p.text, 0, px(1.4f));
  }
  const float x = std::round(x_of(cursor_at(model)));
  const bool inside = x >= plot_.x - px(2) && x <= plot_.right() + px(2);
  // Above the flags.
  const float top = plot_.y - px(21);
  if (!inside) return;
  const ImU32 ink = with_alpha(p.text, 0.85f);
  // The line leaves out the strip where the axis is labelled.
  if (view_->axis == Axis::real)
    draw::line(list_, {x, top + px(6)}, {x, plot_.bottom() + px(2)}, ink, px(1.2f));
  draw::line(list_, {x, track_.y - px(7)}, {x, track_.y}, ink, px(1.2f));
  list_->AddTriangleFilled({x - px(6), top - px(3)}, {x + px(6), top - px(3)}, {x, top + px(5)},
                           p.text);
  list_->AddCircleFilled({x, track_.y + track_.h / 2}, px(7), p.text);
  list_->AddCircleFilled({x, track_.y + track_.h / 2}, px(3), p.panel);
  const std::string text = clock_text(model.timeline->cursor_us());
  const float w = draw::text_width(Type::mono_small, text);
  const bool left = x + px(14) + w > whole_.right() - px(6);
  const float at = left ? x - px(13) - w : x + px(13);
  const Rect plate{at - px(4), top - px(9), w + px(8), px(14)};
  draw::fill(list_, plate, mix(p.ground, p.panel, 0.5f), px(4));
  draw::text_in(list_, {at, plate.y, w + 1, plate.h}, Type::mono_small, p.text, text);
}

// Before anything has happened, what to do, between two lines.
void SpaceTime::draw_empty(const Model& model) {
  const Session& head = model.timeline->head();
  if (head.now_us() > 0 || model.playing || model.heading) return;
  const bool scripted =
      head.script_applied() < static_cast<std::int64_t>(head.setup().script.size());
  const float margin = px(28);
  bool no_keys = model.host.touch || model.places.form == Form::narrow;
  std::string_view text = no_keys ? (scripted ? t().empty_scripted_touch : t().empty_touch)
                                  : (scripted ? t().empty_scripted : t().empty);
  if (model.manual()) text = t().empty_by_hand;
  if (draw::text_width(Type::caption, text) + margin > plot_.w)
    text = scripted ? t().empty_scripted_touch : t().empty_touch;
  const Palette& p = palette();
  const float w = std::min(plot_.w, draw::text_width(Type::caption, text) + margin);
  const float h = px(24);
  // Between two lines, where it covers the fewest marks; in the middle, if that is as good.
  const auto lines = static_cast<float>(view_->order.size());
  Rect plate{std::round(plot_.center().x - w / 2), std::round(plot_.center().y - h / 2), w, h};
  std::ptrdiff_t fewest = PTRDIFF_MAX;
  for (float gap = 1; pitch_ >= px(26) && gap < lines; ++gap) {
    for (const float share : {0.5f, 1.f, 0.f}) {
      const Rect there{std::round(plot_.x + (plot_.w - w) * share),
                       std::round(plot_.y + pitch_ * gap - h / 2), w, h};
      const auto covered = std::count_if(taken_.begin(), taken_.end(), [&](const Rect& other) {
        return other.overlaps(there.grown(px(2)));
      });
      const auto worse = 10 * covered + std::lround(std::abs(gap - std::floor(lines / 2))) +
                         (share == 0.5f ? 0 : 2);
      if (worse >= fewest) continue;
      fewest = worse;
      plate = there;
    }
  }
  draw::card(list_, plate, p.line, mix(p.ground, p.panel, 0.7f), px(12));
  draw::text_in(list_, {plate.x + px(14), plate.y, plate.w - px(20), plate.h}, Type::caption,
                mix(p.muted, p.text, 0.4f), text);
}

}  // namespace netsplit::ui
