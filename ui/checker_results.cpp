// What a check found out: the answer in one line, what it covers, and each finding with what one
// can do with it.
#include <algorithm>

#include "ui/checker_panel.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

struct Sign {
  Icon icon;
  ImU32 ink;
};

Sign sign_of(Standing standing, bool expected) {
  const Palette& p = palette();
  switch (standing) {
    case Standing::violated:
      return {Icon::cross, expected ? p.orange : p.vermilion};
    case Standing::holds:
      return {Icon::check, p.green};
    case Standing::open:
      break;
  }
  return {Icon::question, p.orange};
}

// A sign, and beside it as many lines as the text takes.
void signed_text(Column& column, const Sign& sign, Type type, std::string_view text) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float indent = px(19);
  draw_icon(list, sign.icon, {column.x() + px(6), column.y() + face(type).line / 2}, px(12),
            sign.ink);
  column.advance(draw::paragraph(list, column.x() + indent, column.y(), column.width() - indent,
                                 type, sign.ink, text));
}

// A label with its text beside it.
void labelled(Column& column, std::string_view label, std::string_view text) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float label_w = px(84);
  const Palette& p = palette();
  const float left =
      draw::paragraph(list, column.x(), column.y(), label_w - px(8), Type::caption, p.muted, label);
  const float right = draw::paragraph(list, column.x() + label_w, column.y(),
                                      column.width() - label_w, Type::caption, p.text, text);
  column.advance(std::max(left, right));
  column.skip(3);
}

void coverage_card(Column& column, const JobResult& result) {
  column.begin_card();
  column.paragraph(Type::caption_strong, palette().muted, t().covered);
  column.skip(4);
  for (const CoverageLine& line : result.coverage)
    labelled(column, words(line.label), with_grouped_numbers(line.text));
  column.end_card();
}

// True when the steps are shown.
bool unfolding(Model& model, Column& column, CheckerTask& task, std::size_t index) {
  const JobFinding& finding = task.result->findings[index];
  if (finding.steps.empty()) return false;
  bool unfolded = task.unfolded.count(index) != 0;
  column.skip(4);
  const Rect foot = column.take(px(model.places.form == Form::narrow ? 30 : 20));
  const std::string label = unfolded ? std::string(t().hide_steps)
                            : finding.steps.size() == 1
                                ? std::string(t().show_step)
                                : say(t().show_steps, {std::to_string(finding.steps.size())});
  if (text_link(model.controls, "check.steps." + std::to_string(index), foot.x, foot.y + px(14),
                Type::caption, label)) {
    if (unfolded)
      task.unfolded.erase(index);
    else
      task.unfolded.insert(index);
    unfolded = !unfolded;
  }
  return unfolded;
}

void steps_list(Column& column, const std::vector<std::string>& steps) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float indent = px(26);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Face number = face(Type::mono_small);
    draw::text(list, column.x() + indent - px(8), column.y() + number.ascent + px(1),
               Type::mono_small, palette().muted, std::to_string(i + 1), draw::Align::right);
    column.advance(draw::paragraph(list, column.x() + indent, column.y(), column.width() - indent,
                                   Type::caption, palette().text, steps[i]));
    column.skip(2);
  }
}

struct Deed {
  std::string_view name;
  ButtonLook look;
  void (*act)(Model&, std::size_t);
};

// What one can do with a finding; true when it was done, and nothing may be read on from here.
bool deeds(Model& model, Column& column, JobKind kind, const JobFinding& finding,
           std::size_t index) {
  std::vector<Deed> all;
  if (!finding.scenario.empty()) {
    all.push_back({"open",
                   {.icon = Icon::branch, .label = t().open_found, .tip = t().tip_open_found},
                   open_finding});
    if (kind == JobKind::sweep)
      all.push_back({"shrink", {.label = t().shrink, .tip = t().tip_shrink_found}, shrink_finding});
    all.push_back({"share",
                   {.label = t().copy_link,
                    .tip = finding.link.empty() ? t().found_too_long : t().tip_copy_link,
                    .enabled = !finding.link.empty()},
                   share_finding});
    if (model.host.save_file || model.host.write_file)
      all.push_back({"save", {.label = t().save_found, .tip = t().tip_save_found}, save_finding});
  } else if (finding.at_us >= 0) {
    all.push_back({"moment", {.icon = Icon::step, .label = t().show_found_moment}, show_finding});
  }
  if (all.empty()) return false;
  column.skip(8);
  const float gap = px(6);
  const Rect row = column.take(px(model.places.form == Form::narrow ? 44 : 30));
  float total = gap * static_cast<float>(all.size() - 1);
  for (const Deed& deed : all) total += button_width(deed.look);
  const float more = std::max(0.f, row.w - total) / static_cast<float>(all.size());
  float x = row.x;
  for (const Deed& deed : all) {
    const float w = std::min(button_width(deed.look) + more, row.right() - x);
    const std::string name = "check." + std::string(deed.name) + "." + std::to_string(index);
    if (button(model.controls, name, {x, row.y, w, row.h}, deed.look)) {
      column.end_card();
      deed.act(model, index);
      return true;
    }
    x += w + gap;
  }
  return false;
}

bool finding_card(Model& model, Column& column, JobKind kind, CheckerTask& task,
                  std::size_t index) {
  const Palette& p = palette();
  const JobFinding& finding = task.result->findings[index];
  const bool bad = finding.standing == Standing::violated && !finding.expected;
  column.begin_card(bad ? with_alpha(p.vermilion, 0.55f) : 0);
  signed_text(column, sign_of(finding.standing, finding.expected), Type::strong, finding.verdict);
  column.skip(1);
  const std::string name = in_plain_words(finding.name);
  column.paragraph(Type::mono_small, p.muted,
                   finding.kind.empty() ? name : name + " \xC2\xB7 " + finding.kind);
  column.skip(3);
  if (kind == JobKind::judge && !finding.why.empty()) {
    column.paragraph(Type::body, p.text, finding.why);
    column.skip(3);
    column.paragraph(Type::caption, p.muted, finding.sentence);
  } else {
    column.paragraph(Type::body, p.text, finding.sentence);
    if (!finding.why.empty()) {
      column.skip(3);
      column.paragraph(Type::caption, p.muted, finding.why);
    }
  }
  if (unfolding(model, column, task, index)) steps_list(column, finding.steps);
  if (deeds(model, column, kind, finding, index)) return true;
  column.end_card();
  return false;
}

}  // namespace

void checker_results(Model& model, Column& column) {
  const JobKind kind = model.checker.shown;
  CheckerTask& task = model.checker.task(kind);
  const Palette& p = palette();
  if (!task.error.empty()) {
    column.begin_card(with_alpha(p.vermilion, 0.55f));
    std::string sentence = task.error;
    if (sentence[0] >= 'a' && sentence[0] <= 'z')
      sentence[0] = static_cast<char>(sentence[0] - 'a' + 'A');
    signed_text(column, {Icon::cross, p.vermilion}, Type::body, sentence);
    column.end_card();
  }
  if (!task.result) return;
  const JobResult& result = *task.result;
  const bool expected = std::none_of(
      result.findings.begin(), result.findings.end(),
      [](const JobFinding& one) { return one.standing == Standing::violated && !one.expected; });
  column.skip(4);
  signed_text(column, sign_of(result.standing, expected), Type::title,
              with_grouped_numbers(result.headline));
  column.skip(10);
  if (!is_of_this_run(model, kind)) {
    column.paragraph(Type::caption, task.of_found ? p.muted : p.orange,
                     task.of_found ? t().of_found_run : t().of_another_run);
    column.skip(6);
  }
  // What fails comes first, then what was covered, then the rest.
  const auto comes_first = [](const JobFinding& one) { return one.standing == Standing::violated; };
  for (std::size_t i = 0; i < result.findings.size(); ++i) {
    if (comes_first(result.findings[i]) && finding_card(model, column, kind, task, i)) return;
  }
  coverage_card(column, result);
  for (std::size_t i = 0; i < result.findings.size(); ++i) {
    if (!comes_first(result.findings[i]) && finding_card(model, column, kind, task, i)) return;
  }
}

}  // namespace netsplit::ui
