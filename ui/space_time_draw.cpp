// The space-time diagram's drawing: lines, events, messages. Each of the three shades has a form
// of its own besides its colour: past is full, future is hollow and dashed, concurrent is small and
// dotted.
#include <algorithm>
#include <bit>
#include <cmath>

#include "ui/space_time.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

// About this many messages are drawn of however many there are.
constexpr std::size_t flights_most = 4000;
constexpr std::size_t fine_most = 160;
constexpr std::size_t paths_most = 600;
// Events nearer to each other than this are one dot, as what happens at one instant is; more than a
// few of them are a bar.
constexpr float dot_css = 3;
constexpr std::ptrdiff_t dot_events_most = 6;

bool is_message(EventKind kind) { return kind == EventKind::send || kind == EventKind::deliver; }

}  // namespace

ImU32 SpaceTime::tint(ImU32 color, Tense tense, bool later) const {
  const Palette& p = palette();
  switch (tense) {
    case Tense::past:
      return p.sky;
    case Tense::future:
      return p.green;
    case Tense::concurrent:
      return with_alpha(p.muted, 0.45f);
    case Tense::self:
      return p.orange;
    default:
      return later ? with_alpha(color, 0.34f) : color;
  }
}

void SpaceTime::draw_axis() const {
  const Palette& p = palette();
  const double step =
      tick_step(view_->axis, view_->width() / std::max(2.0, static_cast<double>(plot_.w / px(96))));
  float last_right = -1e9f;
  for (double k = std::ceil(view_->from / step - 1e-9); k * step <= view_->to + step * 0.001; ++k) {
    const double at = k * step + 0.0;  // never "-0"
    const float x = std::round(x_of(at));
    draw::line(list_, {x, plot_.y}, {x, plot_.bottom()}, with_alpha(p.line, 0.45f), px(1));
    const std::string text = tick_text(view_->axis, at, step);
    const float w = draw::text_width(Type::small, text);
    const float left = std::clamp(x - w / 2, whole_.x + px(4), whole_.right() - w - px(8));
    if (left < last_right + px(8)) continue;
    draw::text(list_, left, plot_.bottom() + px(14), Type::small, p.muted, text);
    last_right = left + w;
  }
}

void SpaceTime::draw_rows(const Model& model) const {
  const Palette& p = palette();
  // Lines that stand too close for a name each have one every few lines.
  const bool named = view_->node_count <= detailed_nodes_max;
  const auto name_stride = static_cast<std::size_t>(std::ceil(px(10) / std::max(pitch_, px(1))));
  const std::size_t stride =
      pitch_ < px(3) ? static_cast<std::size_t>(px(3) / std::max(pitch_, 1e-3f)) + 1 : 1;
  list_->PushClipRect(whole_.min(), whole_.max(), false);
  for (std::size_t i = 0; i < view_->order.size(); i += stride) {
    const NodeId id = view_->order[i];
    const float y = y_of(id);
    if (y > plot_.bottom()) break;
    const bool chosen = model.selected_node == id;
    draw::line(list_, {plot_.x, y}, {plot_.right(), y}, chosen ? mix(p.link, p.sky, 0.6f) : p.link,
               px(pitch_ > px(8) ? 1.6f : 0.8f));
    if (!named || (i % name_stride != 0 && !chosen)) continue;
    const bool dragged = dragging_ == Drag::row && dragged_row_ == id;
    const Rect name{whole_.x + px(14), y - px(9), plot_.x - whole_.x - px(24), px(18)};
    if (dragged) draw::fill(list_, name.grown(px(3)), p.raised, px(6));
    const NodeShown& node = model.moment.nodes[static_cast<std::size_t>(id.value)];
    draw::text_in(list_, name, pitch_ >= px(13) ? Type::caption : Type::small,
                  chosen || dragged ? p.text : mix(p.muted, p.text, 0.6f), node.name);
  }
  list_->PopClipRect();
}

void SpaceTime::draw_dots(const Model& model) {
  dots_.clear();
  if (pitch_ < px(5)) return;
  for (const NodeId id : view_->order) draw_line_of_dots(id, y_of(id));
  // What is pointed at or chosen shows also where it is one of many.
  const Trace& trace = model.timeline->trace();
  for (const EventIndex index : {model.selected_event, hot_}) {
    if (index < trace.first() || index >= trace.size()) continue;
    const Event& event = trace[index];
    if (event.node == nobody || !shown(event.node)) continue;
    const Place place = index_.place(trace, index);
    const ImVec2 at{x_of(place.on(view_->axis)), y_of(event.node)};
    draw_dot({index, place, event.label, event.kind}, at);
    list_->AddCircle(at, px(8), index == model.selected_event ? palette().orange : palette().text,
                     0, px(1.5f));
  }
}

// Few events are a dot, of a message if there is one; many that would lie on each other are a bar,
// the thicker the more there are.
void SpaceTime::draw_line_of_dots(NodeId id, float y) {
  const Palette& p = palette();
  const std::vector<Mark>& marks = index_.marks[static_cast<std::size_t>(id.value)];
  const Axis axis = view_->axis;
  const auto from_where = [&](auto begin, double at) {
    return std::partition_point(begin, marks.end(),
                                [&](const Mark& mark) { return mark.at.on(axis) < at; });
  };
  const double slot = static_cast<double>(px(dot_css) / plot_.w) * view_->width();
  const double past_right = view_->to + 2 * slot;
  auto at = from_where(marks.begin(), view_->from - 2 * slot);
  Rect bar;
  ImU32 bar_color = 0;
  const auto flush = [&] {
    if (bar.w > 0) draw::fill(list_, bar, bar_color, px(1));
    bar.w = 0;
  };
  while (at != marks.end() && at->at.on(axis) <= past_right) {
    const double here = at->at.on(axis);
    // Galloping: the end of the slot is near where events are rare.
    std::ptrdiff_t reach = 1;
    while (reach < marks.end() - at && (at + reach)->at.on(axis) < here + slot) reach *= 2;
    const auto stop = std::min(at + reach, marks.end());
    auto next = std::partition_point(
        at + 1, stop, [&](const Mark& mark) { return mark.at.on(axis) < here + slot; });
    const Tense tense = cone_->tense(at->event);
    if (tense != Tense::plain && next - at > 1 && cone_->tense((next - 1)->event) != tense) {
      next = std::find_if(at + 1, next,
                          [&](const Mark& mark) { return cone_->tense(mark.event) != tense; });
    }
    const float x = x_of(here);
    if (next - at <= dot_events_most) {
      flush();
      const auto told = std::find_if(at, next, [](const Mark& m) { return is_message(m.kind); });
      const Mark& mark = told != next ? *told : *at;
      draw_dot(mark, {x_of(mark.at.on(axis)), y});
    } else {
      const auto size = static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(next - at, 1 << 20));
      const float part =
          static_cast<float>(std::min(static_cast<int>(std::bit_width(size)), 12)) / 12;
      const float h = std::min(px(3) + part * px(11), pitch_ * 0.8f);
      const ImU32 color = tint(mix(p.sky, p.muted, 0.35f), tense, at->at.us > now_us_);
      const float right = std::max(x_of((next - 1)->at.on(axis)), x + px(1.5f));
      const bool joins =
          bar.w > 0 && bar.h == h && bar_color == color && x - bar.right() < px(dot_css) + 1;
      if (!joins) {
        flush();
        bar = {x, y - h / 2, 0, h};
        bar_color = color;
      }
      bar.w = right - bar.x;
    }
    at = next;
  }
  flush();
}

void SpaceTime::draw_dot(const Mark& mark, ImVec2 at) {
  const Palette& p = palette();
  if (dots_.size() < fine_most * 4) dots_.push_back(at);
  const bool message = is_message(mark.kind);
  const ImU32 own = message                            ? p.kinds[mark.label % 8]
                    : mark.kind == EventKind::complete ? p.green
                                                       : p.muted;
  const Tense tense = cone_->tense(mark.event);
  const ImU32 color = tint(own, tense, mark.at.us > now_us_);
  const float r = std::min(px(message ? 3.6f : 2.8f), std::max(px(1.6f), pitch_ * 0.22f));
  list_->AddCircleFilled(at, r + px(1.2f), mix(p.ground, p.panel, 0.5f));
  if (tense == Tense::future) {
    list_->AddCircle(at, r, color, 0, px(1.6f));
  } else if (tense == Tense::concurrent) {
    list_->AddCircleFilled(at, r * 0.6f, color);
  } else if (mark.kind == EventKind::timer) {
    list_->AddNgonFilled(at, r * 1.2f, color, 4);
  } else {
    list_->AddCircleFilled(at, r, color);
  }
}

void SpaceTime::draw_flights(const Model& model) {
  spans_.clear();
  const auto wanted = [&](const Flight& flight) { return shown(flight.from) && shown(flight.to); };
  const auto in_view = [&](const Flight& flight) {
    return flight.sent.on(view_->axis) <= view_->to &&
           (flight.end == no_event || flight.ended.on(view_->axis) >= view_->from);
  };
  // Whether each can be drawn with care is known only when they are counted.
  std::vector<std::size_t> few;
  std::size_t count = 0;
  stride_ = index_.flights_reach.each(
      view_->axis, view_->from, view_->to, index_.flights.size(), flights_most, [&](std::size_t i) {
        if (!wanted(index_.flights[i]) || !in_view(index_.flights[i])) return;
        if (++count <= fine_most) few.push_back(i);
      });
  fine_ = stride_ == 1 && count <= fine_most && pitch_ >= px(10);
  if (count <= fine_most) {
    for (const std::size_t i : few) draw_flight(model, index_.flights[i]);
    return;
  }
  index_.flights_reach.each(view_->axis, view_->from, view_->to, index_.flights.size(),
                            flights_most, [&](std::size_t i) {
                              const Flight& flight = index_.flights[i];
                              if (wanted(flight) && in_view(flight)) draw_flight(model, flight);
                            });
}

void SpaceTime::draw_flight(const Model& model, const Flight& flight) {
  const Palette& p = palette();
  const bool ended = flight.end != no_event;
  const float width = px(pitch_ > px(16) ? 1.5f : 0.8f);
  ImU32 base = flight.lost ? p.vermilion : p.kinds[flight.kind % 8];
  // Very many lines are a cloud, whose density should still be seen.
  if (pitch_ < px(3))
    base = with_alpha(base, 0.3f);
  else if (!fine_)
    base = with_alpha(base, stride_ > 1 ? 0.35f : 0.6f);
  const ImVec2 a{x_of(flight.sent.on(view_->axis)), y_of(flight.from)};
  if (!ended) return draw_unfinished(model, flight, base);
  ImVec2 b{x_of(flight.ended.on(view_->axis)), y_of(flight.to)};
  if (flight.lost && !flight.at_receiver) b.y = (a.y + b.y) / 2;

  Tense tense = Tense::plain;
  if (cone_->chosen() != no_event) {
    const Tense s = flight.send == no_event ? Tense::concurrent : cone_->tense(flight.send);
    const Tense e = cone_->tense(flight.end);
    const auto is = [](Tense one, Tense of) { return one == of || one == Tense::self; };
    tense = is(s, Tense::past) && is(e, Tense::past)       ? Tense::past
            : is(s, Tense::future) && is(e, Tense::future) ? Tense::future
                                                           : Tense::concurrent;
  }
  const bool later = flight.sent.us > now_us_;
  const bool between = !later && flight.ended.us > now_us_;
  if (fine_ && a.y != b.y) spans_.push_back({a, b, flight.kind, tense != Tense::concurrent});
  const ImU32 color = tint(base, tense, later);
  if (fine_ && tense == Tense::future) {
    draw::dashed(list_, a, b, color, width, px(7), px(3));
  } else if (fine_ && tense == Tense::concurrent) {
    draw::dashed(list_, a, b, color, width, px(1.5f), px(3.5f));
  } else if (fine_ && tense == Tense::past) {
    draw::line(list_, a, b, color, px(2.2f));
  } else if (tense == Tense::plain && between && fine_) {
    // What comes after the scrubber is pale; on the real axis it stands exactly there.
    const double whole = static_cast<double>(flight.ended.us - flight.sent.us);
    const auto part = static_cast<float>(static_cast<double>(now_us_ - flight.sent.us) / whole);
    const ImVec2 m = lerp(a, b, part);
    draw::line(list_, a, m, base, px(2));
    draw::dashed(list_, m, b, with_alpha(base, 0.5f), width, px(3), px(4));
  } else {
    draw::line(list_, a, b, with_alpha(color, fine_ ? 0.85f : 1), width);
  }
  if (flight.lost && pitch_ > px(10) && (fine_ || stride_ == 1))
    draw_icon(list_, Icon::cross, b, px(10), tint(p.vermilion, tense, flight.ended.us > now_us_));
}

// On its way: as far as it has come, were it to arrive when it is due. On the logical axis it has
// no end yet: its number will be one more than the sender's, or higher.
void SpaceTime::draw_unfinished(const Model& model, const Flight& flight, ImU32 color) {
  const double sent = flight.sent.on(view_->axis);
  const ImVec2 a{x_of(sent), y_of(flight.from)};
  const auto& messages = model.moment.messages;
  const auto found =
      std::lower_bound(messages.begin(), messages.end(), flight.message,
                       [](const MessageView& message, MessageId id) { return message.id < id; });
  const bool known = found != messages.end() && found->id == flight.message;
  const bool flies =
      known && found->status == MessageStatus::in_flight && found->due_us != never_us;
  double due = static_cast<double>(now_us_);
  float part = 1;
  if (flight.sent.us > now_us_) {  // it will be sent, and is on its way at the end of what is known
    due = std::max(sent, known_at(model));
    part = 0;
    color = with_alpha(color, 0.5f);
  } else if (view_->axis == Axis::logical) {
    due = sent + 1;
    part = 0.5f;
  } else if (flies && found->due_us > now_us_) {
    due = static_cast<double>(found->due_us);
    part = static_cast<float>((static_cast<double>(now_us_) - sent) / std::max(1.0, due - sent));
  } else {
    due = std::max(due, sent);
  }
  const ImVec2 goal{x_of(due), y_of(flight.to)};
  if (fine_ && a.y != goal.y) spans_.push_back({a, goal, flight.kind, true});
  if (fine_) {
    draw::dashed(list_, a, goal, with_alpha(color, 0.6f), px(1.5f), px(3), px(4));
    draw::line(list_, a, lerp(a, goal, std::clamp(part, 0.f, 1.f)), color, px(2));
  } else {
    draw::line(list_, a, lerp(a, goal, std::clamp(part, 0.f, 1.f)), color, px(1));
  }
}

void SpaceTime::draw_hidden_paths() {
  if (!view_->hides_some()) return;
  const Palette& p = palette();
  hidden_.reach.each(
      view_->axis, view_->from, view_->to, hidden_.paths.size(), paths_most, [&](std::size_t i) {
        const HiddenPath& path = hidden_.paths[i];
        const double from = path.sent.on(view_->axis);
        const double to = path.ended.on(view_->axis);
        if (to < view_->from || from > view_->to) return;
        const ImVec2 a{x_of(from), y_of(path.from_node)};
        const ImVec2 b{x_of(to), y_of(path.to_node)};
        const bool later = path.ended.us > now_us_;
        const ImU32 color = with_alpha(mix(p.muted, p.text, 0.3f), later ? 0.35f : 0.9f);
        draw::dashed(list_, a, b, color, px(1.2f), px(4), px(4));
        const ImVec2 along = unit(b - a);
        const ImVec2 tip = b - along * px(5);
        const ImVec2 side{-along.y * px(3), along.x * px(3)};
        list_->AddTriangleFilled(tip, tip - along * px(6) + side, tip - along * px(6) - side,
                                 color);
      });
}

}  // namespace netsplit::ui
