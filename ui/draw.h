// Drawing primitives over ImDrawList: rounded cards, hatching, dashes, arcs, hexagons, text by
// baseline. Pure drawing: nothing here knows the model.
#pragma once

#include <numbers>
#include <span>
#include <string_view>

#include <imgui.h>

#include "ui/theme.h"

namespace netsplit::ui {

inline constexpr float pi = std::numbers::pi_v<float>;

struct Rect {
  float x = 0, y = 0, w = 0, h = 0;
  float right() const { return x + w; }
  float bottom() const { return y + h; }
  ImVec2 min() const { return {x, y}; }
  ImVec2 max() const { return {x + w, y + h}; }
  ImVec2 center() const { return {x + w / 2, y + h / 2}; }
  bool contains(ImVec2 p) const { return p.x >= x && p.y >= y && p.x < right() && p.y < bottom(); }
  bool overlaps(const Rect& o) const {
    return x < o.right() && o.x < right() && y < o.bottom() && o.y < bottom();
  }
  Rect grown(float by) const { return {x - by, y - by, w + 2 * by, h + 2 * by}; }
};

inline ImVec2 operator+(ImVec2 a, ImVec2 b) { return {a.x + b.x, a.y + b.y}; }
inline ImVec2 operator-(ImVec2 a, ImVec2 b) { return {a.x - b.x, a.y - b.y}; }
inline ImVec2 operator*(ImVec2 a, float s) { return {a.x * s, a.y * s}; }
float length(ImVec2 v);
ImVec2 unit(ImVec2 v);
inline ImVec2 lerp(ImVec2 a, ImVec2 b, float t) { return a + (b - a) * t; }
float distance_to_segment(ImVec2 p, ImVec2 a, ImVec2 b);
bool segments_cross(ImVec2 a, ImVec2 b, ImVec2 c, ImVec2 d);

namespace draw {

enum class Align { left, center, right };

float text_width(Type type, std::string_view text);
// `x` is the left edge, the middle or the right edge.
void text(ImDrawList* list, float x, float baseline, Type type, ImU32 color, std::string_view text,
          Align align = Align::left);
// One line, its capitals centred in `rect`, shortened with an ellipsis when too wide.
void text_in(ImDrawList* list, const Rect& rect, Type type, ImU32 color, std::string_view text,
             Align align = Align::left);
// A paragraph; returns its height. With a null list it only measures.
float paragraph(ImDrawList* list, float x, float y, float width, Type type, ImU32 color,
                std::string_view text);
// The longest prefix of `text` that fits into `width`, with an ellipsis if cut.
std::string_view fit(Type type, std::string_view text, float width, bool* cut);

void fill(ImDrawList* list, const Rect& rect, ImU32 color, float radius = 0);
void frame(ImDrawList* list, const Rect& rect, ImU32 color, float radius = 0, float width = 1);
void card(ImDrawList* list, const Rect& rect, ImU32 border, ImU32 color, float radius);
void line(ImDrawList* list, ImVec2 a, ImVec2 b, ImU32 color, float width);
void dashed(ImDrawList* list, ImVec2 a, ImVec2 b, ImU32 color, float width, float on, float off);
void dashed_loop(ImDrawList* list, std::span<const ImVec2> points, ImU32 color, float width,
                 float on, float off);
// Diagonal stripes inside a circle or a rounded bar.
void hatch_circle(ImDrawList* list, ImVec2 center, float radius, ImU32 color);
void hatch_rect(ImDrawList* list, const Rect& rect, ImU32 color);
// Clockwise from noon; `part` of the whole turn is left.
void arc(ImDrawList* list, ImVec2 center, float radius, float part, ImU32 color, float width);
void hexagon(ImDrawList* list, ImVec2 center, float radius, ImU32 fill, ImU32 stroke, float width);
// Capsule with a label; returns its rectangle.
Rect pill(ImDrawList* list, ImVec2 center, Type type, std::string_view label, ImU32 fill,
          ImU32 stroke, ImU32 ink);
Rect pill_rect(ImVec2 center, Type type, std::string_view label);
// A line that fades from nothing at `a` to `color` at `b`.
void tail(ImDrawList* list, ImVec2 a, ImVec2 b, ImU32 color, float width);

}  // namespace draw
}  // namespace netsplit::ui
