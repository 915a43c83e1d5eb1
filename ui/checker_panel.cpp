// The panel of checks: what to ask, and how far it is. What came out stands in checker_results.cpp.
#include <algorithm>

#include "core/scenario/sweep_file.h"
#include "ui/checker_panel.h"
#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

struct Words {
  std::string_view name, help, start;
};

Words words_of(JobKind kind) {
  switch (kind) {
    case JobKind::explore:
      return {t().explore, t().explore_help, t().start_explore};
    case JobKind::sweep:
      return {t().sweep, t().sweep_help, t().start_sweep};
    case JobKind::shrink:
      return {t().shrink, t().shrink_help, t().start_shrink};
    case JobKind::judge:
      break;
  }
  return {t().judge, t().judge_help, t().start_judge};
}

float control_height(const Model& model) { return px(model.places.form == Form::narrow ? 44 : 32); }

void tabs(Model& model, Column& column) {
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const Rect row = column.take(control_height(model));
  draw::card(list, row, p.line, p.raised, px(7));
  const float w = row.w / static_cast<float>(job_kinds);
  for (std::size_t i = 0; i < job_kinds; ++i) {
    const auto kind = static_cast<JobKind>(i);
    const bool on = model.checker.shown == kind;
    const Rect r{row.x + w * static_cast<float>(i), row.y, w, row.h};
    if (button(model.controls, "check.tab." + std::string(job_names[i]), r,
               {.label = words_of(kind).name, .plain = true, .on = on}))
      model.checker.shown = kind;
    if (on) draw::fill(list, {r.x + px(10), r.bottom() - px(3), r.w - px(20), px(2)}, p.sky, px(1));
    if (model.checker.task(kind).job != 0)
      list->AddCircleFilled({r.right() - px(9), r.y + px(9)}, px(3), p.sky);
  }
  column.skip(10);
}

// A name, and a value between minus and plus; -1 or 1 when one of the two is pressed.
int stepper(Model& model, Column& column, const char* name, std::string_view label,
            std::string_view about, std::string_view value, bool less, bool more) {
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float row_h = control_height(model);
  const float h = row_h - px(4);
  const Rect r = column.take(row_h);
  const Rect left{r.x, r.y, r.w * 0.5f, r.h};
  const Touch touch = touch_area(model.controls, std::string("check.about.") + name, left);
  draw::text_in(list, {left.x, left.y, left.w - px(6), left.h}, Type::caption,
                touch.hovered ? p.text : p.muted, label);
  if (touch.hovered) tip(about);
  const Rect box{r.x + r.w * 0.5f, r.y + px(2), r.w * 0.5f, h};
  draw::card(list, box, p.line, p.raised, px(7));
  int by = 0;
  if (button(model.controls, std::string("check.less.") + name, {box.x, box.y, h, h},
             {.icon = Icon::minus, .plain = true, .enabled = less}))
    by = -1;
  if (button(model.controls, std::string("check.more.") + name, {box.right() - h, box.y, h, h},
             {.icon = Icon::plus, .plain = true, .enabled = more}))
    by = 1;
  draw::text_in(list, {box.x + h, box.y, box.w - 2 * h, h}, Type::mono, p.text, value,
                draw::Align::center);
  return by;
}

void count_option(Model& model, Column& column, const char* name, std::string_view label,
                  std::string_view about, std::uint32_t& value, std::uint32_t high) {
  const int by =
      stepper(model, column, name, label, about, std::to_string(value), value > 0, value < high);
  value = static_cast<std::uint32_t>(static_cast<std::int64_t>(value) + by);
}

void repeats_option(Model& model, Column& column) {
  constexpr std::uint32_t high = 9;
  std::uint32_t& value = model.checker.repeats;
  const bool unbounded = value > high;
  const int by = stepper(model, column, "repeats", t().repeats, t().tip_repeats,
                         unbounded ? "\xE2\x88\x9E" : std::to_string(value), value > 0, !unbounded);
  if (by > 0) value = value >= high ? check::repeats_unbounded : value + 1;
  if (by < 0) value = unbounded ? high : value - 1;
}

void symmetry_option(Model& model, Column& column) {
  bool& on = model.checker.symmetry;
  const int by = stepper(model, column, "symmetry", t().symmetry, t().tip_symmetry,
                         on ? t().names_do_not_count : t().names_count, on, !on);
  if (by != 0) on = by > 0;
}

void time_option(Model& model, Column& column) {
  constexpr std::array<std::int64_t, 5> notches_ms{10'000, 60'000, 600'000, 3'600'000, 0};
  std::int64_t& value = model.checker.time_ms_max;
  auto at = static_cast<std::size_t>(std::find(notches_ms.begin(), notches_ms.end(), value) -
                                     notches_ms.begin());
  at = std::min(at, notches_ms.size() - 1);
  constexpr std::array<std::string_view, 5> texts{"10 s", "1 min", "10 min", "1 h", {}};
  const std::string_view text = texts[at].empty() ? t().no_limit : texts[at];
  const int by = stepper(model, column, "time", t().time_limit, t().tip_time_limit, text, at > 0,
                         at + 1 < notches_ms.size());
  if (by != 0) value = notches_ms[at + static_cast<std::size_t>(by)];
}

// As the editor's script calls what does the same.
std::string_view fault_word(check::FaultKind kind) {
  const Strings& s = t();
  const std::array<std::string_view, check::fault_kinds> all{
      s.act_partition, s.one_way_word,   s.act_isolate,    s.act_cut,
      s.act_pause,     s.act_crash,      s.act_clock_step, s.act_clock_drift,
      s.loss_word,     s.duplicate_word, s.reorder_word};
  return all[static_cast<std::size_t>(kind)];
}

void sweep_options(Model& model, Column& column) {
  Checker& checker = model.checker;
  const int by = stepper(model, column, "seeds", t().seeds, t().tip_seeds, grouped(checker.seeds),
                         checker.seeds > 100, checker.seeds < 100'000'000);
  if (by > 0) checker.seeds *= 10;
  if (by < 0) checker.seeds /= 10;
  time_option(model, column);
  column.skip(6);
  draw::text_in(ImGui::GetWindowDrawList(), column.take(px(18)), Type::caption, palette().muted,
                t().fault_kinds);
  // Chips, as many in a row as fit.
  const float h = px(model.places.form == Form::narrow ? 40 : 26);
  float x = column.x();
  float y = column.y();
  for (std::uint32_t i = 0; i < check::fault_kinds; ++i) {
    const check::FaultSet bit = check::FaultSet{1} << i;
    const std::string name = fault_names(bit)[0];
    const std::string_view label = fault_word(static_cast<check::FaultKind>(i));
    const bool on = (checker.kinds & bit) != 0;
    const ButtonLook look{.label = label, .on = on, .type = Type::caption};
    const float w = button_width(look);
    if (x > column.x() && x + w > column.x() + column.width()) {
      x = column.x();
      y += h + px(4);
    }
    const Rect chip{x, y, w, h};
    if (button(model.controls, "check.fault." + name, chip, look)) checker.kinds ^= bit;
    if (on) draw::frame(ImGui::GetWindowDrawList(), chip, palette().sky, px(7), px(1));
    x += w + px(4);
  }
  column.advance(y + h - column.y());
}

void options(Model& model, Column& column) {
  Checker& checker = model.checker;
  if (checker.shown == JobKind::judge || checker.shown == JobKind::shrink) return;
  column.begin_card();
  if (checker.shown == JobKind::explore) {
    count_option(model, column, "drops", t().drops, t().tip_drops, checker.faults.drops, 20);
    count_option(model, column, "duplicates", t().duplicates, t().tip_duplicates,
                 checker.faults.duplicates, 20);
    count_option(model, column, "crashes", t().crashes, t().tip_crashes, checker.faults.crashes,
                 20);
    repeats_option(model, column);
    symmetry_option(model, column);
    time_option(model, column);
  } else {
    sweep_options(model, column);
  }
  column.end_card();
}

void start_row(Model& model, Column& column) {
  const JobKind kind = model.checker.shown;
  const Rect r = column.take(px(model.places.form == Form::narrow ? 44 : 34));
  const float side = r.h;
  const ButtonLook start{.icon = Icon::play, .label = words_of(kind).start, .loud = true};
  if (button(model.controls, "check.start", {r.x, r.y, r.w - side - px(6), r.h}, start))
    start_check(model, kind);
  if (button(model.controls, "check.command", {r.right() - side, r.y, side, r.h},
             {.label = ">_", .tip = t().tip_copy_command, .type = Type::mono}))
    copy_check_command(model, kind);
  column.skip(12);
}

std::string seconds_of(std::int64_t ms) {
  return std::to_string(ms / 1000) + "." + std::to_string(ms / 100 % 10) + " s";
}

// The frontier by depth, as bars: it swells, and dies away towards the end.
void frontier_bars(Model& model, Column& column, const std::vector<std::uint64_t>& waiting) {
  const Rect r = column.take(px(40));
  const Touch touch = touch_area(model.controls, "check.waiting", r);
  if (touch.hovered) tip(t().tip_waiting);
  std::uint64_t most = 1;
  for (const std::uint64_t one : waiting) most = std::max(most, one);
  const auto columns = static_cast<float>(std::max<std::size_t>(waiting.size(), 24));
  const float pitch = r.w / columns;
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw::line(list, {r.x, r.bottom() - px(0.5f)}, {r.right(), r.bottom() - px(0.5f)}, palette().line,
             px(1));
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    const float h = r.h * static_cast<float>(waiting[i]) / static_cast<float>(most);
    draw::fill(
        list,
        {r.x + pitch * static_cast<float>(i), r.bottom() - h, std::max(pitch - px(1), px(0.5f)), h},
        i + 1 == waiting.size() ? palette().sky : mix(palette().raised, palette().sky, 0.5f));
  }
  column.skip(6);
}

void progress_bar(Column& column, std::uint64_t done, std::uint64_t total) {
  const Rect r = column.take(px(6));
  const float part = total == 0 ? 0 : static_cast<float>(done) / static_cast<float>(total);
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw::fill(list, r, palette().line, px(3));
  draw::fill(list, {r.x, r.y, r.w * std::min(part, 1.f), r.h}, palette().sky, px(3));
  column.skip(8);
}

void counts(Column& column, JobKind kind, const JobProgress& at) {
  const ImU32 ink = palette().text;
  const auto rate = [&] {
    const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(at.elapsed_ms, 1));
    return say(t().per_second, {grouped(at.done * 1000 / ms)});
  };
  if (kind == JobKind::explore) {
    column.row(t().found_states, grouped(at.done), ink);
    column.row(t().rate, rate(), ink);
    column.row(t().waiting, grouped(at.frontier), ink);
    column.row(t().depth, grouped(at.depth), ink);
  } else if (kind == JobKind::sweep) {
    column.row(t().seeds, say(t().of_total, {grouped(at.done), grouped(at.total)}), ink);
    column.row(t().rate, rate(), ink);
    column.row(t().failing, grouped(at.failing), at.failing > 0 ? palette().vermilion : ink);
  } else if (kind == JobKind::shrink) {
    column.row(t().tried, grouped(at.done), ink);
    column.row(t().inputs_left, grouped(at.left), ink);
  } else {
    column.row(t().run_steps, grouped(at.done), ink);
  }
  column.row(t().elapsed, seconds_of(at.elapsed_ms), ink);
}

void running_card(Model& model, Column& column) {
  const JobKind kind = model.checker.shown;
  const CheckerTask& task = model.checker.task(kind);
  column.begin_card(with_alpha(palette().sky, 0.6f));
  if (kind == JobKind::explore) frontier_bars(model, column, task.waiting);
  if (kind == JobKind::sweep) progress_bar(column, task.progress.done, task.progress.total);
  counts(column, kind, task.progress);
  column.skip(8);
  const Rect r = column.take(control_height(model));
  const bool cancelled =
      button(model.controls, "check.cancel", r, {.icon = Icon::close, .label = t().cancel});
  column.end_card();
  if (cancelled) cancel_check(model, kind);
}

// What was known when it was cancelled.
void cancelled_card(Column& column, JobKind kind, const CheckerTask& task) {
  column.begin_card();
  counts(column, kind, task.progress);
  column.skip(4);
  column.paragraph(Type::caption, palette().muted, t().cancelled_at);
  column.end_card();
}

void way_back(Model& model, Column& column) {
  const BranchId from = model.found_from();
  if (from < 0 || model.timeline->find_branch(from) == nullptr) return;
  column.begin_card(with_alpha(palette().pink, 0.7f));
  column.paragraph(Type::body, palette().text, t().looking_at_found);
  column.skip(6);
  const Scenario& home = model.beside.at(model.scenario_branch(from)).scenario;
  const Rect r = column.take(control_height(model));
  const bool back = button(model.controls, "check.back", r,
                           {.icon = Icon::step_back, .label = say(t().back_to, {home.title})});
  column.end_card();
  if (back) model.leave_found();
}

}  // namespace

void checks_link(Model& model, Column& column) {
  if (!model.open()) return;
  const bool narrow = model.places.form == Form::narrow;
  const Rect r = column.take(px(narrow ? 44 : 22));
  if (text_link(model.controls, "check.link", r.x + px(2), r.y + r.h / 2 + px(4), Type::caption,
                t().check_all))
    toggle_checks(model);
  column.skip(8);
}

void checker_panel(Model& model, Column& column) {
  column.heading(t().check_all);
  if (model.places.form != Form::narrow) {
    const Rect r{column.x() + column.width() - px(24), column.y() - px(28), px(24), px(24)};
    if (button(model.controls, "check.close", r, {.icon = Icon::close, .plain = true}))
      toggle_checks(model);
  }
  if (!model.open()) return;
  way_back(model, column);
  tabs(model, column);
  const JobKind kind = model.checker.shown;
  const CheckerTask& asked = model.checker.task(kind);
  // A phone has no room to show below what could be asked what came out.
  const bool answer_first = model.places.form == Form::narrow && asked.job == 0 &&
                            (asked.result.has_value() || !asked.error.empty());
  if (answer_first) checker_results(model, column);
  column.paragraph(Type::body, mix(palette().muted, palette().text, 0.6f), words_of(kind).help);
  column.skip(10);
  if (model.checker.task(kind).job != 0) return running_card(model, column);
  options(model, column);
  start_row(model, column);
  const CheckerTask& task = model.checker.task(kind);
  if (task.job == 0 && task.cancelled) cancelled_card(column, kind, task);
  if (!answer_first) checker_results(model, column);
}

}  // namespace netsplit::ui
