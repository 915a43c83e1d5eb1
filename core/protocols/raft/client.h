// A client, which asks for one thing after the other, by serial number (section 8).
#pragma once

#include "core/protocols/raft/server.h"

namespace netsplit::raft {

struct Wish {
  Kind kind{};
  std::int64_t value = 0;
  NodeId server;
  FIELDS(kind, value, server)
};

struct Client : leader_client::LeaderClient<Client, Ctx, Server, Wish> {
  using LeaderClient::on;

  void on(Ctx& ctx, const WriteValue& r) { want(ctx, {Kind::write, r.value, r.server}); }
  void on(Ctx& ctx, const ReadValue& r) { want(ctx, {Kind::read, 0, r.server}); }
  void on(Ctx& ctx, NodeId, const Answer& m) {
    finish(ctx, m.serial, Outcome::ok, m.value.value_or(nothing));
  }
  static std::uint32_t invoke(Ctx& ctx, const Wish& wish) {
    if (wish.kind == Kind::read) return ctx.invoke({"read"});
    return ctx.invoke({"write", 0, wish.value, 0});
  }
  void send(Ctx& ctx, const Wish& wish) const {
    if (wish.kind == Kind::write) ctx.send(server, Write{wish.value, serial});
    if (wish.kind == Kind::read) ctx.send(server, Read{serial});
  }
  FIELDS(wishes, serial, server, told)
};

}  // namespace netsplit::raft
