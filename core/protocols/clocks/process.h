// A process, its messages, and the four stamps that it gives each of its events.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::clocks {

struct Params {
  Time pace_us = milliseconds(400);
  std::int64_t events = 12;
  std::int64_t tell_ppm = 600'000;
  bool merge_on_receipt = true;
  bool durable = true;
  Time skew_limit_us = milliseconds(10);
  FIELDS(pace_us, events, tell_ppm, merge_on_receipt, durable, skew_limit_us)
};

using Vector = PerNode<std::int64_t>;

// A hybrid clock: compared by wall part, then counter.
struct Hybrid {
  Time wall_us = 0;
  std::int64_t count = 0;
  FIELDS(wall_us, count)
  // The next one of a process whose wall clock shows `now_us`.
  Hybrid next(Time now_us) const {
    return now_us > wall_us ? Hybrid{now_us, 0} : Hybrid{wall_us, count + 1};
  }
};
inline bool earlier(const Hybrid& a, const Hybrid& b) {
  return a.wall_us != b.wall_us ? a.wall_us < b.wall_us : a.count < b.count;
}

// clang-format off
// Messages.
struct News { std::int64_t lamport = 0; Vector vector; Hybrid hybrid;
              FIELDS(lamport, vector, hybrid) };
using Message = std::variant<News>;

// Timers.
struct Work { FIELDS_NONE };
// clang-format on
using Timer = std::variant<Work>;

// clang-format off
// A person's requests: do something now, or tell another process now.
struct DoSomething { FIELDS_NONE };
struct Tell { NodeId peer; FIELDS(peer) };
// clang-format on
using Request = std::variant<DoSomething, Tell>;

using Ctx = Context<Message, Timer, Params>;

struct Stamp {
  std::int64_t lamport = 0;
  Vector vector;
  Hybrid hybrid;
  Time wall_us = 0;
  FIELDS(lamport, vector, hybrid, wall_us)
};

struct Process {
  static constexpr Shape shape = Shape::client;

  struct Disk {
    std::int64_t lamport = 0;
    Vector vector;
    Hybrid hybrid;
    FIELDS(lamport, vector, hybrid)
  } disk;
  std::int64_t worked = 0;
  Hidden<std::vector<Stamp>> log;  // of every event since it started, for the properties

  void start(Ctx& ctx) {
    disk = {0, Vector(static_cast<std::size_t>(ctx.node_count()), 0), {}};
    wait(ctx);
  }
  void restart(Ctx& ctx) {
    if (!ctx.params().durable || disk.vector.empty()) return start(ctx);
    wait(ctx);
  }
  void wait(Ctx& ctx) {
    ctx.set_timer(Work{}, ctx.params().pace_us / 2, ctx.params().pace_us * 3 / 2);
  }

  void on(Ctx& ctx, Work) {
    tick(ctx);
    if (ctx.node_count() > 1 && ctx.chance(ctx.params().tell_ppm)) {
      const auto others = static_cast<std::uint32_t>(ctx.node_count() - 1);
      const auto step = static_cast<std::int32_t>(1 + ctx.choose(others));
      tell(ctx, NodeId{(ctx.self().value + step) % ctx.node_count()});
    }
    if (++worked < ctx.params().events) wait(ctx);
  }
  void on(Ctx& ctx, const DoSomething&) { tick(ctx); }
  void on(Ctx& ctx, const Tell& request) {
    tick(ctx);
    if (request.peer.value >= 0 && request.peer != ctx.self()) tell(ctx, request.peer);
  }
  void tell(Ctx& ctx, NodeId peer) { ctx.send(peer, News{disk.lamport, disk.vector, disk.hybrid}); }

  void on(Ctx& ctx, NodeId, const News& m) {
    if (ctx.params().merge_on_receipt) {
      disk.lamport = std::max(disk.lamport, m.lamport);
      for (std::size_t i = 0; i < disk.vector.size(); ++i)
        disk.vector[i] = std::max(disk.vector[i], m.vector[i]);
      if (earlier(disk.hybrid, m.hybrid)) disk.hybrid = m.hybrid;
    }
    tick(ctx);
  }

  void tick(Ctx& ctx) {
    ++disk.lamport;
    ++disk.vector[static_cast<std::size_t>(ctx.self().value)];
    disk.hybrid = disk.hybrid.next(ctx.wall_clock());
    log.value.push_back({disk.lamport, disk.vector, disk.hybrid, ctx.wall_clock()});
  }

  std::string caption(NodeNames) const {
    constexpr std::size_t readable = 8;  // counts in one line
    std::string text = "Lamport " + std::to_string(disk.lamport);
    if (disk.vector.size() > readable) return text;
    text += " \xC2\xB7 [";
    for (std::size_t i = 0; i < disk.vector.size(); ++i)
      text += (i == 0 ? "" : " ") + std::to_string(disk.vector[i]);
    return text + "]";
  }
  FIELDS(disk, worked, log)
};

}  // namespace netsplit::clocks
