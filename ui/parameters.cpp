// The parameters of the run, as the protocol describes them. A change starts the run anew, as a
// branch of its own.
#include <algorithm>

#include "ui/lesson_marks.h"
#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

// The next sensible value up or down: counts by one, everything else by a factor of two.
std::int64_t neighbour(const ParameterInfo& info, std::int64_t value, bool up) {
  std::int64_t next = value;
  if (info.unit == Unit::count) {
    next = up ? value + 1 : value - 1;
  } else if (info.unit == Unit::ppm) {
    constexpr std::array<std::int64_t, 11> notches{
        0, 1'000, 5'000, 10'000, 20'000, 50'000, 100'000, 200'000, 500'000, 800'000, 1'000'000};
    const auto at = up ? std::upper_bound(notches.begin(), notches.end(), value)
                       : std::lower_bound(notches.begin(), notches.end(), value);
    if (up)
      next = at == notches.end() ? info.high : *at;
    else
      next = at == notches.begin() ? info.low : *(at - 1);
  } else {
    next = up ? (value == 0 ? milliseconds(1) : value * 2) : value / 2;
  }
  return std::clamp(next, info.low, info.high);
}

}  // namespace

void parameters_panel(Model& model, Column& column) {
  if (!model.open()) return;
  const auto& infos = model.session().protocol().parameters;
  if (infos.empty()) return;
  const Palette& p = palette();
  panel_heading(model, column, "parameters", t().parameters);
  column.begin_card();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float row_h = px(model.places.form == Form::narrow ? 44 : 32);
  for (std::size_t i = 0; i < infos.size(); ++i) {
    const ParameterInfo& info = infos[i];
    const auto index = static_cast<std::int64_t>(i);
    const std::int64_t value = model.session().parameter(index);
    const Rect r = column.take(row_h);
    const std::string name(info.name);
    const Touch label =
        touch_area(model.controls, "parameter." + name, {r.x, r.y, r.w * 0.5f, r.h});
    draw::text_in(list, {r.x, r.y, r.w * 0.5f - px(6), r.h}, Type::caption,
                  label.hovered ? p.text : p.muted, words(info.name));
    if (label.hovered) tip(info.sentence);
    const bool flag = info.unit == Unit::flag;
    const std::string text = flag ? std::string(value != 0 ? t().on : t().off)
                             : info.unit == Unit::choice ? words(format_parameter(info, value))
                                                         : format_parameter(info, value);
    const float h = std::min(row_h - px(4), px(40));
    const Rect box{r.x + r.w * 0.5f, r.y + (row_h - h) / 2, r.w * 0.5f, h};
    if (info.unit == Unit::flag || info.unit == Unit::choice) {
      const std::int64_t count = info.high - info.low + 1;
      // A press goes to the next of the few choices.
      if (button(model.controls, "set." + name, box,
                 {.label = text,
                  .tip = info.sentence,
                  .on = value != info.usual,
                  .type = Type::mono})) {
        model.set_parameter(index, info.low + (value - info.low + 1) % count);
        break;
      }
      continue;
    }
    const float side = h;
    draw::card(list, box, p.line, p.raised, px(7));
    if (button(model.controls, "less." + name, {box.x, box.y, side, h},
               {.icon = Icon::minus, .plain = true, .enabled = value > info.low})) {
      model.set_parameter(index, neighbour(info, value, false));
      break;
    }
    if (button(model.controls, "more." + name, {box.right() - side, box.y, side, h},
               {.icon = Icon::plus, .plain = true, .enabled = value < info.high})) {
      model.set_parameter(index, neighbour(info, value, true));
      break;
    }
    draw::text_in(list, {box.x + side, box.y, box.w - 2 * side, h}, Type::mono, p.text, text,
                  draw::Align::center);
  }
  column.end_card();
  column.skip(6);
}

}  // namespace netsplit::ui
