// The network at one moment: roles by shape, links, cuts, parts that cannot reach each other,
// messages where they are.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/base/names.h"
#include "core/scenario/node_index.h"
#include "picture/diagram.h"
#include "picture/spoken_links.h"

namespace netsplit::picture {
namespace {

constexpr std::int32_t ring_nodes_max = 16;
constexpr std::int32_t linked_nodes_max = 200;
constexpr std::size_t labelled_messages_max = 40;

Point place(std::int32_t index, std::int32_t count) {
  if (count == 1) return {0.5f, 0.5f};
  if (count <= ring_nodes_max) {
    const float turn = count == 2 ? pi : -pi / 2;
    const float angle = turn + 2 * pi * static_cast<float>(index) / static_cast<float>(count);
    return {0.5f + 0.46f * std::cos(angle), 0.5f + 0.5f * std::sin(angle)};
  }
  // Vogel (1979): a sunflower's head is evenly filled and has no rows.
  const float radius =
      0.5f * std::sqrt((static_cast<float>(index) + 0.5f) / static_cast<float>(count));
  const float angle = pi * (3 - std::sqrt(5.f)) * static_cast<float>(index);
  return {0.5f + radius * std::cos(angle), 0.5f + radius * std::sin(angle)};
}

class Network {
 public:
  Network(const Timeline& timeline, const Scenario& scenario, const Look& look)
      : timeline_(timeline),
        session_(timeline.session()),
        scenario_(scenario),
        look_(look),
        colors_(colors(look.light)),
        count_(session_.node_count()) {}

  Picture draw() {
    out_.width = look_.width;
    out_.height = look_.height;
    out_.ground = colors_.ground;
    settle();
    title();
    parts();
    links();
    for (std::int32_t i = 0; i < count_; ++i) node({i});
    words();
    messages();
    return std::move(out_);
  }

 private:
  void settle() {
    const float margin_x = std::max(90.f, look_.width * 0.12f);
    const float top = 84;
    const float bottom = 84;
    Box area{margin_x, top, look_.width - 2 * margin_x, look_.height - top - bottom};
    if (area.w > area.h * 2.1f) {
      area.x += (area.w - area.h * 2.1f) / 2;
      area.w = area.h * 2.1f;
    }
    std::vector<Point> places;
    for (std::int32_t i = 0; i < count_; ++i) places.push_back(place(i, count_));
    for (const Position& position : scenario_.positions) {
      const NodeId id = session_.find_node(position.node);
      if (id == nobody) continue;
      places[static_cast<std::size_t>(id.value)] = {static_cast<float>(position.x) / 1000,
                                                    static_cast<float>(position.y) / 1000};
    }
    if (count_ > 1 && count_ <= ring_nodes_max) stretch(places);
    for (const Point p : places) at_.push_back({area.x + p.x * area.w, area.y + p.y * area.h});
    const float room = std::sqrt(area.w * area.h / static_cast<float>(std::max(count_, 1)));
    radius_ = std::clamp(std::min(room * 0.2f, std::min(area.w, area.h) * 0.16f), 3.f, 40.f);
  }

  // Over the whole area, whatever margins the positions were given.
  static void stretch(std::vector<Point>& places) {
    Point low = places[0];
    Point high = places[0];
    for (const Point p : places) {
      low = {std::min(low.x, p.x), std::min(low.y, p.y)};
      high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    for (Point& p : places) {
      if (high.x - low.x > 0.2f) p.x = (p.x - low.x) / (high.x - low.x);
      if (high.y - low.y > 0.2f) p.y = (p.y - low.y) / (high.y - low.y);
    }
  }

  Point at(NodeId id) const { return at_[static_cast<std::size_t>(id.value)]; }
  bool detailed() const { return count_ <= named_nodes_max; }

  void title() {
    const std::string moment = "t = " + format_time_for_people(timeline_.cursor_us());
    const std::string about = moment + " \xC2\xB7 " + std::string(look_.words.seed) + " " +
                              std::to_string(session_.setup().seed);
    const std::string name =
        scenario_.title.empty() ? std::string(session_.protocol().title) : scenario_.title;
    out_.title = name;
    out_.description = std::string(look_.words.network) + ", " + moment + ".";
    out_.text({20, 32}, fitted(name, Font::strong, 15, look_.width * 0.6f), Font::strong, 15,
              colors_.text);
    out_.text({look_.width - 20, 32}, about, Font::mono, 12, colors_.muted, Anchor::end);
  }

  bool cut(NodeId a, NodeId b) const { return session_.link(a, b) == LinkState::cut; }

  template <class Visit>
  void each_link(Visit visit) const {
    for (std::int32_t a = 0; a < count_; ++a) {
      for (std::int32_t b = a + 1; b < count_; ++b) {
        if (session_.linked({a}, {b})) visit(NodeId{a}, NodeId{b});
      }
    }
  }

  // Nodes that still reach each other share a soft region, when something is cut off at all.
  void parts() {
    if (!detailed()) return;
    std::vector<std::int32_t> root(static_cast<std::size_t>(count_));
    std::iota(root.begin(), root.end(), 0);
    const auto find = [&](std::int32_t i) {
      while (root[static_cast<std::size_t>(i)] != i) i = root[static_cast<std::size_t>(i)];
      return i;
    };
    each_link([&](NodeId a, NodeId b) {
      if (!cut(a, b) || !cut(b, a)) root[static_cast<std::size_t>(find(a.value))] = find(b.value);
    });
    std::map<std::int32_t, std::vector<NodeId>> groups;
    for (std::int32_t i = 0; i < count_; ++i) groups[find(i)].push_back({i});
    if (groups.size() < 2) return;
    std::size_t largest = 0;
    for (const auto& [_, nodes] : groups) largest = std::max(largest, nodes.size());
    bool spared = false;
    for (const auto& [_, nodes] : groups) {
      // The largest side stands for the rest of the network.
      if (nodes.size() == largest && !spared) {
        spared = true;
        continue;
      }
      region(nodes);
    }
  }

  void region(const std::vector<NodeId>& nodes) {
    std::vector<Point> cloud;
    for (const NodeId id : nodes) {
      for (int i = 0; i < 24; ++i) {
        const float angle = 2 * pi * static_cast<float>(i) / 24;
        cloud.push_back(at(id) + Point{std::cos(angle), std::sin(angle)} * (radius_ * 1.75f));
      }
    }
    out_.path(hull(std::move(cloud)),
              {.fill = colors_.vermilion.faded(0.08f),
               .stroke = colors_.vermilion.faded(0.7f),
               .width = 1.4f,
               .dash = 5,
               .gap = 5},
              true);
  }

  // Andrew (1979): the convex hull by monotone chains.
  static std::vector<Point> hull(std::vector<Point> points) {
    std::sort(points.begin(), points.end(),
              [](Point a, Point b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
    const auto turn = [](Point o, Point a, Point b) {
      return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
    };
    std::vector<Point> chain;
    for (int pass = 0; pass < 2; ++pass) {
      const std::size_t base = chain.size();
      for (const Point p : points) {
        while (chain.size() >= base + 2 && turn(chain[chain.size() - 2], chain.back(), p) <= 0)
          chain.pop_back();
        chain.push_back(p);
      }
      chain.pop_back();
      std::reverse(points.begin(), points.end());
    }
    return chain;
  }

  void links() {
    if (count_ > linked_nodes_max) return;
    std::size_t link_count = 0;
    each_link([&](NodeId, NodeId) { ++link_count; });
    SpokenLinks spoken;
    spoken.follow(timeline_, 0);
    const float crowd = std::min(1.f, 100.f / static_cast<float>(link_count + 1));
    each_link([&](NodeId a, NodeId b) {
      const bool there = cut(a, b);
      const bool back = cut(b, a);
      const float strength = crowd * spoken.strength(a, b, link_count);
      const Style quiet{.stroke = colors_.link.faded(strength), .width = 1.6f};
      if (!there && !back) return out_.line(at(a), at(b), quiet);
      const Point d = unit(at(b) - at(a));
      const Point middle = (at(a) + at(b)) * 0.5f;
      const Style torn{.stroke = colors_.vermilion, .width = 1.6f, .dash = 6, .gap = 5};
      // Both loose ends; one way only, the end that nothing leaves any more.
      if (there || !back) out_.line(at(a), middle - d * 9, torn);
      if (back || !there) out_.line(at(b), middle + d * 9, torn);
      if (there != back) {
        out_.line(there ? middle + d * 9 : at(a), there ? at(b) : middle - d * 9, quiet);
      }
      cross(middle, 5, {.stroke = colors_.vermilion, .width = 2});
    });
  }

  void cross(Point p, float r, Style style) {
    out_.line(p + Point{-r, -r}, p + Point{r, r}, style);
    out_.line(p + Point{-r, r}, p + Point{r, -r}, style);
  }

  void shape(Shape kind, Point p, Style style) {
    const float r = radius_;
    if (kind == Shape::client || !detailed()) return out_.circle(p, r, style);
    if (kind == Shape::server)
      return out_.box({p.x - r * 0.9f, p.y - r * 0.9f, r * 1.8f, r * 1.8f}, r * 0.26f, style);
    if (kind == Shape::storage) {
      // A cylinder: its body, and the lid as an ellipse.
      std::vector<Point> body;
      const float lid = r * 0.26f;
      for (int i = 0; i <= 16; ++i) {
        const float a = pi * static_cast<float>(i) / 16;
        body.push_back({p.x + r * 0.86f * std::cos(a), p.y + r * 0.72f + lid * std::sin(a)});
      }
      for (int i = 0; i <= 16; ++i) {
        const float a = pi + pi * static_cast<float>(i) / 16;
        body.push_back({p.x + r * 0.86f * std::cos(a), p.y - r * 0.72f + lid * std::sin(a)});
      }
      out_.path(std::move(body), style, true);
      std::vector<Point> rim;
      for (int i = 0; i <= 16; ++i) {
        const float a = pi * static_cast<float>(i) / 16;
        rim.push_back({p.x + r * 0.86f * std::cos(a), p.y - r * 0.72f + lid * std::sin(a)});
      }
      style.fill = {};
      style.fill.alpha = 0;
      return out_.path(std::move(rim), style, false);
    }
    const int corners = kind == Shape::coordinator ? 8 : 4;
    const float turn = kind == Shape::coordinator ? pi / 8 : 0;
    std::vector<Point> points;
    for (int i = 0; i < corners; ++i) {
      const float a = turn + 2 * pi * static_cast<float>(i) / static_cast<float>(corners);
      points.push_back(p + Point{std::cos(a), std::sin(a)} * (r * 1.04f));
    }
    out_.path(std::move(points), style, true);
  }

  void node(NodeId id) {
    const Shape kind =
        session_.protocol().roles[static_cast<std::size_t>(session_.node_role(id))].shape;
    const Condition condition = session_.node_condition(id);
    const Color edge = condition != Condition::up ? colors_.muted
                       : kind == Shape::storage   ? colors_.pink
                       : kind == Shape::attacker  ? colors_.vermilion
                                                  : colors_.sky;
    Style style{.fill = colors_.node, .stroke = edge, .width = detailed() ? 2.f : 1.f};
    if (condition != Condition::up) style.dash = 4, style.gap = 4;
    shape(kind, at(id), style);
    if (!detailed()) return;
    const std::string name = fitted(session_.node_name(id), Font::strong, 13, radius_ * 1.75f);
    const bool up = condition == Condition::up;
    out_.text(at(id) + Point{0, up ? 5.f : -2.f}, name, Font::strong, 13, colors_.text,
              Anchor::middle);
    const Point sign = at(id) + Point{0, radius_ * 0.36f};
    if (condition == Condition::paused) {
      out_.box({sign.x - 5, sign.y - 5, 3.5f, 11}, 1, {.fill = colors_.text});
      out_.box({sign.x + 1.5f, sign.y - 5, 3.5f, 11}, 1, {.fill = colors_.text});
    }
    if (condition == Condition::down) cross(sign, 5, {.stroke = colors_.vermilion, .width = 2});
    leases(id);
    badge(session_.node(id).state, at(id) + Point{radius_ * 0.86f, -radius_ * 0.78f});
  }

  // The first token or epoch a node keeps, as a hexagon with its number.
  bool badge(const Row& state, Point p) {
    for (const Row& row : state.children) {
      if (!row.children.empty()) {
        if (badge(row, p)) return true;
        continue;
      }
      if (row.hint != Hint::token && row.hint != Hint::epoch) continue;
      if (row.number <= 0) return true;
      std::vector<Point> corners;
      for (int i = 0; i < 6; ++i) {
        const float a = -pi / 2 + pi / 3 * static_cast<float>(i);
        corners.push_back(p + Point{std::cos(a), std::sin(a)} * 14);
      }
      out_.path(std::move(corners),
                {.fill = colors_.ground, .stroke = colors_.yellow, .width = 1.6f}, true);
      out_.text(p + Point{0, 4}, std::to_string(row.number), Font::mono, 11, colors_.yellow,
                Anchor::middle);
      return true;
    }
    return false;
  }

  // What is held runs out clockwise.
  void leases(NodeId id) {
    if (timers_.empty()) timers_ = session_.timers();
    for (const TimerView& timer : timers_) {
      if (timer.node != id || timer.due_us == never_us || timer.due_us <= timer.set_us) continue;
      if (!session_.protocol().timers[timer.kind].lease) continue;
      const auto left = static_cast<float>(timer.due_us - timeline_.cursor_us());
      const float part =
          std::clamp(left / static_cast<float>(timer.due_us - timer.set_us), 0.f, 1.f);
      std::vector<Point> arc;
      const int steps = std::max(2, static_cast<int>(64 * part));
      for (int i = 0; i <= steps; ++i) {
        const float a = -pi / 2 - 2 * pi * part * static_cast<float>(i) / static_cast<float>(steps);
        arc.push_back(at(id) + Point{std::cos(a), std::sin(a)} * (radius_ * 1.3f + 2));
      }
      out_.path(std::move(arc), {.stroke = colors_.green, .width = 3}, false);
      return;
    }
  }

  void words() {
    if (!detailed()) return;
    for (std::int32_t i = 0; i < count_; ++i) {
      const NodeId id{i};
      const Condition condition = session_.node_condition(id);
      float y = at(id).y + radius_ * 1.3f + 18;
      const auto line = [&](std::string_view text, Color color) {
        const std::string shown = fitted(text, Font::regular, 12, 220);
        const float w = text_width(shown, Font::regular, 12);
        taken_.push_back({at(id).x - w / 2, y - 12, w, 16});
        out_.text({at(id).x, y}, shown, Font::regular, 12, color, Anchor::middle);
        y += 16;
      };
      if (condition == Condition::paused) line(look_.words.paused, colors_.orange);
      if (condition == Condition::down) line(look_.words.down, colors_.vermilion);
      if (condition == Condition::absent) line(look_.words.absent, colors_.muted);
      const NodeView view = session_.node(id);
      if (!view.caption.empty()) line(view.caption, colors_.muted);
    }
    for (const Point p : at_)
      taken_.push_back(Box{p.x - radius_, p.y - radius_, 2 * radius_, 2 * radius_});
  }

  Point place_of(const MessageView& message) const {
    const Point d = unit(at(message.to) - at(message.from));
    const Point from = at(message.from) + d * radius_;
    const Point to = at(message.to) - d * radius_;
    if (message.from == message.to) return at(message.to) + Point{radius_ + 10, 0};
    float part = 0.5f;
    if (message.status == MessageStatus::waiting) part = 1;
    if (message.status == MessageStatus::held) part = 0.42f;
    if (message.status == MessageStatus::in_flight && message.due_us != never_us &&
        message.due_us > message.sent_us) {
      part = static_cast<float>(timeline_.cursor_us() - message.sent_us) /
             static_cast<float>(message.due_us - message.sent_us);
      if (message.doomed) part *= 0.5f;
    }
    return from + (to - from) * std::clamp(part, 0.f, 1.f);
  }

  void messages() {
    const std::vector<MessageView> all = session_.messages();
    const bool labelled = all.size() <= labelled_messages_max;
    for (const MessageView& message : all) {
      const Point p = place_of(message);
      const Color color = colors_.kinds[message.kind % 8];
      out_.circle(p, labelled ? 6.f : 2.f,
                  {.fill = color, .stroke = colors_.ground, .width = 1.5f});
      if (!labelled) continue;
      label(p, label_of(session_, message), color);
    }
  }

  // Beside the message, where nothing else stands.
  void label(Point p, const std::string& text, Color color) {
    const std::string shown = fitted(text, Font::regular, 12, 260);
    const float w = text_width(shown, Font::regular, 12) + 18;
    Box best{p.x - w / 2, p.y - 34, w, 22};
    for (const Point offset : {Point{0, -24}, Point{0, 24}, Point{w / 2 + 16, 0},
                               Point{-w / 2 - 16, 0}, Point{0, -48}, Point{0, 48}}) {
      const Box box{p.x + offset.x - w / 2, p.y + offset.y - 11, w, 22};
      const bool inside = box.x > 4 && box.right() < look_.width - 4 && box.y > 44 &&
                          box.bottom() < look_.height - 4;
      const bool free = std::none_of(taken_.begin(), taken_.end(),
                                     [&](const Box& other) { return box.overlaps(other); });
      if (!inside || !free) continue;
      best = box;
      break;
    }
    taken_.push_back(best);
    out_.box(best, 11,
             {.fill = mixed(colors_.panel, color, 0.12f), .stroke = color, .width = 1.2f});
    out_.text({best.x + 9, best.y + 15}, shown, Font::regular, 12, colors_.text);
  }

  const Timeline& timeline_;
  const Session& session_;
  const Scenario& scenario_;
  const Look& look_;
  const Colors& colors_;
  std::int32_t count_;
  Picture out_;
  std::vector<Point> at_;
  float radius_ = 0;
  std::vector<Box> taken_;
  std::vector<TimerView> timers_;
};

}  // namespace

Picture network_diagram(const Timeline& timeline, const Scenario& scenario, const Look& look) {
  return Network(timeline, scenario, look).draw();
}

}  // namespace netsplit::picture
