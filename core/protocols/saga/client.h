// A client, which begins sagas, and looks at all services.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/protocols/parts/own_numbers.h"
#include "core/protocols/saga/messages.h"

namespace netsplit::saga {

struct Client {
  static constexpr Shape shape = Shape::client;

  std::set<SagaId> waiting;                         // for an answer
  std::map<std::uint32_t, std::set<NodeId>> looks;  // whose values have not come
  std::map<NodeId, std::set<SagaId>> seen;          // in force when it looked

  void on(Ctx& ctx, const Transact&) {
    const SagaId saga = own_number<Client>(ctx, ctx.invoke({"transact"}));
    waiting.insert(saga);
    if (ctx.params().style == Style::orchestrated) {
      ctx.send(ctx.first<Orchestrator>(), Begin{saga});
    } else {
      ctx.send(ctx.first<Service>(), Do{saga});
    }
    ctx.set_timer(GiveUp{saga}, ctx.params().give_up_us);
  }
  void on(Ctx& ctx, NodeId, const Answer& m) {
    finish(ctx, m.saga, m.completed ? Outcome::ok : Outcome::failed);
  }
  void on(Ctx& ctx, GiveUp t) { finish(ctx, t.saga, Outcome::unknown); }
  void finish(Ctx& ctx, SagaId saga, Outcome outcome) {
    if (waiting.erase(saga) == 0) return;  // a second answer
    ctx.cancel_timer(GiveUp{saga});
    ctx.complete(operation_of(saga), outcome, saga);
  }

  void on(Ctx& ctx, const Look&) {
    const std::uint32_t look = ctx.invoke({"look"});
    for (const NodeId service : ctx.all<Service>()) {
      looks[look].insert(service);
      ctx.send(service, Read{look});
    }
    ctx.set_timer(LookOver{look}, ctx.params().give_up_us);
  }
  void on(Ctx& ctx, NodeId from, const Value& m) {
    const auto at = looks.find(m.look);
    if (at == looks.end()) return;
    seen[from].insert(m.done.begin(), m.done.end());
    at->second.erase(from);
    if (at->second.empty()) over(ctx, m.look, Outcome::ok);
  }
  void on(Ctx& ctx, LookOver t) { over(ctx, t.look, Outcome::failed); }
  void over(Ctx& ctx, std::uint32_t look, Outcome outcome) {
    looks.erase(look);
    ctx.cancel_timer(LookOver{look});
    ctx.complete(look, outcome);
  }
  std::string caption(NodeNames) const {
    if (!looks.empty()) return "looks at all services";
    return waiting.empty() ? "" : "waits for an answer";
  }
  FIELDS(waiting, looks, seen)
};

}  // namespace netsplit::saga
