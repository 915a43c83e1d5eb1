// Two-phase commit with presumed abort.
//
// A transaction changes several shards, and either all of them commit it or none does. The
// coordinator asks every shard to prepare. A shard that can do its part locks its row, writes
// "prepared" to its log and votes yes; from then on it may no longer decide by itself. When all
// have voted yes the coordinator writes "committed" to its own log, and that one write is the
// decision; then it tells the shards. Any no, or a vote that does not come, aborts.
//
// The trouble: a shard that has voted yes and hears nothing is in doubt. It must hold its lock
// until somebody who knows comes back. Asking the other shards (cooperative termination) helps
// only if one of them knows the outcome or has not voted yet.
//
// Source: Gray, "Notes on data base operating systems" (1978); Mohan, Lindsay and Obermarck,
// "Transaction management in the R* distributed database management system" (TODS 1986), presumed
// abort; Bernstein, Hadzilacos and Goodman, "Concurrency control and recovery in database systems"
// (1987), 7.4. Simplified: one row a shard, and a shard whose row is locked votes no; a log is
// never cut off; "begun" stands for the memory of numbers that are never used twice.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "core/sim/oracles.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::two_phase_commit {

struct Params {
  bool log_first = true;
  bool cooperative = false;
  Time vote_timeout_us = milliseconds(500);
  Time retry_us = milliseconds(500);
  Time give_up_us = seconds(2);
  Time log_us = milliseconds(5);
  Time send_us = milliseconds(1);
  FIELDS(log_first, cooperative, vote_timeout_us, retry_us, give_up_us, log_us, send_us)
};

using Transaction = std::int64_t;  // numbered by its client, and no number is used twice
inline constexpr Transaction numbers_each = 1'000'000;

// clang-format off
// Messages.
struct Begin { Transaction transaction = 0; FIELDS(transaction) };
struct Prepare { Transaction transaction = 0; FIELDS(transaction) };
struct Yes { Transaction transaction = 0; FIELDS(transaction) };
struct No { Transaction transaction = 0; FIELDS(transaction) };
struct Commit { Transaction transaction = 0; FIELDS(transaction) };
struct Abort { Transaction transaction = 0; FIELDS(transaction) };
struct Done { Transaction transaction = 0; FIELDS(transaction) };
struct Inquire { Transaction transaction = 0; FIELDS(transaction) };
struct Answer { Transaction transaction = 0; bool committed = false;
                FIELDS(transaction, committed) };
using Message = std::variant<Begin, Prepare, Yes, No, Commit, Abort, Done, Inquire, Answer>;

// Timers.
struct VoteTimeout { Transaction transaction = 0; FIELDS(transaction) };
struct WriteLate { Transaction transaction = 0; FIELDS(transaction) };  // the broken twin's log
struct TellAgain { Transaction transaction = 0; FIELDS(transaction) };
struct AskAgain { Transaction transaction = 0; FIELDS(transaction) };
struct GiveUp { Transaction transaction = 0; FIELDS(transaction) };
using Timer = std::variant<VoteTimeout, WriteLate, TellAgain, AskAgain, GiveUp>;

// A person's requests: to a client, and to a shard, which cannot do its part the next time.
struct Transact { FIELDS_NONE };
struct RefuseNext { FIELDS_NONE };
using Request = std::variant<Transact, RefuseNext>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

struct Coordinator;
struct Shard;

enum class Record : std::uint8_t { none, begun, prepared, committed, aborted, ended };
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
    for (const Entry& entry : disk.log.entries) {
      if (disk.of(entry.transaction) != Record::committed || open.contains(entry.transaction))
        continue;
      open[entry.transaction] = {nobody, true, shards(ctx)};
      tell(ctx, shards(ctx), Commit{entry.transaction});
      ctx.set_timer(TellAgain{entry.transaction}, ctx.params().retry_us);
    }
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

struct Shard {
  static constexpr Shape shape = Shape::storage;
  enum class State : std::uint8_t { idle, prepared, in_doubt };

  State state{};
  Lock<Transaction> lock;  // of its one row; after a crash it is taken again from the log
  bool refuses_next = false;
  Wal disk;

  void on(Ctx&, const RefuseNext&) { refuses_next = true; }

  void on(Ctx& ctx, NodeId from, const Prepare& m) {
    const Record last = disk.of(m.transaction);
    if (last == Record::prepared) return ctx.send(from, Yes{m.transaction});
    if (last == Record::aborted) return ctx.send(from, No{m.transaction});
    if (last != Record::none) return;
    const bool able = !refuses_next && !lock.held();
    refuses_next = false;
    disk.write(able ? Record::prepared : Record::aborted, m.transaction);
    ctx.work(ctx.params().log_us);
    if (!able) return ctx.send(from, No{m.transaction});
    hold(ctx, m.transaction, State::prepared);
    ctx.send(from, Yes{m.transaction});
  }
  void hold(Ctx& ctx, Transaction transaction, State now) {
    state = now;
    lock.take(transaction);
    ctx.set_timer(AskAgain{transaction}, ctx.params().retry_us);
  }

  void on(Ctx& ctx, NodeId from, const Commit& m) {
    finish(ctx, m.transaction, Record::committed);
    if (from == ctx.first<Coordinator>()) ctx.send(from, Done{m.transaction});
  }
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

  void on(Ctx& ctx, AskAgain t) {
    ask(ctx, t.transaction);
    hold(ctx, t.transaction, State::in_doubt);
  }
  void ask(Ctx& ctx, Transaction transaction) {
    ctx.send(ctx.first<Coordinator>(), Inquire{transaction});
    if (!ctx.params().cooperative) return;
    for (const NodeId other : ctx.all<Shard>()) {
      if (other != ctx.self()) ctx.send(other, Inquire{transaction});
    }
  }
  // Another shard asks. One that has not voted can still make sure of the answer: it aborts.
  void on(Ctx& ctx, NodeId from, const Inquire& m) {
    if (disk.of(m.transaction) == Record::none) disk.write(Record::aborted, m.transaction);
    if (disk.of(m.transaction) == Record::committed) ctx.send(from, Commit{m.transaction});
    if (disk.of(m.transaction) == Record::aborted) ctx.send(from, Abort{m.transaction});
  }

  void restart(Ctx& ctx) {
    for (const Entry& entry : disk.log.entries) {
      if (disk.of(entry.transaction) != Record::prepared) continue;
      hold(ctx, entry.transaction, State::in_doubt);
      ask(ctx, entry.transaction);
    }
  }

  std::string caption(NodeNames) const {
    if (state == State::idle) return "";
    return state == State::prepared ? "voted yes, waits for the decision"
                                    : "in doubt: asks for the decision";
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
  using Message = two_phase_commit::Message;
  using Timer = two_phase_commit::Timer;
  using Request = two_phase_commit::Request;
  using Node = std::variant<Client, Coordinator, Shard>;
  using Params = two_phase_commit::Params;
  static constexpr std::string_view name = "two_phase_commit";
  static constexpr std::string_view title = "Two-phase commit";
  static constexpr std::string_view sentence =
      "A coordinator asks every shard to prepare, and decides to commit when all have voted yes.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        flag_parameter<&Params::log_first>("log_first",
                                           "The coordinator writes its decision to the log before "
                                           "it tells anyone. Off breaks atomicity."),
        flag_parameter<&Params::cooperative>("cooperative",
                                             "A shard in doubt also asks the other shards."),
        time_parameter<&Params::vote_timeout_us>(
            "vote_timeout", milliseconds(1), hours(1),
            "After how long without all votes the coordinator aborts."),
        time_parameter<&Params::retry_us>(
            "retry", milliseconds(1), hours(1),
            "After how long without an answer a shard asks, and the coordinator tells, again."),
        time_parameter<&Params::give_up_us>("give_up", milliseconds(1), hours(10),
                                            "After how long a client stops waiting."),
        time_parameter<&Params::log_us>("log", 0, seconds(10),
                                        "How long it takes to write a record to the log."),
        time_parameter<&Params::send_us>("send", 0, seconds(10),
                                         "How long the coordinator works on each message."),
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
    return (a == "Coordinator") != (b == "Coordinator") || (a == "Shard" && b == "Shard");
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
  for (const Entry& entry : shard->disk.log.entries) {
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
    for (const Entry& entry : shard.disk.log.entries) {
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
    verdict = violated(view.name(id) + " is in doubt about transaction " +
                           std::to_string(*shard.lock.owner) + " and holds its lock.",
                       {id});
  });
  return verdict;
}

}  // namespace netsplit::two_phase_commit
