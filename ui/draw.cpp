#include "ui/draw.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

namespace netsplit::ui {

float length(ImVec2 v) { return std::sqrt(v.x * v.x + v.y * v.y); }

ImVec2 unit(ImVec2 v) {
  const float l = length(v);
  return l > 0 ? v * (1 / l) : ImVec2(1, 0);
}

float distance_to_segment(ImVec2 p, ImVec2 a, ImVec2 b) {
  const ImVec2 d = b - a;
  const float square = d.x * d.x + d.y * d.y;
  if (square <= 0) return length(p - a);
  const float t = std::clamp(((p.x - a.x) * d.x + (p.y - a.y) * d.y) / square, 0.f, 1.f);
  return length(p - (a + d * t));
}

bool segments_cross(ImVec2 a, ImVec2 b, ImVec2 c, ImVec2 d) {
  const auto side = [](ImVec2 p, ImVec2 q, ImVec2 r) {
    return (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
  };
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

namespace draw {
namespace {

constexpr std::string_view ellipsis = "\xE2\x80\xA6";

// Where a line of at most `width` ends. Lines break at spaces only: a number stays in one piece.
const char* end_of_line(const Face& f, const char* at, const char* end, float width) {
  ImFontBaked* baked = f.font->GetFontBaked(f.size);
  float reach = 0;
  const char* last_space = nullptr;
  while (at < end) {
    if (*at == '\n') return at;
    if (*at == ' ') last_space = at;
    unsigned int letter = 0;
    const int bytes = ImTextCharFromUtf8(&letter, at, end);
    reach += baked->GetCharAdvance(static_cast<ImWchar>(letter));
    if (reach > width + 0.5f && *at != ' ') return last_space != nullptr ? last_space : at;
    at += bytes;
  }
  return end;
}

const char* end_of(std::string_view text) { return text.data() + text.size(); }

}  // namespace

float text_width(Type type, std::string_view text) {
  if (text.empty()) return 0;
  const Face f = face(type);
  return f.font->CalcTextSizeA(f.size, FLT_MAX, 0, text.data(), end_of(text)).x;
}

void text(ImDrawList* list, float x, float baseline, Type type, ImU32 color, std::string_view text,
          Align align) {
  if (text.empty()) return;
  const Face f = face(type);
  if (align != Align::left) {
    const float w = text_width(type, text);
    x -= align == Align::center ? w / 2 : w;
  }
  list->AddText(f.font, f.size, ImVec2(std::round(x), std::round(baseline) - f.ascent), color,
                text.data(), end_of(text));
}

std::string_view fit(Type type, std::string_view text, float width, bool* cut) {
  *cut = false;
  if (text.empty() || text_width(type, text) <= width) return text;
  *cut = true;
  const Face f = face(type);
  const float room = std::max(0.f, width - text_width(type, ellipsis));
  const char* rest = text.data();
  f.font->CalcTextSizeA(f.size, room, 0, text.data(), end_of(text), &rest);
  auto head = text.substr(0, static_cast<std::size_t>(rest - text.data()));
  while (!head.empty() && head.back() == ' ') head.remove_suffix(1);
  return head;
}

void text_in(ImDrawList* list, const Rect& rect, Type type, ImU32 color, std::string_view label,
             Align align) {
  const Face f = face(type);
  const float baseline = rect.y + (rect.h + f.cap) / 2;
  bool cut = false;
  const std::string_view head = fit(type, label, rect.w, &cut);
  if (cut) {
    text(list, rect.x, baseline, type, color, head);
    text(list, rect.x + text_width(type, head), baseline, type, color, ellipsis);
    return;
  }
  const float x = align == Align::left     ? rect.x
                  : align == Align::center ? rect.x + rect.w / 2
                                           : rect.right();
  text(list, x, baseline, type, color, label, align);
}

float paragraph(ImDrawList* list, float x, float y, float width, Type type, ImU32 color,
                std::string_view text) {
  const Face f = face(type);
  const char* at = text.data();
  const char* end = end_of(text);
  const float lead = (f.line - f.size) / 2;
  float top = y;
  while (at < end) {
    const char* stop = end_of_line(f, at, end, width);
    if (stop == at && *at != '\n') ++stop;  // a letter wider than the column still makes progress
    if (list != nullptr && stop > at) {
      list->AddText(f.font, f.size, ImVec2(std::round(x), std::round(top + lead)), color, at, stop);
    }
    at = stop;
    if (at < end && *at == '\n') ++at;
    while (at < end && *at == ' ') ++at;
    top += f.line;
  }
  return top - y;
}

void fill(ImDrawList* list, const Rect& rect, ImU32 color, float radius) {
  list->AddRectFilled(rect.min(), rect.max(), color, radius);
}

void frame(ImDrawList* list, const Rect& rect, ImU32 color, float radius, float width) {
  list->AddRect(rect.min(), rect.max(), color, radius, 0, width);
}

void card(ImDrawList* list, const Rect& rect, ImU32 border, ImU32 color, float radius) {
  fill(list, rect, color, radius);
  frame(list, rect, border, radius, std::max(1.f, std::floor(scale())));
}

void line(ImDrawList* list, ImVec2 a, ImVec2 b, ImU32 color, float width) {
  list->AddLine(a, b, color, width);
}

void dashed(ImDrawList* list, ImVec2 a, ImVec2 b, ImU32 color, float width, float on, float off) {
  const float total = length(b - a);
  const ImVec2 d = unit(b - a);
  for (float at = 0; at < total; at += on + off) {
    list->AddLine(a + d * at, a + d * std::min(at + on, total), color, width);
  }
}

void dashed_loop(ImDrawList* list, std::span<const ImVec2> points, ImU32 color, float width,
                 float on, float off) {
  // The phase runs on across corners, so that the dashes stay even round the whole outline.
  float phase = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const ImVec2 a = points[i];
    const ImVec2 b = points[(i + 1) % points.size()];
    const float total = length(b - a);
    const ImVec2 d = unit(b - a);
    for (float at = -phase; at < total; at += on + off) {
      const float from = std::max(at, 0.f);
      const float to = std::min(at + on, total);
      if (to > from) list->AddLine(a + d * from, a + d * to, color, width);
    }
    phase = std::fmod(phase + total, on + off);
  }
}

void hatch_circle(ImDrawList* list, ImVec2 center, float radius, ImU32 color) {
  const float gap = px(6);
  for (float c = -radius * 1.42f + gap / 2; c < radius * 1.42f; c += gap) {
    // The line x - y = c inside the circle.
    const float near = c / 2;
    const float square = radius * radius - c * c / 2;
    if (square <= 0) continue;
    const float half = std::sqrt(square / 2);
    list->AddLine(center + ImVec2(near - half, -near - half),
                  center + ImVec2(near + half, -near + half), color, px(2));
  }
}

void hatch_rect(ImDrawList* list, const Rect& rect, ImU32 color) {
  const float gap = px(6);
  list->PushClipRect(rect.min(), rect.max(), true);
  // Stripes stand still on the screen's own grid while the bar's ends move.
  const float first = std::floor((rect.x - rect.h) / gap) * gap;
  for (float x = first; x < rect.right(); x += gap) {
    list->AddLine(ImVec2(x, rect.bottom()), ImVec2(x + rect.h, rect.y), color, px(1.6f));
  }
  list->PopClipRect();
}

void arc(ImDrawList* list, ImVec2 center, float radius, float part, ImU32 color, float width) {
  part = std::clamp(part, 0.f, 1.f);
  if (part <= 0.001f) return;
  // What is left ends at noon, so that the gap opens clockwise like a hand that has passed.
  const float end = -pi / 2 + 2 * pi;
  const float begin = end - 2 * pi * part;
  list->PathArcTo(center, radius, begin, end, std::max(6, static_cast<int>(64 * part)));
  list->PathStroke(color, 0, width);
  list->AddCircleFilled(center + ImVec2(std::cos(begin), std::sin(begin)) * radius, width / 2,
                        color);
  list->AddCircleFilled(center + ImVec2(std::cos(end), std::sin(end)) * radius, width / 2, color);
}

void hexagon(ImDrawList* list, ImVec2 center, float radius, ImU32 fill_color, ImU32 stroke,
             float width) {
  ImVec2 points[6];
  for (int i = 0; i < 6; ++i) {
    const float angle = -pi / 2 + pi / 3 * static_cast<float>(i);
    points[i] = center + ImVec2(std::cos(angle), std::sin(angle)) * radius;
  }
  list->AddConvexPolyFilled(points, 6, fill_color);
  list->AddPolyline(points, 6, stroke, ImDrawFlags_Closed, width);
}

Rect pill_rect(ImVec2 center, Type type, std::string_view label) {
  const float w = text_width(type, label) + px(18);
  const float h = face(type).line + px(5);
  return {std::round(center.x - w / 2), std::round(center.y - h / 2), w, h};
}

Rect pill(ImDrawList* list, ImVec2 center, Type type, std::string_view label, ImU32 fill_color,
          ImU32 stroke, ImU32 ink) {
  const Rect r = pill_rect(center, type, label);
  card(list, r, stroke, fill_color, r.h / 2);
  text_in(list, {r.x + px(9), r.y, r.w, r.h}, type, ink, label);
  return r;
}

void tail(ImDrawList* list, ImVec2 a, ImVec2 b, ImU32 color, float width) {
  const ImVec2 d = unit(b - a);
  const ImVec2 n = ImVec2(-d.y, d.x) * (width / 2);
  const ImVec2 uv = ImGui::GetFontTexUvWhitePixel();
  const auto index = static_cast<ImDrawIdx>(list->_VtxCurrentIdx);
  list->PrimReserve(3, 3);
  list->PrimWriteVtx(a, uv, with_alpha(color, 0));
  list->PrimWriteVtx(b + n, uv, color);
  list->PrimWriteVtx(b - n, uv, color);
  list->PrimWriteIdx(index);
  list->PrimWriteIdx(static_cast<ImDrawIdx>(index + 1));
  list->PrimWriteIdx(static_cast<ImDrawIdx>(index + 2));
}

}  // namespace draw
}  // namespace netsplit::ui
