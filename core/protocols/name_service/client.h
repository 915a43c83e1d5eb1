// Calls the addresses it was told, for as long as it believes them.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/name_service/messages.h"

namespace netsplit::name_service {

struct Client {
  static constexpr Shape shape = Shape::client;
  std::vector<NodeId> cache;
  std::int64_t number = 0;  // of the last call
  bool waiting = false;
  Hidden<std::uint32_t> operation;
  std::int64_t errors = 0;

  void start(Ctx& ctx) { ctx.set_timer(NextCall{}, ctx.params().period_us); }
  void on(Ctx& ctx, NextCall) {
    if (number >= ctx.params().calls) return;
    ctx.set_timer(NextCall{}, ctx.params().period_us);
    if (waiting) return;  // the last call is not over
    waiting = true;
    operation.value = ctx.invoke({"call", ++number});
    ctx.set_timer(NoReply{}, ctx.params().timeout_us);
    if (cache.empty()) return ctx.send(ctx.first<NameService>(), Where{});
    call(ctx);
  }
  void call(Ctx& ctx) const {
    if (!cache.empty())
      ctx.send(cache[static_cast<std::size_t>(number) % cache.size()], Call{number});
  }
  void on(Ctx& ctx, NodeId, const There& m) {
    if (!waiting || !cache.empty()) return;
    cache = m.addresses;
    if (ctx.params().ttl_us > 0) ctx.set_timer(Expires{}, ctx.params().ttl_us);
    call(ctx);
  }
  void on(Ctx&, Expires) { cache.clear(); }
  void on(Ctx& ctx, NodeId, const Reply& m) {
    if (waiting && m.number == number) finish(ctx, Outcome::ok);
  }
  void on(Ctx& ctx, NoReply) {
    if (!waiting) return;
    ++errors;
    finish(ctx, Outcome::unknown);
    if (!ctx.params().re_resolve) return;
    cache.clear();
    ctx.cancel_timer(Expires{});
  }
  void finish(Ctx& ctx, Outcome outcome) {
    waiting = false;
    ctx.cancel_timer(NoReply{});
    ctx.complete(operation.value, outcome);
  }
  std::string caption(NodeNames names) const {
    std::string text = cache.empty() ? "knows no address" : "knows";
    for (const NodeId address : cache) text += " " + name_of(address, names);
    return text;
  }
  FIELDS(cache, number, waiting, operation, errors)
};

}  // namespace netsplit::name_service
