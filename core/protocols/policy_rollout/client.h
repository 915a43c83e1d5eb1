// Calls over its site, on a connection that it keeps for a while.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/policy_rollout/messages.h"

namespace netsplit::policy_rollout {

struct Client {
  static constexpr Shape shape = Shape::client;
  std::int64_t number = 0;
  bool connected = false;
  std::int64_t failed = 0;
  Hidden<std::uint32_t> operation;

  void start(Ctx& ctx) { ctx.set_timer(NextCall{}, milliseconds(300)); }
  void on(Ctx& ctx, NextCall) {
    if (number >= ctx.params().calls) return;
    operation.value = ctx.invoke({"call", ++number});
    ctx.send(my_site(ctx), Call{number, !connected, failed});
    ctx.cancel_timer(ClientIdle{});
    ctx.set_timer(NoAnswer{}, milliseconds(250));
    // Three calls soon after each other, then a rest.
    ctx.set_timer(NextCall{}, milliseconds(number % 3 == 0 ? 1'500 : 300));
  }
  static NodeId my_site(Ctx& ctx) {
    const std::vector<NodeId> sites = ctx.all<Site>();
    const std::vector<NodeId> clients = ctx.all<Client>();
    if (sites.empty()) return nobody;
    const auto place = static_cast<std::size_t>(ctx.self().value - clients.front().value);
    return sites[place % sites.size()];
  }
  void on(Ctx& ctx, NodeId, const Answer& m) {
    if (m.number != number || operation.value == 0) return;
    connected = true;
    ctx.set_timer(ClientIdle{}, ctx.params().client_idle_us);
    finish(ctx, Outcome::ok);
  }
  void on(Ctx& ctx, NoAnswer) {
    connected = false;
    ++failed;
    finish(ctx, Outcome::unknown);
  }
  void on(Ctx&, ClientIdle) { connected = false; }
  void finish(Ctx& ctx, Outcome outcome) {
    ctx.cancel_timer(NoAnswer{});
    if (operation.value != 0) ctx.complete(operation.value, outcome);
    operation.value = 0;
  }
  std::string caption(NodeNames) const {
    return failed == 0 ? ""
                       : std::to_string(failed) + (failed == 1 ? " call" : " calls") + " failed";
  }
  FIELDS(number, connected, failed, operation)
};

}  // namespace netsplit::policy_rollout
