// The network's drawing: ground, islands, links, nodes.
#include <algorithm>
#include <cmath>

#include "ui/canvas.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

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

void Canvas::draw_links(const Model& model) const {
  const Palette& p = palette();
  // Hundreds of quiet links would be one grey surface: the more there are, the fainter each.
  const std::size_t count = model.moment.links.size();
  const float strength = std::min(1.f, 100.f / static_cast<float>(count + 1));
  const bool all = strength > 0.12f;
  for (std::size_t i = 0; i < count; ++i) {
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
    if (!all && !crossed && !hot) continue;
    const bool threatened = crossed || (hot && model.tool == Tool::cut);
    const float share = spoken_.strength(link.a, link.b, count);
    draw::line(list_, path.from, path.to,
               threatened ? p.vermilion
               : hot      ? p.strong_line
                          : with_alpha(p.link, strength * share),
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

void Canvas::draw_nodes(Model& model) {
  if (static_cast<std::int32_t>(model.moment.nodes.size()) > shaped_nodes_max) {
    field_.draw(list_, model, whole_);
    const auto chosen = static_cast<std::size_t>(model.selected_node.value);
    if (model.selected_node != nobody && chosen < model.node_at.size())
      list_->AddCircle(model.node_at[chosen], model.node_radius + px(4), palette().text, 0, px(2));
    return;
  }
  for (std::size_t i = 0; i < model.node_at.size(); ++i) draw_node(model, i);
  for (std::size_t i = 0; i < model.node_at.size(); ++i) draw_words(model, i);
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
  const bool marked = std::find(model.marked.begin(), model.marked.end(), id) != model.marked.end();
  if (chosen) {
    const std::vector<ImVec2> glow = outline_of(node.shape, c, r + px(9));
    list_->AddConvexPolyFilled(glow.data(), static_cast<int>(glow.size()), with_alpha(p.sky, 0.2f));
  }
  draw_shape(model, index, fill, stroke, px(r > px(20) ? 2 : 1.4f));
  if (marked) {
    const std::vector<ImVec2> ring = outline_of(node.shape, c, r + px(6));
    draw::dashed_loop(list_, ring, p.vermilion, px(2), px(4), px(3));
  }
  if (hot) {
    const bool harm = model.tool == Tool::crash;
    const std::vector<ImVec2> halo = outline_of(node.shape, c, r + px(4));
    list_->AddPolyline(halo.data(), static_cast<int>(halo.size()),
                       with_alpha(harm ? p.vermilion : p.text, 0.8f), ImDrawFlags_Closed, px(1.4f));
  }
}

bool Canvas::room_for(const Rect& rect) const {
  if (rect.x < whole_.x + px(4) || rect.right() > whole_.right() - px(4)) return false;
  if (rect.y < open_.y || rect.bottom() > open_.bottom()) return false;
  return std::none_of(taken_.begin(), taken_.end(),
                      [&](const Rect& r) { return r.overlaps(rect); });
}

}  // namespace netsplit::ui
