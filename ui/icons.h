// Icons drawn as shapes, because a font may lack the signs. Each fits a square of `size` round
// `center`.
#pragma once

#include <cstdint>

#include <imgui.h>

namespace netsplit::ui {

enum class Icon : std::uint8_t {
  none,
  play,
  pause,
  step,
  step_back,
  restart,
  share,
  pointer,
  scissors,
  pause_bars,
  cross,
  check,
  question,
  moon,
  sun,
  panel,
  link,
  chevron_right,
  chevron_down,
  chevron_up,
  close,
  drop,
  duplicate,
  deliver,
  delay,
  isolate,
  branch,
  pen,
  compare,
  dot,
  plus,
  minus,
  list,
  lasso,
  clock,
  hand,
  fit,
  locked,
  unlocked,
  more,
  undo,
  redo,
  pencil,
  trash,
  up,
  down,
  folder,
  save,
  picture,
  keyboard,
  search,
  legend,
};

void draw_icon(ImDrawList* list, Icon icon, ImVec2 center, float size, ImU32 color);

}  // namespace netsplit::ui
