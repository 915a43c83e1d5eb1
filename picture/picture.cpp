#include "picture/picture.h"

#include <cmath>
#include <utility>

namespace netsplit::picture {

float length(Point v) { return std::sqrt(v.x * v.x + v.y * v.y); }

Point unit(Point v) {
  const float l = length(v);
  return l > 0 ? v * (1 / l) : Point{1, 0};
}

Color mixed(Color a, Color b, float part) {
  std::uint32_t rgb = 0;
  for (int shift = 0; shift < 24; shift += 8) {
    const auto from = static_cast<float>((a.rgb >> shift) & 255);
    const auto to = static_cast<float>((b.rgb >> shift) & 255);
    rgb |= static_cast<std::uint32_t>(from + (to - from) * part + 0.5f) << shift;
  }
  return {rgb, a.alpha + (b.alpha - a.alpha) * part};
}

void Picture::path(std::vector<Point> points, Style style, bool closed) {
  Item item;
  item.kind = Item::Kind::path;
  item.points = std::move(points);
  item.style = style;
  item.closed = closed;
  items.push_back(std::move(item));
}

void Picture::circle(Point center, float radius, Style style) {
  Item item;
  item.kind = Item::Kind::circle;
  item.points = {center};
  item.radius = radius;
  item.style = style;
  items.push_back(std::move(item));
}

void Picture::box(const Box& box, float radius, Style style) {
  Item item;
  item.kind = Item::Kind::box;
  item.box = box;
  item.radius = radius;
  item.style = style;
  items.push_back(std::move(item));
}

void Picture::text(Point at, std::string_view text, Font font, float size, Color color,
                   Anchor anchor) {
  if (text.empty()) return;
  Item item;
  item.kind = Item::Kind::text;
  item.points = {at};
  item.style.fill = color;
  item.text = text;
  item.font = font;
  item.size = size;
  item.anchor = anchor;
  items.push_back(std::move(item));
}

}  // namespace netsplit::picture
