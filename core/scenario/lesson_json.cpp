// A lesson's steps as JSON. What a reader is asked to do, and what a staging does, is written as a
// line of the script without its time.
#include "core/scenario/lesson_json.h"

#include <algorithm>
#include <array>

namespace netsplit {
namespace {

constexpr std::size_t lesson_steps_max = 100;
constexpr std::size_t name_bytes_max = 80;

std::string read_node_name(const JsonCursor& at, const SetupNames& names) {
  return names.nodes.name(read_node(at, names));
}

std::string read_known(const JsonCursor& at, const char* kind,
                       const std::vector<std::string>& known) {
  const std::string name = at.text(name_bytes_max);
  if (!at.failed() && std::find(known.begin(), known.end(), name) == known.end()) {
    at.fail("there is no " + std::string(kind) + " " + in_quotes(name) + "; " +
            expected_names(name, known));
  }
  return name;
}

Standing read_standing(const JsonCursor& at) {
  static const std::vector<std::string> known = {"holds", "violated"};
  return read_known(at, "standing", known) == "holds" ? Standing::holds : Standing::violated;
}

// What an event of the kind may be labelled with; empty: it has no label.
std::vector<std::string> labels_of(EventKind kind, const ProtocolInfo& protocol) {
  const auto enumerators = [](std::span<const std::string_view> all) {
    return std::vector<std::string>(all.begin(), all.end());
  };
  switch (kind) {
    case EventKind::send:
    case EventKind::deliver:
    case EventKind::lost:
      return names_of(protocol.messages);
    case EventKind::timer:
    case EventKind::lease_begin:
    case EventKind::lease_end:
      return names_of(protocol.timers);
    case EventKind::wait: {
      std::vector<std::string> names = names_of(protocol.messages);
      const std::vector<std::string> timers = names_of(protocol.timers);
      names.insert(names.end(), timers.begin(), timers.end());
      return names;
    }
    case EventKind::request:
      return names_of(protocol.requests);
    case EventKind::complete:
      return {"ok", "failed", "unknown"};
    case EventKind::clock:
    case EventKind::network:
    case EventKind::tampered:
    case EventKind::no_effect:
      return enumerators(enumerator_names<Action>());
    default:
      return {};
  }
}

void read_event(const JsonCursor& at, const JsonCursor& kind, const SetupNames& names,
                Occurrence& occurrence) {
  occurrence.event = kind.choice<EventKind>();
  if (const auto node = at.find("node")) occurrence.node = read_node_name(*node, names);
  if (const auto peer = at.find("peer")) occurrence.peer = read_node_name(*peer, names);
  const auto label = at.find("label");
  if (!label || at.failed()) return;
  const std::vector<std::string> known = labels_of(occurrence.event, names.protocol);
  if (known.empty()) return label->fail("events of this kind have no label");
  occurrence.label = read_known(*label, "label", known);
}

Occurrence read_occurrence(const JsonCursor& at, const SetupNames& names) {
  static const std::vector<std::string> keys = {"property", "standing", "event",
                                                "node",     "peer",     "label"};
  at.only_keys(keys);
  Occurrence occurrence;
  const auto property = at.find("property");
  const auto event = at.find("event");
  if (property.has_value() == event.has_value()) {
    at.fail("expected either a \"property\" or an \"event\"");
  } else if (event) {
    if (at.find("standing")) at.fail("an event has no standing");
    read_event(at, *event, names, occurrence);
  } else {
    occurrence.property = property->text(name_bytes_max);
    if (at.find("node") || at.find("peer") || at.find("label"))
      at.fail("a property has no node, peer or label");
    if (const auto standing = at.find("standing")) occurrence.standing = read_standing(*standing);
  }
  return occurrence;
}

Json occurrence_json(const Occurrence& occurrence) {
  Json json = Json::object();
  if (!occurrence.property.empty()) {
    json["property"] = occurrence.property;
    if (occurrence.standing != Standing::violated)
      json["standing"] = enumerator_name_of(occurrence.standing);
    return json;
  }
  json["event"] = enumerator_name_of(occurrence.event);
  if (!occurrence.node.empty()) json["node"] = occurrence.node;
  if (!occurrence.peer.empty()) json["peer"] = occurrence.peer;
  if (!occurrence.label.empty()) json["label"] = occurrence.label;
  return json;
}

Highlight read_highlight(const JsonCursor& at, const SetupNames& names) {
  static const std::vector<std::string> keys = {"node",     "field",   "link",
                                                "property", "message", "panel"};
  using Kind = Highlight::Kind;
  if (!at.json().is_object()) return {Kind::node, read_node_name(at, names), {}, {}};
  at.only_keys(keys);
  Highlight highlight;
  const std::size_t parts = at.json().size();
  if (const auto field = at.find("field")) {
    highlight = {Kind::field, {}, {}, field->text(name_bytes_max)};
    if (const auto node = at.require("node")) highlight.node = read_node_name(*node, names);
    if (parts != 2) at.fail("expected \"node\" and \"field\" alone");
    return highlight;
  }
  if (parts != 1) {
    at.fail(
        "expected one of \"link\", \"property\", \"message\", \"panel\", or \"node\" with "
        "\"field\"");
    return highlight;
  }
  if (const auto link = at.find("link")) {
    const auto ends = link->items(2);
    if (ends.size() != 2) link->fail("expected two nodes");
    if (at.failed()) return highlight;
    highlight = {Kind::link, read_node_name(ends[0], names), read_node_name(ends[1], names), {}};
  } else if (const auto property = at.find("property")) {
    highlight = {Kind::property, {}, {}, property->text(name_bytes_max)};
  } else if (const auto message = at.find("message")) {
    highlight = {
        Kind::message, {}, {}, read_known(*message, "message", names_of(names.protocol.messages))};
  } else if (const auto panel = at.find("panel")) {
    highlight = {Kind::panel, {}, {}, read_known(*panel, "panel", panel_names())};
  } else if (const auto node = at.find("node")) {
    highlight = {Kind::node, read_node_name(*node, names), {}, {}};
  }
  return highlight;
}

Json highlight_json(const Highlight& highlight) {
  switch (highlight.kind) {
    case Highlight::Kind::node:
      return highlight.node;
    case Highlight::Kind::link:
      return {{"link", Json::array({highlight.node, highlight.other})}};
    case Highlight::Kind::field:
      return {{"node", highlight.node}, {"field", highlight.name}};
    case Highlight::Kind::property:
      return {{"property", highlight.name}};
    case Highlight::Kind::message:
      return {{"message", highlight.name}};
    case Highlight::Kind::panel:
      return {{"panel", highlight.name}};
  }
  return nullptr;
}

struct RevealForm {
  Reveal::Kind kind;
  const char* key;  // that tells it from the others
  std::array<const char*, 3> keys;
};

constexpr std::array<RevealForm, 7> reveal_forms{{
    {Reveal::Kind::field, "field", {"node"}},
    {Reveal::Kind::property, "property", {}},
    {Reveal::Kind::happened, "event", {"node", "peer", "label"}},
    {Reveal::Kind::meter, "meter", {}},
    {Reveal::Kind::messages, "messages", {}},
    {Reveal::Kind::operation, "operation", {"number"}},
    {Reveal::Kind::result, "result", {"number"}},
}};

const RevealForm* find_reveal_form(const JsonCursor& at) {
  const RevealForm* found = nullptr;
  for (const RevealForm& form : reveal_forms) {
    if (!at.find(form.key)) continue;
    if (found != nullptr) {
      at.fail("expected either " + in_quotes(found->key) + " or " + in_quotes(form.key));
      return nullptr;
    }
    found = &form;
  }
  if (found == nullptr) {
    at.fail(
        "expected one of \"field\", \"property\", \"event\", \"meter\", \"messages\", "
        "\"operation\" or \"result\"");
  }
  return found;
}

void read_messages(const JsonCursor& at, const SetupNames& names, Reveal& reveal) {
  static const std::vector<std::string> keys = {"from", "to", "label"};
  if (at.json().is_string() && at.json() == "all") return;
  at.only_keys(keys);
  if (const auto from = at.find("from")) reveal.node = read_node_name(*from, names);
  if (const auto to = at.find("to")) reveal.peer = read_node_name(*to, names);
  if (const auto label = at.find("label"))
    reveal.name = read_known(*label, "message", names_of(names.protocol.messages));
}

void read_reveal_value(const JsonCursor& at, const JsonCursor& value, const SetupNames& names,
                       Reveal& reveal) {
  switch (reveal.kind) {
    case Reveal::Kind::field:
      reveal.name = value.text(name_bytes_max);
      if (const auto node = at.require("node")) reveal.node = read_node_name(*node, names);
      return;
    case Reveal::Kind::property:
    case Reveal::Kind::meter:
      reveal.name = value.text(name_bytes_max);
      return;
    case Reveal::Kind::happened:
      return read_event(at, value, names, reveal.happened);
    case Reveal::Kind::messages:
      return read_messages(value, names, reveal);
    case Reveal::Kind::operation:
    case Reveal::Kind::result:
      reveal.node = read_node_name(value, names);
      if (const auto number = at.find("number")) reveal.number = number->integer(1, INT32_MAX);
      return;
    case Reveal::Kind::none:
      return;
  }
}

Reveal read_reveal(const JsonCursor& at, const SetupNames& names, std::size_t answers) {
  Reveal reveal;
  const RevealForm* form = find_reveal_form(at);
  if (form == nullptr) return reveal;
  std::vector<std::string> keys = {form->key, "at", "values"};
  for (const char* key : form->keys) {
    if (key != nullptr) keys.emplace_back(key);
  }
  at.only_keys(keys);
  if (at.failed()) return reveal;
  reveal.kind = form->kind;
  read_reveal_value(at, *at.find(form->key), names, reveal);
  if (const auto time = at.require("at")) reveal.at_us = time->duration(0, until_max_us);
  const bool two = form->kind == Reveal::Kind::property || form->kind == Reveal::Kind::happened;
  if (two && answers != 2) {
    const bool property = form->kind == Reveal::Kind::property;
    at.fail((property ? "a property decides between two answers, when it holds and when it is "
                        "violated; found "
                      : "an event decides between two answers, when it has happened and when it "
                        "has not; found ") +
            std::to_string(answers));
  }
  const auto values = at.find("values");
  if (!values) return reveal;
  for (const JsonCursor& value : values->items(list_max))
    reveal.values.push_back(value.text(title_bytes_max));
  if (two) {
    values->fail("the two answers stand for yes and no; values have no meaning here");
  } else if (reveal.values.size() != answers) {
    values->fail("expected one for each of the " + std::to_string(answers) + " answers, found " +
                 std::to_string(reveal.values.size()));
  }
  return reveal;
}

Json reveal_json(const Reveal& reveal) {
  Json json = Json::object();
  switch (reveal.kind) {
    case Reveal::Kind::none:
      break;
    case Reveal::Kind::field:
      json["node"] = reveal.node;
      json["field"] = reveal.name;
      break;
    case Reveal::Kind::property:
      json["property"] = reveal.name;
      break;
    case Reveal::Kind::happened:
      json = occurrence_json(reveal.happened);
      break;
    case Reveal::Kind::meter:
      json["meter"] = reveal.name;
      break;
    case Reveal::Kind::messages: {
      Json which = Json::object();
      if (!reveal.node.empty()) which["from"] = reveal.node;
      if (!reveal.peer.empty()) which["to"] = reveal.peer;
      if (!reveal.name.empty()) which["label"] = reveal.name;
      json["messages"] = which.empty() ? Json("all") : which;
      break;
    }
    case Reveal::Kind::operation:
    case Reveal::Kind::result:
      json[reveal.kind == Reveal::Kind::result ? "result" : "operation"] = reveal.node;
      if (reveal.number != 1) json["number"] = reveal.number;
      break;
  }
  json["at"] = format_duration(reveal.at_us);
  if (!reveal.values.empty()) json["values"] = reveal.values;
  return json;
}

Task read_task(const JsonCursor& at, SetupNames& names) {
  Task task;
  const auto parameter = at.find("parameter");
  if (!parameter) {
    task.input = read_action(at, names);
    return task;
  }
  static const std::vector<std::string> keys = {"parameter", "value"};
  at.only_keys(keys);
  const auto& infos = names.protocol.parameters;
  task.parameter = read_known(*parameter, "parameter", names_of(infos));
  const auto value = at.require("value");
  if (at.failed()) return task;
  const auto info = std::find_if(infos.begin(), infos.end(), [&](const ParameterInfo& one) {
    return one.name == task.parameter;
  });
  task.value = read_parameter(*value, *info);
  return task;
}

Json task_json(const Task& task, const SetupNames& names) {
  if (task.input) return action_json(*task.input, names);
  Json json = Json::object();
  json["parameter"] = task.parameter;
  for (const ParameterInfo& info : names.protocol.parameters) {
    if (info.name == task.parameter) json["value"] = parameter_json(info, task.value);
  }
  return json;
}

LessonStep read_lesson_step(const JsonCursor& at, SetupNames& names) {
  static const std::vector<std::string> keys = {
      "at", "when", "title", "text", "highlight", "question", "answers", "reveal", "wait"};
  at.only_keys(keys);
  LessonStep step;
  if (const auto time = at.find("at")) step.at_us = time->duration(0, until_max_us);
  if (const auto when = at.find("when")) step.when = read_occurrence(*when, names);
  if (const auto title = at.require("title")) step.title = title->text(title_bytes_max);
  if (const auto text = at.require("text")) step.text = text->text(text_bytes_max, true);
  if (const auto highlight = at.find("highlight")) {
    for (const JsonCursor& item : highlight->items(list_max))
      step.highlight.push_back(read_highlight(item, names));
  }
  if (const auto question = at.find("question")) step.question = question->text(text_bytes_max);
  if (const auto answers = at.find("answers")) {
    for (const JsonCursor& answer : answers->items(list_max))
      step.answers.push_back(answer.text(title_bytes_max));
  }
  if (const auto reveal = at.find("reveal"))
    step.reveal = read_reveal(*reveal, names, step.answers.size());
  if (const auto wait = at.find("wait")) step.wait = read_task(*wait, names);
  return step;
}

Json lesson_step_json(const LessonStep& step, const SetupNames& names) {
  Json json = Json::object();
  if (step.at_us != 0) json["at"] = format_duration(step.at_us);
  if (step.when) json["when"] = occurrence_json(*step.when);
  json["title"] = step.title;
  json["text"] = step.text;
  for (const Highlight& highlight : step.highlight)
    json["highlight"].push_back(highlight_json(highlight));
  if (!step.question.empty()) json["question"] = step.question;
  if (!step.answers.empty()) json["answers"] = step.answers;
  if (step.reveal.kind != Reveal::Kind::none) json["reveal"] = reveal_json(step.reveal);
  if (step.wait) json["wait"] = task_json(*step.wait, names);
  return json;
}

}  // namespace

const std::vector<std::string>& panel_names() {
  static const std::vector<std::string> names = {"network", "space_time", "properties", "inspector",
                                                 "clients", "price",      "parameters", "compare",
                                                 "library", "transport"};
  return names;
}

std::vector<LessonStep> read_lesson(const JsonCursor& at, SetupNames& names) {
  std::vector<LessonStep> lesson;
  for (const JsonCursor& step : at.items(lesson_steps_max))
    lesson.push_back(read_lesson_step(step, names));
  return lesson;
}

Json lesson_json(const std::vector<LessonStep>& lesson, const SetupNames& names) {
  Json json = Json::array();
  for (const LessonStep& step : lesson) json.push_back(lesson_step_json(step, names));
  return json;
}

std::vector<Staging> read_stagings(const JsonCursor& at, SetupNames& names) {
  static const std::vector<std::string> keys = {"title", "at", "when", "then"};
  std::vector<Staging> stagings;
  for (const JsonCursor& item : at.items(list_max)) {
    item.only_keys(keys);
    Staging staging;
    if (const auto title = item.require("title")) staging.title = title->text(title_bytes_max);
    const auto when = item.find("when");
    if (when) staging.when = read_occurrence(*when, names);
    // With an occurrence the moment is where looking for it begins.
    const auto time = when ? item.find("at") : item.require("at");
    if (time) staging.at_us = time->duration(0, until_max_us);
    if (const auto then = item.find("then")) {
      for (const JsonCursor& line : then->items(list_max))
        staging.then.push_back(read_action(line, names));
    }
    stagings.push_back(std::move(staging));
  }
  return stagings;
}

Json stagings_json(const std::vector<Staging>& stagings, const SetupNames& names) {
  Json json = Json::array();
  for (const Staging& staging : stagings) {
    Json item = Json::object();
    item["title"] = staging.title;
    if (!staging.when || staging.at_us != 0) item["at"] = format_duration(staging.at_us);
    if (staging.when) item["when"] = occurrence_json(*staging.when);
    for (const Input& input : staging.then) item["then"].push_back(action_json(input, names));
    json.push_back(std::move(item));
  }
  return json;
}

}  // namespace netsplit
