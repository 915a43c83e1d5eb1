// The coordinator, which leads first and can be done without.
#pragma once

#include <map>
#include <set>
#include <string>

#include "core/protocols/paxos_commit/messages.h"

namespace netsplit::paxos_commit {

// The leader of ballot 0. It has no log: it counts what the acceptors say.
struct Coordinator {
  static constexpr Shape shape = Shape::coordinator;

  struct Round {
    NodeId client;
    std::set<NodeId> stands;  // acceptors that have accepted every vote
    FIELDS(client, stands)
  };
  std::map<Transaction, Round> open;

  void on(Ctx& ctx, NodeId from, const Begin& m) {
    if (!open.emplace(m.transaction, Round{from, {}}).second) return;  // a second copy
    tell(ctx, ctx.all<Shard>(), Prepare{m.transaction});
  }
  void on(Ctx& ctx, NodeId from, const Stands& m) {
    const auto at = open.find(m.transaction);
    if (at == open.end() || m.ballot != Epoch{}) return;
    at->second.stands.insert(from);
    if (!is_majority(ctx, at->second.stands.size())) return;
    announce(ctx, m.transaction, m.all_yes);
    answer(ctx, m.transaction, m.all_yes);
  }
  void on(Ctx& ctx, NodeId, const Commit& m) { answer(ctx, m.transaction, true); }
  void on(Ctx& ctx, NodeId, const Abort& m) { answer(ctx, m.transaction, false); }
  void answer(Ctx& ctx, Transaction transaction, bool committed) {
    const auto at = open.find(transaction);
    if (at == open.end()) return;
    ctx.send(at->second.client, Answer{transaction, committed});
    open.erase(at);
  }
  std::string caption(NodeNames) const { return open.empty() ? "" : "counts the votes"; }
  FIELDS(open)
};

}  // namespace netsplit::paxos_commit
