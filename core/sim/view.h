// What a property may look at: the whole world at one moment, typed, read only.
#pragma once

#include <string>

#include "core/sim/trace.h"
#include "core/sim/world.h"

namespace netsplit {

template <class P>
class View {
 public:
  View(const World<P>& world, const Trace* trace) : world_(world), trace_(trace) {}

  Time now_us() const { return world_.now_us(); }
  const typename P::Params& params() const { return world_.params(); }
  std::int32_t node_count() const { return world_.topology().node_count(); }
  std::string name(NodeId id) const { return world_.topology().name(id); }
  Time wall(NodeId id) const { return world_.wall(id); }
  Condition condition(NodeId id) const { return world_.node(id).condition; }

  // The node's state as this role, or null when it has another.
  template <class Role>
  const Role* as(NodeId id) const {
    return std::get_if<Role>(&world_.node(id).state);
  }
  // visit(NodeId, const Role&) for every node of the role, in order.
  template <class Role, class Visit>
  void for_each(Visit visit) const {
    for (std::int32_t i = 0; i < node_count(); ++i) {
      if (const Role* role = as<Role>(NodeId{i})) visit(NodeId{i}, *role);
    }
  }
  // visit(from, to, const M&) for every message of the type that has not arrived, in no order that
  // means anything.
  template <class M, class Visit>
  void for_each_message(Visit visit) const {
    world_.for_each_message([&](const auto& envelope) {
      if (const M* message = std::get_if<M>(&envelope.message))
        visit(envelope.from, envelope.to, *message);
    });
  }
  const AppendLog<OperationRecord, 64>& history() const { return world_.history(); }
  const Counters& counters() const { return world_.counters(); }

  // What was recorded, for protocols that declare `needs_trace`. Requires: the protocol does.
  const Trace& trace() const {
    NETSPLIT_ASSERT(trace_ != nullptr);
    return *trace_;
  }

 private:
  const World<P>& world_;
  const Trace* trace_;
};

}  // namespace netsplit
