// Lamport's mutual exclusion: no server, no leader, only clocks that count.
//
// Who wants to enter stamps a request with its Lamport clock and sends it to all. Everybody keeps
// the open requests of everybody and answers. One enters when its own request is the earliest that
// it knows of (equal stamps in the order of the processes) and every other has answered: then no
// earlier request can still be on its way, since the answer's clock is beyond the request's. Who
// leaves tells all. So requests are granted in the order of their stamps, and a cause comes first.
//
// Source: Lamport, "Time, clocks, and the ordering of events in a distributed system" (CACM 1978),
// "an example". The paper assumes that no message is lost or overtakes another; here an answer also
// says which request of its sender is open and which was the last to be over, and a request is
// repeated, so that neither is needed. A process that is stopped still stops all others.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::lamport_mutex {

enum class Mistake : std::uint8_t { none, ignores_ties, does_not_wait, does_not_catch_up };

struct Params {
  Mistake mistake = Mistake::none;
  Time stay_us = seconds(1);
  Time repeat_us = seconds(2);
  FIELDS(mistake, stay_us, repeat_us)
};

// clang-format off
// Messages. `clock` is the sender's; a request's own stamp is `stamp`.
struct Request { std::int64_t clock = 0; std::int64_t stamp = 0; FIELDS(clock, stamp) };
struct Answer { std::int64_t clock = 0; std::int64_t to = 0;  // the stamp that it answers
                std::int64_t open = 0; std::int64_t over = 0;  // of the sender; 0: none
                FIELDS(clock, to, open, over) };
struct Release { std::int64_t clock = 0; std::int64_t over = 0; FIELDS(clock, over) };
using Message = std::variant<Request, Answer, Release>;

// Timers.
struct Leave { FIELDS_NONE };
struct Repeat { FIELDS_NONE };
using Timer = std::variant<Leave, Repeat>;
// clang-format on

// A person's request.
struct Enter {
  FIELDS_NONE
};

using Ctx = Context<Message, Timer, Params>;

struct Process {
  static constexpr Shape shape = Shape::client;
  enum class State : std::uint8_t { outside, asking, inside };

  struct Disk {
    State state = State::outside;
    std::int64_t clock = 0;
    std::int64_t stamp = 0;               // of its own open request; 0: none
    std::int64_t over = 0;                // of its last one that is over
    std::map<NodeId, std::int64_t> open;  // the others' requests, as far as it knows
    std::map<NodeId, std::int64_t> ended;
    std::set<NodeId> answered;
    FIELDS(state, clock, stamp, over, open, ended, answered)
  } disk;
  Hidden<std::uint32_t> operation;

  void on(Ctx& ctx, const Enter&) {
    const std::uint32_t number = ctx.invoke({"enter", 0, ctx.self().value, 0});
    if (disk.stamp != 0) return ctx.complete(number, Outcome::failed);  // one at a time
    operation.value = number;
    disk.state = State::asking;
    disk.stamp = ++disk.clock;
    disk.answered.clear();
    ask(ctx);
    try_to_enter(ctx);
  }
  void ask(Ctx& ctx) {
    tell_others(ctx, Request{disk.clock, disk.stamp});
    ctx.set_timer(Repeat{}, ctx.params().repeat_us);
  }
  void on(Ctx& ctx, Repeat) {
    if (disk.state == State::asking) ask(ctx);
  }

  void on(Ctx& ctx, NodeId from, const Request& m) {
    catch_up(ctx, m.clock);
    note_open(from, m.stamp);
    ctx.send(from, Answer{disk.clock, m.stamp, disk.stamp, disk.over});
  }
  void on(Ctx& ctx, NodeId from, const Answer& m) {
    catch_up(ctx, m.clock);
    note_over(from, m.over);
    note_open(from, m.open);
    if (m.to == disk.stamp) disk.answered.insert(from);
    try_to_enter(ctx);
  }
  void on(Ctx& ctx, NodeId from, const Release& m) {
    catch_up(ctx, m.clock);
    note_over(from, m.over);
    try_to_enter(ctx);
  }

  // What arrives late must not bring back what is over: both numbers of a process only grow.
  void note_open(NodeId from, std::int64_t stamp) {
    if (stamp > disk.ended[from] && stamp > disk.open[from]) disk.open[from] = stamp;
  }
  void note_over(NodeId from, std::int64_t stamp) {
    disk.ended[from] = std::max(disk.ended[from], stamp);
    if (disk.open[from] <= disk.ended[from]) disk.open[from] = 0;
  }
  void catch_up(Ctx& ctx, std::int64_t clock) {
    if (ctx.params().mistake != Mistake::does_not_catch_up)
      disk.clock = std::max(disk.clock, clock);
    ++disk.clock;
  }

  void try_to_enter(Ctx& ctx) {
    if (disk.state != State::asking) return;
    for (const NodeId other : ctx.all<Process>()) {
      if (other == ctx.self()) continue;
      if (!disk.answered.contains(other) && ctx.params().mistake != Mistake::does_not_wait) return;
      const std::int64_t theirs = disk.open[other];
      const bool tie = theirs == disk.stamp && other < ctx.self() &&
                       ctx.params().mistake != Mistake::ignores_ties;
      if (theirs != 0 && (theirs < disk.stamp || tie)) return;
    }
    disk.state = State::inside;
    ctx.cancel_timer(Repeat{});
    ctx.set_timer(Leave{}, ctx.params().stay_us);
  }
  void on(Ctx& ctx, Leave) {
    disk.state = State::outside;
    disk.over = std::exchange(disk.stamp, 0);
    ++disk.clock;
    tell_others(ctx, Release{disk.clock, disk.over});
    if (operation.value != 0) ctx.complete(operation.value, Outcome::ok);
    operation.value = 0;
  }
  void restart(Ctx& ctx) {
    if (disk.state == State::inside) return ctx.set_timer(Leave{}, ctx.params().stay_us);
    if (disk.state == State::asking) ask(ctx);
  }

  static void tell_others(Ctx& ctx, const Message& message) {
    for (const NodeId other : ctx.all<Process>()) {
      if (other != ctx.self()) ctx.send(other, message);
    }
  }

  std::string caption(NodeNames) const {
    const std::string clock = "clock " + std::to_string(disk.clock);
    if (disk.stamp == 0) return clock;
    return "asked at " + std::to_string(disk.stamp) + " \xC2\xB7 " + clock;
  }
  FIELDS(disk, operation)
};

struct Protocol;

// Lamport's three conditions.
inline Verdict one_inside(const View<Protocol>& view);
inline Verdict in_order(const View<Protocol>& view);
inline Verdict all_served(const View<Protocol>& view);

struct Protocol {
  using Message = lamport_mutex::Message;
  using Timer = lamport_mutex::Timer;
  using Request = std::variant<Enter>;
  using Node = std::variant<Process>;
  using Params = lamport_mutex::Params;
  static constexpr std::string_view name = "lamport_mutex";
  static constexpr std::string_view title = "Lamport's mutual exclusion";
  static constexpr std::string_view sentence =
      "Processes enter one at a time, in the order of their Lamport clocks, without a server.";
  static constexpr std::int32_t nodes_max = 64;  // every request is sent to all

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::mistake>(
            "mistake",
            "What is left out: nothing, the order of equal stamps, waiting for the others' "
            "answers, or going beyond the clock of a message."),
        time_parameter<&Params::stay_us>("stay", 0, hours(1), "How long a process stays inside."),
        time_parameter<&Params::repeat_us>("repeat", milliseconds(10), hours(1),
                                           "When a request that waits is sent again."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"one_inside", "At most one process is inside.", PropertyKind::always, one_inside},
        {"in_order", "Who is inside has the earliest of all open requests.", PropertyKind::always,
         in_order},
        {"all_served", "Everyone who asked was inside in the end.", PropertyKind::finally,
         all_served},
    };
  }
  static std::string describe(const OperationRecord&, NodeNames) { return "enter"; }
};

inline Verdict one_inside(const View<Protocol>& view) {
  std::vector<NodeId> inside;
  view.for_each<Process>([&](NodeId id, const Process& process) {
    if (process.disk.state == Process::State::inside) inside.push_back(id);
  });
  if (inside.size() < 2) return holds();
  return violated(view.name(inside[0]) + " and " + view.name(inside[1]) + " are both inside.",
                  inside);
}

inline Verdict in_order(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Process>([&](NodeId id, const Process& process) {
    if (process.disk.state != Process::State::inside) return;
    view.for_each<Process>([&](NodeId other, const Process& waiting) {
      if (waiting.disk.stamp == 0 ||
          std::pair(process.disk.stamp, id) <= std::pair(waiting.disk.stamp, other)) {
        return;
      }
      verdict =
          violated(view.name(id) + " is inside by a request with stamp " +
                       std::to_string(process.disk.stamp) + ", but that of " + view.name(other) +
                       " has " + std::to_string(waiting.disk.stamp) + " and comes first.",
                   {id, other});
    });
  });
  return verdict;
}

inline Verdict all_served(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Process>([&](NodeId id, const Process& process) {
    if (process.disk.stamp != 0)
      verdict = violated(view.name(id) + " asked and has not been inside.", {id});
  });
  return verdict;
}

}  // namespace netsplit::lamport_mutex
