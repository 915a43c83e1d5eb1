// Which of a role's handlers an event goes to; an event that the role has no handler for passes it
// by. The world and the checker call handlers through these alone.
#pragma once

#include <utility>

#include "core/sim/context.h"
#include "core/sim/protocol.h"

namespace netsplit::detail {

template <class Role, class Ctx>
void call_start(Role& role, Ctx& context, bool after_a_crash) {
  if constexpr (requires { role.restart(context); }) {
    if (after_a_crash) return role.restart(context);
  }
  if constexpr (requires { role.start(context); }) role.start(context);
}

template <class Role, class Ctx, class Message>
void call_receive(Role& role, Ctx& context, NodeId from, const Message& message) {
  visit_one(message, [&]<class M>(const M& m) {
    if constexpr (Receives<Role, Ctx, M>) role.on(context, from, m);
  });
}

// Of a timer or a request.
template <class Role, class Ctx, class Event>
void call_handle(Role& role, Ctx& context, const Event& event) {
  visit_one(event, [&]<class E>(const E& e) {
    if constexpr (Handles<Role, Ctx, E>) role.on(context, e);
  });
}

// The handler of a node, whatever happens to it.
template <class P, class Ctx>
NETSPLIT_FLAT void call_handler(typename P::Node& node, Ctx& context, const Happening& happening) {
  using Kind = Happening::Kind;
  visit_one(node, [&](auto& role) {
    switch (happening.kind) {
      case Kind::message:
        return call_receive(role, context, happening.from,
                            *static_cast<const typename P::Message*>(happening.content));
      case Kind::timer:
        return call_handle(role, context,
                           *static_cast<const typename P::Timer*>(happening.content));
      case Kind::request:
        return call_handle(role, context,
                           *static_cast<const typename P::Request*>(happening.content));
      case Kind::start:
      case Kind::restart:
        return call_start(role, context, happening.kind == Kind::restart);
    }
  });
}

// A crash: memory is gone, what the role calls `disk` stays.
template <class Node>
void forget_memory(Node& node) {
  visit_one(node, []<class Role>(Role& role) {
    if constexpr (Durable<Role>) {
      auto disk = std::move(role.disk);
      role = Role{};
      role.disk = std::move(disk);
    } else {
      role = Role{};
    }
  });
}

}  // namespace netsplit::detail
