#include "ui/clock_plot.h"

#include <algorithm>
#include <iterator>

#include "ui/lesson_marks.h"
#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr std::size_t points_max = 400;
constexpr std::size_t lines_max = 8;
constexpr float plot_css = 78;
constexpr float line_css = 15;  // distance of two names

bool sets_clock(Action action) {
  return action == Action::clock_step || action == Action::clock_drift ||
         action == Action::clock_ntp;
}

// Every other point but the last, which is where the line stands.
void thin(std::vector<ClockPlot::Point>& line) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < line.size(); ++i)
    if (i % 2 == 0 || i + 1 == line.size()) line[kept++] = line[i];
  line.resize(kept);
}

std::string signed_time(Time time_us) {
  if (time_us == 0) return "0";
  return (time_us > 0 ? "+" : "\xE2\x88\x92") +
         format_time_for_people(time_us > 0 ? time_us : -time_us);
}

}  // namespace

bool ClockPlot::wanted(const Setup& setup) {
  return std::any_of(setup.nodes.begin(), setup.nodes.end(),
                     [](const NodeGroup& group) {
                       return group.clock.drift_ppm != 0 || group.clock.offset_us != 0 ||
                              group.clock.ntp;
                     }) ||
         std::any_of(setup.script.begin(), setup.script.end(),
                     [](const Input& input) { return sets_clock(input.action); });
}

void ClockPlot::follow(const Timeline& timeline, std::uint64_t generation) {
  const Trace& trace = timeline.trace();
  const EventIndex end = trace.first_after_step(timeline.cursor_step());
  if (generation_ != generation || branch_ != timeline.branch()) {
    generation_ = generation;
    branch_ = timeline.branch();
    lines_.assign(static_cast<std::size_t>(timeline.session().node_count()), {});
    next_ = trace.first();
  }
  for (auto& line : lines_)
    while (!line.empty() && line.back().event >= end) line.pop_back();
  next_ = std::min(next_, end);
  for (EventIndex i = std::max(next_, trace.first()); i < end; ++i) {
    const Event& event = trace[i];
    const bool jump =
        event.kind == EventKind::clock && static_cast<Action>(event.label) == Action::clock_step;
    if (event.node == nobody || (!event.stamped() && !jump)) continue;
    const auto node = static_cast<std::size_t>(event.node.value);
    if (node >= lines_.size()) lines_.resize(node + 1);
    if (jump) {  // upright, from where the line stood
      const Time before_us = lines_[node].empty() ? 0 : lines_[node].back().ahead_us;
      const Row by = timeline.session().describe_payload(event);
      lines_[node].push_back({i, event.at_us, before_us});
      lines_[node].push_back(
          {i, event.at_us, before_us + (by.children.empty() ? 0 : by.children[0].number)});
      continue;
    }
    lines_[node].push_back({i, event.at_us, event.wall_us - event.at_us});
    if (lines_[node].size() > points_max) thin(lines_[node]);
  }
  next_ = end;
}

void clock_plot_panel(Model& model, ClockPlot& plot, Column& column) {
  if (!model.open() || !ClockPlot::wanted(model.session().setup())) return;
  const auto& nodes = model.moment.nodes;
  if (nodes.empty() || nodes.size() > lines_max) return;
  plot.follow(*model.timeline, model.generation);

  const Palette& p = palette();
  panel_heading(model, column, "clocks", t().clock_plot);
  column.begin_card();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const Time now_us = std::max<Time>(model.timeline->cursor_us(), 1);
  Time most_us = 1;
  float names = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Time now_ahead_us = nodes[i].wall_error_us;
    most_us = std::max({most_us, now_ahead_us, -now_ahead_us});
    for (const ClockPlot::Point& point : plot.lines()[i])
      most_us = std::max({most_us, point.ahead_us, -point.ahead_us});
    names = std::max(
        names, draw::text_width(Type::small, nodes[i].name + " " + signed_time(now_ahead_us)));
  }
  const float least = line_css * static_cast<float>(nodes.size()) + 6;
  const Rect card = column.take(px(std::max(plot_css, least)));
  const Rect chart{card.x, card.y + px(4), card.w - names - px(20), card.h - px(8)};
  const auto y_of = [&](Time ahead_us) {
    const auto part =
        static_cast<float>(static_cast<double>(ahead_us) / static_cast<double>(most_us));
    return chart.y + chart.h / 2 * (1 - part);
  };
  const auto x_of = [&](Time at_us) {
    return chart.x +
           chart.w * static_cast<float>(static_cast<double>(at_us) / static_cast<double>(now_us));
  };
  draw::dashed(list, {chart.x, y_of(0)}, {chart.right(), y_of(0)}, p.faint, px(1), px(4), px(4));

  // The names stand beside their lines' ends, from the top down, and keep clear of each other.
  std::vector<std::size_t> order(nodes.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return nodes[a].wall_error_us > nodes[b].wall_error_us;
  });
  float name_y = card.y + px(line_css / 2);
  float room = card.bottom() - px(line_css) * static_cast<float>(nodes.size()) + px(line_css / 2);
  for (const std::size_t i : order) {
    const ImU32 color = p.kinds[i % std::size(p.kinds)];
    ImVec2 from{};
    bool begun = false;
    const auto to = [&](Time at_us, Time ahead_us) {
      const ImVec2 next{x_of(at_us), y_of(ahead_us)};
      if (begun) draw::line(list, from, next, color, px(1.5f));
      from = next;
      begun = true;
    };
    for (const ClockPlot::Point& point : plot.lines()[i]) to(point.at_us, point.ahead_us);
    const Time ahead_us = nodes[i].wall_error_us;
    to(now_us, ahead_us);
    const float y = std::clamp(from.y, name_y, std::max(name_y, room));
    draw::line(list, {chart.right() + px(1), from.y}, {chart.right() + px(9), y}, color, px(1));
    const Rect words{chart.right() + px(12), y - px(line_css / 2), names + px(8), px(line_css)};
    draw::text_in(list, words, Type::small, p.text, nodes[i].name + " " + signed_time(ahead_us));
    name_y = y + px(line_css);
    room += px(line_css);
  }
  const Touch touch = touch_area(model.controls, "clock_plot", card);
  if (touch.hovered) tip(say(t().clock_plot_about, {format_time_for_people(most_us)}));
  column.end_card();
  column.skip(6);
}

}  // namespace netsplit::ui
