// What the page's C++ files share. JavaScript calls the functions named page_… in these files; the
// other way round everything goes through the functions of `netsplit` that boot.js, input.js and
// mirror.js define.
//
// No GLFW here. Emscripten's emulation listens to the whole document and keeps Tab from ever
// leaving the canvas, loses the mouse outside it, rounds the wheel, goes to full screen when the
// canvas is as large as the screen (every phone), and before 3.1.51 knows no pixel ratio.
#pragma once

#include <string>

namespace netsplit::web {

// Asks for a frame. Frames then go on by themselves for as long as something moves.
void wake();
// Draws before the event's handler returns: what a browser allows only within a gesture (copying,
// the keyboard of a phone) then happens within it.
void draw_now();
// Backing store pixels per CSS pixel.
float pixel_ratio();
bool ready();

// To be called between ImGui::NewFrame and the window's own drawing.
void scroll_by_touch();
// Something is still on its way through ImGui's queue, or a scroll is running out.
bool input_pending();
// What was pasted last, for ImGui's own text fields.
const std::string& pasted_text();

}  // namespace netsplit::web
