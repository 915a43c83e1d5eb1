// What hovering tells, and the small menus of nodes, links and messages.
#include "ui/canvas.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

struct TipLine {
  Type type;
  ImU32 color;
  std::string text;
};

void tip_card(const std::vector<TipLine>& lines) {
  if (begin_bubble()) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    float y = at.y;
    float width = 0;
    for (const TipLine& line : lines) {
      const float w = std::min(px(330), draw::text_width(line.type, line.text) + 1);
      y += draw::paragraph(ImGui::GetWindowDrawList(), at.x, y, px(330), line.type, line.color,
                           line.text);
      width = std::max(width, w);
    }
    ImGui::Dummy({width, y - at.y});
    end_bubble();
  }
}

// One row of a menu.
bool entry(Model& model, std::string_view name, Icon icon, std::string_view label) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float h = px(model.host.touch ? 44 : 30);
  const Rect r{at.x, at.y, px(210), h};
  const bool pressed = button(model.controls, std::string("menu.") + std::string(name), r,
                              {.icon = icon, .label = label, .plain = true, .left = true});
  ImGui::SetCursorScreenPos({at.x, at.y + h});
  if (pressed) ImGui::CloseCurrentPopup();
  return pressed;
}

void menu_title(std::string_view title) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw::text_in(ImGui::GetWindowDrawList(), {at.x + px(11), at.y, px(190), px(24)},
                Type::caption_strong, palette().muted, title);
  ImGui::SetCursorScreenPos({at.x, at.y + px(26)});
}

bool begin_menu(const char* name) {
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(6), px(6)});
  const bool open = ImGui::BeginPopup(name, ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoNav);
  if (!open) ImGui::PopStyleVar();
  return open;
}

void end_menu() {
  ImGui::Dummy({px(210), 0});
  ImGui::EndPopup();
  ImGui::PopStyleVar();
}

}  // namespace

void Canvas::explain(Model& model) {
  if (!hovered_ || dragging_ != Drag::none || ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId))
    return;
  if (hot_.message >= 0) return message_tip(model, static_cast<std::size_t>(hot_.message));
  if (hot_.node != nobody) return node_tip(model, hot_.node);
}

void Canvas::node_tip(Model& model, NodeId id) {
  const Palette& p = palette();
  model.moment.describe(*model.timeline, id);
  const NodeShown& node = model.moment.nodes[static_cast<std::size_t>(id.value)];
  const Session& session = model.session();
  const auto role = static_cast<std::size_t>(session.node_role(id));
  std::vector<TipLine> lines;
  lines.push_back({Type::caption_strong, p.text,
                   node.name + " \xC2\xB7 " + words(session.protocol().roles[role].name)});
  const Time since_us = std::max<Time>(0, model.timeline->cursor_us() - node.since_us);
  if (node.condition == Condition::paused) {
    lines.push_back(
        {Type::caption, p.orange, say(t().paused_for, {format_time_for_people(since_us)})});
  }
  if (node.condition == Condition::down) {
    lines.push_back(
        {Type::caption, p.vermilion, say(t().down_since, {format_time_for_people(since_us)})});
  }
  if (!node.caption.empty()) lines.push_back({Type::caption, p.muted, node.caption});
  if (node.badge != Hint::none) {
    lines.push_back({Type::caption, p.yellow,
                     words(node.badge_name) + " " + std::to_string(node.badge_number)});
  }
  for (const TimerView& timer : model.moment.timers) {
    if (timer.node != id || timer.due_us == never_us) continue;
    const Time left_us = std::max<Time>(0, timer.due_us - model.timeline->cursor_us());
    lines.push_back({Type::caption, p.muted,
                     words(session.protocol().timers[timer.kind].name) + " in " +
                         format_time_for_people(left_us)});
  }
  if (node.waiting > 0) {
    lines.push_back({Type::caption, p.orange,
                     node.waiting == 1 ? std::string(t().waiting_one)
                                       : say(t().waiting_many, {std::to_string(node.waiting)})});
  }
  tip_card(lines);
}

void Canvas::message_tip(Model& model, std::size_t index) {
  const Palette& p = palette();
  const MessageView& message = model.moment.messages[index];
  const Session& session = model.session();
  const std::string& kind = session.protocol().messages[message.kind].name;
  std::vector<TipLine> lines;
  lines.push_back({Type::caption_strong, p.text,
                   say(t().message_line,
                       {kind, session.node_name(message.from), session.node_name(message.to)})});
  const std::string content = brief(session.message_content(message.id));
  if (!content.empty()) lines.push_back({Type::mono_small, p.text, content});
  const std::string sent = clock_text(message.sent_us);
  const std::string_view pattern = message.status == MessageStatus::held      ? t().sent_held
                                   : message.status == MessageStatus::waiting ? t().sent_waiting
                                                                              : t().sent_arrives;
  const std::string due = message.due_us == never_us ? "never" : clock_text(message.due_us);
  lines.push_back({Type::small, p.muted, say(pattern, {sent, due})});
  tip_card(lines);
}

void Canvas::menus(Model& model) {
  node_menu(model);
  link_menu(model);
  message_menu(model);
}

void Canvas::node_menu(Model& model) {
  if (!begin_menu("node menu")) return;
  const Condition condition = model.session().node_condition(menu_node_);
  menu_title(model.session().node_name(menu_node_));
  if (entry(model, "select", Icon::pointer, t().select_node)) {
    model.selected_node = menu_node_;
    model.drawer_open = true;
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
  if (entry(model, "isolate", Icon::isolate, t().isolate)) model.isolate(menu_node_);
  bool any_cut = false;
  for (const LinkShown& link : model.moment.links) any_cut |= link.cut_ab || link.cut_ba;
  if (any_cut && entry(model, "heal_all", Icon::link, t().heal_all)) model.heal_all();
  end_menu();
}

void Canvas::link_menu(Model& model) {
  if (!begin_menu("link menu")) return;
  if (menu_link_ >= 0 && menu_link_ < static_cast<std::int64_t>(model.moment.links.size())) {
    const LinkShown link = model.moment.links[static_cast<std::size_t>(menu_link_)];
    menu_title(model.session().node_name(link.a) + " \xE2\x80\x93 " +
               model.session().node_name(link.b));
    const bool cut = link.cut_ab || link.cut_ba;
    if (entry(model, "link", cut ? Icon::link : Icon::scissors,
              cut ? t().heal_link : t().cut_link)) {
      model.cut_link(link.a, link.b, !cut);
    }
  }
  end_menu();
}

void Canvas::message_menu(Model& model) {
  if (!begin_menu("message menu")) {
    return;
  }
  std::size_t at = 0;
  while (at < model.moment.messages.size() && model.moment.messages[at].id != menu_message_) ++at;
  if (at == model.moment.messages.size()) {
    // It arrived meanwhile.
    ImGui::CloseCurrentPopup();
    end_menu();
    return;
  }
  const MessageView message = model.moment.messages[at];
  const Session& session = model.session();
  menu_title(
      say(t().message_line, {session.protocol().messages[message.kind].name,
                             session.node_name(message.from), session.node_name(message.to)}));
  const Row content = session.message_content(menu_message_);
  for (const Row& field : content.children) {
    const ImVec2 c = ImGui::GetCursorScreenPos();
    draw::text_in(ImGui::GetWindowDrawList(), {c.x + px(11), c.y, px(76), px(20)}, Type::caption,
                  palette().muted, words(field.name));
    draw::text_in(ImGui::GetWindowDrawList(), {c.x + px(92), c.y, px(112), px(20)}, Type::mono,
                  palette().text, field.children.empty() ? field.text : brief(field));
    ImGui::SetCursorScreenPos({c.x, c.y + px(20)});
  }
  const std::string delay = say(t().delay, {format_time_for_people(model.usual_delay_us())});
  if (entry(model, "drop", Icon::drop, t().drop)) model.on_message(Action::drop, menu_message_);
  if (entry(model, "duplicate", Icon::duplicate, t().duplicate))
    model.on_message(Action::duplicate, menu_message_);
  if (entry(model, "deliver", Icon::deliver, t().deliver))
    model.on_message(Action::deliver, menu_message_);
  if (entry(model, "delay", Icon::delay, delay)) model.on_message(Action::delay, menu_message_);
  end_menu();
}

}  // namespace netsplit::ui
