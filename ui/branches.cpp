// Branches: drawn where they leave the time line, and as a list in which they are named, switched
// to, compared and deleted.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "ui/space_time.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr std::size_t lanes_most = 4;

std::vector<BranchId> lineage(const Timeline& timeline, BranchId id) {
  std::vector<BranchId> path;
  for (; id >= 0; id = timeline.find_branch(id)->parent) path.insert(path.begin(), id);
  return path;
}

// Where two branches part: the step and the time at which the first of them left what both share.
struct Parting {
  std::uint64_t step = 0;
  Time at_us = 0;
};
Parting parting(const Timeline& timeline, BranchId a, BranchId b) {
  const std::vector<BranchId> of_a = lineage(timeline, a);
  const std::vector<BranchId> of_b = lineage(timeline, b);
  std::size_t common = 0;
  while (common < of_a.size() && common < of_b.size() && of_a[common] == of_b[common]) ++common;
  if (common == 0) return {};
  Parting found{UINT64_MAX, never_us};
  for (const auto* path : {&of_a, &of_b}) {
    if (common >= path->size()) continue;
    const BranchInfo& left = *timeline.find_branch((*path)[common]);
    if (left.fork_us < found.at_us) found = {left.fork_step, left.fork_us};
  }
  return found.at_us == never_us ? Parting{} : found;
}

std::string_view standing_word(const PropertyKind kind, Standing standing) {
  if (standing == Standing::open) return kind == PropertyKind::sometimes ? t().not_yet : t().open;
  return standing == Standing::violated ? t().violated : t().holds;
}

// Two events or verdicts one above the other, each with its branch's name.
void pair_of_lines(Column& column, std::string_view name_a, std::string_view a,
                   std::string_view name_b, std::string_view b) {
  const Palette& p = palette();
  for (const auto& [name, text] : {std::pair{name_a, a}, std::pair{name_b, b}}) {
    column.skip(3);
    const float w = std::min(column.width() * 0.36f, draw::text_width(Type::small, name) + px(10));
    ImDrawList* list = ImGui::GetWindowDrawList();
    draw::text_in(list, {column.x(), column.y(), w, px(16)}, Type::small, p.pink, name);
    column.advance(draw::paragraph(list, column.x() + w, column.y(), column.width() - w,
                                   Type::small, p.text, text));
  }
}

void comparison_lines(Model& model, Column& column) {
  const Palette& p = palette();
  const Timeline& timeline = *model.timeline;
  const BranchComparison& comparison = model.comparison;
  const std::string a = branch_name(timeline.find_branch(comparison.a())->name);
  const std::string b = branch_name(timeline.find_branch(comparison.b())->name);
  column.skip(8);
  if (comparison.running()) {
    column.paragraph(Type::caption, p.orange, t().branches_comparing);
    return;
  }
  const BranchComparison::Result& result = comparison.result();
  if (!result.difference) {
    column.paragraph(Type::caption, p.text, say(t().branches_equal, {a, b}));
    return;
  }
  const std::string index = std::to_string(result.event);
  column.paragraph(Type::caption_strong, p.text,
                   say(result.difference->or_before ? t().differ_at_or_before : t().differ_at,
                       {index, clock_text(result.at_us)}));
  const auto told = [&](const std::string& text, Time at_us) {
    return text.empty() ? std::string(t().nothing_more) : clock_text(at_us) + " \xC2\xB7 " + text;
  };
  pair_of_lines(column, a, told(result.in_a, result.in_a_us), b, told(result.in_b, result.in_b_us));
  column.skip(8);
  if (result.verdicts.empty()) {
    column.paragraph(Type::caption, p.muted, t().verdicts_same);
    return;
  }
  for (const BranchComparison::Verdicts& verdicts : result.verdicts) {
    PropertyState like;
    for (const PropertyState& state : timeline.head(comparison.a()).properties()) {
      if (state.name == verdicts.property) like = state;
    }
    column.skip(2);
    column.paragraph(Type::caption, p.muted, like.sentence);
    const auto word = [&](Standing standing, Time at_us) {
      std::string text(standing_word(like.kind, standing));
      if (standing == Standing::violated) text += " " + say(t().at_time, {clock_text(at_us)});
      return text;
    };
    pair_of_lines(column, a, word(verdicts.a, verdicts.a_us), b, word(verdicts.b, verdicts.b_us));
  }
}

}  // namespace

void SpaceTime::draw_branches(Model& model) {
  const Timeline& timeline = *model.timeline;
  const auto& infos = timeline.branches();
  if (infos.size() < 2) return;
  const Palette& p = palette();
  // The youngest others; each leaves the line where it and this one part. The list has them all.
  std::vector<BranchId> others;
  for (const BranchInfo& info : infos) {
    if (info.id != timeline.branch()) others.push_back(info.id);
  }
  if (others.size() > lanes_most)
    others.erase(others.begin(), others.end() - static_cast<std::ptrdiff_t>(lanes_most));
  float last_right[2] = {-1e9f, -1e9f};
  for (const BranchId id : others) {
    const BranchInfo& info = *timeline.find_branch(id);
    const Parting parted = parting(timeline, timeline.branch(), id);
    const float x = std::clamp(x_of(on_axis(model, parted.step, parted.at_us)), track_.x,
                               track_.right() - px(30));
    const double until = view_->axis == Axis::real ? static_cast<double>(info.end_us) : view_->to;
    const float end = std::clamp(x_of(until), x + px(44), std::max(x + px(44), track_.right()));
    const std::string named = branch_name(info.name);
    const float w = std::min(draw::text_width(Type::small, named), px(180));
    const int lane = x > last_right[0] + px(10) ? 0 : 1;
    const float y = track_.y + px(20) + px(16) * static_cast<float>(lane);
    const float label_x = std::clamp(x + px(40), track_.x, track_.right() - w);
    const Rect area{label_x - px(6), y - px(9), w + px(12), px(18)};
    if (area.x < last_right[lane]) continue;  // no room for its name: the list has it
    const Touch touch = touch_area(model.controls, "branch." + std::to_string(id), area);
    const ImU32 color = touch.hovered ? p.text : p.pink;
    list_->AddBezierCubic({x, track_.y + px(3)}, {x + px(14), track_.y + px(3)}, {x + px(8), y},
                          {x + px(28), y}, color, px(1.8f), 16);
    draw::line(list_, {x + px(28), y}, {area.x, y}, color, px(1.8f));
    if (end > area.right())
      draw::line(list_, {area.right(), y}, {end, y}, with_alpha(color, 0.7f), px(1.8f));
    draw::text_in(list_, {label_x, area.y, w + 1, area.h}, Type::small, color, named);
    last_right[lane] = std::max(end, area.right());
    if (touch.hovered) tip(say(t().branch_tip, {clock_text(parted.at_us)}));
    if (touch.right) ImGui::OpenPopup("branches");
    if (touch.pressed) {
      model.switch_branch(id);
      return;
    }
  }
}

void SpaceTime::branches_menu(Model& model) {
  const Palette& p = palette();
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(8), px(8)});
  const float w = std::min(px(380), model.places.canvas.w - px(24));
  place_menu();
  if (ImGui::BeginPopup("branches", ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoNav)) {
    const Timeline& timeline = *model.timeline;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    Column column(at.x, at.y, w);
    column.heading(t().branches_title);
    const float h = px(model.host.touch ? 44 : 30);
    const std::vector<BranchInfo> infos = timeline.branches();
    for (const BranchInfo& info : infos) {
      const std::string number = std::to_string(info.id);
      const std::string named = branch_name(info.name);
      const Rect row = column.take(h);
      const bool here = info.id == timeline.branch();
      const Rect name{row.x, row.y, row.w - 3 * h, h};
      if (renaming_ == info.id) {
        rename_field(model, name);
      } else if (button(model.controls, "branch.switch." + number, name,
                        {.icon = here ? Icon::dot : Icon::branch,
                         .label = named,
                         .tip = here ? std::string_view{} : t().tip_switch_branch,
                         .plain = true,
                         .on = here,
                         .left = true})) {
        model.switch_branch(info.id);
      }
      if (button(model.controls, "branch.name." + number, {row.right() - 3 * h, row.y, h, h},
                 {.icon = Icon::pen, .tip = t().tip_name_branch, .plain = true})) {
        renaming_ = info.id;
        std::snprintf(new_name_, sizeof new_name_, "%s", named.c_str());
        focus_name_ = true;
      }
      if (button(model.controls, "branch.compare." + number, {row.right() - 2 * h, row.y, h, h},
                 {.icon = Icon::compare,
                  .tip = t().tip_compare_branch,
                  .plain = true,
                  .enabled = !here})) {
        model.comparison.start(timeline.branch(), info.id);
      }
      if (button(model.controls, "branch.delete." + number, {row.right() - h, row.y, h, h},
                 {.icon = Icon::close,
                  .tip = t().tip_delete_branch,
                  .plain = true,
                  .enabled = infos.size() > 1})) {
        model.delete_branch(info.id);
      }
    }
    const BranchComparison& comparison = model.comparison;
    const bool compared = (comparison.running() || comparison.done()) &&
                          timeline.find_branch(comparison.a()) != nullptr &&
                          timeline.find_branch(comparison.b()) != nullptr;
    if (compared) comparison_lines(model, column);
    if (comparison.difference_of(timeline.branch()) &&
        comparison.result().event < timeline.trace().size()) {
      column.skip(6);
      const Rect foot = column.take(px(20));
      if (text_link(model.controls, "difference.go", foot.x, foot.y + px(13), Type::caption,
                    t().go_to_difference)) {
        model.seek_event(comparison.result().event);
      }
    }
    if (infos.size() > 1 && !compared) {
      column.skip(6);
      column.paragraph(Type::small, p.muted, t().branches_note);
    }
    ImGui::SetCursorScreenPos({at.x, column.y() + px(4)});
    ImGui::Dummy({w, 0});
    ImGui::EndPopup();
  } else {
    renaming_ = -1;
  }
  ImGui::PopStyleVar();
}

void SpaceTime::rename_field(Model& model, const Rect& area) {
  const Palette& p = palette();
  draw::card(ImGui::GetWindowDrawList(), area, p.sky, p.ground, px(7));
  const Face body = face(Type::body);
  ImGui::SetCursorScreenPos({area.x + px(10), area.y + std::round((area.h - body.size) / 2)});
  ImGui::SetNextItemWidth(area.w - px(20));
  model.controls.add("branch.new_name", area);
  ImGui::PushFont(body.font, body.size);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {px(2), 0});
  if (focus_name_) ImGui::SetKeyboardFocusHere();
  const bool entered =
      ImGui::InputText("##branch name", new_name_, sizeof new_name_,
                       ImGuiInputTextFlags_AutoSelectAll | ImGuiInputTextFlags_EnterReturnsTrue);
  const bool left = !focus_name_ && ImGui::IsItemDeactivated();
  focus_name_ = false;
  ImGui::PopStyleVar();
  ImGui::PopFont();
  if (!entered && !left) return;
  const bool given_up = !entered && ImGui::IsKeyPressed(ImGuiKey_Escape);
  // A name that the engine gave is kept as it was, not as it is translated.
  const BranchInfo* info = model.timeline->find_branch(renaming_);
  const bool same = info != nullptr && branch_name(info->name) == new_name_;
  if (!given_up && !same) model.name_branch(renaming_, new_name_);
  renaming_ = -1;
}

}  // namespace netsplit::ui
