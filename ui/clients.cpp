// What clients asked for and what they were told.
#include <algorithm>

#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {

void clients_panel(Model& model, Column& column) {
  if (!model.open()) return;
  const Palette& p = palette();
  column.heading(t().clients);
  const std::vector<OperationRecord> history = model.session().history();
  column.begin_card();
  if (history.empty()) column.paragraph(Type::caption, p.muted, t().no_operations);
  constexpr std::size_t shown_max = 10;
  const std::size_t first = history.size() > shown_max ? history.size() - shown_max : 0;
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (std::size_t i = history.size(); i-- > first;) {
    const OperationRecord& record = history[i];
    std::string_view word = t().pending;
    Icon icon = Icon::delay;
    ImU32 ink = p.muted;
    switch (record.outcome) {
      case Outcome::ok:
        word = t().ok;
        icon = Icon::check;
        ink = p.green;
        break;
      case Outcome::failed:
        word = t().failed;
        icon = Icon::cross;
        ink = p.vermilion;
        break;
      case Outcome::unknown:
        word = t().unknown;
        icon = Icon::question;
        ink = p.orange;
        break;
      case Outcome::pending:
        break;
    }
    const Rect r = column.take(px(22));
    std::string outcome(word);
    if (record.outcome == Outcome::ok || record.outcome == Outcome::failed) {
      outcome += " " + clock_text(record.completed_us);
    }
    const float w = draw::text_width(Type::caption, outcome);
    draw::text_in(list, {r.right() - w - 1, r.y, w + 1, r.h}, Type::caption, ink, outcome);
    draw_icon(list, icon, {r.right() - w - px(13), r.y + r.h / 2}, px(11), ink);
    const std::string who = model.session().node_name(record.client);
    const float who_w = std::min(draw::text_width(Type::strong, who), px(90));
    draw::text_in(list, {r.x, r.y, who_w + 1, r.h}, Type::strong, p.text, who);
    draw::text_in(list, {r.x + who_w + px(8), r.y, r.w - who_w - w - px(36), r.h}, Type::body,
                  mix(p.muted, p.text, 0.6f), model.session().describe_operation(record));
  }
  column.end_card();
  column.skip(6);
}

}  // namespace netsplit::ui
