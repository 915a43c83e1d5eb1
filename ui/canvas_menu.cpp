// The small menus of nodes, links, partitions, clocks and inboxes. A message has a card of its own
// (canvas_card.cpp). All open from a click, a long press or the Enter key.
#include <algorithm>
#include <cmath>

#include "ui/canvas.h"
#include "ui/canvas_menu.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr std::array<const char*, 8> popup_names{
    "",           "node menu", "link menu", "message menu", "partition menu", "island menu",
    "clock menu", "inbox menu"};

}  // namespace

void menu_title(std::string_view title) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw::text_in(ImGui::GetWindowDrawList(), {at.x + px(11), at.y, px(menu_width_css - 20), px(24)},
                Type::caption_strong, palette().muted, title);
  ImGui::SetCursorScreenPos({at.x, at.y + px(26)});
}

std::string drift_text(std::int64_t ppm) {
  if (ppm == 0) return std::string(t().drift_none);
  const std::int64_t size = ppm < 0 ? -ppm : ppm;
  std::string amount = std::to_string(size) + " ppm";
  if (size >= 1'000) {
    amount = std::to_string(size / 10'000);
    if (const std::int64_t tenths = size / 1'000 % 10; tenths != 0)
      amount += "." + std::to_string(tenths);
    amount += " %";
  }
  return say(ppm > 0 ? t().drift_fast : t().drift_slow, {amount});
}

// The popup itself opens inside the network's region, later in this frame or in the next.
void Canvas::ask_for(Menu menu, ImVec2 anchor, bool by_key) {
  asked_ = menu;
  anchor_ = anchor;
  focus_ = by_key ? 0 : -1;
  edited_.clear();
}

void Canvas::open_menu(Model& model, const Hit& at, ImVec2 anchor) {
  menu_node_ = at.node;
  menu_link_ = at.link;
  menu_message_ = 0;
  if (at.message >= 0) {
    menu_message_ = model.moment.messages[static_cast<std::size_t>(at.message)].id;
    model.selected_message = menu_message_;
    model.play(false);  // it must not arrive while the reader chooses
    delay_us_ = model.usual_delay_us();
    return ask_for(Menu::message, anchor);
  }
  if (at.row >= 0) return;
  if (at.node != nobody) return ask_for(Menu::node, anchor);
  if (at.link >= 0) return ask_for(Menu::link, anchor);
  menu_island_ = island_at(anchor);
  if (menu_island_ >= 0) ask_for(Menu::island, anchor);
}

void Canvas::menus(Model& model) {
  if (asked_ != Menu::none) {
    ImGui::OpenPopup(popup_names[static_cast<std::size_t>(asked_)]);
    pivot_ = pivot_for(model);
    // A guess, until it has been laid out; that is before it is seen.
    menu_size_ = {px(menu_width_css + 12), px(asked_ == Menu::message ? 250 : 200)};
    if (asked_ == Menu::message && delay_us_ == 0) delay_us_ = model.usual_delay_us();
    asked_ = Menu::none;
  }
  node_menu(model);
  link_menu(model);
  message_menu(model);
  partition_menu(model);
  island_menu(model);
  clock_menu(model);
  inbox_menu(model);
}

// The corner of the menu that lies at what it belongs to: so that it covers few nodes and stays in
// the window.
ImVec2 Canvas::pivot_for(const Model& model) const {
  const float width = px(menu_width_css + 26);
  const float height = px(asked_ == Menu::message ? 250 : 200);
  ImVec2 best{0, 0};
  float least = 1e9f;
  for (const ImVec2 pivot : {ImVec2(0, 0), {1, 0}, {0, 1}, {1, 1}}) {
    const Rect card{anchor_.x - pivot.x * width, anchor_.y - pivot.y * height, width, height};
    float cost = 0;
    for (const ImVec2 node : model.node_at) {
      if (card.grown(model.node_radius * 0.7f).contains(node)) cost += 2;
    }
    cost += std::max(0.f, whole_.x - card.x) + std::max(0.f, card.right() - whole_.right());
    // Below the network lies the time line: better covered than a node, but not much of it.
    cost += std::max(0.f, whole_.y - card.y);
    cost += std::max(0.f, card.bottom() - whole_.bottom()) / px(60);
    if (cost >= least) continue;
    least = cost;
    best = pivot;
  }
  return best;
}

// Arrow keys move through the entries, Enter takes one, Escape closes. All of it lies in the
// window, and none over the column at its right.
bool Canvas::begin_menu(const Model& model, Menu menu) {
  const char* name = popup_names[static_cast<std::size_t>(menu)];
  if (!ImGui::IsPopupOpen(name)) return false;
  const ImVec2 off{pivot_.x > 0 ? -px(14) : px(14), pivot_.y > 0 ? px(10) : -px(10)};
  const Rect& bounds = model.places.canvas;
  const float below = ImGui::GetIO().DisplaySize.y - px(6) - menu_size_.y;
  const float beside = bounds.right() - px(6) - menu_size_.x;
  ImVec2 at = anchor_ + off - ImVec2(pivot_.x * menu_size_.x, pivot_.y * menu_size_.y);
  const float x = std::clamp(at.x, bounds.x + px(6), std::max(bounds.x + px(6), beside));
  // Pushed aside, it would lie on what it belongs to.
  if (std::abs(x - at.x) > px(4))
    at.y = anchor_.y + (pivot_.y > 0 ? -px(18) - menu_size_.y : px(18));
  const float y = std::clamp(at.y, bounds.y + px(6), std::max(bounds.y + px(6), below));
  ImGui::SetNextWindowPos({x, y}, ImGuiCond_Always);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(6), px(6)});
  if (!ImGui::BeginPopup(name, ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoNav)) {
    ImGui::PopStyleVar();
    return false;
  }
  const std::int32_t count = std::max(1, entries_);
  take_focused_ = false;
  if (!ImGui::GetIO().WantTextInput) {
    if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) focus_ = (focus_ + 1) % count;
    if (ImGui::IsKeyPressed(ImGuiKey_UpArrow)) focus_ = (std::max(focus_, 0) + count - 1) % count;
    const bool enter = ImGui::IsKeyPressed(ImGuiKey_Enter, false) ||
                       ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false);
    take_focused_ = enter && focus_ >= 0 && !ImGui::IsWindowAppearing();
    if (ImGui::IsKeyPressed(ImGuiKey_Escape, false)) ImGui::CloseCurrentPopup();
  }
  entries_ = 0;
  return true;
}

void Canvas::end_menu() {
  ImGui::Dummy({px(menu_width_css), 0});
  // As large as it will be: in its first frame it is not yet.
  menu_size_ = ImGui::GetItemRectMax() - ImGui::GetWindowPos() + ImVec2(px(6), px(6));
  ImGui::EndPopup();
  ImGui::PopStyleVar();
}

bool Canvas::entry(Model& model, std::string_view name, Icon icon, std::string_view label,
                   float less_css) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float h = px(model.host.touch ? 44 : 30);
  const Rect r{at.x, at.y, px(menu_width_css - less_css), h};
  const bool focused = entries_++ == focus_;
  bool pressed = button(model.controls, std::string("menu.") + std::string(name), r,
                        {.icon = icon, .label = label, .plain = true, .left = true});
  if (focused) {
    draw::frame(ImGui::GetWindowDrawList(), r.grown(-px(1)), palette().sky, px(7), px(1.6f));
    pressed = pressed || take_focused_;
  }
  ImGui::SetCursorScreenPos({at.x, at.y + h});
  if (pressed) ImGui::CloseCurrentPopup();
  return pressed;
}

void Canvas::node_menu(Model& model) {
  if (!begin_menu(model, Menu::node)) return;
  const Session& session = model.session();
  const Condition condition = session.node_condition(menu_node_);
  menu_title(session.node_name(menu_node_));
  if (entry(model, "select", Icon::pointer, t().select_node)) {
    model.selected_node = menu_node_;
    model.drawer_open = true;
  }
  const auto role = static_cast<std::size_t>(session.node_role(menu_node_));
  const std::string& role_name = session.protocol().roles[role].name;
  for (const RequestInfo& request : session.protocol().requests) {
    const bool understood =
        std::find(request.roles.begin(), request.roles.end(), role_name) != request.roles.end();
    if (condition != Condition::up || !understood) continue;
    if (entry(model, "request." + request.name, Icon::play, say(t().ask_to, {words(request.name)})))
      model.ask(menu_node_, request.name);
  }
  if (condition == Condition::paused) {
    if (entry(model, "resume", Icon::play, t().resume_node)) model.toggle_pause(menu_node_);
  } else if (condition == Condition::up) {
    if (entry(model, "pause", Icon::pause_bars, t().pause_node)) model.toggle_pause(menu_node_);
  }
  if (condition == Condition::down) {
    if (entry(model, "restart", Icon::restart, t().restart_node)) model.toggle_crash(menu_node_);
  } else if (condition != Condition::absent) {
    if (entry(model, "crash", Icon::cross, t().crash_node)) model.toggle_crash(menu_node_);
  }
  if (entry(model, "clock", Icon::clock, t().set_clock)) ask_for(Menu::clock, anchor_, focus_ >= 0);
  if (entry(model, "isolate", Icon::isolate, t().isolate)) model.isolate(menu_node_);
  bool any_cut = false;
  for (const LinkShown& link : model.moment.links) any_cut |= link.cut_ab || link.cut_ba;
  if (any_cut && entry(model, "heal_all", Icon::link, t().heal_all)) model.heal_all();
  end_menu();
}

void Canvas::link_menu(Model& model) {
  if (!begin_menu(model, Menu::link)) return;
  if (menu_link_ >= 0 && menu_link_ < static_cast<std::int64_t>(model.moment.links.size())) {
    const LinkShown link = model.moment.links[static_cast<std::size_t>(menu_link_)];
    const std::string a = model.session().node_name(link.a);
    const std::string b = model.session().node_name(link.b);
    menu_title(a + " \xE2\x80\x93 " + b);
    const bool cut = link.cut_ab || link.cut_ba;
    if (entry(model, "link", cut ? Icon::link : Icon::scissors,
              cut ? t().heal_link : t().cut_link)) {
      model.cut_link(link.a, link.b, !cut);
    }
    const auto one_way = [&](NodeId from, NodeId to, std::string_view name) {
      const std::string label =
          say(t().cut_one_way, {model.session().node_name(from), model.session().node_name(to)});
      if (!entry(model, name, Icon::scissors, label)) return;
      Input input = on_link(Action::cut, 0, from, to);
      input.one_way = true;
      model.push(input);
    };
    if (!link.cut_ab) one_way(link.a, link.b, "cut_forth");
    if (!link.cut_ba) one_way(link.b, link.a, "cut_back");
  }
  end_menu();
}

void Canvas::partition_menu(Model& model) {
  if (!begin_menu(model, Menu::partition)) return;
  const std::size_t count = menu_nodes_.size();
  menu_title(count == 1 ? model.session().node_name(menu_nodes_.front())
                        : say(t().nodes_many, {std::to_string(count)}));
  if (entry(model, "apart", Icon::scissors, t().apart_both))
    model.partition(menu_nodes_, Apart::both_ways);
  if (entry(model, "not_heard", Icon::deliver, t().apart_not_heard))
    model.partition(menu_nodes_, Apart::not_heard);
  if (entry(model, "deaf", Icon::drop, t().apart_deaf)) model.partition(menu_nodes_, Apart::deaf);
  if (count > 1 && entry(model, "each_alone", Icon::isolate, t().apart_each))
    model.partition(menu_nodes_, Apart::each_alone);
  if (!model.moment.islands.empty() && entry(model, "heal_around", Icon::link, t().heal_around))
    model.heal_around(menu_nodes_);
  end_menu();
}

void Canvas::island_menu(Model& model) {
  if (!begin_menu(model, Menu::island)) return;
  if (menu_island_ >= 0 && menu_island_ < static_cast<std::int64_t>(model.moment.islands.size())) {
    const Island island = model.moment.islands[static_cast<std::size_t>(menu_island_)];
    menu_title(island.caption);
    if (entry(model, "heal_island", Icon::link, t().heal_island)) model.heal_around(island.nodes);
    if (entry(model, "heal_all", Icon::link, t().heal_all)) model.heal_all();
  }
  end_menu();
}

// Steps in a row of buttons, drift and NTP below.
void Canvas::clock_menu(Model& model) {
  if (!begin_menu(model, Menu::clock)) return;
  model.moment.describe(*model.timeline, menu_node_);
  const NodeShown& node = model.moment.nodes[static_cast<std::size_t>(menu_node_.value)];
  const std::int64_t drift = node.drift_ppm;
  const bool ntp = node.ntp;
  menu_title(say(t().clock_of, {model.session().node_name(menu_node_)}) + " \xC2\xB7 " +
             format_wall_clock(node.wall_us));
  struct Step {
    std::string_view name, label;
    Time by_us;
  };
  constexpr std::array<Step, 6> steps{{{"back_minute", "\u221260 s", -minutes(1)},
                                       {"back_second", "\u22121 s", -seconds(1)},
                                       {"back_tenth", "\u22120.1 s", -milliseconds(100)},
                                       {"on_tenth", "+0.1 s", milliseconds(100)},
                                       {"on_second", "+1 s", seconds(1)},
                                       {"on_minute", "+60 s", minutes(1)}}};
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float h = px(model.host.touch ? 44 : 28);
  const float w = px(menu_width_css) / static_cast<float>(steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Rect r{at.x + w * static_cast<float>(i), at.y, w, h};
    if (button(model.controls, "menu.step." + std::string(steps[i].name), r,
               {.label = steps[i].label, .plain = true, .type = Type::small}))
      model.step_clock(menu_node_, steps[i].by_us);
  }
  ImGui::SetCursorScreenPos({at.x, at.y + h + px(2)});
  struct Drift {
    std::string_view name;
    std::int64_t ppm;
  };
  for (const Drift& each : {Drift{"fast", 10'000}, Drift{"slow", -10'000}, Drift{"right", 0}}) {
    if (each.ppm == drift) continue;
    const std::string label = say(t().clock_runs, {drift_text(each.ppm)});
    if (entry(model, "drift." + std::string(each.name), Icon::clock, label))
      model.set_drift(menu_node_, each.ppm);
  }
  if (entry(model, "ntp", Icon::link, ntp ? t().ntp_off : t().ntp_on))
    model.set_ntp(menu_node_, !ntp);
  end_menu();
}

// All that waits for one node, where its inbox has no room for it.
void Canvas::inbox_menu(Model& model) {
  if (!begin_menu(model, Menu::inbox)) return;
  constexpr std::int32_t listed_max = 14;
  const Session& session = model.session();
  menu_title(say(t().inbox_of, {session.node_name(menu_node_)}));
  std::int32_t listed = 0;
  for (std::size_t i = 0; i < model.moment.messages.size() && listed < listed_max; ++i) {
    const MessageView message = model.moment.messages[i];
    if (message.to != menu_node_ || message.status != MessageStatus::waiting) continue;
    ++listed;
    const std::string label =
        (i < model.moment.labels.size() ? model.moment.labels[i]
                                        : session.protocol().messages[message.kind].name) +
        " \xC2\xB7 " + session.node_name(message.from);
    if (!entry(model, "inbox." + std::to_string(message.id), Icon::deliver, label)) continue;
    if (model.manual()) {
      model.on_message(Action::deliver, message.id);
    } else {
      Hit at;
      at.message = static_cast<std::int64_t>(i);
      open_menu(model, at, anchor_);
    }
    break;
  }
  std::size_t own = 0;
  for (const TimerView& timer : std::vector<TimerView>(model.moment.timers)) {
    if (!model.manual() || timer.node != menu_node_) continue;
    const std::size_t number = own++;
    if (listed++ >= listed_max) break;
    if (entry(model, "fire." + std::to_string(number), Icon::delay,
              words(session.protocol().timers[timer.kind].name))) {
      model.fire_timer(menu_node_, number);
      break;
    }
  }
  end_menu();
}

}  // namespace netsplit::ui
