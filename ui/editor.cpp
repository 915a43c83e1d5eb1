#include "ui/editor.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr float label_share = 0.42f;

std::string as_sentence(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  if (!text.empty() && text.back() != '.' && text.back() != '?' && text.back() != '!') text += '.';
  return text;
}

void header(Model& model, const Rect& rect, float top) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float side = px(model.host.touch ? 44 : 32);
  draw::text_in(list, {rect.x + px(18), top, rect.w - px(120), px(48)}, Type::title, palette().text,
                t().edit_title);
  float x = rect.right() - px(10) - side;
  const float y = std::round(top + px(24) - side / 2);
  if (button(model.controls, "edit.close", {x, y, side, side},
             {.icon = Icon::close, .tip = t().close, .plain = true}))
    model.editing = false;
  x -= side;
  if (button(model.controls, "edit.redo", {x, y, side, side},
             {.icon = Icon::redo,
              .tip = t().redo,
              .plain = true,
              .enabled = model.history.can_redo()}))
    model.redo();
  x -= side;
  if (button(model.controls, "edit.undo", {x, y, side, side},
             {.icon = Icon::undo,
              .tip = t().undo,
              .plain = true,
              .enabled = model.history.can_undo()}))
    model.undo();
}

void tabs(Model& model, const Rect& rect) {
  float total = 0;
  for (std::size_t i = 0; i < section_names.size(); ++i)
    total += draw::text_width(Type::body, section_title(static_cast<Section>(i))) + px(14);
  const float spare = (rect.w - total) / static_cast<float>(section_names.size());
  float x = rect.x;
  for (std::size_t i = 0; i < section_names.size(); ++i) {
    const auto section = static_cast<Section>(i);
    const float w = draw::text_width(Type::body, section_title(section)) + px(14) + spare;
    const Rect r{x, rect.y, w, rect.h};
    const bool on = model.section == section;
    if (button(model.controls, "edit." + std::string(section_names[i]), r,
               {.label = section_title(section), .plain = true, .on = on}))
      model.section = section;
    if (on) {
      draw::fill(ImGui::GetWindowDrawList(), {r.x + px(6), r.bottom() - px(2), r.w - px(12), px(2)},
                 palette().sky);
    }
    x += w;
  }
}

void sections(Editing& edit) {
  switch (edit.model.section) {
    case Section::parameters:
      return edit_parameters(edit);
    case Section::network:
      return edit_network(edit);
    case Section::nodes:
      return edit_nodes(edit);
    case Section::script:
      return edit_script(edit);
    case Section::run:
      return edit_run(edit);
  }
}

void make_change(Editing& edit) {
  if (!edit.changed) return;
  const Status done = edit.model.edit(std::move(*edit.changed));
  if (done) return;
  const std::string sentence = as_sentence(done.error());
  if (edit.by.empty())
    edit.model.say_toast(sentence, Tone::bad);
  else
    edit.fields.refuse(edit.by, edit.typed, sentence);
}

}  // namespace

Scenario& Editing::change(std::string_view field, std::string_view text) {
  by = field;
  typed = text;
  if (!changed) changed = model.edited();
  return *changed;
}

std::string_view section_title(Section section) {
  const std::array<std::string_view, 5> titles{t().parameters, t().network, t().nodes, t().script,
                                               t().run_word};
  return titles[static_cast<std::size_t>(section)];
}

void editor_drawer(Model& model, EditorState& state, float width, float height) {
  if (!model.editing || !model.open()) return;
  if (state.opened != model.opened) {
    state = {};
    state.opened = model.opened;
  }
  if (!model.edit_asked.empty()) {
    state.fields.asked = std::move(model.edit_asked);
    model.edit_asked.clear();
  }
  const bool narrow = model.places.form == Form::narrow;
  const float w = narrow ? width : std::min(px(editor_width_css), width - px(60));
  const float top = model.places.top.bottom();
  const Rect rect{width - w, top, w, height - top};
  const float head = px(48) + px(model.host.touch ? 46 : 38);
  begin_region("editor head", {rect.x, rect.y, rect.w, head}, palette().panel, Region::floats);
  if (ImGui::IsWindowAppearing()) ImGui::SetWindowFocus();
  header(model, rect, rect.y);
  tabs(model, {rect.x + px(10), rect.y + px(48), rect.w - px(20), head - px(48)});
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw::line(list, {rect.x, rect.y + head - px(0.5f)}, {rect.right(), rect.y + head - px(0.5f)},
             palette().line, px(1));
  const auto left_edge = [&](float from, float to) {
    const float x = rect.x + px(0.5f);
    if (!narrow)
      draw::line(ImGui::GetWindowDrawList(), {x, from}, {x, to}, palette().strong_line, px(1));
  };
  left_edge(rect.y, rect.y + head);
  end_region();

  const Rect body{rect.x, rect.y + head, rect.w, rect.h - head};
  begin_region("editor", body, palette().panel, Region::floats_and_scrolls);
  if (ImGui::IsWindowAppearing()) ImGui::SetWindowFocus();
  Column column(body.x + px(18), body.y + px(14) - ImGui::GetScrollY(), body.w - px(36));
  Editing edit{model, state.fields, state, column, model.session().protocol(), {}, {}, {}};
  sections(edit);
  ImGui::SetCursorScreenPos({body.x, column.y() + px(24)});
  ImGui::Dummy({1, 1});
  left_edge(body.y, body.bottom());
  end_region();
  make_change(edit);
}

Rect labelled(Editing& edit, std::string_view label) {
  const Rect r = edit.column.take(edit.row_height());
  const float split = std::round(r.w * label_share);
  draw::text_in(ImGui::GetWindowDrawList(), {r.x, r.y, split - px(8), r.h}, Type::body,
                palette().text, label);
  return {r.x + split, r.y + px(1), r.w - split, r.h - px(2)};
}

bool text_row(Editing& edit, const std::string& name, std::string_view label,
              std::string_view shown, std::string& entered, std::string_view hint) {
  const Rect box = labelled(edit, label);
  const bool changed =
      text_field(edit.model.controls, edit.fields, name, box, shown, entered, Type::mono, hint);
  refusal(edit.fields, name, edit.column);
  edit.column.skip(4);
  return changed;
}

std::optional<std::int64_t> value_row(Editing& edit, const ValueRow& row) {
  const ParameterInfo& info = row.info;
  const Rect box = labelled(edit, row.label);
  std::optional<std::int64_t> result;
  if (info.unit == Unit::flag) {
    const bool on = toggle(edit.model.controls, row.name, box, row.value != 0);
    if (on != (row.value != 0)) result = on ? 1 : 0;
  } else if (info.unit == Unit::choice) {
    const auto now = static_cast<std::size_t>(row.value - info.low);
    float needed = 0;
    std::vector<std::string> choices;
    for (const std::string& choice : info.choices) choices.push_back(words(choice));
    for (const std::string& choice : choices)
      needed += draw::text_width(Type::caption, choice) + px(16);
    const std::size_t chosen = needed <= box.w
                                   ? segments(edit.model.controls, row.name, box, choices, now)
                                   : dropdown(edit.model.controls, row.name, box, choices, now);
    if (chosen != now) result = info.low + static_cast<std::int64_t>(chosen);
  } else {
    std::string entered;
    if (text_field(edit.model.controls, edit.fields, row.name, box, field_text(info, row.value),
                   entered)) {
      const auto value = read_field(info, entered);
      if (value && value.value() != row.value)
        result = value.value();
      else if (!value)
        edit.fields.refuse(row.name, entered, value.error());
    }
    refusal(edit.fields, row.name, edit.column);
  }
  if (!row.explained) return edit.column.skip(3), result;
  edit.column.skip(2);
  std::string about(info.sentence);
  const bool ranged = info.unit != Unit::flag && info.unit != Unit::choice;
  if (ranged) {
    about += (about.empty() ? "" : " ") +
             say(t().range_line, {told_text(info, info.low), told_text(info, info.high)});
  }
  if (row.value != info.usual) about += " " + say(t().usual_line, {told_text(info, info.usual)});
  edit.column.paragraph(Type::caption, palette().muted, about);
  edit.column.skip(10);
  return result;
}

bool wide_button(Editing& edit, const std::string& name, Icon icon, std::string_view label) {
  const Rect r = edit.column.take(edit.row_height());
  const bool pressed = button(edit.model.controls, name, r, {.icon = icon, .label = label});
  edit.column.skip(8);
  return pressed;
}

void edit_parameters(Editing& edit) {
  const auto& infos = edit.protocol.parameters;
  if (infos.empty()) return edit.column.paragraph(Type::body, palette().muted, t().no_parameters);
  for (std::size_t i = 0; i < infos.size(); ++i) {
    const ParameterInfo& info = infos[i];
    const std::int64_t value = edit.model.session().parameter(static_cast<std::int64_t>(i));
    const std::string name = "parameter." + std::string(info.name) + ".value";
    const auto wanted = value_row(edit, {name, words(info.name), info, value});
    if (!wanted) continue;
    Setup& setup = edit.change(name, field_text(info, *wanted)).setup;
    std::erase_if(setup.parameters, [&](const auto& each) { return each.first == info.name; });
    if (*wanted != info.usual) setup.parameters.emplace_back(info.name, *wanted);
  }
}

void edit_run(Editing& edit) {
  const Setup& setup = edit.setup();
  std::string entered;
  if (text_row(edit, "run.title", t().title_word, edit.model.scenario.title, entered))
    edit.change("run.title", entered).title = entered;
  edit.column.skip(6);
  if (text_row(edit, "run.seed", t().seed_word, std::to_string(setup.seed), entered)) {
    std::uint64_t seed = 0;
    const char* end = entered.data() + entered.size();
    const auto read = std::from_chars(entered.data(), end, seed);
    if (read.ec == std::errc() && read.ptr == end)
      edit.change("run.seed", entered).setup.seed = seed;
    else
      edit.fields.refuse("run.seed", entered, std::string(t().expected_seed));
  }
  edit.column.paragraph(Type::caption, palette().muted, as_sentence(std::string(t().tip_seed)));
  edit.column.skip(10);
  const ParameterInfo until{
      "until", t().about_until, Unit::time, 1, time_max_us / 1000, setup.until_us, {}};
  if (const auto value =
          value_row(edit, {"run.until", std::string(t().until_word), until, setup.until_us}))
    edit.change("run.until", field_text(until, *value)).setup.until_us = *value;
  const ParameterInfo manual{"manual", t().about_manual, Unit::flag, 0, 1, setup.manual, {}};
  if (const auto value = value_row(
          edit, {"run.manual", std::string(t().manual_word), manual, setup.manual ? 1 : 0}))
    edit.change("run.manual").setup.manual = *value != 0;
}

}  // namespace netsplit::ui
