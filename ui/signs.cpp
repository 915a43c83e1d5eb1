#include "ui/signs.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace netsplit::ui::signs {
namespace {

// A drum: straight sides, bowed top and bottom.
constexpr float drum_width = 0.86f;
constexpr float drum_height = 0.72f;
constexpr float drum_bow = 0.26f;

}  // namespace

std::vector<ImVec2> outline(Shape shape, ImVec2 c, float r) {
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
      const float w = r * drum_width;
      const float h = r * drum_height;
      const float bow = r * drum_bow;
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

ImU32 stroke(Shape shape, Condition condition) {
  const Palette& p = palette();
  if (condition == Condition::paused) return p.muted;
  if (condition == Condition::down) return p.vermilion;
  if (condition == Condition::absent) return p.faint;
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

ImU32 ground(Condition condition) {
  const bool gone = condition == Condition::down || condition == Condition::absent;
  return gone ? palette().ground : palette().node;
}

void node(ImDrawList* list, Shape shape, Condition condition, ImVec2 c, float radius, float width) {
  const ImU32 line = stroke(shape, condition);
  const ImU32 fill = ground(condition);
  const std::vector<ImVec2> points = outline(shape, c, radius);
  list->AddConvexPolyFilled(points.data(), static_cast<int>(points.size()), fill);
  if (condition == Condition::paused) {
    draw::hatch_circle(list, c, radius * 0.9f, with_alpha(palette().muted, 0.26f));
    // A quiet middle keeps the name readable on the stripes.
    list->AddCircleFilled(c, radius * 0.62f, with_alpha(fill, 0.86f));
  }
  if (condition != Condition::up) {
    draw::dashed_loop(list, points, line, width, px(5), px(4));
  } else {
    list->AddPolyline(points.data(), static_cast<int>(points.size()), line, ImDrawFlags_Closed,
                      width);
  }
  if (shape == Shape::storage) {
    // The drum's lid.
    list->PathEllipticalArcTo(c + ImVec2(0, -radius * drum_height),
                              {radius * drum_width, radius * drum_bow}, 0, 0.05f, pi - 0.05f, 20);
    list->PathStroke(with_alpha(line, 0.55f), 0, width * 0.75f);
  }
}

float room_across(Shape shape, float radius) {
  const float across = shape == Shape::storage    ? 2 * drum_width
                       : shape == Shape::attacker ? 1.5f
                                                  : 1.8f;
  return across * radius - px(3);
}

float lid(float radius) { return (drum_bow - drum_height) * radius; }

void condition(ImDrawList* list, Condition condition, ImVec2 center, float size) {
  const Palette& p = palette();
  if (condition == Condition::up) return;
  const bool paused = condition == Condition::paused;
  draw_icon(list, paused ? Icon::pause_bars : Icon::cross, center, size,
            paused                         ? p.text
            : condition == Condition::down ? p.vermilion
                                           : p.faint);
}

void cut(ImDrawList* list, ImVec2 from, ImVec2 to, bool there, bool back, bool hot, float part) {
  const Palette& p = palette();
  const ImVec2 direction = unit(to - from);
  const ImVec2 middle = lerp(from, to, part);
  const float gap = px(17);
  const float width = px(hot ? 2.6f : 2);
  const ImU32 color = hot ? mix(p.vermilion, p.text, 0.25f) : p.vermilion;
  draw::dashed(list, from, middle - direction * gap, color, width, px(6), px(6));
  draw::dashed(list, to, middle + direction * gap, color, width, px(6), px(6));
  for (const float side : {-1.f, 1.f})
    list->AddCircleFilled(middle + direction * (gap * side), px(2.6f), color);
  draw_icon(list, Icon::scissors, middle, px(18), color);
  if (there && back) return;
  const ImVec2 open = there ? direction * -1 : direction;
  const ImVec2 n{-open.y, open.x};
  const float reach = std::min(px(30), length(to - from) * std::min(part, 1 - part) - px(6));
  const ImVec2 tip = middle + open * reach + n * px(8);
  draw::line(list, tip - open * px(34), tip, p.green, px(2));
  list->AddTriangleFilled(tip + open * px(6), tip + n * px(4), tip - n * px(4), p.green);
}

void region(ImDrawList* list, const std::vector<ImVec2>& coast, bool one_way) {
  const ImU32 color = palette().vermilion;
  list->AddConvexPolyFilled(coast.data(), static_cast<int>(coast.size()),
                            with_alpha(color, 0.075f));
  draw::dashed_loop(list, coast, with_alpha(color, 0.6f), px(1.4f), px(one_way ? 2 : 5),
                    px(one_way ? 6 : 4));
}

ImU32 message_color(std::uint16_t kind) { return palette().kinds[kind % 8]; }

void message(ImDrawList* list, ImVec2 at, std::uint16_t kind, float radius, ImU32 color) {
  const ImU32 rim = palette().ground;
  switch (kind % 4) {
    case 0:
      list->AddCircleFilled(at, radius + px(1.5f), rim);
      list->AddCircleFilled(at, radius, color);
      break;
    case 1:
      list->AddNgonFilled(at, radius * 1.25f + px(1.5f), rim, 4);
      list->AddNgonFilled(at, radius * 1.25f, color, 4);
      break;
    case 2: {
      const float h = radius * 0.9f;
      const float o = h + px(1.5f);
      list->AddRectFilled(at - ImVec2(o, o), at + ImVec2(o, o), rim, px(2.5f));
      list->AddRectFilled(at - ImVec2(h, h), at + ImVec2(h, h), color, px(2));
      break;
    }
    default:
      list->AddNgonFilled(at, radius * 1.15f + px(1.5f), rim, 6);
      list->AddNgonFilled(at, radius * 1.15f, color, 6);
      break;
  }
}

void lost(ImDrawList* list, ImVec2 at, float size, float strength) {
  list->AddCircleFilled(at, px(9) * size, with_alpha(palette().ground, 0.9f * strength));
  draw_icon(list, Icon::cross, at, px(16) * size, with_alpha(palette().vermilion, strength));
}

void ring(ImDrawList* list, ImVec2 center, float radius, float left, bool lease) {
  const Palette& p = palette();
  const float width = px(lease ? 3.5f : 2);
  list->AddCircle(center, radius, with_alpha(lease ? p.green : p.muted, 0.16f), 0, width);
  draw::arc(list, center, radius, left, lease ? p.green : with_alpha(p.muted, 0.8f), width);
}

float token_radius(std::string_view number, bool small) {
  return std::max(px(small ? 10 : 13), draw::text_width(Type::mono_small, number) / 2 + px(7));
}

void token(ImDrawList* list, ImVec2 at, std::string_view number, bool small) {
  const Palette& p = palette();
  const Type type = Type::mono_small;
  draw::hexagon(list, at, token_radius(number, small), p.ground, p.yellow, px(1.5f));
  draw::text(list, at.x, at.y + face(type).cap / 2, type, p.yellow, number, draw::Align::center);
}

ImU32 epoch_color(std::int64_t number) {
  return palette().kinds[static_cast<std::size_t>(std::max<std::int64_t>(0, number) % 8)];
}

Rect epoch_plate(ImVec2 at, std::int64_t number, bool small, bool tiny) {
  const float h = px(tiny ? 14 : 18);
  const float least = px(tiny ? 15 : small ? 18 : 22);
  const float w = std::max(
      least, draw::text_width(Type::mono_small, std::to_string(number)) + px(tiny ? 8 : 12));
  return {at.x - w / 2, at.y - h / 2, w, h};
}

void epoch(ImDrawList* list, ImVec2 at, std::int64_t number, bool small, bool tiny) {
  const Palette& p = palette();
  const ImU32 color = epoch_color(number);
  const Rect plate = epoch_plate(at, number, small, tiny);
  draw::fill(list, plate, mix(p.ground, color, 0.3f), px(5));
  draw::frame(list, plate, color, px(5), px(1.5f));
  draw::text_in(list, plate, Type::mono_small, p.text, std::to_string(number), draw::Align::center);
}

void lock(ImDrawList* list, ImVec2 at, bool held, bool small) {
  const ImU32 color = held ? palette().green : palette().muted;
  const float radius = px(small ? 8 : 11);
  list->AddCircleFilled(at, radius, palette().ground);
  list->AddCircle(at, radius, color, 0, px(1.5f));
  draw_icon(list, held ? Icon::locked : Icon::unlocked, at, px(small ? 10 : 13), color);
}

void log_cell(ImDrawList* list, const Rect& r, std::int64_t epoch, bool committed,
              std::string_view text) {
  const Palette& p = palette();
  const ImU32 color = epoch >= 0 ? epoch_color(epoch) : p.sky;
  draw::fill(list, r, mix(p.ground, color, committed ? 0.5f : 0.12f), px(3));
  draw::frame(list, r, with_alpha(color, committed ? 1.f : 0.55f), px(3), px(1));
  draw::text_in(list, {r.x + px(1), r.y, r.w - px(2), r.h}, Type::small,
                committed ? p.text : mix(p.muted, p.text, 0.5f), text, draw::Align::center);
}

void log_border(ImDrawList* list, float x, float top, float height) {
  draw::line(list, {x, top - px(3)}, {x, top + height + px(3)}, palette().green, px(2));
}

void log_place(ImDrawList* list, ImVec2 tip) {
  list->AddTriangleFilled(tip, tip + ImVec2(px(3.5f), px(5)), tip + ImVec2(-px(3.5f), px(5)),
                          palette().muted);
}

void inbox(ImDrawList* list, ImVec2 edge, const Rect& card) {
  const Palette& p = palette();
  const ImVec2 near{std::clamp(edge.x, card.x, card.right()),
                    std::clamp(edge.y, card.y, card.bottom())};
  draw::line(list, edge, near, p.orange, px(1.2f));
  draw::card(list, card, with_alpha(p.orange, 0.7f), with_alpha(p.panel, 0.96f), px(7));
}

void clock(ImDrawList* list, ImVec2 c, float r, double shown_us, double true_us, bool right) {
  const Palette& p = palette();
  const ImU32 color = right ? mix(p.muted, p.text, 0.4f) : p.orange;
  list->AddCircleFilled(c, r + px(2), p.ground);
  list->AddCircle(c, r, color, 0, px(1.6f));
  const auto hand = [&](double time_us, float reach, float width, ImU32 ink) {
    const auto turn = static_cast<float>(std::fmod(time_us / 60e6, 1.0)) * 2 * pi - pi / 2;
    draw::line(list, c, c + ImVec2(std::cos(turn), std::sin(turn)) * (r * reach), ink, px(width));
  };
  for (int i = 0; i < 4; ++i) {
    const float a = pi / 2 * static_cast<float>(i);
    const ImVec2 d{std::cos(a), std::sin(a)};
    draw::line(list, c + d * (r * 0.72f), c + d * (r * 0.92f), with_alpha(color, 0.7f), px(1));
  }
  hand(true_us, 0.6f, 1, with_alpha(p.muted, 0.8f));
  hand(shown_us, 0.78f, 1.8f, color);
}

void spoken_of(ImDrawList* list, ImVec2 center, float radius) {
  const ImU32 color = palette().orange;
  constexpr float half_arc = 0.42f;
  list->AddCircleFilled(center, radius + px(3), with_alpha(color, 0.08f));
  for (int i = 0; i < 4; ++i) {
    const float middle = pi / 4 + pi / 2 * static_cast<float>(i);
    list->PathArcTo(center, radius, middle - half_arc, middle + half_arc, 12);
    list->PathStroke(with_alpha(color, 0.9f), 0, px(2.5f));
  }
}

void bad_flag(ImDrawList* list, ImVec2 center, float radius, Icon icon, ImU32 color) {
  list->AddCircleFilled(center, radius, color);
  const ImU32 ink = theme() == Theme::dark ? palette().on_fill : palette().panel;
  draw_icon(list, icon, center, px(10), ink);
}

void moment_flag(ImDrawList* list, ImVec2 c, float radius, std::string_view number, bool hovered) {
  const Palette& p = palette();
  const ImU32 ink = hovered ? p.text : p.muted;
  list->AddCircleFilled(c, radius - px(0.5f), hovered ? p.hover : p.raised);
  list->AddCircle(c, radius - px(0.5f), hovered ? p.text : p.strong_line, 0, px(1));
  if (number.empty()) return draw_icon(list, Icon::play, c, px(8), ink);
  draw::text_in(list, {c.x - px(9), c.y - px(9), px(18), px(18)}, Type::small, ink, number,
                draw::Align::center);
}

void input(ImDrawList* list, ImVec2 center, bool by_hand, bool hovered) {
  const Palette& p = palette();
  const float radius = px(hovered ? 5 : 4);
  list->AddCircleFilled(center, radius, by_hand || hovered ? p.orange : p.panel);
  list->AddCircle(center, radius, p.orange, 0, px(1.4f));
}

}  // namespace netsplit::ui::signs
