#include "core/scenario/lesson.h"

#include <algorithm>
#include <string_view>

#include "core/scenario/json_reader.h"
#include "core/scenario/meters.h"
#include "core/scenario/report.h"

namespace netsplit {
namespace {

const PropertyState* find_property(const Session& session, std::string_view name) {
  const std::vector<PropertyState>& known = session.properties();
  const auto at = std::find_if(known.begin(), known.end(),
                               [&](const PropertyState& state) { return state.name == name; });
  return at == known.end() ? nullptr : &*at;
}

// Names turned into numbers once, so that a walk through many events compares no text.
struct EventFilter {
  EventKind kind;
  NodeId node = nobody, peer = nobody;
  std::string label;

  EventFilter(const Occurrence& occurrence, const Session& session)
      : kind(occurrence.event), label(occurrence.label) {
    if (!occurrence.node.empty()) node = session.find_node(occurrence.node);
    if (!occurrence.peer.empty()) peer = session.find_node(occurrence.peer);
  }
  bool fits(const Session& session, const Event& event) const {
    return event.kind == kind && (node == nobody || event.node == node) &&
           (peer == nobody || event.peer == peer) &&
           (label.empty() || event_label(session, event) == label);
  }
};

// The events before the session's moment.
EventIndex end_of(const Session& session, const Trace& trace) {
  return std::min<EventIndex>(session.events(), trace.size());
}

std::string messages_sent(const Reveal& reveal, const Session& session, const Trace& trace) {
  if (trace.truncated()) return {};
  Occurrence sent;
  sent.event = EventKind::send;
  sent.node = reveal.node;
  sent.peer = reveal.peer;
  sent.label = reveal.name;
  const EventFilter filter(sent, session);
  std::int64_t count = 0;
  for (EventIndex i = 0; i < end_of(session, trace); ++i)
    count += filter.fits(session, trace[i]) ? 1 : 0;
  return std::to_string(count);
}

std::string meter_text(const Session& session, const Trace& trace, std::string_view name) {
  for (const Reading& reading : read_meters(session, trace)) {
    if (reading.name == name) return std::to_string(reading.value);
  }
  return {};
}

std::string operation_text(const Reveal& reveal, const Session& session) {
  const NodeId client = session.find_node(reveal.node);
  for (const OperationRecord& record : session.history()) {
    if (record.client != client || record.number != reveal.number) continue;
    if (reveal.kind == Reveal::Kind::operation)
      return std::string(enumerator_name_of(record.outcome));
    return record.outcome == Outcome::ok ? std::to_string(record.result) : std::string();
  }
  return {};
}

std::string bare(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    text = text.substr(1, text.size() - 2);
  return std::string(text);
}

std::string field_text(const Session& session, const Reveal& reveal) {
  const std::optional<Row> row = find_field(session, reveal.node, reveal.name);
  if (!row) return {};
  return bare(row->children.empty() ? row->text : brief(*row));
}

// A flag reads "yes" or "no", whatever JSON calls it.
Status check_flag(const LessonStep& step, const std::string& path, const Session& session) {
  if (step.reveal.kind != Reveal::Kind::field) return Done{};
  const std::optional<Row> field = find_field(session, step.reveal.node, step.reveal.name);
  if (!field || field->hint != Hint::flag) return Done{};
  const bool listed = !step.reveal.values.empty();
  for (const std::string& text : listed ? step.reveal.values : step.answers) {
    if (bare(text) != "true" && bare(text) != "false") continue;
    return Error{path + (listed ? ".reveal.values" : ".answers") + ": the field " +
                 in_quotes(step.reveal.name) + " reads \"yes\" or \"no\", found " +
                 in_quotes(bare(text))};
  }
  return Done{};
}

}  // namespace

std::optional<Row> find_field(const Session& session, std::string_view node,
                              std::string_view path) {
  const NodeId id = session.find_node(node);
  if (id == nobody) return std::nullopt;
  const NodeView view = session.node(id);
  const Row* row = &view.state;
  while (!path.empty() && row != nullptr) {
    const std::string_view head = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(head.size() + 1, path.size()));
    const auto at = std::find_if(row->children.begin(), row->children.end(),
                                 [&](const Row& child) { return child.name == head; });
    row = at == row->children.end() ? nullptr : &*at;
  }
  if (row == nullptr) return std::nullopt;
  return *row;
}

std::optional<std::uint64_t> step_of(const Occurrence& occurrence, Time from_us,
                                     const Session& session, const Trace& trace) {
  if (!occurrence.property.empty()) {
    const PropertyState* property = find_property(session, occurrence.property);
    if (property == nullptr || property->standing != occurrence.standing) return std::nullopt;
    // What has been so all along, or was before: from the moment on which one looks.
    if (property->first_event == no_event || property->first_us < from_us)
      return session.now_us() < from_us ? std::optional<std::uint64_t>() : session.steps();
    return property->first_step;
  }
  const EventFilter filter(occurrence, session);
  const EventIndex end = end_of(session, trace);
  const EventIndex begin = from_us <= 0 ? trace.first() : trace.first_after(from_us - 1);
  for (EventIndex i = begin; i < end; ++i) {
    if (filter.fits(session, trace[i])) return trace[i].step;
  }
  return std::nullopt;
}

std::size_t lesson_place(const std::vector<LessonStep>& lesson, const Session& session,
                         const Trace& trace, Time cursor_us, std::size_t skipped) {
  NETSPLIT_ASSERT(!lesson.empty());
  std::size_t place = 0;
  for (std::size_t i = 1; i < lesson.size(); ++i) {
    const LessonStep& before = lesson[i - 1];
    const bool free =
        i <= skipped || !before.wait || is_done(*before.wait, before.at_us, session, trace);
    const LessonStep& step = lesson[i];
    const bool begun =
        cursor_us >= step.at_us && (!step.when || step_of(*step.when, step.at_us, session, trace));
    if (!free || !begun) break;
    place = i;
  }
  return place;
}

const PropertyState* property_asked(const LessonStep& step, const Session& session) {
  if (step.reveal.kind != Reveal::Kind::property) return nullptr;
  return find_property(session, step.reveal.name);
}

std::string answer_of(const LessonStep& step, const Session& session, const Trace& trace) {
  const Reveal& reveal = step.reveal;
  switch (reveal.kind) {
    case Reveal::Kind::none:
      return {};
    case Reveal::Kind::field:
      return field_text(session, reveal);
    case Reveal::Kind::meter:
      return meter_text(session, trace, reveal.name);
    case Reveal::Kind::messages:
      return messages_sent(reveal, session, trace);
    case Reveal::Kind::operation:
    case Reveal::Kind::result:
      return operation_text(reveal, session);
    case Reveal::Kind::property:
    case Reveal::Kind::happened:
      break;
  }
  if (step.answers.size() != 2) return {};
  if (reveal.kind == Reveal::Kind::happened)
    return step.answers[step_of(reveal.happened, 0, session, trace) ? 0 : 1];
  const PropertyState* property = property_asked(step, session);
  if (property == nullptr || property->standing == Standing::open) return {};
  return step.answers[property->standing == Standing::holds ? 0 : 1];
}

std::optional<std::size_t> right_answer(const LessonStep& step, const std::string& answer) {
  if (answer.empty()) return std::nullopt;
  const std::vector<std::string>& texts =
      step.reveal.values.empty() ? step.answers : step.reveal.values;
  const auto equal = std::find_if(texts.begin(), texts.end(),
                                  [&](const std::string& text) { return bare(text) == answer; });
  if (equal != texts.end()) return static_cast<std::size_t>(equal - texts.begin());
  const auto begins = std::find_if(texts.begin(), texts.end(), [&](const std::string& text) {
    return text.size() > answer.size() && text.compare(0, answer.size(), answer) == 0 &&
           std::string_view(" ,;:").find(text[answer.size()]) != std::string_view::npos;
  });
  if (begins == texts.end()) return std::nullopt;
  return static_cast<std::size_t>(begins - texts.begin());
}

Status check_lesson(const Scenario& scenario, const Session& session) {
  std::vector<std::string> properties;
  for (const PropertyState& state : session.properties()) properties.emplace_back(state.name);
  const std::vector<std::string> meters = meter_names(session);
  Status status = Done{};
  const auto check = [&](const std::string& path, const char* kind, const std::string& name,
                         const std::vector<std::string>& known) {
    if (!status || name.empty() || std::find(known.begin(), known.end(), name) != known.end())
      return;
    status = Error{path + ": there is no " + kind + " " + in_quotes(name) + "; " +
                   expected_names(name, known)};
  };
  for (std::size_t i = 0; i < scenario.lesson.size(); ++i) {
    const LessonStep& step = scenario.lesson[i];
    const std::string path = "lesson[" + std::to_string(i) + "]";
    if (step.when) check(path + ".when.property", "property", step.when->property, properties);
    for (std::size_t h = 0; h < step.highlight.size(); ++h) {
      if (step.highlight[h].kind == Highlight::Kind::property)
        check(path + ".highlight[" + std::to_string(h) + "].property", "property",
              step.highlight[h].name, properties);
    }
    if (step.reveal.kind == Reveal::Kind::property)
      check(path + ".reveal.property", "property", step.reveal.name, properties);
    if (const Status spelt = check_flag(step, path, session); status && !spelt) status = spelt;
    if (step.reveal.kind == Reveal::Kind::meter)
      check(path + ".reveal.meter", "meter", step.reveal.name, meters);
  }
  for (std::size_t i = 0; i < scenario.stagings.size(); ++i) {
    const Staging& staging = scenario.stagings[i];
    if (staging.when)
      check("stagings[" + std::to_string(i) + "].when.property", "property", staging.when->property,
            properties);
  }
  return status;
}

}  // namespace netsplit
