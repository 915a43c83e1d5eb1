// What must hold, how it stands at the cursor, and why.
#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

std::string_view kind_word(PropertyKind kind) {
  switch (kind) {
    case PropertyKind::always:
      return t().always;
    case PropertyKind::finally:
      return t().finally;
    case PropertyKind::sometimes:
      return t().sometimes;
    case PropertyKind::budget:
      return t().budget;
  }
  return {};
}

}  // namespace

void properties_panel(Model& model, Column& column) {
  column.heading(t().properties);
  if (!model.open()) return;
  const Palette& p = palette();
  const auto& here = model.session().properties();
  const auto& there = model.timeline->head().properties();
  for (std::size_t i = 0; i < here.size(); ++i) {
    const PropertyState& now = here[i];
    const bool broken = now.standing == Standing::violated;
    // What was simulated further on already knows.
    const bool will_break = !broken && now.kind == PropertyKind::always && i < there.size() &&
                            there[i].standing == Standing::violated;
    const PropertyState& known = will_break ? there[i] : now;
    const bool open = now.standing == Standing::open;
    const bool seen = now.kind == PropertyKind::sometimes;
    std::string_view word = t().holds;
    Icon icon = Icon::check;
    ImU32 ink = p.green;
    if (broken || will_break) {
      word = broken ? t().violated : t().will_break;
      icon = Icon::cross;
      ink = p.vermilion;
    } else if (open) {
      word = seen ? t().not_yet : t().open;
      icon = Icon::question;
      ink = p.orange;
    } else if (seen) {
      word = t().seen;
    }
    column.begin_card(broken ? with_alpha(p.vermilion, 0.55f) : 0);
    ImDrawList* list = ImGui::GetWindowDrawList();
    const Rect head = column.take(px(20));
    draw_icon(list, icon, {head.x + px(6), head.y + head.h / 2}, px(12), ink);
    draw::text_in(list, {head.x + px(19), head.y, head.w, head.h}, Type::strong, ink, word);
    const float word_w = draw::text_width(Type::strong, word);
    draw::text_in(list,
                  {head.x + px(19) + word_w + px(8), head.y, head.w - px(27) - word_w, head.h},
                  Type::caption, p.muted, kind_word(now.kind));
    column.skip(2);
    column.paragraph(Type::body, p.text, now.sentence);
    if (!known.witness.why.empty()) {
      column.skip(4);
      column.paragraph(Type::caption, p.muted, known.witness.why);
    }
    const bool jump = (broken || will_break || (seen && !open)) && known.first_event != no_event;
    if (jump) {
      column.skip(3);
      const Rect foot = column.take(px(18));
      const bool bad = broken || will_break;
      const std::string label = std::string(bad ? t().first_bad_event : t().show_moment) + ", " +
                                say(t().at_time, {clock_text(known.first_us)});
      if (text_link(model.controls, std::string("bad.") + std::string(now.name), foot.x,
                    foot.y + px(13), Type::caption, label)) {
        model.seek_event(known.first_event);
        column.end_card();
        return;
      }
    }
    column.end_card();
  }
  column.skip(6);
}

}  // namespace netsplit::ui
