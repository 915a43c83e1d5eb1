#include "ui/canvas.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "ui/layout.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr float lane_css = 5;  // messages keep to the right of their link
constexpr float drag_start_css = 4;
constexpr std::int32_t crowd = 16;  // more nodes than this do not stand on a ring

}  // namespace

void Canvas::frame(Model& model, const Rect& rect) {
  begin_region("network", rect, palette().ground);
  list_ = ImGui::GetWindowDrawList();
  whole_ = rect;
  draw_ground(rect);
  if (model.open()) {
    settle(model, rect);
    measure(model);
    act(model, rect);
    measure(model);  // a gesture may have changed what is on its way
    taken_.clear();
    place_words(model);
    draw_islands(model);
    draw_links(model);
    draw_rings(model);
    draw_messages(model);
    draw_nodes(model);
    draw_island_captions(model);
    draw_narration(model, rect);
    draw_message_labels(model);
    draw_effects(model);
    draw_knife(model);
    draw_hints(model, rect);
    explain(model);
    menus(model);
  } else {
    const ImVec2 c = rect.center();
    draw::text(list_, c.x, c.y, Type::title, palette().text, t().no_scenario, draw::Align::center);
    draw::text(list_, c.x, c.y + px(24), Type::body, palette().muted, t().no_scenario_help,
               draw::Align::center);
  }
  end_region();
}

// Fits the drawing into the region, below the tools and above the hints.
void Canvas::settle(Model& model, const Rect& rect) {
  const bool narrow = model.places.form == Form::narrow;
  const float side = px(narrow ? 62.f : 120.f);
  // Below the tools, and on a phone below the line that tells the story.
  const float top = px(narrow ? 148.f : 116.f);
  // Room for a node's words, and below them for hints and toasts.
  const float bottom = px(narrow ? 124.f : 120.f);
  area_ = {rect.x + side, rect.y + top, std::max(px(60), rect.w - 2 * side),
           std::max(px(60), rect.h - top - bottom)};
  // A very wide region would stretch the picture until nothing stands together.
  if (area_.w > area_.h * 1.8f) {
    const float spare = area_.w - area_.h * 1.8f;
    area_.x += spare / 2;
    area_.w -= spare;
  }
  const std::int32_t count = model.session().node_count();
  if (placed_scenario_ != model.scenario.id || placed_count_ != count) {
    placed_scenario_ = model.scenario.id;
    placed_count_ = count;
    places_ = place_nodes(model.scenario, model.session(), area_.w / area_.h);
    zoom_ = 1;
    pan_ = {0, 0};
    label_side_.clear();
  }
  // Many nodes fill the area between the margins; a few stand on its edge.
  const Rect& field = count > crowd ? area_ : rect;
  model.node_radius =
      px(radius_for(count, field.w / scale(), field.h / scale())) * std::sqrt(zoom_);
  model.node_at.resize(places_.size());
  const ImVec2 middle = area_.center();
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const ImVec2 at{area_.x + places_[i].x / 1000 * area_.w,
                    area_.y + places_[i].y / 1000 * area_.h};
    model.node_at[i] = middle + (at - middle) * zoom_ + pan_;
  }
}

// Puts every message where it is at the cursor.
void Canvas::measure(Model& model) {
  const Moment& moment = model.moment;
  model.message_at.resize(moment.messages.size());
  std::map<std::int32_t, std::int32_t> queued;
  for (std::size_t i = 0; i < moment.messages.size(); ++i) {
    const MessageView& message = moment.messages[i];
    std::int32_t in_queue = 0;
    if (message.status == MessageStatus::waiting) in_queue = queued[message.to.value]++;
    model.message_at[i] = {message.id, message_place(model, message, in_queue)};
  }
}

Canvas::Path Canvas::path_between(const Model& model, NodeId from, NodeId to, bool lane) const {
  const ImVec2 a = model.node_at[static_cast<std::size_t>(from.value)];
  const ImVec2 b = model.node_at[static_cast<std::size_t>(to.value)];
  const ImVec2 d = unit(b - a);
  const ImVec2 aside = lane ? ImVec2(-d.y, d.x) * px(lane_css) : ImVec2(0, 0);
  const float edge = std::min(model.node_radius, length(b - a) / 2);
  return {a + d * edge + aside, b - d * edge + aside, d};
}

ImVec2 Canvas::message_place(const Model& model, const MessageView& message,
                             std::int32_t in_queue) const {
  const Path path = path_between(model, message.from, message.to, model.moment.detailed());
  if (message.status == MessageStatus::held) return lerp(path.from, path.to, 0.5f);
  if (message.status == MessageStatus::waiting) {
    return path.to - path.direction * px(9 + 15 * static_cast<float>(in_queue));
  }
  const auto span = static_cast<double>(std::max<Time>(1, message.due_us - message.sent_us));
  const auto gone = static_cast<double>(model.timeline->cursor_us() - message.sent_us);
  auto part = static_cast<float>(std::clamp(gone / span, 0.0, 1.0));
  if (model.host.reduced_motion || message.due_us == never_us) part = 0.5f;
  // What the network will lose is lost half-way.
  if (message.doomed) part *= 0.5f;
  return lerp(path.from, path.to, part);
}

Canvas::Hit Canvas::hit(const Model& model, ImVec2 mouse) const {
  Hit found;
  const float finger = model.host.touch ? 1.8f : 1.f;
  float best = px(13) * finger;
  for (std::size_t i = 0; i < model.message_at.size(); ++i) {
    const float d = length(model.message_at[i].at - mouse);
    if (d >= best) continue;
    best = d;
    found.message = static_cast<std::int64_t>(i);
  }
  best = std::max(model.node_radius + px(5), px(12) * finger);
  for (std::size_t i = 0; i < model.node_at.size(); ++i) {
    const float d = length(model.node_at[i] - mouse);
    if (d >= best) continue;
    best = d;
    found.node = NodeId{static_cast<std::int32_t>(i)};
  }
  // The other tools act on nodes and links; a message passing by must not take the click.
  if (model.tool != Tool::select) found.message = -1;
  if (found.message >= 0) found.node = nobody;
  if (found.node != nobody || found.message >= 0) return found;
  best = px(9) * finger;
  for (std::size_t i = 0; i < model.moment.links.size(); ++i) {
    const LinkShown& link = model.moment.links[i];
    const float d =
        distance_to_segment(mouse, model.node_at[static_cast<std::size_t>(link.a.value)],
                            model.node_at[static_cast<std::size_t>(link.b.value)]);
    if (d >= best) continue;
    best = d;
    found.link = static_cast<std::int64_t>(i);
  }
  return found;
}

void Canvas::act(Model& model, const Rect& rect) {
  ImGuiIO& io = ImGui::GetIO();
  ImGui::SetCursorScreenPos(rect.min());
  ImGui::InvisibleButton("##network", {rect.w, rect.h},
                         ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight |
                             ImGuiButtonFlags_MouseButtonMiddle);
  hovered_ = ImGui::IsItemHovered();
  const ImVec2 mouse = io.MousePos;
  hot_ = hovered_ && dragging_ == Drag::none ? hit(model, mouse) : Hit{};
  if (hovered_ && io.MouseWheel != 0) {
    const float factor = std::pow(1.12f, io.MouseWheel);
    const float zoom = std::clamp(zoom_ * factor, 0.4f, 12.f);
    const ImVec2 middle = area_.center();
    // The point under the mouse stays under it.
    pan_ = (mouse - middle) - ((mouse - middle) - pan_) * (zoom / zoom_);
    zoom_ = zoom;
  }
  if (hovered_ && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left) && hot_.node == nobody &&
      hot_.link < 0 && hot_.message < 0) {
    zoom_ = 1;
    pan_ = {0, 0};
  }
  if (ImGui::IsItemActivated()) {
    pressed_at_ = mouse;
    pressed_on_ = hit(model, mouse);
    moved_ = false;
    dragging_ = Drag::none;
    if (!ImGui::IsMouseDown(ImGuiMouseButton_Right)) {
      const bool knife = model.tool == Tool::cut && !ImGui::IsMouseDown(ImGuiMouseButton_Middle);
      dragging_ = knife                                                      ? Drag::knife
                  : pressed_on_.node != nobody && model.tool == Tool::select ? Drag::node
                                                                             : Drag::pan;
      dragged_ = pressed_on_.node;
    }
  }
  if (dragging_ != Drag::none && ImGui::IsItemActive()) {
    if (length(mouse - pressed_at_) > px(drag_start_css)) moved_ = true;
    if (moved_ && dragging_ == Drag::pan) pan_ = pan_ + io.MouseDelta;
    if (moved_ && dragging_ == Drag::node) {
      ImVec2& place = places_[static_cast<std::size_t>(dragged_.value)];
      place.x += io.MouseDelta.x / zoom_ / area_.w * 1000;
      place.y += io.MouseDelta.y / zoom_ / area_.h * 1000;
    }
  }
  if (ImGui::IsItemDeactivated()) {
    if (dragging_ == Drag::knife && moved_) {
      finish_knife(model);
    } else if (dragging_ != Drag::none && !moved_) {
      press(model, pressed_on_);
    }
    dragging_ = Drag::none;
  }
  // A finger has no right button: holding it still does the same.
  const bool held_still = model.host.touch && dragging_ != Drag::none && !moved_ &&
                          io.MouseDownDuration[ImGuiMouseButton_Left] > 0.5f;
  if (held_still) dragging_ = Drag::none;
  if (held_still || (hovered_ && ImGui::IsMouseReleased(ImGuiMouseButton_Right))) {
    open_menu(model, hit(model, mouse));
  }
}

void Canvas::open_menu(Model& model, const Hit& at) {
  menu_node_ = at.node;
  menu_link_ = at.link;
  menu_message_ = 0;
  if (at.message >= 0) {
    menu_message_ = model.moment.messages[static_cast<std::size_t>(at.message)].id;
    model.selected_message = menu_message_;
    model.play(false);  // it must not arrive while the reader chooses
    ImGui::OpenPopup("message menu");
  } else if (at.node != nobody) {
    ImGui::OpenPopup("node menu");
  } else if (at.link >= 0) {
    ImGui::OpenPopup("link menu");
  }
}

void Canvas::press(Model& model, const Hit& at) {
  if (at.message >= 0) {
    // The message may have arrived while the button was down.
    if (static_cast<std::size_t>(at.message) < model.moment.messages.size()) open_menu(model, at);
    return;
  }
  switch (model.tool) {
    case Tool::select:
      model.selected_node = at.node;
      model.selected_message = 0;
      if (at.node != nobody && model.places.form == Form::narrow) model.sheet = Sheet::inspect;
      break;
    case Tool::cut:
      if (at.link >= 0) {
        const LinkShown link = model.moment.links[static_cast<std::size_t>(at.link)];
        model.cut_link(link.a, link.b, !(link.cut_ab || link.cut_ba));
      }
      break;
    case Tool::pause:
      if (at.node != nobody) model.toggle_pause(at.node);
      break;
    case Tool::crash:
      if (at.node != nobody) model.toggle_crash(at.node);
      break;
  }
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

void Canvas::overlay(Model& model, const Rect& rect) {
  constexpr std::array<Icon, 4> icons{Icon::pointer, Icon::scissors, Icon::pause_bars, Icon::cross};
  constexpr std::array<std::string_view, 4> keys{"V", "C", "P", "X"};
  const std::array<std::string_view, 4> names{t().select, t().cut, t().pause_tool, t().crash_tool};
  const std::array<std::string_view, 4> tips{t().tip_select, t().tip_cut, t().tip_pause_tool,
                                             t().tip_crash};
  const bool narrow = model.places.form == Form::narrow;
  std::array<ButtonLook, 4> looks;
  float width = px(8);
  for (std::size_t i = 0; i < looks.size(); ++i) {
    looks[i] = {.icon = icons[i],
                .label = names[i],
                .key = narrow ? "" : keys[i],
                .tip = tips[i],
                .plain = true,
                .on = model.tool == static_cast<Tool>(i)};
    if (narrow) looks[i].type = Type::caption;
    width += narrow ? (rect.w - px(24 + 8)) / 4 : button_width(looks[i]) + (i == 0 ? 0 : px(2));
  }
  const float height = px(narrow ? 44 : 32);
  const Rect bar{rect.x + px(narrow ? 12 : 14), rect.y + px(narrow ? 12 : 14), std::round(width),
                 height + px(8)};
  begin_region("tools", bar, IM_COL32(0, 0, 0, 0), Region::floats);
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw::card(list, bar, palette().line, palette().panel, px(9));
  float x = bar.x + px(4);
  for (std::size_t i = 0; i < looks.size(); ++i) {
    const float w = narrow ? (rect.w - px(24 + 8)) / 4 : button_width(looks[i]);
    if (button(model.controls, std::string("tool.") + std::string(tool_names[i]),
               {x, bar.y + px(4), w, height}, looks[i])) {
      model.tool = static_cast<Tool>(i);
    }
    x += w + (narrow ? 0 : px(2));
  }
  end_region();
}

// Three quiet hints for a first visit; each goes when done.
void Canvas::draw_hints(const Model& model, const Rect& rect) const {
  const bool covered =
      model.now_s - model.toast.born_s <= toast_life_s && !model.toast.text.empty();
  if (model.hints.over() || covered) return;
  struct Hint {
    std::string_view text, brief;
    bool done;
  };
  const std::array<Hint, 3> hints{{{model.host.touch ? t().hint_play_brief : t().hint_play,
                                    t().hint_play_brief, model.hints.space},
                                   {t().hint_cut, t().hint_cut_brief, model.hints.cut},
                                   {t().hint_back, t().hint_back_brief, model.hints.back}}};
  const auto width_of = [&](bool brief, float gap) {
    float total = px(28) - gap;
    for (const Hint& hint : hints) {
      if (!hint.done)
        total += draw::text_width(Type::caption, brief ? hint.brief : hint.text) + gap;
    }
    return total;
  };
  const float room = rect.w - px(24);
  const bool brief = width_of(false, px(28)) > room;
  const float gap = px(brief ? 20 : 28);
  const float total = width_of(brief, gap);
  const Rect strip{std::round(rect.x + (rect.w - total) / 2), rect.bottom() - px(42), total,
                   px(28)};
  draw::card(list_, strip, palette().line, with_alpha(palette().panel, 0.92f), px(14));
  float at = strip.x + px(14);
  bool first = true;
  for (const Hint& hint : hints) {
    if (hint.done) continue;
    if (!first) {
      list_->AddCircleFilled({at - gap / 2, strip.y + strip.h / 2}, px(1.6f), palette().faint);
    }
    const std::string_view text = brief ? hint.brief : hint.text;
    const float w = draw::text_width(Type::caption, text);
    draw::text_in(list_, {at, strip.y, w + 1, strip.h}, Type::caption,
                  mix(palette().muted, palette().text, 0.5f), text);
    at += w + gap;
    first = false;
  }
}

// On a phone the lesson is behind a tab: one line of it says what is being seen.
void Canvas::draw_narration(const Model& model, const Rect& rect) {
  if (model.places.form != Form::narrow || model.scenario.lesson.empty()) return;
  const Palette& p = palette();
  const std::vector<LessonStep>& lesson = model.scenario.lesson;
  std::size_t now = 0;
  for (std::size_t i = 0; i < lesson.size(); ++i) {
    if (lesson[i].at_us <= model.timeline->cursor_us()) now = i;
  }
  const float sign = px(26);
  const float room = rect.w - px(32) - sign;
  const float w = std::min(room, draw::text_width(Type::strong, lesson[now].title) + 1);
  const Rect line{std::round(rect.x + (rect.w - w - sign) / 2), rect.y + px(70), w + sign, px(22)};
  const ImVec2 c{line.x + px(10), line.y + line.h / 2};
  list_->AddCircleFilled(c, px(10), p.fill);
  draw::text_in(list_, {c.x - px(10), c.y - px(10), px(20), px(20)}, Type::caption_strong,
                p.on_fill, std::to_string(now + 1), draw::Align::center);
  draw::text_in(list_, {line.x + sign, line.y, w, line.h}, Type::strong, p.text, lesson[now].title);
  taken_.push_back(line);
}

}  // namespace netsplit::ui
