// The coordinator: collects votes, decides, and remembers the decision until all have it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/protocols/two_phase_commit/messages.h"

namespace netsplit::two_phase_commit {

struct Coordinator {
  static constexpr Shape shape = Shape::coordinator;

  struct Round {
    NodeId client;
    bool committed = false;
    std::set<NodeId> awaited;  // whose vote, or whose "done", has not come
    FIELDS(client, committed, awaited)
  };
  Wal disk;
  std::map<Transaction, Round> open;

  void on(Ctx& ctx, NodeId from, const Begin& m) {
    if (disk.of(m.transaction) != Record::none) return;  // a second copy
    disk.write(Record::begun, m.transaction);
    open[m.transaction] = {from, false, shards(ctx)};
    ctx.work(ctx.params().log_us);
    tell(ctx, shards(ctx), Prepare{m.transaction});
    ctx.set_timer(VoteTimeout{m.transaction}, ctx.params().vote_timeout_us);
  }

  void on(Ctx& ctx, NodeId from, const Yes& m) {
    const auto at = open.find(m.transaction);
    if (at == open.end() || at->second.committed) return;
    at->second.awaited.erase(from);
    if (at->second.awaited.empty()) commit(ctx, m.transaction, at->second);
  }
  void on(Ctx& ctx, NodeId, const No& m) { abort(ctx, m.transaction); }
  void on(Ctx& ctx, VoteTimeout t) { abort(ctx, t.transaction); }

  void commit(Ctx& ctx, Transaction transaction, Round& round) {
    ctx.cancel_timer(VoteTimeout{transaction});
    round.committed = true;
    round.awaited = shards(ctx);
    if (ctx.params().log_first) {
      disk.write(Record::committed, transaction);  // the decision
      ctx.work(ctx.params().log_us);
    } else {
      ctx.set_timer(WriteLate{transaction}, ctx.params().log_us);
    }
    tell(ctx, round.awaited, Commit{transaction});
    ctx.send(round.client, Answer{transaction, true});
    ctx.set_timer(TellAgain{transaction}, ctx.params().retry_us);
  }
  void on(Ctx&, WriteLate t) { disk.write(Record::committed, t.transaction); }

  // Nothing is written: a transaction of which the log does not say "committed" is aborted.
  void abort(Ctx& ctx, Transaction transaction) {
    const auto at = open.find(transaction);
    if (at == open.end() || at->second.committed) return;
    ctx.cancel_timer(VoteTimeout{transaction});
    tell(ctx, shards(ctx), Abort{transaction});
    ctx.send(at->second.client, Answer{transaction, false});
    open.erase(at);
  }

  void on(Ctx& ctx, NodeId from, const Done& m) {
    const auto at = open.find(m.transaction);
    if (at == open.end() || !at->second.committed) return;
    at->second.awaited.erase(from);
    if (!at->second.awaited.empty()) return;
    disk.write(Record::ended, m.transaction);  // nobody will ask again
    ctx.cancel_timer(TellAgain{m.transaction});
    open.erase(at);
  }
  void on(Ctx& ctx, TellAgain t) {
    const auto at = open.find(t.transaction);
    if (at == open.end()) return;
    tell(ctx, at->second.awaited, Commit{t.transaction});
    ctx.set_timer(TellAgain{t.transaction}, ctx.params().retry_us);
  }

  void on(Ctx& ctx, NodeId from, const Inquire& m) {
    const auto at = open.find(m.transaction);
    if (at != open.end() && !at->second.committed) return;  // the votes are not all in
    const Record last = disk.of(m.transaction);
    if (at != open.end() || last == Record::committed || last == Record::ended) {
      ctx.send(from, Commit{m.transaction});
    } else {
      ctx.send(from, Abort{m.transaction});  // presumed
    }
  }

  // Decisions that not every shard is known to have are told again. What had only begun is aborted,
  // and its shards will ask.
  void restart(Ctx& ctx) {
    disk.for_each([&](Record, Transaction transaction) {
      if (disk.of(transaction) != Record::committed || open.contains(transaction)) return;
      open[transaction] = {nobody, true, shards(ctx)};
      tell(ctx, shards(ctx), Commit{transaction});
      ctx.set_timer(TellAgain{transaction}, ctx.params().retry_us);
    });
  }

  // A crash between two of these loses the rest.
  template <class M>
  static void tell(Ctx& ctx, const std::set<NodeId>& whom, const M& message) {
    for (const NodeId shard : whom) {
      ctx.work(ctx.params().send_us);
      ctx.send(shard, message);
    }
  }
  static std::set<NodeId> shards(Ctx& ctx) {
    const std::vector<NodeId> all = ctx.all<Shard>();
    return {all.begin(), all.end()};
  }
  std::string caption(NodeNames) const {
    if (open.empty()) return "";
    return open.begin()->second.committed ? "decided: commit" : "collects votes";
  }
  FIELDS(disk, open)
};

}  // namespace netsplit::two_phase_commit
