// The orchestrator: one step after the other, and back when one fails. Its log tells it where it
// was.
#pragma once

#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "core/protocols/saga/messages.h"

namespace netsplit::saga {

struct Orchestrator {
  static constexpr Shape shape = Shape::coordinator;

  struct Progress {
    NodeId client;
    bool back = false;       // it undoes
    std::int64_t place = 0;  // of the service it waits for
    std::int64_t tried = 0;
    FIELDS(client, back, place, tried)
  };
  Wal disk;
  std::map<SagaId, Progress> open;

  void on(Ctx& ctx, NodeId from, const Begin& m) {
    if (disk.of(m.saga) != Record::none) return;  // a second copy
    disk.write(Record::begun, m.saga, from);
    open[m.saga] = {from, false, 0, 0};
    go_on(ctx, m.saga);
  }
  // Asks the service whose turn it is. Past either end the saga is over; where steps are pending
  // until all are done, the services have a second turn before.
  void go_on(Ctx& ctx, SagaId saga) {
    const std::vector<NodeId> services = ctx.all<Service>();
    const Progress& progress = open[saga];
    ctx.work(ctx.params().log_us);
    const std::int64_t steps = std::ssize(services);
    const std::int64_t turns = ctx.params().pending ? 2 * steps : steps;
    if (progress.place < 0 || progress.place >= turns) {
      disk.write(Record::ended, saga);
      ctx.cancel_timer(Again{saga});
      ctx.send(progress.client, Answer{saga, !progress.back});
      open.erase(saga);
      return;
    }
    const NodeId service = services[static_cast<std::size_t>(progress.place % steps)];
    if (progress.back) {
      ctx.send(service, Compensate{saga});
    } else if (progress.place < steps) {
      ctx.send(service, Do{saga});
    } else {
      ctx.send(service, Finish{saga});
    }
    ctx.set_timer(Again{saga}, ctx.params().retry_us);
  }

  void on(Ctx& ctx, NodeId from, const Done& m) { note(ctx, from, m.saga, Record::done); }
  void on(Ctx& ctx, NodeId from, const Failed& m) { note(ctx, from, m.saga, Record::refused); }
  void on(Ctx& ctx, NodeId from, const Compensated& m) { note(ctx, from, m.saga, Record::undone); }
  void on(Ctx& ctx, NodeId from, const Finished& m) { note(ctx, from, m.saga, Record::ended); }
  void note(Ctx& ctx, NodeId from, SagaId saga, Record what) {
    const auto at = open.find(saga);
    if (at == open.end()) return;
    Progress& progress = at->second;
    const std::vector<NodeId> services = ctx.all<Service>();
    const auto turn = static_cast<std::size_t>(progress.place) % services.size();
    const bool second_turn = progress.place >= std::ssize(services);
    if (from != services[turn] || progress.back != (what == Record::undone) ||
        second_turn != (what == Record::ended))
      return;  // a second copy
    disk.write(what, saga, from);
    advance(progress, what);
    go_on(ctx, saga);
  }
  static void advance(Progress& progress, Record what) {
    progress.back = progress.back || (what != Record::done && what != Record::ended);
    progress.place += progress.back ? -1 : 1;
    progress.tried = 0;
  }
  void on(Ctx& ctx, Again t) {
    const auto at = open.find(t.saga);
    if (at == open.end()) return;
    Progress& progress = at->second;
    // Whether the step was done nobody knows: it is undone with the others. Once all are done there
    // is no way back.
    const bool decided = progress.place >= std::ssize(ctx.all<Service>());
    if (!progress.back && !decided && ++progress.tried >= ctx.params().tries) {
      disk.write(Record::refused, t.saga);
      progress.back = true;
    }
    go_on(ctx, t.saga);
  }

  void restart(Ctx& ctx) {
    for (const Entry& entry : disk.log.entries) {
      if (entry.record == Record::begun) open[entry.saga] = {*entry.who, false, 0, 0};
      const bool over = entry.record == Record::ended && !entry.who;
      if (over) open.erase(entry.saga);
      if (entry.record == Record::begun || over) continue;
      if (entry.who) advance(open[entry.saga], entry.record);
      if (!entry.who) open[entry.saga].back = true;
    }
    std::vector<SagaId> unfinished;
    for (const auto& [saga, progress] : open) unfinished.push_back(saga);
    for (const SagaId saga : unfinished) go_on(ctx, saga);
  }
  std::string caption(NodeNames) const {
    if (open.empty()) return "";
    return open.begin()->second.back ? "undoes, backwards" : "goes on, step by step";
  }
  FIELDS(disk, open)
};

}  // namespace netsplit::saga
