// One sentence that stays for a moment: what a gesture did, or why it could not.
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "ui/panels.h"

namespace netsplit::ui {
namespace {

std::vector<Rect> open_menus() {
  std::vector<Rect> menus;
  for (const ImGuiPopupData& popup : ImGui::GetCurrentContext()->OpenPopupStack) {
    const ImGuiWindow* window = popup.Window;
    if (window != nullptr && window->Active)
      menus.push_back({window->Pos.x, window->Pos.y, window->Size.x, window->Size.y});
  }
  return menus;
}

struct Bubble {
  Rect rect;
  float text_w = 0;
};

// In the middle of the area's bottom, with a margin at both sides. `lead` is the sign's room.
Bubble bubble_in(const Rect& area, std::string_view text, float lead) {
  const float width = std::min(area.w - px(24 + 32) - lead, px(520));
  const float text_w = std::min(width, draw::text_width(Type::body, text) + 1);
  const float text_h = draw::paragraph(nullptr, 0, 0, text_w, Type::body, 0, text);
  const float w = text_w + lead + px(32);
  return {{std::round(area.x + (area.w - w) / 2), area.bottom() - px(10) - text_h - px(22), w,
           text_h + px(22)},
          text_w};
}

// Where it covers no open menu: at the bottom of the network, beside the menu, above it, or at the
// window's bottom. A phone's network has its buttons at the bottom, and its window has the time;
// there it is first below the tools, in place of the line that tells the story.
Bubble bubble_of(const Model& model, const Rect& canvas, float lead) {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  const Rect window{0, 0, size.x, size.y};
  const std::vector<Rect> menus = open_menus();
  const bool narrow = model.places.form == Form::narrow;
  std::vector<Rect> areas{canvas};
  if (narrow) {
    const float height = bubble_in(canvas, model.toast.text, lead).rect.h;
    areas[0].h = px(64 + 6 + 10) + height;
  }
  for (const Rect& menu : menus) {
    areas.push_back({canvas.x, canvas.y, menu.x - canvas.x, canvas.h});
    areas.push_back({menu.right(), canvas.y, canvas.right() - menu.right(), canvas.h});
    areas.push_back({canvas.x, canvas.y, canvas.w, menu.y - canvas.y});
  }
  areas.push_back(window);
  for (const Rect& area : areas) {
    if (area.w < px(240) || area.h < px(80)) continue;
    const Bubble bubble = bubble_in(area, model.toast.text, lead);
    const bool covers = bubble.rect.y < area.y ||
                        std::any_of(menus.begin(), menus.end(),
                                    [&](const Rect& menu) { return menu.overlaps(bubble.rect); });
    if (!covers) return bubble;
  }
  return bubble_in(areas.front(), model.toast.text, lead);
}

}  // namespace

void toast_bubble(Model& model, const Rect& canvas) {
  const double age_s = model.now_s - model.toast.born_s;
  if (age_s > toast_life_s || model.toast.text.empty()) return;
  const Palette& p = palette();
  auto strength = 1.f;
  if (!model.host.reduced_motion) {
    strength =
        std::min(1.f, static_cast<float>(std::min(age_s / 0.12, (toast_life_s - age_s) / 0.4)));
    strength = std::max(strength, 0.f);
  }
  const bool sign = model.toast.tone != Tone::plain;
  const float lead = sign ? px(24) : 0;
  const Bubble bubble = bubble_of(model, canvas, lead);
  const Rect& r = bubble.rect;
  ImDrawList* list = ImGui::GetForegroundDrawList();
  const ImU32 edge = model.toast.tone == Tone::good  ? p.green
                     : model.toast.tone == Tone::bad ? p.vermilion
                                                     : p.strong_line;
  draw::fill(list, {r.x, r.y + px(3), r.w, r.h}, with_alpha(p.shadow, strength), px(12));
  draw::card(list, r, with_alpha(edge, strength),
             with_alpha(theme() == Theme::dark ? p.raised : p.panel, strength), px(10));
  if (sign) {
    draw_icon(list, model.toast.tone == Tone::good ? Icon::check : Icon::cross,
              {r.x + px(24), r.y + px(20)}, px(13), with_alpha(edge, strength));
  }
  draw::paragraph(list, r.x + px(16) + lead, r.y + px(11), bubble.text_w, Type::body,
                  with_alpha(p.text, strength), model.toast.text);
  model.controls.add("toast", r);
}

}  // namespace netsplit::ui
