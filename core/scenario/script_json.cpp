// A script's lines as JSON. The action is the key, its value what it acts on, and further keys say
// how: {"at": "2s", "cut": ["alice", "lock"], "one_way": true}.
#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "core/scenario/setup_json.h"

namespace netsplit {
namespace {

constexpr std::size_t script_lines_max = 100'000;
constexpr std::size_t arguments_max = 64;
constexpr std::size_t choices_max = 256;
constexpr std::size_t groups_max = 31;
constexpr Time step_max_us = hours(24) * 365;
constexpr Time delay_max_us = time_max_us / 1000;
constexpr std::uint64_t message_id_max = std::uint64_t{1} << 62;

// What stands as the action's value.
enum class Target : std::uint8_t {
  pair,         // [A, B]: each a node or a list of nodes
  pair_or_all,  // … or "all"
  groups,       // [[…], […]]
  nodes,        // a node or a list of nodes
  all,          // "all"
  message,      // a number, or {"from", "to", "label"}
  named,        // a timer's or request's name, at "node"
};

struct ActionForm {
  Action action;
  Target target;
  std::array<const char*, 2> keys;  // beyond those of every line
};

constexpr std::array<ActionForm, 22> forms{{
    {Action::cut, Target::pair, {"one_way"}},
    {Action::heal, Target::pair_or_all, {"one_way"}},
    {Action::partition, Target::groups, {"one_way"}},
    {Action::isolate, Target::nodes, {"one_way"}},
    {Action::cut_random, Target::all, {"ppm"}},
    {Action::link, Target::pair_or_all, {"one_way", "set"}},
    {Action::pause, Target::nodes, {}},
    {Action::resume, Target::nodes, {}},
    {Action::crash, Target::nodes, {}},
    {Action::restart, Target::nodes, {}},
    {Action::join, Target::nodes, {}},
    {Action::leave, Target::nodes, {}},
    {Action::clock_step, Target::nodes, {"by"}},
    {Action::clock_drift, Target::nodes, {"ppm"}},
    {Action::clock_ntp, Target::nodes, {"on"}},
    {Action::drop, Target::message, {}},
    {Action::duplicate, Target::message, {}},
    {Action::deliver, Target::message, {}},
    {Action::delay, Target::message, {"by"}},
    {Action::alter, Target::message, {"field", "value"}},
    {Action::fire, Target::named, {"node", "arguments"}},
    {Action::request, Target::named, {"node", "arguments"}},
}};

// Keys that any line may have besides its action's.
constexpr std::array<const char*, 4> line_keys = {"at", "after_step", "by_hand", "choices"};

const ActionForm& form_of(Action action) {
  const auto index = static_cast<std::size_t>(action);
  NETSPLIT_ASSERT(index < forms.size() && forms[index].action == action);
  return forms[index];
}

bool takes(const ActionForm& form, std::string_view key) {
  return std::any_of(form.keys.begin(), form.keys.end(),
                     [&](const char* one) { return one != nullptr && key == one; });
}

std::vector<std::string> action_names() {
  std::vector<std::string> names;
  for (const std::string_view name : enumerator_names<Action>()) names.emplace_back(name);
  return names;
}

template <class Info>
void check_name(const JsonCursor& at, const char* kind, const std::string& name,
                const std::vector<Info>& infos) {
  std::vector<std::string> known;
  for (const Info& info : infos) {
    if (info.name == name) return;
    known.emplace_back(info.name);
  }
  at.fail("there is no " + std::string(kind) + " " + in_quotes(name) + "; " +
          expected_names(name, known));
}

void append_nodes(const JsonCursor& at, SetupNames& names, std::vector<NodeId>& nodes) {
  const auto span = names.nodes.span_of(at.text(100));
  if (!span) return at.fail(span.error());
  const auto [first, last] = span.value();
  names.mentions_left -= last.value - first.value + 1;
  if (names.mentions_left < 0) return at.fail("the script names too many nodes in all");
  for (std::int32_t id = first.value; id <= last.value; ++id) nodes.push_back(NodeId{id});
}

std::vector<NodeId> read_node_list(const JsonCursor& at, SetupNames& names) {
  std::vector<NodeId> nodes;
  if (at.json().is_array()) {
    for (const JsonCursor& item : at.items(static_cast<std::size_t>(nodes_max))) {
      append_nodes(item, names, nodes);
      if (at.failed()) return nodes;
    }
  } else {
    append_nodes(at, names, nodes);
  }
  if (nodes.empty()) at.fail("expected at least one node");
  return nodes;
}

void read_groups(const JsonCursor& at, SetupNames& names, const ActionForm& form, Input& input) {
  const bool is_pair = form.target != Target::groups;
  const auto items = at.items(is_pair ? 2 : groups_max);
  if (is_pair && items.size() != 2) return at.fail("expected two nodes, or two lists of nodes");
  if (items.empty()) return at.fail("expected at least one group");
  for (const JsonCursor& item : items) {
    input.groups.push_back(read_node_list(item, names));
    if (at.failed()) return;
  }
}

void check_distinct(const JsonCursor& at, const SetupNames& names, const Input& input) {
  std::set<NodeId> seen;
  for (const auto& group : input.groups) {
    for (const NodeId node : group) {
      if (!seen.insert(node).second) {
        return at.fail("the node " + in_quotes(names.nodes.name(node)) + " is named twice");
      }
    }
  }
}

MessageChoice read_message(const JsonCursor& at, const SetupNames& names) {
  MessageChoice choice;
  if (at.json().is_number()) {
    choice.id = static_cast<MessageId>(at.integer(1, message_id_max));
    return choice;
  }
  static const std::vector<std::string> keys = {"from", "to", "label", "id"};
  at.only_keys(keys);
  if (const auto id = at.find("id")) {
    choice.id = static_cast<MessageId>(id->integer(1, message_id_max));
  }
  if (const auto from = at.find("from")) choice.from = read_node(*from, names);
  if (const auto to = at.find("to")) choice.to = read_node(*to, names);
  if (const auto label = at.find("label")) {
    choice.label = label->text(80);
    check_name(*label, "message", choice.label, names.protocol.messages);
  }
  return choice;
}

// Numbers, flags and texts all travel as the text a person would write.
std::string read_plain(const JsonCursor& at) {
  if (at.json().is_boolean()) return at.flag() ? "true" : "false";
  if (at.json().is_number()) return compact_json(at.json());
  return at.text(200);
}

Json plain_json(const std::string& text) {
  if (text == "true" || text == "false") return text == "true";
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = fault == std::errc() && end == text.data() + text.size();
  if (is_number && std::to_string(number) == text) return number;
  return text;
}

void read_arguments(const JsonCursor& line, const std::vector<std::string>& known, Input& input) {
  const auto arguments = line.find("arguments");
  if (!arguments) return;
  arguments->only_keys(known);
  if (arguments->failed()) return;
  for (const auto& [name, value] : arguments->members()) {
    if (input.arguments.size() == arguments_max) return arguments->fail("too many arguments");
    input.arguments.emplace_back(name, read_plain(value));
  }
}

void read_request(const JsonCursor& line, const JsonCursor& at, const SetupNames& names,
                  Input& input) {
  check_name(at, "request", input.name, names.protocol.requests);
  if (at.failed()) return;
  const auto& requests = names.protocol.requests;
  const RequestInfo& info = *std::find_if(requests.begin(), requests.end(),
                                          [&](const auto& one) { return one.name == input.name; });
  for (const NodeId node : input.groups[0]) {
    const std::string& role = names.setup.nodes[names.nodes.group_of(node)].role;
    const auto& roles = info.roles;
    if (!roles.empty() && std::find(roles.begin(), roles.end(), role) == roles.end()) {
      return line.fail(in_quotes(names.nodes.name(node)) + " is a " + words(role) +
                       ", which does not understand the request " + in_quotes(input.name));
    }
  }
  read_arguments(line, info.arguments, input);
}

void read_named(const JsonCursor& line, const JsonCursor& at, SetupNames& names, Input& input) {
  input.name = at.text(80);
  const auto node = line.require("node");
  if (!node) return;
  input.groups.push_back(read_node_list(*node, names));
  if (at.failed()) return;
  if (input.action == Action::request) return read_request(line, at, names, input);
  check_name(at, "timer", input.name, names.protocol.timers);
  if (at.failed()) return;
  for (const TimerInfo& timer : names.protocol.timers) {
    if (timer.name == input.name) read_arguments(line, timer.arguments, input);
  }
}

void read_target(const JsonCursor& line, const JsonCursor& at, SetupNames& names,
                 const ActionForm& form, Input& input) {
  const bool is_all = at.json().is_string() && at.json() == "all";
  switch (form.target) {
    case Target::all:
    case Target::pair_or_all:
      if (is_all) return;
      if (form.target == Target::all || at.json().is_string()) {
        return at.fail(form.target == Target::all ? "expected \"all\""
                                                  : "expected \"all\" or two nodes");
      }
      return read_groups(at, names, form, input);
    case Target::pair:
    case Target::groups:
      return read_groups(at, names, form, input);
    case Target::nodes:
      input.groups.push_back(read_node_list(at, names));
      return;
    case Target::message:
      input.message = read_message(at, names);
      return;
    case Target::named:
      return read_named(line, at, names, input);
  }
}

void read_manner(const JsonCursor& line, const SetupNames& names, const ActionForm& form,
                 Input& input) {
  if (takes(form, "one_way")) {
    if (const auto one_way = line.find("one_way")) input.one_way = one_way->flag();
  }
  if (takes(form, "by")) {
    const bool is_delay = input.action == Action::delay;
    if (const auto by = line.require("by")) {
      input.duration_us =
          is_delay ? by->duration(0, delay_max_us) : by->duration(-step_max_us, step_max_us);
    }
  }
  if (takes(form, "ppm")) {
    const bool is_drift = input.action == Action::clock_drift;
    if (const auto ppm = line.require("ppm")) {
      input.ppm =
          is_drift ? ppm->integer(-drift_max_ppm, drift_max_ppm) : ppm->integer(0, 1'000'000);
    }
  }
  if (takes(form, "on")) {
    if (const auto on = line.require("on")) input.ppm = on->flag() ? 1 : 0;
  }
  if (takes(form, "set")) {
    if (const auto set = line.require("set")) {
      set->only_keys(link_spec_keys());
      input.link = read_link_spec(*set, names.setup.network.link);
    }
  }
  if (takes(form, "field")) {
    const auto field = line.require("field");
    const auto value = line.require("value");
    if (!field || !value) return;
    input.name = field->text(80);
    input.arguments.emplace_back(input.name, read_plain(*value));
  }
}

// The one key of the line that is an action.
const ActionForm* find_action(const JsonCursor& line) {
  static const std::vector<std::string> actions = action_names();
  const ActionForm* form = nullptr;
  for (const auto& [key, value] : line.members()) {
    const auto found = std::find(actions.begin(), actions.end(), key);
    if (found == actions.end()) continue;
    if (form != nullptr) {
      line.fail("two actions in one line, " +
                in_quotes(actions[static_cast<std::size_t>(form->action)]) + " and " +
                in_quotes(key));
      return nullptr;
    }
    form = &form_of(static_cast<Action>(found - actions.begin()));
  }
  if (form != nullptr || line.failed()) return form;
  for (const auto& [key, value] : line.members()) {
    const std::string near = nearest_name(key, actions);
    if (near.empty() || std::find(line_keys.begin(), line_keys.end(), key) != line_keys.end())
      continue;
    line.fail("there is no action " + in_quotes(key) + "; did you mean \"" + near + "\"?");
    return nullptr;
  }
  line.fail("the line has no action, such as \"pause\", \"cut\", \"partition\" or \"request\"");
  return nullptr;
}

// Whether a line says when it applies.
enum class Timing : std::uint8_t { required, optional, none };

void read_timing(const JsonCursor& line, Timing timing, Input& input) {
  const auto at = timing == Timing::required ? line.require("at") : line.find("at");
  if (at) input.at_us = at->duration(0, time_max_us);
  if (const auto step = line.find("after_step")) input.after_step = step->integer(0, INT64_MAX);
  if (const auto by_hand = line.find("by_hand")) input.by_hand = by_hand->flag();
}

Input read_input(const JsonCursor& line, SetupNames& names, Timing timing) {
  Input input;
  const ActionForm* form = find_action(line);
  if (form == nullptr) return input;
  input.action = form->action;
  const std::string action(enumerator_name_of(form->action));
  std::vector<std::string> known{"choices"};
  if (timing != Timing::none) known.assign(line_keys.begin(), line_keys.end());
  known.push_back(action);
  for (const char* key : form->keys) {
    if (key != nullptr) known.emplace_back(key);
  }
  line.only_keys(known);
  if (timing != Timing::none) read_timing(line, timing, input);
  if (const auto choices = line.find("choices")) {
    for (const JsonCursor& choice : choices->items(choices_max)) {
      input.choices.push_back(static_cast<std::uint32_t>(choice.integer(0, UINT32_MAX)));
    }
  }
  if (line.failed()) return input;
  const JsonCursor target = *line.find(action.c_str());
  read_target(line, target, names, *form, input);
  check_distinct(target, names, input);
  read_manner(line, names, *form, input);
  return input;
}

Json node_list_json(const std::vector<NodeId>& nodes, const SetupNames& names) {
  std::vector<std::string> texts = names.nodes.texts_of(nodes);
  if (texts.size() == 1) return std::move(texts.front());
  return Json(std::move(texts));
}

Json groups_json(const Input& input, const SetupNames& names) {
  Json json = Json::array();
  for (const auto& group : input.groups) json.push_back(node_list_json(group, names));
  return json;
}

Json message_json(const MessageChoice& choice, const SetupNames& names) {
  const bool by_number = choice.from == nobody && choice.to == nobody && choice.label.empty();
  if (by_number && choice.id != 0) return choice.id;
  Json json = Json::object();
  if (choice.from != nobody) json["from"] = names.nodes.name(choice.from);
  if (choice.to != nobody) json["to"] = names.nodes.name(choice.to);
  if (!choice.label.empty()) json["label"] = choice.label;
  if (choice.id != 0) json["id"] = choice.id;
  return json;
}

Json target_json(const Input& input, const SetupNames& names, const ActionForm& form) {
  switch (form.target) {
    case Target::all:
      return "all";
    case Target::pair_or_all:
      if (input.groups.empty()) return "all";
      return groups_json(input, names);
    case Target::pair:
    case Target::groups:
      return groups_json(input, names);
    case Target::nodes:
      return input.groups.empty() ? Json::array() : node_list_json(input.groups[0], names);
    case Target::message:
      return message_json(input.message, names);
    case Target::named:
      return input.name;
  }
  return nullptr;
}

Json input_json(const Input& input, const SetupNames& names, Timing timing) {
  const ActionForm& form = form_of(input.action);
  Json json = Json::object();
  const bool timed = timing == Timing::required || input.at_us != 0;
  if (timing != Timing::none && timed) json["at"] = format_duration(input.at_us);
  if (timing != Timing::none && input.after_step >= 0) json["after_step"] = input.after_step;
  json[std::string(enumerator_name_of(input.action))] = target_json(input, names, form);
  if (takes(form, "node") && !input.groups.empty()) {
    json["node"] = node_list_json(input.groups[0], names);
  }
  if (takes(form, "arguments") && !input.arguments.empty()) {
    for (const auto& [name, value] : input.arguments) json["arguments"][name] = plain_json(value);
  }
  if (takes(form, "one_way") && input.one_way) json["one_way"] = true;
  if (takes(form, "by")) json["by"] = format_duration(input.duration_us);
  if (takes(form, "ppm")) json["ppm"] = input.ppm;
  if (takes(form, "on")) json["on"] = input.ppm != 0;
  if (takes(form, "set")) {
    json["set"] = Json::object();
    write_link_spec(json["set"], input.link, names.setup.network.link);
  }
  if (takes(form, "field")) {
    json["field"] = input.name;
    json["value"] = plain_json(input.arguments.empty() ? "" : input.arguments[0].second);
  }
  if (!input.choices.empty()) json["choices"] = input.choices;
  if (timing != Timing::none && input.by_hand) json["by_hand"] = true;
  return json;
}

// Where the script alone drives the run there may be no time to speak of.
Timing timing_of(const SetupNames& names) {
  return names.setup.manual ? Timing::optional : Timing::required;
}

}  // namespace

std::vector<Input> read_script(const JsonCursor& at, SetupNames& names) {
  std::vector<Input> script;
  for (const JsonCursor& line : at.items(script_lines_max)) {
    script.push_back(read_input(line, names, timing_of(names)));
    if (at.failed()) return script;
  }
  std::stable_sort(script.begin(), script.end(),
                   [](const Input& a, const Input& b) { return a.at_us < b.at_us; });
  return script;
}

Json script_json(const std::vector<Input>& script, const SetupNames& names) {
  Json json = Json::array();
  for (const Input& input : script) json.push_back(input_json(input, names, timing_of(names)));
  return json;
}

Input read_action(const JsonCursor& line, SetupNames& names) {
  return read_input(line, names, Timing::none);
}

Json action_json(const Input& input, const SetupNames& names) {
  return input_json(input, names, Timing::none);
}

}  // namespace netsplit
