// What lies over the window: the list of keys, and the field that asks a desktop for a file's path.
// A press outside, or Escape, closes it.
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

struct KeyRow {
  std::string_view keys;
  std::string_view does;
};

void key_row(Column& column, const KeyRow& row, float key_width) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float text =
      draw::paragraph(nullptr, 0, 0, column.width() - key_width, Type::body, 0, row.does);
  const Rect r = column.take(std::max(px(27), text + px(8)));
  const float w = draw::text_width(Type::mono_small, row.keys) + px(14);
  const Rect key{r.x, r.y + px(3), w, px(21)};
  draw::card(list, key, palette().strong_line, palette().ground, px(5));
  draw::text_in(list, key, Type::mono_small, palette().text, row.keys, draw::Align::center);
  draw::paragraph(list, r.x + key_width, r.y + px(4), column.width() - key_width, Type::body,
                  palette().text, row.does);
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
  const std::array<KeyRow, 26> rows{{
      {t().key_space, t().does_play},
      {"\xE2\x86\x90  \xE2\x86\x92", t().does_step},
      {t().key_home_end, t().does_ends},
      {"\xE2\x86\x91  \xE2\x86\x93", t().does_speed},
      {"V", t().select},
      {"C", t().cut},
      {"P", t().pause_tool},
      {"X", t().crash_tool},
      {"L", t().partition_tool},
      {"K", t().clock_tool},
      {"H", t().by_hand},
      {"N  M", t().does_next},
      {"+  \xE2\x88\x92  0", t().does_zoom},
      {"Tab", t().does_tab},
      {"Enter", t().does_enter},
      {"Esc", t().does_escape},
      {"Ctrl K  /", t().palette},
      {"Ctrl E", t().edit_run},
      {"Ctrl Z", t().undo},
      {t().key_redo, t().redo},
      {"Ctrl O", t().open_file},
      {"Ctrl S", t().save_file},
      {"?", t().keys_title},
      {"I", t().check_all},
      {"D", t().legend},
      {t().key_menu, t().does_menu},
  }};
  const bool two = width > px(720);
  const float w = std::min(width - px(24), px(two ? 760 : 400));
  float h = px(60);
  const std::size_t half = two ? (rows.size() + 1) / 2 : rows.size();
  h += static_cast<float>(half) * px(two ? 34 : 40) + px(12);
  h = std::min(h, height - px(24));
  const Rect card{std::round((width - w) / 2), std::round((height - h) / 2), w, h};
  begin_region("keys", card, IM_COL32(0, 0, 0, 0), Region::floats_and_scrolls);
  if (ImGui::IsWindowAppearing()) ImGui::SetWindowFocus();
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw::card(list, card, palette().strong_line, palette().panel, px(12));
  const float top = card.y - ImGui::GetScrollY();
  draw::text_in(list, {card.x + px(20), top + px(8), w - px(80), px(40)}, Type::title,
                palette().text, t().keys_title);
  const float side = px(model.host.touch ? 44 : 34);
  if (button(model.controls, "keys.close", {card.right() - side - px(10), top + px(10), side, side},
             {.icon = Icon::close, .tip = t().close, .plain = true})) {
    model.overlay = Overlay::none;
  }
  const float key_width = px(108);
  const float column_w = two ? (w - px(60)) / 2 : w - px(40);
  float bottom = 0;
  for (std::size_t part = 0; part < (two ? 2u : 1u); ++part) {
    Column column(card.x + px(20) + static_cast<float>(part) * (column_w + px(20)), top + px(52),
                  column_w);
    for (std::size_t i = part * half; i < std::min(rows.size(), (part + 1) * half); ++i)
      key_row(column, rows[i], key_width);
    bottom = std::max(bottom, column.y());
  }
  ImGui::SetCursorScreenPos({card.x, bottom + px(10)});
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
