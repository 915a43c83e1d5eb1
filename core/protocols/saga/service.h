// A service: its step, the compensation, and what it shows. In a chain it passes the saga on.
#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "core/protocols/saga/messages.h"

namespace netsplit::saga {

struct Service {
  static constexpr Shape shape = Shape::storage;

  bool refuses_next = false;
  NodeId client;  // choreographed, at the first service: who began the last saga
  Wal disk;

  void on(Ctx&, const RefuseNext&) { refuses_next = true; }

  void on(Ctx& ctx, NodeId from, const Do& m) {
    if (disk.of(m.saga) == Record::none) {
      disk.write(refuses_next ? Record::refused : Record::done, m.saga);
      refuses_next = false;
      ctx.work(ctx.params().log_us);
    }
    if (ctx.params().style == Style::choreographed) {
      if (from != neighbour(ctx, -1)) client = from;
      return pass_on(ctx, m.saga);
    }
    if (disk.of(m.saga) == Record::done || disk.of(m.saga) == Record::ended)
      return ctx.send(from, Done{m.saga});
    ctx.send(from, Failed{m.saga});  // refused, or undone before this copy came
  }
  // Told to undo what it has not done, it makes sure that it never does.
  void on(Ctx& ctx, NodeId from, const Compensate& m) {
    const Record last = disk.of(m.saga);
    const bool again = last == Record::undone && !ctx.params().idempotent;
    if (last == Record::none) disk.write(Record::refused, m.saga);
    if (last == Record::done || again) disk.write(Record::undone, m.saga);
    ctx.work(ctx.params().log_us);
    ctx.send(from, Compensated{m.saga});
  }

  // A semantic lock: until all is done the step is pending, and whoever reads is not shown it.
  void on(Ctx& ctx, NodeId from, const Finish& m) {
    if (disk.of(m.saga) == Record::done) disk.write(Record::ended, m.saga);
    ctx.work(ctx.params().log_us);
    ctx.send(from, Finished{m.saga});
  }

  // Choreographed: what is done here waits for the rest of the chain, which is asked until it
  // answers; then the answer goes up.
  void pass_on(Ctx& ctx, SagaId saga) {
    const bool waits = disk.of(saga) == Record::done && neighbour(ctx, 1) != nobody;
    if (!waits) return answer(ctx, saga);
    ctx.send(neighbour(ctx, 1), Do{saga});
    ctx.set_timer(Again{saga}, ctx.params().retry_us);
  }
  void on(Ctx& ctx, Again t) { pass_on(ctx, t.saga); }
  void on(Ctx& ctx, NodeId, const Done& m) { heard(ctx, m.saga, Record::ended); }
  void on(Ctx& ctx, NodeId, const Failed& m) { heard(ctx, m.saga, Record::undone); }
  void heard(Ctx& ctx, SagaId saga, Record what) {
    if (disk.of(saga) != Record::done) return;  // a second copy
    disk.write(what, saga);
    ctx.work(ctx.params().log_us);
    ctx.cancel_timer(Again{saga});
    answer(ctx, saga);
  }
  void answer(Ctx& ctx, SagaId saga) {
    const Record last = disk.of(saga);
    const bool done = last == Record::done || last == Record::ended;
    const NodeId up = neighbour(ctx, -1);
    if (up == nobody) return ctx.send(client, Answer{saga, done});
    if (done) ctx.send(up, Done{saga});
    if (!done) ctx.send(up, Failed{saga});
  }
  static NodeId neighbour(Ctx& ctx, std::ptrdiff_t step) {
    const std::vector<NodeId> all = ctx.all<Service>();
    const auto place = std::find(all.begin(), all.end(), ctx.self()) - all.begin() + step;
    return place < 0 || place >= std::ssize(all) ? nobody : all[static_cast<std::size_t>(place)];
  }
  void restart(Ctx& ctx) {
    if (ctx.params().style == Style::orchestrated) return;
    for (const Entry& entry : disk.log.entries) {
      if (disk.of(entry.saga) == Record::done && neighbour(ctx, 1) != nobody)
        pass_on(ctx, entry.saga);
    }
  }

  // How often the step is in force: 1 when done, 0 when not or when undone.
  std::int64_t in_force(SagaId saga) const {
    return disk.count(Record::done, saga) - disk.count(Record::undone, saga);
  }
  // The last of a chain knows that all is done when its own step is.
  bool shows(SagaId saga, const Params& params, bool last) const {
    const bool known =
        disk.of(saga) == Record::ended || (last && params.style == Style::choreographed);
    return in_force(saga) > 0 && (!params.pending || known);
  }
  void on(Ctx& ctx, NodeId from, const Read& m) {
    Value value{m.look, {}};
    for (const Entry& entry : disk.log.entries) {
      if (shows(entry.saga, ctx.params(), neighbour(ctx, 1) == nobody))
        value.done.insert(entry.saga);
    }
    ctx.send(from, std::move(value));
  }
  std::string caption(NodeNames) const { return refuses_next ? "cannot do the next step" : ""; }
  FIELDS(refuses_next, client, disk)
};

}  // namespace netsplit::saga
