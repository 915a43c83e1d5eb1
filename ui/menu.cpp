// The window's menu: files, undo, pictures, theme and language.
#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr float width_css = 256;

struct Entry {
  std::string_view command;
  Icon icon;
  std::string_view label;
  std::string_view key;
  bool enabled = true;
};

void entry(Model& model, const Entry& what) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float h = px(model.host.touch ? 44 : 30);
  const Rect r{at.x, at.y, px(width_css), h};
  const bool pressed = button(model.controls, "menu." + std::string(what.command), r,
                              {.icon = what.icon,
                               .label = what.label,
                               .plain = true,
                               .enabled = what.enabled,
                               .left = true});
  if (!what.key.empty() && !model.host.touch) {
    draw::text_in(ImGui::GetWindowDrawList(), {r.x, r.y, r.w - px(10), r.h}, Type::small,
                  palette().muted, what.key, draw::Align::right);
  }
  ImGui::SetCursorScreenPos({at.x, at.y + h});
  if (!pressed) return;
  ImGui::CloseCurrentPopup();
  model.command(what.command, {});
}

void rule() {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw::line(ImGui::GetWindowDrawList(), {at.x, at.y + px(5)}, {at.x + px(width_css), at.y + px(5)},
             palette().line, px(1));
  ImGui::SetCursorScreenPos({at.x, at.y + px(10)});
}

// A caption and a few choices side by side.
template <class Choices>
std::size_t choice(Model& model, const std::string& name, std::string_view caption,
                   const Choices& choices, std::size_t chosen) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw::text_in(ImGui::GetWindowDrawList(), {at.x + px(11), at.y, px(width_css - 22), px(22)},
                Type::caption, palette().muted, caption);
  const float h = px(model.host.touch ? 44 : 28);
  const Rect r{at.x + px(8), at.y + px(23), px(width_css - 16), h};
  const std::size_t result = segments(model.controls, name, r, choices, chosen);
  ImGui::SetCursorScreenPos({at.x, at.y + px(28) + h});
  return result;
}

void contents(Model& model) {
  const bool open = model.open();
  entry(model, {"palette", Icon::search, t().palette, t().key_palette});
  entry(model, {"edit", Icon::pencil, t().edit_run, t().key_edit, open});
  rule();
  entry(model, {"undo", Icon::undo, t().undo, t().key_undo, model.history.can_undo()});
  entry(model, {"redo", Icon::redo, t().redo, t().key_redo, model.history.can_redo()});
  rule();
  entry(model, {"open_file", Icon::folder, t().open_file, t().key_open});
  entry(model, {"save", Icon::save, t().save_file, t().key_save, open});
  entry(model, {"copy_scenario", Icon::duplicate, t().copy_scenario, "", open});
  entry(model, {"save_picture:svg", Icon::picture, t().save_svg, "", open});
  entry(model, {"save_picture:png", Icon::picture, t().save_png, "", open});
  rule();
  const std::array<std::string, 3> themes{
      std::string(t().theme_system), std::string(t().theme_dark), std::string(t().theme_light)};
  const auto theme_now = static_cast<std::size_t>(model.theme_choice);
  const std::size_t picked = choice(model, "theme", t().theme_word, themes, theme_now);
  if (picked != theme_now) model.command("theme", theme_names[picked]);
  std::array<std::string, languages.size()> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = languages[i].name;
  const auto spoken = static_cast<std::size_t>(language());
  const std::size_t wanted = choice(model, "language", t().language_word, names, spoken);
  if (wanted != spoken) model.command("language", languages[wanted].code);
  rule();
  entry(model, {"legend", Icon::legend, t().legend, "D"});
  entry(model, {"keys", Icon::keyboard, t().keys_title, "?"});
}

}  // namespace

void main_menu(Model& model, const Rect& at) {
  if (button(model.controls, "menu", at, {.icon = Icon::more, .tip = t().tip_menu, .plain = true}))
    ImGui::OpenPopup("main menu");
  ImGui::SetNextWindowPos({at.right(), at.bottom() + px(6)}, ImGuiCond_Appearing, {1, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(6), px(6)});
  if (ImGui::BeginPopup("main menu", ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoNav)) {
    contents(model);
    ImGui::Dummy({px(width_css), 0});
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar();
}

}  // namespace netsplit::ui
