// Promises and accepts.
#pragma once

#include <string>

#include "core/protocols/paxos/messages.h"

namespace netsplit::paxos {

struct Acceptor {
  static constexpr Shape shape = Shape::storage;

  struct Disk {
    Epoch promised;  // ignores lower ballots
    Epoch voted;     // the ballot in which it accepted last
    std::int64_t value = 0;
    FIELDS(promised, voted, value)
  } disk;

  void on(Ctx& ctx, NodeId from, const Prepare& m) {
    if (m.ballot < disk.promised) return ctx.send(from, Refused{m.ballot, disk.promised});
    disk.promised = m.ballot;
    ctx.send(from, Promise{m.ballot, disk.voted, disk.value});
  }
  void on(Ctx& ctx, NodeId from, const Accept& m) {
    if (m.ballot < disk.promised) return ctx.send(from, Refused{m.ballot, disk.promised});
    disk = {m.ballot, m.ballot, m.value};
    ctx.send(from, Accepted{m.ballot});
  }
  void restart(Ctx& ctx) {
    if (!ctx.params().save) disk = Disk{};  // the broken twin: it kept its word in memory only
  }

  std::string caption(NodeNames) const {
    if (disk.value != 0) return "accepted " + std::to_string(disk.value);
    return disk.promised == Epoch{} ? "" : "has promised";
  }
  FIELDS(disk)
};

}  // namespace netsplit::paxos
