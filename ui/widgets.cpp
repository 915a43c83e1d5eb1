#include "ui/widgets.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

namespace netsplit::ui {

bool Controls::stop(std::string_view name, const Rect& rect, bool enabled) {
  const ImGuiWindow* window = ImGui::GetCurrentWindow();
  // ImGui lays a new menu out once unseen: nothing is where it says yet.
  if (window->Hidden) return false;
  const int own = (window->Flags & ImGuiWindowFlags_Popup) != 0 ? 2 : layer;
  list.push_back({std::string(name), rect, enabled, enabled && rect.w > 0 && rect.h > 0, own});
  if (focus.empty() || name != focus) return false;
  if (!revealed_) {
    revealed_ = true;
    const ImRect inside = window->InnerRect;
    if (rect.y < inside.Min.y || rect.bottom() > inside.Max.y)
      ImGui::SetScrollFromPosY(rect.center().y - window->Pos.y, 0.5f);
  }
  if (!enabled || pressed_ != name) return false;
  pressed_.clear();
  return true;
}

void Controls::begin_frame() {
  list.clear();
  layer = 0;
}

bool Controls::move_focus(bool back) {
  int top = 0;
  for (const Control& each : list) top = std::max(top, each.layer);
  std::vector<const Control*> stops;
  for (const Control& each : list) {
    if (each.stops && each.layer == top) stops.push_back(&each);
  }
  const auto here = std::find_if(stops.begin(), stops.end(),
                                 [&](const Control* each) { return each->name == focus; });
  const bool outside = here == stops.end();
  if (stops.empty() || (!outside && here == (back ? stops.begin() : stops.end() - 1))) {
    focus.clear();
    return false;
  }
  focus_on(outside ? (back ? stops.back() : stops.front())->name
                   : (*(back ? here - 1 : here + 1))->name);
  return true;
}

void Controls::focus_on(std::string_view name) {
  focus = name;
  revealed_ = false;
}

void Controls::draw_focus() const {
  if (focus.empty()) return;
  for (const Control& each : list) {
    if (each.name != focus || !each.stops) continue;
    ImDrawList* over = ImGui::GetForegroundDrawList();
    draw::frame(over, each.rect.grown(px(3)), palette().ground, px(10), px(2));
    draw::frame(over, each.rect.grown(px(2)), palette().sky, px(9), px(2));
    return;
  }
}

Touch touch_area(Controls& controls, std::string_view name, const Rect& rect, bool enabled) {
  const bool by_key = controls.stop(name, rect, enabled);
  if (!enabled || rect.w <= 0 || rect.h <= 0) return {};
  ImGui::SetCursorScreenPos(rect.min());
  ImGui::PushID(name.data(), name.data() + name.size());
  const bool pressed = ImGui::InvisibleButton("##touch", {rect.w, rect.h});
  const Touch touch{ImGui::IsItemHovered(), pressed || by_key, ImGui::IsItemActive(),
                    ImGui::IsItemClicked(ImGuiMouseButton_Right)};
  ImGui::PopID();
  return touch;
}

namespace {

// How wide the label of a button may be that has it at the left edge.
float label_room(const ButtonLook& look, float width) {
  const float before = px(look.icon != Icon::none ? 32 : 11);
  const float key = look.key.empty() ? 0 : px(7) + draw::text_width(Type::small, look.key);
  return std::max(0.f, width - before - key - px(6));
}

}  // namespace

float button_height(const ButtonLook& look, float width, float least) {
  const float room = label_room(look, width);
  const Type type = look.loud ? Type::strong : look.type;
  if (draw::text_width(type, look.label) <= room) return least;
  return std::max(least, draw::paragraph(nullptr, 0, 0, room, type, 0, look.label) + px(10));
}

float button_width(const ButtonLook& look) {
  float w = px(22);
  if (look.icon != Icon::none) w += px(14);
  if (!look.label.empty()) w += draw::text_width(look.loud ? Type::strong : look.type, look.label);
  if (look.icon != Icon::none && !look.label.empty()) w += px(7);
  if (!look.key.empty()) w += px(7) + draw::text_width(Type::small, look.key);
  return std::round(w);
}

bool button(Controls& controls, std::string_view name, const Rect& rect, const ButtonLook& look) {
  const Touch touch = touch_area(controls, name, rect, look.enabled);
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float radius = px(7);
  ImU32 ink = look.on || touch.hovered ? p.text : mix(p.muted, p.text, 0.72f);
  if (look.loud) {
    draw::fill(list, rect, touch.hovered ? mix(p.fill, p.text, 0.16f) : p.fill, radius);
    ink = p.on_fill;
  } else if (look.plain) {
    if (look.on) {
      draw::fill(list, rect, p.raised, radius);
    } else if (touch.hovered) {
      draw::fill(list, rect, with_alpha(p.hover, 0.7f), radius);
    }
  } else {
    draw::card(list, rect, touch.hovered ? p.strong_line : p.line, touch.held ? p.hover : p.raised,
               radius);
  }
  if (!look.enabled) ink = p.faint;

  const Type type = look.loud ? Type::strong : look.type;
  const float icon = look.icon != Icon::none ? px(14) : 0;
  const float gap = icon > 0 && !look.label.empty() ? px(7) : 0;
  const float label = draw::text_width(type, look.label);
  const float key = look.key.empty() ? 0 : px(7) + draw::text_width(Type::small, look.key);
  const float total = icon + gap + label + key;
  float x = look.left ? rect.x + px(11) : rect.x + std::max(px(4), (rect.w - total) / 2);
  if (icon > 0) {
    draw_icon(list, look.icon, {std::round(x + icon / 2), std::round(rect.y + rect.h / 2)}, icon,
              ink);
    x += icon + gap;
  }
  const float room = look.left ? label_room(look, rect.w) : rect.right() - x - px(4);
  const float shown = std::min(label, room);
  const float lines =
      label <= room || !look.left ? 0 : draw::paragraph(nullptr, 0, 0, room, type, 0, look.label);
  if (lines > 0 && lines <= rect.h) {
    draw::paragraph(list, x, rect.y + (rect.h - lines) / 2, room, type, ink, look.label);
  } else {
    draw::text_in(list, {x, rect.y, shown + 1, rect.h}, type, ink, look.label);
  }
  if (key > 0) {
    const ImU32 faint = look.loud ? with_alpha(ink, 0.88f) : p.muted;
    draw::text_in(list, {x + shown + px(7), rect.y, key, rect.h}, Type::small, faint, look.key);
  }
  if (touch.hovered && !look.tip.empty()) tip(look.tip);
  return touch.pressed;
}

bool text_link(Controls& controls, std::string_view name, float x, float baseline, Type type,
               std::string_view label) {
  const Face f = face(type);
  const float w = draw::text_width(type, label);
  const Rect rect{x, baseline - f.ascent, w, f.size};
  const Touch touch = touch_area(controls, name, rect.grown(px(2)));
  const ImU32 color = touch.hovered ? palette().text : palette().sky;
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw::text(list, x, baseline, type, color, label);
  const float under = std::round(baseline + px(2.5f));
  draw::line(list, {x, under}, {x + w, under}, with_alpha(color, 0.6f), px(1));
  return touch.pressed;
}

bool begin_bubble() {
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(12), px(9)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, px(9));
  const bool open = ImGui::BeginTooltip();
  if (!open) ImGui::PopStyleVar(2);
  return open;
}

void end_bubble() {
  ImGui::EndTooltip();
  ImGui::PopStyleVar(2);
}

void tip(std::string_view text) {
  if (!ImGui::IsItemHovered(ImGuiHoveredFlags_DelayShort | ImGuiHoveredFlags_NoSharedDelay)) return;
  const std::size_t cut = text.find('\n');
  const std::string_view key = cut == std::string_view::npos ? "" : text.substr(cut + 1);
  const std::string_view body = text.substr(0, cut);
  if (begin_bubble()) {
    const float key_width = key.empty() ? 0 : draw::text_width(Type::small, key) + px(12);
    const float width = std::min(px(260), draw::text_width(Type::caption, body) + px(1));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float h = draw::paragraph(list, at.x, at.y, width, Type::caption, palette().text, body);
    if (key_width > 0) {
      const Rect badge{at.x + width + px(12), at.y, key_width, face(Type::caption).line};
      draw::card(list, badge, palette().strong_line, palette().panel, px(5));
      draw::text_in(list, badge, Type::small, palette().muted, key, draw::Align::center);
    }
    ImGui::Dummy({width + (key_width > 0 ? key_width + px(12) : 0), h});
    end_bubble();
  }
}

void begin_region(const char* name, const Rect& rect, ImU32 background, Region kind) {
  ImGui::SetNextWindowPos(rect.min());
  ImGui::SetNextWindowSize({std::max(1.f, rect.w), std::max(1.f, rect.h)});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, background);
  ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                           ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav;
  const bool scrolls = kind == Region::scrolls || kind == Region::floats_and_scrolls;
  // ImGui puts windows that never come to the front behind all others.
  if (kind == Region::fixed || kind == Region::scrolls)
    flags |= ImGuiWindowFlags_NoBringToFrontOnFocus;
  if (scrolls)
    flags &= ~static_cast<ImGuiWindowFlags>(ImGuiWindowFlags_NoScrollbar);
  else
    flags |= ImGuiWindowFlags_NoScrollWithMouse;
  // A splitter is thinner than ImGui would let a window be, and must not cover what is beside it.
  ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, {1, 1});
  ImGui::Begin(name, nullptr, flags);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
}

void end_region() { ImGui::End(); }

void Column::heading(std::string_view text, std::string_view aside) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const Rect r = take(px(26));
  const float w = draw::text_width(Type::caption_strong, text);
  draw::text_in(list, {r.x, r.y, width_, px(20)}, Type::caption_strong, palette().muted, text);
  if (!aside.empty()) {
    draw::text_in(list, {r.x + w + px(8), r.y, width_ - w - px(8), px(20)}, Type::caption,
                  palette().text, aside);
  }
}

void Column::paragraph(Type type, ImU32 color, std::string_view text) {
  y_ += draw::paragraph(ImGui::GetWindowDrawList(), x_, y_, width_, type, color, text);
}

void Column::begin_card(ImU32 border) {
  splitter_.Split(ImGui::GetWindowDrawList(), 2);
  splitter_.SetCurrentChannel(ImGui::GetWindowDrawList(), 1);
  card_top_ = y_;
  card_border_ = border;
  x_ += px(12);
  width_ -= px(24);
  y_ += px(10);
}

void Column::end_card() {
  ImDrawList* list = ImGui::GetWindowDrawList();
  x_ -= px(12);
  width_ += px(24);
  y_ += px(10);
  splitter_.SetCurrentChannel(list, 0);
  draw::card(list, {x_, card_top_, width_, y_ - card_top_},
             card_border_ != 0 ? card_border_ : palette().line, palette().raised, px(9));
  splitter_.Merge(list);
  y_ += px(10);
}

Rect Column::row(std::string_view name, std::string_view value, ImU32 ink, Type type,
                 float name_share) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const Rect r = take(px(21));
  const float split = std::round(width_ * name_share);
  draw::text_in(list, {r.x, r.y, split - px(8), r.h}, Type::caption, palette().muted, name);
  draw::text_in(list, {r.x + split, r.y, width_ - split, r.h}, type, ink, value);
  return r;
}

}  // namespace netsplit::ui
