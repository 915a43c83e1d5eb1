// The card of one message: what it says, when it was sent and arrives, and what can be done to it.
// A value is changed by a click on it.
#include <algorithm>
#include <cstring>

#include "ui/canvas.h"
#include "ui/canvas_menu.h"
#include "ui/message_label.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

// As wide as the names need, but for half of the card, which the values have.
float name_width(const std::vector<FieldShown>& fields) {
  float width = px(92);
  for (const FieldShown& field : fields)
    width = std::max(width, draw::text_width(Type::caption, words(field.path)) + px(20));
  return std::min(width, px(menu_width_css / 2));
}

std::string when(const MessageView& message) {
  const std::string_view pattern = message.status == MessageStatus::held      ? t().sent_held
                                   : message.status == MessageStatus::waiting ? t().sent_waiting
                                                                              : t().sent_arrives;
  const std::string due = message.due_us == never_us ? "never" : clock_text(message.due_us);
  return say(pattern, {clock_text(message.sent_us), due});
}

// Empty where the protocol's messages have none.
std::string stamp(const Model& model, const MessageView& message) {
  const Trace& trace = model.timeline->trace();
  if (message.send_event < trace.first() || message.send_event >= trace.size() ||
      !trace[message.send_event].stamped())
    return {};
  return say(t().event_lamport, {std::to_string(trace[message.send_event].lamport)});
}

}  // namespace

void Canvas::message_menu(Model& model) {
  if (!begin_menu(model, Menu::message)) return;
  const auto found =
      std::find_if(model.moment.messages.begin(), model.moment.messages.end(),
                   [&](const MessageView& each) { return each.id == menu_message_; });
  if (found == model.moment.messages.end()) {
    // It arrived meanwhile.
    ImGui::CloseCurrentPopup();
    return end_menu();
  }
  const MessageView message = *found;
  const Session& session = model.session();
  menu_title(
      say(t().message_line, {session.protocol().messages[message.kind].name,
                             session.node_name(message.from), session.node_name(message.to)}));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  float y = at.y - px(6);
  for (const std::string& line : {when(message), stamp(model, message)}) {
    if (line.empty()) continue;
    draw::text_in(ImGui::GetWindowDrawList(), {at.x + px(11), y, px(menu_width_css - 16), px(18)},
                  Type::small, palette().muted, line);
    y += px(16);
  }
  ImGui::SetCursorScreenPos({at.x, y + px(6)});
  message_fields(model, message);
  if (entry(model, "drop", Icon::drop, t().drop)) model.on_message(Action::drop, menu_message_);
  if (entry(model, "duplicate", Icon::duplicate, t().duplicate))
    model.on_message(Action::duplicate, menu_message_);
  if (entry(model, "deliver", Icon::deliver, t().deliver))
    model.on_message(Action::deliver, menu_message_);
  if (!model.manual()) delay_row(model);
  end_menu();
}

// How much is set by the two buttons at the right, or with the left and right arrow.
void Canvas::delay_row(Model& model) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float h = px(model.host.touch ? 44 : 30);
  const float side_css = model.host.touch ? 44 : 28;
  const float side = px(side_css);
  const bool focused = entries_ == focus_ && !ImGui::GetIO().WantTextInput;
  if (focused && ImGui::IsKeyPressed(ImGuiKey_RightArrow)) delay_us_ *= 2;
  if (focused && ImGui::IsKeyPressed(ImGuiKey_LeftArrow)) delay_us_ /= 2;
  const Rect less{at.x + px(menu_width_css) - 2 * side, at.y, side, h};
  const Rect more{less.right(), at.y, side, h};
  const bool down = button(model.controls, "menu.delay_less", less,
                           {.icon = Icon::minus, .tip = t().tip_delay_less, .plain = true});
  const bool up = button(model.controls, "menu.delay_more", more,
                         {.icon = Icon::plus, .tip = t().tip_delay_more, .plain = true});
  if (down) delay_us_ /= 2;
  if (up) delay_us_ *= 2;
  delay_us_ = std::clamp<Time>(delay_us_, milliseconds(1), hours(1));
  ImGui::SetCursorScreenPos(at);
  const std::string label = say(t().delay, {format_time_for_people(delay_us_)});
  if (entry(model, "delay", Icon::delay, label, 2 * side_css))
    model.delay_message(menu_message_, delay_us_);
}

void Canvas::message_fields(Model& model, const MessageView& message) {
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float h = px(model.host.touch ? 40 : 24);
  const std::vector<FieldShown> fields = fields_of(model.session().message_content(message.id));
  const float names = name_width(fields);
  for (const FieldShown& field : fields) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const std::string name = words(field.path);
    const Rect named{at.x + px(11), at.y, names - px(16), h};
    draw::text_in(list, named, Type::caption, p.muted, name);
    const Rect box{at.x + names, at.y + px(1), px(menu_width_css - 8) - names, h - px(2)};
    const bool cut = draw::text_width(Type::caption, name) > named.w ||
                     draw::text_width(Type::mono_small, field.text) > box.w - px(12);
    const std::string control = "field." + field.path;
    const bool can_be_set = !field.raw.empty() || field.hint == Hint::text;
    if (edited_ == field.path) {
      ImGui::SetCursorScreenPos({box.x, box.y});
      ImGui::SetNextItemWidth(box.w);
      if (!edit_begun_) ImGui::SetKeyboardFocusHere();
      edit_begun_ = true;
      model.controls.add(control, box);
      const bool done = ImGui::InputText(
          "##alter", edit_, sizeof edit_,
          ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
      // What is refused stays to be mended.
      if (done) edit_begun_ = false;
      if (done && model.alter_message(message.id, field.path, edit_)) edited_.clear();
      if (ImGui::IsKeyPressed(ImGuiKey_Escape, false)) edited_.clear();
    } else {
      const Touch touch = touch_area(model.controls, control, box, can_be_set);
      if (can_be_set) {
        draw::fill(list, box, touch.hovered ? p.hover : p.ground, px(5));
        draw::frame(list, box, touch.hovered ? p.strong_line : p.line, px(5), px(1));
      }
      draw::text_in(list, {box.x + px(7), box.y, box.w - px(12), box.h}, Type::mono_small, p.text,
                    field.text);
      if (cut && !can_be_set) {
        ImGui::SetCursorScreenPos(box.min());
        ImGui::Dummy({box.w, box.h});
        tip(name + ": " + field.text);
      }
      // What is cut is told in full.
      if (touch.hovered && cut) tip(name + ": " + field.text);
      if (touch.hovered && !cut) tip(t().tip_alter);
      if (touch.pressed && field.hint == Hint::flag) {
        model.alter_message(message.id, field.path, field.raw == "true" ? "false" : "true");
      } else if (touch.pressed) {
        edited_ = field.path;
        edit_begun_ = false;
        const std::size_t size = std::min(field.raw.size(), sizeof edit_ - 1);
        std::memcpy(edit_, field.raw.data(), size);
        edit_[size] = 0;
      }
    }
    ImGui::SetCursorScreenPos({at.x, at.y + h});
  }
  ImGui::Dummy({1, px(2)});
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::SetCursorScreenPos({at.x, at.y});
}

}  // namespace netsplit::ui
