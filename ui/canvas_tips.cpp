// What hovering tells.
#include <algorithm>

#include "ui/canvas.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

struct TipLine {
  Type type;
  ImU32 color;
  std::string text;
};

std::string badge_text(const Badge& badge) {
  return words(badge.name) + " " + std::to_string(badge.number);
}

std::string log_text(const LogShown& log) {
  std::string text = words(log.name) + ": " + say(t().log_entries, {std::to_string(log.last)});
  if (log.committed >= 0)
    text += " \xC2\xB7 " + say(t().log_committed, {std::to_string(log.committed)});
  return text;
}

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

}  // namespace

void Canvas::explain(Model& model) {
  if (!hovered_ || dragging_ != Drag::none || ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId))
    return;
  if (hot_.row >= 0 && hot_.message < 0) return;
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
  if (node.token) lines.push_back({Type::caption, p.yellow, badge_text(*node.token)});
  if (node.epoch) lines.push_back({Type::caption, p.text, badge_text(*node.epoch)});
  if (node.lock && node.lock->count == 1)
    lines.push_back({Type::caption, p.muted, words(node.lock->name) + ": " + node.lock->owner});
  if (node.log) {
    lines.push_back({Type::caption, p.muted, log_text(*node.log)});
    for (const auto& [name, index] : node.log->marks)
      lines.push_back({Type::caption, p.muted, name + " " + std::to_string(index)});
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
  if (message.status == MessageStatus::waiting && model.manual())
    lines.push_back({Type::small, p.orange, std::string(t().click_delivers)});
  tip_card(lines);
}

}  // namespace netsplit::ui
