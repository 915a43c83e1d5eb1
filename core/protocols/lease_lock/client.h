// Takes the lock, works, writes.
#pragma once

#include <string>

#include "core/protocols/lease_lock/messages.h"

namespace netsplit::lease_lock {

struct Client {
  static constexpr Shape shape = Shape::client;
  enum class State : std::uint8_t { idle, waiting, holding, writing };

  State state = State::idle;
  Token token;               // of the lock it holds, or held last
  Time lease_until_us = 0;   // on its own monotonic clock, counted from when it asked
  std::int64_t version = 0;  // what it read, for a conditional write
  Hidden<Time> asked_us;
  Hidden<Time> work_us;
  Hidden<std::uint32_t> operation;

  void on(Ctx& ctx, const LockAndWrite& request) {
    const std::uint32_t number = ctx.invoke({"write", 0, ctx.self().value, 0});
    if (state != State::idle) return ctx.complete(number, Outcome::failed);
    operation.value = number;
    work_us.value = request.work_us;
    asked_us.value = ctx.monotonic();
    state = State::waiting;
    ask(ctx);
  }
  void on(Ctx& ctx, AskAgain) { ask(ctx); }
  void ask(Ctx& ctx) {
    ctx.send(ctx.first<LockService>(), Acquire{});
    ctx.set_timer(AskAgain{}, ctx.params().retry_us);
  }

  void on(Ctx& ctx, NodeId, const Granted& m) {
    if (state != State::waiting || m.token <= token) return;  // a second copy
    ctx.cancel_timer(AskAgain{});
    state = State::holding;
    token = m.token;
    lease_until_us = asked_us.value + m.lease_us;
    if (ctx.params().fencing == Fencing::conditional_write ||
        ctx.params().fencing == Fencing::epoch) {
      ctx.send(ctx.first<Storage>(), Read{token});
    } else {
      ctx.set_timer(ValueReady{}, work_us.value);
    }
    ctx.set_timer(GiveUp{}, ctx.params().give_up_us);
  }
  void on(Ctx& ctx, NodeId, const ReadReply& m) {
    if (state != State::holding) return;
    // Its own lease is long over: the condition could not tell, since the version is the new one.
    if (m.token > token) return finish(ctx, Outcome::failed);
    version = m.version;
    ctx.set_timer(ValueReady{}, work_us.value);
  }

  void on(Ctx& ctx, ValueReady) {
    // Looking at the clock helps only until the message is sent: what happens to it then is out of
    // the client's hands.
    if (ctx.params().check_lease && ctx.monotonic() >= lease_until_us)
      return finish(ctx, Outcome::failed);
    state = State::writing;
    ctx.send(ctx.first<Storage>(), Write{ctx.self(), token, version});
  }
  // An answer to an earlier write, late or doubled, says nothing about this one.
  void on(Ctx& ctx, NodeId, const Written& m) {
    if (state == State::writing && m.token == token) finish(ctx, Outcome::ok);
  }
  void on(Ctx& ctx, NodeId, const Rejected& m) {
    if (state == State::writing && m.token == token) finish(ctx, Outcome::failed);
  }
  void on(Ctx& ctx, GiveUp) {
    finish(ctx, state == State::writing ? Outcome::unknown : Outcome::failed);
  }

  void finish(Ctx& ctx, Outcome outcome) {
    if (state == State::idle) return;
    state = State::idle;
    ctx.cancel_timer(GiveUp{});
    ctx.cancel_timer(ValueReady{});
    ctx.complete(operation.value, outcome);
    ctx.send(ctx.first<LockService>(), Release{token});
  }

  std::string caption(NodeNames) const {
    switch (state) {
      case State::idle:
        return "";
      case State::waiting:
        return "waits for the lock";
      case State::holding:
        return "thinks it holds the lock";
      case State::writing:
        return "is writing";
    }
    return "";
  }
  FIELDS(state, token, lease_until_us, version, asked_us, work_us, operation)
};

}  // namespace netsplit::lease_lock
