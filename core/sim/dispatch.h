// Which of a role's handlers an event goes to; an event that the role has no handler for passes it
// by. The world and the checker call handlers through these alone.
#pragma once

#include <optional>
#include <utility>

#include "core/sim/content.h"
#include "core/sim/input.h"
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

// The request that an input asks for; none when its name or an argument does not fit.
template <class Request>
std::optional<Request> request_of(const Input& input, NodeNames names) {
  Request request;
  if (!make_named(schema_of<Request>, &request, input.name, input.arguments, names)) return {};
  return request;
}

// Has the timer these fields? Without any, every timer fits.
template <class Timer>
bool has_content(const Timer& timer, const Arguments& fields, NodeNames names) {
  Timer wanted = timer;
  return assign_all(schema_of<Timer>, &wanted, fields, names).ok() && wanted == timer;
}

}  // namespace netsplit::detail
