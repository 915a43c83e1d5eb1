// The network's drawing: messages, what happened to them, and the knife.
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/canvas.h"
#include "ui/signs.h"

namespace netsplit::ui {
void Canvas::draw_messages(const Model& model) {
  const Moment& moment = model.moment;
  const std::size_t count = moment.messages.size();
  const Palette& p = palette();
  if (count > labelled_messages_max * 5) {
    const float r = px(count > 1000 ? 1.6f : 2.6f);
    for (std::size_t i = 0; i < count; ++i) {
      const ImVec2 at = model.message_at[i].at;
      if (!whole_.contains(at)) continue;
      list_->AddRectFilled(at - ImVec2(r, r), at + ImVec2(r, r),
                           signs::message_color(moment.messages[i].kind));
    }
    return;
  }
  const bool small = count > labelled_messages_max;
  for (std::size_t i = 0; i < count; ++i) {
    const MessageView& message = moment.messages[i];
    if (moment.detailed() && message.status == MessageStatus::waiting) continue;  // in an inbox
    const ImVec2 at = model.message_at[i].at;
    const ImU32 color = signs::message_color(message.kind);
    const bool moving = message.status == MessageStatus::in_flight && !model.host.reduced_motion;
    if (moving && message.from != message.to) {
      const Path path = path_between(model, message.from, message.to, moment.detailed());
      // What carries something stands out from the quiet links.
      if (!small) draw::line(list_, path.from, at, with_alpha(color, 0.28f), px(2));
      const float room = length(at - path.from);
      const float reach = std::min(room, px(small ? 14 : 34));
      draw::tail(list_, at - path.direction * reach, at, with_alpha(color, 0.75f),
                 px(small ? 3 : 5));
    }
    const bool chosen = message.id == model.selected_message;
    const bool hot = hot_.message == static_cast<std::int64_t>(i);
    if (chosen || hot) list_->AddCircle(at, px(12), chosen ? p.orange : p.text, 0, px(1.6f));
    signs::message(list_, at, message.kind, px(small ? 3.5f : 6), color);
  }
}

// Labels lie flat beside their message and keep clear of nodes, captions and each other. A label
// stays on its side while there is room, so that it does not jump about.
void Canvas::draw_message_labels(const Model& model) {
  const Moment& moment = model.moment;
  if (moment.labels.size() != moment.messages.size()) return;
  const Palette& p = palette();
  // Among many nodes labels would cover more than they tell: only the chosen message has one.
  const std::size_t nodes = moment.nodes.size();
  const std::size_t labels_max = nodes > 24 ? 0 : nodes > 8 ? 10 : labelled_messages_max;
  std::size_t labels = 0;
  for (const Model::Placed& placed : model.message_at) {
    taken_.push_back({placed.at.x - px(7), placed.at.y - px(7), px(14), px(14)});
  }
  for (std::size_t i = 0; i < moment.messages.size(); ++i) {
    const MessageView& message = moment.messages[i];
    if (message.status == MessageStatus::waiting) continue;
    const bool chosen =
        message.id == model.selected_message || hot_.message == static_cast<std::int64_t>(i);
    if (!chosen && labels >= labels_max) continue;
    ++labels;
    const ImVec2 at = model.message_at[i].at;
    const std::string& label = moment.labels[i];
    const Rect size = draw::pill_rect({0, 0}, Type::caption, label);
    const float up = size.h / 2 + px(13);
    const float out = size.w / 2 + px(14);
    // The nearest first; the last ones stand off, with a line that leads to the message.
    constexpr std::size_t near = 8;
    const float off = up + px(26);
    // Above or below a node that it leaves or reaches.
    const float far = up + model.node_radius + px(10);
    const std::array<ImVec2, 20> sides{ImVec2(0, -up),     {0, up},
                                       {out, 0},           {-out, 0},
                                       {out * 0.8f, -up},  {-out * 0.8f, -up},
                                       {out * 0.8f, up},   {-out * 0.8f, up},
                                       {0, -off},          {0, off},
                                       {out * 0.8f, -off}, {-out * 0.8f, -off},
                                       {out * 0.8f, off},  {-out * 0.8f, off},
                                       {out + px(26), 0},  {-out - px(26), 0},
                                       {out * 0.5f, -far}, {-out * 0.5f, -far},
                                       {out * 0.5f, far},  {-out * 0.5f, far}};
    const auto rect_at = [&](std::size_t side) {
      return draw::pill_rect(at + sides[side], Type::caption, label);
    };
    const auto known = label_side_.find(message.id);
    std::int8_t side = known != label_side_.end() ? known->second : std::int8_t{-1};
    if (side < 0 || !room_for(rect_at(static_cast<std::size_t>(side)))) {
      side = -1;
      for (std::size_t s = 0; s < (nodes > 8 ? near : sides.size()) && side < 0; ++s) {
        if (room_for(rect_at(s))) side = static_cast<std::int8_t>(s);
      }
    }
    if (label_side_.size() > 4096) label_side_.clear();
    label_side_[message.id] = side;
    // Without room the mark alone is shown; hovering tells the rest.
    if (side < 0) continue;
    const ImVec2 center = at + sides[static_cast<std::size_t>(side)];
    const bool late = message.status != MessageStatus::in_flight;
    const ImU32 color = signs::message_color(message.kind);
    if (static_cast<std::size_t>(side) >= near)
      draw::line(list_, at, center, with_alpha(color, 0.5f), px(1));
    const Rect r = draw::pill(list_, center, Type::caption, label, mix(p.raised, color, 0.14f),
                              with_alpha(late ? p.orange : color, 0.8f), p.text);
    taken_.push_back(r.grown(px(3)));
  }
}

// A lost message's cross stands where it was lost, and fades; a receiver flashes once.
void Canvas::draw_effects(const Model& model) const {
  const auto cross = [&](NodeId from, NodeId to, float part, float strength) {
    if (from == nobody || to == nobody) return;
    const Path path = path_between(model, from, to, model.moment.detailed());
    ImVec2 at = lerp(path.from, path.to, part);
    // At a cut it stops before the scissors.
    const float scissors = scissors_part(model, from, to);
    const float way = length(path.to - path.from);
    if (part < 1 && part * way > scissors * way - px(32) &&
        model.session().link(from, to) == LinkState::cut)
      at = lerp(path.from, path.to, scissors) - path.direction * px(32);
    signs::lost(list_, at, model.moment.detailed() ? 1.f : 0.6f, strength);
  };
  for (const Effect& effect : model.effects) {
    const auto age = static_cast<float>(model.now_s - effect.born_s);
    if (effect.kind == Effect::Kind::flash) {
      if (model.host.reduced_motion) continue;
      const float part = age / static_cast<float>(flash_life_s);
      const ImVec2 c = model.node_at[static_cast<std::size_t>(effect.node.value)];
      list_->AddCircle(c, model.node_radius + px(3) + px(12) * part,
                       with_alpha(signs::message_color(effect.label), 0.8f * (1 - part)), 0,
                       px(3) * (1 - part) + px(0.5f));
    } else if (effect.kind == Effect::Kind::lost) {
      const float part = age / static_cast<float>(lost_life_s);
      cross(effect.node, effect.peer, effect.part,
            model.host.reduced_motion ? 1.f : 1 - part * part);
    }
  }
  if (model.playing || !model.effects.empty()) return;
  // Standing still on the very step that lost it, the cross stays.
  const Trace& trace = model.timeline->trace();
  const std::uint64_t step = model.timeline->cursor_step();
  if (step == 0 || model.timeline->cursor_us() != model.session().now_us()) return;
  const EventIndex last = trace.first_after_step(step);
  for (EventIndex i = trace.first_after_step(step - 1); i < last; ++i) {
    const Event& event = trace[i];
    if (event.kind != EventKind::lost) continue;
    const bool at_receiver =
        event.loss == LossReason::receiver_down || event.loss == LossReason::receiver_absent;
    cross(event.node, event.peer, at_receiver ? 1.f : 0.5f, 0.9f);
  }
}

void Canvas::draw_knife(const Model& model) const {
  if (dragging_ != Drag::knife || !moved_) {
    if (model.tool == Tool::cut && hovered_) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    return;
  }
  const ImVec2 end = ImGui::GetIO().MousePos;
  draw::tail(list_, pressed_at_, end, palette().vermilion, px(3));
  draw_icon(list_, Icon::scissors, end, px(20), palette().vermilion);
}

}  // namespace netsplit::ui
