// A shard, and what shards do among themselves when the coordinator is silent.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/protocols/three_phase_commit/messages.h"

namespace netsplit::three_phase_commit {

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
    const bool able = atomic_commit::write_vote(*this, m.transaction);
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
    if (!atomic_commit::write_outcome(*this, transaction, outcome)) return;
    state = State::idle;
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
    disk.for_each([&](Record, Transaction transaction) {
      const Record last = disk.of(transaction);
      if (last != Record::prepared && last != Record::pre_committed) return;
      crashed = true;
      hold(ctx, transaction, last == Record::prepared ? State::prepared : State::pre_committed);
      tell_others(ctx, Ask{transaction, false});
    });
  }

  // It holds its lock though it has called the coordinator silent, or has crashed.
  bool blocked() const { return lock.held() && (leads || crashed); }
  std::string caption(NodeNames) const {
    if (state == State::idle) return "";
    if (crashed) return "crashed: asks what became of it";
    if (leads) return "settles it with the other shards";
    return state == State::prepared ? "voted yes, waits" : "knows that all voted yes";
  }
  FIELDS(state, lock, refuses_next, crashed, leads, told, heard, disk)
};

}  // namespace netsplit::three_phase_commit
