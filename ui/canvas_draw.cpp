// The network's drawing: ground, islands, links, nodes.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "ui/canvas.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr float pi = std::numbers::pi_v<float>;

// Andrew's monotone chain (1979).
std::vector<ImVec2> convex_hull(std::vector<ImVec2> points) {
  std::sort(points.begin(), points.end(),
            [](ImVec2 a, ImVec2 b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
  const auto turn = [](ImVec2 o, ImVec2 a, ImVec2 b) {
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
  };
  std::vector<ImVec2> hull;
  for (int pass = 0; pass < 2; ++pass) {
    const std::size_t base = hull.size();
    for (const ImVec2 p : points) {
      while (hull.size() >= base + 2 && turn(hull[hull.size() - 2], hull.back(), p) <= 0)
        hull.pop_back();
      hull.push_back(p);
    }
    hull.pop_back();
    std::reverse(points.begin(), points.end());
  }
  return hull;
}

std::vector<ImVec2> outline_of(Shape shape, ImVec2 c, float r) {
  std::vector<ImVec2> points;
  const auto corner = [&](ImVec2 at, float round, float from) {
    for (int i = 0; i <= 4; ++i) {
      const float a = from + pi / 2 * static_cast<float>(i) / 4;
      points.push_back(at + ImVec2(std::cos(a), std::sin(a)) * round);
    }
  };
  switch (shape) {
    case Shape::client:
      for (int i = 0; i < 40; ++i) {
        const float a = -pi / 2 + 2 * pi * static_cast<float>(i) / 40;
        points.push_back(c + ImVec2(std::cos(a), std::sin(a)) * r);
      }
      break;
    case Shape::server: {
      const float half = r * 0.92f;
      const float round = r * 0.32f;
      const float in = half - round;
      corner(c + ImVec2(in, -in), round, -pi / 2);
      corner(c + ImVec2(in, in), round, 0);
      corner(c + ImVec2(-in, in), round, pi / 2);
      corner(c + ImVec2(-in, -in), round, pi);
      break;
    }
    case Shape::coordinator:
      for (int i = 0; i < 8; ++i) {
        const float a = pi / 8 + pi / 4 * static_cast<float>(i);
        points.push_back(c + ImVec2(std::cos(a), std::sin(a)) * (r * 1.04f));
      }
      break;
    case Shape::storage: {
      // A drum: straight sides, bowed top and bottom.
      const float w = r * 0.86f;
      const float h = r * 0.72f;
      const float bow = r * 0.26f;
      for (int i = 0; i <= 16; ++i) {
        const float a = pi + pi * static_cast<float>(i) / 16;
        points.push_back(c + ImVec2(std::cos(a) * w, -h + std::sin(a) * bow));
      }
      for (int i = 0; i <= 16; ++i) {
        const float a = pi * static_cast<float>(i) / 16;
        points.push_back(c + ImVec2(std::cos(a) * w, h + std::sin(a) * bow));
      }
      break;
    }
    case Shape::attacker:
      points = {c + ImVec2(0, -r * 1.12f), c + ImVec2(r * 1.12f, 0), c + ImVec2(0, r * 1.12f),
                c + ImVec2(-r * 1.12f, 0)};
      break;
  }
  return points;
}

ImU32 stroke_of(Shape shape) {
  const Palette& p = palette();
  switch (shape) {
    case Shape::storage:
      return p.pink;
    case Shape::attacker:
      return p.vermilion;
    case Shape::coordinator:
      return p.kinds[1];
    default:
      return p.sky;
  }
}

}  // namespace

void Canvas::draw_ground(const Rect& rect) const {
  const float gap = px(28);
  const float dot = px(1);
  for (float y = rect.y + gap / 2; y < rect.bottom(); y += gap) {
    for (float x = rect.x + gap / 2; x < rect.right(); x += gap) {
      list_->AddRectFilled({x - dot, y - dot}, {x + dot, y + dot}, palette().grid);
    }
  }
}

void Canvas::draw_islands(const Model& model) {
  const ImU32 color = palette().vermilion;
  for (const Island& island : model.moment.islands) {
    std::vector<ImVec2> points;
    const float reach = model.node_radius + px(34);
    for (const NodeId id : island.nodes) {
      const ImVec2 c = model.node_at[static_cast<std::size_t>(id.value)];
      for (int i = 0; i < 32; ++i) {
        const float a = 2 * pi * static_cast<float>(i) / 32;
        points.push_back(c + ImVec2(std::cos(a), std::sin(a)) * reach);
      }
    }
    const std::vector<ImVec2> hull = convex_hull(std::move(points));
    list_->AddConvexPolyFilled(hull.data(), static_cast<int>(hull.size()),
                               with_alpha(color, 0.075f));
    draw::dashed_loop(list_, hull, with_alpha(color, 0.55f), px(1.2f), px(4), px(5));
    ImVec2 top{hull[0]};
    ImVec2 bottom{hull[0]};
    float left = hull[0].x, right = hull[0].x;
    for (const ImVec2 p : hull) {
      if (p.y < top.y) top = p;
      if (p.y > bottom.y) bottom = p;
      left = std::min(left, p.x);
      right = std::max(right, p.x);
    }
    const float w = draw::text_width(Type::caption, island.caption);
    // Below the region unless that is outside the picture.
    const bool below = bottom.y + px(24) < whole_.bottom() - px(48);
    const float baseline = below ? bottom.y + px(18) : top.y - px(10);
    const float x =
        std::clamp((left + right - w) / 2, whole_.x + px(12), whole_.right() - w - px(12));
    draw::text(list_, x, baseline, Type::caption, color, island.caption);
    taken_.push_back({x, baseline - px(14), w, px(20)});
  }
}

void Canvas::draw_links(const Model& model) const {
  const Palette& p = palette();
  for (std::size_t i = 0; i < model.moment.links.size(); ++i) {
    const LinkShown& link = model.moment.links[i];
    const bool hot = hot_.link == static_cast<std::int64_t>(i);
    if (link.cut_ab || link.cut_ba) {
      draw_cut(model, link, hot);
      continue;
    }
    const Path path = path_between(model, link.a, link.b, false);
    bool crossed = false;
    if (dragging_ == Drag::knife && moved_) {
      crossed = segments_cross(pressed_at_, ImGui::GetIO().MousePos, path.from, path.to);
    }
    const bool threatened = crossed || (hot && model.tool == Tool::cut);
    draw::line(list_, path.from, path.to,
               threatened ? p.vermilion
               : hot      ? p.strong_line
                          : p.link,
               px(threatened || hot         ? 2.5f
                  : model.moment.detailed() ? 1.8f
                                            : 1.f));
  }
}

// Both loose ends, and scissors between them. Cut one way only, the open direction keeps its arrow.
void Canvas::draw_cut(const Model& model, const LinkShown& link, bool hot) const {
  const Palette& p = palette();
  const Path path = path_between(model, link.a, link.b, false);
  const ImVec2 middle = lerp(path.from, path.to, 0.5f);
  const float gap = px(17);
  const float width = px(hot ? 2.6f : 2);
  const ImU32 color = hot ? mix(p.vermilion, p.text, 0.25f) : p.vermilion;
  draw::dashed(list_, path.from, middle - path.direction * gap, color, width, px(6), px(6));
  draw::dashed(list_, path.to, middle + path.direction * gap, color, width, px(6), px(6));
  for (const float side : {-1.f, 1.f}) {
    list_->AddCircleFilled(middle + path.direction * (gap * side), px(2.6f), color);
  }
  draw_icon(list_, Icon::scissors, middle, px(18), color);
  if (link.cut_ab && link.cut_ba) return;
  const ImVec2 open = link.cut_ab ? path.direction * -1 : path.direction;
  const ImVec2 n{-open.y, open.x};
  const ImVec2 tip = middle + open * px(30) + n * px(8);
  draw::line(list_, tip - open * px(34), tip, p.green, px(2));
  list_->AddTriangleFilled(tip + open * px(6), tip + n * px(4), tip - n * px(4), p.green);
}

// Timers and leases: arcs that run out clockwise, the leases inside and thick.
void Canvas::draw_rings(const Model& model) {
  const Palette& p = palette();
  if (!model.moment.detailed()) return;
  std::vector<int> rings(model.node_at.size(), 0);
  const auto now_us = static_cast<double>(model.timeline->cursor_us());
  const auto& infos = model.session().protocol().timers;
  for (const bool lease : {true, false}) {
    for (const TimerView& timer : model.moment.timers) {
      if (infos[timer.kind].lease != lease || timer.due_us == never_us) continue;
      const auto at = static_cast<std::size_t>(timer.node.value);
      const auto whole = static_cast<double>(std::max<Time>(1, timer.due_us - timer.set_us));
      const auto left = static_cast<float>((static_cast<double>(timer.due_us) - now_us) / whole);
      if (left <= 0) continue;
      const float radius =
          model.node_radius * 1.06f + px(7) + px(6) * static_cast<float>(rings[at]++);
      list_->AddCircle(model.node_at[at], radius, with_alpha(lease ? p.green : p.muted, 0.16f), 0,
                       px(lease ? 3.5f : 2));
      draw::arc(list_, model.node_at[at], radius, left, lease ? p.green : with_alpha(p.muted, 0.8f),
                px(lease ? 3.5f : 2));
      if (!lease) continue;
      const Time left_us = timer.due_us - model.timeline->cursor_us();
      const std::string text = std::string(t().lease) + " \xC2\xB7 " + clock_text(left_us, 1);
      const float w = draw::text_width(Type::small, text);
      const ImVec2 c = model.node_at[at];
      // Beside the badge, which sits on the upper right corner.
      const float beside = model.node_radius * 0.82f + px(20);
      float x = c.x + beside;
      float baseline = c.y - model.node_radius * 0.82f - px(6);
      if (x + w > whole_.right() - px(8)) x = c.x - beside - w;
      baseline -= px(15) * static_cast<float>(rings[at] - 1);
      draw::text(list_, x, baseline, Type::small, p.green, text);
      taken_.push_back({x, baseline - px(12), w, px(16)});
    }
  }
  for (std::size_t i = 0; i < model.node_at.size(); ++i) {
    const float r = model.node_radius * 1.1f + px(4) + px(6) * static_cast<float>(rings[i]);
    taken_.push_back({model.node_at[i].x - r, model.node_at[i].y - r, 2 * r, 2 * r});
  }
}

void Canvas::draw_nodes(Model& model) {
  if (static_cast<std::int32_t>(model.moment.nodes.size()) > drawn_links_nodes_max) {
    draw_field(model);
    return;
  }
  for (std::size_t i = 0; i < model.node_at.size(); ++i) draw_node(model, i);
  for (std::size_t i = 0; i < model.node_at.size(); ++i) draw_words(model, i);
}

// Very many nodes: marks coloured by their condition.
void Canvas::draw_field(const Model& model) const {
  const Palette& p = palette();
  const float r = model.node_radius;
  for (std::size_t i = 0; i < model.node_at.size(); ++i) {
    const ImVec2 c = model.node_at[i];
    if (!whole_.contains(c)) continue;
    const NodeShown& node = model.moment.nodes[i];
    ImU32 color = with_alpha(stroke_of(node.shape), 0.75f);
    if (node.condition == Condition::paused) color = p.muted;
    if (node.condition == Condition::down) color = p.vermilion;
    if (node.condition == Condition::absent) color = with_alpha(p.faint, 0.4f);
    if (r < px(4)) {
      list_->AddRectFilled({c.x - r, c.y - r}, {c.x + r, c.y + r}, color);
    } else {
      list_->AddCircleFilled(c, r, color, 10);
    }
    const bool chosen = model.selected_node.value == static_cast<std::int32_t>(i);
    if (chosen) list_->AddCircle(c, r + px(4), p.text, 0, px(2));
  }
}

void Canvas::draw_shape(const Model& model, std::size_t index, ImU32 fill, ImU32 stroke,
                        float width) const {
  const NodeShown& node = model.moment.nodes[index];
  const ImVec2 c = model.node_at[index];
  const std::vector<ImVec2> outline = outline_of(node.shape, c, model.node_radius);
  list_->AddConvexPolyFilled(outline.data(), static_cast<int>(outline.size()), fill);
  const bool paused = node.condition == Condition::paused;
  const bool gone = node.condition == Condition::down || node.condition == Condition::absent;
  if (paused) {
    draw::hatch_circle(list_, c, model.node_radius * 0.9f, with_alpha(palette().muted, 0.26f));
    // A quiet middle keeps the name readable on the stripes.
    list_->AddCircleFilled(c, model.node_radius * 0.62f, with_alpha(fill, 0.86f));
  }
  if (paused || gone) {
    draw::dashed_loop(list_, outline, stroke, width, px(5), px(4));
  } else {
    list_->AddPolyline(outline.data(), static_cast<int>(outline.size()), stroke, ImDrawFlags_Closed,
                       width);
  }
  if (node.shape == Shape::storage) {
    // The drum's lid.
    const float r = model.node_radius;
    list_->PathEllipticalArcTo(c + ImVec2(0, -r * 0.72f), {r * 0.86f, r * 0.26f}, 0, 0.05f,
                               pi - 0.05f, 20);
    list_->PathStroke(with_alpha(stroke, 0.55f), 0, width * 0.75f);
  }
}

void Canvas::draw_node(Model& model, std::size_t index) {
  const Palette& p = palette();
  const NodeShown& node = model.moment.nodes[index];
  const ImVec2 c = model.node_at[index];
  const float r = model.node_radius;
  const NodeId id{static_cast<std::int32_t>(index)};
  ImU32 stroke = stroke_of(node.shape);
  ImU32 fill = p.node;
  if (node.condition == Condition::paused) stroke = p.muted;
  if (node.condition == Condition::down) stroke = p.vermilion;
  if (node.condition == Condition::absent) stroke = p.faint;
  if (node.condition == Condition::down || node.condition == Condition::absent) fill = p.ground;

  const double age_s = model.now_s - node.changed_s;
  if (age_s < 0.3 && !model.host.reduced_motion) {
    const float left = 1 - static_cast<float>(age_s / 0.3);
    list_->AddCircle(c, r + px(5), with_alpha(p.sky, 0.55f * left), 0, px(6));
  }
  const bool chosen = model.selected_node == id;
  const bool hot = hot_.node == id;
  if (chosen) list_->AddCircleFilled(c, r + px(9), with_alpha(p.sky, 0.14f));
  draw_shape(model, index, fill, stroke, px(r > px(20) ? 2 : 1.4f));
  if (hot || chosen) {
    const bool harm = model.tool == Tool::crash && hot;
    const std::vector<ImVec2> halo = outline_of(node.shape, c, r + px(4));
    list_->AddPolyline(halo.data(), static_cast<int>(halo.size()),
                       with_alpha(harm ? p.vermilion : p.text, hot ? 0.8f : 0.5f),
                       ImDrawFlags_Closed, px(1.4f));
  }
}

// What is written in and below a node. Small nodes carry their name below.
void Canvas::draw_words(Model& model, std::size_t index) {
  const Palette& p = palette();
  const NodeShown& node = model.moment.nodes[index];
  const ImVec2 c = model.node_at[index];
  const float r = model.node_radius;
  const bool gone = node.condition == Condition::down || node.condition == Condition::absent;
  float below = c.y + r * 1.04f;
  if (model.moment.detailed()) {
    const ImU32 ink = gone ? p.muted : p.text;
    if (r >= px(30)) {
      const bool second = !node.value.empty() || node.condition != Condition::up;
      const Face strong = face(Type::strong);
      const float baseline = second ? c.y - px(2) : c.y + strong.cap / 2;
      draw::text_in(list_, {c.x - r * 0.8f, baseline - strong.cap, r * 1.6f, strong.cap},
                    Type::strong, ink, node.name, draw::Align::center);
      if (node.condition == Condition::paused) {
        draw_icon(list_, Icon::pause_bars, {c.x, c.y + px(13)}, px(14), p.text);
      } else if (gone) {
        draw_icon(list_, Icon::cross, {c.x, c.y + px(12)}, px(12),
                  node.condition == Condition::down ? p.vermilion : p.faint);
      } else if (second) {
        draw::text_in(list_, {c.x - r * 0.74f, c.y + px(6), r * 1.48f, px(14)}, Type::mono_small,
                      p.muted, node.value, draw::Align::center);
      }
    } else {
      draw::text(list_, c.x, below + px(14), Type::caption_strong, ink, node.name,
                 draw::Align::center);
      below += px(17);
      if (node.condition == Condition::paused) draw_icon(list_, Icon::pause_bars, c, r, p.text);
      if (gone) draw_icon(list_, Icon::cross, c, r, p.vermilion);
    }
    if (node.badge != Hint::none) draw_badge(node, c + ImVec2(r * 0.82f, -r * 0.82f));
  } else if (node.condition == Condition::paused && r > px(6)) {
    draw_icon(list_, Icon::pause_bars, c, r, p.text);
  }
  if (!model.moment.detailed()) return;

  std::vector<std::pair<std::string, ImU32>> lines;
  const Time held_us = std::max<Time>(0, model.timeline->cursor_us() - node.since_us);
  if (node.condition == Condition::paused)
    lines.emplace_back(say(t().paused_for, {clock_text(held_us, 1)}), p.orange);
  if (node.condition == Condition::down)
    lines.emplace_back(say(t().down_since, {clock_text(held_us, 1)}), p.vermilion);
  if (node.condition == Condition::absent) lines.emplace_back(std::string(t().absent), p.muted);
  if (!node.caption.empty()) lines.emplace_back(node.caption, p.muted);
  if (r < px(16)) lines.clear();
  // Rings of timers push the words down.
  float baseline = below + px(20);
  for (const TimerView& timer : model.moment.timers) {
    if (timer.node.value == static_cast<std::int32_t>(index) &&
        timer.due_us > model.timeline->cursor_us() && timer.due_us != never_us) {
      baseline += px(6);
    }
  }
  for (const auto& [text, color] : lines) {
    const float w = draw::text_width(Type::small, text);
    const float x = std::clamp(c.x, whole_.x + w / 2 + px(8), whole_.right() - w / 2 - px(8));
    const Rect plate{x - w / 2 - px(4), baseline - px(11), w + px(8), px(15)};
    // Where a link runs below the words, the ground's colour keeps them readable.
    const bool crossed = std::any_of(
        model.moment.links.begin(), model.moment.links.end(), [&](const LinkShown& link) {
          const ImVec2 a = model.node_at[static_cast<std::size_t>(link.a.value)];
          const ImVec2 b = model.node_at[static_cast<std::size_t>(link.b.value)];
          return segments_cross(a, b, plate.min(), plate.max()) ||
                 segments_cross(a, b, {plate.x, plate.bottom()}, {plate.right(), plate.y});
        });
    if (crossed) draw::fill(list_, plate, with_alpha(p.ground, 0.78f), px(5));
    draw::text(list_, x, baseline, Type::small, color, text, draw::Align::center);
    taken_.push_back({x - w / 2, baseline - px(12), w, px(16)});
    baseline += px(15);
  }
}

void Canvas::draw_badge(const NodeShown& node, ImVec2 at) const {
  const Palette& p = palette();
  const std::string number = std::to_string(node.badge_number);
  const float w = draw::text_width(Type::mono_small, number);
  const float radius = std::max(px(13), w / 2 + px(7));
  draw::hexagon(list_, at, radius, p.ground, p.yellow, px(1.5f));
  draw::text(list_, at.x, at.y + face(Type::mono_small).cap / 2, Type::mono_small, p.yellow, number,
             draw::Align::center);
}

bool Canvas::room_for(const Rect& rect) const {
  if (rect.x < whole_.x + px(4) || rect.right() > whole_.right() - px(4)) return false;
  if (rect.y < whole_.y + px(4) || rect.bottom() > whole_.bottom() - px(4)) return false;
  return std::none_of(taken_.begin(), taken_.end(),
                      [&](const Rect& r) { return r.overlaps(rect); });
}

}  // namespace netsplit::ui
