#include "ui/space_time.h"

#include <algorithm>
#include <cmath>

#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr float names_css_max = 125;
constexpr double lock_budget_ms = 3;
// How much of what is in view one key or notch of the wheel moves.
constexpr double notch = 0.84;

}  // namespace

float SpaceTime::x_of(double at) const {
  // Far outside, a float's pixels would lose what is near the edge.
  const double part = std::clamp((at - view_->from) / view_->width(), -4.0, 5.0);
  return plot_.x + static_cast<float>(part) * plot_.w;
}
double SpaceTime::at_of(float x) const {
  return view_->from + static_cast<double>((x - plot_.x) / plot_.w) * view_->width();
}
float SpaceTime::y_of(NodeId id) const {
  const auto line = static_cast<float>(line_of_[static_cast<std::size_t>(id.value)]);
  return std::round(plot_.y + pitch_ * (line + 0.5f));
}

// A step's place on the axis; `time_us` may be later than the step.
double SpaceTime::on_axis(const Model& model, std::uint64_t step, Time time_us) const {
  if (view_->axis == Axis::real) return static_cast<double>(time_us);
  const Trace& trace = model.timeline->trace();
  return static_cast<double>(index_.reached(trace.first_after_step(step) - 1)) / 2;
}
double SpaceTime::cursor_at(const Model& model) const {
  return on_axis(model, model.timeline->cursor_step(), model.timeline->cursor_us());
}
double SpaceTime::known_at(const Model& model) const {
  const Session& head = model.timeline->head();
  return on_axis(model, head.steps(), head.now_us());
}

void SpaceTime::frame(Model& model, const Rect& rect) {
  begin_region("space-time", rect, mix(palette().ground, palette().panel, 0.5f));
  list_ = ImGui::GetWindowDrawList();
  draw::line(list_, {rect.x, rect.y + px(0.5f)}, {rect.right(), rect.y + px(0.5f)}, palette().line,
             px(1));
  if (model.open()) {
    settle(model, rect);
    act(model);
    const std::size_t above = model.controls.list.size();
    locks_.follow(*model.timeline, index_, model.generation, lock_budget_ms);
    settle(model, rect);  // a gesture may have changed the branch, the axis or the lines
    taken_.clear();
    gather_flags(model);
    draw_axis();
    list_->PushClipRect({plot_.x - px(6), rect.y}, {plot_.right() + px(6), rect.bottom()}, true);
    draw_rows(model);
    draw_stretches(model);
    draw_locks(model);
    draw_hidden_paths();
    draw_cut();
    draw_flights(model);
    draw_dots(model);
    draw_stretch_names();
    draw_message_names(model);
    draw_planned(model);
    draw_empty(model);
    list_->PopClipRect();
    draw_flags(model);
    draw_branches(model);
    draw_track(model);
    draw_scrubber(model);
    draw_header(model);
    explain(model);
    over_.clear();
    for (std::size_t i = above; i < model.controls.list.size(); ++i)
      over_.push_back(model.controls.list[i].rect);
  }
  end_region();
  view_ = nullptr;
}

void SpaceTime::settle(Model& model, const Rect& rect) {
  const Timeline& timeline = *model.timeline;
  const Trace& trace = timeline.trace();
  view_ = &model.time_view;
  whole_ = rect;
  index_.follow(timeline, model.generation);
  cone_ = &model.cone;
  model.cone.follow(trace, model.generation, timeline.branch(), model.selected_event);
  const std::int32_t count = model.session().node_count();
  const std::string scenario = model.scenario.id + "\n" + model.scenario.title;
  if (shown_scenario_ != scenario || view_->node_count != count) {
    shown_scenario_ = scenario;
    view_->reset(count);
  }
  hidden_.follow(trace, index_, *view_, model.generation, timeline.branch());
  line_of_.assign(static_cast<std::size_t>(count), -1);
  for (std::size_t i = 0; i < view_->order.size(); ++i)
    line_of_[static_cast<std::size_t>(view_->order[i].value)] = static_cast<std::int32_t>(i);
  now_us_ = timeline.cursor_us();
  now_event_ = trace.first_after_step(timeline.cursor_step()) - 1;

  float names = 0;
  if (count <= detailed_nodes_max) {
    for (const NodeShown& node : model.moment.nodes)
      names = std::max(names, draw::text_width(Type::caption, node.name));
  }
  names = std::clamp(names + px(26), px(50), px(names_css_max));
  const bool narrow = model.places.form == Form::narrow;
  const float head = px(narrow ? 66 : 58);
  const float foot = px(timeline.branches().size() > 1 ? 74 : 48);
  plot_ = {rect.x + names, rect.y + head, rect.w - names - px(22),
           std::max(px(20), rect.h - head - foot - px(14))};
  track_ = {plot_.x, plot_.bottom() + px(26), plot_.w, px(6)};
  pitch_ = plot_.h / static_cast<float>(std::max<std::size_t>(view_->order.size(), 1));

  const bool real = view_->axis == Axis::real;
  view_->end = real ? static_cast<double>(std::max<Time>(model.session().setup().until_us, 1000))
                    : std::max(8.0, known_at(model) + 1);
  if (view_->fitted) view_->fit();
  // While playing, the view follows the cursor.
  const double cursor = cursor_at(model);
  if (model.playing && dragging_ == Drag::none && !view_->fitted &&
      (cursor > view_->to - view_->width() * 0.08 || cursor < view_->from)) {
    view_->show_range(cursor - view_->width() * 0.6, cursor + view_->width() * 0.4);
  }
}

void SpaceTime::wheel(Model& model) {
  const ImGuiIO& io = ImGui::GetIO();
  if (!hovered_ || (io.MouseWheel == 0 && io.MouseWheelH == 0)) return;
  const double along = static_cast<double>(io.KeyShift ? io.MouseWheel : io.MouseWheelH);
  if (along != 0) view_->pan(-along * 0.1 * view_->width());
  if (io.MouseWheel != 0 && !io.KeyShift) {
    view_->zoom(std::pow(notch, static_cast<double>(io.MouseWheel)),
                static_cast<double>((io.MousePos.x - plot_.x) / plot_.w));
  }
  model.touched_s = model.now_s;
}

// On the logical axis the scrubber stands after all that is within its number.
void SpaceTime::scrub_to(Model& model, float x) const {
  const double at = std::clamp(at_of(x), 0.0, view_->end);
  model.playing = false;
  if (view_->axis == Axis::real) {
    if (static_cast<Time>(at) != model.timeline->cursor_us())
      model.seek_time(static_cast<Time>(at));
    return;
  }
  const Trace& trace = model.timeline->trace();
  const EventIndex event =
      std::max(trace.first(), index_.last_within(static_cast<std::int32_t>(std::floor(at * 2))));
  if (event >= trace.size()) return;
  if (trace[event].step != model.timeline->cursor_step() ||
      model.timeline->cursor_us() != model.session().now_us()) {
    model.seek_step(trace[event].step);
  }
}

void SpaceTime::click(Model& model) {
  const EventIndex at = event_near(ImGui::GetIO().MousePos);
  if (at != no_event) {
    model.selected_event = model.selected_event == at ? no_event : at;
    const NodeId node = model.timeline->trace()[at].node;
    if (node != nobody) model.selected_node = node;
  } else if (model.selected_event != no_event) {
    model.selected_event = no_event;
  } else {
    scrub_to(model, ImGui::GetIO().MousePos.x);
  }
}

void SpaceTime::act(Model& model) {
  const ImGuiIO& io = ImGui::GetIO();
  press_rows(model);
  model.controls.add("scrubber", track_);
  ImGui::SetCursorScreenPos({plot_.x - px(10), plot_.y - px(26)});
  // Flags and branches lie on it. Only there: such an item takes no press before it has been
  // hovered for a frame, and a finger, a pen or a pointer that jumped has never hovered.
  if (std::any_of(over_.begin(), over_.end(),
                  [&](const Rect& rect) { return rect.contains(io.MousePos); })) {
    ImGui::SetNextItemAllowOverlap();
  }
  ImGui::InvisibleButton("##space-time",
                         {plot_.w + px(20), track_.bottom() + px(10) - plot_.y + px(26)});
  hovered_ = ImGui::IsItemHovered();
  hot_ = hovered_ && dragging_ == Drag::none ? event_near(io.MousePos) : no_event;
  wheel(model);
  if (ImGui::IsItemActivated()) {
    pressed_at_ = io.MousePos;
    moved_ = false;
    const float cursor = x_of(cursor_at(model));
    const bool on_track = io.MousePos.y > plot_.bottom() + px(6) || io.MousePos.y < plot_.y - px(4);
    const bool on_line =
        hot_ == no_event && std::abs(io.MousePos.x - cursor) < px(model.host.touch ? 16 : 6);
    dragging_ = on_track || on_line ? Drag::scrub : Drag::press;
    if (dragging_ == Drag::scrub) model.play(false);
  }
  if (ImGui::IsItemActive() && dragging_ != Drag::none) {
    if (length(io.MousePos - pressed_at_) > px(4)) moved_ = true;
    if (dragging_ == Drag::press && moved_) dragging_ = view_->whole() ? Drag::scrub : Drag::pan;
    if (dragging_ == Drag::scrub) scrub_to(model, io.MousePos.x);
    if (dragging_ == Drag::pan)
      view_->pan(-static_cast<double>(io.MouseDelta.x / plot_.w) * view_->width());
  }
  if (ImGui::IsItemDeactivated()) {
    if (dragging_ == Drag::press) click(model);
    if (dragging_ == Drag::scrub) model.changed();
    dragging_ = Drag::none;
  }
  if (hovered_ && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left) && hot_ == no_event)
    view_->fit();
}

// A node's name is clicked to select it and dragged to another line.
void SpaceTime::press_rows(Model& model) {
  if (pitch_ < px(13) || view_->node_count > detailed_nodes_max) return;
  const std::vector<NodeId> order = view_->order;
  const float h = std::min(pitch_, px(34));
  for (const NodeId id : order) {
    const NodeShown& node = model.moment.nodes[static_cast<std::size_t>(id.value)];
    const float y = y_of(id);
    const Touch touch = touch_area(model.controls, "line." + node.name,
                                   {whole_.x + px(6), y - h / 2, plot_.x - whole_.x - px(18), h});
    if (touch.hovered && dragging_ == Drag::none) tip(t().tip_line);
    if (touch.held && ImGui::IsMouseDragging(ImGuiMouseButton_Left, px(6))) {
      dragging_ = Drag::row;
      dragged_row_ = id;
      const float line = (ImGui::GetIO().MousePos.y - plot_.y) / pitch_;
      view_->move(id, static_cast<std::int32_t>(std::floor(line)));
      model.touched_s = model.now_s;
    } else if (touch.pressed && dragging_ != Drag::row) {
      model.selected_node = model.selected_node == id ? nobody : id;
    }
  }
  if (dragging_ == Drag::row && !ImGui::IsMouseDown(ImGuiMouseButton_Left)) dragging_ = Drag::none;
}

EventIndex SpaceTime::event_near(ImVec2 mouse) const {
  EventIndex best = no_event;
  float reach = px(8);
  if (pitch_ < px(5)) return best;
  for (const NodeId id : view_->order) {
    const float y = y_of(id);
    if (std::abs(y - mouse.y) >= reach) continue;
    const Mark* mark = index_.nearest(id, view_->axis, at_of(mouse.x));
    if (mark == nullptr) continue;
    const float d = length(ImVec2{x_of(mark->at.on(view_->axis)), y} - mouse);
    if (d >= reach) continue;
    reach = d;
    best = mark->event;
  }
  return best;
}

void SpaceTime::explain(const Model& model) {
  if (hot_ == no_event || dragging_ != Drag::none) return;
  const Trace& trace = model.timeline->trace();
  if (hot_ < trace.first() || hot_ >= trace.size()) return;
  const Event& event = trace[hot_];
  if (!begin_bubble()) return;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const std::string sentence = sentence_of(model.session(), event);
  const std::string when =
      say(t().event_line, {std::to_string(event.index), clock_text(event.at_us)}) +
      (event.stamped() ? " \xC2\xB7 " + say(t().event_lamport, {std::to_string(event.lamport)})
                       : "");
  const float width = std::min(px(320), draw::text_width(Type::caption, sentence) + 1);
  float y = at.y;
  y += draw::paragraph(list, at.x, y, px(320), Type::caption, palette().text, sentence);
  y += draw::paragraph(list, at.x, y, px(320), Type::small, palette().muted, when);
  ImGui::Dummy({std::max(width, draw::text_width(Type::small, when)), y - at.y});
  end_bubble();
}

}  // namespace netsplit::ui
