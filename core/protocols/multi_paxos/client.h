// A client, which proposes one command after the other.
#pragma once

#include "core/protocols/multi_paxos/server.h"

namespace netsplit::multi_paxos {

struct Wish {
  std::int64_t value = 0;
  NodeId server;
  FIELDS(value, server)
};

struct Client : leader_client::LeaderClient<Client, Ctx, Server, Wish> {
  using LeaderClient::on;

  void on(Ctx& ctx, const ProposeValue& r) { want(ctx, {r.value, r.server}); }
  void on(Ctx& ctx, NodeId, const Answer& m) { finish(ctx, m.serial, Outcome::ok, 0); }
  static std::uint32_t invoke(Ctx& ctx, const Wish& wish) {
    return ctx.invoke({"propose", 0, wish.value, 0});
  }
  void send(Ctx& ctx, const Wish& wish) const { ctx.send(server, Propose{wish.value, serial}); }
  FIELDS(wishes, serial, server, told)
};

}  // namespace netsplit::multi_paxos
