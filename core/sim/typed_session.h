// The one place where types are erased: a Session over World<P>. What does not depend on the
// protocol is in world_session.h.
#pragma once

#include <memory>
#include <utility>

#include "core/sim/view.h"
#include "core/sim/world.h"
#include "core/sim/world_session.h"

namespace netsplit {

template <Protocol P>
const std::vector<Stopwatch<P>>& stopwatches_of() {
  static const std::vector<Stopwatch<P>> watches = [] {
    if constexpr (requires { P::stopwatches(); }) return P::stopwatches();
    return std::vector<Stopwatch<P>>();
  }();
  return watches;
}

namespace detail {

// What only the types of a protocol tell of its roles and requests.
template <class Node, class Request, class Ctx>
struct Facts;
template <class... Roles, class... Requests, class Ctx>
struct Facts<std::variant<Roles...>, std::variant<Requests...>, Ctx> {
  static constexpr std::array<Shape, sizeof...(Roles)> shapes{Roles::shape...};
  template <class R>
  static constexpr std::uint32_t understood_by() {
    std::uint32_t bits = 0;
    std::uint32_t next = 1;
    ((bits |= Handles<Roles, Ctx, R> ? next : 0, next <<= 1), ...);
    return bits;
  }
  static constexpr std::array<std::uint32_t, sizeof...(Requests)> understood{
      understood_by<Requests>()...};
};

}  // namespace detail

template <Protocol P>
const ProtocolInfo& protocol_info() {
  using Facts = detail::Facts<typename P::Node, typename P::Request, typename World<P>::Ctx>;
  using Timers = detail::alternatives<typename P::Timer>;
  static const ProtocolInfo info = [] {
    std::vector<ParameterInfo> parameters;
    for (const auto& parameter : P::parameters()) parameters.push_back(parameter.info);
    std::vector<MeterInfo> meters;
    if constexpr (requires { P::meters(); }) {
      for (const Meter<P>& meter : P::meters())
        meters.push_back({meter.name, meter.unit, meter.sentence});
    }
    for (const Stopwatch<P>& watch : stopwatches_of<P>())
      meters.push_back({watch.name, MeterUnit::time_us, watch.sentence});
    const detail::ProtocolFacts facts{P::name,
                                      P::title,
                                      P::sentence,
                                      schema_of<typename P::Node>,
                                      schema_of<typename P::Message>,
                                      schema_of<typename P::Timer>,
                                      schema_of<typename P::Request>,
                                      Facts::shapes,
                                      Timers::leases,
                                      Facts::understood};
    ProtocolInfo made = detail::describe(facts, std::move(parameters), std::move(meters));
    if constexpr (requires { P::history; }) made.history = P::history;
    made.tells_effects = requires { P::tells_effects; };
    return made;
  }();
  return info;
}

// The fields of Params by the names and texts of a setup.
// Errors: the first that the protocol does not have, or what does not fit.
template <Protocol P>
Result<typename P::Params> params_of(const Setup& setup) {
  static const auto parameters = P::parameters();
  typename P::Params params{};
  for (const auto& [name, value] : setup.parameters) {
    const Result<std::size_t> found = find_parameter(protocol_info<P>().parameters, name, value);
    if (!found) return Error{found.error()};
    parameters[found.value()].set(params, value);
  }
  return params;
}

template <Protocol P>
class TypedSession final : public WorldSession {
 public:
  // Judged by `properties`, which must outlive all sessions; by default the protocol's own.
  // Errors: what in the setup does not fit the protocol, with its path.
  static Result<std::unique_ptr<Session>> make(
      const Setup& setup, const std::vector<Property<P>>& properties = own_properties()) {
    auto topology = topology_of(protocol_info<P>(), setup, nodes_max());
    if (!topology) return Error{topology.error()};
    const auto params = params_of<P>(setup);
    if (!params) return Error{params.error()};
    std::unique_ptr<TypedSession> session(
        new TypedSession(std::move(topology).value(), params.value(), setup, properties));
    const Status known = session->check_script();
    if (!known) return Error{known.error()};
    return std::unique_ptr<Session>(std::move(session));
  }

  std::unique_ptr<Session> clone() const override {
    return std::unique_ptr<Session>(new TypedSession(*this));
  }
  std::int64_t parameter(std::int64_t index) const override {
    static const auto parameters = P::parameters();
    return parameters[static_cast<std::size_t>(index)].get(world_.params());
  }
  std::string describe_operation(const OperationRecord& record) const override {
    if constexpr (requires { P::describe(record, world_.topology().names()); }) {
      return P::describe(record, world_.topology().names());
    }
    return std::string(record.operation.name) + " " + std::to_string(record.operation.argument);
  }
  std::string describe_answer(const OperationRecord& record) const override {
    if (record.outcome != Outcome::ok) return {};
    if constexpr (requires { P::describe_answer(record); }) return P::describe_answer(record);
    return answer_of_object(record);
  }

 private:
  TypedSession(std::shared_ptr<const Topology> topology, const typename P::Params& params,
               const Setup& setup, const std::vector<Property<P>>& properties)
      : WorldSession(rules(), setup, topology->node_count()),
        checks_(&properties),
        world_(topology, params, setup) {
    open(unjudged());
  }
  TypedSession(const TypedSession&) = default;

  static const std::vector<Property<P>>& own_properties() {
    static const auto properties = P::properties();
    return properties;
  }
  static constexpr std::int32_t nodes_max() {
    if constexpr (requires { P::nodes_max; }) return P::nodes_max;
    return INT32_MAX;
  }
  static constexpr std::uint64_t limit_of_steps() {
    if constexpr (requires { P::steps_max; }) return P::steps_max;
    return netsplit::steps_max;
  }
  static const SessionRules& rules() {
    static const SessionRules rules{&protocol_info<P>(), std::ssize(stopwatches_of<P>()),
                                    limit_of_steps(), requires {P::needs_trace;
  }
};
return rules;
}  // namespace netsplit
View<P> view() const { return View<P>(world_, own_trace()); }

WorldBase& world() const override { return world_; }
std::vector<PropertyState> unjudged() const override {
  std::vector<PropertyState> states;
  for (const auto& one : *checks_)
    states.push_back(detail::unjudged(one.name, one.sentence, one.kind, one.of_history));
  return states;
}
Verdict ask(std::size_t property) const override { return (*checks_)[property].check(view()); }
std::int64_t read_meter(std::size_t index) const override {
  if constexpr (requires { P::meters(); }) {
    static const std::vector<Meter<P>> meters = P::meters();
    return meters[index].read(view());
  }
  return 0;
}
bool stopwatch_runs(std::size_t stopwatch, NodeId id) const override {
  return stopwatches_of<P>()[stopwatch].runs(view(), id);
}
std::string caption(NodeId id) const override {
  return detail::visit_one(world_.node(id).state, [&](const auto& role) -> std::string {
    if constexpr (requires { role.caption(world_.topology().names()); }) {
      return role.caption(world_.topology().names());
    }
    return {};
  });
}
bool roles_talk(std::int32_t a, std::int32_t b) const override {
  if constexpr (requires { P::linked(std::string_view(), std::string_view()); }) {
    const auto& types = World<P>::role_types();
    const std::string_view one = types[static_cast<std::size_t>(a)];
    const std::string_view other = types[static_cast<std::size_t>(b)];
    return P::linked(one, other) || P::linked(other, one);
  }
  return true;
}

const std::vector<Property<P>>* checks_;
mutable World<P> world_;
}
;

}  // namespace netsplit
