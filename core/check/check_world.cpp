#include "core/check/check_world.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "core/base/names.h"
#include "core/check/replay.h"

namespace netsplit::check {
namespace {

// The states on the way to what was found, as they are in one run. With symmetry the explorer knows
// only one of all that differ by names: of each state's successors the one is taken that belongs to
// the next it found.
std::vector<WorldModel::State> states_of(const WorldModel& model, const Finding& finding) {
  using State = WorldModel::State;
  std::vector<State> states;
  State found;  // as the explorer has it
  std::uint32_t number = 0;
  model.for_each_start([&](const State& initial, const auto&) {
    if (number++ == finding.steps[0]) states.push_back(initial);
  });
  WorldModel::Memory memory;
  found = model.canonical(states[0], memory);
  for (std::size_t i = 1; i < finding.steps.size(); ++i) {
    number = 0;
    State next;
    model.for_each_act(found, memory, [&](const auto&, const State& successor) {
      if (number++ == finding.steps[i]) next = model.canonical(successor, memory);
    });
    std::optional<State> taken;
    model.for_each_act(states.back(), memory, [&](const auto&, const State& successor) {
      if (!taken && model.canonical(successor, memory) == next) taken = successor;
    });
    NETSPLIT_ASSERT(taken.has_value());
    states.push_back(*taken);
    found = next;
  }
  // It was found in some renaming of the last state; then the whole way is under those names.
  const auto& properties = model.properties();
  const auto is_meant = [&](const auto& property) { return property.name == finding.name; };
  const auto property = static_cast<std::size_t>(
      std::find_if(properties.begin(), properties.end(), is_meant) - properties.begin());
  const bool wanted = finding.standing == Standing::holds;
  const State end = states.back();
  bool there = model.judge(property, end, memory).holds == wanted;
  for (std::size_t which = 0; !there && which < model.renamings().size(); ++which) {
    there = model.judge(property, model.renamed(end, which, memory), memory).holds == wanted;
    if (!there) continue;
    for (State& state : states) state = model.renamed(state, which, memory);
  }
  NETSPLIT_ASSERT(there);
  model.absorb(memory);
  return states;
}

// The way to what was found, as a setup that was run and ends as the check says.
Way way_of(const CheckedProtocol& protocol, const WorldModel& model, const Setup& setup,
           const Finding& finding) {
  using State = WorldModel::State;
  const std::vector<State> states = states_of(model, finding);
  std::vector<std::vector<std::uint32_t>> choices;
  bool started = false;
  model.for_each_start([&](const State& initial, const auto& chosen) {
    if (started || initial != states[0]) return;
    choices = chosen;
    started = true;
  });
  Replay replay(model, setup, choices);
  NETSPLIT_ASSERT(started && replay.is_at(states[0]));
  Way way;
  for (std::size_t i = 1; i < states.size(); ++i) {
    WorldModel::Memory memory;
    std::optional<WorldModel::Act> act;
    std::vector<std::uint32_t> chosen;
    model.for_each_act(states[i - 1], memory,
                       [&](const WorldModel::Act& one, const State& successor) {
                         if (act || successor != states[i]) return;
                         act = one;
                         if (one.choices != nullptr) chosen = *one.choices;
                       });
    NETSPLIT_ASSERT(act.has_value());
    model.absorb(memory);
    act->choices = &chosen;
    way.steps.push_back(model.in_words(states[i - 1], *act, memory));
    replay.take(states[i - 1], *act);
    NETSPLIT_ASSERT(replay.is_at(states[i]));
  }
  // Some time between the steps makes them easier to see. A protocol that looks at its clock may
  // then do something else: its steps happen at one moment, as in the check.
  const Standing wanted = finding.standing;
  for (const Time apart_us : {milliseconds(100), Time{0}}) {
    way.setup = replay.setup(apart_us);
    auto session = protocol.session(way.setup);
    NETSPLIT_ASSERT(session.ok());
    while (session.value()->step(nullptr)) {
    }
    for (const PropertyState& property : session.value()->properties()) {
      if (property.name == finding.name && property.standing == wanted) return way;
    }
  }
  NETSPLIT_ASSERT(!"a way that does not lead where the check says");
  return way;
}

// Which handlers looked at a clock, by role: "client (granted, value ready), lock service (…)".
std::string clock_readers(const ProtocolInfo& info, const WorldModel& model) {
  std::map<std::int32_t, std::set<std::string>> by_role;
  model.memory().steps.for_each([&](std::uint64_t, const auto& steps) {
    if (!steps.read_a_clock) return;
    by_role[model.topology().role(steps.event.node)].insert(
        model.name_of_event(steps.event, model.memory()));
  });
  std::string text;
  for (const auto& [role, events] : by_role) {
    text += (text.empty() ? "" : ", ") + words(info.roles[static_cast<std::size_t>(role)].name);
    std::string list;
    for (const std::string& event : events) list += (list.empty() ? "" : ", ") + event;
    text += " (" + list + ")";
  }
  return text;
}

// Errors: what was kept is something else, or damaged.
template <class M>
Status go_on(Explorer<M>& explorer, const CheckOptions& options) {
  KeptReader reader(*options.keeper);
  const std::string begins = reader.text(kept_begins.size());
  const auto fault = [&](const char* what) { return Error{options.keeper->where() + ": " + what}; };
  if (begins != kept_begins)
    return fault("this is no check that was kept; expected what --save wrote, of this version");
  if (reader.word() != options.identity)
    return fault("this is of another check; expected the same scenario, parameters and bounds");
  if (!explorer.restore(reader))
    return fault("this is damaged or cut off, or the protocol has changed since; start anew");
  return Done{};
}

}  // namespace

std::shared_ptr<const Topology> topology_of(const ProtocolInfo& info, const Setup& setup) {
  return std::make_shared<const Topology>(Topology::make(setup.nodes, info.role_names()).value());
}

std::shared_ptr<const Handlers> handlers_of(const CheckedProtocol& protocol, const Setup& setup,
                                            const CheckOptions& options) {
  return std::make_shared<const Handlers>(protocol, topology_of(*protocol.info, setup),
                                          protocol.params(setup), options.repeats);
}

Result<CheckReport> check_world(const CheckedProtocol& protocol, const Setup& setup,
                                const CheckOptions& options, const Executor& execute,
                                const OnProgress& on_progress) {
  const auto session = protocol.session(setup);
  if (!session) return Error{session.error()};
  const auto topology = topology_of(*protocol.info, setup);
  const auto made =
      WorldModel::make(setup, topology, handlers_of(protocol, setup, options), options);
  if (!made) return Error{made.error()};
  const WorldModel& model = made.value();

  CheckReport report;
  Explorer<WorldModel> explorer(model, options.limits);
  const auto& memory = model.memory();
  if (options.keeper != nullptr && options.resume) {
    const Status gone_on = go_on(explorer, options);
    if (!gone_on) return Error{gone_on.error()};
  }
  const auto watched = [&](const Progress& progress) {
    return memory.asymmetry.empty() && (!on_progress || on_progress(progress));
  };
  report.exploration = explorer.run(execute, watched, options.keeper, options.identity);
  if (!memory.asymmetry.empty()) return Error{memory.asymmetry};
  report.limits = left_out(setup, options.faults);
  report.local_states = memory.nodes.size();
  report.messages = memory.letters.size();
  report.networks = memory.networks.size();
  report.histories = memory.pasts.size();
  report.local_steps = memory.steps.size();
  report.renamings = model.renamings().size() + 1;
  for (const auto& nodes : interchangeable(model.renamings())) {
    auto& names = report.interchangeable.emplace_back();
    for (const std::int32_t node : nodes) names.push_back(topology->name(NodeId{node}));
  }
  const std::string readers = clock_readers(*protocol.info, model);
  if (!readers.empty()) {
    report.limits.push_back("Clocks stand still in a check, and some handlers look at them: " +
                            readers + ". What they do when time has gone by was not explored.");
  }
  bool cut_short = false;
  memory.steps.for_each(
      [&](std::uint64_t, const auto& steps) { cut_short = cut_short || steps.cut_short; });
  if (cut_short) {
    report.limits.push_back("A handler chooses among so many that only the first " +
                            std::to_string(outcomes_max) + " ways were explored.");
  }
  const auto& properties = model.properties();
  for (std::size_t i = 0; i < properties.size(); ++i) {
    const auto& property = properties[i];
    CheckedProperty checked;
    checked.name = property.name;
    checked.sentence = property.sentence;
    checked.kind = property.kind;
    if (model.needs_trace()) {
      checked.not_judged = "the protocol's properties look at the trace of one run";
    } else if (property.kind == PropertyKind::budget) {
      checked.not_judged = "a budget is about one run, not about all";
    } else if ((memory.asked_for_more >> i & 1) != 0) {
      checked.not_judged = "it looks at times or counters, which a check does not have";
    } else if ((memory.uneven >> i & 1) != 0) {
      checked.not_judged = "it is not the same for nodes that were taken for interchangeable";
    }
    for (const Finding& finding : report.exploration.findings) {
      if (finding.name != property.name || !checked.not_judged.empty()) continue;
      checked.standing = finding.standing;
      // Nothing is claimed of ways that were not taken.
      const bool for_all =
          (finding.standing == Standing::holds) != (finding.kind == PropertyKind::sometimes);
      const bool given_up = (memory.undecided >> i & 1) != 0;
      if (for_all && (cut_short || given_up)) checked.standing = Standing::open;
      if (for_all && !readers.empty()) checked.provided = "clocks stand still";
      if (finding.steps.empty()) continue;
      checked.depth = finding.depth;
      checked.way = way_of(protocol, model, setup, finding);
      auto end = protocol.session(checked.way->setup);
      while (end.value()->step(nullptr)) {
      }
      for (const PropertyState& state : end.value()->properties()) {
        if (state.name == property.name) checked.witness = state.witness;
      }
    }
    report.properties.push_back(std::move(checked));
  }
  report.exploration.findings.clear();
  return report;
}

}  // namespace netsplit::check
