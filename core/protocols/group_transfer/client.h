// A client: one group after the other, or both by one transaction.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/protocols/group_transfer/replica.h"
#include "core/protocols/parts/own_numbers.h"

namespace netsplit::group_transfer {

struct Client {
  static constexpr Shape shape = Shape::client;
  struct Asked {
    std::int64_t amount = 0;
    bool withdrawn = false;  // without commit on top: the first group has agreed
    FIELDS(amount, withdrawn)
  };
  std::map<Transfer, Asked> waiting;

  void on(Ctx& ctx, const TransferAmount& request) {
    const Transfer transfer =
        own_number<Client>(ctx, ctx.invoke({"transfer", 0, request.amount, 0}));
    waiting[transfer] = {request.amount, false};
    ctx.set_timer(GiveUp{transfer}, ctx.params().give_up_us);
    ask(ctx, transfer);
  }
  void ask(Ctx& ctx, Transfer transfer) {
    const Asked& asked = waiting[transfer];
    if (ctx.params().commit)
      ctx.send(leader(ctx, 0), Move{transfer, asked.amount});
    else if (!asked.withdrawn)
      ctx.send(leader(ctx, 0), Change{transfer, -asked.amount});
    else
      ctx.send(leader(ctx, 1), Change{transfer, asked.amount});
    ctx.set_timer(AskAgain{transfer}, ctx.params().retry_us);
  }
  void on(Ctx& ctx, AskAgain t) { ask(ctx, t.transfer); }
  void on(Ctx& ctx, NodeId from, const Answer& m) {
    const auto at = waiting.find(m.transfer);
    if (at == waiting.end()) return;
    const bool half = !ctx.params().commit && !at->second.withdrawn;
    if (!ctx.params().commit && half != (from == leader(ctx, 0))) return;  // an old answer
    if (!half || !m.done) return finish(ctx, m.transfer, m.done ? Outcome::ok : Outcome::failed);
    at->second.withdrawn = true;
    ask(ctx, m.transfer);
  }
  void on(Ctx& ctx, GiveUp t) { finish(ctx, t.transfer, Outcome::unknown); }
  void finish(Ctx& ctx, Transfer transfer, Outcome outcome) {
    waiting.erase(transfer);
    ctx.cancel_timer(AskAgain{transfer});
    ctx.cancel_timer(GiveUp{transfer});
    ctx.complete(operation_of(transfer), outcome);
  }
  std::string caption(NodeNames) const {
    if (waiting.empty()) return "";
    return waiting.begin()->second.withdrawn ? "has taken, is to give" : "waits for an answer";
  }
  FIELDS(waiting)
};

}  // namespace netsplit::group_transfer
