#include "ui/fields.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "ui/strings.h"

namespace netsplit::ui {

bool text_field(Controls& controls, Fields& fields, const std::string& name, const Rect& rect,
                std::string_view shown, std::string& entered, Type type, std::string_view hint) {
  std::array<char, 1024> text{};
  const auto refused = fields.refused.find(name);
  const bool bad = refused != fields.refused.end();
  const std::string_view before = fields.active == name ? std::string_view(fields.typed)
                                  : bad                 ? std::string_view(refused->second.text)
                                                        : shown;
  std::memcpy(text.data(), before.data(), std::min(before.size(), text.size() - 1));

  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool hovered = ImGui::IsMouseHoveringRect(rect.min(), rect.max());
  const bool active = fields.active == name;
  const ImU32 border = bad ? p.vermilion : active ? p.sky : hovered ? p.strong_line : p.line;
  draw::card(list, rect, border, p.ground, px(7));
  if (controls.stop(name, rect) || fields.asked == name) {
    ImGui::SetKeyboardFocusHere();
    fields.asked.clear();
  }
  const Face f = face(type);
  ImGui::SetCursorScreenPos({rect.x + px(9), rect.y + std::round((rect.h - f.size) / 2)});
  ImGui::SetNextItemWidth(rect.w - px(18));
  ImGui::PushFont(f.font, f.size);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {0, 0});
  ImGui::PushID(name.c_str());
  ImGui::InputTextWithHint("##field", std::string(hint).c_str(), text.data(), text.size(),
                           ImGuiInputTextFlags_AutoSelectAll);
  const bool now = ImGui::IsItemActive();
  const bool left = ImGui::IsItemDeactivatedAfterEdit();
  ImGui::PopID();
  ImGui::PopStyleVar();
  ImGui::PopFont();
  if (now) {
    fields.active = name;
    fields.typed = text.data();
  } else if (active) {
    fields.active.clear();
  }
  if (!left) return false;
  const std::string_view typed = text.data();
  fields.refused.erase(name);
  if (typed == shown) return false;
  entered = typed;
  return true;
}

void refusal(Fields& fields, const std::string& name, Column& column) {
  const auto refused = fields.refused.find(name);
  if (refused == fields.refused.end()) return;
  const Rect at{column.x(), column.y() + px(2), px(14), face(Type::caption).line};
  draw_icon(ImGui::GetWindowDrawList(), Icon::cross, {at.x + px(6), at.y + at.h / 2}, px(10),
            palette().vermilion);
  const float indent = px(18);
  column.advance(px(2));
  column.advance(draw::paragraph(ImGui::GetWindowDrawList(), column.x() + indent, column.y(),
                                 column.width() - indent, Type::caption, palette().vermilion,
                                 refused->second.sentence));
  column.advance(px(4));
}

std::size_t segments(Controls& controls, const std::string& name, const Rect& rect,
                     std::span<const std::string> choices, std::size_t chosen) {
  draw::card(ImGui::GetWindowDrawList(), rect, palette().line, palette().ground, px(7));
  float total = 0;
  for (const std::string& choice : choices)
    total += draw::text_width(Type::caption, choice) + px(16);
  const float spare = (rect.w - total) / static_cast<float>(choices.size());
  std::size_t result = chosen;
  float x = rect.x;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const float w = draw::text_width(Type::caption, choices[i]) + px(16) + spare;
    const Rect part{x, rect.y, w, rect.h};
    if (button(controls, name + "." + std::to_string(i), part,
               {.label = choices[i], .plain = true, .on = i == chosen, .type = Type::caption})) {
      result = i;
    }
    if (i == chosen) draw::frame(ImGui::GetWindowDrawList(), part, palette().sky, px(7), px(1.5f));
    x += w;
  }
  return result;
}

std::size_t dropdown(Controls& controls, const std::string& name, const Rect& rect,
                     std::span<const std::string> choices, std::size_t chosen) {
  const std::string_view label = chosen < choices.size() ? std::string_view(choices[chosen]) : "";
  // The label ends before the arrow.
  bool cut = false;
  std::string shown(draw::fit(Type::body, label, rect.w - px(11 + 24), &cut));
  if (cut) shown += "\xE2\x80\xA6";
  const bool pressed = button(controls, name, rect, {.label = shown, .left = true});
  draw_icon(ImGui::GetWindowDrawList(), Icon::chevron_down,
            {rect.right() - px(14), rect.y + rect.h / 2}, px(10), palette().muted);
  ImGui::PushID(name.c_str());
  if (pressed) ImGui::OpenPopup("choices");
  std::size_t result = chosen;
  const float row = px(controls.touch ? 44 : 30);
  ImGui::SetNextWindowPos({rect.x, rect.bottom() + px(4)}, ImGuiCond_Appearing);
  ImGui::SetNextWindowSizeConstraints({rect.w, 0}, {FLT_MAX, row * 9 + px(12)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(6), px(6)});
  if (ImGui::BeginPopup("choices", ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoNav)) {
    float width = rect.w - px(12);
    for (const std::string& choice : choices)
      width = std::max(width, draw::text_width(Type::body, choice) + px(36));
    for (std::size_t i = 0; i < choices.size(); ++i) {
      const ImVec2 at = ImGui::GetCursorScreenPos();
      if (button(controls, name + "." + std::to_string(i), {at.x, at.y, width, row},
                 {.label = choices[i], .plain = true, .on = i == chosen, .left = true})) {
        result = i;
        ImGui::CloseCurrentPopup();
      }
      ImGui::SetCursorScreenPos({at.x, at.y + row});
    }
    ImGui::Dummy({width, 0});
    if (ImGui::IsKeyPressed(ImGuiKey_Escape)) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar();
  ImGui::PopID();
  return result;
}

bool toggle(Controls& controls, const std::string& name, const Rect& rect, bool on) {
  const std::array<std::string, 2> words{std::string(t().off), std::string(t().on)};
  return segments(controls, name, rect, words, on ? 1 : 0) == 1;
}

}  // namespace netsplit::ui
