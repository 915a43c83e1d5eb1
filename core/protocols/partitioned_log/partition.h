// A partition, and who publishes to it.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/protocols/partitioned_log/messages.h"

namespace netsplit::partitioned_log {

struct Partition {
  static constexpr Shape shape = Shape::storage;
  struct Disk {
    Log<Event> log;
    LogIndex committed;  // the group's offset
    FIELDS(log, committed)
  } disk;

  void on(Ctx& ctx, NodeId from, const Append& m) {
    ctx.send(from, Appended{m.event.id.number, disk.log.append(m.event)});
  }
  void on(Ctx& ctx, NodeId from, const Fetch& m) {
    disk.committed = std::max(disk.committed, std::min(m.done, disk.log.last()));
    Batch batch{disk.committed.next(), {}};
    const LogIndex end{disk.committed.value + ctx.params().batch};
    for (LogIndex i = batch.first; i <= std::min(end, disk.log.last()); i = i.next())
      batch.events.push_back(disk.log[i]);
    if (ctx.params().commit == Commit::on_delivery) disk.committed = std::min(end, disk.log.last());
    ctx.send(from, std::move(batch));
  }
  std::string caption(NodeNames) const {
    const std::int64_t lag = disk.log.last().value - disk.committed.value;
    return lag == 0 ? "" : "lag " + std::to_string(lag);
  }
  FIELDS(disk)
};

struct Producer {
  static constexpr Shape shape = Shape::client;
  struct Disk {
    std::vector<Event> outbox;  // the first is on its way
    FIELDS(outbox)
  } disk;

  void on(Ctx& ctx, const Publish& r) {
    const std::uint32_t number =
        ctx.invoke({"publish", r.parcel, static_cast<std::int64_t>(r.status), 0});
    disk.outbox.push_back({r.status, r.parcel, ctx.wall_clock(), {ctx.self(), number}});
    if (disk.outbox.size() == 1) send_first(ctx);
  }
  void restart(Ctx& ctx) { send_first(ctx); }
  void on(Ctx& ctx, Resend) { send_first(ctx); }

  // One at a time, and the same again until it is answered: so a producer's events of a key are
  // appended in the order in which it published them, though perhaps more than once.
  void send_first(Ctx& ctx) {
    if (disk.outbox.empty()) return;
    const Event& event = disk.outbox.front();
    const std::vector<NodeId> partitions = ctx.all<Partition>();
    if (partitions.empty()) return;
    const bool by_key = ctx.params().partition_by == PartitionBy::key;
    const auto key = static_cast<std::uint64_t>(by_key ? event.parcel : event.id.number);
    ctx.send(partitions[key % partitions.size()], Append{event});
    ctx.set_timer(Resend{}, ctx.params().retry_us);
  }
  void on(Ctx& ctx, NodeId, const Appended& m) {
    if (disk.outbox.empty() || m.number != disk.outbox.front().id.number) return;
    ctx.complete(m.number, Outcome::ok, m.offset.value);
    disk.outbox.erase(disk.outbox.begin());
    ctx.cancel_timer(Resend{});
    send_first(ctx);
  }
  FIELDS(disk)
};

}  // namespace netsplit::partitioned_log
