// Gets a value decided, in two phases.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/protocols/paxos/messages.h"

namespace netsplit::paxos {

struct Proposer {
  static constexpr Shape shape = Shape::client;
  enum class State : std::uint8_t { idle, preparing, accepting, backing_off, gave_up, decided };

  State state = State::idle;
  Epoch ballot;
  std::int64_t wanted = 0;      // what it was asked to propose
  std::int64_t proposed = 0;    // what it asks to accept
  std::int64_t value = 0;       // what is decided
  std::vector<NodeId> answers;  // that said yes in this phase
  Epoch voted;                  // the highest vote it was told of, and its value
  std::int64_t voted_value = 0;
  Hidden<Epoch> highest;  // ballot of others that it has heard of
  std::int64_t rounds = 0;
  Hidden<std::uint32_t> operation;

  void on(Ctx& ctx, const Propose& request) {
    const std::uint32_t number = ctx.invoke({"propose", 0, request.value, 0});
    if (state == State::decided) return ctx.complete(number, Outcome::ok, value);
    if (wanted != 0 || request.value == 0) return ctx.complete(number, Outcome::failed);
    operation.value = number;
    wanted = request.value;
    next_round(ctx);
  }

  // Phase 1. A ballot's number is round * nodes + own number, so that no two proposers share one.
  void next_round(Ctx& ctx) {
    if (rounds == ctx.params().rounds_max) return give_up(ctx);
    ++rounds;
    const std::int64_t nodes = ctx.node_count();
    const std::int64_t round = std::max(ballot, highest.value).value / nodes + 1;
    ballot = Epoch{round * nodes + ctx.self().value};
    state = State::preparing;
    answers.clear();
    voted = Epoch{};
    voted_value = 0;
    for (const NodeId acceptor : ctx.all<Acceptor>()) ctx.send(acceptor, Prepare{ballot});
    ctx.set_timer(NoMajority{}, ctx.params().patience_us);
  }
  void on(Ctx& ctx, NodeId from, const Promise& m) {
    if (state != State::preparing || m.ballot != ballot || !is_new(from)) return;
    if (m.value != 0 && (voted_value == 0 || m.voted > voted)) {
      voted = m.voted;
      voted_value = m.value;
    }
    if (!is_majority(ctx)) return;
    // The hard line: what may have been decided must be proposed again. The broken twin does not.
    proposed = voted_value != 0 && ctx.params().adopt ? voted_value : wanted;
    state = State::accepting;
    answers.clear();
    ctx.work(ctx.params().sync_us);  // its ballot goes to its own disk first
    for (const NodeId acceptor : ctx.all<Acceptor>()) ctx.send(acceptor, Accept{ballot, proposed});
  }

  // Phase 2.
  void on(Ctx& ctx, NodeId from, const Accepted& m) {
    if (state != State::accepting || m.ballot != ballot || !is_new(from)) return;
    if (!is_majority(ctx)) return;
    for (const NodeId other : ctx.all<Proposer>()) {
      if (other != ctx.self()) ctx.send(other, Decided{proposed});
    }
    decide(ctx, proposed);
  }
  void on(Ctx& ctx, NodeId, const Decided& m) { decide(ctx, m.value); }
  void decide(Ctx& ctx, std::int64_t what) {
    if (state == State::decided) return;
    const bool waited = wanted != 0 && state != State::gave_up;
    state = State::decided;
    value = what;
    answers.clear();
    ctx.cancel_timer(NoMajority{});
    ctx.cancel_timer(TryAgain{});
    if (waited) ctx.complete(operation.value, Outcome::ok, value);
  }

  void on(Ctx& ctx, NodeId, const Refused& m) {
    highest.value = std::max(highest.value, m.promised);
    const bool running = state == State::preparing || state == State::accepting;
    if (!running || m.ballot != ballot) return;
    ctx.cancel_timer(NoMajority{});
    if (ctx.params().backoff == Backoff::none) return next_round(ctx);
    state = State::backing_off;
    answers.clear();
    ctx.set_timer(TryAgain{}, 0, ctx.params().backoff_us * std::min<std::int64_t>(rounds, 16));
  }
  void on(Ctx& ctx, NoMajority) { next_round(ctx); }
  void on(Ctx& ctx, TryAgain) { next_round(ctx); }
  // What it proposed may be decided all the same, by another who finds it.
  void give_up(Ctx& ctx) {
    state = State::gave_up;
    answers.clear();
    ctx.complete(operation.value, Outcome::unknown);
  }

  bool is_new(NodeId from) {
    if (std::find(answers.begin(), answers.end(), from) != answers.end()) return false;
    answers.insert(std::upper_bound(answers.begin(), answers.end(), from), from);
    return true;
  }
  bool is_majority(Ctx& ctx) const { return 2 * answers.size() > ctx.all<Acceptor>().size(); }

  std::string caption(NodeNames) const {
    switch (state) {
      case State::idle:
        return "";
      case State::preparing:
        return "asks for promises";
      case State::accepting:
        return "asks to accept " + std::to_string(proposed);
      case State::backing_off:
        return "was refused, waits";
      case State::gave_up:
        return "gave up";
      case State::decided:
        return "knows: " + std::to_string(value);
    }
    return "";
  }
  FIELDS(state, ballot, wanted, proposed, value, answers, voted, voted_value, highest, rounds,
         operation)
};

}  // namespace netsplit::paxos
