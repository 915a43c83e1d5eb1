// The network's gestures: mouse, finger and keys.
#include <algorithm>
#include <cmath>

#include "ui/canvas.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr float drag_start_css = 4;
constexpr double long_press_s = 0.5;
constexpr float zoom_min = 0.4f;
constexpr float zoom_max = 40;
// More nodes than this keep only the places of those that were moved.
constexpr std::size_t all_places_max = 60;

bool inside(const std::vector<ImVec2>& polygon, ImVec2 p) {
  bool in = false;
  for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
    const ImVec2 a = polygon[i];
    const ImVec2 b = polygon[j];
    if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) in = !in;
  }
  return in;
}

}  // namespace

void Canvas::zoom_by(float factor, ImVec2 about) {
  const float zoom = std::clamp(zoom_ * factor, zoom_min, zoom_max);
  const ImVec2 middle = area_.center();
  // The point under the mouse stays under it.
  pan_ = (about - middle) - ((about - middle) - pan_) * (zoom / zoom_);
  zoom_ = zoom;
}

void Canvas::act(Model& model, const Rect& rect) {
  ImGuiIO& io = ImGui::GetIO();
  ImGui::SetCursorScreenPos(rect.min());
  ImGui::InvisibleButton("##network", {rect.w, rect.h},
                         ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight |
                             ImGuiButtonFlags_MouseButtonMiddle);
  hovered_ = ImGui::IsItemHovered();
  hot_ = hovered_ && dragging_ == Drag::none ? hit(model, io.MousePos) : Hit{};
  if (hovered_ && io.MouseWheel != 0) zoom_by(std::pow(1.12f, io.MouseWheel), io.MousePos);
  const bool on_nothing = hot_.node == nobody && hot_.link < 0 && hot_.message < 0 && hot_.row < 0;
  if (hovered_ && on_nothing && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left))
    model.fit_wanted = true;
  if (ImGui::IsItemActivated()) begin_drag(model);
  if (dragging_ != Drag::none && ImGui::IsItemActive()) go_on_dragging(model);
  if (ImGui::IsItemDeactivated()) end_drag(model);
  // A finger has no right button: holding it still does the same.
  const bool held_still = model.host.touch && dragging_ != Drag::none && !moved_ &&
                          io.MouseDownDuration[ImGuiMouseButton_Left] > long_press_s;
  if (held_still) dragging_ = Drag::none;
  if (held_still || (hovered_ && ImGui::IsMouseReleased(ImGuiMouseButton_Right)))
    open_menu(model, hit(model, io.MousePos), io.MousePos);
}

void Canvas::begin_drag(const Model& model) {
  pressed_at_ = ImGui::GetIO().MousePos;
  pressed_on_ = hit(model, pressed_at_);
  moved_ = false;
  dragging_ = Drag::none;
  if (ImGui::IsMouseDown(ImGuiMouseButton_Right)) return;
  dragged_ = pressed_on_.node;
  dragging_ = Drag::pan;
  if (ImGui::IsMouseDown(ImGuiMouseButton_Middle) || pressed_on_.row >= 0) return;
  if (model.tool == Tool::cut) dragging_ = Drag::knife;
  if (model.tool == Tool::partition) {
    dragging_ = Drag::lasso;
    lasso_.assign(1, pressed_at_);
  }
  if (dragged_ == nobody) return;
  if (model.tool == Tool::select) dragging_ = Drag::node;
  if (model.tool == Tool::clock) dragging_ = Drag::clock;
}

void Canvas::go_on_dragging(Model& model) {
  const ImGuiIO& io = ImGui::GetIO();
  if (length(io.MousePos - pressed_at_) > px(drag_start_css)) moved_ = true;
  if (!moved_) return;
  if (dragging_ == Drag::pan) pan_ = pan_ + io.MouseDelta;
  if (dragging_ == Drag::node) {
    ImVec2& place = places_[static_cast<std::size_t>(dragged_.value)];
    place.x = std::clamp(place.x + io.MouseDelta.x / zoom_ / area_.w * 1000, 0.f, 1000.f);
    place.y = std::clamp(place.y + io.MouseDelta.y / zoom_ / area_.h * 1000, 0.f, 1000.f);
  }
  if (dragging_ == Drag::lasso && length(io.MousePos - lasso_.back()) > px(3))
    lasso_.push_back(io.MousePos);
  if (dragging_ == Drag::knife) model.marked.clear();
}

void Canvas::end_drag(Model& model) {
  const Drag was = dragging_;
  dragging_ = Drag::none;
  if (was == Drag::none) return;
  if (!moved_) return press(model, pressed_on_);
  if (was == Drag::knife) finish_knife(model);
  if (was == Drag::lasso) finish_lasso(model);
  if (was == Drag::node) keep_places(model);
  if (was == Drag::clock) model.set_drift(dragged_, drift_of_drag());
}

// Where nodes were dragged to goes into the scenario, and with it into files and links. Of a few
// nodes all, so that the next reader sees the same picture.
void Canvas::keep_places(Model& model) {
  if (places_.size() > all_places_max) {
    model.move_node(dragged_, places_[static_cast<std::size_t>(dragged_.value)]);
  } else {
    for (std::size_t i = 0; i < places_.size(); ++i)
      model.move_node(NodeId{static_cast<std::int32_t>(i)}, places_[i]);
  }
  placed_positions_ = model.scenario.positions;  // they are drawn so already
  model.changed();
}

// To the right the clock runs fast, to the left slow; slowly at first, so that small drifts can be
// set. Whole percents snap.
std::int64_t Canvas::drift_of_drag() const {
  const float way = (ImGui::GetIO().MousePos.x - pressed_at_.x) / px(1);
  const float part = std::clamp(std::abs(way) / 260, 0.f, 1.f);
  auto ppm = static_cast<std::int64_t>(part * part * static_cast<float>(drift_max_ppm));
  const std::int64_t round = ppm >= 10'000 ? 10'000 : ppm >= 1'000 ? 1'000 : 100;
  ppm = ppm / round * round;
  return way < 0 ? -ppm : ppm;
}

void Canvas::press(Model& model, const Hit& at) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (at.row >= 0) {
    if (static_cast<std::size_t>(at.row) < rows_.size())
      press_row(model, InboxRow(rows_[static_cast<std::size_t>(at.row)]));
    return;
  }
  if (at.message >= 0) {
    // The message may have arrived while the button was down.
    if (static_cast<std::size_t>(at.message) < model.moment.messages.size())
      open_menu(model, at, mouse);
    return;
  }
  switch (model.tool) {
    case Tool::select:
      model.selected_node = at.node;
      model.selected_message = 0;
      if (at.node != nobody && model.places.form == Form::narrow) model.sheet = Sheet::inspect;
      if (at.node != nobody && model.places.form == Form::medium) model.drawer_open = true;
      if (at.node != nobody) model.lesson.panel_due = false;  // the reader looks elsewhere
      break;
    case Tool::cut:
      if (at.link >= 0)
        press_link(model, LinkShown(model.moment.links[static_cast<std::size_t>(at.link)]));
      break;
    case Tool::partition:
      if (at.node != nobody) {
        menu_nodes_ = {at.node};
        ask_for(Menu::partition, mouse);
      } else if ((menu_island_ = island_at(mouse)) >= 0) {
        ask_for(Menu::island, mouse);
      }
      break;
    case Tool::pause:
      if (at.node != nobody) model.toggle_pause(at.node);
      break;
    case Tool::crash:
      if (at.node != nobody) model.toggle_crash(at.node);
      break;
    case Tool::clock:
      if (at.node == nobody) break;
      menu_node_ = at.node;
      ask_for(Menu::clock, mouse);
      break;
  }
}

void Canvas::press_link(Model& model, const LinkShown& link) {
  model.cut_link(link.a, link.b, !(link.cut_ab || link.cut_ba));
}

// By hand a click delivers or fires; in a run that goes by itself it shows the message.
void Canvas::press_row(Model& model, const InboxRow& row) {
  menu_node_ = row.node;
  if (row.more > 0) return ask_for(Menu::inbox, row.rect.center());
  if (row.timer >= 0) return model.fire_timer(row.node, static_cast<std::size_t>(row.timer));
  if (row.message < 0 || static_cast<std::size_t>(row.message) >= model.moment.messages.size())
    return;
  if (model.manual())
    return model.on_message(Action::deliver,
                            model.moment.messages[static_cast<std::size_t>(row.message)].id);
  Hit at;
  at.message = row.message;
  open_menu(model, at, row.rect.center());
}

// Cuts what the stroke crossed; when all of it was cut already, heals it.
void Canvas::finish_knife(Model& model) {
  const ImVec2 end = ImGui::GetIO().MousePos;
  std::vector<LinkShown> crossed;
  for (const LinkShown& link : model.moment.links) {
    if (segments_cross(pressed_at_, end, model.node_at[static_cast<std::size_t>(link.a.value)],
                       model.node_at[static_cast<std::size_t>(link.b.value)])) {
      crossed.push_back(link);
    }
  }
  const bool all_cut = std::all_of(crossed.begin(), crossed.end(), [](const LinkShown& link) {
    return link.cut_ab || link.cut_ba;
  });
  for (const LinkShown& link : crossed) {
    if (all_cut || !(link.cut_ab && link.cut_ba)) model.cut_link(link.a, link.b, !all_cut);
  }
}

std::vector<NodeId> Canvas::nodes_in_lasso(const Model& model) const {
  std::vector<NodeId> found;
  if (lasso_.size() < 3) return found;
  for (std::size_t i = 0; i < model.node_at.size(); ++i) {
    if (inside(lasso_, model.node_at[i])) found.push_back(NodeId{static_cast<std::int32_t>(i)});
  }
  return found;
}

void Canvas::finish_lasso(Model& model) {
  menu_nodes_ = nodes_in_lasso(model);
  lasso_.clear();
  if (menu_nodes_.empty()) return model.say_toast(std::string(t().lasso_empty));
  if (menu_nodes_.size() == model.node_at.size())
    return model.say_toast(std::string(t().nothing_apart));
  ask_for(Menu::partition, ImGui::GetIO().MousePos);
}

std::int64_t Canvas::island_at(ImVec2 point) const {
  for (std::size_t i = 0; i < coasts_.size(); ++i) {
    if (inside(coasts_[i], point)) return static_cast<std::int64_t>(i);
  }
  return -1;
}

// V C L P X K choose a tool; N and M go through nodes and messages (with Shift backwards), Enter
// does what a click would; + − 0 zoom and fit, Shift and arrows pan; H is by hand.
bool Canvas::keys(Model& model) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantTextInput || io.KeyCtrl || io.KeyAlt || io.KeySuper || !model.open()) return false;
  const auto pressed = [&](ImGuiKey key, bool repeat = false) {
    const bool hit = ImGui::IsKeyPressed(key, repeat);
    if (hit) model.touched_s = model.now_s;
    return hit;
  };
  // An open menu takes the keys itself.
  if (ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel))
    return true;
  if (pressed(ImGuiKey_L)) model.tool = Tool::partition;
  if (pressed(ImGuiKey_K)) model.tool = Tool::clock;
  if (pressed(ImGuiKey_H)) model.set_manual(!model.manual());
  if (pressed(ImGuiKey_N, true)) next_node(model, io.KeyShift);
  if (pressed(ImGuiKey_M, true)) next_message(model, io.KeyShift);
  if (pressed(ImGuiKey_Enter) || pressed(ImGuiKey_KeypadEnter)) enter(model);
  const ImVec2 middle = area_.center();
  if (pressed(ImGuiKey_Equal, true) || pressed(ImGuiKey_KeypadAdd, true)) zoom_by(1.25f, middle);
  if (pressed(ImGuiKey_Minus, true) || pressed(ImGuiKey_KeypadSubtract, true))
    zoom_by(0.8f, middle);
  if (pressed(ImGuiKey_0) || pressed(ImGuiKey_Keypad0)) model.fit_wanted = true;
  const bool held = !model.marked.empty() || model.selected_message != 0;
  if (held && pressed(ImGuiKey_Escape)) {
    model.marked.clear();
    model.selected_message = 0;
    return true;
  }
  if (!io.KeyShift) return false;
  bool took = false;
  const auto pan = [&](ImGuiKey key, float x, float y) {
    if (!pressed(key, true)) return;
    pan_ = pan_ + ImVec2(px(x), px(y));
    took = true;
  };
  pan(ImGuiKey_LeftArrow, 60, 0);
  pan(ImGuiKey_RightArrow, -60, 0);
  pan(ImGuiKey_UpArrow, 0, 60);
  pan(ImGuiKey_DownArrow, 0, -60);
  return took;
}

void Canvas::next_node(Model& model, bool back) {
  const std::int32_t count = model.session().node_count();
  const std::int32_t from =
      model.selected_node == nobody ? (back ? 0 : -1) : model.selected_node.value;
  model.selected_node = NodeId{(from + (back ? count - 1 : 1)) % count};
  model.selected_message = 0;
}

void Canvas::next_message(Model& model, bool back) {
  const std::vector<MessageView>& messages = model.moment.messages;
  if (messages.empty()) return model.say_toast(std::string(t().no_messages));
  const auto now = std::find_if(messages.begin(), messages.end(), [&](const MessageView& each) {
    return each.id == model.selected_message;
  });
  const std::size_t count = messages.size();
  const std::size_t from = now == messages.end() ? (back ? 0 : count - 1)
                                                 : static_cast<std::size_t>(now - messages.begin());
  model.selected_message = messages[(from + (back ? count - 1 : 1)) % count].id;
  model.play(false);  // it must not arrive before something is done about it
}

// What a click would do, to what the keyboard has selected.
void Canvas::enter(Model& model) {
  if (model.selected_message != 0) {
    for (std::size_t i = 0; i < model.moment.messages.size(); ++i) {
      if (model.moment.messages[i].id != model.selected_message) continue;
      menu_message_ = model.selected_message;
      const bool placed = i < model.message_at.size();
      return ask_for(Menu::message, placed ? model.message_at[i].at : area_.center(), true);
    }
    model.selected_message = 0;
  }
  const NodeId id = model.selected_node;
  if (id == nobody) return;
  menu_node_ = id;
  const auto index = static_cast<std::size_t>(id.value);
  const ImVec2 at = index < model.node_at.size() ? model.node_at[index] : area_.center();
  switch (model.tool) {
    case Tool::select:
      return ask_for(Menu::node, at, true);
    case Tool::cut:
    case Tool::partition:
      return mark(model, id);
    case Tool::pause:
      return model.toggle_pause(id);
    case Tool::crash:
      return model.toggle_crash(id);
    case Tool::clock:
      return ask_for(Menu::clock, at, true);
  }
}

// With the knife the second mark cuts (or heals) the link between the two; with the lasso Enter on
// a marked node takes all that are marked.
void Canvas::mark(Model& model, NodeId id) {
  const auto known = std::find(model.marked.begin(), model.marked.end(), id);
  if (model.tool == Tool::partition) {
    if (known == model.marked.end()) return model.marked.push_back(id);
    menu_nodes_ = model.marked;
    model.marked.clear();
    return ask_for(Menu::partition, model.node_at[static_cast<std::size_t>(id.value)], true);
  }
  if (known != model.marked.end()) return model.marked.clear();
  if (model.marked.empty()) return model.marked.push_back(id);
  const NodeId other = model.marked.front();
  model.marked.clear();
  for (const LinkShown& link : model.moment.links) {
    if ((link.a == id && link.b == other) || (link.a == other && link.b == id))
      return press_link(model, LinkShown(link));
  }
  model.say_toast(
      say(t().no_link, {model.session().node_name(other), model.session().node_name(id)}));
}

}  // namespace netsplit::ui
