// An acceptor: one instance of Paxos for each shard's vote, and the ballots after the first.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/protocols/paxos_commit/messages.h"

namespace netsplit::paxos_commit {

struct Acceptor {
  static constexpr Shape shape = Shape::server;

  struct Instance {
    Epoch ballot;         // below which it accepts nothing any more
    AcceptedVotes votes;  // by shard
    Record outcome{};
    FIELDS(ballot, votes, outcome)
  };
  struct Disk {
    std::map<Transaction, Instance> instances;
    FIELDS(instances)
  } disk;
  struct Leading {
    Epoch ballot;
    std::map<NodeId, AcceptedVotes> learnt;
    Votes proposed;
    std::set<NodeId> stands;
    FIELDS(ballot, learnt, proposed, stands)
  };
  std::map<Transaction, Leading> leading;

  // Ballot 0: a shard's own vote. Once a leader has a higher ballot it is too late.
  void on(Ctx& ctx, NodeId from, const Vote& m) {
    if (!disk.instances.contains(m.transaction)) wait(ctx, m.transaction);
    Instance& instance = disk.instances[m.transaction];
    if (instance.outcome == Record::committed) return ctx.send(from, Commit{m.transaction});
    if (instance.outcome == Record::aborted) return ctx.send(from, Abort{m.transaction});
    const bool late = instance.ballot != Epoch{};
    if (late || !instance.votes.emplace(from, Accepted{Epoch{}, m.yes}).second) return;
    const bool no = std::any_of(instance.votes.begin(), instance.votes.end(),
                                [](const auto& vote) { return !vote.second.yes; });
    if (!no && instance.votes.size() < ctx.all<Shard>().size()) return;
    ctx.work(ctx.params().log_us);
    ctx.send(ctx.first<Coordinator>(), Stands{m.transaction, Epoch{}, !no});
  }

  void wait(Ctx& ctx, Transaction transaction) {
    ctx.set_timer(Silent{transaction}, ctx.params().patience_us, 2 * ctx.params().patience_us);
  }
  // Nobody has decided: this acceptor leads, with a ballot that is higher than any it knows and
  // that no other acceptor uses.
  void on(Ctx& ctx, Silent t) {
    const std::vector<NodeId> all = ctx.all<Acceptor>();
    const auto place = std::find(all.begin(), all.end(), ctx.self()) - all.begin();
    const auto count = static_cast<std::int64_t>(all.size());
    const Epoch known = disk.instances[t.transaction].ballot;
    const Epoch ballot{(known.value / count + 1) * count + static_cast<std::int64_t>(place)};
    disk.instances[t.transaction].ballot = ballot;  // never used again, also after a crash
    leading[t.transaction] = {ballot, {}, {}, {}};
    if (ctx.params().learn_first) tell(ctx, all, Lead{t.transaction, ballot});
    if (!ctx.params().learn_first) propose(ctx, t.transaction);
    wait(ctx, t.transaction);
  }
  void on(Ctx& ctx, NodeId from, const Lead& m) {
    Instance& instance = disk.instances[m.transaction];
    if (m.ballot < instance.ballot) return;
    instance.ballot = m.ballot;
    if (instance.outcome == Record::none) wait(ctx, m.transaction);
    ctx.work(ctx.params().log_us);
    ctx.send(from, Learnt{m.transaction, m.ballot, instance.votes});
  }
  void on(Ctx& ctx, NodeId from, const Learnt& m) {
    const auto at = leading.find(m.transaction);
    if (at == leading.end() || m.ballot != at->second.ballot || !at->second.proposed.empty())
      return;
    at->second.learnt[from] = m.votes;
    if (is_majority(ctx, at->second.learnt.size())) propose(ctx, m.transaction);
  }
  // Of each shard the vote with the highest ballot that a majority knows; of which there is none,
  // none can have been chosen, and "no" is free.
  void propose(Ctx& ctx, Transaction transaction) {
    Leading& lead = leading[transaction];
    AcceptedVotes highest;
    for (const auto& [acceptor, votes] : lead.learnt) {
      for (const auto& [shard, vote] : votes) {
        const auto known = highest.emplace(shard, vote).first;
        if (known->second.ballot < vote.ballot) known->second = vote;
      }
    }
    for (const NodeId shard : ctx.all<Shard>())
      lead.proposed[shard] = highest.contains(shard) && highest[shard].yes;
    tell(ctx, ctx.all<Acceptor>(), Propose{transaction, lead.ballot, lead.proposed});
  }
  void on(Ctx& ctx, NodeId from, const Propose& m) {
    Instance& instance = disk.instances[m.transaction];
    if (m.ballot < instance.ballot) return;
    instance.ballot = m.ballot;
    for (const auto& [shard, yes] : m.votes) instance.votes[shard] = {m.ballot, yes};
    ctx.work(ctx.params().log_us);
    ctx.send(from, Stands{m.transaction, m.ballot, all_yes(m.votes)});
  }
  void on(Ctx& ctx, NodeId from, const Stands& m) {
    const auto at = leading.find(m.transaction);
    if (at == leading.end() || m.ballot != at->second.ballot) return;
    at->second.stands.insert(from);
    if (!is_majority(ctx, at->second.stands.size())) return;
    finish(ctx, m.transaction, m.all_yes ? Record::committed : Record::aborted);
    announce(ctx, m.transaction, m.all_yes);
  }
  static bool all_yes(const Votes& votes) {
    return std::all_of(votes.begin(), votes.end(), [](const auto& vote) { return vote.second; });
  }

  void on(Ctx& ctx, NodeId, const Commit& m) { finish(ctx, m.transaction, Record::committed); }
  void on(Ctx& ctx, NodeId, const Abort& m) { finish(ctx, m.transaction, Record::aborted); }
  void finish(Ctx& ctx, Transaction transaction, Record outcome) {
    disk.instances[transaction].outcome = outcome;
    leading.erase(transaction);
    ctx.cancel_timer(Silent{transaction});
  }
  void restart(Ctx& ctx) {
    for (const auto& [transaction, instance] : disk.instances) {
      if (instance.outcome == Record::none) wait(ctx, transaction);
    }
  }
  std::string caption(NodeNames) const {
    return leading.empty() ? "" : "leads, since nobody has decided";
  }
  FIELDS(disk, leading)
};

}  // namespace netsplit::paxos_commit
