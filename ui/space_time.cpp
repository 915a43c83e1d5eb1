#include "ui/space_time.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr float label_css = 78;

// 1, 2 or 5 times a power of ten, of seconds or minutes.
double nice_step(double rough) {
  constexpr double minute_us = 60e6;
  if (rough > minute_us / 3)
    return rough <= minute_us / 2 ? minute_us / 2 : minute_us * nice_step(rough / minute_us);
  const double power = std::pow(10, std::floor(std::log10(std::max(rough, 1.0))));
  for (const double times : {1.0, 2.0, 5.0}) {
    if (rough <= times * power) return times * power;
  }
  return 10 * power;
}

std::string tick_text(double time_us, double step_us) {
  char text[40];
  if (step_us >= 60e6) {
    std::snprintf(text, sizeof text, "%.0f min", time_us / 60e6);
  } else if (step_us >= 1e6 || time_us >= 10e6) {
    const int decimals = step_us >= 1e6 ? 0 : step_us >= 1e5 ? 1 : step_us >= 1e4 ? 2 : 3;
    std::snprintf(text, sizeof text, "%.*f s", decimals, time_us / 1e6);
  } else if (step_us >= 1e3) {
    if (step_us >= 1e5)
      std::snprintf(text, sizeof text, "%.1f s", time_us / 1e6);
    else
      std::snprintf(text, sizeof text, "%.0f ms", time_us / 1e3);
  } else {
    std::snprintf(text, sizeof text, "%.0f \xC2\xB5s", time_us);
  }
  return text;
}

}  // namespace

float SpaceTime::x_of(double time_us) const {
  return plot_.x + static_cast<float>((time_us - from_us_) / (to_us_ - from_us_)) * plot_.w;
}
double SpaceTime::time_at(float x) const {
  return from_us_ + static_cast<double>((x - plot_.x) / plot_.w) * (to_us_ - from_us_);
}
float SpaceTime::y_of(NodeId id) const {
  return std::round(plot_.y + pitch_ * (static_cast<float>(id.value) + 0.5f));
}

void SpaceTime::frame(Model& model, const Rect& rect) {
  begin_region("space-time", rect, mix(palette().ground, palette().panel, 0.5f));
  list_ = ImGui::GetWindowDrawList();
  draw::line(list_, {rect.x, rect.y + px(0.5f)}, {rect.right(), rect.y + px(0.5f)}, palette().line,
             px(1));
  if (model.open()) {
    settle(model, rect);
    act(model);
    index_.follow(*model.timeline, model.generation);  // a gesture may have changed the branch
    draw_header(model);
    draw_axis();
    list_->PushClipRect({plot_.x - px(6), rect.y}, {plot_.right() + px(6), rect.bottom()}, true);
    draw_rows(model);
    draw_stretches(model);
    draw_flights(model);
    draw_dots(model);
    draw_stretch_names();
    list_->PopClipRect();
    draw_marks(model);
    draw_branches(model);
    draw_track(model);
    draw_scrubber(model);
    explain(model);
  }
  end_region();
}

void SpaceTime::settle(Model& model, const Rect& rect) {
  whole_ = rect;
  index_.follow(*model.timeline, model.generation);
  const std::int32_t count = model.session().node_count();
  float names = 0;
  if (count <= detailed_nodes_max) {
    for (const NodeShown& node : model.moment.nodes) {
      names = std::max(names, draw::text_width(Type::caption, node.name));
    }
  }
  names = std::clamp(names + px(26), px(50), px(label_css * 1.6f));
  const bool lanes = model.timeline->branches().size() > 1;
  const float foot = px(lanes ? 74 : 48);
  plot_ = {rect.x + names, rect.y + px(48), rect.w - names - px(22),
           rect.h - px(48) - foot - px(18)};
  track_ = {plot_.x, plot_.bottom() + px(26), plot_.w, px(6)};
  pitch_ = plot_.h / static_cast<float>(std::max(count, 1));

  end_us_ = static_cast<double>(std::max<Time>(model.session().setup().until_us, 1000));
  const std::string shown = model.scenario.id + "\n" + model.scenario.title;
  if (shown_scenario_ != shown || shown_generation_ == 0) {
    shown_scenario_ = shown;
    shown_generation_ = model.generation;
    from_us_ = 0;
    to_us_ = end_us_;
  }
  // While playing, the view follows the cursor.
  const auto cursor = static_cast<double>(model.timeline->cursor_us());
  const double width = to_us_ - from_us_;
  if (model.playing && dragging_ == Drag::none &&
      (cursor > to_us_ - width * 0.08 || cursor < from_us_) && width < end_us_ * 0.999) {
    from_us_ = std::max(0.0, cursor - width * 0.6);
    to_us_ = from_us_ + width;
  }
}

void SpaceTime::act(Model& model) {
  const ImGuiIO& io = ImGui::GetIO();
  model.controls.add("scrubber", track_);
  ImGui::SetCursorScreenPos({plot_.x - px(10), whole_.y + px(4)});
  ImGui::SetNextItemAllowOverlap();  // marks of violations and branches lie on it
  ImGui::InvisibleButton("##space-time", {plot_.w + px(20), track_.bottom() + px(10) - whole_.y});
  hovered_ = ImGui::IsItemHovered();
  hot_ = hovered_ && dragging_ == Drag::none ? dot_near(io.MousePos) : no_event;
  if (hovered_ && io.MouseWheel != 0) {
    const double at = time_at(io.MousePos.x);
    const double factor = std::pow(0.84, static_cast<double>(io.MouseWheel));
    const double width = std::clamp((to_us_ - from_us_) * factor, 20.0, end_us_);
    const double share = (at - from_us_) / (to_us_ - from_us_);
    from_us_ = std::clamp(at - share * width, 0.0, end_us_ - width);
    to_us_ = from_us_ + width;
  }
  if (ImGui::IsItemActivated()) {
    pressed_at_ = io.MousePos;
    moved_ = false;
    const float cursor = x_of(static_cast<double>(model.timeline->cursor_us()));
    const bool on_track = io.MousePos.y > plot_.bottom() + px(6) || io.MousePos.y < plot_.y - px(4);
    const bool on_line =
        hot_ == no_event && std::abs(io.MousePos.x - cursor) < px(model.host.touch ? 16 : 6);
    dragging_ = on_track || on_line ? Drag::scrub : Drag::press;
    if (dragging_ == Drag::scrub) model.play(false);
  }
  if (ImGui::IsItemActive() && dragging_ != Drag::none) {
    if (length(io.MousePos - pressed_at_) > px(4)) moved_ = true;
    const bool zoomed = to_us_ - from_us_ < end_us_ * 0.999;
    if (dragging_ == Drag::press && moved_) dragging_ = zoomed ? Drag::pan : Drag::scrub;
    if (dragging_ == Drag::scrub) {
      const double at = std::clamp(time_at(io.MousePos.x), 0.0, end_us_);
      if (moved_ || ImGui::IsItemActivated()) model.playing = false;
      if (static_cast<Time>(at) != model.timeline->cursor_us())
        model.seek_time(static_cast<Time>(at));
    } else if (dragging_ == Drag::pan) {
      const double width = to_us_ - from_us_;
      const double by = -static_cast<double>(io.MouseDelta.x / plot_.w) * width;
      from_us_ = std::clamp(from_us_ + by, 0.0, end_us_ - width);
      to_us_ = from_us_ + width;
    }
  }
  if (ImGui::IsItemDeactivated()) {
    if (dragging_ == Drag::press) {
      const EventIndex at = dot_near(io.MousePos);
      if (at != no_event) {
        model.selected_event = model.selected_event == at ? no_event : at;
        const NodeId node = model.timeline->trace()[at].node;
        if (node != nobody) model.selected_node = node;
      } else if (model.selected_event != no_event) {
        model.selected_event = no_event;
      } else {
        model.playing = false;
        model.seek_time(static_cast<Time>(std::clamp(time_at(io.MousePos.x), 0.0, end_us_)));
      }
    }
    if (dragging_ == Drag::scrub) model.changed();
    dragging_ = Drag::none;
  }
  if (hovered_ && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left) && hot_ == no_event) {
    from_us_ = 0;
    to_us_ = end_us_;
  }
}

EventIndex SpaceTime::dot_near(ImVec2 mouse) const {
  EventIndex best = no_event;
  float reach = px(8);
  for (const Dot& dot : dots_) {
    const float d = length(dot.at - mouse);
    if (d >= reach) continue;
    reach = d;
    best = dot.event;
  }
  return best;
}

SpaceTime::Tense SpaceTime::tense_of(const Model& model, EventIndex index) const {
  const EventIndex chosen = model.selected_event;
  const Trace& trace = model.timeline->trace();
  if (chosen == no_event || chosen < trace.first() || chosen >= trace.size()) return Tense::plain;
  if (index == chosen) return Tense::self;
  if (index < trace.first() || index >= trace.size()) return Tense::concurrent;
  if (trace.happened_before(index, chosen)) return Tense::past;
  if (trace.happened_before(chosen, index)) return Tense::future;
  return Tense::concurrent;
}

ImU32 SpaceTime::tint(const Model& model, ImU32 color, Tense tense, Time at_us) const {
  const Palette& p = palette();
  switch (tense) {
    case Tense::past:
      return p.sky;
    case Tense::future:
      return p.green;
    case Tense::concurrent:
      return with_alpha(p.muted, 0.38f);
    case Tense::self:
      return p.orange;
    default:
      return with_alpha(color, at_us > model.timeline->cursor_us() ? 0.34f : 1.f);
  }
}

void SpaceTime::draw_header(Model& model) const {
  const Palette& p = palette();
  const float baseline = whole_.y + px(17);
  float x = whole_.x + px(14);
  draw::text(list_, x, baseline, Type::caption_strong, p.muted, t().space_time);
  x += draw::text_width(Type::caption_strong, t().space_time) + px(18);
  if (model.heading) {
    draw::text(list_, x, baseline, Type::small, p.orange, model.heading_text());
    return;
  }
  if (model.selected_event != no_event && model.selected_event < model.timeline->trace().size()) {
    // The three shades, each with its mark.
    const std::array<std::pair<std::string_view, ImU32>, 3> shades{
        {{t().past, p.sky}, {t().future, p.green}, {t().concurrent, p.muted}}};
    for (std::size_t i = 0; i < shades.size(); ++i) {
      const ImVec2 c{x + px(4), baseline - px(4)};
      if (i == 0) list_->AddCircleFilled(c, px(4), shades[i].second);
      if (i == 1) list_->AddCircle(c, px(3.5f), shades[i].second, 0, px(1.6f));
      if (i == 2) list_->AddCircleFilled(c, px(2.2f), shades[i].second);
      draw::text(list_, x + px(13), baseline, Type::small, i == 2 ? p.muted : shades[i].second,
                 shades[i].first);
      x += px(13) + draw::text_width(Type::small, shades[i].first) + px(16);
    }
    return;
  }
  if (model.timeline->trace().truncated()) {
    draw::text(list_, x, baseline, Type::small, p.orange,
               say(t().events_let_go, {std::to_string(model.timeline->trace().first())}));
  }
}

void SpaceTime::draw_axis() const {
  const Palette& p = palette();
  const double step =
      nice_step((to_us_ - from_us_) / std::max(2.0, static_cast<double>(plot_.w / px(96))));
  float last_right = -1e9f;
  for (double at = std::ceil(from_us_ / step) * step; at <= to_us_ + step * 0.001; at += step) {
    const float x = std::round(x_of(at));
    draw::line(list_, {x, plot_.y}, {x, plot_.bottom()}, with_alpha(p.line, 0.45f), px(1));
    const std::string text = tick_text(at, step);
    const float w = draw::text_width(Type::small, text);
    const float left = std::clamp(x - w / 2, whole_.x + px(4), whole_.right() - w - px(8));
    if (left < last_right + px(8)) continue;
    draw::text(list_, left, plot_.bottom() + px(14), Type::small, p.muted, text);
    last_right = left + w;
  }
}

void SpaceTime::explain(const Model& model) {
  if (hot_ == no_event || dragging_ != Drag::none) return;
  const Trace& trace = model.timeline->trace();
  if (hot_ >= trace.size()) return;
  const Event& event = trace[hot_];
  if (begin_bubble()) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const std::string sentence = sentence_of(model.session(), event);
    const std::string when =
        say(t().event_line, {std::to_string(event.index), clock_text(event.at_us)});
    const float width = std::min(px(320), draw::text_width(Type::caption, sentence) + 1);
    float y = at.y;
    y += draw::paragraph(list, at.x, y, px(320), Type::caption, palette().text, sentence);
    y += draw::paragraph(list, at.x, y, px(320), Type::small, palette().muted, when);
    ImGui::Dummy({std::max(width, draw::text_width(Type::small, when)), y - at.y});
    end_bubble();
  }
}

}  // namespace netsplit::ui
