// The lesson: short steps tied to moments of the run, and questions to guess at before looking.
#include <algorithm>

#include "core/scenario/lesson.h"
#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

// While its step is told, the question with its answers; later what was guessed and what came out.
void question(Model& model, LessonState& state, Column& column, const LessonStep& step,
              std::size_t index, bool now) {
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float indent = px(30);
  const float width = column.width() - indent;
  const auto say_line = [&](Type type, ImU32 ink, std::string_view text) {
    column.advance(draw::paragraph(list, column.x() + indent, column.y(), width, type, ink, text));
  };
  column.skip(2);
  say_line(now ? Type::strong : Type::caption, now ? p.text : p.muted, step.question);
  column.skip(now ? 6 : 2);
  const auto picked = state.picked.find(index);
  const bool due = picked != state.picked.end() && model.timeline->cursor_us() >= step.reveal.at_us;
  const std::string truth =
      due ? answer_of(step, model.session(), model.timeline->trace()) : std::string();
  const std::optional<std::size_t> answer = right_answer(step, truth);
  const bool revealed = !truth.empty();
  for (std::size_t i = 0; now && i < step.answers.size(); ++i) {
    Rect r = column.take(px(model.places.form == Form::narrow ? 44 : 30));
    r.x += indent;
    r.w -= indent;
    const bool mine = picked != state.picked.end() && picked->second == i;
    const bool right = revealed && answer == i;
    ButtonLook look{.label = step.answers[i], .left = true};
    if (revealed && right) look.icon = Icon::check;
    if (revealed && mine && !right) look.icon = Icon::cross;
    const std::string name = "answer." + std::to_string(index) + "." + std::to_string(i);
    if (button(model.controls, name, r, look) && picked == state.picked.end())
      state.picked[index] = i;
    if (mine || (revealed && right)) {
      draw::frame(list, r, !revealed ? p.sky : right ? p.green : p.vermilion, px(7), px(1.5f));
    }
    column.skip(6);
  }
  if (picked == state.picked.end()) return;
  std::string line = say(t().answer_later, {clock_text(step.reveal.at_us)});
  ImU32 ink = p.muted;
  if (revealed) {
    const bool right = answer == picked->second;
    line = say(right ? t().answer_right : t().answer_wrong, {truth});
    ink = right ? p.green : p.orange;
  }
  if (!now && picked->second < step.answers.size())
    line = say(t().answer_said, {step.answers[picked->second]}) + " " + line;
  say_line(Type::caption, ink, line);
  const PropertyState* property = revealed ? property_asked(step, model.session()) : nullptr;
  if (property != nullptr && !property->witness.why.empty()) {
    column.skip(2);
    say_line(Type::caption, p.muted, property->witness.why);
  }
  column.skip(8);
}

}  // namespace

void lesson_panel(Model& model, LessonState& state, Column& column) {
  if (!model.open()) return;
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const Scenario& scenario = model.scenario;
  if (state.scenario != scenario.id) state = {scenario.id, {}};
  if (!scenario.summary.empty() || !scenario.lesson.empty()) column.heading(t().lesson);
  if (!scenario.summary.empty()) {
    column.paragraph(Type::body, mix(p.muted, p.text, 0.6f), scenario.summary);
    column.skip(10);
  }
  const Time now_us = model.timeline->cursor_us();
  const std::size_t current =
      scenario.lesson.empty()
          ? 0
          : lesson_place(scenario.lesson, model.session(), model.timeline->trace(), now_us);
  for (std::size_t i = 0; i < scenario.lesson.size(); ++i) {
    const LessonStep& step = scenario.lesson[i];
    const bool now = i == current;
    const bool done = i < current;
    const float indent = px(30);
    const float width = column.width() - indent;
    const ImU32 title_ink = now || done ? p.text : p.muted;
    float height = draw::paragraph(nullptr, 0, 0, width, Type::strong, 0, step.title);
    // Only the present step is told in full; the others are its table of contents.
    const bool told = now || scenario.lesson.size() <= 2;
    if (told) height += draw::paragraph(nullptr, 0, 0, width, Type::body, 0, step.text);
    height = std::max(height, px(22));
    const Rect area{column.x() - px(6), column.y() - px(3), column.width() + px(12),
                    height + px(8)};
    const Touch touch = touch_area(model.controls, "lesson." + std::to_string(i), area);
    if (touch.hovered && !now) draw::fill(list, area, with_alpha(p.hover, 0.5f), px(6));
    if (touch.pressed) {
      model.playing = false;
      model.seek_time(step.at_us);
    }
    const ImVec2 c{column.x() + px(10), column.y() + px(10)};
    if (done) {
      list->AddCircleFilled(c, px(10), p.green);
      draw_icon(list, Icon::check, c, px(12), theme() == Theme::dark ? p.on_fill : p.panel);
    } else {
      list->AddCircleFilled(c, px(10), now ? p.fill : p.raised);
      if (!now) list->AddCircle(c, px(10), p.line, 0, px(1));
      draw::text_in(list, {c.x - px(10), c.y - px(10), px(20), px(20)}, Type::caption_strong,
                    now ? p.on_fill : p.muted, std::to_string(i + 1), draw::Align::center);
    }
    float y = column.y();
    y += draw::paragraph(list, column.x() + indent, y, width, Type::strong, title_ink, step.title);
    if (told)
      draw::paragraph(list, column.x() + indent, y, width, Type::body, mix(p.muted, p.text, 0.6f),
                      step.text);
    column.advance(height);
    column.skip(10);
    if (!step.question.empty() && (now || (done && state.picked.count(i) != 0)))
      question(model, state, column, step, i, now);
  }
  if (!scenario.stagings.empty()) {
    column.skip(6);
    column.heading(t().moments);
    for (std::size_t i = 0; i < scenario.stagings.size(); ++i) {
      const Staging& staging = scenario.stagings[i];
      const Rect r = column.take(px(model.places.form == Form::narrow ? 44 : 30));
      if (button(
              model.controls, "staging." + std::to_string(i), r,
              {.icon = Icon::play, .label = staging.title, .left = true, .type = Type::caption})) {
        model.playing = false;
        model.seek_time(staging.at_us);
      }
      column.skip(6);
    }
  }
  const Scenario* next = scenario.next.empty() ? nullptr : find_scenario(scenario.next);
  if (next != nullptr) {
    column.skip(6);
    column.heading(t().next_experiment);
    const Rect r = column.take(px(model.places.form == Form::narrow ? 44 : 30));
    if (button(model.controls, "next", r,
               {.icon = Icon::step, .label = next->title, .left = true, .type = Type::caption})) {
      const Status opened = model.open_scenario(next->id);
      if (!opened) model.say_toast(opened.error(), Tone::bad);
    }
  }
  column.skip(10);
}

}  // namespace netsplit::ui
