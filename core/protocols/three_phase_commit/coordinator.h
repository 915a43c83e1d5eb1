// The coordinator: votes, pre-commits, decides.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/protocols/three_phase_commit/messages.h"

namespace netsplit::three_phase_commit {

struct Coordinator {
  static constexpr Shape shape = Shape::coordinator;
  enum class Phase : std::uint8_t { voting, pre_commit, commit };

  struct Round {
    NodeId client;
    Phase phase{};
    std::set<NodeId> awaited;  // whose answer in this phase has not come
    FIELDS(client, phase, awaited)
  };
  Wal disk;
  std::map<Transaction, Round> open;

  void on(Ctx& ctx, NodeId from, const Begin& m) {
    if (disk.of(m.transaction) != Record::none) return;  // a second copy
    disk.write(Record::begun, m.transaction);
    open[m.transaction] = {from, Phase::voting, shards(ctx)};
    ctx.work(ctx.params().log_us);
    tell(ctx, shards(ctx), Prepare{m.transaction});
    ctx.set_timer(VoteTimeout{m.transaction}, ctx.params().vote_timeout_us);
  }

  // An answer in the phase that is on: true when it was the last.
  bool all_have(Transaction transaction, NodeId from, Phase phase) {
    const auto at = open.find(transaction);
    if (at == open.end() || at->second.phase != phase) return false;
    return at->second.awaited.erase(from) == 1 && at->second.awaited.empty();
  }
  void on(Ctx& ctx, NodeId from, const Yes& m) {
    if (!all_have(m.transaction, from, Phase::voting)) return;
    ctx.cancel_timer(VoteTimeout{m.transaction});
    open[m.transaction] = {open[m.transaction].client, Phase::pre_commit, shards(ctx)};
    on(ctx, AckTimeout{m.transaction});
  }
  void on(Ctx& ctx, NodeId, const No& m) { on(ctx, VoteTimeout{m.transaction}); }
  void on(Ctx& ctx, VoteTimeout t) {
    const auto at = open.find(t.transaction);
    if (at != open.end() && at->second.phase == Phase::voting)
      decide(ctx, t.transaction, Record::aborted);
  }

  // Who has not answered within the bound has crashed. Somebody must have.
  void on(Ctx& ctx, AckTimeout t) {
    const auto at = open.find(t.transaction);
    if (at == open.end() || at->second.phase != Phase::pre_commit) return;
    if (at->second.awaited.size() < shards(ctx).size())
      return decide(ctx, t.transaction, Record::committed);
    tell(ctx, at->second.awaited, PreCommit{t.transaction});
    ctx.set_timer(AckTimeout{t.transaction}, ctx.params().bound_us);
  }
  void on(Ctx& ctx, NodeId from, const Ack& m) {
    if (all_have(m.transaction, from, Phase::pre_commit))
      decide(ctx, m.transaction, Record::committed);
  }

  void decide(Ctx& ctx, Transaction transaction, Record outcome) {
    const auto at = open.find(transaction);
    if (at == open.end() || at->second.phase == Phase::commit) return;
    ctx.cancel_timer(VoteTimeout{transaction});
    ctx.cancel_timer(AckTimeout{transaction});
    const bool committed = outcome == Record::committed;
    disk.write(outcome, transaction);
    ctx.work(ctx.params().log_us);
    if (committed) tell(ctx, shards(ctx), Commit{transaction});
    if (!committed) tell(ctx, shards(ctx), Abort{transaction});
    ctx.send(at->second.client, Answer{transaction, committed});
    at->second = {at->second.client, Phase::commit, shards(ctx)};
    if (!committed) open.erase(at);
  }
  void on(Ctx&, NodeId from, const Done& m) {
    if (!all_have(m.transaction, from, Phase::commit)) return;
    disk.write(Record::ended, m.transaction);
    open.erase(m.transaction);
  }

  // The shards may settle it without the coordinator, and then it learns from them.
  void on(Ctx& ctx, NodeId, const Commit& m) { decide(ctx, m.transaction, Record::committed); }
  void on(Ctx& ctx, NodeId, const Abort& m) { decide(ctx, m.transaction, Record::aborted); }
  void on(Ctx& ctx, NodeId from, const Ask& m) {
    const Record last = disk.of(m.transaction);
    if (last == Record::aborted) ctx.send(from, Abort{m.transaction});
    if (last == Record::committed || last == Record::ended) ctx.send(from, Commit{m.transaction});
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
    if (open.begin()->second.phase == Phase::voting) return "collects votes";
    return open.begin()->second.phase == Phase::commit ? "decided: commit" : "all voted yes";
  }
  FIELDS(disk, open)
};

}  // namespace netsplit::three_phase_commit
