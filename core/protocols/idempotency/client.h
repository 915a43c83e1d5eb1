// A client: asks, and asks again, with a key or without.
#pragma once

#include <algorithm>
#include <string>

#include "core/protocols/idempotency/messages.h"

namespace netsplit::idempotency {

struct Client {
  static constexpr Shape shape = Shape::client;
  enum class Told : std::uint8_t { nothing, waiting, ok, failed, unknown };  // about its order

  struct Disk {
    std::int64_t orders = 0;  // what its person wanted so far
    std::int64_t requests = 0;
    std::int64_t amount = 0;
    bool waiting = false;  // for the answer to the last order
    FIELDS(orders, requests, amount, waiting)
  } disk;
  Told told = Told::nothing;
  Token key;
  std::int64_t attempt = 0;
  std::int64_t receipt = 0;
  Hidden<std::uint32_t> operation;

  void on(Ctx& ctx, const Order& request) {
    if (disk.waiting)
      return ctx.complete(ctx.invoke({"order", 0, request.amount, 0}), Outcome::failed);
    // Written down before it is sent, so that after a crash it is still the same order.
    const std::int64_t amount = std::clamp<std::int64_t>(request.amount, 0, 1'000'000);
    disk = {disk.orders + 1, disk.requests, amount, true};
    operation.value = ctx.invoke({"order", disk.orders, amount, 0});
    attempt = 0;
    receipt = 0;
    ask(ctx);
  }
  void restart(Ctx& ctx) {
    // For how long it was down it does not know: where asking must end in time, it ends here.
    if (ctx.params().retry == Retry::none || ctx.params().attempts > 0) disk.waiting = false;
    if (disk.waiting) ask(ctx);
  }

  void ask(Ctx& ctx) {
    told = Told::waiting;
    ++attempt;
    ++disk.requests;
    key = make_key(ctx);
    ctx.send(ctx.first<OrderService>(),
             PlaceOrder{key, disk.amount, Hidden<Intent>{{ctx.self(), disk.orders}}});
    const Time base_us = ctx.params().retry_after_us;
    if (ctx.params().retry != Retry::exponential) return ctx.set_timer(NoAnswer{}, base_us);
    // Between half and all of a wait that doubles: clients that failed together come back apart.
    const Time long_us = base_us << std::min<std::int64_t>(attempt, 6);
    ctx.set_timer(NoAnswer{}, long_us / 2, long_us);
  }
  void on(Ctx& ctx, NoAnswer) {
    const Params& p = ctx.params();
    if (p.retry == Retry::none || (p.attempts > 0 && attempt >= p.attempts))
      return finish(ctx, Outcome::unknown);
    ask(ctx);
  }

  // Numbers that no other client makes.
  Token make_key(Ctx& ctx) const {
    const Params& p = ctx.params();
    std::int64_t n = disk.orders;
    if (p.method == Method::post) {
      if (p.key == KeyPer::none) return Token{};
      if (p.key == KeyPer::attempt) n = disk.requests;
      if (p.key == KeyPer::client) n = 1;
    }
    return Token{n * ctx.node_count() + ctx.self().value + 1};
  }

  void on(Ctx& ctx, NodeId, const Placed& m) {
    if (!disk.waiting || m.intent.value.order != disk.orders) return;  // of an earlier order
    receipt = m.receipt;
    finish(ctx, Outcome::ok);
  }
  void on(Ctx& ctx, NodeId, const Refused& m) {
    if (disk.waiting && m.intent.value.order == disk.orders) finish(ctx, Outcome::failed);
  }
  void finish(Ctx& ctx, Outcome outcome) {
    disk.waiting = false;
    told = outcome == Outcome::ok       ? Told::ok
           : outcome == Outcome::failed ? Told::failed
                                        : Told::unknown;
    ctx.cancel_timer(NoAnswer{});
    if (operation.value != 0) ctx.complete(operation.value, outcome, receipt);
    operation.value = 0;
  }

  std::string caption(NodeNames) const {
    if (told == Told::unknown) return "was it charged?";
    if (!disk.waiting) return receipt != 0 ? "has receipt " + std::to_string(receipt) : "";
    return attempt < 2 ? "asks" : "asks again: attempt " + std::to_string(attempt);
  }
  FIELDS(disk, told, key, attempt, receipt, operation)
};

}  // namespace netsplit::idempotency
