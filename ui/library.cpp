// The experiments, by chapter.
#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {

void library_panel(Model& model, LibraryState& state, Column& column) {
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool touch_sized = model.places.form == Form::narrow;
  column.heading(t().library);
  const auto scenarios = library();
  for (std::size_t first = 0; first < scenarios.size();) {
    const std::string& chapter = scenarios[first].chapter;
    std::size_t last = first;
    while (last < scenarios.size() && scenarios[last].chapter == chapter) ++last;
    const bool current = model.open() && model.scenario.chapter == chapter;
    const bool open = current != (state.toggled.count(chapter) != 0);

    const Rect head = column.take(px(touch_sized ? 44 : 29));
    const Touch touch = touch_area(model.controls, "chapter." + chapter, head);
    if (touch.hovered) draw::fill(list, head, with_alpha(p.hover, 0.6f), px(6));
    if (touch.pressed) {
      if (!state.toggled.erase(chapter)) state.toggled.insert(chapter);
    }
    draw_icon(list, open ? Icon::chevron_down : Icon::chevron_right,
              {head.x + px(10), head.y + head.h / 2}, px(10), p.muted);
    const std::string count = std::to_string(last - first);
    const float count_w = draw::text_width(Type::caption, count);
    draw::text_in(list, {head.x + px(24), head.y, head.w - px(40) - count_w, head.h}, Type::body,
                  current ? p.text : mix(p.muted, p.text, 0.75f), chapter);
    draw::text_in(list, {head.right() - px(10) - count_w, head.y, count_w + 1, head.h},
                  Type::caption, p.muted, count);

    for (std::size_t i = first; open && i < last; ++i) {
      const Scenario& scenario = scenarios[i];
      const Rect row = column.take(px(touch_sized ? 44 : 30));
      const bool chosen = model.open() && model.scenario.id == scenario.id;
      const Touch hit = touch_area(model.controls, "scenario." + scenario.id, row);
      if (chosen) {
        draw::fill(list, row, p.raised, px(6));
        draw::fill(list, {row.x, row.y + px(5), px(2.5f), row.h - px(10)}, p.sky, px(1));
      } else if (hit.hovered) {
        draw::fill(list, row, with_alpha(p.hover, 0.6f), px(6));
      }
      draw::text_in(list, {row.x + px(24), row.y, row.w - px(32), row.h}, Type::body,
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
