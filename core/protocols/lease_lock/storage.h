// The cell that clients write, and what it refuses.
#pragma once

#include <algorithm>
#include <string>

#include "core/protocols/lease_lock/messages.h"

namespace netsplit::lease_lock {

struct Storage {
  static constexpr Shape shape = Shape::storage;

  struct Disk {
    NodeId value;              // whose write it was
    Token token;               // … and with which token
    Token highest;             // of any write so far
    std::int64_t version = 0;  // counts the writes taken
    Token epoch;               // the highest that was announced
    FIELDS(value, token, highest, version, epoch)
  } disk;

  void on(Ctx& ctx, NodeId from, const Read& m) {
    if (ctx.params().fencing == Fencing::epoch) disk.epoch = std::max(disk.epoch, m.token);
    ctx.send(from, ReadReply{disk.value, disk.token, disk.version});
  }
  void on(Ctx& ctx, NodeId from, const Write& m) {
    const Fencing fencing = ctx.params().fencing;
    const bool stale = (fencing == Fencing::token && m.token < disk.highest) ||
                       (fencing == Fencing::conditional_write && m.version != disk.version) ||
                       (fencing == Fencing::epoch && m.token < disk.epoch);
    if (stale) return ctx.send(from, Rejected{m.token, std::max(disk.highest, disk.epoch)});
    disk = {m.value, m.token, std::max(disk.highest, m.token), disk.version + 1, disk.epoch};
    ctx.send(from, Written{m.token});
  }

  std::string caption(NodeNames names) const {
    return disk.value == nobody ? "empty" : "holds \"" + name_of(disk.value, names) + "\"";
  }
  FIELDS(disk)
};

}  // namespace netsplit::lease_lock
