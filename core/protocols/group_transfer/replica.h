// A replica of a group: copies its leader's log; leaders commit across the groups.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/protocols/group_transfer/messages.h"

namespace netsplit::group_transfer {

struct Replica {
  static constexpr Shape shape = Shape::storage;

  struct Disk {
    Log<Entry> log;
    FIELDS(log)

    // The last record of the transfer up to `end`.
    Record of(Transfer transfer, LogIndex end) const {
      Record last = Record::none;
      for (LogIndex at{1}; at <= std::min(end, log.last()); at = at.next())
        if (log[at].transfer == transfer) last = log[at].record;
      return last;
    }
    Record of(Transfer transfer) const { return of(transfer, log.last()); }
    const Entry& first_of(Transfer transfer) const {  // Requires: there is one.
      return *std::find_if(log.entries.begin(), log.entries.end(),
                           [&](const Entry& entry) { return entry.transfer == transfer; });
    }
  };
  Disk disk;
  LogIndex commit;
  std::int64_t balance = opening_balance;  // after what is committed
  Lock<Transfer> lock;                     // of the account
  bool refuses_next = false;
  std::map<NodeId, Copied> copied;  // a leader's: what each other has of its log
  std::set<Transfer> open;          // the first leader's: the second group has not confirmed

  void on(Ctx&, const RefuseNext&) { refuses_next = true; }

  // A change by itself: this group alone decides.
  void on(Ctx& ctx, NodeId from, const Change& m) {
    if (known(ctx, from, m.transfer) || !free_for(m.transfer)) return;
    append(ctx,
           {allows(m.change) ? Record::committed : Record::aborted, m.transfer, m.change, from});
  }

  // Commit on top, at the first group: prepare, have the other prepared, decide.
  void on(Ctx& ctx, NodeId from, const Move& m) {
    if (known(ctx, from, m.transfer) || !free_for(m.transfer)) return;
    append(ctx,
           {allows(-m.amount) ? Record::prepared : Record::aborted, m.transfer, -m.amount, from});
  }
  void on(Ctx& ctx, NodeId, const Vote& m) {
    if (disk.of(m.transfer) != Record::prepared) return;
    Entry decision = disk.first_of(m.transfer);
    decision.record = m.yes ? Record::committed : Record::aborted;
    append(ctx, decision);
  }
  void on(Ctx& ctx, NodeId, const Decided& m) {
    open.erase(m.transfer);
    ctx.cancel_timer(TellAgain{m.transfer});
  }
  // What the second group must know next of the transfer.
  void tell(Ctx& ctx, Transfer transfer) {
    const Record record = disk.of(transfer, commit);
    const NodeId other = leader(ctx, 1);
    if (record == Record::prepared)
      ctx.send(other, Prepare{transfer, -disk.first_of(transfer).change});
    else
      ctx.send(other, Decide{transfer, record == Record::committed});
    ctx.set_timer(TellAgain{transfer}, ctx.params().retry_us);
  }
  void on(Ctx& ctx, TellAgain t) { tell(ctx, t.transfer); }

  // At the second group. Its vote stands once the group has agreed on it.
  void on(Ctx& ctx, NodeId from, const Prepare& m) {
    const Record agreed = disk.of(m.transfer, commit);
    if (agreed != Record::none) ctx.send(from, Vote{m.transfer, agreed != Record::aborted});
    if (disk.of(m.transfer) != Record::none) return;
    if (!free_for(m.transfer)) return;  // the other group asks again
    append(ctx,
           {allows(m.change) ? Record::prepared : Record::aborted, m.transfer, m.change, nobody});
  }
  void on(Ctx& ctx, NodeId from, const Decide& m) {
    if (disk.of(m.transfer) != Record::prepared) return ctx.send(from, Decided{m.transfer});
    Entry decision = disk.first_of(m.transfer);
    decision.record = m.commit ? Record::committed : Record::aborted;
    append(ctx, decision);
  }

  // A change is under way from here until the group has agreed on its end.
  bool free_for(Transfer transfer) const { return !lock.held() || lock.held_by(transfer); }
  bool allows(std::int64_t change) {
    const bool refuses = refuses_next;
    refuses_next = false;
    return !refuses && balance + change >= 0;
  }
  // Of an old transfer the client is told again what became of it.
  bool known(Ctx& ctx, NodeId client, Transfer transfer) {
    const Record agreed = disk.of(transfer, commit);
    if (agreed == Record::committed || agreed == Record::aborted)
      ctx.send(client, Answer{transfer, agreed == Record::committed});
    return disk.of(transfer) != Record::none;
  }

  // The group agrees: an entry stands once a majority has stored it.
  void append(Ctx& ctx, const Entry& entry) {
    lock.take(entry.transfer);
    disk.log.append(entry);
    ctx.work(ctx.params().sync_us);
    on(ctx, CopyAgain{});
    advance(ctx);
  }
  int own_group(Ctx& ctx) const {
    const std::vector<NodeId> first = group(ctx, 0);
    return std::find(first.begin(), first.end(), ctx.self()) != first.end() ? 0 : 1;
  }
  void on(Ctx& ctx, CopyAgain) {
    bool all = true;
    for (const NodeId other : group(ctx, own_group(ctx)))
      if (other != ctx.self()) all = copy_to(ctx, other) && all;
    if (!all) ctx.set_timer(CopyAgain{}, ctx.params().retry_us);
  }
  // What the other lacks of the log, and of what is committed. True when there is nothing.
  bool copy_to(Ctx& ctx, NodeId other) {
    const Copied& has = copied[other];
    if (has == Copied{disk.log.last(), commit}) return true;
    const auto from = disk.log.entries.begin() + static_cast<std::ptrdiff_t>(has.last.value);
    ctx.send(other, Copy{{from, disk.log.entries.end()}, has.last, commit});
    return false;
  }
  void on(Ctx& ctx, NodeId from, const Copy& m) {
    LogIndex at = m.previous;
    if (at <= disk.log.last()) {
      for (const Entry& entry : m.entries) {
        at = at.next();
        if (!disk.log.has(at)) disk.log.append(entry);
      }
      ctx.work(ctx.params().sync_us);
      apply(ctx, std::min(m.commit, disk.log.last()));
    }
    ctx.send(from, Copied{disk.log.last(), commit});
  }
  void on(Ctx& ctx, NodeId from, const Copied& m) {
    copied[from] = {std::max(copied[from].last, m.last), m.commit};
    advance(ctx);
    copy_to(ctx, from);
  }
  void advance(Ctx& ctx) {
    std::vector<LogIndex> stored;
    for (const NodeId member : group(ctx, own_group(ctx)))
      stored.push_back(member == ctx.self() ? disk.log.last() : copied[member].last);
    std::sort(stored.begin(), stored.end());
    apply(ctx, stored[(stored.size() - 1) / 2]);
  }
  // After a crash the leader goes through the log again, and tells again what may not have arrived.
  void restart(Ctx& ctx) {
    const NodeId leads = leader(ctx, own_group(ctx));
    if (leads != ctx.self()) return ctx.send(leads, Copied{disk.log.last(), commit});
    if (!disk.log.empty()) lock.take(disk.log[disk.log.last()].transfer);
    on(ctx, CopyAgain{});
    advance(ctx);
  }
  void apply(Ctx& ctx, LogIndex end) {
    const int own = own_group(ctx);
    const bool leads = leader(ctx, own) == ctx.self();
    while (commit < end) {
      commit = commit.next();
      const Entry entry = disk.log[commit];
      if (entry.record == Record::committed) balance += entry.change;
      if (entry.record == Record::prepared) lock.take(entry.transfer);
      if (entry.record != Record::prepared) lock.release(entry.transfer);
      if (leads) next_step(ctx, own, entry);
    }
  }
  void next_step(Ctx& ctx, int own, const Entry& entry) {
    const bool prepared = entry.record == Record::prepared;
    if (own == 1 && entry.client == nobody) {
      const NodeId other = leader(ctx, 0);
      if (prepared || disk.first_of(entry.transfer).record == Record::aborted)
        return ctx.send(other, Vote{entry.transfer, prepared});
      return ctx.send(other, Decided{entry.transfer});
    }
    if (!prepared)
      ctx.send(entry.client, Answer{entry.transfer, entry.record == Record::committed});
    if (prepared) open.insert(entry.transfer);
    if (open.contains(entry.transfer)) tell(ctx, entry.transfer);
  }

  std::string caption(NodeNames) const { return std::to_string(balance); }
  FIELDS(disk, commit, balance, lock, refuses_next, copied, open)
};

}  // namespace netsplit::group_transfer
