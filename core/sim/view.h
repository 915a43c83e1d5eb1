// What a property may look at: the whole system at one moment, typed, read only. The moment is one
// of a world that runs, or a state that a checker has reached; a property does not know which.
#pragma once

#include <string>
#include <vector>

#include "core/sim/trace.h"
#include "core/sim/world.h"

namespace netsplit {

// A state that a checker shows to properties. It has no time, no clocks, no counters and no trace:
// a property that asks for them is told zero, and the checker that it asked. What nodes, parameters
// and messages hold is of the protocol's types.
struct Moment {
  using History = AppendLog<OperationRecord, 64>;
  struct InFlight {
    NodeId from;
    NodeId to;
    const void* message;
  };

  const Topology* topology = nullptr;
  const void* params = nullptr;
  std::vector<const void*> nodes;
  std::vector<Condition> conditions;
  std::vector<InFlight> messages;
  // Its times only tell order: an operation was over before another began when its `completed_us`
  // is less than the other's `invoked_us`; likewise its events.
  const History* history = nullptr;
  mutable bool asked_for_more = false;
};

template <class P>
class View {
 public:
  View(const World<P>& world, const Trace* trace)
      : world_(&world), params_(&world.params()), trace_(trace) {}
  // Requires: the moment is one of this protocol.
  explicit View(const Moment& moment)
      : moment_(&moment), params_(static_cast<const typename P::Params*>(moment.params)) {}

  Time now_us() const { return has_more() ? world_->now_us() : 0; }
  const typename P::Params& params() const { return *params_; }
  std::int32_t node_count() const { return topology().node_count(); }
  std::string name(NodeId id) const { return topology().name(id); }
  Time wall(NodeId id) const { return has_more() ? world_->wall(id) : 0; }
  Condition condition(NodeId id) const {
    return world_ != nullptr ? world_->node(id).condition
                             : moment_->conditions[static_cast<std::size_t>(id.value)];
  }

  // The node's state as this role, or null when it has another.
  template <class Role>
  const Role* as(NodeId id) const {
    const void* state =
        world_ != nullptr ? world_->state(id) : moment_->nodes[static_cast<std::size_t>(id.value)];
    return std::get_if<Role>(static_cast<const typename P::Node*>(state));
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
    const auto look = [&](NodeId from, NodeId to, const void* content) {
      if (const M* message = std::get_if<M>(static_cast<const typename P::Message*>(content)))
        visit(from, to, *message);
    };
    if (world_ == nullptr) {
      for (const auto& sent : moment_->messages) look(sent.from, sent.to, sent.message);
      return;
    }
    world_->each_message([&](const WorldBase::MessageRecord& record, const void* content) {
      look(record.from, record.to, content);
    });
  }
  const AppendLog<OperationRecord, 64>& history() const {
    return world_ != nullptr ? world_->history() : *moment_->history;
  }
  const Counters& counters() const {
    static const Counters none{};
    return has_more() ? world_->counters() : none;
  }

  // What was recorded, for protocols that declare `needs_trace`. Requires: the protocol does.
  const Trace& trace() const {
    NETSPLIT_ASSERT(trace_ != nullptr);
    return *trace_;
  }

 private:
  const Topology& topology() const {
    return world_ != nullptr ? world_->topology() : *moment_->topology;
  }
  bool has_more() const {
    if (world_ == nullptr) moment_->asked_for_more = true;
    return world_ != nullptr;
  }

  const WorldBase* world_ = nullptr;
  const Moment* moment_ = nullptr;
  const typename P::Params* params_;
  const Trace* trace_ = nullptr;
};

}  // namespace netsplit
