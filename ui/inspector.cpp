// One node from inside: its disk, its memory and its clocks. A row that the last step changed is
// marked and keeps its old value beside the new.
#include <algorithm>
#include <cmath>

#include "ui/lesson_marks.h"
#include "ui/message_label.h"
#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

struct Leaf {
  std::string name;
  std::string text;
  Hint hint;
  bool disk;
  std::string field;  // of an entry of a log: the log; else the name
};

std::vector<Leaf> leaves_of(const Row& state) {
  std::vector<Leaf> leaves;
  for_each_leaf(state, {}, false, [&](const std::string& name, const Row& row, bool disk) {
    if (row.hint == Hint::log && !row.children.empty()) {  // its last entries, each by itself
      const std::size_t shown = std::min<std::size_t>(row.children.size(), log_cells_max);
      for (std::size_t i = row.children.size() - shown; i < row.children.size(); ++i) {
        const Row& entry = row.children[i];
        std::string text = message_label({}, entry);
        if (text.empty()) text = brief(entry);
        leaves.push_back({name + " " + entry.name, std::move(text), row.hint, disk, name});
      }
      return;
    }
    std::string text = row.children.empty() ? row.text : brief(row);
    leaves.push_back({name, std::move(text), row.hint, disk, name});
  });
  return leaves;
}

ImU32 ink_of(const Leaf& leaf) {
  const Palette& p = palette();
  if (leaf.text == "none" || leaf.text == "empty" || leaf.text == "nobody" || leaf.text == "\"\"")
    return p.muted;
  return leaf.hint == Hint::token || leaf.hint == Hint::epoch ? p.yellow : p.text;
}

// A name as words; its unit goes where the value has one of its own: "lease_until_us", "5.500 s".
std::string label_of(const Leaf& leaf) {
  std::string name = words(leaf.name);
  const bool bare = leaf.text.find_first_not_of("-0123456789") == leaf.text.npos;
  if (!bare && name.ends_with(" us")) name.resize(name.size() - 3);
  return name;
}

// How much of a line its name takes: what the longest asks for, within bounds.
float name_share(const Column& column, const std::vector<Leaf>& leaves) {
  float widest = 0;
  for (const Leaf& leaf : leaves)
    widest = std::max(widest, draw::text_width(Type::caption, label_of(leaf)));
  return std::clamp((widest + px(9)) / column.width(), 0.36f, 0.52f);
}

// The end of a path tells fields apart: what does not fit is left out at the beginning.
std::string end_of_path(std::string path, float width) {
  while (draw::text_width(Type::caption, path) > width) {
    const std::size_t dot = path.find('.');
    if (dot == std::string::npos) break;
    path = "\xE2\x80\xA6" + path.substr(dot + 1);
  }
  return path;
}

void state_rows(const Model& model, Column& column, float share, const std::vector<Leaf>& now,
                const std::vector<Leaf>& before, bool disk) {
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (const Leaf& leaf : now) {
    if (leaf.disk != disk) continue;
    const auto old = std::find_if(before.begin(), before.end(),
                                  [&](const Leaf& other) { return other.name == leaf.name; });
    const bool changed = old != before.end() && old->text != leaf.text;
    if (changed) {
      draw::fill(list, {column.x() - px(6), column.y() + px(1), column.width() + px(12), px(20)},
                 with_alpha(p.sky, 0.16f), px(5));
    }
    if (points_at(model, Highlight::Kind::field, (disk ? "disk." : "") + leaf.field,
                  model.moment.view.name)) {
      draw_lesson_bar(list, {column.x() - px(4), column.y(), column.width() + px(8), px(21)});
    }
    const std::string name = end_of_path(label_of(leaf), column.width() * share - px(8));
    const Rect r = column.row(name, leaf.text, ink_of(leaf), Type::mono, share);
    if (!changed) continue;
    const float x =
        r.x + std::round(column.width() * share) + draw::text_width(Type::mono, leaf.text) + px(10);
    if (r.right() - x > px(30)) {
      draw::text_in(list, {x, r.y, r.right() - x, r.h}, Type::mono_small, p.muted,
                    "\xE2\x86\x90 " + old->text);
    }
  }
}

void caption(Column& column, std::string_view text) {
  const Rect r = column.take(px(20));
  draw::text_in(ImGui::GetWindowDrawList(), {r.x, r.y, r.w, px(18)}, Type::small, palette().sky,
                text);
}

void clock_rows(const Model& model, Column& column, float share, const NodeView& view) {
  const Palette& p = palette();
  const auto row = [&](std::string_view name, std::string_view value) {
    return column.row(name, value, p.text, Type::mono, share);
  };
  ImDrawList* list = ImGui::GetWindowDrawList();
  // The session stands at its last step; clocks have run on since, as far as the cursor.
  const Time since_us = std::max<Time>(0, model.timeline->cursor_us() - model.session().now_us());
  const std::string wall = format_wall_clock(view.wall_us + since_us);
  const Rect r = row(t().wall, wall);
  const Time error_us = view.wall_error_us;
  const float x =
      r.x + std::round(column.width() * share) + draw::text_width(Type::mono, wall) + px(10);
  if (error_us != 0) {
    const std::string error = say(error_us > 0 ? t().ahead : t().behind,
                                  {format_time_for_people(error_us < 0 ? -error_us : error_us)});
    // Which of the two it is stands at its end: without room beside the clock it has its own row.
    if (draw::text_width(Type::mono_small, error) <= r.right() - x)
      draw::text_in(list, {x, r.y, r.right() - x, r.h}, Type::mono_small, p.orange, error);
    else
      column.row("", error, p.orange, Type::mono_small, share);
  }
  row(t().monotonic, clock_text(view.monotonic_us + since_us));
  // Other than what a protocol may count itself, these are the recorder's.
  column.skip(6);
  caption(column, t().stamps);
  row(t().lamport, std::to_string(view.lamport));
  if (!view.vector.empty() && view.vector.size() <= 16) {
    std::string vector;
    for (std::size_t i = 0; i < view.vector.size(); ++i) {
      if (i != 0) vector += ' ';
      vector += std::to_string(view.vector[i]);
    }
    row(t().vector, "[" + vector + "]");
  }
  row(t().hybrid, format_wall_clock(view.hybrid_us) + " +" + std::to_string(view.hybrid_count));
}

}  // namespace

void inspector_panel(Model& model, Column& column) {
  const Palette& p = palette();
  if (!model.open()) return;
  if (model.selected_node == nobody || model.moment.inspected != model.selected_node) {
    panel_heading(model, column, "inspector", t().inspector);
    column.begin_card();
    column.paragraph(Type::caption, p.muted, t().pick_node);
    column.end_card();
    column.skip(6);
    return;
  }
  const NodeView& view = model.moment.view;
  panel_heading(model, column, "inspector", t().inspector, view.name);
  column.begin_card();
  const std::vector<Leaf> now = leaves_of(view.state);
  const std::vector<Leaf> before = leaves_of(model.moment.before);
  const float share = name_share(column, now);
  const auto role = static_cast<std::size_t>(view.role);
  column.row(t().role, words(model.session().protocol().roles[role].name), p.text, Type::caption,
             share);
  const Time since_us = std::max<Time>(0, model.timeline->cursor_us() - view.since_us);
  std::string condition{t().up};
  ImU32 ink = p.green;
  if (view.condition == Condition::paused) {
    condition = say(t().paused_for, {clock_text(since_us)});
    ink = p.orange;
  } else if (view.condition == Condition::down) {
    condition = say(t().down_since, {clock_text(since_us)});
    ink = p.vermilion;
  } else if (view.condition == Condition::absent) {
    condition = t().absent;
    ink = p.muted;
  }
  column.row(t().condition, condition, ink, Type::caption, share);
  if (view.waiting > 0)
    column.row(t().inbox, std::to_string(view.waiting), p.orange, Type::mono, share);

  const bool any_disk =
      std::any_of(now.begin(), now.end(), [](const Leaf& leaf) { return leaf.disk; });
  const bool any_memory =
      std::any_of(now.begin(), now.end(), [](const Leaf& leaf) { return !leaf.disk; });
  if (any_memory) {
    column.skip(6);
    caption(column, t().memory);
    state_rows(model, column, share, now, before, false);
  }
  if (any_disk) {
    column.skip(6);
    caption(column, t().disk);
    state_rows(model, column, share, now, before, true);
  }
  column.skip(6);
  caption(column, t().clocks);
  clock_rows(model, column, share, view);
  column.end_card();
  column.skip(6);
}

}  // namespace netsplit::ui
