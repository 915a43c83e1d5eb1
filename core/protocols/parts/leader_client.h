// A client of servers of which one leads. It wants one thing after the other, and asks for each
// until it is answered or given up. Whoever does not lead says whom it takes for the leader.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::leader_client {

// A server's answer, and the client's timers.
struct NotLeader {
  std::uint32_t serial = 0;
  NodeId leader;
  FIELDS(serial, leader)
};
struct Retry {
  FIELDS_NONE
};
struct GiveUp {
  FIELDS_NONE
};

// `Own` is the protocol's client. It has its wishes' requests, and the servers' answers, by `on`;
// `invoke(ctx, wish)`, which begins the operation; and `send(ctx, wish)`. A wish has a `server`
// that is asked first, or nobody: then the one that was asked last.
template <class Own, class Ctx, class Server, class Wish>
struct LeaderClient {
  static constexpr Shape shape = Shape::client;

  std::vector<Wish> wishes;  // the first is being asked for
  std::uint32_t serial = 0;
  NodeId server;      // who is asked
  Hidden<bool> told;  // by someone who did not lead

  void want(Ctx& ctx, const Wish& wish) {
    wishes.push_back(wish);
    if (wishes.size() == 1) begin(ctx);
  }
  void begin(Ctx& ctx) {
    if (wishes.empty()) return;
    serial = Own::invoke(ctx, wishes.front());
    if (wishes.front().server != nobody) server = wishes.front().server;
    if (server == nobody) server = ctx.template first<Server>();
    ctx.set_timer(GiveUp{}, ctx.params().give_up_us);
    ask(ctx);
  }
  void ask(Ctx& ctx) {
    static_cast<Own*>(this)->send(ctx, wishes.front());
    ctx.set_timer(Retry{}, ctx.params().retry_us);
  }
  // Whoever it names is asked, once, so that two who name each other are not asked for ever; then
  // the next one after a while.
  void on(Ctx& ctx, NodeId, const NotLeader& m) {
    if (wishes.empty() || m.serial != serial || m.leader == nobody || told.value) return;
    told.value = true;
    server = m.leader;
    ask(ctx);
  }
  void on(Ctx& ctx, Retry) {
    const std::vector<NodeId> all = ctx.template all<Server>();
    const auto next = std::upper_bound(all.begin(), all.end(), server);
    server = next == all.end() ? ctx.template first<Server>() : *next;
    told.value = false;
    ask(ctx);
  }
  void on(Ctx& ctx, GiveUp) { finish(ctx, serial, Outcome::unknown, 0); }
  // Does nothing when another operation is under way.
  void finish(Ctx& ctx, std::uint32_t of, Outcome outcome, std::int64_t result) {
    if (wishes.empty() || of != serial) return;
    ctx.complete(serial, outcome, result);
    ctx.cancel_timer(Retry{});
    ctx.cancel_timer(GiveUp{});
    told.value = false;
    wishes.erase(wishes.begin());
    begin(ctx);
  }
  std::string caption(NodeNames names) const {
    return wishes.empty() ? "" : "asks " + name_of(server, names);
  }
};

}  // namespace netsplit::leader_client
