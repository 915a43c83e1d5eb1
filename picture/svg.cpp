// SVG 1.1: shapes stay shapes, and text stays text that one can select and search.
#include <cmath>
#include <cstdio>

#include "picture/picture.h"

namespace netsplit::picture {
namespace {

// At most two decimals, without needless zeros.
std::string number(float value) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.2f", static_cast<double>(value));
  std::string text = digits;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (static_cast<unsigned char>(c) >= 0x20)  // XML 1.0 knows no control characters
      out += c;
  }
  return out;
}

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + std::string(value) + "\"";
}

std::string paint_of(std::string_view name, Color color) {
  if (color.alpha <= 0) return attribute(name, "none");
  char hex[8];
  std::snprintf(hex, sizeof hex, "#%06x", static_cast<unsigned>(color.rgb & 0xffffff));
  std::string text = attribute(name, hex);
  if (color.alpha < 1) text += attribute(std::string(name) + "-opacity", number(color.alpha));
  return text;
}

std::string style_of(const Style& style) {
  std::string text = paint_of("fill", style.fill);
  if (style.stroke.alpha <= 0 || style.width <= 0) return text;
  text += paint_of("stroke", style.stroke) + attribute("stroke-width", number(style.width));
  if (style.dash > 0)
    text += attribute("stroke-dasharray", number(style.dash) + " " + number(style.gap));
  return text;
}

std::string family_of(Font font) {
  return font == Font::mono ? "JetBrains Mono, monospace"
                            : "Inter, Segoe UI, Helvetica, Arial, sans-serif";
}

std::string element(const Item& item) {
  if (item.kind == Item::Kind::circle) {
    return "<circle" + attribute("cx", number(item.points[0].x)) +
           attribute("cy", number(item.points[0].y)) + attribute("r", number(item.radius)) +
           style_of(item.style) + "/>\n";
  }
  if (item.kind == Item::Kind::box) {
    return "<rect" + attribute("x", number(item.box.x)) + attribute("y", number(item.box.y)) +
           attribute("width", number(item.box.w)) + attribute("height", number(item.box.h)) +
           (item.radius > 0 ? attribute("rx", number(item.radius)) : "") + style_of(item.style) +
           "/>\n";
  }
  if (item.kind == Item::Kind::path) {
    std::string points;
    for (const Point p : item.points)
      points += (points.empty() ? "" : " ") + number(p.x) + "," + number(p.y);
    return (item.closed ? "<polygon" : "<polyline") + attribute("points", points) +
           attribute("stroke-linejoin", "round") + attribute("stroke-linecap", "round") +
           style_of(item.style) + "/>\n";
  }
  std::string text = "<text" + attribute("x", number(item.points[0].x)) +
                     attribute("y", number(item.points[0].y)) +
                     attribute("font-family", family_of(item.font)) +
                     attribute("font-size", number(item.size));
  if (item.font == Font::strong) text += attribute("font-weight", "600");
  if (item.anchor != Anchor::start)
    text += attribute("text-anchor", item.anchor == Anchor::middle ? "middle" : "end");
  return text + paint_of("fill", item.style.fill) + attribute("xml:space", "preserve") + ">" +
         escaped(item.text) + "</text>\n";
}

}  // namespace

std::string to_svg(const Picture& picture) {
  const std::string w = number(picture.width);
  const std::string h = number(picture.height);
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\"" + attribute("width", w) +
                    attribute("height", h) + attribute("viewBox", "0 0 " + w + " " + h) +
                    attribute("role", "img") + ">\n";
  if (!picture.title.empty()) out += "<title>" + escaped(picture.title) + "</title>\n";
  if (!picture.description.empty()) out += "<desc>" + escaped(picture.description) + "</desc>\n";
  out += "<rect" + attribute("width", w) + attribute("height", h) +
         paint_of("fill", picture.ground) + "/>\n";
  for (const Item& item : picture.items) out += element(item);
  return out + "</svg>\n";
}

}  // namespace netsplit::picture
