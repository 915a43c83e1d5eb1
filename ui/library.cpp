// The experiments, by chapter.
#include <algorithm>

#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {

namespace {

// A title beside its indent, in as many lines as it takes; how high its row is.
float title_height(std::string_view title, float width, float least) {
  return std::max(least, draw::paragraph(nullptr, 0, 0, width, Type::body, 0, title) + px(11));
}
void draw_title(const Rect& room, ImU32 ink, std::string_view title) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (draw::text_width(Type::body, title) <= room.w)
    return draw::text_in(list, room, Type::body, ink, title);
  const float height = draw::paragraph(nullptr, 0, 0, room.w, Type::body, 0, title);
  draw::paragraph(list, room.x, room.y + (room.h - height) / 2, room.w, Type::body, ink, title);
}

// The open experiment's chapter; pressed, it unfolds the list, or folds it. True: unfolded.
bool library_switch(Model& model, Column& column) {
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const std::string_view chapter =
      model.scenario.chapter.empty() ? t().show_library : model.scenario.chapter;
  const float room = column.width() - px(44);
  const Rect row = column.take(title_height(chapter, room, px(34)));
  const Touch touch = touch_area(model.controls, "library", row);
  draw::fill(list, row, touch.hovered ? p.hover : p.raised, px(7));
  draw::frame(list, row, p.line, px(7), px(1));
  draw_title({row.x + px(12), row.y, room, row.h}, p.text, chapter);
  draw_icon(list, model.library_open ? Icon::chevron_up : Icon::chevron_down,
            {row.right() - px(16), row.y + row.h / 2}, px(12), p.muted);
  if (touch.hovered) tip(t().show_library);
  if (touch.pressed) model.library_open = !model.library_open;
  column.skip(model.library_open ? 6 : 16);
  return model.library_open;
}

}  // namespace

void library_panel(Model& model, LibraryState& state, Column& column) {
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool touch_sized = model.places.form == Form::narrow;
  // A lesson is read from its beginning.
  if (state.opened != model.opened) ImGui::SetScrollY(0);
  state.opened = model.opened;
  column.heading(t().library);
  // Whoever has opened an experiment reads its lesson; on a phone the list follows the lesson.
  if (model.open() && !touch_sized && !library_switch(model, column)) return;
  const auto scenarios = library();
  for (std::size_t first = 0; first < scenarios.size();) {
    const std::string& chapter = scenarios[first].chapter;
    std::size_t last = first;
    while (last < scenarios.size() && scenarios[last].chapter == chapter) ++last;
    const bool current = model.open() && model.scenario.chapter == chapter;
    const bool open = current != (state.toggled.count(chapter) != 0);

    const std::string count = std::to_string(last - first);
    const float count_w = draw::text_width(Type::caption, count);
    const float head_room = column.width() - px(40) - count_w;
    const Rect head = column.take(title_height(chapter, head_room, px(touch_sized ? 44 : 29)));
    const Touch touch = touch_area(model.controls, "chapter." + chapter, head);
    if (touch.hovered) draw::fill(list, head, with_alpha(p.hover, 0.6f), px(6));
    if (touch.pressed) {
      if (!state.toggled.erase(chapter)) state.toggled.insert(chapter);
    }
    draw_icon(list, open ? Icon::chevron_down : Icon::chevron_right,
              {head.x + px(10), head.y + head.h / 2}, px(10), p.muted);
    draw_title({head.x + px(24), head.y, head_room, head.h},
               current ? p.text : mix(p.muted, p.text, 0.75f), chapter);
    draw::text_in(list, {head.right() - px(10) - count_w, head.y, count_w + 1, head.h},
                  Type::caption, p.muted, count);

    for (std::size_t i = first; open && i < last; ++i) {
      const Scenario& scenario = scenarios[i];
      const float room = column.width() - px(32);
      const Rect row = column.take(title_height(scenario.title, room, px(touch_sized ? 44 : 30)));
      const bool chosen = model.open() && model.scenario.id == scenario.id;
      const Touch hit = touch_area(model.controls, "scenario." + scenario.id, row);
      if (chosen) {
        draw::fill(list, row, p.raised, px(6));
        draw::fill(list, {row.x, row.y + px(5), px(2.5f), row.h - px(10)}, p.sky, px(1));
      } else if (hit.hovered) {
        draw::fill(list, row, with_alpha(p.hover, 0.6f), px(6));
      }
      draw_title({row.x + px(24), row.y, room, row.h},
                 chosen ? p.text : mix(p.muted, p.text, 0.75f), scenario.title);
      if (hit.hovered && !scenario.summary.empty()) tip(scenario.summary);
      if (hit.pressed && !chosen) {
        const Status opened = model.open_scenario(scenario.id);
        if (!opened) model.say_toast(opened.error(), Tone::bad);
      }
    }
    first = last;
  }
  column.skip(14);
}

}  // namespace netsplit::ui
