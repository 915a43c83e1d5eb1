// Transfers between two groups of replicas: what consensus does not do.
//
// Each group keeps one account and agrees on every change of it: what a majority has stored stands,
// whoever crashes. A transfer takes from the first group's account and gives to the second's. That
// is two decisions, and nothing in one group's agreement says what the other's is: a client that
// crashes between the two, or a second group that refuses, leaves the transfer half done.
//
// What is missing is commit on top: two-phase commit whose coordinator and participants are groups.
// The first group prepares (it holds its account's lock), asks the second to prepare, and then
// decides; where one process would write to its log, a group agrees on an entry of its log.
//
// Source: Gray and Lamport, "Consensus on transaction commit" (2006), section 1; Corbett et al.,
// "Spanner" (OSDI 2012), 4.2.1, does it with Paxos groups. Simplified: one account a group; the
// first half of the replicas are the first group; a group's leader is its first replica and never
// changes (elections: raft.h), so that a group waits for a leader that is down.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/sim/oracles.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::group_transfer {

struct Params {
  bool commit = true;
  Time sync_us = milliseconds(2);
  Time retry_us = milliseconds(400);
  Time give_up_us = seconds(3);
  FIELDS(commit, sync_us, retry_us, give_up_us)
};

inline constexpr std::int64_t opening_balance = 100;
using Transfer = std::int64_t;  // numbered by its client, and no number is used twice
inline constexpr Transfer numbers_each = 1'000'000;

enum class Record : std::uint8_t { none, prepared, committed, aborted };
struct Entry {
  Record record{};
  Transfer transfer = 0;
  std::int64_t change = 0;  // of the account
  NodeId client;            // who is answered; nobody in the second group
  FIELDS(record, transfer, change, client)
};

// clang-format off
// Messages. Of a client, without commit on top: change one account. With it: do the transfer.
struct Change { Transfer transfer = 0; std::int64_t change = 0; FIELDS(transfer, change) };
struct Move { Transfer transfer = 0; std::int64_t amount = 0; FIELDS(transfer, amount) };
struct Answer { Transfer transfer = 0; bool done = false; FIELDS(transfer, done) };
// Between the leaders of the groups.
struct Prepare { Transfer transfer = 0; std::int64_t change = 0; FIELDS(transfer, change) };
struct Vote { Transfer transfer = 0; bool yes = false; FIELDS(transfer, yes) };
struct Decide { Transfer transfer = 0; bool commit = false; FIELDS(transfer, commit) };
struct Decided { Transfer transfer = 0; FIELDS(transfer) };
// Within a group.
struct Copy { std::vector<Entry> entries; LogIndex previous; LogIndex commit;
              FIELDS(entries, previous, commit) };
struct Copied { LogIndex last; LogIndex commit; FIELDS(last, commit) };
using Message = std::variant<Change, Move, Answer, Prepare, Vote, Decide, Decided, Copy, Copied>;

// Timers.
struct CopyAgain { FIELDS_NONE };
struct TellAgain { Transfer transfer = 0; FIELDS(transfer) };
struct AskAgain { Transfer transfer = 0; FIELDS(transfer) };
struct GiveUp { Transfer transfer = 0; FIELDS(transfer) };
using Timer = std::variant<CopyAgain, TellAgain, AskAgain, GiveUp>;

// A person's requests: to a client, and to a leader, which refuses the next change.
struct TransferAmount { std::int64_t amount = 10; FIELDS(amount) };
struct RefuseNext { FIELDS_NONE };
using Request = std::variant<TransferAmount, RefuseNext>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

struct Replica;
// The replicas of the first group (0) or the second (1); the leader is the first of them.
inline std::vector<NodeId> group(Ctx& ctx, int which) {
  const std::vector<NodeId> all = ctx.all<Replica>();
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  return which == 0 ? std::vector<NodeId>(all.begin(), middle)
                    : std::vector<NodeId>(middle, all.end());
}
inline NodeId leader(Ctx& ctx, int which) {
  const std::vector<NodeId> members = group(ctx, which);
  return members.empty() ? nobody : members.front();
}

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

struct Client {
  static constexpr Shape shape = Shape::client;
  struct Asked {
    std::int64_t amount = 0;
    bool withdrawn = false;  // without commit on top: the first group has agreed
    FIELDS(amount, withdrawn)
  };
  std::map<Transfer, Asked> waiting;

  void on(Ctx& ctx, const TransferAmount& request) {
    const Transfer transfer = numbered(ctx, ctx.invoke({"transfer", 0, request.amount, 0}));
    waiting[transfer] = {request.amount, false};
    ctx.set_timer(GiveUp{transfer}, ctx.params().give_up_us);
    ask(ctx, transfer);
  }
  void ask(Ctx& ctx, Transfer transfer) {
    const Asked& asked = waiting[transfer];
    if (ctx.params().commit)
      ctx.send(leader(ctx, 0), Move{transfer, asked.amount});
    else if (!asked.withdrawn)
      ctx.send(leader(ctx, 0), Change{transfer, -asked.amount});
    else
      ctx.send(leader(ctx, 1), Change{transfer, asked.amount});
    ctx.set_timer(AskAgain{transfer}, ctx.params().retry_us);
  }
  void on(Ctx& ctx, AskAgain t) { ask(ctx, t.transfer); }
  void on(Ctx& ctx, NodeId from, const Answer& m) {
    const auto at = waiting.find(m.transfer);
    if (at == waiting.end()) return;
    const bool half = !ctx.params().commit && !at->second.withdrawn;
    if (!ctx.params().commit && half != (from == leader(ctx, 0))) return;  // an old answer
    if (!half || !m.done) return finish(ctx, m.transfer, m.done ? Outcome::ok : Outcome::failed);
    at->second.withdrawn = true;
    ask(ctx, m.transfer);
  }
  void on(Ctx& ctx, GiveUp t) { finish(ctx, t.transfer, Outcome::unknown); }
  void finish(Ctx& ctx, Transfer transfer, Outcome outcome) {
    waiting.erase(transfer);
    ctx.cancel_timer(AskAgain{transfer});
    ctx.cancel_timer(GiveUp{transfer});
    ctx.complete(static_cast<std::uint32_t>(transfer % numbers_each), outcome);
  }
  // A client's own numbers; no two clients share one.
  static Transfer numbered(Ctx& ctx, std::uint32_t operation) {
    const std::vector<NodeId> all = ctx.all<Client>();
    const auto place = std::find(all.begin(), all.end(), ctx.self()) - all.begin();
    return static_cast<Transfer>(place) * numbers_each + operation;
  }
  std::string caption(NodeNames) const {
    if (waiting.empty()) return "";
    return waiting.begin()->second.withdrawn ? "has taken, is to give" : "waits for an answer";
  }
  FIELDS(waiting)
};

struct Protocol;

// Always: the replicas of a group agree on what is committed: consensus.
inline Verdict agreement(const View<Protocol>& view);
// Always: no transfer is done in one group and refused in the other.
inline Verdict atomicity(const View<Protocol>& view);
// Finally: what is in both accounts is what was in them at first.
inline Verdict conserved(const View<Protocol>& view);
// Finally: no account is locked.
inline Verdict locks_released(const View<Protocol>& view);

inline bool locked(const View<Protocol>& view, NodeId node);

struct Protocol {
  using Message = group_transfer::Message;
  using Timer = group_transfer::Timer;
  using Request = group_transfer::Request;
  using Node = std::variant<Client, Replica>;
  using Params = group_transfer::Params;
  static constexpr std::string_view name = "group_transfer";
  static constexpr std::string_view title = "Transfers between groups";
  static constexpr std::string_view sentence =
      "Two groups of replicas, each of which agrees by itself, and transfers between them.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        flag_parameter<&Params::commit>(
            "commit",
            "The groups do two-phase commit. Off, a client changes one account, then the other."),
        time_parameter<&Params::sync_us>("sync", 0, seconds(10),
                                         "How long a replica waits for its disk."),
        time_parameter<&Params::retry_us>("retry", milliseconds(1), hours(1),
                                          "After how long without an answer a node asks again."),
        time_parameter<&Params::give_up_us>("give_up", milliseconds(1), hours(10),
                                            "After how long a client stops waiting."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"agreement", "The replicas of a group agree on what is committed.", PropertyKind::always,
         agreement},
        {"atomicity", "No transfer is done in one group and refused in the other.",
         PropertyKind::always, atomicity},
        {"conserved", "In the end both accounts together hold what they held at first.",
         PropertyKind::finally, conserved},
        {"locks_released", "In the end no account is locked.", PropertyKind::finally,
         locks_released},
        {"all_answered", "Every client has an answer, if only that nobody knows.",
         PropertyKind::finally, all_answered<Protocol>},
    };
  }
  static std::vector<Stopwatch<Protocol>> stopwatches() {
    return {{"locked", "How long accounts were locked, by group.", locked}};
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "transfer " + std::to_string(record.operation.argument);
  }
};

// The replicas in order; the first half are the first group.
inline std::vector<std::pair<NodeId, const Replica*>> replicas(const View<Protocol>& view) {
  std::vector<std::pair<NodeId, const Replica*>> all;
  view.for_each<Replica>([&](NodeId id, const Replica& one) { all.emplace_back(id, &one); });
  return all;
}

inline Verdict agreement(const View<Protocol>& view) {
  const auto all = replicas(view);
  const std::size_t half = all.size() / 2;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i + 1; j < (i < half ? half : all.size()); ++j) {
      const Replica& one = *all[i].second;
      const Replica& other = *all[j].second;
      const LogIndex at =
          first_difference(one.disk.log, other.disk.log, std::min(one.commit, other.commit));
      if (at != LogIndex{})
        return violated(view.name(all[i].first) + " and " + view.name(all[j].first) +
                            " have committed different entries at index " +
                            std::to_string(at.value) + ".",
                        {all[i].first, all[j].first});
    }
  }
  return holds();
}

inline Verdict atomicity(const View<Protocol>& view) {
  std::map<Transfer, NodeId> done[2], refused[2];
  const auto all = replicas(view);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t group = i < all.size() / 2 ? 0 : 1;
    const Replica& one = *all[i].second;
    for (LogIndex at{1}; at <= one.commit; at = at.next()) {
      const Entry& entry = one.disk.log[at];
      if (entry.record == Record::committed) done[group].emplace(entry.transfer, all[i].first);
      if (entry.record == Record::aborted) refused[group].emplace(entry.transfer, all[i].first);
    }
  }
  for (const std::size_t group : {0, 1}) {
    for (const auto& [transfer, one] : done[group]) {
      const auto other = refused[1 - group].find(transfer);
      if (other == refused[1 - group].end()) continue;
      return violated("The group of " + view.name(one) + " did its half of transfer " +
                          std::to_string(transfer) + ", that of " + view.name(other->second) +
                          " refused.",
                      {one, other->second});
    }
  }
  return holds();
}

inline Verdict conserved(const View<Protocol>& view) {
  const auto all = replicas(view);
  if (all.size() < 2) return holds();
  // The leaders know what their groups have committed.
  const auto& [first, one] = all.front();
  const auto& [second, other] = all[all.size() / 2];
  if (one->balance + other->balance == 2 * opening_balance) return holds();
  return violated(view.name(first) + " has " + std::to_string(one->balance) + " and " +
                      view.name(second) + " " + std::to_string(other->balance) + ": " +
                      std::to_string(one->balance + other->balance) + " of " +
                      std::to_string(2 * opening_balance) + ".",
                  {first, second});
}

inline Verdict locks_released(const View<Protocol>& view) {
  for (const auto& [id, one] : replicas(view))
    if (one->lock.held())
      return violated(view.name(id) + " holds its account's lock for transfer " +
                          std::to_string(*one->lock.owner) + ".",
                      {id});
  return holds();
}

inline bool locked(const View<Protocol>& view, NodeId node) {
  const auto all = replicas(view);
  const bool leads =
      !all.empty() && (node == all.front().first || node == all[all.size() / 2].first);
  return leads && view.as<Replica>(node)->lock.held();
}

}  // namespace netsplit::group_transfer
