// What floats over the network: the tools, the view's own buttons, the hints of a first visit and,
// on a phone, the line that tells the story.
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/canvas.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr std::size_t tools = tool_names.size();

// A phone's tool: its name small below its icon.
bool small_tool(Controls& controls, std::string_view name, const Rect& rect, Icon icon,
                std::string_view label, bool on) {
  const Touch touch = touch_area(controls, name, rect);
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (on) draw::fill(list, rect, p.raised, px(7));
  const ImU32 ink = on || touch.hovered ? p.text : mix(p.muted, p.text, 0.72f);
  draw_icon(list, icon, {rect.center().x, rect.y + px(15)}, px(16), ink);
  draw::text_in(list, {rect.x, rect.y + px(26), rect.w, px(15)}, Type::small, ink, label,
                draw::Align::center);
  return touch.pressed;
}

}  // namespace

void Canvas::overlay(Model& model, const Rect& rect) {
  constexpr std::array<Icon, tools> icons{Icon::pointer,    Icon::scissors, Icon::lasso,
                                          Icon::pause_bars, Icon::cross,    Icon::clock};
  constexpr std::array<std::string_view, tools> keys{"V", "C", "L", "P", "X", "K"};
  const std::array<std::string_view, tools> names{
      t().select, t().cut, t().partition_tool, t().pause_tool, t().crash_tool, t().clock_tool};
  const std::array<std::string_view, tools> tips{t().tip_select,    t().tip_cut,
                                                 t().tip_partition, t().tip_pause_tool,
                                                 t().tip_crash,     t().tip_clock};
  const bool narrow = model.places.form == Form::narrow;
  std::array<ButtonLook, tools> looks;
  float width = px(8);
  const auto measure_with = [&](bool labels, bool with_keys) {
    width = px(8);
    for (std::size_t i = 0; i < tools; ++i) {
      looks[i] = {.icon = icons[i],
                  .label = labels ? names[i] : "",
                  .key = with_keys ? keys[i] : "",
                  .tip = tips[i],
                  .plain = true,
                  .on = model.tool == static_cast<Tool>(i)};
      width += button_width(looks[i]) + (i == 0 ? 0 : px(2));
    }
  };
  // The view's buttons, of which one has words while it is on.
  const float words_by_hand =
      model.open() && model.manual() ? draw::text_width(Type::body, t().by_hand) + px(16) : 0;
  const float beside = px(202) + words_by_hand;
  const float room = rect.w - px(28) - beside;
  measure_with(true, true);
  if (width > room) measure_with(true, false);
  if (width > room) measure_with(false, true);
  if (width > room) measure_with(false, false);
  const float small_width = (rect.w - px(24 + 8)) / static_cast<float>(tools);
  if (narrow) width = rect.w - px(24);
  const float height = px(narrow ? 44 : 32);
  const Rect bar{rect.x + px(narrow ? 12 : 14), rect.y + px(narrow ? 12 : 14), std::round(width),
                 height + px(8)};
  begin_region("tools", bar, IM_COL32(0, 0, 0, 0), Region::floats);
  draw::card(ImGui::GetWindowDrawList(), bar, palette().line, palette().panel, px(9));
  float x = bar.x + px(4);
  for (std::size_t i = 0; i < tools; ++i) {
    const std::string name = std::string("tool.") + std::string(tool_names[i]);
    const float w = narrow ? small_width : button_width(looks[i]);
    const Rect r{x, bar.y + px(4), w, height};
    const bool pressed = narrow
                             ? small_tool(model.controls, name, r, icons[i], names[i], looks[i].on)
                             : button(model.controls, name, r, looks[i]);
    if (pressed) model.tool = static_cast<Tool>(i);
    x += w + (narrow ? 0 : px(2));
  }
  end_region();
  if (!model.open()) return;
  draw_view_buttons(model, rect);
  if (static_cast<std::int32_t>(model.node_at.size()) > shaped_nodes_max) {
    const Rect card = field_.legend(model, whole_);
    field_legend_ = {std::max(field_legend_.x, card.w), std::max(field_legend_.y, card.h)};
  }
}

// The legend, by hand, closer, further, the whole network. A phone pinches, and needs the way back
// only when there is one.
std::vector<Canvas::ViewButton> Canvas::view_buttons(const Model& model) const {
  const bool narrow = model.places.form == Form::narrow;
  const bool by_hand = model.manual();
  const bool away = zoom_ != 1 || pan_.x != 0 || pan_.y != 0;
  const float side = px(narrow ? 44 : 32);
  std::vector<ViewButton> buttons;
  const auto add = [&](std::string_view name, Icon icon, std::string_view tip) {
    buttons.push_back({name, {.icon = icon, .tip = tip, .plain = true}, side});
  };
  add("view.legend", Icon::legend, t().tip_legend);
  buttons.back().look.on = model.legend.open;
  add("view.by_hand", Icon::hand, t().tip_by_hand);
  // While it is on, it says so.
  buttons.back().look.on = by_hand;
  if (by_hand) {
    buttons.back().look.label = t().by_hand;
    buttons.back().width = button_width(buttons.back().look);
  }
  if (!narrow) add("view.closer", Icon::plus, t().tip_closer);
  if (!narrow) add("view.further", Icon::minus, t().tip_further);
  if (!narrow || away) add("view.fit", Icon::fit, t().tip_fit);
  return buttons;
}

// A phone has these buttons in the row of the hints.
Rect Canvas::view_bar(const Model& model, const Rect& rect) const {
  const bool narrow = model.places.form == Form::narrow;
  const float side = px(narrow ? 44 : 32);
  float width = px(8);
  for (const ViewButton& each : view_buttons(model)) width += each.width;
  return {rect.right() - width - px(narrow ? 12 : 14),
          narrow ? rect.bottom() - side - px(8 + 6) : rect.y + px(14), width, side + px(8)};
}

void Canvas::draw_view_buttons(Model& model, const Rect& rect) {
  const Rect bar = view_bar(model, rect);
  begin_region("view", bar, IM_COL32(0, 0, 0, 0), Region::floats);
  draw::card(ImGui::GetWindowDrawList(), bar, model.manual() ? palette().orange : palette().line,
             palette().panel, px(9));
  float x = bar.x + px(4);
  for (const ViewButton& view : view_buttons(model)) {
    if (button(model.controls, view.name, {x, bar.y + px(4), view.width, bar.h - px(8)},
               view.look)) {
      if (view.name == "view.legend") model.legend.open = !model.legend.open;
      if (view.name == "view.by_hand") model.set_manual(!model.manual());
      if (view.name == "view.closer") zoom_by(1.25f, area_.center());
      if (view.name == "view.further") zoom_by(0.8f, area_.center());
      if (view.name == "view.fit") model.fit_wanted = true;
    }
    x += view.width;
  }
  end_region();
}

// Three quiet hints for a first visit; each goes when done.
void Canvas::draw_hints(const Model& model, const Rect& rect) const {
  const bool covered =
      model.now_s - model.toast.born_s <= toast_life_s && !model.toast.text.empty();
  if (model.hints.over() || covered || !model.compared.empty()) return;
  const bool narrow = model.places.form == Form::narrow;
  struct Hint {
    std::string_view text, brief;
    bool done;
  };
  std::array<Hint, 3> hints{{{narrow || model.host.touch ? t().hint_play_brief : t().hint_play,
                              t().hint_play_brief, model.hints.space},
                             {t().hint_cut, t().hint_cut_brief, model.hints.cut},
                             {t().hint_back, t().hint_back_brief, model.hints.back}}};
  if (narrow) {  // one at a time, between the buttons
    const Hint* next =
        std::find_if(hints.begin(), hints.end(), [](const Hint& h) { return !h.done; });
    for (Hint& hint : hints) hint.done = &hint != next;
  }
  const auto width_of = [&](bool brief, float gap) {
    float total = px(28) - gap;
    for (const Hint& hint : hints) {
      if (!hint.done)
        total += draw::text_width(Type::caption, brief ? hint.brief : hint.text) + gap;
    }
    return total;
  };
  // A phone has a button in either corner.
  const float left = rect.x + px(narrow ? 12 + 52 : 12);
  const float room = (narrow ? view_bar(model, rect).x - px(6) : rect.right() - px(12)) - left;
  const bool brief = width_of(false, px(28)) > room;
  const float gap = px(brief ? 20 : 28);
  const float total = width_of(brief, gap);
  if (narrow && total > room) return;
  const float middle =
      std::max(left + total / 2, std::min(rect.center().x, left + room - total / 2));
  const Rect strip{std::round(middle - total / 2), rect.bottom() - px(narrow ? 46 : 42), total,
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
void Canvas::draw_narration(const Model& model, const Rect& rect) const {
  if (model.places.form != Form::narrow || model.scenario.lesson.empty()) return;
  const Palette& p = palette();
  const std::vector<LessonStep>& lesson = model.scenario.lesson;
  const std::size_t now = std::min(model.lesson.place, lesson.size() - 1);
  const float sign = px(26);
  const float room = rect.w - px(32) - sign;
  const float w = std::min(room, draw::text_width(Type::strong, lesson[now].title) + 1);
  const Rect line{std::round(rect.x + (rect.w - w - sign) / 2), rect.y + px(70), w + sign, px(22)};
  const ImVec2 c{line.x + px(10), line.y + line.h / 2};
  draw::fill(list_, line.grown(px(3)), with_alpha(p.ground, 0.85f), px(5));
  list_->AddCircleFilled(c, px(10), p.fill);
  draw::text_in(list_, {c.x - px(10), c.y - px(10), px(20), px(20)}, Type::caption_strong,
                p.on_fill, std::to_string(now + 1), draw::Align::center);
  draw::text_in(list_, {line.x + sign, line.y, w, line.h}, Type::strong, p.text, lesson[now].title);
}

}  // namespace netsplit::ui
