// What the lesson's present step speaks of, marked where it is drawn.
#pragma once

#include <string_view>

#include "ui/widgets.h"

namespace netsplit::ui {

struct Model;

// Rings round nodes, halos along links and round messages, to lie below them.
void draw_lesson_marks(const Model& model, ImDrawList* list);
// A panel's heading, marked when the step points at the panel ("clients").
void panel_heading(const Model& model, Column& column, std::string_view panel,
                   std::string_view text, std::string_view aside = {});
// A bar at the left edge of what a panel shows.
void draw_lesson_bar(ImDrawList* list, const Rect& rect);

}  // namespace netsplit::ui
