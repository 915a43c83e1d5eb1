// Keeps what it is sent; the first of a zone may pass it on.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/replica_fanout/messages.h"
#include "core/protocols/replica_fanout/outbox.h"

namespace netsplit::replica_fanout {

struct Replica {
  static constexpr Shape shape = Shape::storage;
  struct Disk {
    std::vector<std::string> log;
    FIELDS(log)
  } disk;
  std::string last_told;
  Outbox out;  // of a relay

  void restart(Ctx& ctx) { pass_on(ctx); }
  void on(Ctx& ctx, NodeId from, const Batch& m) {
    const Compress compress = ctx.params().compress;
    const auto have = static_cast<std::int64_t>(disk.log.size());
    if (compress == Compress::each_message) last_told.clear();
    std::int64_t number = m.first;
    for (const std::string& told : m.texts) {
      last_told = compress == Compress::none ? told : text_restored(last_told, told);
      // The next one; what is known is known, and after a gap it is sent again.
      if (number++ == static_cast<std::int64_t>(disk.log.size()) + 1) disk.log.push_back(last_told);
    }
    out.cpu_us += message_us;
    ctx.work(message_us);
    const auto now = static_cast<std::int64_t>(disk.log.size());
    ctx.send(from, Ack{now});
    if (now > have) pass_on(ctx);
  }
  void pass_on(Ctx& ctx) {
    if (!ctx.params().relay) return;
    for (std::int64_t i = 0; i < ctx.params().zones; ++i) {
      std::vector<NodeId> members = zone(ctx, i);
      if (members.empty() || members.front() != ctx.self()) continue;
      members.erase(members.begin());
      out.ship(ctx, disk.log, members);
    }
  }
  void on(Ctx& ctx, Resend) { out.resend(ctx, disk.log); }
  void on(Ctx&, NodeId from, const Ack& m) { out.on_ack(from, m); }

  std::string caption(NodeNames) const { return "has " + std::to_string(disk.log.size()); }
  FIELDS(disk, last_told, out)
};

}  // namespace netsplit::replica_fanout
