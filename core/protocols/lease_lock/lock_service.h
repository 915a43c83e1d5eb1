// Hands out the lock, one lease after the other, each with a higher token.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/protocols/lease_lock/messages.h"

namespace netsplit::lease_lock {

struct LockService {
  static constexpr Shape shape = Shape::server;

  struct Disk {
    Token next{1};  // handed out once each, also across a crash
    bool leased = false;
    FIELDS(next, leased)
  } disk;
  NodeId holder;
  Token token;
  Time lease_until_us = 0;  // on the clock the parameter names
  std::vector<NodeId> queue;

  void on(Ctx& ctx, NodeId from, const Acquire&) {
    // Asked again (the grant was lost, or the client restarted): what is left of the same lease.
    if (from == holder)
      return ctx.send(from, Granted{token, std::max<Time>(0, lease_until_us - clock(ctx))});
    if (std::find(queue.begin(), queue.end(), from) == queue.end()) queue.push_back(from);
    // A wall clock that jumped ahead makes a lease look over that is not.
    const bool by_wall = ctx.params().lease_clock == LeaseClock::wall;
    if (by_wall && holder != nobody && ctx.wall_clock() >= lease_until_us) return next(ctx);
    if (!disk.leased) next(ctx);
  }
  void on(Ctx& ctx, NodeId from, const Release& m) {
    if (from == holder && m.token == token) next(ctx);
  }
  void on(Ctx& ctx, LeaseOver) { next(ctx); }

  // Who held the lock is forgotten, but not that someone may: a full lease must pass.
  void restart(Ctx& ctx) {
    if (disk.leased) ctx.set_timer(LeaseOver{}, ctx.params().lease_us);
  }

  void next(Ctx& ctx) {
    ctx.cancel_timer(LeaseOver{});
    disk.leased = !queue.empty();
    holder = nobody;
    token = Token{};
    if (queue.empty()) return;
    holder = queue.front();
    queue.erase(queue.begin());
    token = disk.next;
    disk.next = disk.next.next();
    lease_until_us = clock(ctx) + ctx.params().lease_us;
    ctx.set_timer(LeaseOver{}, ctx.params().lease_us);
    ctx.send(holder, Granted{token, ctx.params().lease_us});
  }

  static Time clock(Ctx& ctx) {
    const bool by_wall = ctx.params().lease_clock == LeaseClock::wall;
    return by_wall ? ctx.wall_clock() : ctx.monotonic();
  }

  std::string caption(NodeNames names) const {
    return holder == nobody ? (disk.leased ? "waits for an old lease" : "free")
                            : "held by " + name_of(holder, names);
  }
  FIELDS(disk, holder, token, lease_until_us, queue)
};

}  // namespace netsplit::lease_lock
