// The editor's script: a list of timed inputs. A person's gestures stand in it like the scenario's
// own lines.
#include <algorithm>

#include "ui/editor.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr std::size_t shown_max = 300;  // lines; a longer script is edited as a file

std::string prefix_of(std::size_t at) { return "input." + std::to_string(at) + "."; }

std::vector<std::string> action_words() {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < enumerator_names<Action>().size(); ++i)
    all.emplace_back(action_word(static_cast<Action>(i)));
  return all;
}

void take(Editing& edit, std::size_t at, const std::string& field, const std::string& typed,
          Input input) {
  edit.state.input = change_input(edit.change(field, typed).setup, at, std::move(input));
}

void nodes_row(Editing& edit, std::size_t at, const Input& shown, std::size_t group,
               std::string_view label) {
  const NodeIndex index(edit.setup().nodes);
  const std::string name = prefix_of(at) + "nodes" + std::to_string(group);
  const std::string text =
      group < shown.groups.size() ? nodes_text(shown.groups[group], index) : "";
  std::string entered;
  const bool all = form_of(shown.action).all;
  if (!text_row(edit, name, label, text, entered, all ? t().everything : t().nodes_hint)) return;
  Input input = shown;
  if (all && entered.empty()) {
    input.groups.clear();
    return take(edit, at, name, entered, std::move(input));
  }
  auto nodes = parse_nodes(entered, index);
  if (!nodes) return edit.fields.refuse(name, entered, nodes.error());
  while (input.groups.size() <= group) input.groups.push_back({NodeId{0}});
  input.groups[group] = std::move(nodes).value();
  // Both ends are needed; the other one can be mended next.
  if (all && group == 0 && input.groups.size() == 1)
    input.groups.push_back({input.groups[0].front() == NodeId{0} ? NodeId{1} : NodeId{0}});
  take(edit, at, name, entered, std::move(input));
}

void parts_row(Editing& edit, std::size_t at, const Input& shown) {
  const NodeIndex index(edit.setup().nodes);
  const std::string name = prefix_of(at) + "parts";
  std::string text;
  for (const auto& group : shown.groups)
    text += (text.empty() ? "" : " | ") + nodes_text(group, index);
  std::string entered;
  if (!text_row(edit, name, t().parts_word, text, entered, "a, b | c")) return;
  Input input = shown;
  input.groups.clear();
  for (std::size_t from = 0; from <= entered.size();) {
    const std::size_t end = std::min(entered.find('|', from), entered.size());
    auto nodes = parse_nodes(std::string_view(entered).substr(from, end - from), index);
    if (!nodes) return edit.fields.refuse(name, entered, nodes.error());
    input.groups.push_back(std::move(nodes).value());
    from = end + 1;
  }
  take(edit, at, name, entered, std::move(input));
}

void message_rows(Editing& edit, std::size_t at, const Input& shown) {
  const NodeIndex index(edit.setup().nodes);
  std::vector<std::string> labels{std::string(t().any_message)};
  std::size_t now = 0;
  for (const MessageInfo& info : edit.protocol.messages) {
    labels.push_back(info.name);
    if (info.name == shown.message.label) now = labels.size() - 1;
  }
  const std::size_t chosen = dropdown(edit.model.controls, prefix_of(at) + "label",
                                      labelled(edit, t().message_word), labels, now);
  edit.column.skip(4);
  if (chosen != now) {
    Input input = shown;
    input.message.id = 0;
    input.message.label = chosen == 0 ? "" : labels[chosen];
    take(edit, at, prefix_of(at) + "label", "", std::move(input));
  }
  const auto end_row = [&](const char* what, std::string_view label, NodeId MessageChoice::*end) {
    const std::string name = prefix_of(at) + what;
    const NodeId node = shown.message.*end;
    std::string entered;
    if (!text_row(edit, name, label, node == nobody ? "" : index.name(node), entered, t().anybody))
      return;
    Input input = shown;
    input.message.id = 0;
    input.message.*end = nobody;
    if (!entered.empty()) {
      const auto nodes = parse_nodes(entered, index);
      if (!nodes) return edit.fields.refuse(name, entered, nodes.error());
      input.message.*end = nodes.value().front();
    }
    take(edit, at, name, entered, std::move(input));
  };
  end_row("from", t().from_word, &MessageChoice::from);
  end_row("to", t().to_word, &MessageChoice::to);
}

void named_rows(Editing& edit, std::size_t at, const Input& shown, ActionForm::Name kind) {
  std::vector<std::string> names;
  std::vector<std::string> arguments;
  const auto note = [&](const auto& infos) {
    for (const auto& info : infos) {
      names.push_back(info.name);
      if (info.name == shown.name) arguments = info.arguments;
    }
  };
  if (kind == ActionForm::Name::request) note(edit.protocol.requests);
  if (kind == ActionForm::Name::timer) note(edit.protocol.timers);
  const std::string field = prefix_of(at) + "name";
  std::string entered;
  if (kind == ActionForm::Name::field) {
    if (text_row(edit, field, t().field_word, shown.name, entered)) {
      Input input = shown;
      input.name = entered;
      take(edit, at, field, entered, std::move(input));
    }
    arguments = {"value"};
  } else {
    const auto here = std::find(names.begin(), names.end(), shown.name);
    const auto now = static_cast<std::size_t>(here - names.begin());
    const std::size_t chosen = dropdown(
        edit.model.controls, field,
        labelled(edit, kind == ActionForm::Name::timer ? t().timer_word : t().request_word), names,
        now);
    edit.column.skip(4);
    refusal(edit.fields, field, edit.column);
    if (chosen != now) {
      Input input = shown;
      input.name = names[chosen];
      input.arguments.clear();
      take(edit, at, field, "", std::move(input));
    }
  }
  for (const std::string& argument : arguments) {
    const auto has = std::find_if(shown.arguments.begin(), shown.arguments.end(),
                                  [&](const auto& each) { return each.first == argument; });
    const std::string text = has == shown.arguments.end() ? "" : has->second;
    const std::string name = prefix_of(at) + "argument." + argument;
    if (!text_row(edit, name, words(argument), text, entered)) continue;
    Input input = shown;
    std::erase_if(input.arguments, [&](const auto& each) { return each.first == argument; });
    if (!entered.empty()) input.arguments.emplace_back(argument, entered);
    take(edit, at, name, entered, std::move(input));
  }
}

void number_rows(Editing& edit, std::size_t at, const Input& shown, const ActionForm& form) {
  const auto row = [&](const char* what, std::string_view label, const ParameterInfo& info,
                       std::int64_t value) -> std::optional<std::int64_t> {
    return value_row(edit, {prefix_of(at) + what, std::string(label), info, value, false});
  };
  Input input = shown;
  if (form.duration) {
    const bool step = shown.action == Action::clock_step;
    const ParameterInfo info{"by",
                             "",
                             Unit::time,
                             step ? -hours(24 * 365) : 0,
                             step ? hours(24 * 365) : time_max_us / 1000,
                             0,
                             {}};
    if (const auto value = row("by", t().by_word, info, shown.duration_us)) {
      input.duration_us = *value;
      return take(edit, at, prefix_of(at) + "by", field_text(info, *value), std::move(input));
    }
  }
  if (form.ppm) {
    const bool random = shown.action == Action::cut_random;
    const ParameterInfo info{"ppm",
                             "",
                             random ? Unit::ppm : Unit::count,
                             random ? 0 : -drift_max_ppm,
                             random ? 1'000'000 : drift_max_ppm,
                             0,
                             {}};
    const std::string_view label = random ? t().chance_word : t().drift_word;
    if (const auto value = row("ppm", label, info, shown.ppm)) {
      input.ppm = *value;
      return take(edit, at, prefix_of(at) + "ppm", field_text(info, *value), std::move(input));
    }
  }
  const ParameterInfo flag{"on", "", Unit::flag, 0, 1, 0, {}};
  if (form.on_off) {
    if (const auto value = row("on", "NTP", flag, shown.ppm)) {
      input.ppm = *value;
      return take(edit, at, prefix_of(at) + "on", "", std::move(input));
    }
  }
  if (form.one_way) {
    if (const auto value = row("one_way", t().one_way_word, flag, shown.one_way)) {
      input.one_way = *value != 0;
      return take(edit, at, prefix_of(at) + "one_way", "", std::move(input));
    }
  }
  if (form.link && link_rows(edit, prefix_of(at) + "link", input.link, false)) {
    const std::string by = edit.by;
    const std::string typed = edit.typed;
    take(edit, at, by, typed, std::move(input));
  }
}

void details(Editing& edit, std::size_t at, const Input& shown) {
  const auto now = static_cast<std::size_t>(shown.action);
  const std::string name = prefix_of(at) + "action";
  const std::size_t chosen =
      dropdown(edit.model.controls, name, labelled(edit, t().action_word), action_words(), now);
  edit.column.skip(4);
  refusal(edit.fields, name, edit.column);
  if (chosen != now) {
    const NodeId node = shown.groups.empty() || shown.groups[0].empty() ? edit.model.selected_node
                                                                        : shown.groups[0][0];
    Input input =
        usual_input(static_cast<Action>(chosen), shown.at_us, node, edit.setup(), edit.protocol);
    return take(edit, at, name, "", std::move(input));
  }
  const ActionForm form = form_of(shown.action);
  if (form.name != ActionForm::Name::none) named_rows(edit, at, shown, form.name);
  if (form.parts) parts_row(edit, at, shown);
  if (form.nodes) nodes_row(edit, at, shown, 0, form.others ? t().one_end : t().at_nodes);
  if (form.others) nodes_row(edit, at, shown, 1, t().other_end);
  if (form.message) message_rows(edit, at, shown);
  number_rows(edit, at, shown, form);
}

// One line: its time, what it does, and what can be done with it.
void line(Editing& edit, std::size_t at, const Input& shown, const std::string& label) {
  Controls& controls = edit.model.controls;
  const Rect r = edit.column.take(edit.row_height());
  const std::string prefix = prefix_of(at);
  const float side = px(edit.model.host.touch ? 40 : 26);
  const float time_w = px(84);
  std::string entered;
  if (text_field(controls, edit.fields, prefix + "at", {r.x, r.y, time_w, r.h},
                 format_duration(shown.at_us), entered)) {
    const ParameterInfo info{"at", "", Unit::time, 0, time_max_us / 1000, 0, {}};
    const auto time = read_field(info, entered);
    if (time) {
      Input input = shown;
      input.at_us = time.value();
      take(edit, at, prefix + "at", entered, std::move(input));
    } else {
      edit.fields.refuse(prefix + "at", entered, time.error());
    }
  }
  const bool open = edit.state.input == at;
  const Rect body{r.x + time_w + px(6), r.y, r.w - time_w - px(10) - 3 * side, r.h};
  if (button(controls, prefix + "open", body,
             {.label = label, .tip = label, .plain = !open, .on = open, .left = true}))
    edit.state.input = open ? none_open : at;
  float x = r.right() - 3 * side;
  for (const bool up : {true, false}) {
    const bool can = up ? at > 0 : at + 1 < edit.setup().script.size();
    if (button(controls, prefix + (up ? "up" : "down"), {x, r.y, side, r.h},
               {.icon = up ? Icon::up : Icon::down,
                .tip = up ? t().move_up : t().move_down,
                .plain = true,
                .enabled = can})) {
      const std::size_t now = move_input(edit.change("").setup, at, up);
      edit.state.input = open ? now : none_open;
    }
    x += side;
  }
  if (button(controls, prefix + "remove", {x, r.y, side, r.h},
             {.icon = Icon::trash, .tip = t().remove, .plain = true})) {
    remove_input(edit.change("").setup, at);
    edit.state.input = none_open;
  }
  refusal(edit.fields, prefix + "at", edit.column);
  edit.column.skip(4);
}

}  // namespace

void edit_script(Editing& edit) {
  edit.column.paragraph(Type::caption, palette().muted, t().about_script);
  edit.column.skip(10);
  const std::vector<Input> script = edit.setup().script;
  const NodeIndex index(edit.setup().nodes);
  for (std::size_t i = 0; i < std::min(script.size(), shown_max); ++i) {
    line(edit, i, script[i], input_words(script[i], index));
    if (edit.state.input != i || edit.changed) continue;
    edit.column.begin_card();
    details(edit, i, script[i]);
    edit.column.end_card();
  }
  if (script.size() > shown_max) {
    edit.column.paragraph(Type::caption, palette().muted,
                          say(t().script_longer, {std::to_string(script.size() - shown_max)}));
  }
  edit.column.skip(6);
  const Time at_us = edit.model.timeline->cursor_us();
  if (!wide_button(edit, "input.add", Icon::plus,
                   say(t().add_input, {format_time_for_people(at_us)})))
    return;
  Setup& setup = edit.change("").setup;
  edit.state.input = insert_input(
      setup, usual_input(Action::pause, at_us, edit.model.selected_node, setup, edit.protocol));
}

}  // namespace netsplit::ui
