// Ships a log to some nodes.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/protocols/replica_fanout/messages.h"

namespace netsplit::replica_fanout {

// Ships a log to some nodes, and again what they do not say that they have.
struct Outbox {
  std::map<NodeId, std::int64_t> acked;  // by receiver
  std::int64_t shipped = 0;
  bool waiting = false;  // for the moment to send again
  Time cpu_us = 0;

  void ship(Ctx& ctx, const std::vector<std::string>& log, const std::vector<NodeId>& to) {
    for (const NodeId node : to) {
      acked.try_emplace(node, 0);
      send(ctx, log, node, shipped);
    }
    shipped = static_cast<std::int64_t>(log.size());
    if (!to.empty() && !waiting) wait(ctx);
  }
  void wait(Ctx& ctx) {
    waiting = ctx.params().resend_us > 0;
    if (waiting) ctx.set_timer(Resend{}, ctx.params().resend_us);
  }
  // Everything after `have`.
  void send(Ctx& ctx, const std::vector<std::string>& log, NodeId to, std::int64_t have) {
    const Compress compress = ctx.params().compress;
    Batch batch{have + 1, {}};
    std::string before;
    std::int64_t packed_bytes = 0;
    if (compress == Compress::across_messages && shipped > 0)
      before = log[static_cast<std::size_t>(shipped) - 1];
    for (auto i = static_cast<std::size_t>(have); i < log.size(); ++i) {
      batch.texts.push_back(compress == Compress::none ? log[i] : text_difference(before, log[i]));
      before = log[i];
      packed_bytes += static_cast<std::int64_t>(before.size());
    }
    Time work_us = message_us;
    if (compress != Compress::none) work_us += packed_bytes / packed_bytes_per_us;
    cpu_us += work_us;
    ctx.work(work_us);
    ctx.send(to, std::move(batch));
  }
  void resend(Ctx& ctx, const std::vector<std::string>& log) {
    waiting = false;
    bool all = true;
    for (const auto& entry : acked) {
      if (entry.second >= shipped) continue;
      all = false;
      send(ctx, log, entry.first, entry.second);
    }
    if (!all) wait(ctx);
  }
  void on_ack(NodeId from, const Ack& m) { acked[from] = std::max(acked[from], m.have); }
  FIELDS(acked, shipped, waiting, cpu_us)
};

struct Replica;
// The replicas of a zone: as many in each, in order.
inline std::vector<NodeId> zone(Ctx& ctx, std::int64_t which) {
  const std::vector<NodeId> all = ctx.all<Replica>();
  const auto count = static_cast<std::int64_t>(all.size());
  const std::int64_t zones = ctx.params().zones;
  return {all.begin() + static_cast<std::ptrdiff_t>(which * count / zones),
          all.begin() + static_cast<std::ptrdiff_t>((which + 1) * count / zones)};
}

}  // namespace netsplit::replica_fanout
