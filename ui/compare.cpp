#include "ui/compare.h"

#include <algorithm>
#include <cmath>

#include "core/base/names.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"
#include "ui/canvas_menu.h"
#include "ui/lesson_marks.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr std::size_t variants_max = 3;

// A message picked by its number is another one in another run: there it is the first of its type
// between these two.
void forget_numbers(std::vector<Input>& script, const Session& session, const Trace& trace) {
  for (Input& input : script) {
    if (input.message.id == 0) continue;
    for (EventIndex i = trace.first(); i < trace.size(); ++i) {
      const Event& event = trace[i];
      if (event.kind != EventKind::send || event.message != input.message.id) continue;
      input.message = {0, event.node, event.peer, event_label(session, event)};
      break;
    }
  }
}

Setup setup_of(const Model& model) {
  Setup setup = model.timeline->setup();
  forget_numbers(setup.script, model.session(), model.timeline->trace());
  return setup;
}

bool is_assignment(std::string_view what) { return what.find('=') != std::string_view::npos; }

std::string name_of(const Setup& first, std::string_view what) {
  if (is_assignment(what)) {
    const Result<Setup> changed = with_parameters(first, what);
    const std::string text = changed ? what_differs(first, changed.value()) : std::string();
    return text.empty() ? std::string(what) : text;
  }
  const Scenario* scenario = find_scenario(what);
  if (scenario == nullptr) return std::string(what);
  const std::string text = what_differs(first, beside(first, scenario->setup));
  return text.empty() ? scenario->title : text;
}

ComparedShown::Cell cell_of(const PropertyState* state) {
  if (state == nullptr) return {"\xE2\x80\x93", Tone::plain, Icon::none};
  switch (state->standing) {
    case Standing::holds:
      return {std::string(t().holds), Tone::good, Icon::check};
    case Standing::violated:
      return {std::string(t().violated), Tone::bad, Icon::cross};
    case Standing::open:
      break;
  }
  return {std::string(t().open), Tone::plain, Icon::question};
}

// "fencing = conditional write": an entry of the menu, told apart from the experiments there.
std::string in_menu(std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  return words(assignment.substr(0, equals)) + " = " + words(assignment.substr(equals + 1));
}

// The shortest id in the library with which this one begins: "saga-isolation" of
// "saga-isolation-pending".
std::string_view series_of(std::string_view id) {
  std::string_view series = id;
  for (const Scenario& each : library()) {
    const std::string_view first = each.id;
    if (first.size() < series.size() && id.starts_with(first) && id[first.size()] == '-')
      series = first;
  }
  return series;
}

// "fencing=token": what one could change in the run, one parameter at a time.
std::vector<std::string> changes_of(const Session& session) {
  std::vector<std::string> changes;
  const auto& infos = session.protocol().parameters;
  for (std::size_t i = 0; i < infos.size(); ++i) {
    const ParameterInfo& info = infos[i];
    const std::int64_t now = session.parameter(static_cast<std::int64_t>(i));
    std::vector<std::int64_t> values{now / 2, now > info.high / 2 ? info.high : now * 2};
    if (info.unit == Unit::flag || info.unit == Unit::choice) {
      values.clear();
      for (std::int64_t value = info.low; value <= info.high; ++value) values.push_back(value);
    }
    for (const std::int64_t value : values) {
      if (value != now && value >= info.low && value <= info.high)
        changes.push_back(std::string(info.name) + "=" + format_parameter(info, value));
    }
  }
  return changes;
}

// An entry of the menu; what is compared already has a tick, and goes when taken again.
void choice(Model& model, std::string_view label, const std::string& what) {
  const bool on =
      std::find(model.compared.begin(), model.compared.end(), what) != model.compared.end();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const Rect r{at.x, at.y, px(menu_width_css), px(model.host.touch ? 44 : 30)};
  if (button(model.controls, "compare." + what, r,
             {.icon = on ? Icon::check : Icon::dot, .label = label, .plain = true, .left = true})) {
    model.command("compare", what);
    ImGui::CloseCurrentPopup();
  }
  ImGui::SetCursorScreenPos({at.x, r.bottom()});
}

// Where the headings of the first row stand: below the tools, and on a phone below the story.
float heading_top(const Model& model) { return px(model.places.form == Form::narrow ? 98 : 60); }
float heading_height(const Model& model) { return px(model.places.form == Form::narrow ? 44 : 30); }

// The rows whose verdicts have a sign in a heading with room for `most`: what is violated stays
// longest, and what is not decided next.
std::vector<std::size_t> signed_rows(const ComparedShown& shown, std::size_t run,
                                     std::size_t most) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < shown.rows.size(); ++i) {
    const ComparedShown::Row& row = shown.rows[i];
    if (row.verdict && run < row.cells.size() && row.cells[run].icon != Icon::none)
      rows.push_back(i);
  }
  const auto rank = [&](std::size_t row) {
    const Icon icon = shown.rows[row].cells[run].icon;
    return icon == Icon::cross ? 0 : icon == Icon::question ? 1 : 2;
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  rows.resize(std::min(rows.size(), most));
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace

ImU32 ink_of_tone(Tone tone) {
  const Palette& p = palette();
  return tone == Tone::good ? p.green : tone == Tone::bad ? p.vermilion : p.text;
}

Status Model::compare_with(std::string_view what) {
  if (what.empty()) {
    if (!compared.empty()) return compare_with("off");
    if (scenario.compare.empty()) return Error{std::string(t().compare_nothing)};
    what = scenario.compare;
  }
  if (what == "off") {
    compared.clear();
    compared_shown = {};
    pane = 0;
    return Done{};
  }
  const auto listed = std::find(compared.begin(), compared.end(), what);
  if (listed != compared.end()) {
    compared.erase(listed);
    pane = 0;
    return Done{};
  }
  if (is_assignment(what)) {
    const Result<Setup> changed = with_parameters(timeline->setup(), what);
    if (!changed) return Error{changed.error()};
  } else if (find_scenario(what) == nullptr) {
    std::vector<std::string> known;
    for (const Scenario& each : library()) known.push_back(each.id);
    return Error{"There is no scenario \"" + std::string(what.substr(0, 60)) + "\"; " +
                 expected_names(what, known)};
  }
  if (compared.size() == variants_max) return Error{std::string(t().compare_full)};
  compared.emplace_back(what);
  return Done{};
}

void Compare::make(Model& model) {
  variants_.clear();
  const Setup first = setup_of(model);
  for (const std::string& what : model.compared) {
    auto variant = std::make_unique<Variant>();
    Scenario scenario = model.scenario;
    if (is_assignment(what)) {
      const Result<Setup> changed = with_parameters(first, what);
      if (!changed) continue;
      scenario.setup = changed.value();
    } else {
      const Scenario* other = find_scenario(what);
      if (other == nullptr) continue;
      if (other->setup.nodes != first.nodes) scenario = *other;
      scenario.setup = beside(first, other->setup);
    }
    scenario.lesson.clear();
    scenario.stagings.clear();
    variant->what = what;
    variant->shares_script = scenario.setup.script == first.script;
    variant->model.host.reduced_motion = model.host.reduced_motion;
    variant->model.host.touch = model.host.touch;
    variant->canvas.region = "network " + what;
    variant->canvas.head = heading_height(model);
    const Status started = variant->model.start(scenario);
    if (!started) {
      model.say_toast(started.error(), Tone::bad);
      continue;
    }
    variants_.push_back(std::move(variant));
  }
  steps_.clear();
}

void Compare::follow(Model& model) {
  if (!model.open() || model.compared.empty()) {
    variants_.clear();
    source_ = {};
    return;
  }
  const Source now{model.generation, model.timeline->branch(),
                   model.timeline->head().setup().script.size(), model.compared};
  if (!(now == source_)) {
    source_ = now;
    make(model);
  }
  const Time at_us = model.timeline->cursor_us();
  const bool over = model.over();
  for (const auto& variant : variants_) {
    Model& other = variant->model;
    other.now_s = model.now_s;
    other.touched_s = model.touched_s;
    other.tool = model.tool;
    other.places = model.places;
    other.effects.clear();
    // At the end of its run nothing is left open: the others go to theirs, though it may be later.
    if (over && !other.over()) {
      if (!other.heading) other.to_end();
    } else if (!over && other.timeline->cursor_us() != at_us) {
      other.seek_time(at_us);
    }
    if (other.heading) other.advance(0);
    other.refresh();
  }
  if (variants_.size() < model.pane) model.pane = 0;
  tabulate(model);
}

void Compare::tabulate(Model& model) {
  // The last judgement is passed without a step.
  std::vector<std::uint64_t> steps;
  const auto note = [&](const Session& session) {
    steps.push_back(session.steps() * 4 + static_cast<std::uint64_t>(session.ending()));
  };
  note(model.session());
  for (const auto& variant : variants_) note(variant->model.session());
  // What a lesson's open question asks for is not told here either.
  const std::vector<PropertyState>& own = model.session().properties();
  std::vector<std::string_view> withheld;
  for (std::size_t i = 0; i < own.size(); ++i) {
    const bool covered = model.withheld.covers(i, own[i]);
    steps.push_back(covered ? 1 : 0);
    if (covered) withheld.push_back(own[i].name);
  }
  if (steps == steps_) return;
  steps_ = steps;
  const Setup& first = model.session().setup();
  std::vector<Compared> runs{
      {std::string(t().this_run), &model.session(), &model.timeline->trace()}};
  for (const auto& variant : variants_) {
    runs.push_back({name_of(first, variant->what), &variant->model.session(),
                    &variant->model.timeline->trace()});
  }
  const ComparisonTable table = compare_runs(runs);
  ComparedShown& shown = model.compared_shown;
  shown.names = table.names;
  // "Four ways to agree: a saga" beside another of the four ways is "a saga".
  const std::size_t colon = model.scenario.title.find(": ");
  for (std::string& name : shown.names) {
    if (colon != std::string::npos && name.starts_with(model.scenario.title.substr(0, colon + 2)))
      name.erase(0, colon + 2);
  }
  shown.rows.clear();
  for (const VerdictRow& row : table.verdicts) {
    ComparedShown::Row made{words(row.name), in_plain_words(row.sentence), {}, row.differs, true};
    for (const PropertyState* state : row.states) made.cells.push_back(cell_of(state));
    if (std::find(withheld.begin(), withheld.end(), row.name) != withheld.end()) {
      made.cells[0] = {std::string(t().guess_first), Tone::plain, Icon::question};
      made.differs = false;
    }
    shown.rows.push_back(std::move(made));
  }
  for (const MeterRow& row : table.meters) {
    const bool silent = std::all_of(row.values.begin(), row.values.end(),
                                    [](const auto& value) { return value.value_or(0) == 0; });
    if (silent) continue;
    ComparedShown::Row made{
        meter_name(row.name), in_plain_words(row.sentence), {}, row.differs, false};
    for (const auto& value : row.values) {
      made.cells.push_back(
          {value ? format_reading(row.unit, *value) : "\xE2\x80\x93", Tone::plain, Icon::none});
    }
    shown.rows.push_back(std::move(made));
  }
}

Rect Compare::pane(const Model& model, const Rect& rect, std::size_t index) const {
  if (variants_.empty()) return rect;
  if (model.places.form == Form::narrow)
    return index == model.pane ? rect : Rect{rect.x, rect.y, 0, 0};
  // Four are a square; fewer stand in a row.
  const std::size_t count = variants_.size() + 1;
  const std::size_t columns = count == 4 ? 2 : count;
  const std::size_t rows = (count + columns - 1) / columns;
  const float w = std::floor(rect.w / static_cast<float>(columns));
  const auto column = static_cast<float>(index % columns);
  if (rows == 1) return {rect.x + w * column, rect.y, w, rect.h};
  // The tools float over the first row, which is as much higher.
  const float first = std::floor((rect.h + heading_top(model) - px(8)) / 2);
  if (index < columns) return {rect.x + w * column, rect.y, w, first};
  return {rect.x + w * column, rect.y + first, w, rect.h - first};
}

float Compare::heading_room(const Model& model) const {
  return variants_.empty() ? 0 : heading_height(model);
}

Rect Compare::own_pane(const Model& model, const Rect& rect) const { return pane(model, rect, 0); }

// Its name, and a sign for each verdict.
void Compare::heading(Model& model, const Rect& rect, std::size_t index) {
  const Palette& p = palette();
  const ComparedShown& shown = model.compared_shown;
  if (index >= shown.names.size()) return;
  const bool narrow = model.places.form == Form::narrow;
  const bool first_row = rect.y <= model.places.canvas.y + px(1);
  Rect head{rect.x + px(10), rect.y + (first_row ? heading_top(model) : px(8)), rect.w - px(20),
            heading_height(model)};
  // The last one of the first row leaves room for the button that ends it all.
  if (first_row && rect.right() > model.places.canvas.right() - px(20))
    head.w -= 2 * heading_height(model) + px(10);
  const std::string name = "compare head " + std::to_string(index);
  begin_region(name.c_str(), head, IM_COL32(0, 0, 0, 0), Region::floats);
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (!narrow && index > 0) {
    list->PushClipRect(rect.min(), rect.max());
    const ImVec2 corner{rect.x + px(0.5f), first_row ? head.y : rect.y + px(0.5f)};
    draw::line(list, corner, {corner.x, rect.bottom()}, p.strong_line, px(1));
    if (!first_row) draw::line(list, corner, {rect.right(), corner.y}, p.strong_line, px(1));
    list->PopClipRect();
  }
  draw::card(list, head, p.line, with_alpha(p.panel, 0.94f), px(8));
  float right = head.right() - px(8);
  const float room = std::max(0.f, head.w - px(18) - std::min(px(36), head.w / 3));
  const auto most = static_cast<std::size_t>(room / px(16));
  const std::vector<std::size_t> rows = signed_rows(shown, index, most);
  for (auto i = rows.rbegin(); i != rows.rend(); ++i) {
    const ComparedShown::Row& row = shown.rows[*i];
    right -= px(16);
    const Rect sign{right, head.y, px(16), head.h};
    const ComparedShown::Cell& cell = row.cells[index];
    const ImU32 ink = cell.icon == Icon::question ? p.orange : ink_of_tone(cell.tone);
    draw_icon(list, cell.icon, sign.center(), px(12), ink);
    const std::string control = "verdict." + std::to_string(index) + "." + row.name;
    if (touch_area(model.controls, control, sign).hovered) tip(cell.text + ": " + row.sentence);
  }
  const Rect label{head.x + px(10), head.y, std::max(px(10), right - head.x - px(14)), head.h};
  if (narrow) {
    // One pane at a time: a tap shows the next one.
    const Touch touch = touch_area(model.controls, "compare.next", label);
    if (touch.pressed) model.pane = (model.pane + 1) % shown.names.size();
    const float w = draw::text_width(Type::strong, shown.names[index]);
    draw_icon(list, Icon::chevron_right,
              {std::min(label.x + w + px(12), label.right()), label.y + label.h / 2}, px(11),
              p.muted);
  }
  draw::text_in(list, label, Type::strong, p.text, shown.names[index]);
  end_region();
}

// What a hand did in a variant is done in the run itself; the variant is then made anew from it.
void Compare::hand_over(Model& model, Variant& variant) {
  const Session& session = variant.model.session();
  const std::int64_t applied = session.script_applied();
  if (applied == 0) return;
  std::vector<Input> made{session.setup().script[static_cast<std::size_t>(applied - 1)]};
  forget_numbers(made, session, variant.model.timeline->trace());
  made[0].after_step = -1;
  if (variant.shares_script) model.push(made[0]);
}

void Compare::frame(Model& model, const Rect& rect) {
  if (variants_.empty()) return;
  bool pushed = false;
  for (std::size_t i = 0; i < variants_.size(); ++i) {
    Variant& variant = *variants_[i];
    const Rect where = pane(model, rect, i + 1);
    if (where.w < px(40)) continue;
    const std::size_t lines = variant.model.session().setup().script.size();
    variant.model.controls.list.clear();
    variant.canvas.frame(variant.model, where);
    const bool acted = variant.model.session().setup().script.size() != lines;
    if (acted && !pushed) hand_over(model, variant);
    pushed = pushed || acted;
  }
  for (std::size_t i = 0; i <= variants_.size(); ++i) {
    const Rect where = pane(model, rect, i);
    if (where.w >= px(40)) heading(model, where, i);
  }
}

void Compare::menu(Model& model) {
  if (!ImGui::IsPopupOpen("compare menu")) return;
  ImGui::SetNextWindowSizeConstraints({0, 0}, {px(menu_width_css + 26), px(420)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(6), px(6)});
  if (ImGui::BeginPopup("compare menu", ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoNav)) {
    const Scenario* remedy = find_scenario(model.scenario.compare);
    if (remedy != nullptr) {
      menu_title(t().remedy);
      choice(model, remedy->title, remedy->id);
    }
    const std::string_view series = series_of(model.scenario.id);
    const auto others = [&](std::string_view title, bool of_series) {
      bool titled = false;
      for (const Scenario& scenario : library()) {
        const bool own = scenario.id == model.scenario.id || scenario.id == model.scenario.compare;
        if (own || scenario.chapter != model.scenario.chapter) continue;
        if ((series_of(scenario.id) == series) != of_series) continue;
        if (!titled) menu_title(title);
        titled = true;
        choice(model, scenario.title, scenario.id);
      }
    };
    others(t().same_series, true);
    const std::vector<std::string> changes = changes_of(model.session());
    if (!changes.empty()) menu_title(t().change_parameter);
    for (const std::string& change : changes) choice(model, in_menu(change), change);
    others(t().other_scenario, false);
    if (ImGui::IsKeyPressed(ImGuiKey_Escape, false)) ImGui::CloseCurrentPopup();
    ImGui::Dummy({px(menu_width_css), 0});
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar();
}

void Compare::overlay(Model& model, const Rect& rect) {
  if (!model.open()) return;
  const bool narrow = model.places.form == Form::narrow;
  const bool on = !model.compared.empty();
  const bool remedy = find_scenario(model.scenario.compare) != nullptr;
  std::string label(on ? t().stop_comparing : t().compare);
  if (!on && remedy) {
    const std::string with = name_of(model.session().setup(), model.scenario.compare);
    if (draw::text_width(Type::body, with) < px(150)) label = say(t().compare_with_it, {with});
  }
  const ButtonLook look{.icon = on ? Icon::close : Icon::compare,
                        .label = narrow || on ? std::string_view() : std::string_view(label),
                        .tip = narrow || on ? label : t().tip_compare,
                        .plain = true};
  const float h = heading_height(model);
  const float w = narrow || on ? h : button_width(look);
  Rect bar{rect.right() - px(on ? 10 : 14) - w - h, rect.y + heading_top(model), w + h, h};
  // A phone has one button for the menu, opposite the view's own.
  const bool single = narrow && !on;
  if (single) bar = {rect.x + px(12), rect.bottom() - h - px(8 + 6), h + px(8), h + px(8)};
  button_ = bar;
  begin_region("compare", bar, IM_COL32(0, 0, 0, 0), Region::floats);
  ImDrawList* list = ImGui::GetWindowDrawList();
  // While nothing is compared, the button is what a step about comparing speaks of.
  const bool meant = !on && points_at(model, Highlight::Kind::panel, "compare");
  draw::card(list, bar, meant ? palette().orange : palette().line, palette().panel, px(8));
  if (meant) draw::frame(list, bar.grown(px(-1)), palette().orange, px(8), px(1.5f));
  if (single) {
    if (button(model.controls, "compare", bar.grown(px(-4)), look))
      ImGui::OpenPopup("compare menu");
    menu(model);
    return end_region();
  }
  if (button(model.controls, "compare", {bar.x, bar.y, w, h}, look)) {
    if (on || remedy)
      model.command("compare", on ? "off" : "");
    else
      ImGui::OpenPopup("compare menu");
  }
  if (button(model.controls, "compare.more", {bar.x + w, bar.y, h, h},
             {.icon = Icon::chevron_down, .tip = t().tip_compare_more, .plain = true}))
    ImGui::OpenPopup("compare menu");
  menu(model);
  end_region();
}

bool Compare::moving() const {
  return std::any_of(variants_.begin(), variants_.end(), [](const auto& variant) {
    return variant->canvas.moving() || variant->model.heading.has_value();
  });
}

}  // namespace netsplit::ui
