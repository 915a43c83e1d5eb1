// Three-phase commit with a termination protocol.
//
// Between the votes and the decision the coordinator puts one more round: when all have voted yes
// it tells the shards so ("pre-commit"), waits until they have written that down, and only then
// commits. So no shard commits while another still does not know that all have voted yes. When the
// coordinator falls silent, the shards therefore settle it among themselves: one of them, in turn,
// asks the others; if any that is up has pre-committed, it brings all to pre-commit and commits;
// if none has, it aborts.
//
// This is non-blocking only without partitions and with a known bound on delays: silence must mean
// a crash. Two groups that cannot hear each other each settle it alone, and not alike. A shard that
// crashed may have missed a decision, so it asks and never leads; only when all have crashed may
// they decide by what their logs say.
//
// Source: Skeen, "Nonblocking commit protocols" (SIGMOD 1981); Bernstein, Hadzilacos and Goodman,
// "Concurrency control and recovery in database systems" (1987), 7.5. Simplified: one row a shard,
// and a shard whose row is locked votes no; shards lead in their order, spaced by the bound.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "core/sim/oracles.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::three_phase_commit {

enum class Silence : std::uint8_t { ask_others, decide_alone };

struct Params {
  Silence on_silence = Silence::ask_others;
  Time bound_us = milliseconds(250);
  Time vote_timeout_us = milliseconds(500);
  Time patience_us = milliseconds(1'000);
  Time give_up_us = seconds(2);
  Time log_us = milliseconds(5);
  Time send_us = milliseconds(1);
  FIELDS(on_silence, bound_us, vote_timeout_us, patience_us, give_up_us, log_us, send_us)
};

using Transaction = std::int64_t;  // numbered by its client, and no number is used twice
inline constexpr Transaction numbers_each = 1'000'000;

// clang-format off
// Messages.
struct Begin { Transaction transaction = 0; FIELDS(transaction) };
struct Prepare { Transaction transaction = 0; FIELDS(transaction) };
struct Yes { Transaction transaction = 0; FIELDS(transaction) };
struct No { Transaction transaction = 0; FIELDS(transaction) };
struct PreCommit { Transaction transaction = 0; FIELDS(transaction) };
struct Ack { Transaction transaction = 0; FIELDS(transaction) };
struct Commit { Transaction transaction = 0; FIELDS(transaction) };
struct Abort { Transaction transaction = 0; FIELDS(transaction) };
struct Done { Transaction transaction = 0; FIELDS(transaction) };
struct Ask { Transaction transaction = 0; bool leads = false; FIELDS(transaction, leads) };
struct Undecided { Transaction transaction = 0; bool pre_committed = false; bool crashed = false;
                   FIELDS(transaction, pre_committed, crashed) };
struct Answer { Transaction transaction = 0; bool committed = false;
                FIELDS(transaction, committed) };
using Message = std::variant<Begin, Prepare, Yes, No, PreCommit, Ack, Commit, Abort, Done, Ask,
                             Undecided, Answer>;

// Timers.
struct VoteTimeout { Transaction transaction = 0; FIELDS(transaction) };
struct AckTimeout { Transaction transaction = 0; FIELDS(transaction) };
struct Silent { Transaction transaction = 0; FIELDS(transaction) };
struct AllHeard { Transaction transaction = 0; FIELDS(transaction) };
struct GiveUp { Transaction transaction = 0; FIELDS(transaction) };
using Timer = std::variant<VoteTimeout, AckTimeout, Silent, AllHeard, GiveUp>;

// A person's requests: to a client, and to a shard, which cannot do its part the next time.
struct Transact { FIELDS_NONE };
struct RefuseNext { FIELDS_NONE };
using Request = std::variant<Transact, RefuseNext>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

struct Coordinator;
struct Shard;

enum class Record : std::uint8_t {
  none,
  begun,
  prepared,
  pre_committed,
  committed,
  aborted,
  ended
};
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

struct Shard {
  static constexpr Shape shape = Shape::storage;
  enum class State : std::uint8_t { idle, prepared, pre_committed };
  struct Heard {
    bool pre_committed = false;
    bool crashed = false;
    FIELDS(pre_committed, crashed)
  };

  State state{};
  Lock<Transaction> lock;  // of its one row; after a crash it is taken again from the log
  bool refuses_next = false;
  bool crashed = false;  // while undecided: it may have missed the decision
  bool leads = false;    // it settles the matter for all
  bool told = false;     // … and has told them that all voted yes
  std::map<NodeId, Heard> heard;
  Wal disk;

  void on(Ctx&, const RefuseNext&) { refuses_next = true; }

  void on(Ctx& ctx, NodeId from, const Prepare& m) {
    if (disk.of(m.transaction) != Record::none) return;
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
    wait(ctx, transaction);
  }
  // Each in its turn: the next leads only when the one before has had the time for two rounds.
  void wait(Ctx& ctx, Transaction transaction) {
    const std::vector<NodeId> all = ctx.all<Shard>();
    const auto place = std::find(all.begin(), all.end(), ctx.self()) - all.begin();
    ctx.set_timer(Silent{transaction},
                  ctx.params().patience_us + 3 * place * ctx.params().bound_us);
  }

  void on(Ctx& ctx, NodeId from, const PreCommit& m) {
    if (!lock.held_by(m.transaction)) return on(ctx, from, Ask{m.transaction, false});  // decided
    if (crashed) return;
    if (state == State::prepared) disk.write(Record::pre_committed, m.transaction);
    hold(ctx, m.transaction, State::pre_committed);
    ctx.work(ctx.params().log_us);
    ctx.send(from, Ack{m.transaction});
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
    if (!lock.held_by(transaction)) return;
    state = State::idle;
    lock.release(transaction);
    crashed = leads = told = false;
    heard.clear();
    ctx.cancel_timer(Silent{transaction});
    ctx.cancel_timer(AllHeard{transaction});
  }

  // The coordinator is silent. Deciding alone is the broken twin: another shard may know more.
  void on(Ctx& ctx, Silent t) {
    if (ctx.params().on_silence == Silence::decide_alone) return settle(ctx, t.transaction);
    heard.clear();
    leads = !crashed;
    told = false;
    tell_others(ctx, Ask{t.transaction, leads});
    wait(ctx, t.transaction);
    if (leads) ctx.set_timer(AllHeard{t.transaction}, ctx.params().bound_us);
  }
  void on(Ctx& ctx, NodeId from, const Ask& m) {
    const Record last = disk.of(m.transaction);
    if (last == Record::none) disk.write(Record::aborted, m.transaction);  // it never voted
    if (last == Record::none || last == Record::aborted)
      return ctx.send(from, Abort{m.transaction});
    if (last == Record::committed) return ctx.send(from, Commit{m.transaction});
    if (m.leads && !crashed) wait(ctx, m.transaction);
    ctx.send(from, Undecided{m.transaction, state == State::pre_committed, crashed});
  }
  void on(Ctx& ctx, NodeId from, const Undecided& m) {
    if (!lock.held_by(m.transaction) || (!leads && !crashed)) return;
    heard[from] = {m.pre_committed, m.crashed};
    if (leads) return;
    const bool all_crashed =
        std::all_of(heard.begin(), heard.end(), [](const auto& one) { return one.second.crashed; });
    if (all_crashed && heard.size() + 1 == ctx.all<Shard>().size()) settle(ctx, m.transaction);
  }
  void on(Ctx& ctx, AllHeard t) {
    std::erase_if(heard, [](const auto& one) { return one.second.crashed; });
    if (told || !any_pre_committed()) return settle(ctx, t.transaction);
    // All must know that all have voted yes before any commits.
    told = true;
    if (state == State::prepared) disk.write(Record::pre_committed, t.transaction);
    state = State::pre_committed;
    tell_others(ctx, PreCommit{t.transaction});
    ctx.set_timer(AllHeard{t.transaction}, ctx.params().bound_us);
  }
  bool any_pre_committed() const {
    return state == State::pre_committed ||
           std::any_of(heard.begin(), heard.end(),
                       [](const auto& one) { return one.second.pre_committed; });
  }
  void settle(Ctx& ctx, Transaction transaction) {
    const bool commit = any_pre_committed();
    finish(ctx, transaction, commit ? Record::committed : Record::aborted);
    if (ctx.params().on_silence == Silence::decide_alone) return;
    if (commit) tell_others(ctx, Commit{transaction});
    if (!commit) tell_others(ctx, Abort{transaction});
  }
  template <class M>
  static void tell_others(Ctx& ctx, const M& message) {
    ctx.send(ctx.first<Coordinator>(), message);
    for (const NodeId other : ctx.all<Shard>()) {
      if (other != ctx.self()) ctx.send(other, message);
    }
  }

  void restart(Ctx& ctx) {
    for (const Entry& entry : disk.log.entries) {
      const Record last = disk.of(entry.transaction);
      if (last != Record::prepared && last != Record::pre_committed) continue;
      crashed = true;
      hold(ctx, entry.transaction,
           last == Record::prepared ? State::prepared : State::pre_committed);
      tell_others(ctx, Ask{entry.transaction, false});
    }
  }

  std::string caption(NodeNames) const {
    if (state == State::idle) return "";
    if (crashed) return "crashed: asks what became of it";
    if (leads) return "settles it with the other shards";
    return state == State::prepared ? "voted yes, waits" : "knows that all voted yes";
  }
  FIELDS(state, lock, refuses_next, crashed, leads, told, heard, disk)
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
  using Message = three_phase_commit::Message;
  using Timer = three_phase_commit::Timer;
  using Request = three_phase_commit::Request;
  using Node = std::variant<Client, Coordinator, Shard>;
  using Params = three_phase_commit::Params;
  static constexpr std::string_view name = "three_phase_commit";
  static constexpr std::string_view title = "Three-phase commit";
  static constexpr std::string_view sentence =
      "A round between votes and decision lets the shards finish without the coordinator.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::on_silence>(
            "on_silence",
            "What a shard does when the coordinator is silent: ask the other shards, "
            "or decide by what it knows itself, which breaks atomicity."),
        time_parameter<&Params::bound_us>(
            "bound", milliseconds(1), hours(1),
            "The longest that a message and its answer can take. It must be true."),
        time_parameter<&Params::vote_timeout_us>(
            "vote_timeout", milliseconds(1), hours(1),
            "After how long without all votes the coordinator aborts."),
        time_parameter<&Params::patience_us>(
            "patience", milliseconds(1), hours(1),
            "After how long a shard calls the coordinator silent; above vote_timeout and bound."),
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
        {"blocked",
         "How long shards held their locks after they had called the coordinator silent, or "
         "crashed.",
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
  return shard != nullptr && shard->lock.held() && (shard->leads || shard->crashed);
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
    verdict = violated(view.name(id) + " still holds its lock for transaction " +
                           std::to_string(*shard.lock.owner) + ".",
                       {id});
  });
  return verdict;
}

}  // namespace netsplit::three_phase_commit
