#include "core/scenario/report.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/scenario/json_reader.h"
#include "core/scenario/lesson.h"
#include "core/scenario/meters.h"
#include "core/scenario/registry.h"

namespace netsplit {
namespace {

Json row_json(const Row& row) {
  switch (row.hint) {
    case Hint::flag:
      return row.number != 0;
    case Hint::number:
    case Hint::time:
    case Hint::token:
    case Hint::epoch:
    case Hint::log_index:
      return row.number;
    case Hint::node:
      return row.number < 0 ? Json() : Json(row.text);
    case Hint::text:
      return row.text.size() >= 2 ? row.text.substr(1, row.text.size() - 2) : row.text;
    case Hint::choice:
      return row.text;
    case Hint::lock:
      return row.number == 0 ? Json() : Json(row.text);
    case Hint::none:
      return row.text.empty() || row.text == "none" ? Json() : Json(row.text);
    case Hint::list:
    case Hint::log: {
      Json json = Json::array();
      for (const Row& child : row.children) json.push_back(row_json(child));
      return json;
    }
    case Hint::group: {
      Json json = Json::object();
      for (const Row& child : row.children) json[child.name] = row_json(child);
      return json;
    }
  }
  return nullptr;
}

const char* ending_text(Ending ending) {
  switch (ending) {
    case Ending::running:
      return "running";
    case Ending::quiet:
      return "quiet";
    case Ending::end_of_time:
      return "end_of_time";
    case Ending::too_many_steps:
      return "too_many_steps";
  }
  return "";
}

Json counters_json(const Counters& counters) {
  Json json = Json::object();
  for (const Member& member : schema_of<Counters>.members) {
    const std::int64_t count = integer_in(*member.schema, detail::part(&counters, member.offset));
    json[std::string(member.name)] = static_cast<std::uint64_t>(count);
  }
  return json;
}

Json meters_json(const Session& session, const Trace& trace) {
  Json json = Json::array();
  const std::vector<Reading> readings = read_meters(session, trace);
  const std::int64_t own = std::ssize(readings) - std::ssize(session.protocol().meters);
  for (std::int64_t i = 0; i < std::ssize(readings); ++i) {
    const Reading& reading = readings[static_cast<std::size_t>(i)];
    json.push_back({{"name", reading.name},
                    {"unit", enumerator_name_of(reading.unit)},
                    {"value", reading.value},
                    {"sentence", reading.sentence}});
    if (i < own) continue;
    const std::vector<std::int64_t> parts = session.meter_by_node(i - own);
    for (std::int32_t node = 0; node < std::ssize(parts); ++node) {
      const std::int64_t part = parts[static_cast<std::size_t>(node)];
      if (part != 0) json.back()["by_node"][session.node_name(NodeId{node})] = part;
    }
  }
  return json;
}

Json property_json(const Session& session, const JudgedProperty& property) {
  const PropertyState& state = property.state;
  Json json = Json::object();
  json["name"] = state.name;
  json["kind"] = enumerator_name_of(state.kind);
  json["sentence"] = state.sentence;
  json["standing"] = enumerator_name_of(state.standing);
  if (property.expected) json["expected"] = enumerator_name_of(*property.expected);
  json["as_expected"] = property.as_expected;
  if (!state.witness.why.empty()) json["why"] = state.witness.why;
  for (const NodeId node : state.witness.nodes) json["nodes"].push_back(session.node_name(node));
  for (const EventIndex event : state.witness.events) json["events"].push_back(event);
  if (state.kind == PropertyKind::budget) json["measured"] = state.witness.measured;
  if (state.first_event != no_event) {
    json["first_step"] = state.first_step;
    json["first_event"] = state.first_event;
    json["first_us"] = state.first_us;
  }
  return json;
}

}  // namespace

Result<std::vector<JudgedProperty>> judge(const Scenario& scenario, const Session& session) {
  std::vector<JudgedProperty> judged;
  std::vector<std::string> known;
  for (const PropertyState& state : session.properties()) {
    JudgedProperty one{state, std::nullopt, true};
    const auto named = std::find_if(
        scenario.expect.begin(), scenario.expect.end(),
        [&](const Expectation& expectation) { return expectation.property == state.name; });
    if (named != scenario.expect.end()) {
      one.expected = named->standing;
      one.as_expected = state.standing == named->standing;
    } else {
      one.as_expected = state.kind != PropertyKind::always || state.standing != Standing::violated;
    }
    judged.push_back(std::move(one));
    known.emplace_back(state.name);
  }
  for (const Expectation& expectation : scenario.expect) {
    const std::string& name = expectation.property;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return Error{"expect: there is no property " + in_quotes(name) + "; " +
                   expected_names(name, known)};
    }
  }
  const Status told = check_lesson(scenario, session);
  if (!told) return Error{told.error()};
  return judged;
}

bool all_as_expected(const std::vector<JudgedProperty>& properties) {
  return std::all_of(properties.begin(), properties.end(),
                     [](const JudgedProperty& one) { return one.as_expected; });
}

Result<HeadlessRun> run_headless(const Scenario& scenario, const OnEvents& on_events,
                                 std::int64_t events_max) {
  Result<std::unique_ptr<Session>> made = make_session(scenario.setup);
  if (!made) return Error{made.error()};
  HeadlessRun run{std::move(made).value(), Trace(), {}};
  const Result<std::vector<JudgedProperty>> before = judge(scenario, *run.session);
  if (!before) return Error{before.error()};
  run.trace = Trace(run.session->node_count(), events_max);
  EventIndex seen = 0;
  while (run.session->step(&run.trace)) {
    if (on_events && run.trace.size() > seen) on_events(*run.session, run.trace, seen);
    seen = run.trace.size();
  }
  run.properties = judge(scenario, *run.session).value();
  return run;
}

std::string event_label(const Session& session, const Event& event) {
  const ProtocolInfo& protocol = session.protocol();
  const auto named = [&](const auto& infos) {
    return event.label < infos.size() ? infos[event.label].name : std::string();
  };
  switch (event.kind) {
    case EventKind::send:
    case EventKind::deliver:
    case EventKind::lost:
      return named(protocol.messages);
    case EventKind::timer:
    case EventKind::lease_begin:
    case EventKind::lease_end:
      return named(protocol.timers);
    case EventKind::wait:
      return event.peer == nobody ? named(protocol.timers) : named(protocol.messages);
    case EventKind::request:
      return named(protocol.requests);
    case EventKind::complete:
      return std::string(enumerator_name_of(static_cast<Outcome>(event.label)));
    case EventKind::clock:
    case EventKind::network:
    case EventKind::tampered:
    case EventKind::no_effect:
      return std::string(enumerator_name_of(static_cast<Action>(event.label)));
    default:
      return {};
  }
}

std::string event_json(const Session& session, const Trace& trace, EventIndex index) {
  const Event& event = trace[index];
  Json json = Json::object();
  json["event"] = event.index;
  json["step"] = event.step;
  json["at_us"] = event.at_us;
  json["kind"] = enumerator_name_of(event.kind);
  const std::string label = event_label(session, event);
  if (!label.empty()) json["label"] = label;
  if (event.node != nobody) json["node"] = session.node_name(event.node);
  if (event.peer != nobody) json["peer"] = session.node_name(event.peer);
  const bool is_operation = event.kind == EventKind::invoke || event.kind == EventKind::complete;
  if (event.message != 0) json[is_operation ? "operation" : "message"] = event.message;
  if (event.cause != no_event) json["cause"] = event.cause;
  if (event.previous != no_event) json["previous"] = event.previous;
  if (event.loss != LossReason::none) json["loss"] = enumerator_name_of(event.loss);
  if (event.node != nobody && event.lamport != 0) {
    json["wall_us"] = event.wall_us;
    json["lamport"] = event.lamport;
    const std::vector<std::uint32_t> vector = trace.vector_stamp(index);
    if (!vector.empty()) json["vector"] = vector;
    json["hybrid"] = Json::array({event.hybrid_us, event.hybrid_count});
  }
  if (!event.payload.empty()) json["content"] = row_json(session.describe_payload(event));
  json["sentence"] = sentence_of(session, event);
  return compact_json(json);
}

std::string report_json(const Scenario& scenario, const HeadlessRun& run, const std::string& link,
                        const std::optional<Comparison>& compared) {
  const Session& session = *run.session;
  Json json = Json::object();
  if (!scenario.id.empty()) json["id"] = scenario.id;
  if (!scenario.title.empty()) json["title"] = scenario.title;
  json["protocol"] = scenario.setup.protocol;
  json["seed"] = scenario.setup.seed;
  json["as_expected"] = all_as_expected(run.properties);
  json["properties"] = Json::array();
  for (const JudgedProperty& property : run.properties) {
    json["properties"].push_back(property_json(session, property));
  }
  json["counters"] = counters_json(session.counters());
  json["meters"] = meters_json(session, run.trace);
  json["ending"] = ending_text(session.ending());
  json["end_us"] = session.now_us();
  json["steps"] = session.steps();
  json["events"] = session.events();
  json["trace_hash"] = format_hash(session.trace_hash());
  json["state_hash"] = format_hash(session.state_hash());
  if (!link.empty()) json["link"] = link;
  if (compared) {
    json["reproduced"] = compared->outcome == Reproduction::reproduced;
    json["comparison"] = compared->sentence;
  }
  return pretty_json(json);
}

}  // namespace netsplit
