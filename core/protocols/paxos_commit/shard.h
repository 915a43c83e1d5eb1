// A shard: its vote is the value that its instance agrees on.
#pragma once

#include <string>

#include "core/protocols/paxos_commit/messages.h"

namespace netsplit::paxos_commit {

struct Shard {
  static constexpr Shape shape = Shape::storage;
  enum class State : std::uint8_t { idle, prepared, in_doubt };

  State state{};
  Lock<Transaction> lock;  // of its one row; after a crash it is taken again from the log
  bool refuses_next = false;
  Wal disk;

  void on(Ctx&, const RefuseNext&) { refuses_next = true; }

  void on(Ctx& ctx, NodeId, const Prepare& m) {
    if (disk.of(m.transaction) != Record::none) return;
    const bool able = atomic_commit::write_vote(*this, m.transaction);
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
    if (!atomic_commit::write_outcome(*this, transaction, outcome)) return;
    state = State::idle;
    ctx.cancel_timer(AskAgain{transaction});
  }
  void restart(Ctx& ctx) {
    disk.for_each([&](Record, Transaction transaction) {
      if (disk.of(transaction) == Record::prepared) on(ctx, AskAgain{transaction});
    });
  }
  // It has asked in vain for the decision.
  bool blocked() const { return state == State::in_doubt; }
  std::string caption(NodeNames) const {
    if (state == State::idle) return "";
    return state == State::prepared ? "voted yes, waits for the decision"
                                    : "in doubt: asks the acceptors";
  }
  FIELDS(state, lock, refuses_next, disk)
};

}  // namespace netsplit::paxos_commit
