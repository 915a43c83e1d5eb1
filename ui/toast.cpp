// One sentence that stays for a moment: what a gesture did, or why it could not.
#include <algorithm>
#include <cmath>

#include "ui/panels.h"

namespace netsplit::ui {

void toast_bubble(Model& model, const Rect& whole) {
  const double age_s = model.now_s - model.toast.born_s;
  if (age_s > toast_life_s || model.toast.text.empty()) return;
  const Palette& p = palette();
  auto strength = 1.f;
  if (!model.host.reduced_motion) {
    strength =
        std::min(1.f, static_cast<float>(std::min(age_s / 0.12, (toast_life_s - age_s) / 0.4)));
    strength = std::max(strength, 0.f);
  }
  const float width = std::min(whole.w - px(56), px(520));
  const float text_w = std::min(width, draw::text_width(Type::body, model.toast.text) + 1);
  const float text_h = draw::paragraph(nullptr, 0, 0, text_w, Type::body, 0, model.toast.text);
  const bool sign = model.toast.tone != Tone::plain;
  const float lead = sign ? px(24) : 0;
  const Rect r{std::round(whole.x + (whole.w - text_w - lead) / 2 - px(16)),
               whole.bottom() - px(10) - text_h - px(22), text_w + lead + px(32), text_h + px(22)};
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
  draw::paragraph(list, r.x + px(16) + lead, r.y + px(11), text_w, Type::body,
                  with_alpha(p.text, strength), model.toast.text);
}

}  // namespace netsplit::ui
