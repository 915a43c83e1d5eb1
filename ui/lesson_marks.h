// What the lesson's present step speaks of, marked where it is drawn.
#pragma once

#include <string_view>
#include <vector>

#include "ui/widgets.h"

namespace netsplit::ui {

struct Model;

// Rings round nodes, halos along links and round messages, to lie below them. `reach`: of each
// node, with the arcs round it.
void draw_lesson_marks(const Model& model, ImDrawList* list, const std::vector<float>& reach);
// A panel's heading, marked when the step points at the panel ("clients"), and brought into view
// when that step begins.
void panel_heading(Model& model, Column& column, std::string_view panel, std::string_view text,
                   std::string_view aside = {});
// A bar at the left edge of what a panel shows.
void draw_lesson_bar(ImDrawList* list, const Rect& rect);

}  // namespace netsplit::ui
