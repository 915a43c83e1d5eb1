// Commands by name, for the page's own buttons, for keys and for tests.
#include <algorithm>
#include <charconv>

#include "ui/model.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

Result<std::int64_t> whole_number(std::string_view text) {
  return parse_integer(text, 0, INT64_MAX);
}

Result<NodeId> node_named(const Session& session, std::string_view name) {
  const NodeId id = session.find_node(name);
  if (id == nobody) return Error{"There is no node \"" + std::string(name.substr(0, 60)) + "\"."};
  return id;
}

}  // namespace

void Model::command(std::string_view name, std::string_view argument) {
  if (const std::size_t colon = name.find(':'); argument.empty() && colon != name.npos) {
    argument = name.substr(colon + 1);
    name = name.substr(0, colon);
  }
  touched_s = now_s;
  const Status done = command_on_run(name, argument);
  if (!done) say_toast(done.error(), Tone::bad);
}

Status Model::command_on_run(std::string_view name, std::string_view argument) {
  const auto number = [&] { return whole_number(argument); };
  if (name == "open") return open_scenario(argument);
  bool known = false;
  const Status window = command_on_window(name, argument, known);
  if (known) return window;
  if (!open()) return Error{std::string(t().no_scenario)};
  if (const auto done = checker_command(*this, name, argument)) return *done;
  if (name == "play") return play(true), Done{};
  if (name == "pause") return play(false), Done{};
  if (name == "toggle_play") return play(!playing), Done{};
  if (name == "step") return step(), Done{};
  if (name == "step_back") return step_back(), Done{};
  if (name == "restart" || name == "home") return playing = false, seek_time(0), Done{};
  if (name == "end") return to_end(), Done{};
  if (name == "share") return share(), Done{};
  if (name == "save") return save_scenario(), Done{};
  if (name == "save_picture") return save_picture(argument == "png"), Done{};
  if (name == "copy_scenario") return copy_scenario(), Done{};
  if (name == "edit_parameter") {
    editing = true;
    section = Section::parameters;
    edit_asked = "parameter." + std::string(argument) + ".value";
    return Done{};
  }
  if (name == "undo") return undo(), Done{};
  if (name == "redo") return redo(), Done{};
  if (name == "heal_all") return heal_all(), Done{};
  if (name == "compare") return compare_with(argument);
  if (name == "lesson_restart") return restart_lesson(*this), Done{};
  if (name == "lesson_show") return show_task(*this), Done{};
  if (name == "parameter") {
    const std::size_t equals = std::min(argument.find('='), argument.size());
    const auto& infos = session().protocol().parameters;
    for (std::size_t i = 0; i < infos.size(); ++i) {
      if (infos[i].name != argument.substr(0, equals)) continue;
      const auto value =
          parse_parameter(infos[i], argument.substr(std::min(equals + 1, argument.size())));
      if (!value) return Error{value.error()};
      return set_parameter(static_cast<std::int64_t>(i), value.value()), Done{};
    }
    return Error{"There is no parameter \"" + std::string(argument.substr(0, equals)) + "\"."};
  }
  if (auto done = command_on_time(name, argument)) return std::move(*done);
  if (auto done = command_on_branches(name, argument)) return std::move(*done);
  if (name == "bad_event") {
    const auto& properties = timeline->head().properties();
    for (std::size_t i = 0; i < properties.size(); ++i) {
      if (properties[i].name != argument || properties[i].standing != Standing::violated) continue;
      return show_bad_event(i), Done{};
    }
    return Error{"\"" + std::string(argument) + "\" is not violated."};
  }
  if (name == "seek" || name == "seek_step" || name == "speed" || name == "seed" ||
      name == "branch" || name == "drop" || name == "duplicate" || name == "deliver" ||
      name == "delay" || name == "lesson" || name == "answer" || name == "stage") {
    const auto value = number();
    if (!value) return Error{value.error()};
    if (name == "seek") return playing = false, seek_time(value.value()), Done{};
    if (name == "seek_step") return seek_step(static_cast<std::uint64_t>(value.value())), Done{};
    if (name == "speed") return set_speed(static_cast<double>(value.value()) / 1e6), Done{};
    if (name == "seed") return set_seed(static_cast<std::uint64_t>(value.value())), Done{};
    const auto index = static_cast<std::size_t>(value.value());
    if (name == "lesson") return go_to_step(*this, index), Done{};
    if (name == "answer") return pick_answer(*this, index), Done{};
    if (name == "stage") return stage(*this, index), Done{};
    if (name == "branch") return switch_branch(static_cast<BranchId>(value.value())), Done{};
    const auto id = static_cast<MessageId>(value.value());
    const Action action = name == "drop"        ? Action::drop
                          : name == "duplicate" ? Action::duplicate
                          : name == "deliver"   ? Action::deliver
                                                : Action::delay;
    return on_message(action, id), Done{};
  }
  return command_on_nodes(name, argument);
}

Status Model::command_on_nodes(std::string_view name, std::string_view argument) {
  if (name == "cut" || name == "heal") {
    const std::size_t comma = std::min(argument.find(','), argument.size());
    const auto a = node_named(session(), argument.substr(0, comma));
    if (!a) return Error{a.error()};
    const auto b = node_named(session(), argument.substr(std::min(comma + 1, argument.size())));
    if (!b) return Error{b.error()};
    return cut_link(a.value(), b.value(), name == "cut"), Done{};
  }
  struct Verb {
    std::string_view name;
    Action action;
  };
  constexpr std::array<Verb, 5> verbs{{{"pause_node", Action::pause},
                                       {"resume_node", Action::resume},
                                       {"crash_node", Action::crash},
                                       {"restart_node", Action::restart},
                                       {"isolate", Action::isolate}}};
  const auto verb =
      std::find_if(verbs.begin(), verbs.end(), [&](const Verb& v) { return v.name == name; });
  if (verb == verbs.end() && name != "select") return command_on_network(name, argument);
  if (name == "select" && argument.empty()) return selected_node = nobody, Done{};
  const auto id = node_named(session(), argument);
  if (!id) return Error{id.error()};
  if (name == "select") {
    selected_node = id.value();
    refresh();
  } else {
    push(on_nodes(verb->action, 0, {id.value()}));
  }
  return Done{};
}

}  // namespace netsplit::ui
