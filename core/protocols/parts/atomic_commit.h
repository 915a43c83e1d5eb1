// What protocols have in common that commit a transaction at several shards: a client that begins
// one, a write-ahead log, what a shard writes to it, what is asked of shards, what locks cost.
// Each shard is one row with one lock, `lock`, and keeps its log as `disk`.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/protocols/parts/own_numbers.h"
#include "core/sim/oracles.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::atomic_commit {

using Transaction = std::int64_t;  // numbered by its client, and no number is used twice

// clang-format off
// A client's messages and timer.
struct Begin { Transaction transaction = 0; FIELDS(transaction) };
struct Answer { Transaction transaction = 0; bool committed = false;
                FIELDS(transaction, committed) };
struct GiveUp { Transaction transaction = 0; FIELDS(transaction) };

// A person's requests: to a client, and to a shard, which cannot do its part the next time.
struct Transact { FIELDS_NONE };
struct RefuseNext { FIELDS_NONE };
// clang-format on

// `Own` is the protocol's client, with the field `waiting`.
template <class Own, class Ctx, class Coordinator>
struct CommitClient {
  static constexpr Shape shape = Shape::client;

  std::set<Transaction> waiting;  // for an answer

  void on(Ctx& ctx, const Transact&) {
    const Transaction transaction = own_number<Own>(ctx, ctx.invoke({"transact"}));
    waiting.insert(transaction);
    ctx.send(ctx.template first<Coordinator>(), Begin{transaction});
    ctx.set_timer(GiveUp{transaction}, ctx.params().give_up_us);
  }
  void on(Ctx& ctx, NodeId, const Answer& m) {
    finish(ctx, m.transaction, m.committed ? Outcome::ok : Outcome::failed);
  }
  void on(Ctx& ctx, GiveUp t) { finish(ctx, t.transaction, Outcome::unknown); }

  void finish(Ctx& ctx, Transaction transaction, Outcome outcome) {
    if (waiting.erase(transaction) == 0) return;  // a second answer
    ctx.cancel_timer(GiveUp{transaction});
    ctx.complete(operation_of(transaction), outcome, transaction);
  }
  std::string caption(NodeNames) const { return waiting.empty() ? "" : "waits for an answer"; }
};

// The write-ahead log: what stands in it survives a crash, and nothing else does. `Record` is the
// protocol's enumeration, with `none`, `committed` and `aborted` among others.
template <class Record>
struct WriteAheadLog {
  struct Entry {
    Record record{};
    Transaction transaction = 0;
    FIELDS(record, transaction)
  };
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
  // visit(record, transaction) for each entry, in order.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Entry& entry : log.entries) visit(entry.record, entry.transaction);
  }
};

// A shard's vote, written to its log: whether it is able to do its part. `Shard` has `lock`,
// `refuses_next` and `disk`.
template <class Shard>
bool write_vote(Shard& shard, Transaction transaction) {
  using Record = decltype(shard.disk.of(transaction));
  const bool able = !shard.refuses_next && !shard.lock.held();
  shard.refuses_next = false;
  shard.disk.write(able ? Record::prepared : Record::aborted, transaction);
  return able;
}
// The outcome, written when it is first told: whether that has released the shard's lock. A shard
// can be told to abort before it is asked.
template <class Shard, class Record>
bool write_outcome(Shard& shard, Transaction transaction, Record outcome) {
  const Record last = shard.disk.of(transaction);
  if (last == Record::committed || last == Record::aborted) return false;
  shard.disk.write(outcome, transaction);
  if (!shard.lock.held_by(transaction)) return false;
  shard.lock.release(transaction);
  return true;
}

// Always: no shard commits a transaction that another aborts.
template <class Shard, class P>
Verdict atomicity(const View<P>& view) {
  std::map<Transaction, NodeId> committed, aborted;
  view.template for_each<Shard>([&](NodeId id, const Shard& shard) {
    shard.disk.for_each([&](auto record, Transaction transaction) {
      if (record == decltype(record)::committed) committed.emplace(transaction, id);
      if (record == decltype(record)::aborted) aborted.emplace(transaction, id);
    });
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

// Finally: no shard holds its lock.
template <class Shard, class P>
Verdict locks_released(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Shard>([&](NodeId id, const Shard& shard) {
    if (!shard.lock.held() || !verdict.holds) return;
    verdict = violated(view.name(id) + " still holds its lock for transaction " +
                           std::to_string(*shard.lock.owner) + ".",
                       {id});
  });
  return verdict;
}

template <class Shard, class P>
bool lock_held(const View<P>& view, NodeId node) {
  const Shard* shard = view.template as<Shard>(node);
  return shard != nullptr && shard->lock.held();
}

template <class Shard, class P>
bool blocked(const View<P>& view, NodeId node) {
  const Shard* shard = view.template as<Shard>(node);
  return shard != nullptr && shard->blocked();
}

// It is committed here, and another shard shows its row as if it had never been. A row that is
// locked shows nothing.
template <class Shard, class P>
bool half_done(const View<P>& view, NodeId node) {
  const Shard* shard = view.template as<Shard>(node);
  if (shard == nullptr) return false;
  bool half = false;
  shard->disk.for_each([&](auto record, Transaction transaction) {
    const auto committed = decltype(record)::committed;
    view.template for_each<Shard>([&](NodeId id, const Shard& other) {
      half = half || (record == committed && view.condition(id) == Condition::up &&
                      !other.lock.held_by(transaction) && other.disk.of(transaction) != committed);
    });
  });
  return half;
}

template <class P, class Shard>
std::vector<Property<P>> commit_properties() {
  return {
      {"atomicity", "No shard commits a transaction that another aborts.", PropertyKind::always,
       atomicity<Shard, P>},
      {"locks_released", "In the end no shard holds its lock.", PropertyKind::finally,
       locks_released<Shard, P>},
      {"all_answered", "Every client learns the outcome, if only that nobody knows.",
       PropertyKind::finally, all_answered<P>},
  };
}
// `blocked_sentence` says since when a shard's own `blocked()` holds.
template <class P, class Shard>
std::vector<Stopwatch<P>> commit_stopwatches(std::string_view blocked_sentence) {
  return {
      {"lock_held", "How long rows were locked.", lock_held<Shard, P>},
      {"blocked", blocked_sentence, blocked<Shard, P>},
      {"half_done", "How long a transaction could be seen half done.", half_done<Shard, P>},
  };
}

}  // namespace netsplit::atomic_commit
