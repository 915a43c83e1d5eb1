// A picture as a list of shapes and words: what the network or the space-time diagram of a run
// looks like, apart from how it is written. SVG keeps text as text; PNG is painted without a
// window or a graphics card. Lengths are CSS pixels.
#pragma once

#include <cstdint>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace netsplit::picture {

inline constexpr float pi = std::numbers::pi_v<float>;

struct Point {
  float x = 0, y = 0;
};
inline Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
inline Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
inline Point operator*(Point a, float s) { return {a.x * s, a.y * s}; }
float length(Point v);
Point unit(Point v);

struct Box {
  float x = 0, y = 0, w = 0, h = 0;
  float right() const { return x + w; }
  float bottom() const { return y + h; }
  Point center() const { return {x + w / 2, y + h / 2}; }
  bool overlaps(const Box& o) const {
    return x < o.right() && o.x < right() && y < o.bottom() && o.y < bottom();
  }
  Box grown(float by) const { return {x - by, y - by, w + 2 * by, h + 2 * by}; }
};

// 0xRRGGBB with an opacity of 0 to 1.
struct Color {
  std::uint32_t rgb = 0;
  float alpha = 1;
  Color faded(float by) const { return {rgb, alpha * by}; }
};
Color mixed(Color a, Color b, float part);

enum class Font : std::uint8_t { regular, strong, mono };
enum class Anchor : std::uint8_t { start, middle, end };

struct Style {
  Color fill{0, 0};
  Color stroke{0, 0};
  float width = 1;
  float dash = 0, gap = 0;  // 0: no dashes
};

struct Item {
  enum class Kind : std::uint8_t { path, circle, box, text } kind{};
  Style style;
  std::vector<Point> points;  // of a path; of a circle its centre
  bool closed = false;
  float radius = 0;  // of a circle, or of a box's corners
  Box box;
  // Of a text: points[0] is its anchor on the baseline, style.fill its colour.
  std::string text;
  Font font{};
  float size = 13;
  Anchor anchor{};
};

struct Picture {
  float width = 0, height = 0;
  Color ground;
  std::string title, description;  // for who cannot see it
  std::vector<Item> items;

  void line(Point a, Point b, Style style) { path({a, b}, style, false); }
  void path(std::vector<Point> points, Style style, bool closed);
  void circle(Point center, float radius, Style style);
  void box(const Box& box, float radius, Style style);
  void text(Point at, std::string_view text, Font font, float size, Color color,
            Anchor anchor = Anchor::start);
};

// How wide a text is. Without embedded fonts, roughly.
float text_width(std::string_view text, Font font, float size);
// Cut with an ellipsis until it fits.
std::string fitted(std::string_view text, Font font, float size, float width);

std::string to_svg(const Picture& picture);

struct Pixels {
  std::int32_t width = 0, height = 0;
  std::vector<std::uint8_t> rgb;  // rows from the top
};
// `scale` pixels to a CSS pixel. Errors: too large, or no fonts were built in.
Result<Pixels> paint(const Picture& picture, float scale);
// The file's bytes. Requires: width and height fit the pixels.
Result<std::string> to_png(const Pixels& pixels);

}  // namespace netsplit::picture
