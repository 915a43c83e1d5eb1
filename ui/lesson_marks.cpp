#include "ui/lesson_marks.h"

#include <algorithm>

#include "ui/model.h"
#include "ui/signs.h"

namespace netsplit::ui {
namespace {

// Once: then the column is the reader's to scroll.
void bring_into_view(Model& model, float y) {
  constexpr float panel_css = 200;
  if (!model.lesson.panel_due) return;
  model.lesson.panel_due = false;
  const float top = ImGui::GetWindowPos().y;
  const bool seen = y >= top && y + px(panel_css) <= top + ImGui::GetWindowHeight();
  if (seen) return;
  // No further than it takes: the verdicts above stay in view where there is room.
  if (y < top)
    ImGui::SetScrollFromPosY(y - top, 0.05f);
  else
    ImGui::SetScrollFromPosY(y - top + px(panel_css), 1);
  model.touched_s = model.now_s;  // it is drawn there in the next frame
}

}  // namespace

void draw_lesson_marks(const Model& model, ImDrawList* list, const std::vector<float>& reach) {
  const LessonStep* step = step_told(model);
  if (step == nullptr || model.node_at.empty()) return;
  const ImU32 color = palette().orange;
  const auto place = [&](const std::string& name) -> const ImVec2* {
    const NodeId id = model.session().find_node(name);
    const auto index = static_cast<std::size_t>(id.value);
    return id == nobody || index >= model.node_at.size() ? nullptr : &model.node_at[index];
  };
  for (const Highlight& highlight : step->highlight) {
    const ImVec2* at = place(highlight.node);
    if (highlight.kind == Highlight::Kind::node || highlight.kind == Highlight::Kind::field) {
      if (at == nullptr) continue;
      const auto index = static_cast<std::size_t>(at - model.node_at.data());
      const float outer = index < reach.size() ? reach[index] + px(4.5f) : 0;
      signs::spoken_of(list, *at, std::max(model.node_radius + px(13), outer));
    } else if (highlight.kind == Highlight::Kind::link) {
      const ImVec2* other = place(highlight.other);
      if (at != nullptr && other != nullptr)
        list->AddLine(*at, *other, with_alpha(color, 0.3f), px(9));
    } else if (highlight.kind == Highlight::Kind::message) {
      const auto& messages = model.moment.messages;
      const std::size_t count = std::min(messages.size(), model.message_at.size());
      for (std::size_t i = 0; i < count; ++i) {
        const MessageInfo& info = model.session().protocol().messages[messages[i].kind];
        if (info.name == highlight.name)
          list->AddCircle(model.message_at[i].at, px(14), color, 0, px(2));
      }
    }
  }
}

void panel_heading(Model& model, Column& column, std::string_view panel, std::string_view text,
                   std::string_view aside) {
  if (points_at(model, Highlight::Kind::panel, panel)) {
    bring_into_view(model, column.y());
    draw_lesson_bar(ImGui::GetWindowDrawList(),
                    {column.x() - px(2), column.y() - px(1), column.width(), px(22)});
  }
  column.heading(text, aside);
}

void draw_lesson_bar(ImDrawList* list, const Rect& rect) {
  draw::fill(list, rect, with_alpha(palette().orange, 0.1f), px(4));
  draw::fill(list, {rect.x - px(5), rect.y + px(2), px(3), rect.h - px(4)}, palette().orange,
             px(1.5f));
}

}  // namespace netsplit::ui
