// The command palette: every command, experiment, parameter and node by a few letters of its name.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "ui/palette_match.h"
#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

struct Item {
  std::string title;
  std::string_view kind;
  std::string_view key;
  std::string command;
};

void add_commands(const Model& model, std::vector<Item>& items) {
  const auto add = [&](std::string_view title, std::string_view command,
                       std::string_view key = {}) {
    items.push_back({std::string(title), t().kind_command, key, std::string(command)});
  };
  add(model.playing ? t().pause : t().play, "toggle_play", t().key_space);
  add(t().does_step_on, "step", "\xE2\x86\x92");
  add(t().does_step_back, "step_back", "\xE2\x86\x90");
  add(t().does_home, "home", t().key_home);
  add(t().does_end, "end", t().key_end);
  add(t().share, "share");
  add(t().undo, "undo", t().key_undo);
  add(t().redo, "redo", t().key_redo);
  add(t().heal_all, "heal_all");
  for (std::size_t i = 0; i < section_names.size(); ++i) {
    add(say(t().edit_section, {section_title(static_cast<Section>(i))}),
        "edit:" + std::string(section_names[i]));
  }
  add(t().show_library, "library");
  add(t().legend, "legend", "D");
  add(t().open_file, "open_file", t().key_open);
  add(t().save_file, "save", t().key_save);
  add(t().copy_scenario, "copy_scenario");
  add(t().save_svg, "save_picture:svg");
  add(t().save_png, "save_picture:png");
  constexpr std::array<std::string_view, 6> keys{"V", "C", "L", "P", "X", "K"};
  const std::array<std::string_view, 6> tools{t().select,     t().cut,        t().partition_tool,
                                              t().pause_tool, t().crash_tool, t().clock_tool};
  for (std::size_t i = 0; i < keys.size(); ++i)
    add(say(t().take_tool, {tools[i]}), "select_tool:" + std::string(tool_names[i]), keys[i]);
  const std::array<std::string_view, 3> themes{t().theme_system, t().theme_dark, t().theme_light};
  for (std::size_t i = 0; i < themes.size(); ++i) {
    add(std::string(t().theme_word) + ": " + std::string(themes[i]),
        "theme:" + std::string(theme_names[i]));
  }
  for (const LanguageInfo& each : languages) {
    add(std::string(t().language_word) + ": " + std::string(each.name),
        "language:" + std::string(each.code));
  }
  add(t().keys_title, "keys", "?");
}

void add_run(const Model& model, std::vector<Item>& items) {
  const auto& infos = model.session().protocol().parameters;
  for (std::size_t i = 0; i < infos.size(); ++i) {
    const std::int64_t value = model.session().parameter(static_cast<std::int64_t>(i));
    const std::string name(infos[i].name);
    items.push_back({words(name) + ": " + format_parameter(infos[i], value), t().kind_parameter, "",
                     "edit_parameter:" + name});
    for (std::size_t c = 0; c < infos[i].choices.size(); ++c) {
      const auto choice = static_cast<std::int64_t>(c);
      if (choice == value) continue;
      items.push_back({words(name) + " \xE2\x86\x92 " + infos[i].choices[c], t().kind_parameter, "",
                       "parameter:" + name + "=" + infos[i].choices[c]});
    }
  }
  for (std::size_t i = 0; i < model.scenario.stagings.size(); ++i) {
    const Staging& staging = model.scenario.stagings[i];
    items.push_back({staging.title, t().moments, "", "stage:" + std::to_string(i)});
  }
  if (!model.moment.detailed()) return;
  for (std::int32_t i = 0; i < model.session().node_count(); ++i) {
    const NodeId id{i};
    const std::string name = model.session().node_name(id);
    const Condition condition = model.session().node_condition(id);
    const auto add = [&](std::string_view verb, std::string_view command) {
      items.push_back(
          {name + ": " + std::string(verb), t().kind_node, "", std::string(command) + ":" + name});
    };
    add(t().select_node, "select");
    add(condition == Condition::paused ? t().resume_node : t().pause_node,
        condition == Condition::paused ? "resume_node" : "pause_node");
    add(condition == Condition::down ? t().restart_node : t().crash_node,
        condition == Condition::down ? "restart_node" : "crash_node");
    add(t().isolate, "isolate");
  }
  for (const LinkShown& link : model.moment.links) {
    const std::string a = model.session().node_name(link.a);
    const std::string b = model.session().node_name(link.b);
    const bool cut = link.cut_ab || link.cut_ba;
    items.push_back(
        {a + " \xE2\x80\x93 " + b + ": " + std::string(cut ? t().heal_link : t().cut_link),
         t().kind_link, "", (cut ? "heal:" : "cut:") + a + "," + b});
  }
  const MessageId chosen = model.selected_message;
  if (chosen == 0) return;
  for (const auto& [verb, command] :
       {std::pair{t().drop, "drop"}, {t().duplicate, "duplicate"}, {t().deliver, "deliver"}}) {
    items.push_back({std::string(verb), t().kind_message, "",
                     std::string(command) + ":" + std::to_string(chosen)});
  }
}

std::vector<Item> items_of(const Model& model) {
  std::vector<Item> items;
  add_commands(model, items);
  if (model.open()) add_run(model, items);
  for (const Scenario& scenario : library())
    items.push_back({scenario.title, t().kind_experiment, "", "open:" + scenario.id});
  return items;
}

// Those that fit, the best first.
std::vector<Item> found(const Model& model, std::string_view query) {
  std::vector<Item> items = items_of(model);
  std::vector<std::pair<int, std::size_t>> ranked;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const int rank = match_rank(query, items[i].title, items[i].kind);
    if (rank > 0) ranked.emplace_back(-rank, i);
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<Item> best;
  for (const auto& [rank, i] : ranked) best.push_back(std::move(items[i]));
  return best;
}

bool row(Model& model, const Rect& r, const Item& item, bool chosen) {
  const Touch touch = touch_area(model.controls, "palette." + item.command, r);
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (chosen)
    draw::fill(list, r, p.hover, px(7));
  else if (touch.hovered)
    draw::fill(list, r, with_alpha(p.hover, 0.6f), px(7));
  if (chosen) draw::fill(list, {r.x, r.y + px(7), px(3), r.h - px(14)}, p.sky, px(1.5f));
  const float kind = draw::text_width(Type::caption, item.kind);
  const float key = item.key.empty() ? 0 : draw::text_width(Type::mono_small, item.key) + px(14);
  draw::text_in(list, {r.x + px(14), r.y, r.w - kind - key - px(44), r.h}, Type::body, p.text,
                item.title);
  draw::text_in(list, {r.x, r.y, r.w - px(12), r.h}, Type::caption, p.muted, item.kind,
                draw::Align::right);
  if (key > 0) {
    const Rect badge{r.right() - kind - px(22) - key, r.y + (r.h - px(20)) / 2, key, px(20)};
    draw::card(list, badge, p.strong_line, p.ground, px(5));
    draw::text_in(list, badge, Type::mono_small, p.muted, item.key, draw::Align::center);
  }
  return touch.pressed;
}

void query_field(Model& model, PaletteState& state, const Rect& r) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw_icon(list, Icon::search, {r.x + px(18), r.y + r.h / 2}, px(15), palette().muted);
  const Face f = face(Type::title);
  ImGui::SetCursorScreenPos({r.x + px(40), r.y + std::round((r.h - f.size) / 2)});
  ImGui::SetNextItemWidth(r.w - px(52));
  ImGui::PushFont(f.font, f.size);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {0, 0});
  if (state.frames <= 2) ImGui::SetKeyboardFocusHere();
  // The sign that opened it is not the first letter of what is looked for.
  if (state.frames <= 1) ImGui::GetIO().InputQueueCharacters.resize(0);
  const std::string hint(t().palette_hint);
  if (ImGui::InputTextWithHint("##query", hint.c_str(), state.query, sizeof state.query))
    state.chosen = 0;
  ImGui::PopStyleVar();
  ImGui::PopFont();
  model.controls.add("palette", r);
  draw::line(list, {r.x, r.bottom()}, {r.right(), r.bottom()}, palette().line, px(1));
}

}  // namespace

void palette_overlay(Model& model, PaletteState& state, float width, float height) {
  const float w = std::min(width - px(24), px(600));
  const float row_h = px(model.host.touch ? 44 : 34);
  const float head = px(48);
  const float room = std::max(row_h * 3, height * 0.8f - px(40) - head);
  const auto rows = static_cast<std::size_t>(std::clamp(room / row_h, 3.f, 11.f));
  const Rect card{std::round((width - w) / 2), std::round(height * 0.12f), w,
                  head + row_h * static_cast<float>(rows) + px(12)};
  begin_region("palette", card, IM_COL32(0, 0, 0, 0), Region::floats);
  if (ImGui::IsWindowAppearing()) {
    ImGui::SetWindowFocus();
    state = {};
  }
  ++state.frames;
  draw::card(ImGui::GetWindowDrawList(), card, palette().strong_line, palette().panel, px(12));
  query_field(model, state, {card.x, card.y, w, head});

  const std::vector<Item> items = found(model, state.query);
  if (state.frames > 2 && !items.empty()) {
    const auto wanted = [](ImGuiKey key) { return ImGui::IsKeyPressed(key, true); };
    if (wanted(ImGuiKey_DownArrow)) state.chosen = (state.chosen + 1) % items.size();
    if (wanted(ImGuiKey_UpArrow)) state.chosen = (state.chosen + items.size() - 1) % items.size();
  }
  state.chosen = std::min(state.chosen, items.empty() ? 0 : items.size() - 1);
  const bool enter = ImGui::IsKeyPressed(ImGuiKey_Enter, false) ||
                     ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false);
  std::string command;
  const std::size_t first = state.chosen < rows ? 0 : state.chosen - rows + 1;
  float y = card.y + head + px(6);
  for (std::size_t i = first; i < std::min(items.size(), first + rows); ++i, y += row_h) {
    const bool pressed =
        row(model, {card.x + px(6), y, w - px(12), row_h}, items[i], i == state.chosen);
    if (pressed || (enter && state.frames > 2 && i == state.chosen)) command = items[i].command;
  }
  if (items.empty()) {
    draw::text_in(ImGui::GetWindowDrawList(), {card.x + px(20), y, w - px(40), row_h}, Type::body,
                  palette().muted, t().nothing_found);
  }
  end_region();
  if (command.empty()) return;
  model.overlay = Overlay::none;
  model.command(command, {});
}

}  // namespace netsplit::ui
