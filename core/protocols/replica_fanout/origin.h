// Where updates come from.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/replica_fanout/messages.h"
#include "core/protocols/replica_fanout/outbox.h"

namespace netsplit::replica_fanout {

struct Origin {
  static constexpr Shape shape = Shape::server;
  struct Disk {
    std::vector<std::string> log;
    FIELDS(log)
  } disk;
  Outbox out;

  void start(Ctx& ctx) { ctx.set_timer(NextUpdate{}, ctx.params().period_us); }
  void restart(Ctx& ctx) {
    start(ctx);
    ship(ctx);
  }
  void on(Ctx& ctx, NextUpdate) {
    const Params& p = ctx.params();
    const auto number = static_cast<std::int64_t>(disk.log.size()) + 1;
    if (number > p.updates) return;
    disk.log.push_back("article=" + std::to_string(10'000 + number * 7) +
                       " price=" + std::to_string(900 + number % 90) + " currency=EUR stock=" +
                       std::to_string(number * 13 % 80) + " warehouse=Rotterdam-2 editor=anna");
    if (number - out.shipped >= p.batch || number == p.updates) ship(ctx);
    ctx.set_timer(NextUpdate{}, p.period_us);
  }
  void ship(Ctx& ctx) {
    std::vector<NodeId> to;
    for (std::int64_t i = 0; i < ctx.params().zones; ++i) {
      std::vector<NodeId> members = zone(ctx, i);
      if (ctx.params().relay && members.size() > 1) members.resize(1);
      to.insert(to.end(), members.begin(), members.end());
    }
    out.ship(ctx, disk.log, to);
  }
  void on(Ctx& ctx, Resend) { out.resend(ctx, disk.log); }
  void on(Ctx&, NodeId from, const Ack& m) { out.on_ack(from, m); }

  std::string caption(NodeNames) const { return std::to_string(disk.log.size()) + " updates"; }
  FIELDS(disk, out)
};

}  // namespace netsplit::replica_fanout
