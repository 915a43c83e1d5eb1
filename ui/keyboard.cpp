// The keyboard: which control has it, the shortcuts that hold everywhere, and what Escape closes.
#include <imgui_internal.h>

#include <algorithm>

#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

bool hit(Model& model, ImGuiKey key, bool repeat = false) {
  const bool pressed = ImGui::IsKeyPressed(key, repeat);
  if (pressed) model.touched_s = model.now_s;
  return pressed;
}

// A sign that was typed, whatever keys a layout needs for it.
bool typed(char sign) {
  const auto& queue = ImGui::GetIO().InputQueueCharacters;
  return std::find(queue.begin(), queue.end(), static_cast<ImWchar>(sign)) != queue.end();
}

bool menu_open() {
  return ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
}

// True when something was closed.
bool escape(Model& model) {
  if (menu_open()) {
    ImGui::ClosePopupsExceptModals();
  } else if (model.overlay != Overlay::none) {
    model.overlay = Overlay::none;
  } else if (!model.controls.focus.empty()) {
    model.controls.focus.clear();
  } else if (model.editing) {
    model.editing = false;
  } else {
    return false;
  }
  return true;
}

bool shortcut(Model& model) {
  const bool shift = ImGui::GetIO().KeyShift;
  const auto does = [&](ImGuiKey key, const char* command) {
    if (!hit(model, key)) return false;
    model.command(command, {});
    // Who opened the editor by keyboard goes on in it.
    if (key == ImGuiKey_E && model.editing)
      model.controls.focus_on("edit." +
                              std::string(section_names[static_cast<std::size_t>(model.section)]));
    return true;
  };
  return does(ImGuiKey_Z, shift ? "redo" : "undo") || does(ImGuiKey_Y, "redo") ||
         does(ImGuiKey_K, "palette") || does(ImGuiKey_E, "edit") || does(ImGuiKey_S, "save") ||
         does(ImGuiKey_O, "open_file");
}

// Enter on a node or a message with the ring is Enter in the network: it opens the menu there.
bool enters_network(Model& model) {
  std::string& focus = model.controls.focus;
  const bool enter = ImGui::IsKeyPressed(ImGuiKey_Enter, false) ||
                     ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false);
  if (!enter || !model.open() || menu_open()) return false;
  if (focus.starts_with("node.")) {
    const NodeId id = model.session().find_node(focus.substr(5));
    if (id == nobody) return false;
    model.selected_node = id;
    model.selected_message = 0;
  } else if (focus.starts_with("message.")) {
    const auto id = parse_integer(focus.substr(8), 1, INT64_MAX);
    if (!id) return false;
    model.selected_message = static_cast<MessageId>(id.value());
  } else {
    return false;
  }
  focus.clear();
  return true;
}

void step_focus(Model& model, bool back) {
  Controls& controls = model.controls;
  if (!controls.move_focus(back)) controls.move_focus(back);
}

}  // namespace

bool tab(Model& model, bool back) {
  model.touched_s = model.now_s;
  if (ImGui::GetIO().WantTextInput) ImGui::ClearActiveID();
  return model.controls.move_focus(back);
}

bool keyboard(Model& model) {
  const ImGuiIO& io = ImGui::GetIO();
  Controls& controls = model.controls;
  if (ImGui::IsMouseClicked(0) || ImGui::IsMouseClicked(1)) controls.focus.clear();
  if (io.KeyAlt) return true;
  if (io.KeyCtrl) {
    // In a text field the usual keys edit the text.
    const bool in_palette = model.overlay == Overlay::palette;
    if (!io.WantTextInput || in_palette) {
      if (in_palette && hit(model, ImGuiKey_K)) return model.overlay = Overlay::none, true;
      if (!in_palette) shortcut(model);
    }
    return true;
  }
  if (hit(model, ImGuiKey_Tab, true)) {
    if (io.WantTextInput) ImGui::ClearActiveID();
    step_focus(model, io.KeyShift);
    return true;
  }
  const bool over = model.overlay != Overlay::none;
  if ((over || !io.WantTextInput) && ImGui::IsKeyPressed(ImGuiKey_Escape, false) && escape(model))
    return true;
  if (io.WantTextInput) return true;
  if (enters_network(model)) return false;
  // A menu that came without the ring has keys of its own.
  const bool ours = over || (menu_open() && !controls.focus.empty());
  if (ours && hit(model, ImGuiKey_DownArrow, true)) return step_focus(model, false), true;
  if (ours && hit(model, ImGuiKey_UpArrow, true)) return step_focus(model, true), true;
  if (!controls.focus.empty() && (hit(model, ImGuiKey_Enter) || hit(model, ImGuiKey_KeypadEnter) ||
                                  hit(model, ImGuiKey_Space))) {
    controls.press_focus();
    return true;
  }
  if (ours) return true;
  if (typed('/')) return model.command("palette", {}), true;
  if (typed('?')) return model.command("keys", {}), true;
  return false;
}

void network_stops(Model& model) {
  if (!model.open() || !model.moment.detailed()) return;
  begin_region("network stops", {0, 0, 1, 1}, IM_COL32(0, 0, 0, 0));
  const float r = model.node_radius;
  for (std::size_t i = 0; i < std::min(model.node_at.size(), model.moment.nodes.size()); ++i) {
    const ImVec2 at = model.node_at[i];
    model.controls.stop("node." + model.moment.nodes[i].name, {at.x - r, at.y - r, 2 * r, 2 * r});
  }
  if (model.message_at.size() <= labelled_messages_max) {
    for (const Model::Placed& placed : model.message_at) {
      const Rect rect{placed.at.x - px(9), placed.at.y - px(9), px(18), px(18)};
      model.controls.stop("message." + std::to_string(placed.id), rect);
    }
  }
  end_region();
}

}  // namespace netsplit::ui
