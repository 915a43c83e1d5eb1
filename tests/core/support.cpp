#include "support.h"

#include <algorithm>

#include "core/scenario/link.h"
#include "core/scenario/registry.h"
#include "core/sim/typed_session.h"
#include "relay.h"

namespace netsplit::test {

Setup peers(int count) {
  Setup setup;
  setup.protocol = "relay";
  for (int i = 0; i < count; ++i) {
    NodeGroup group;
    group.name = std::string(1, static_cast<char>('a' + i));
    group.role = "peer";
    setup.nodes.push_back(std::move(group));
  }
  return setup;
}

Result<std::unique_ptr<Session>> make_any(const Setup& setup) {
  if (setup.protocol == "relay") return TypedSession<relay::Protocol>::make(setup);
  return make_session(setup);
}

void Run::until(Time time_us) {
  while (session->next_due_us() <= time_us && step()) {
  }
}

void Run::to_end() {
  while (step()) {
  }
}

Run begin(const Setup& setup) {
  Result<std::unique_ptr<Session>> made = make_any(setup);
  REQUIRE_MESSAGE(made.ok(), (made.ok() ? std::string() : made.error()));
  Run run{std::move(made).value(), Trace()};
  run.trace = Trace(run.session->node_count());
  return run;
}

Run run(const Setup& setup) {
  Run started = begin(setup);
  started.to_end();
  return started;
}

std::vector<NodeId> ids(std::string_view letters) {
  std::vector<NodeId> nodes;
  for (const char letter : letters) nodes.push_back(id(letter));
  return nodes;
}

Input ask(Time at_us, std::string_view letters, std::string name,
          std::vector<std::pair<std::string, std::string>> arguments) {
  Input input = act(Action::request, at_us, letters);
  input.name = std::move(name);
  input.arguments = std::move(arguments);
  return input;
}

Input act(Action action, Time at_us, std::string_view letters) {
  return on_nodes(action, at_us, ids(letters));
}

Input between(Action action, Time at_us, std::string_view one, std::string_view other) {
  Input input = act(action, at_us, one);
  input.groups.push_back(ids(other));
  return input;
}

Input on_next(Action action, Time at_us, std::string label) {
  Input input;
  input.action = action;
  input.at_us = at_us;
  input.message.label = std::move(label);
  return input;
}

Input tell(Time at_us, char from, char to, std::int64_t number, std::int64_t count) {
  return ask(at_us, std::string(1, from), "send",
             {{"peer", std::string(1, to)},
              {"number", std::to_string(number)},
              {"count", std::to_string(count)}});
}

Input beat(Time at_us, char node, std::int64_t number, Time after_us) {
  return ask(at_us, std::string(1, node), "set_beat",
             {{"number", std::to_string(number)}, {"low_us", std::to_string(after_us)}});
}

std::vector<Event> events_of(const Run& run, EventKind kind, NodeId node) {
  std::vector<Event> found;
  for (EventIndex i = run.trace.first(); i < run.trace.size(); ++i) {
    const Event& event = run.trace[i];
    if (event.kind == kind && (node == nobody || event.node == node)) found.push_back(event);
  }
  return found;
}

std::vector<Time> times_of(const Run& run, EventKind kind, NodeId node) {
  std::vector<Time> times;
  for (const Event& event : events_of(run, kind, node)) times.push_back(event.at_us);
  return times;
}

namespace {

Row field(const Session& session, char node, std::string_view path) {
  Row row = session.node(id(node)).state;
  while (!path.empty()) {
    const std::string_view name = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    const auto child = std::find_if(row.children.begin(), row.children.end(),
                                    [&](const Row& one) { return one.name == name; });
    REQUIRE_MESSAGE(child != row.children.end(), "no field " << std::string(name));
    row = Row(*child);
  }
  return row;
}

}  // namespace

std::vector<std::int64_t> numbers(const Session& session, char node, std::string_view path) {
  std::vector<std::int64_t> values;
  for (const Row& child : field(session, node, path).children) values.push_back(child.number);
  return values;
}

std::int64_t number(const Session& session, char node, std::string_view path) {
  return field(session, node, path).number;
}

const PropertyState& property(const Session& session, std::string_view name) {
  for (const PropertyState& state : session.properties()) {
    if (state.name == name) return state;
  }
  FAIL("no property " << std::string(name));
  return session.properties().front();
}

Standing standing(const Session& session, std::string_view name) {
  return property(session, name).standing;
}

std::string reproduce(const std::string& id, const Setup& setup) {
  std::string text = "netsplit run " + id + " --seed " + std::to_string(setup.seed);
  if (find_protocol(setup.protocol) == nullptr) return text;
  Scenario scenario;
  scenario.setup = setup;
  const Result<std::string> link = encode_link(Link{scenario, 0, -1, std::nullopt, 0});
  return text + "\n  or: netsplit run '" + (link ? link.value() : link.error()) + "'";
}

}  // namespace netsplit::test
