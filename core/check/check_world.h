// A check of one protocol from beginning to end: explore, judge, and write down the ways found.
#pragma once

#include <memory>
#include <utility>

#include "core/check/check.h"
#include "core/check/history_property.h"
#include "core/check/replay.h"
#include "core/check/world_model.h"

namespace netsplit::check {
namespace detail {

// The way to what was found, as a setup that was run and ends as the check says.
template <Protocol P>
Way way_of(const WorldModel<P>& model, const Setup& setup,
           const std::shared_ptr<const Topology>& topology, const typename P::Params& params,
           const Finding& finding) {
  using Model = WorldModel<P>;
  using State = typename Model::State;
  State state;
  std::vector<std::vector<std::uint32_t>> choices;
  std::uint32_t number = 0;
  model.for_each_start([&](const State& initial, const auto& chosen) {
    if (number++ != finding.steps[0]) return;
    state = initial;
    choices = chosen;
  });
  Replay<P> replay(model, setup, topology, params, choices);
  NETSPLIT_ASSERT(replay.is_at(state));
  Way way;
  for (std::size_t i = 1; i < finding.steps.size(); ++i) {
    typename Model::Memory memory;
    typename Model::Act act;
    std::vector<std::uint32_t> chosen;
    State next;
    number = 0;
    model.for_each_act(state, memory, [&](const typename Model::Act& one, const State& successor) {
      if (number++ != finding.steps[i]) return;
      act = one;
      if (one.choices != nullptr) chosen = *one.choices;
      next = successor;
    });
    model.absorb(memory);
    act.choices = &chosen;
    way.steps.push_back(model.in_words(state, act, memory));
    replay.take(state, act);
    NETSPLIT_ASSERT(replay.is_at(next));
    state = next;
  }
  // Some time between the steps makes them easier to see. A protocol that looks at its clock may
  // then do something else: its steps happen at one moment, as in the check.
  const Standing wanted = finding.standing;
  for (const Time apart_us : {milliseconds(100), Time{0}}) {
    way.setup = replay.setup(apart_us);
    auto session = TypedSession<P>::make(way.setup, properties_of<P>());
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

}  // namespace detail

// Errors: what in the setup does not fit the protocol, or a check.
template <Protocol P>
Result<CheckReport> check_world(const Setup& setup, const CheckOptions& options,
                                const Executor& execute, const OnProgress& on_progress) {
  const auto session = TypedSession<P>::make(setup);
  if (!session) return Error{session.error()};
  std::vector<std::string> roles;
  for (const RoleInfo& role : protocol_info<P>().roles) roles.push_back(role.name);
  auto topology = std::make_shared<const Topology>(Topology::make(setup.nodes, roles).value());
  typename P::Params params{};
  for (const auto& parameter : P::parameters()) {
    for (const auto& [name, value] : setup.parameters) {
      if (parameter.info.name == name) parameter.set(params, value);
    }
  }
  const auto made = WorldModel<P>::make(setup, topology, params, options);
  if (!made) return Error{made.error()};
  const WorldModel<P>& model = made.value();

  CheckReport report;
  Explorer<WorldModel<P>> explorer(model, options.limits);
  report.exploration = explorer.run(execute, on_progress);
  report.limits = left_out(setup, options.faults);
  const auto& memory = model.memory();
  report.local_states = memory.locals.size();
  report.messages = memory.letters.size();
  report.networks = memory.networks.size();
  report.histories = memory.pasts.size();
  report.local_steps = memory.steps.size();
  if (memory.read_a_clock) {
    report.limits.push_back(
        "Handlers read their clocks, which stand still in a check: what depends on how much time "
        "went by was not explored.");
  }
  if (memory.choices_cut_short) {
    report.limits.push_back("A handler chooses among so many that only the first " +
                            std::to_string(outcomes_max) + " ways were explored.");
  }
  const auto& properties = properties_of<P>();
  for (std::size_t i = 0; i < properties.size(); ++i) {
    const auto& property = properties[i];
    CheckedProperty checked;
    checked.name = property.name;
    checked.sentence = property.sentence;
    checked.kind = property.kind;
    if constexpr (requires { P::needs_trace; }) {
      checked.not_judged = "the protocol's properties look at the trace of one run";
    } else if (property.kind == PropertyKind::budget) {
      checked.not_judged = "a budget is about one run, not about all";
    } else if (model.asked_for_more(i)) {
      checked.not_judged = "it looks at times or counters, which a check does not have";
    }
    for (const Finding& finding : report.exploration.findings) {
      if (finding.name != property.name || !checked.not_judged.empty()) continue;
      checked.standing = finding.standing;
      // Nothing is claimed of ways that were not taken.
      const bool for_all =
          (finding.standing == Standing::holds) != (finding.kind == PropertyKind::sometimes);
      if (for_all && (memory.choices_cut_short || model.undecided(i)))
        checked.standing = Standing::open;
      if (finding.steps.empty()) continue;
      checked.depth = finding.depth;
      checked.way = detail::way_of(model, setup, topology, params, finding);
      auto end = TypedSession<P>::make(checked.way->setup, properties_of<P>());
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
