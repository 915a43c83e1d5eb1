// A shard: votes, holds its lock until it knows the decision, and asks for it.
#pragma once

#include <string>

#include "core/protocols/two_phase_commit/messages.h"

namespace netsplit::two_phase_commit {

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
    const bool able = atomic_commit::write_vote(*this, m.transaction);
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
    if (!atomic_commit::write_outcome(*this, transaction, outcome)) return;
    state = State::idle;
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
    disk.for_each([&](Record, Transaction transaction) {
      if (disk.of(transaction) != Record::prepared) return;
      hold(ctx, transaction, State::in_doubt);
      ask(ctx, transaction);
    });
  }

  // It has asked in vain for the decision.
  bool blocked() const { return state == State::in_doubt; }
  std::string caption(NodeNames) const {
    if (state == State::idle) return "";
    return state == State::prepared ? "voted yes, waits for the decision"
                                    : "in doubt: asks for the decision";
  }
  FIELDS(state, lock, refuses_next, disk)
};

}  // namespace netsplit::two_phase_commit
