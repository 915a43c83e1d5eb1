// Pixels out of a picture. stb_truetype's rasteriser, which covers pixels exactly by area, fills
// the letters and every other outline alike; strokes are outlines first.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <span>

#include "picture/fonts_embedded.h"
#include "picture/picture.h"

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#endif
#define STBTT_STATIC
#define STB_TRUETYPE_IMPLEMENTATION
#include <imstb_truetype.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

namespace netsplit::picture {
namespace {

constexpr float pixels_max = 8192;

struct Face {
  stbtt_fontinfo info;
  float em = 0;  // scale for a size of 1
};

std::optional<Face> load(std::span<const unsigned char> bytes) {
  if (bytes.empty()) return std::nullopt;
  Face face;
  const int offset = stbtt_GetFontOffsetForIndex(bytes.data(), 0);
  if (offset < 0 || stbtt_InitFont(&face.info, bytes.data(), offset) == 0) return std::nullopt;
  face.em = stbtt_ScaleForMappingEmToPixels(&face.info, 1);
  return face;
}

// The fonts as they are asked for.
const std::optional<Face>& face_of(std::size_t which) {
  static const std::array<std::optional<Face>, 3> faces{
      load(inter_regular()), load(inter_semibold()), load(jetbrains_mono())};
  return faces[which];
}

// The next code point; a damaged byte stands for itself.
int next_letter(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  int letter = more == 3 ? lead & 7 : more == 2 ? lead & 15 : more == 1 ? lead & 31 : lead;
  for (int i = 0; i < more && at < text.size(); ++i)
    letter = (letter << 6) | (static_cast<unsigned char>(text[at++]) & 63);
  return letter;
}

struct Glyph {
  const Face* face = nullptr;
  int index = 0;
  float advance = 0;  // for a size of 1
};

Glyph glyph_of(int letter, Font font) {
  const std::optional<Face>& face = face_of(static_cast<std::size_t>(font));
  if (!face) return {nullptr, 0, 0.56f};
  const int index = stbtt_FindGlyphIndex(&face->info, letter);
  int advance = 0;
  stbtt_GetGlyphHMetrics(&face->info, index, &advance, nullptr);
  return {&*face, index, static_cast<float>(advance) * face->em};
}

using Outline = std::vector<stbtt_vertex>;

class Canvas {
 public:
  Canvas(const Picture& picture, float scale) : scale_(scale) {
    pixels_.width = static_cast<std::int32_t>(std::lround(picture.width * scale));
    pixels_.height = static_cast<std::int32_t>(std::lround(picture.height * scale));
    const auto count =
        static_cast<std::size_t>(pixels_.width) * static_cast<std::size_t>(pixels_.height);
    pixels_.rgb.resize(count * 3);
    for (std::size_t i = 0; i < count * 3; ++i)
      pixels_.rgb[i] = static_cast<std::uint8_t>(picture.ground.rgb >> (16 - 8 * (i % 3)));
  }

  void draw(const Item& item) {
    if (item.kind == Item::Kind::text) return text(item);
    const std::vector<Point> points = outline_of(item);
    const bool closed = item.kind != Item::Kind::path || item.closed;
    if (item.style.fill.alpha > 0 && closed) {
      Outline outline;
      add(outline, points);
      fill(outline, item.style.fill);
    }
    if (item.style.stroke.alpha > 0 && item.style.width > 0) stroke(points, closed, item.style);
  }

  Pixels take() { return std::move(pixels_); }

 private:
  // A closed polygon in pixels, always turning the same way so that overlapping parts add up.
  void add(Outline& outline, const std::vector<Point>& points) const {
    if (points.size() < 3) return;
    float area = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const Point a = points[i];
      const Point b = points[(i + 1) % points.size()];
      area += a.x * b.y - b.x * a.y;
    }
    const std::size_t count = points.size();
    for (std::size_t i = 0; i <= count; ++i) {
      const Point p = points[area >= 0 ? i % count : (count - i) % count];
      stbtt_vertex vertex{};
      vertex.type = i == 0 ? STBTT_vmove : STBTT_vline;
      vertex.x = fixed(p.x);
      vertex.y = fixed(p.y);
      outline.push_back(vertex);
    }
  }
  // stb's vertices are 16 bits; an eighth of a pixel is fine enough up to 4096 of them.
  stbtt_vertex_type fixed(float css) const {
    const float value = css * scale_ * grain_;
    return static_cast<stbtt_vertex_type>(std::clamp(std::round(value), -32767.f, 32767.f));
  }

  void fill(Outline& outline, Color color) { cover(outline, 1 / grain_, 0, 0, color, false); }

  // Blends the colour where the outline covers pixels; its origin lies at (x, y).
  void cover(Outline& outline, float scale, float x, float y, Color color, bool upward) {
    if (outline.empty()) return;
    float low_x = 1e9f, low_y = 1e9f, high_x = -1e9f, high_y = -1e9f;
    const float up = upward ? -scale : scale;
    const auto reach = [&](float vx, float vy) {
      low_x = std::min(low_x, vx * scale + x);
      high_x = std::max(high_x, vx * scale + x);
      low_y = std::min(low_y, vy * up + y);
      high_y = std::max(high_y, vy * up + y);
    };
    for (const stbtt_vertex& v : outline) {
      reach(v.x, v.y);
      if (v.type == STBTT_vcurve || v.type == STBTT_vcubic) reach(v.cx, v.cy);
      if (v.type == STBTT_vcubic) reach(v.cx1, v.cy1);
    }
    const int left = std::max(0, static_cast<int>(std::floor(low_x)) - 1);
    const int top = std::max(0, static_cast<int>(std::floor(low_y)) - 1);
    const int right = std::min(pixels_.width, static_cast<int>(std::ceil(high_x)) + 1);
    const int bottom = std::min(pixels_.height, static_cast<int>(std::ceil(high_y)) + 1);
    if (left >= right || top >= bottom) return;
    const int w = right - left;
    const int h = bottom - top;
    mask_.assign(static_cast<std::size_t>(w) * static_cast<std::size_t>(h), 0);
    stbtt__bitmap bitmap{w, h, w, mask_.data()};
    // stb turns y upside down when told to; shifts are in pixels.
    stbtt_Rasterize(&bitmap, 0.25f, outline.data(), static_cast<int>(outline.size()), scale, scale,
                    x, y, left, top, upward ? 1 : 0, nullptr);
    for (int row = 0; row < h; ++row) {
      for (int column = 0; column < w; ++column) {
        const std::uint8_t covered = mask_[static_cast<std::size_t>(row * w + column)];
        if (covered != 0) blend(left + column, top + row, color, covered);
      }
    }
  }

  void blend(int x, int y, Color color, std::uint8_t covered) {
    const float part = color.alpha * static_cast<float>(covered) / 255;
    const auto at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(pixels_.width) +
                     static_cast<std::size_t>(x)) *
                    3;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto below = static_cast<float>(pixels_.rgb[at + i]);
      const auto above = static_cast<float>((color.rgb >> (16 - 8 * i)) & 255);
      pixels_.rgb[at + i] = static_cast<std::uint8_t>(below + (above - below) * part + 0.5f);
    }
  }

  static std::vector<Point> round(Point center, float radius, float from, float to) {
    const int parts = std::max(6, static_cast<int>(std::abs(to - from) * std::sqrt(radius) * 2.2f));
    std::vector<Point> points;
    for (int i = 0; i <= parts; ++i) {
      const float angle = from + (to - from) * static_cast<float>(i) / static_cast<float>(parts);
      points.push_back(center + Point{std::cos(angle), std::sin(angle)} * radius);
    }
    return points;
  }

  static std::vector<Point> outline_of(const Item& item) {
    if (item.kind == Item::Kind::circle) {
      std::vector<Point> points = round(item.points[0], item.radius, 0, 2 * pi);
      points.pop_back();
      return points;
    }
    if (item.kind == Item::Kind::path) return item.points;
    const Box& b = item.box;
    const float r = std::min({item.radius, b.w / 2, b.h / 2});
    if (r <= 0) return {{b.x, b.y}, {b.right(), b.y}, {b.right(), b.bottom()}, {b.x, b.bottom()}};
    std::vector<Point> points;
    const std::array<Point, 4> centers{Point{b.right() - r, b.bottom() - r},
                                       Point{b.x + r, b.bottom() - r}, Point{b.x + r, b.y + r},
                                       Point{b.right() - r, b.y + r}};
    for (std::size_t i = 0; i < 4; ++i) {
      const float from = pi / 2 * static_cast<float>(i);
      for (const Point p : round(centers[i], r, from, from + pi / 2)) points.push_back(p);
    }
    return points;
  }

  void stroke(const std::vector<Point>& points, bool closed, const Style& style) {
    Outline outline;
    const std::size_t count = points.size();
    const std::size_t segments = closed ? count : count - 1;
    float phase = 0;
    for (std::size_t i = 0; i < segments; ++i) {
      const Point a = points[i];
      const Point b = points[(i + 1) % count];
      const float total = length(b - a);
      if (style.dash <= 0) {
        segment(outline, a, b, style.width);
        // A small disc closes the corner.
        if (style.width * scale_ > 1.2f && (closed || i + 1 < segments))
          add(outline, round(b, style.width / 2, 0, 2 * pi));
        continue;
      }
      // The phase runs on across corners.
      const float period = style.dash + style.gap;
      for (float at = -phase; at < total; at += period) {
        const float from = std::max(at, 0.f);
        const float to = std::min(at + style.dash, total);
        if (to > from) segment(outline, a + unit(b - a) * from, a + unit(b - a) * to, style.width);
      }
      phase = std::fmod(phase + total, period);
    }
    fill(outline, style.stroke);
  }

  void segment(Outline& outline, Point a, Point b, float width) const {
    const Point d = unit(b - a);
    // A line thinner than a pixel is drawn a pixel wide.
    const Point n = Point{-d.y, d.x} * (std::max(width, 1 / scale_) / 2);
    add(outline, {a + n, b + n, b - n, a - n});
  }

  void text(const Item& item) {
    float x = item.points[0].x;
    const float width = text_width(item.text, item.font, item.size);
    if (item.anchor != Anchor::start) x -= item.anchor == Anchor::middle ? width / 2 : width;
    float pen = x * scale_;
    const float baseline = std::round(item.points[0].y * scale_);
    for (std::size_t at = 0; at < item.text.size();) {
      const Glyph glyph = glyph_of(next_letter(item.text, at), item.font);
      if (glyph.face != nullptr) {
        stbtt_vertex* shape = nullptr;
        const int count = stbtt_GetGlyphShape(&glyph.face->info, glyph.index, &shape);
        Outline outline(shape, shape + count);
        stbtt_FreeShape(&glyph.face->info, shape);
        cover(outline, glyph.face->em * item.size * scale_, pen, baseline, item.style.fill, true);
      }
      pen += glyph.advance * item.size * scale_;
    }
  }

  static constexpr float grain_ = 8;
  float scale_;
  Pixels pixels_;
  std::vector<std::uint8_t> mask_;
};

}  // namespace

float text_width(std::string_view text, Font font, float size) {
  float width = 0;
  for (std::size_t at = 0; at < text.size();)
    width += glyph_of(next_letter(text, at), font).advance;
  return width * size;
}

std::string fitted(std::string_view text, Font font, float size, float width) {
  if (text_width(text, font, size) <= width) return std::string(text);
  std::string short_text(text);
  while (!short_text.empty()) {
    // Whole code points only.
    while (!short_text.empty() && (static_cast<unsigned char>(short_text.back()) & 0xC0) == 0x80)
      short_text.pop_back();
    if (!short_text.empty()) short_text.pop_back();
    if (text_width(short_text + "\xE2\x80\xA6", font, size) <= width) break;
  }
  return short_text + "\xE2\x80\xA6";
}

Result<Pixels> paint(const Picture& picture, float scale) {
  if (picture.width * scale > pixels_max / 2 || picture.height * scale > pixels_max / 2)
    return Error{"The picture is too large to paint: at most 4096 pixels a side."};
  if (!face_of(0)) return Error{"This build has no fonts to paint with; SVG needs none."};
  Canvas canvas(picture, scale);
  for (const Item& item : picture.items) canvas.draw(item);
  return canvas.take();
}

}  // namespace netsplit::picture
