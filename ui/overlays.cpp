// What lies over the window: the list of keys, and the field that asks a desktop for a file's path.
// A press outside, or Escape, closes it.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

struct KeyRow {
  std::string keys;
  std::string_view does;
};

std::vector<KeyRow> key_rows() {
  const Strings& s = t();
  const std::string shift = std::string(s.key_shift) + " ";
  const auto keys = [](std::string_view text) { return std::string(text); };
  return {{
      {keys(s.key_space), s.does_play},
      {"\xE2\x86\x90  \xE2\x86\x92", s.does_step},
      {keys(s.key_home_end), s.does_ends},
      {"\xE2\x86\x91  \xE2\x86\x93", s.does_speed},
      {".  ,", s.does_lesson},
      {"1 \xE2\x80\x93 9", s.does_number},
      {keys(s.key_pages), s.does_pages},
      {shift + keys(s.key_home), s.does_fit_time},
      {"V", s.select},
      {"C", s.cut},
      {"L", s.partition_tool},
      {"P", s.pause_tool},
      {"X", s.crash_tool},
      {"K", s.clock_tool},
      {"H", s.by_hand},
      {keys(s.key_menu), s.does_menu},
      {"N  M", s.does_next},
      {"+  \xE2\x88\x92  0", s.does_zoom},
      {shift + "\xE2\x86\x90\xE2\x86\x91\xE2\x86\x92\xE2\x86\x93", s.does_pan},
      {"Tab", s.does_tab},
      {keys(s.key_enter), s.does_enter},
      {"Esc", s.does_escape},
      {keys(s.key_palette) + "  /", s.palette},
      {keys(s.key_edit), s.edit_run},
      {keys(s.key_undo), s.undo},
      {keys(s.key_redo), s.redo},
      {keys(s.key_open), s.open_file},
      {keys(s.key_save), s.save_file},
      {"I", s.check_all},
      {"D", s.legend},
      {"?", s.keys_title},
  }};
}

float height_of(const KeyRow& row, float width) {
  return std::max(px(27), draw::paragraph(nullptr, 0, 0, width, Type::body, 0, row.does) + px(8));
}

void key_row(Column& column, const KeyRow& row, float key_width) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float width = column.width() - key_width;
  const Rect r = column.take(height_of(row, width));
  const float w = draw::text_width(Type::mono_small, row.keys) + px(14);
  const Rect key{r.x, r.y + px(3), w, px(21)};
  draw::card(list, key, palette().strong_line, palette().ground, px(5));
  draw::text_in(list, key, Type::mono_small, palette().text, row.keys, draw::Align::center);
  draw::paragraph(list, r.x + key_width, r.y + px(4), width, Type::body, palette().text, row.does);
}

}  // namespace

// Dims the window; true when it was pressed.
static bool backdrop(float width, float height) {
  begin_region("backdrop", {0, 0, width, height}, IM_COL32(0, 0, 0, 120), Region::floats);
  if (ImGui::IsWindowAppearing()) ImGui::SetWindowFocus();
  ImGui::SetCursorScreenPos({0, 0});
  const bool pressed = ImGui::InvisibleButton("##behind", {width, height});
  end_region();
  return pressed;
}

void overlays(Model& model, Panels& panels, float width, float height) {
  if (model.overlay == Overlay::none) return;
  model.controls.layer = 1;
  const bool outside = backdrop(width, height);
  if (model.overlay == Overlay::palette)
    palette_overlay(model, panels.palette, width, height);
  else if (model.overlay == Overlay::keys)
    keys_overlay(model, width, height);
  else
    path_overlay(model, panels.path, width, height);
  if (outside) model.overlay = Overlay::none;
  if (model.overlay == Overlay::none) model.controls.focus.clear();
  model.controls.layer = 0;
}

void keys_overlay(Model& model, float width, float height) {
  const std::vector<KeyRow> rows = key_rows();
  const bool two = width > px(720);
  const float w = std::min(width - px(24), px(two ? 780 : 400));
  float key_width = 0;
  for (const KeyRow& row : rows)
    key_width = std::max(key_width, draw::text_width(Type::mono_small, row.keys) + px(14 + 10));
  const float column_w = two ? (w - px(60)) / 2 : w - px(40);
  const std::size_t half = two ? (rows.size() + 1) / 2 : rows.size();
  float heights[2] = {0, 0};
  for (std::size_t i = 0; i < rows.size(); ++i)
    heights[i / half] += height_of(rows[i], column_w - key_width);
  const float h = std::min(px(52) + std::max(heights[0], heights[1]) + px(18), height - px(24));
  const Rect card{std::round((width - w) / 2), std::round((height - h) / 2), w, h};
  // What scrolls ends before the card's corners, its bar too.
  begin_region("keys", card.grown(-px(5)), IM_COL32(0, 0, 0, 0), Region::floats_and_scrolls);
  if (ImGui::IsWindowAppearing()) ImGui::SetWindowFocus();
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRectFullScreen();
  draw::card(list, card, palette().strong_line, palette().panel, px(12));
  list->PopClipRect();
  const float top = card.y - ImGui::GetScrollY();
  draw::text_in(list, {card.x + px(20), top + px(8), w - px(80), px(40)}, Type::title,
                palette().text, t().keys_title);
  const float side = px(model.host.touch ? 44 : 34);
  if (button(model.controls, "keys.close", {card.right() - side - px(14), top + px(10), side, side},
             {.icon = Icon::close, .tip = t().close, .plain = true})) {
    model.overlay = Overlay::none;
  }
  for (std::size_t part = 0; part < (two ? 2u : 1u); ++part) {
    Column column(card.x + px(20) + static_cast<float>(part) * (column_w + px(20)), top + px(52),
                  column_w);
    for (std::size_t i = part * half; i < std::min(rows.size(), (part + 1) * half); ++i)
      key_row(column, rows[i], key_width);
  }
  const float bottom = top + px(52) + std::max(heights[0], heights[1]);
  ImGui::SetCursorScreenPos({card.x + px(20), bottom + px(6)});
  ImGui::Dummy({1, 1});
  end_region();
}

void path_overlay(Model& model, PathState& state, float width, float height) {
  const bool saving = model.overlay == Overlay::save_file;
  const float w = std::min(width - px(24), px(560));
  const Rect card{std::round((width - w) / 2), std::round(height * 0.2f), w, px(156)};
  begin_region("path", card, IM_COL32(0, 0, 0, 0), Region::floats);
  const bool fresh = ImGui::IsWindowAppearing();
  if (fresh) {
    ImGui::SetWindowFocus();
    state.fields = {};
    state.fields.asked = "path";
  }
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw::card(list, card, palette().strong_line, palette().panel, px(12));
  Column column(card.x + px(20), card.y + px(12), w - px(40));
  draw::text_in(list, column.take(px(30)), Type::title, palette().text,
                saving ? t().save_file : t().open_file);
  std::string entered;
  const Rect field = column.take(px(36));
  const std::string shown = saving ? model.saving_name : std::string();
  const bool changed = text_field(model.controls, state.fields, "path", field, shown, entered,
                                  Type::body, t().path_hint);
  column.skip(4);
  refusal(state.fields, "path", column);
  if (state.fields.refused.empty())
    column.paragraph(Type::caption, palette().muted, saving ? t().path_save : t().path_open);
  const bool enter =
      ImGui::IsKeyPressed(ImGuiKey_Enter) || ImGui::IsKeyPressed(ImGuiKey_KeypadEnter);
  if (!fresh && enter) {
    const std::string path = changed ? entered : shown;
    const Status done = saving ? model.save_as(path) : model.open_path(path);
    if (done)
      model.overlay = Overlay::none;
    else
      state.fields.refuse("path", path, done.error());
    if (!done) state.fields.asked = "path";
  }
  end_region();
}

}  // namespace netsplit::ui
