// The space-time diagram's drawing: lines, stretches, messages, events, track and branches.
#include <algorithm>
#include <cmath>

#include "ui/space_time.h"
#include "ui/strings.h"

namespace netsplit::ui {

void SpaceTime::draw_rows(const Model& model) const {
  const Palette& p = palette();
  const std::int32_t count = model.session().node_count();
  const bool named = pitch_ >= px(13) && count <= detailed_nodes_max;
  const std::int32_t stride = pitch_ < px(3) ? static_cast<std::int32_t>(px(3) / pitch_) + 1 : 1;
  list_->PushClipRect(whole_.min(), whole_.max(), false);
  for (std::int32_t i = 0; i < count; i += stride) {
    const float y = y_of({i});
    if (y > plot_.bottom()) break;
    const bool chosen = model.selected_node.value == i;
    draw::line(list_, {plot_.x, y}, {plot_.right(), y}, chosen ? mix(p.link, p.sky, 0.6f) : p.link,
               px(pitch_ > px(8) ? 1.6f : 0.8f));
    if (!named) continue;
    const NodeShown& node = model.moment.nodes[static_cast<std::size_t>(i)];
    draw::text_in(list_, {whole_.x + px(14), y - px(9), plot_.x - whole_.x - px(24), px(18)},
                  Type::caption, chosen ? p.text : mix(p.muted, p.text, 0.6f), node.name);
  }
  list_->PopClipRect();
}

void SpaceTime::draw_stretches(const Model& model) {
  const Palette& p = palette();
  names_.clear();
  const float height = std::clamp(pitch_ * 0.47f, px(2), px(20));
  const auto now = static_cast<double>(model.timeline->cursor_us());
  const auto recorded = static_cast<double>(model.timeline->head().now_us());
  for (const Stretch& stretch : index_.stretches) {
    const double begin = static_cast<double>(stretch.from_us);
    // What has not ended lasts as far as anybody knows.
    const bool open = stretch.to_us == never_us;
    const double end = open ? std::max(recorded, now) : static_cast<double>(stretch.to_us);
    if (end < from_us_ || begin > to_us_) continue;
    const float x0 = std::max(x_of(begin), plot_.x - px(8));
    const float x1 = std::max(x0 + px(1), std::min(x_of(end), plot_.right() + px(8)));
    const float y = y_of(stretch.node);
    const float dim = begin > now ? 0.4f : 1.f;
    if (stretch.kind == Stretch::Kind::lease) {
      const float h = std::clamp(pitch_ * 0.09f, px(1.5f), px(4));
      const float above = std::min(px(11), pitch_ * 0.24f);
      const bool over = !open && static_cast<double>(stretch.to_us) <= now;
      const ImU32 color = with_alpha(over ? p.muted : p.green, dim);
      // Two leases that follow each other at once stay two bars.
      const Rect bar{x0, y - above - h / 2, std::max(px(1), x1 - x0 - px(2)), h};
      draw::fill(list_, bar, color, h / 2);
      if (pitch_ > px(30)) {
        names_.push_back({bar, bar.y - px(8.5f), true, t().lease, color,
                          mix(p.ground, p.panel, 0.5f), false, false});
      }
      continue;
    }
    const Rect bar{x0, y - height / 2, x1 - x0, height};
    const bool down = stretch.kind == Stretch::Kind::down;
    const bool paused = stretch.kind == Stretch::Kind::paused;
    const ImU32 color = down ? p.vermilion : p.muted;
    draw::fill(list_, bar, with_alpha(mix(p.panel, color, 0.16f), 0.96f), px(5));
    if (paused) draw::hatch_rect(list_, bar, with_alpha(color, 0.34f * dim));
    draw::frame(list_, bar, with_alpha(color, 0.5f * dim), px(5), px(1));
    if (height < px(14)) continue;
    names_.push_back({bar, y, false,
                      paused ? t().paused
                      : down ? t().down
                             : t().absent,
                      with_alpha(down ? p.vermilion : mix(p.muted, p.text, 0.3f), dim),
                      mix(p.panel, color, 0.16f), paused, down});
  }
}

// Each name stands in the widest place that neither an event nor a message's line takes.
void SpaceTime::draw_stretch_names() const {
  for (const StretchName& name : names_) {
    const float sign = name.paused || name.down ? px(18) : px(4);
    const float w = draw::text_width(Type::small, name.word) + sign + px(6);
    const float left = std::max(name.bar.x + px(4), plot_.x);
    const float right = std::min(name.bar.right() - px(4), plot_.right());
    std::vector<float> stops{left};
    for (const Dot& dot : dots_) {
      if (!name.above && dot.at.y == name.y) stops.push_back(dot.at.x);
    }
    for (const Span& span : spans_) {
      if (!name.above) break;
      const float part = (name.y - span.a.y) / (span.b.y - span.a.y);
      if (part >= 0 && part <= 1) stops.push_back(span.a.x + (span.b.x - span.a.x) * part);
    }
    std::erase_if(stops, [&](float x) { return x < left || x > right; });
    stops.push_back(right);
    std::sort(stops.begin(), stops.end());
    float at = 0;
    float widest = 0;
    for (std::size_t i = 0; i + 1 < stops.size(); ++i) {
      const float gap = stops[i + 1] - stops[i];
      // The first that is wide enough for a name above its bar, the widest one in it.
      if (gap <= widest || (name.above && widest > w + px(12))) continue;
      widest = gap;
      at = name.above ? std::min(stops[i] + px(6), stops[i + 1] - w)
                      : (stops[i] + stops[i + 1] - w) / 2;
    }
    if (widest < w + px(8)) continue;
    const float h = name.above ? px(13) : name.bar.h - px(2);
    const Rect plate{at, name.y - h / 2, w, h};
    draw::fill(list_, plate, name.plate, px(4));
    if (name.paused || name.down) {
      draw_icon(list_, name.down ? Icon::cross : Icon::pause_bars, {plate.x + px(9), name.y},
                px(10), name.color);
    }
    draw::text_in(list_, {plate.x + sign, plate.y, w - sign, plate.h}, Type::small, name.color,
                  name.word);
  }
}

void SpaceTime::draw_flights(const Model& model) {
  const Palette& p = palette();
  const Trace& trace = model.timeline->trace();
  const auto now = static_cast<double>(model.timeline->cursor_us());
  const double earliest = from_us_ - static_cast<double>(index_.longest_us);
  auto at = std::partition_point(
      index_.flights.begin(), index_.flights.end(),
      [&](const Flight& flight) { return static_cast<double>(flight.sent_us) < earliest; });
  // Of the messages that would cover the same pixels, one is drawn.
  last_drawn_.assign(4096, UINT64_MAX);
  spans_.clear();
  const float width = px(pitch_ > px(16) ? 1.5f : 0.8f);
  const bool fine = model.moment.messages.size() <= labelled_messages_max;
  for (; at != index_.flights.end(); ++at) {
    const Flight& flight = *at;
    const auto sent = static_cast<double>(flight.sent_us);
    if (sent > to_us_) break;
    const bool ended = flight.end != no_event;
    double arrived = static_cast<double>(flight.end_us);
    if (!ended) arrived = std::max(now, sent);
    if (arrived < from_us_) continue;
    float x0 = x_of(sent);
    float x1 = x_of(arrived);
    const auto rows = static_cast<std::int64_t>(y_of(flight.from) / px(1.5f)) * 8191 +
                      static_cast<std::int64_t>(y_of(flight.to) / px(1.5f));
    const auto pair = static_cast<std::size_t>(rows) % last_drawn_.size();
    const auto spot = static_cast<std::uint64_t>(static_cast<std::int64_t>(x0 * 1.5f)) << 32 |
                      static_cast<std::uint32_t>(static_cast<std::int32_t>(x1 * 1.5f));
    if (last_drawn_[pair] == spot) continue;
    last_drawn_[pair] = spot;

    Tense tense = Tense::plain;
    if (model.selected_event != no_event) {
      const Tense s =
          flight.send >= trace.first() ? tense_of(model, flight.send) : Tense::concurrent;
      const Tense e = ended ? tense_of(model, flight.end) : Tense::concurrent;
      const bool past =
          (s == Tense::past || s == Tense::self) && (e == Tense::past || e == Tense::self);
      const bool future =
          (s == Tense::future || s == Tense::self) && (e == Tense::future || e == Tense::self);
      tense = past ? Tense::past : future ? Tense::future : Tense::concurrent;
    }
    ImU32 base = flight.lost ? p.vermilion : p.kinds[flight.kind % 8];
    // Very many lines are a cloud, whose density should still be seen.
    if (pitch_ < px(3)) base = with_alpha(base, 0.3f);
    ImVec2 a{x0, y_of(flight.from)};
    ImVec2 b{x1, y_of(flight.to)};
    if (flight.lost && !flight.at_receiver) b.y = (a.y + b.y) / 2;
    if (fine && ended && a.y != b.y) spans_.push_back({a, b});
    if (!ended) {
      // On its way: as far as it has come, were it to arrive when it is due.
      double due = now;
      const auto& messages = model.moment.messages;
      const auto found = std::lower_bound(
          messages.begin(), messages.end(), flight.message,
          [](const MessageView& message, MessageId id) { return message.id < id; });
      if (found != messages.end() && found->id == flight.message &&
          found->status == MessageStatus::in_flight && found->due_us != never_us) {
        due = static_cast<double>(found->due_us);
      }
      if (due > now) {
        const ImVec2 goal{x_of(due), y_of(flight.to)};
        if (fine && a.y != goal.y) spans_.push_back({a, goal});
        // Dashes are worth their lines only where one can see them.
        if (fine) draw::dashed(list_, a, goal, with_alpha(base, 0.6f), width, px(3), px(4));
        const auto part = static_cast<float>((now - sent) / std::max(1.0, due - sent));
        b = lerp(a, goal, std::clamp(part, 0.f, 1.f));
      }
      draw::line(list_, a, b, base, fine ? px(2) : width);
      continue;
    }
    // Split where the scrubber stands: what comes after is pale.
    if (tense == Tense::plain && sent < now && arrived > now) {
      const ImVec2 m = lerp(a, b, static_cast<float>((now - sent) / (arrived - sent)));
      draw::line(list_, a, m, base, px(2));
      draw::dashed(list_, m, b, with_alpha(base, 0.5f), width, px(3), px(4));
    } else {
      draw::line(list_, a, b, with_alpha(tint(model, base, tense, flight.sent_us), 0.85f), width);
    }
    if (flight.lost && pitch_ > px(10)) {
      draw_icon(list_, Icon::cross, b, px(10), tint(model, p.vermilion, tense, flight.end_us));
    }
  }
}

void SpaceTime::draw_dots(const Model& model) {
  const Palette& p = palette();
  const Trace& trace = model.timeline->trace();
  dots_.clear();
  if (pitch_ < px(5)) return;
  const auto from = static_cast<Time>(std::max(0.0, from_us_ - 1));
  EventIndex index =
      std::max(trace.first(), from == 0 ? trace.first() : trace.first_after(from - 1));
  std::vector<float> last_x(static_cast<std::size_t>(model.session().node_count()), -1e9f);
  const bool shaded = model.selected_event != no_event;
  for (; index < trace.size(); ++index) {
    const Event& event = trace[index];
    if (static_cast<double>(event.at_us) > to_us_) break;
    if (event.node == nobody) continue;
    const bool on_line = event.kind != EventKind::lost && event.kind != EventKind::start &&
                         event.kind != EventKind::lease_begin &&
                         event.kind != EventKind::lease_end && event.kind != EventKind::network &&
                         event.kind != EventKind::tampered;
    if (!on_line) continue;
    const float x = x_of(static_cast<double>(event.at_us));
    float& last = last_x[static_cast<std::size_t>(event.node.value)];
    const bool special = index == model.selected_event || index == hot_;
    if (x - last < px(0.8f) && !special) continue;
    last = x;
    const ImVec2 at{x, y_of(event.node)};
    dots_.push_back({index, at});
    const bool message = event.kind == EventKind::send || event.kind == EventKind::deliver;
    const ImU32 own = message                             ? p.kinds[event.label % 8]
                      : event.kind == EventKind::complete ? p.green
                                                          : p.muted;
    const Tense tense = shaded ? tense_of(model, index) : Tense::plain;
    const ImU32 color = tint(model, own, tense, event.at_us);
    const float r = px(message ? 3.6f : 2.8f);
    list_->AddCircleFilled(at, r + px(1.2f), mix(p.ground, p.panel, 0.5f));
    if (tense == Tense::future) {
      list_->AddCircle(at, r, color, 0, px(1.6f));
    } else if (tense == Tense::concurrent) {
      list_->AddCircleFilled(at, r * 0.65f, color);
    } else if (event.kind == EventKind::timer) {
      list_->AddNgonFilled(at, r * 1.2f, color, 4);
    } else {
      list_->AddCircleFilled(at, r, color);
    }
    if (special)
      list_->AddCircle(at, px(8), index == model.selected_event ? p.orange : p.text, 0, px(1.5f));
  }
}

// Violations: a mark on the line where it happened, that one can jump to.
void SpaceTime::draw_marks(Model& model) {
  const Palette& p = palette();
  const Trace& trace = model.timeline->trace();
  for (const PropertyState& state : model.timeline->head().properties()) {
    if (state.standing != Standing::violated || state.kind != PropertyKind::always) continue;
    const auto at_us = static_cast<double>(state.first_us);
    if (at_us < from_us_ || at_us > to_us_) continue;
    const float x = x_of(at_us);
    NodeId node = nobody;
    if (state.first_event >= trace.first() && state.first_event < trace.size())
      node = trace[state.first_event].node;
    if (node == nobody && !state.witness.nodes.empty()) node = state.witness.nodes.front();
    draw::dashed(list_, {x, plot_.y}, {x, plot_.bottom()}, with_alpha(p.vermilion, 0.6f), px(1),
                 px(3), px(3));
    if (node != nobody) list_->AddCircle({x, y_of(node)}, px(9), p.vermilion, 0, px(1.8f));
    const ImVec2 flag{x, plot_.y - px(5)};
    const Touch touch =
        touch_area(model.controls, std::string("violation.") + std::string(state.name),
                   {flag.x - px(10), flag.y - px(10), px(20), px(20)});
    list_->AddCircleFilled(flag, px(touch.hovered ? 9 : 8), p.vermilion);
    draw_icon(list_, Icon::cross, flag, px(10), theme() == Theme::dark ? p.on_fill : p.panel);
    if (touch.hovered) tip(state.sentence);
    if (touch.pressed) model.seek_event(state.first_event);
  }
}

void SpaceTime::draw_track(Model& model) {
  const Palette& p = palette();
  const float r = track_.h / 2;
  draw::fill(list_, track_, theme() == Theme::dark ? p.raised : p.line, r);
  const auto now = static_cast<double>(model.timeline->cursor_us());
  const auto known = static_cast<double>(model.timeline->head().now_us());
  const auto part = [&](double time_us) {
    return std::clamp(x_of(time_us), track_.x, track_.right()) - track_.x;
  };
  draw::fill(list_, {track_.x, track_.y, part(std::max(known, now)), track_.h},
             with_alpha(p.sky, 0.22f), r);
  draw::fill(list_, {track_.x, track_.y, part(now), track_.h}, with_alpha(p.sky, 0.7f), r);
  // Pushes from outside: a person's are full, the scenario's hollow.
  float last_mark = -1e9f;
  for (const Input& input : model.session().setup().script) {
    const auto at = static_cast<double>(input.at_us);
    if (at < from_us_ || at > to_us_) continue;
    const ImVec2 c{x_of(at), track_.y + r};
    if (c.x - last_mark < px(2)) continue;
    last_mark = c.x;
    list_->AddCircleFilled(c, px(4), input.by_hand ? p.orange : p.panel);
    list_->AddCircle(c, px(4), p.orange, 0, px(1.4f));
  }
}

void SpaceTime::draw_branches(Model& model) {
  const auto& infos = model.timeline->branches();
  if (infos.size() < 2) return;
  const Palette& p = palette();
  const auto lineage = [&](BranchId id) {
    std::vector<BranchId> path;
    for (; id >= 0; id = model.timeline->find_branch(id)->parent) path.insert(path.begin(), id);
    return path;
  };
  const std::vector<BranchId> here = lineage(model.timeline->branch());
  // At most the four youngest others; each leaves the line where it and this one part.
  std::vector<BranchId> others;
  for (const BranchInfo& info : infos) {
    if (info.id != model.timeline->branch()) others.push_back(info.id);
  }
  const std::size_t shown_max = 4;
  if (others.size() > shown_max)
    others.erase(others.begin(), others.end() - static_cast<std::ptrdiff_t>(shown_max));
  float last_right[2] = {-1e9f, -1e9f};
  for (const BranchId id : others) {
    const std::vector<BranchId> there = lineage(id);
    std::size_t common = 0;
    while (common < here.size() && common < there.size() && here[common] == there[common]) ++common;
    Time parted_us = never_us;
    if (common < here.size() && common > 0)
      parted_us = model.timeline->find_branch(here[common])->fork_us;
    if (common < there.size() && common > 0) {
      parted_us = std::min(parted_us, model.timeline->find_branch(there[common])->fork_us);
    }
    if (parted_us == never_us) parted_us = 0;
    const BranchInfo& info = *model.timeline->find_branch(id);
    const std::string name = info.name;
    const float x =
        std::clamp(x_of(static_cast<double>(parted_us)), track_.x, track_.right() - px(30));
    const float end =
        std::clamp(x_of(static_cast<double>(info.end_us)), x + px(44), track_.right());
    const float w = draw::text_width(Type::small, name);
    const int lane = x > last_right[0] + px(10) ? 0 : 1;
    const float y = track_.y + px(20) + px(16) * static_cast<float>(lane);
    const float label_x = std::clamp(x + px(40), track_.x, track_.right() - w);
    const Rect area{label_x - px(6), y - px(9), w + px(12), px(18)};
    const Touch touch = touch_area(model.controls, "branch." + std::to_string(id), area);
    const ImU32 color = touch.hovered ? p.text : p.pink;
    list_->AddBezierCubic({x, track_.y + px(3)}, {x + px(14), track_.y + px(3)}, {x + px(8), y},
                          {x + px(28), y}, color, px(1.8f), 16);
    draw::line(list_, {x + px(28), y}, {area.x, y}, color, px(1.8f));
    if (end > area.right())
      draw::line(list_, {area.right(), y}, {end, y}, with_alpha(color, 0.7f), px(1.8f));
    draw::text_in(list_, {label_x, area.y, w + 1, area.h}, Type::small, color, name);
    last_right[lane] = std::max(end, area.right());
    if (touch.hovered) tip(say(t().branch_tip, {clock_text(parted_us)}));
    if (touch.pressed) {
      model.switch_branch(id);
      return;
    }
  }
}

void SpaceTime::draw_scrubber(const Model& model) const {
  const Palette& p = palette();
  if (model.heading) {
    const float goal = x_of(static_cast<double>(model.heading->to_us));
    draw::dashed(list_, {goal, plot_.y}, {goal, plot_.bottom()}, with_alpha(p.text, 0.6f), px(1),
                 px(3), px(3));
    list_->AddCircle({goal, track_.y + track_.h / 2}, px(6), p.text, 0, px(1.4f));
  }
  const float x = std::round(x_of(static_cast<double>(model.timeline->cursor_us())));
  if (x < plot_.x - px(2) || x > plot_.right() + px(2)) return;
  // Above the marks of violations.
  const float top = plot_.y - px(20);
  // The line leaves out the strip where the axis is labelled.
  const ImU32 ink = with_alpha(p.text, 0.85f);
  draw::line(list_, {x, top + px(6)}, {x, plot_.bottom() + px(2)}, ink, px(1.2f));
  draw::line(list_, {x, track_.y - px(7)}, {x, track_.y}, ink, px(1.2f));
  list_->AddTriangleFilled({x - px(7), top - px(3)}, {x + px(7), top - px(3)}, {x, top + px(7)},
                           p.text);
  list_->AddCircleFilled({x, track_.y + track_.h / 2}, px(7), p.text);
  list_->AddCircleFilled({x, track_.y + track_.h / 2}, px(3), p.panel);
  const std::string text = clock_text(model.timeline->cursor_us());
  const float w = draw::text_width(Type::mono_small, text);
  const bool left = x + px(14) + w > whole_.right() - px(6);
  // At the right edge it moves up beside the heading: on its left a violation's mark may stand.
  const float at = left ? whole_.right() - px(14) - w : x + px(13);
  const Rect plate{at - px(4), left ? whole_.y + px(5) : top - px(7), w + px(8), px(16)};
  draw::fill(list_, plate, mix(p.ground, p.panel, 0.5f), px(4));
  draw::text_in(list_, {at, plate.y, w + 1, plate.h}, Type::mono_small, p.text, text);
}

}  // namespace netsplit::ui
