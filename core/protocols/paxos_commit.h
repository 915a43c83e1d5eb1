// Paxos commit: atomic commit that no single crash can block.
//
// Two-phase commit has one place where the decision is made. Here every shard's vote is an instance
// of Paxos: the shard proposes it, as ballot 0, to 2F + 1 acceptors, and it stands once a majority
// has accepted it. The transaction commits when all votes stand as yes; who counts them is of no
// importance, so the coordinator needs no log. When it falls silent an acceptor leads: with a
// higher ballot it first learns from a majority what has been accepted, proposes exactly that, and
// proposes "no" for a shard of which nothing was. So whatever may have been decided is decided
// again, and F acceptors may be down.
//
// Source: Gray and Lamport, "Consensus on transaction commit" (ACM TODS 31(1), 2006); Lamport, "The
// part-time parliament" (TOCS 1998). Simplified: one row a shard, and a shard whose row is locked
// votes no; an acceptor sends the votes of all shards in one message, and one ballot number stands
// for all instances of a transaction, both as in section 5 of the paper; acceptors are the spare
// leaders.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "core/sim/oracles.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::paxos_commit {

struct Params {
  bool learn_first = true;
  Time patience_us = milliseconds(600);
  Time retry_us = milliseconds(500);
  Time give_up_us = seconds(2);
  Time log_us = milliseconds(5);
  Time send_us = milliseconds(1);
  FIELDS(learn_first, patience_us, retry_us, give_up_us, log_us, send_us)
};

using Transaction = std::int64_t;  // numbered by its client, and no number is used twice
inline constexpr Transaction numbers_each = 1'000'000;
using Votes = std::map<NodeId, bool>;

struct Accepted {
  Epoch ballot;
  bool yes = false;
  FIELDS(ballot, yes)
};
using AcceptedVotes = std::map<NodeId, Accepted>;

// clang-format off
// Messages. The paper's names: Vote and Propose are 2a, Stands is 2b, Lead 1a, Learnt 1b.
struct Begin { Transaction transaction = 0; FIELDS(transaction) };
struct Prepare { Transaction transaction = 0; FIELDS(transaction) };
struct Vote { Transaction transaction = 0; bool yes = false; FIELDS(transaction, yes) };
struct Stands { Transaction transaction = 0; Epoch ballot; bool all_yes = false;
                FIELDS(transaction, ballot, all_yes) };
struct Lead { Transaction transaction = 0; Epoch ballot; FIELDS(transaction, ballot) };
struct Learnt { Transaction transaction = 0; Epoch ballot; AcceptedVotes votes;
                FIELDS(transaction, ballot, votes) };
struct Propose { Transaction transaction = 0; Epoch ballot; Votes votes;
                 FIELDS(transaction, ballot, votes) };
struct Commit { Transaction transaction = 0; FIELDS(transaction) };
struct Abort { Transaction transaction = 0; FIELDS(transaction) };
struct Answer { Transaction transaction = 0; bool committed = false;
                FIELDS(transaction, committed) };
using Message = std::variant<Begin, Prepare, Vote, Stands, Lead, Learnt, Propose, Commit, Abort,
                             Answer>;

// Timers.
struct AskAgain { Transaction transaction = 0; FIELDS(transaction) };
struct Silent { Transaction transaction = 0; FIELDS(transaction) };
struct GiveUp { Transaction transaction = 0; FIELDS(transaction) };
using Timer = std::variant<AskAgain, Silent, GiveUp>;

// A person's requests: to a client, and to a shard, which cannot do its part the next time.
struct Transact { FIELDS_NONE };
struct RefuseNext { FIELDS_NONE };
using Request = std::variant<Transact, RefuseNext>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

struct Coordinator;
struct Shard;
struct Acceptor;

enum class Record : std::uint8_t { none, prepared, committed, aborted };

struct Client {
  static constexpr Shape shape = Shape::client;

  std::set<Transaction> waiting;  // for an answer

  void on(Ctx& ctx, const Transact&) {
    const Transaction transaction = numbered(ctx, ctx.invoke({"transact"}));
    waiting.insert(transaction);
    ctx.send(ctx.first<Coordinator>(), Begin{transaction});
    ctx.set_timer(GiveUp{transaction}, ctx.params().give_up_us);
  }
  void on(Ctx& ctx, NodeId, const Answer& m) {
    finish(ctx, m.transaction, m.committed ? Outcome::ok : Outcome::failed);
  }
  void on(Ctx& ctx, GiveUp t) { finish(ctx, t.transaction, Outcome::unknown); }

  void finish(Ctx& ctx, Transaction transaction, Outcome outcome) {
    if (waiting.erase(transaction) == 0) return;  // a second answer
    ctx.cancel_timer(GiveUp{transaction});
    ctx.complete(static_cast<std::uint32_t>(transaction % numbers_each), outcome, transaction);
  }
  // A client's own numbers; no two clients share one.
  static Transaction numbered(Ctx& ctx, std::uint32_t operation) {
    const std::vector<NodeId> all = ctx.all<Client>();
    const auto place = std::find(all.begin(), all.end(), ctx.self()) - all.begin();
    return static_cast<Transaction>(place) * numbers_each + operation;
  }
  std::string caption(NodeNames) const { return waiting.empty() ? "" : "waits for an answer"; }
  FIELDS(waiting)
};

// A crash between two of these loses the rest.
template <class M>
void tell(Ctx& ctx, const std::vector<NodeId>& whom, const M& message) {
  for (const NodeId node : whom) {
    ctx.work(ctx.params().send_us);
    ctx.send(node, message);
  }
}
inline void announce(Ctx& ctx, Transaction transaction, bool committed) {
  std::vector<NodeId> all = ctx.all<Shard>();
  const std::vector<NodeId> acceptors = ctx.all<Acceptor>();
  all.insert(all.end(), acceptors.begin(), acceptors.end());
  if (ctx.first<Coordinator>() != nobody) all.push_back(ctx.first<Coordinator>());
  std::erase(all, ctx.self());
  if (committed) tell(ctx, all, Commit{transaction});
  if (!committed) tell(ctx, all, Abort{transaction});
}
inline bool is_majority(Ctx& ctx, std::size_t count) {
  return 2 * count > ctx.all<Acceptor>().size();
}

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

struct Shard {
  static constexpr Shape shape = Shape::storage;
  enum class State : std::uint8_t { idle, prepared, in_doubt };
  struct Entry {
    Record record{};
    Transaction transaction = 0;
    FIELDS(record, transaction)
  };
  // The write-ahead log: what stands in it survives a crash, and nothing else does.
  struct Wal {
    Log<Entry> log;
    FIELDS(log)

    void write(Record record, Transaction transaction) { log.append({record, transaction}); }
    // The last that was written about the transaction.
    Record of(Transaction transaction) const {
      Record last = Record::none;
      for (const Entry& entry : log.entries) {
        if (entry.transaction == transaction) last = entry.record;
      }
      return last;
    }
  };

  State state{};
  Lock<Transaction> lock;  // of its one row; after a crash it is taken again from the log
  bool refuses_next = false;
  Wal disk;

  void on(Ctx&, const RefuseNext&) { refuses_next = true; }

  void on(Ctx& ctx, NodeId, const Prepare& m) {
    if (disk.of(m.transaction) != Record::none) return;
    const bool able = !refuses_next && !lock.held();
    refuses_next = false;
    disk.write(able ? Record::prepared : Record::aborted, m.transaction);
    if (able) hold(ctx, m.transaction, State::prepared);
    ctx.work(ctx.params().log_us);
    tell(ctx, ctx.all<Acceptor>(), Vote{m.transaction, able});
  }
  void hold(Ctx& ctx, Transaction transaction, State now) {
    state = now;
    lock.take(transaction);
    ctx.set_timer(AskAgain{transaction}, ctx.params().retry_us);
  }
  // An acceptor that knows the outcome answers a vote with it.
  void on(Ctx& ctx, AskAgain t) {
    hold(ctx, t.transaction, State::in_doubt);
    tell(ctx, ctx.all<Acceptor>(), Vote{t.transaction, true});
  }
  void on(Ctx& ctx, NodeId, const Commit& m) { finish(ctx, m.transaction, Record::committed); }
  void on(Ctx& ctx, NodeId, const Abort& m) { finish(ctx, m.transaction, Record::aborted); }
  void finish(Ctx& ctx, Transaction transaction, Record outcome) {
    const Record last = disk.of(transaction);
    if (last == Record::committed || last == Record::aborted) return;
    disk.write(outcome, transaction);
    if (!lock.held_by(transaction)) return;  // it was told to abort before it was asked
    state = State::idle;
    lock.release(transaction);
    ctx.cancel_timer(AskAgain{transaction});
  }
  void restart(Ctx& ctx) {
    for (const Entry& entry : disk.log.entries) {
      if (disk.of(entry.transaction) == Record::prepared) on(ctx, AskAgain{entry.transaction});
    }
  }
  std::string caption(NodeNames) const {
    if (state == State::idle) return "";
    return state == State::prepared ? "voted yes, waits for the decision"
                                    : "in doubt: asks the acceptors";
  }
  FIELDS(state, lock, refuses_next, disk)
};

struct Protocol;

inline bool lock_held(const View<Protocol>& view, NodeId node);
inline bool blocked(const View<Protocol>& view, NodeId node);
inline bool half_done(const View<Protocol>& view, NodeId node);

// Always: no shard commits a transaction that another aborts.
inline Verdict atomicity(const View<Protocol>& view);
// Finally: no shard holds its lock.
inline Verdict locks_released(const View<Protocol>& view);
// Finally: every client has an answer, if only "unknown".

struct Protocol {
  using Message = paxos_commit::Message;
  using Timer = paxos_commit::Timer;
  using Request = paxos_commit::Request;
  using Node = std::variant<Client, Coordinator, Acceptor, Shard>;
  using Params = paxos_commit::Params;
  static constexpr std::string_view name = "paxos_commit";
  static constexpr std::string_view title = "Paxos commit";
  static constexpr std::string_view sentence =
      "Each shard's vote is agreed on by acceptors, so that no single crash blocks the commit.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        flag_parameter<&Params::learn_first>(
            "learn_first",
            "A new leader first learns what a majority has accepted. Off, it "
            "proposes to abort at once, which breaks atomicity."),
        time_parameter<&Params::patience_us>(
            "patience", milliseconds(1), hours(1),
            "How long an acceptor waits for the decision before it leads; up to twice as long."),
        time_parameter<&Params::retry_us>("retry", milliseconds(1), hours(1),
                                          "After how long in doubt a shard sends its vote again."),
        time_parameter<&Params::give_up_us>("give_up", milliseconds(1), hours(10),
                                            "After how long a client stops waiting."),
        time_parameter<&Params::log_us>("log", 0, seconds(10),
                                        "How long it takes to write a record to the log."),
        time_parameter<&Params::send_us>("send", 0, seconds(10),
                                         "How long a node works on each of several messages."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"atomicity", "No shard commits a transaction that another aborts.", PropertyKind::always,
         atomicity},
        {"locks_released", "In the end no shard holds its lock.", PropertyKind::finally,
         locks_released},
        {"all_answered", "Every client learns the outcome, if only that nobody knows.",
         PropertyKind::finally, all_answered<Protocol>},
    };
  }
  static std::vector<Stopwatch<Protocol>> stopwatches() {
    return {
        {"lock_held", "How long rows were locked.", lock_held},
        {"blocked", "How long shards held their locks after they had asked in vain for a decision.",
         blocked},
        {"half_done", "How long a transaction could be seen half done.", half_done},
    };
  }
  static bool linked(std::string_view a, std::string_view b) {
    if (a == "Acceptor" && b == "Acceptor") return true;
    return a != b && (a != "Client" || b == "Coordinator") && (b != "Client" || a == "Coordinator");
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "transaction " + std::to_string(record.number);
  }
};

inline bool lock_held(const View<Protocol>& view, NodeId node) {
  const Shard* shard = view.as<Shard>(node);
  return shard != nullptr && shard->lock.held();
}

inline bool blocked(const View<Protocol>& view, NodeId node) {
  const Shard* shard = view.as<Shard>(node);
  return shard != nullptr && shard->state == Shard::State::in_doubt;
}

// It is committed here, and another shard shows its row as if it had never been. A row that is
// locked shows nothing.
inline bool half_done(const View<Protocol>& view, NodeId node) {
  const Shard* shard = view.as<Shard>(node);
  if (shard == nullptr) return false;
  bool half = false;
  for (const Shard::Entry& entry : shard->disk.log.entries) {
    view.for_each<Shard>([&](NodeId id, const Shard& other) {
      half = half || (entry.record == Record::committed && view.condition(id) == Condition::up &&
                      !other.lock.held_by(entry.transaction) &&
                      other.disk.of(entry.transaction) != Record::committed);
    });
  }
  return half;
}

inline Verdict atomicity(const View<Protocol>& view) {
  std::map<Transaction, NodeId> committed, aborted;
  view.for_each<Shard>([&](NodeId id, const Shard& shard) {
    for (const Shard::Entry& entry : shard.disk.log.entries) {
      if (entry.record == Record::committed) committed.emplace(entry.transaction, id);
      if (entry.record == Record::aborted) aborted.emplace(entry.transaction, id);
    }
  });
  for (const auto& [transaction, one] : committed) {
    const auto other = aborted.find(transaction);
    if (other == aborted.end()) continue;
    return violated(view.name(one) + " committed transaction " + std::to_string(transaction) +
                        ", " + view.name(other->second) + " aborted it.",
                    {one, other->second});
  }
  return holds();
}

inline Verdict locks_released(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Shard>([&](NodeId id, const Shard& shard) {
    if (!shard.lock.held() || !verdict.holds) return;
    verdict = violated(view.name(id) + " still holds its lock for transaction " +
                           std::to_string(*shard.lock.owner) + ".",
                       {id});
  });
  return verdict;
}

}  // namespace netsplit::paxos_commit
