#include "core/scenario/found_run.h"

#include <algorithm>

#include "core/scenario/registry.h"
#include "core/scenario/report.h"
#include "core/scenario/reproduction.h"

namespace netsplit {

Result<std::vector<std::string>> judged_properties(const Scenario& scenario) {
  const Result<std::unique_ptr<Session>> session = make_session(scenario.setup);
  if (!session) return Error{session.error()};
  const Result<std::vector<JudgedProperty>> known = judge(scenario, *session.value());
  if (!known) return Error{known.error()};
  std::vector<std::string> names;
  for (const JudgedProperty& property : known.value()) {
    if (property.state.kind == PropertyKind::sometimes) continue;
    if (property.expected != Standing::violated) names.emplace_back(property.state.name);
  }
  return names;
}

Result<std::string> first_violated(const Scenario& scenario) {
  const Result<HeadlessRun> ran = run_headless(scenario, {}, 1);
  if (!ran) return Error{ran.error()};
  for (const JudgedProperty& property : ran.value().properties) {
    if (property.state.standing == Standing::violated &&
        property.state.kind != PropertyKind::sometimes)
      return std::string(property.state.name);
  }
  return Error{"no property is violated in this run; expected one that is"};
}

Result<std::string> link_to(const Scenario& scenario) {
  const Result<HeadlessRun> ran = run_headless(scenario, {}, 1);
  if (!ran) return Error{ran.error()};
  Link link;
  link.scenario = scenario;
  note_run(link, *ran.value().session);
  return encode_link(link);
}

Result<FoundRun> found_run(const Scenario& original, const Setup& setup, const std::string& title) {
  FoundRun found;
  // The lesson and its moments are those of another run.
  found.scenario.title = title;
  found.scenario.setup = setup;
  const Result<HeadlessRun> ran = run_headless(found.scenario, {}, 1);
  if (!ran) return Error{ran.error()};
  const Session& session = *ran.value().session;
  for (const Position& position : original.positions) {
    if (session.find_node(position.node) != nobody) found.scenario.positions.push_back(position);
  }
  for (const PropertyState& state : session.properties()) {
    if (state.standing == Standing::violated && state.kind != PropertyKind::sometimes)
      found.scenario.expect.push_back({std::string(state.name), Standing::violated});
  }
  found.trace_hash = session.trace_hash();
  found.properties = session.properties();
  Link link;
  link.scenario = found.scenario;
  note_run(link, session);
  const Result<std::string> text = encode_link(link);
  if (text) {
    found.link = text.value();
  } else {
    found.no_link = text.error();
  }
  return found;
}

}  // namespace netsplit
