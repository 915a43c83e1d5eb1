// The lesson: short steps tied to the run, questions to guess at before looking, and what the
// reader is asked to do.
#include <algorithm>

#include "ui/lesson_state.h"
#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr float indent_css = 30;
constexpr std::size_t keys_max = 9;

float row_height(const Model& model) { return px(model.places.form == Form::narrow ? 44 : 30); }

// Text beside the step's number.
void line_of(Column& column, Type type, ImU32 ink, std::string_view text) {
  const float indent = px(indent_css);
  column.advance(draw::paragraph(ImGui::GetWindowDrawList(), column.x() + indent, column.y(),
                                 column.width() - indent, type, ink, text));
}

Rect indented(Column& column, float height) {
  Rect r = column.take(height);
  r.x += px(indent_css);
  r.w -= px(indent_css);
  return r;
}

std::string key_of(std::size_t index) {
  return index < keys_max ? std::to_string(index + 1) : std::string();
}

// What came of the reader's guess.
void verdict(const Model& model, Column& column, std::size_t index, bool now) {
  const Palette& p = palette();
  const LessonStep& step = model.scenario.lesson[index];
  const std::size_t guess = model.lesson.picked.at(index);
  const LessonState::Truth* truth = truth_of(model, index);
  std::string line = say(t().answer_later, {clock_text(step.reveal.at_us)});
  ImU32 ink = p.muted;
  if (truth != nullptr) {
    const bool right = truth->right == guess;
    const std::string said = truth->right ? step.answers[*truth->right] : truth->text;
    line = say(right ? t().answer_right : t().answer_wrong, {said});
    ink = right ? p.green : p.orange;
  }
  // A right guess is what the run says: it is not told twice.
  if (!now && !(truth != nullptr && truth->right == guess))
    line = say(t().answer_said, {step.answers[guess]}) + " " + line;
  line_of(column, Type::caption, ink, line);
  if (truth != nullptr && !truth->why.empty()) {
    column.skip(2);
    line_of(column, Type::caption, p.muted, truth->why);
  }
  column.skip(8);
}

// While its step is told, the question with its answers; later what was guessed and what came out.
void question(Model& model, Column& column, std::size_t index, bool now) {
  const Palette& p = palette();
  const LessonStep& step = model.scenario.lesson[index];
  const auto picked = model.lesson.picked.find(index);
  const bool guessed = picked != model.lesson.picked.end();
  column.skip(2);
  line_of(column, now ? Type::strong : Type::caption, now ? p.text : p.muted, step.question);
  column.skip(now ? 6 : 2);
  const LessonState::Truth* truth = truth_of(model, index);
  for (std::size_t i = 0; now && i < step.answers.size(); ++i) {
    const bool mine = guessed && picked->second == i;
    const bool right = truth != nullptr && truth->right == i;
    const std::string key = guessed || model.host.touch ? std::string() : key_of(i);
    ButtonLook look{.label = step.answers[i], .key = key, .left = true};
    if (right) look.icon = Icon::check;
    if (truth != nullptr && mine && !right) look.icon = Icon::cross;
    const float height = button_height(look, column.width() - px(indent_css), row_height(model));
    const Rect r = indented(column, height);
    const std::string name = "answer." + std::to_string(index) + "." + std::to_string(i);
    if (button(model.controls, name, r, look) && !guessed) return pick_answer(model, i);
    if (mine || right) {
      const ImU32 ink = truth == nullptr ? p.sky : right ? p.green : p.vermilion;
      draw::frame(ImGui::GetWindowDrawList(), r, ink, px(7), px(1.5f));
    }
    column.skip(6);
  }
  if (guessed) return verdict(model, column, index, now);
  if (now) column.skip(2);
}

// What the reader is to do, and that it is done.
void task_card(Model& model, Column& column, const Task& task) {
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool done = model.lesson.task_done;
  const ImU32 ink = done ? p.green : p.orange;
  column.skip(2);
  const std::string_view title = done ? t().task_done : t().your_turn;
  const float width = column.width() - px(indent_css + 20);
  const Rect head = indented(column, draw::paragraph(nullptr, 0, 0, width, Type::strong, 0, title));
  draw_icon(list, done ? Icon::check : Icon::pointer,
            {head.x + px(7), head.y + face(Type::strong).line / 2}, px(13), ink);
  draw::paragraph(list, head.x + px(20), head.y, width, Type::strong, ink, title);
  line_of(column, Type::caption, mix(p.muted, p.text, 0.6f), task_words(model, task));
  column.skip(6);
  if (!done) {
    const Rect row = indented(column, row_height(model));
    const ButtonLook show{.label = t().show_me, .type = Type::caption};
    const float w = button_width(show);
    if (button(model.controls, "lesson.show", {row.x, row.y, w, row.h}, show)) show_task(model);
    const ButtonLook pass{
        .label = t().go_without, .plain = true, .left = true, .type = Type::caption};
    Rect rest{row.x + w + px(6), row.y, row.w - w - px(6), row.h};
    // In a slender column it stands below.
    if (button_width(pass) > rest.w) rest = indented(column, row_height(model));
    if (button(model.controls, "lesson.pass", rest, pass)) {
      pass_step(model);
      model.play(true);
    }
  }
  column.skip(8);
}

void number_of_step(ImDrawList* list, ImVec2 c, std::size_t index, bool now, bool done) {
  const Palette& p = palette();
  if (done) {
    list->AddCircleFilled(c, px(10), p.green);
    draw_icon(list, Icon::check, c, px(12), theme() == Theme::dark ? p.on_fill : p.panel);
    return;
  }
  list->AddCircleFilled(c, px(10), now ? p.fill : p.raised);
  if (!now) list->AddCircle(c, px(10), p.line, 0, px(1));
  draw::text_in(list, {c.x - px(10), c.y - px(10), px(20), px(20)}, Type::caption_strong,
                now ? p.on_fill : p.muted, std::to_string(index + 1), draw::Align::center);
}

void step_panel(Model& model, Column& column, std::size_t index) {
  const Palette& p = palette();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const LessonStep& step = model.scenario.lesson[index];
  LessonState& state = model.lesson;
  const bool now = index == state.place;
  const bool done = index < state.place;
  const float indent = px(indent_css);
  const float width = column.width() - indent;
  float height = draw::paragraph(nullptr, 0, 0, width, Type::strong, 0, step.title);
  // Only the present step is told in full; the others are its table of contents.
  const bool told = now || model.scenario.lesson.size() <= 2;
  if (told) height += draw::paragraph(nullptr, 0, 0, width, Type::body, 0, step.text);
  height = std::max(height, px(22));
  const Rect area{column.x() - px(6), column.y() - px(3), column.width() + px(12), height + px(8)};
  if (now && state.arrived) {
    state.arrived = false;
    const float top = ImGui::GetWindowPos().y;
    const bool seen = area.y > top && area.bottom() + px(120) < top + ImGui::GetWindowHeight();
    if (!seen) ImGui::SetScrollFromPosY(area.y - top, 0.3f);
  }
  const Touch touch = touch_area(model.controls, "lesson." + std::to_string(index), area);
  if (touch.hovered && !now) draw::fill(list, area, with_alpha(p.hover, 0.5f), px(6));
  const ImU32 title_ink = now || done ? p.text : p.muted;
  number_of_step(list, {column.x() + px(10), column.y() + px(10)}, index, now, done);
  float y = column.y();
  y += draw::paragraph(list, column.x() + indent, y, width, Type::strong, title_ink, step.title);
  if (told)
    draw::paragraph(list, column.x() + indent, y, width, Type::body, mix(p.muted, p.text, 0.6f),
                    step.text);
  column.advance(height);
  column.skip(10);
  const bool asks = !step.question.empty() && !step.answers.empty();
  if (asks && (now || (done && state.picked.count(index) != 0)))
    question(model, column, index, now);
  if (now && step.wait) task_card(model, column, *step.wait);
  if (touch.pressed) go_to_step(model, index);
}

void stagings_panel(Model& model, Column& column) {
  if (model.scenario.stagings.empty()) return;
  column.skip(6);
  column.heading(t().moments);
  const bool keys_free = !holds_up(model, model.lesson.place);
  for (std::size_t i = 0; i < model.scenario.stagings.size(); ++i) {
    const Staging& staging = model.scenario.stagings[i];
    const std::string key = keys_free && !model.host.touch ? key_of(i) : std::string();
    const ButtonLook look{.icon = staging.then.empty() ? Icon::play : Icon::branch,
                          .label = staging.title,
                          .key = key,
                          .left = true,
                          .type = Type::caption};
    const Rect r = column.take(button_height(look, column.width(), row_height(model)));
    if (button(model.controls, "staging." + std::to_string(i), r, look)) return stage(model, i);
    column.skip(6);
  }
}

void next_panel(Model& model, Column& column) {
  const Scenario* next = model.scenario.next.empty() ? nullptr : find_scenario(model.scenario.next);
  if (next == nullptr) return;
  column.skip(6);
  column.heading(t().next_experiment);
  const ButtonLook look{
      .icon = Icon::step, .label = next->title, .left = true, .type = Type::caption};
  const Rect row = column.take(button_height(look, column.width(), row_height(model)));
  if (button(model.controls, "next", row, look)) {
    const Status opened = model.open_scenario(next->id);
    if (!opened) model.say_toast(opened.error(), Tone::bad);
  }
}

}  // namespace

void lesson_panel(Model& model, Column& column) {
  if (!model.open()) return;
  const Palette& p = palette();
  const Scenario& scenario = model.scenario;
  if (!scenario.summary.empty() || !scenario.lesson.empty()) {
    const float baseline = column.y() + px(14);
    const float w = draw::text_width(Type::caption, t().start_again);
    const bool begun = model.lesson.place > 0 || !model.lesson.picked.empty();
    if (begun && text_link(model.controls, "lesson.restart", column.x() + column.width() - w,
                           baseline, Type::caption, t().start_again))
      restart_lesson(model);
    column.heading(t().lesson);
  }
  if (!scenario.summary.empty()) {
    column.paragraph(Type::body, mix(p.muted, p.text, 0.6f), scenario.summary);
    column.skip(10);
  }
  if (!scenario.lesson.empty() && model.lesson.left) {
    column.paragraph(Type::caption, p.orange, t().changed_run);
    column.skip(10);
  }
  const std::uint64_t generation = model.generation;
  for (std::size_t i = 0; i < model.scenario.lesson.size(); ++i) step_panel(model, column, i);
  stagings_panel(model, column);
  if (generation == model.generation) next_panel(model, column);
  column.skip(10);
}

void lesson_keys(Model& model) {
  if (!model.open()) return;
  const LessonStep* step = step_told(model);
  const bool asking = step != nullptr && !step->question.empty() &&
                      model.lesson.picked.count(model.lesson.place) == 0;
  for (std::size_t i = 0; i < keys_max; ++i) {
    const auto digit = static_cast<ImGuiKey>(ImGuiKey_1 + static_cast<int>(i));
    const auto pad = static_cast<ImGuiKey>(ImGuiKey_Keypad1 + static_cast<int>(i));
    if (!ImGui::IsKeyPressed(digit, false) && !ImGui::IsKeyPressed(pad, false)) continue;
    model.touched_s = model.now_s;
    if (asking && i < step->answers.size()) return pick_answer(model, i);
    return stage(model, i);
  }
  const std::size_t place = model.lesson.place;
  if (ImGui::IsKeyPressed(ImGuiKey_Period, false)) go_to_step(model, place + 1);
  if (ImGui::IsKeyPressed(ImGuiKey_Comma, false) && place > 0) go_to_step(model, place - 1);
}

}  // namespace netsplit::ui
