// The network's drawing: ground, islands, links, nodes.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "ui/canvas.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr float pi = std::numbers::pi_v<float>;
constexpr float words_line_css = 15;  // distance of two lines below a node

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

// Every island's region takes in its nodes and what is written below them.
void Canvas::draw_islands(const Model& model) {
  const ImU32 color = palette().vermilion;
  coasts_.clear();
  for (const Island& island : model.moment.islands) {
    std::vector<ImVec2> points;
    const auto round = [&](ImVec2 c, float reach) {
      for (int i = 0; i < 32; ++i) {
        const float a = 2 * pi * static_cast<float>(i) / 32;
        points.push_back(c + ImVec2(std::cos(a), std::sin(a)) * reach);
      }
    };
    for (const NodeId id : island.nodes) {
      const auto at = static_cast<std::size_t>(id.value);
      round(model.node_at[at], model.node_radius + px(34));
      if (at >= words_.size() || words_[at].lines.empty()) continue;
      const Rect r = words_[at].rect();
      for (const float x : {r.x + px(6), r.right() - px(6)}) round({x, r.bottom()}, px(12));
    }
    coasts_.push_back(convex_hull(std::move(points)));
    const std::vector<ImVec2>& coast = coasts_.back();
    list_->AddConvexPolyFilled(coast.data(), static_cast<int>(coast.size()),
                               with_alpha(color, 0.075f));
    draw::dashed_loop(list_, coast, with_alpha(color, 0.55f), px(1.2f), px(4), px(5));
  }
}

// Below the region, or where else there is room.
void Canvas::draw_island_captions(const Model& model) {
  const Palette& p = palette();
  for (std::size_t i = 0; i < coasts_.size(); ++i) {
    const std::string& caption = model.moment.islands[i].caption;
    ImVec2 low = coasts_[i].front();
    ImVec2 high = low;
    for (const ImVec2 point : coasts_[i]) {
      low = {std::min(low.x, point.x), std::min(low.y, point.y)};
      high = {std::max(high.x, point.x), std::max(high.y, point.y)};
    }
    std::vector<Rect> spots;
    // In one line if there is room for it, else in as few as the region is wide.
    const float one_line =
        std::min(whole_.w - px(24), draw::text_width(Type::caption, caption) + 1);
    for (const float w : {one_line, std::min(one_line, std::max(high.x - low.x, px(130)))}) {
      const float h = draw::paragraph(nullptr, 0, 0, w, Type::caption, 0, caption);
      for (const float y : {high.y + px(5), low.y - h - px(5)}) {
        for (const float x : {(low.x + high.x - w) / 2, low.x, high.x - w}) {
          const float left = whole_.x + px(12);
          spots.push_back(
              {std::clamp(x, left, std::max(left, whole_.right() - w - px(12))), y, w, h});
        }
      }
    }
    auto spot =
        std::find_if(spots.begin(), spots.end(), [&](const Rect& rect) { return room_for(rect); });
    if (spot == spots.end()) spot = spots.begin();
    draw::fill(list_, spot->grown(px(3)), with_alpha(p.ground, 0.78f), px(5));
    draw::paragraph(list_, spot->x, spot->y, spot->w, Type::caption, p.vermilion, caption);
    taken_.push_back(*spot);
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
      const std::string text = say(t().lease_left, {clock_text(left_us, 1)});
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
    // A little less than the square round the rings: a label may stand in its corners.
    const float r = model.node_radius * 0.96f + px(6) * static_cast<float>(rings[i]);
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
  if (chosen) {
    const std::vector<ImVec2> glow = outline_of(node.shape, c, r + px(9));
    list_->AddConvexPolyFilled(glow.data(), static_cast<int>(glow.size()), with_alpha(p.sky, 0.2f));
  }
  draw_shape(model, index, fill, stroke, px(r > px(20) ? 2 : 1.4f));
  if (hot) {
    const bool harm = model.tool == Tool::crash && hot;
    const std::vector<ImVec2> halo = outline_of(node.shape, c, r + px(4));
    list_->AddPolyline(halo.data(), static_cast<int>(halo.size()),
                       with_alpha(harm ? p.vermilion : p.text, 0.8f), ImDrawFlags_Closed, px(1.4f));
  }
}

// What is written in and below a node. Small nodes carry their name below.
void Canvas::draw_words(Model& model, std::size_t index) {
  const Palette& p = palette();
  const NodeShown& node = model.moment.nodes[index];
  const ImVec2 c = model.node_at[index];
  const float r = model.node_radius;
  const bool gone = node.condition == Condition::down || node.condition == Condition::absent;
  const float below = c.y + r * 1.04f;
  if (model.moment.detailed()) {
    const ImU32 ink = gone ? p.muted : p.text;
    if (r >= px(30)) {
      const bool second = !node.inside.empty() || node.condition != Condition::up;
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
                      p.muted, node.inside, draw::Align::center);
      }
    } else {
      draw::text(list_, c.x, below + px(14), Type::caption_strong, ink, node.name,
                 draw::Align::center);
      if (node.condition == Condition::paused) draw_icon(list_, Icon::pause_bars, c, r, p.text);
      if (gone) draw_icon(list_, Icon::cross, c, r, p.vermilion);
    }
    if (node.badge != Hint::none) draw_badge(node, c + ImVec2(r * 0.82f, -r * 0.82f));
  } else if (node.condition == Condition::paused && r > px(6)) {
    draw_icon(list_, Icon::pause_bars, c, r, p.text);
  }
  if (index >= words_.size()) return;
  const Words& words = words_[index];
  float baseline = words.baseline;
  for (const auto& line : words.lines) {
    const float w = draw::text_width(Type::small, line.first);
    const Rect plate{words.x - w / 2 - px(4), baseline - px(11), w + px(8), px(15)};
    // Where a link runs below the words, the ground's colour keeps them readable.
    const bool crossed = std::any_of(
        model.moment.links.begin(), model.moment.links.end(), [&](const LinkShown& link) {
          const ImVec2 a = model.node_at[static_cast<std::size_t>(link.a.value)];
          const ImVec2 b = model.node_at[static_cast<std::size_t>(link.b.value)];
          return segments_cross(a, b, plate.min(), plate.max()) ||
                 segments_cross(a, b, {plate.x, plate.bottom()}, {plate.right(), plate.y});
        });
    if (crossed) draw::fill(list_, plate, with_alpha(p.ground, 0.78f), px(5));
    draw::text(list_, words.x, baseline, Type::small, line.second, line.first, draw::Align::center);
    baseline += px(words_line_css);
  }
  if (!words.lines.empty()) taken_.push_back(words.rect());
}

Rect Canvas::Words::rect() const {
  const float height = px(words_line_css) * static_cast<float>(lines.size());
  return {x - width / 2, baseline - px(12), width, height};
}

void Canvas::place_words(const Model& model) {
  words_.clear();
  if (!model.moment.detailed() || model.node_radius < px(16)) return;
  for (std::size_t i = 0; i < model.node_at.size(); ++i) words_.push_back(words_below(model, i));
}

// Condition, belief and a clock that is wrong, in lines short enough for the neighbours.
Canvas::Words Canvas::words_below(const Model& model, std::size_t index) const {
  const Palette& p = palette();
  const NodeShown& node = model.moment.nodes[index];
  Words words;
  const float room = px(model.places.form == Form::narrow ? 116 : 200);
  constexpr std::string_view dot = " \xC2\xB7 ";
  const auto add = [&](std::string_view text, ImU32 color) {
    while (!text.empty()) {
      std::size_t end = text.size();
      std::size_t gap = 0;
      while (draw::text_width(Type::small, text.substr(0, end)) > room) {
        // A middle dot is the best place to break at, any space the next best.
        const std::size_t best = text.substr(0, end).rfind(dot);
        const std::size_t at =
            best != std::string_view::npos ? best : text.substr(0, end).rfind(' ');
        if (at == std::string_view::npos || at == 0) break;
        end = at;
        gap = best != std::string_view::npos ? dot.size() : 1;
      }
      words.lines.emplace_back(std::string(text.substr(0, end)), color);
      text.remove_prefix(std::min(text.size(), end + gap));
    }
  };
  const Time held_us = std::max<Time>(0, model.timeline->cursor_us() - node.since_us);
  if (node.condition == Condition::paused)
    add(say(t().paused_for, {clock_text(held_us, 1)}), p.orange);
  if (node.condition == Condition::down)
    add(say(t().down_since, {clock_text(held_us, 1)}), p.vermilion);
  if (node.condition == Condition::absent) add(t().absent, p.muted);
  // Many nodes stand too close for what each believes; the chosen one still says it.
  const bool small = model.node_radius < px(30);
  if (!small || model.selected_node.value == static_cast<std::int32_t>(index)) {
    add(node.below, p.muted);
    // A few milliseconds are what a time server leaves.
    const Time wrong_us = std::max(node.wall_error_us, -node.wall_error_us);
    if (wrong_us >= milliseconds(5)) {
      const std::string_view pattern = node.wall_error_us > 0 ? t().clock_ahead : t().clock_behind;
      add(say(pattern, {wrong_us >= seconds(1) ? clock_text(wrong_us, 1)
                                               : format_time_for_people(wrong_us / 1000 * 1000)}),
          p.orange);
    }
  }
  for (const auto& line : words.lines)
    words.width = std::max(words.width, draw::text_width(Type::small, line.first));
  const ImVec2 c = model.node_at[index];
  // Small nodes carry their name below, and rings of timers push the words down.
  words.baseline = c.y + model.node_radius * 1.04f + px(small ? 37 : 20);
  for (const TimerView& timer : model.moment.timers) {
    if (timer.node.value == static_cast<std::int32_t>(index) &&
        timer.due_us > model.timeline->cursor_us() && timer.due_us != never_us) {
      words.baseline += px(6);
    }
  }
  const float half = words.width / 2 + px(8);
  words.x = half * 2 > whole_.w ? whole_.center().x
                                : std::clamp(c.x, whole_.x + half, whole_.right() - half);
  return words;
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
