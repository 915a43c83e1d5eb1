// What stands for what in the network, each drawn in one place: on the canvas, and in the legend
// that explains it. Pure drawing: a sign knows its numbers, not the run.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/sim/timeline.h"
#include "ui/draw.h"
#include "ui/icons.h"

namespace netsplit::ui::signs {

// A node's role is its shape; its condition is the line round it, and what fills it.
std::vector<ImVec2> outline(Shape shape, ImVec2 center, float radius);
ImU32 stroke(Shape shape, Condition condition);
ImU32 ground(Condition condition);
// How wide words in its middle may be without touching its sides.
float room_across(Shape shape, float radius);
// How far below the middle of a drum its lid reaches; negative: above.
float lid(float radius);
void node(ImDrawList* list, Shape shape, Condition condition, ImVec2 center, float radius,
          float width);
// The bars of a pause, the cross of a node that is not there; nothing for one that is up.
void condition(ImDrawList* list, Condition condition, ImVec2 center, float size);

// Both loose ends, and scissors between them. Cut one way only, the open direction keeps its arrow.
// The scissors stand at this part of the way.
void cut(ImDrawList* list, ImVec2 from, ImVec2 to, bool there, bool back, bool hot,
         float part = 0.5f);
// The region of those who are cut off; one that is cut off one way only has dashes far apart.
void region(ImDrawList* list, const std::vector<ImVec2>& coast, bool one_way);

// A message's kind has a shape besides its colour.
ImU32 message_color(std::uint16_t kind);
void message(ImDrawList* list, ImVec2 at, std::uint16_t kind, float radius, ImU32 color);
// `strength` falls to 0 while it fades.
void lost(ImDrawList* list, ImVec2 at, float size, float strength);

// A timer's arc, or a lease's; `left` is the part of its time that is left.
void ring(ImDrawList* list, ImVec2 center, float radius, float left, bool lease);
float token_radius(std::string_view number, bool small);
void token(ImDrawList* list, ImVec2 at, std::string_view number, bool small);
// Nodes of one term look alike, and the number says which.
ImU32 epoch_color(std::int64_t number);
Rect epoch_plate(ImVec2 at, std::int64_t number, bool small, bool tiny);
void epoch(ImDrawList* list, ImVec2 at, std::int64_t number, bool small, bool tiny);
void lock(ImDrawList* list, ImVec2 at, bool held, bool small);

// One entry of a log: filled where it is committed, coloured by its term (-1: it has none).
void log_cell(ImDrawList* list, const Rect& rect, std::int64_t epoch, bool committed,
              std::string_view text);
// Behind the last committed entry; `x` is its right edge.
void log_border(ImDrawList* list, float x, float top, float height);
// Another place in the log, marked below its cell.
void log_place(ImDrawList* list, ImVec2 tip);

// A card of what waits for a node, and the line that leads from there to the node's edge.
void inbox(ImDrawList* list, ImVec2 edge, const Rect& card);

// A face with one hand, a turn per minute, over a thin one that is true.
void clock(ImDrawList* list, ImVec2 center, float radius, double shown_us, double true_us,
           bool right);

// Four arcs round what the lesson speaks of: a sign that no node, lease or flash has.
void spoken_of(ImDrawList* list, ImVec2 center, float radius);

// Above the time lines: what is wrong there, or a moment that is told of or worth a look.
void bad_flag(ImDrawList* list, ImVec2 center, float radius, Icon icon, ImU32 color);
void moment_flag(ImDrawList* list, ImVec2 center, float radius, std::string_view number,
                 bool hovered);
// On the track: what is done to the run; a person's is full, the scenario's hollow.
void input(ImDrawList* list, ImVec2 center, bool by_hand, bool hovered);

}  // namespace netsplit::ui::signs
