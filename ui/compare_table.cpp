// The table beside the compared runs: their verdicts and meters, with what differs marked.
#include <algorithm>
#include <cmath>

#include "ui/compare.h"
#include "ui/lesson_marks.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

// The rows' names have what the runs' values leave, and no more than they need.
float names_width(const ComparedShown& shown, Type type, float width) {
  float needed = 0;
  for (const ComparedShown::Row& row : shown.rows)
    needed = std::max(needed, draw::text_width(type, row.name) + px(8));
  const float cell = px(shown.names.size() > 3 ? 45 : 70);
  const float left = width - cell * static_cast<float>(shown.names.size());
  return std::round(std::clamp(needed, width * 0.3f, std::max(width * 0.3f, left)));
}

// True when a word, or what stands between its hyphens, is wider than its column.
bool too_wide(std::string_view name, Type type, float width) {
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t end = std::min(name.find_first_of(" -", at), name.size());
    const std::size_t with_hyphen = end < name.size() && name[end] == '-' ? end + 1 : end;
    if (draw::text_width(type, name.substr(at, with_hyphen - at)) > width) return true;
    at = end + 1;
  }
  return false;
}

// A word too long for its column breaks after its hyphens; without any it is cut short.
std::string broken_at_hyphens(std::string_view name, Type type, float width) {
  std::string text;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t end = std::min(name.find(' ', at), name.size());
    const std::string_view word = name.substr(at, end - at);
    const bool fits = draw::text_width(type, word) <= width;
    bool cut = false;
    const bool hyphens = word.find('-') != std::string_view::npos;
    const std::string_view shown = hyphens ? word : draw::fit(type, word, width, &cut);
    for (const char c : shown) {
      text += c;
      if (c == '-' && !fits) text += '\n';
    }
    if (cut) text += "\xE2\x80\xA6";
    if (end < name.size()) text += ' ';
    at = end + 1;
  }
  return text;
}

}  // namespace

void compare_panel(Model& model, Column& column) {
  const ComparedShown& shown = model.compared_shown;
  if (model.compared.empty() || shown.names.empty()) return;
  const Palette& p = palette();
  panel_heading(model, column, "compare", t().compare);
  column.begin_card();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool many = shown.names.size() > 3;
  const Type label = many ? Type::small : Type::caption;
  const float names = names_width(shown, label, column.width());
  const float gap_between = px(many ? 3 : 6);
  const Type number = many ? Type::small : Type::mono_small;
  const float cell = (column.width() - names) / static_cast<float>(shown.names.size());
  const bool long_word =
      std::any_of(shown.names.begin(), shown.names.end(), [&](const std::string& name) {
        return too_wide(name, Type::caption_strong, cell - gap_between);
      });
  const Type heading = many || long_word ? Type::small : Type::caption_strong;
  const auto place = [&](const Rect& row, std::size_t i) {
    return Rect{row.x + names + cell * static_cast<float>(i), row.y, cell - gap_between, row.h};
  };
  float height = 0;
  std::vector<std::string> headings;
  for (const std::string& name : shown.names) {
    headings.push_back(broken_at_hyphens(name, heading, cell - gap_between));
    height = std::max(
        height, draw::paragraph(nullptr, 0, 0, cell - gap_between, heading, 0, headings.back()));
  }
  const Rect head = column.take(height + px(6));
  for (std::size_t i = 0; i < shown.names.size(); ++i) {
    const Rect at = place(head, i);
    draw::paragraph(list, at.x, at.y, at.w, heading, p.text, headings[i]);
  }
  bool verdicts = true;
  for (const ComparedShown::Row& row : shown.rows) {
    if (verdicts && !row.verdict) {
      const Rect gap = column.take(px(9));
      draw::line(list, {gap.x, gap.y + px(4)}, {gap.right(), gap.y + px(4)}, p.line, px(1));
    }
    verdicts = row.verdict;
    const float lines = draw::paragraph(nullptr, 0, 0, names - px(6), label, 0, row.name);
    const Rect r = column.take(std::max(px(21), lines + px(5)));
    if (row.differs)
      draw::fill(list, {r.x - px(6), r.y, r.w + px(12), r.h}, with_alpha(p.sky, 0.12f), px(4));
    draw::paragraph(list, r.x, r.y + (r.h - lines) / 2, names - px(6), label,
                    row.differs ? p.text : p.muted, row.name);
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const ComparedShown::Cell& one = row.cells[i];
      Rect at = place(r, i);
      const ImU32 ink = one.icon == Icon::question ? p.orange : ink_of_tone(one.tone);
      if (one.icon != Icon::none) {
        draw_icon(list, one.icon, {at.x + px(5), at.y + at.h / 2}, px(10), ink);
        at.x += px(14);
        at.w -= px(14);
      }
      // Where the words would not fit, the sign says it.
      const bool brief = one.icon == Icon::question || (row.verdict && row.cells.size() > 2);
      if (brief && one.icon != Icon::none) continue;
      draw::text_in(list, at, row.verdict ? Type::caption : number, ink, one.text);
    }
    const Touch touch = touch_area(model.controls, "compare.row." + row.name, r);
    if (touch.hovered) tip(row.sentence);
  }
  column.end_card();
  column.skip(6);
}

}  // namespace netsplit::ui
