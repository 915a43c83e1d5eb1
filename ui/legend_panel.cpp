// The legend as it is drawn: every sign by the very function that draws it in the network.
#include <algorithm>
#include <cmath>

#include "ui/panels.h"
#include "ui/signs.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr float sign_width_css = 44;
constexpr float title_css = 24;
constexpr float head_css = 38;
constexpr float margin_css = 14;

void log_sample(ImDrawList* list, Sign sign, ImVec2 c) {
  const float w = px(13);
  const float h = px(15);
  const float y = c.y - h / 2;
  const bool places = sign == Sign::log_place;
  for (int i = 0; i < 3; ++i) {
    const Rect cell{c.x + w * (static_cast<float>(i) - 1.5f) + px(1), y, w - px(2), h};
    // Two terms, so that the colour says something.
    const std::int64_t epoch = sign == Sign::log ? 1 + i / 2 : 1;
    signs::log_cell(list, cell, epoch, sign == Sign::log_border && i < 2, {});
  }
  if (sign == Sign::log_border) signs::log_border(list, c.x + w / 2, y, h);
  if (places) signs::log_place(list, {c.x, y + h + px(1)});
}

void link_sample(ImDrawList* list, const LegendRow& row, ImVec2 c) {
  const ImVec2 half{px(sign_width_css / 2 - 2), 0};
  switch (row.sign) {
    case Sign::link:
      return draw::line(list, c - half, c + half, palette().link, px(1.8f));
    case Sign::cut:
      return signs::cut(list, c - half, c + half, true, true, false);
    case Sign::cut_one_way:
      return signs::cut(list, c - half, c + half, false, true, false);
    case Sign::region:
      return signs::region(list, signs::outline(Shape::server, c, px(12)), false);
    case Sign::message:
      return signs::message(list, c, row.which, px(6), signs::message_color(row.which));
    default:
      return signs::lost(list, c, 0.9f, 1);
  }
}

void mark_sample(ImDrawList* list, Sign sign, ImVec2 c) {
  switch (sign) {
    case Sign::token:
      return signs::token(list, c, "7", true);
    case Sign::epoch:
      return signs::epoch(list, c, 3, false, false);
    case Sign::lock_held:
    case Sign::lock_free:
      return signs::lock(list, c, sign == Sign::lock_held, false);
    case Sign::lease:
    case Sign::timer:
      return signs::ring(list, c, px(9), 0.7f, sign == Sign::lease);
    case Sign::clock:
      return signs::clock(list, c, px(10), 22e6, 0, false);
    case Sign::inbox:
      return signs::inbox(list, c - ImVec2(px(20), 0), {c.x - px(11), c.y - px(8), px(28), px(16)});
    case Sign::spoken_of:
      return signs::spoken_of(list, c, px(9));
    case Sign::step_of_lesson:
      return signs::moment_flag(list, c, px(7.5f), "1", false);
    case Sign::staging:
      return signs::moment_flag(list, c, px(7.5f), {}, false);
    case Sign::violation:
      return signs::bad_flag(list, c, px(7.5f), Icon::cross, palette().vermilion);
    case Sign::input:
      return signs::input(list, c, false, false);
    default:
      return log_sample(list, sign, c);
  }
}

void sample(ImDrawList* list, const LegendRow& row, Shape usual, ImVec2 c) {
  switch (row.sign) {
    case Sign::role:
      return signs::node(list, static_cast<Shape>(row.which), Condition::up, c, px(10), px(1.6f));
    case Sign::paused:
    case Sign::down:
    case Sign::absent: {
      const Condition condition = row.sign == Sign::paused ? Condition::paused
                                  : row.sign == Sign::down ? Condition::down
                                                           : Condition::absent;
      signs::node(list, usual, condition, c, px(10), px(1.6f));
      return signs::condition(list, condition, c, px(9));
    }
    case Sign::link:
    case Sign::cut:
    case Sign::cut_one_way:
    case Sign::region:
    case Sign::message:
    case Sign::lost:
      return link_sample(list, row, c);
    default:
      return mark_sample(list, row.sign, c);
  }
}

// A condition is shown on the first shape that the experiment has.
Shape usual_shape(const Legend& legend) {
  for (const LegendPart& part : legend.parts()) {
    if (part.rows.front().sign == Sign::role) return static_cast<Shape>(part.rows.front().which);
  }
  return Shape::server;
}

// Returns the height. With a null list it only measures.
float draw_part(ImDrawList* list, const LegendPart& part, Shape usual, float x, float y,
                float width) {
  const Palette& p = palette();
  const float top = y;
  const float indent = px(sign_width_css + 8);
  const float room = width - indent;
  if (list != nullptr)
    draw::text_in(list, {x, y, width, px(title_css)}, Type::caption_strong, p.muted, part.title);
  y += px(title_css);
  for (const LegendRow& row : part.rows) {
    const float text = draw::paragraph(nullptr, 0, 0, room, Type::caption, 0, row.text);
    const float names = draw::paragraph(nullptr, 0, 0, room, Type::small, 0, row.names);
    const bool small = row.sign == Sign::message || row.sign == Sign::link;
    const float height = std::max(px(small ? 22 : 26), text + names + px(6));
    if (list != nullptr) {
      const float first = y + (height - text - names) / 2;
      sample(list, row, usual, {x + px(sign_width_css / 2), std::round(y + height / 2)});
      draw::paragraph(list, x + indent, first, room, Type::caption, p.text, row.text);
      draw::paragraph(list, x + indent, first + text, room, Type::small, p.muted, row.names);
    }
    y += height;
  }
  return y + px(6) - top;
}

// In as many columns as there is room for, a part always in the shortest. Returns the height.
float draw_parts(ImDrawList* list, const Legend& legend, const Rect& area) {
  const auto count = static_cast<std::size_t>(std::clamp(area.w / px(170), 1.f, 4.f));
  const float gap = px(16);
  const float width = (area.w - gap * static_cast<float>(count - 1)) / static_cast<float>(count);
  std::vector<float> heights(count, 0);
  const Shape usual = usual_shape(legend);
  for (const LegendPart& part : legend.parts()) {
    const auto column = std::min_element(heights.begin(), heights.end());
    const auto place = static_cast<float>(column - heights.begin());
    *column +=
        draw_part(list, part, usual, area.x + place * (width + gap), area.y + *column, width);
  }
  return *std::max_element(heights.begin(), heights.end());
}

// The title, and what folds it up again.
void head(Model& model, const Rect& rect) {
  draw::text_in(ImGui::GetWindowDrawList(), rect, Type::strong, palette().text, t().legend);
  const float side = px(model.host.touch ? 44 : 28);
  if (button(model.controls, "legend.close",
             {rect.right() - side, rect.center().y - side / 2, side, side},
             {.icon = Icon::close, .tip = t().close, .plain = true})) {
    model.legend.open = false;
  }
}

}  // namespace

float legend_width(const Legend& legend) {
  float text = draw::text_width(Type::strong, t().legend) - px(sign_width_css - 30);
  for (const LegendPart& part : legend.parts()) {
    for (const LegendRow& row : part.rows) {
      text = std::max({text, draw::text_width(Type::caption, row.text),
                       draw::text_width(Type::small, row.names)});
    }
  }
  return std::round(std::min(text, px(134)) + px(sign_width_css + 8 + 2 * margin_css + 14));
}

void legend_beside(Model& model, const Rect& strip) {
  begin_region("legend ground", strip, palette().ground);
  end_region();
  const Rect inner{strip.x + px(margin_css + 12), 0, strip.w - px(2 * margin_css + 12), 0};
  const float rows = draw_parts(nullptr, model.legend, inner);
  const float top = strip.y + px(66);
  const float height = std::min(rows + px(head_css + 2), strip.bottom() - px(12) - top);
  const Rect card{strip.x + px(margin_css), top, strip.w - px(margin_css), height};
  model.controls.add("legend", card);
  begin_region("legend card", card, IM_COL32(0, 0, 0, 0), Region::floats);
  draw::card(ImGui::GetWindowDrawList(), card, palette().line, palette().panel, px(9));
  head(model, {card.x + px(12), card.y + px(2), card.w - px(16), px(head_css - 4)});
  end_region();
  const Rect body{card.x + px(1), card.y + px(head_css - 2), card.w - px(2),
                  card.h - px(head_css + 2)};
  begin_region("legend", body, IM_COL32(0, 0, 0, 0), Region::floats_and_scrolls);
  const float y = body.y - ImGui::GetScrollY();
  draw_parts(ImGui::GetWindowDrawList(), model.legend, {inner.x, y, inner.w, 0});
  ImGui::SetCursorScreenPos({body.x, y + rows - px(4)});
  ImGui::Dummy({1, 1});
  end_region();
}

void legend_below(Model& model, const Rect& rect) {
  model.controls.add("legend", rect);
  begin_region("legend", rect, palette().panel, Region::scrolls);
  const Rect inner{rect.x + px(16), rect.y - ImGui::GetScrollY(), rect.w - px(32), 0};
  head(model, {inner.x, inner.y + px(4), inner.w, px(44)});
  const float top = inner.y + px(50);
  const float rows =
      draw_parts(ImGui::GetWindowDrawList(), model.legend, {inner.x, top, inner.w, 0});
  ImGui::SetCursorScreenPos({rect.x, top + rows});
  ImGui::Dummy({1, 1});
  end_region();
}

}  // namespace netsplit::ui
