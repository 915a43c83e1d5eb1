// The space-time diagram (Lamport 1978): a line for each node, time to the right, messages slanted.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "picture/diagram.h"

namespace netsplit::picture {
namespace {

constexpr std::int64_t drawn_events_max = 20'000;

struct Stretch {
  EventKind kind{};  // pause, crash or lease_begin
  NodeId node;
  Time from_us = 0;
  Time to_us = never_us;
};

// "2 s", "2.5 s", "40 ms": whole and short, unlike a moment.
std::string tick_text(Time at_us) {
  std::string text = format_duration(at_us);
  const std::size_t unit = text.find_first_not_of("0123456789.");
  return unit == std::string::npos ? text : text.substr(0, unit) + " " + text.substr(unit);
}

class SpaceTime {
 public:
  SpaceTime(const Timeline& timeline, const Scenario& scenario, const Look& look)
      : timeline_(timeline),
        head_(timeline.head()),
        trace_(timeline.trace()),
        scenario_(scenario),
        look_(look),
        colors_(colors(look.light)) {}

  Picture draw() {
    out_.width = look_.width;
    out_.height = look_.height;
    out_.ground = colors_.ground;
    out_.title = scenario_.title;
    settle();
    axis();
    rows();
    stretches();
    flights();
    dots();
    kinds();
    violations();
    lease_names();
    cursor();
    return std::move(out_);
  }

 private:
  void settle() {
    const std::int32_t count = head_.node_count();
    float names = 0;
    if (count <= named_nodes_max) {
      for (std::int32_t i = 0; i < count; ++i)
        names = std::max(names, text_width(head_.node_name({i}), Font::regular, 12));
    }
    names = std::min(names, look_.width * 0.25f);
    plot_ = {names + 40, 66, look_.width - names - 64, look_.height - 66 - 44};
    // What happened, not the quiet after it.
    end_us_ = std::max({head_.now_us(), timeline_.cursor_us(), Time{1}});
    end_us_ += end_us_ / 50;
    pitch_ = plot_.h / static_cast<float>(std::max(count, 1));
    out_.text({20, 32}, look_.words.space_time, Font::strong, 13, colors_.muted);
    out_.description = std::string(look_.words.space_time) + ", " + std::to_string(trace_.size()) +
                       " events up to " + format_time_for_people(head_.now_us()) + ".";
  }

  float x_of(Time us) const {
    const double part = static_cast<double>(us) / static_cast<double>(end_us_);
    return plot_.x + plot_.w * static_cast<float>(std::clamp(part, 0.0, 1.0));
  }
  float y_of(NodeId id) const { return plot_.y + pitch_ * (static_cast<float>(id.value) + 0.5f); }

  // Ticks at 1, 2 or 5 of a power of ten, about a hundred pixels apart.
  void axis() {
    Time step = 1;
    constexpr std::array<Time, 3> factors{2, 5, 10};
    for (std::size_t i = 0;; ++i) {
      const double apart =
          static_cast<double>(plot_.w) * static_cast<double>(step) / static_cast<double>(end_us_);
      if (apart >= 90) break;
      step = step / (i % 3 == 0 ? 1 : factors[i % 3 - 1]) * factors[i % 3];
    }
    for (Time at = 0; at <= end_us_; at += step) {
      out_.line({x_of(at), plot_.y}, {x_of(at), plot_.bottom()}, {.stroke = colors_.line});
      out_.text({x_of(at), plot_.bottom() + 20}, tick_text(at), Font::mono, 11, colors_.muted,
                Anchor::middle);
    }
  }

  void rows() {
    const std::int32_t count = head_.node_count();
    const bool named = count <= named_nodes_max && pitch_ >= 12;
    for (std::int32_t i = 0; i < count; ++i) {
      const float y = y_of({i});
      out_.line({plot_.x, y}, {plot_.right(), y},
                {.stroke = colors_.link, .width = pitch_ > 8 ? 1.6f : 0.6f});
      if (named) {
        out_.text({plot_.x - 14, y + 4},
                  fitted(head_.node_name({i}), Font::regular, 12, plot_.x - 34), Font::regular, 12,
                  colors_.text, Anchor::end);
      }
    }
  }

  void stretches() {
    std::map<std::pair<int, std::int32_t>, Stretch> open;
    std::vector<Stretch> all;
    const auto begin = [&](EventKind kind, const Event& event) {
      open.try_emplace({static_cast<int>(kind), event.node.value},
                       Stretch{kind, event.node, event.at_us, never_us});
    };
    const auto end = [&](EventKind kind, const Event& event) {
      const auto at = open.find({static_cast<int>(kind), event.node.value});
      if (at == open.end()) return;
      at->second.to_us = event.at_us;
      all.push_back(at->second);
      open.erase(at);
    };
    for (EventIndex i = trace_.first(); i < trace_.size(); ++i) {
      const Event& event = trace_[i];
      if (event.kind == EventKind::pause || event.kind == EventKind::crash ||
          event.kind == EventKind::lease_begin)
        begin(event.kind, event);
      if (event.kind == EventKind::resume || event.kind == EventKind::crash)
        end(EventKind::pause, event);
      if (event.kind == EventKind::restart) end(EventKind::crash, event);
      if (event.kind == EventKind::lease_end) end(EventKind::lease_begin, event);
    }
    for (const auto& [_, stretch] : open) all.push_back(stretch);
    for (const Stretch& stretch : all) bar(stretch);
  }

  void bar(const Stretch& stretch) {
    const float x0 = x_of(stretch.from_us);
    const float x1 = stretch.to_us == never_us ? plot_.right() : x_of(stretch.to_us);
    const float y = y_of(stretch.node);
    if (stretch.kind == EventKind::lease_begin) {
      const float above = std::min(10.f, pitch_ * 0.22f);
      out_.box({x0, y - above - 1.5f, std::max(1.f, x1 - x0 - 2), 3}, 1.5f,
               {.fill = colors_.green});
      if (pitch_ > 34 && x1 - x0 > text_width(look_.words.lease, Font::regular, 11) + 30)
        names_.push_back({x0 + 14, y - above - 6});
      return;
    }
    const bool down = stretch.kind == EventKind::crash;
    const float h = std::clamp(pitch_ * 0.42f, 3.f, 20.f);
    const Box box{x0, y - h / 2, std::max(2.f, x1 - x0), h};
    const Color color = down ? colors_.vermilion : colors_.muted;
    out_.box(box, 4,
             {.fill = mixed(colors_.ground, color, 0.22f),
              .stroke = color,
              .width = 1,
              .dash = down ? 4.f : 0.f,
              .gap = 3});
    const std::string_view word = down ? look_.words.down : look_.words.paused;
    if (h > 13 && box.w > text_width(word, Font::regular, 11) + 10)
      out_.text({box.center().x, y + 4}, word, Font::regular, 11, colors_.text, Anchor::middle);
  }

  // On a plate of their own, above the messages' lines.
  void lease_names() {
    const float w = text_width(look_.words.lease, Font::regular, 11);
    for (const Point p : names_) {
      out_.box({p.x - 3, p.y - 11, w + 6, 14}, 3, {.fill = colors_.ground});
      out_.text(p, look_.words.lease, Font::regular, 11, colors_.green);
    }
  }

  // Which colour is which message.
  void kinds() {
    std::set<std::uint16_t> seen;
    for (const auto& [_, send] : sent_) seen.insert(trace_[send].label);
    float x = 20 + text_width(look_.words.space_time, Font::strong, 13) + 28;
    for (const std::uint16_t kind : seen) {
      const std::string& name = head_.protocol().messages[kind].name;
      const float w = text_width(name, Font::regular, 12);
      if (x + w + 24 > look_.width - 20) break;
      out_.line({x, 28}, {x + 14, 28}, {.stroke = colors_.kinds[kind % 8], .width = 2.5f});
      out_.text({x + 20, 32}, name, Font::regular, 12, colors_.muted);
      x += w + 42;
    }
  }

  void flights() {
    const EventIndex last = std::min<EventIndex>(trace_.size(), trace_.first() + drawn_events_max);
    for (EventIndex i = trace_.first(); i < last; ++i) {
      const Event& event = trace_[i];
      if (event.kind == EventKind::send) sent_[event.message] = i;
      if (event.kind != EventKind::deliver && event.kind != EventKind::lost) continue;
      const auto send = sent_.find(event.message);
      if (send == sent_.end()) continue;
      const Event& from = trace_[send->second];
      const bool lost = event.kind == EventKind::lost;
      const Point a{x_of(from.at_us), y_of(from.node)};
      Point b{x_of(event.at_us), y_of(lost ? event.peer : event.node)};
      const bool half = lost && event.loss != LossReason::receiver_down &&
                        event.loss != LossReason::receiver_absent;
      if (half) b.y = (a.y + b.y) / 2;
      const Color color = colors_.kinds[from.label % 8];
      Style style{.stroke = lost ? colors_.vermilion : color, .width = 1.5f};
      if (lost) style.dash = 5, style.gap = 4;
      out_.line(a, b, style);
      if (!lost) continue;
      const Style mark{.stroke = colors_.vermilion, .width = 1.8f};
      out_.line(b + Point{-4, -4}, b + Point{4, 4}, mark);
      out_.line(b + Point{-4, 4}, b + Point{4, -4}, mark);
    }
  }

  void dots() {
    const float r = std::clamp(pitch_ * 0.09f, 1.f, 4.f);
    const EventIndex last = std::min<EventIndex>(trace_.size(), trace_.first() + drawn_events_max);
    for (EventIndex i = trace_.first(); i < last; ++i) {
      const Event& event = trace_[i];
      if (!is_local(event.kind) || event.kind == EventKind::start) continue;
      const bool message = event.kind == EventKind::send || event.kind == EventKind::deliver;
      out_.circle({x_of(event.at_us), y_of(event.node)}, message ? r : r * 0.8f,
                  {.fill = message ? colors_.kinds[event.label % 8] : colors_.muted});
    }
  }

  void violations() {
    for (const PropertyState& state : head_.properties()) {
      if (state.standing != Standing::violated || state.first_event == no_event) continue;
      const float x = x_of(state.first_us);
      out_.line({x, plot_.y - 8}, {x, plot_.bottom()},
                {.stroke = colors_.vermilion, .width = 1.2f, .dash = 4, .gap = 4});
      out_.circle({x, plot_.y - 14}, 7, {.fill = colors_.vermilion});
      const Style mark{.stroke = colors_.ground, .width = 1.8f};
      out_.line({x - 3, plot_.y - 17}, {x + 3, plot_.y - 11}, mark);
      out_.line({x - 3, plot_.y - 11}, {x + 3, plot_.y - 17}, mark);
    }
  }

  void cursor() {
    const float x = x_of(timeline_.cursor_us());
    out_.line({x, plot_.y - 16}, {x, plot_.bottom()}, {.stroke = colors_.text, .width = 1.4f});
    out_.path({{x - 6, plot_.y - 24}, {x + 6, plot_.y - 24}, {x, plot_.y - 15}},
              {.fill = colors_.text}, true);
    const bool left = x > look_.width * 0.8f;
    out_.text({x + (left ? -11.f : 11.f), plot_.y - 16},
              format_time_for_people(timeline_.cursor_us()), Font::mono, 12, colors_.text,
              left ? Anchor::end : Anchor::start);
  }

  const Timeline& timeline_;
  const Session& head_;
  const Trace& trace_;
  const Scenario& scenario_;
  const Look& look_;
  const Colors& colors_;
  Picture out_;
  Box plot_;
  Time end_us_ = 1;
  float pitch_ = 1;
  std::map<MessageId, EventIndex> sent_;
  std::vector<Point> names_;  // of leases
};

}  // namespace

Picture space_time_diagram(const Timeline& timeline, const Scenario& scenario, const Look& look) {
  return SpaceTime(timeline, scenario, look).draw();
}

}  // namespace netsplit::picture
