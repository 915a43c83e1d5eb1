// A protocol for the engine's own tests: every ability of a handler, each behind one request.
#pragma once

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::test::relay {

enum class Mood : std::uint8_t { calm, busy, cross };

struct Params {
  std::int64_t limit = 1'000'000;
  Time patience_us = milliseconds(50);
  bool answers = false;
  Mood mood = Mood::calm;
  std::int64_t luck_ppm = 500'000;
  FIELDS(limit, patience_us, answers, mood, luck_ppm)
};

// clang-format off
// Messages.
struct Ping { std::int64_t number = 0; std::int64_t hops = 0; FIELDS(number, hops) };
struct Pong { std::int64_t number = 0; FIELDS(number) };
struct Bulk { std::int64_t number = 0; std::string filler; FIELDS(number, filler) };
struct Mixed { Token token; bool flag = false; NodeId node; FIELDS(token, flag, node) };
using Message = std::variant<Ping, Pong, Bulk, Mixed>;

// Timers.
struct Beat { std::int64_t number = 0; FIELDS(number) };
struct Lease { static constexpr bool lease = true; FIELDS_NONE };
using Timer = std::variant<Beat, Lease>;

// Requests.
struct Send {
  NodeId peer; std::int64_t number = 0; std::int64_t count = 1; std::int64_t hops = 0;
  FIELDS(peer, number, count, hops)
};
struct SendBulk {
  NodeId peer; std::int64_t number = 0; std::int64_t size = 0;
  FIELDS(peer, number, size)
};
struct SendMixed { NodeId peer; Token token; FIELDS(peer, token) };
struct SetBeat {
  std::int64_t number = 0; Time low_us = 0; Time high_us = 0;
  FIELDS(number, low_us, high_us)
};
struct StopBeat { std::int64_t number = 0; FIELDS(number) };
struct Lend { Time after_us = 0; FIELDS(after_us) };
// Sends number, works, sends number + 1.
struct Toil {
  Time work_us = 0; NodeId peer; std::int64_t number = 0;
  FIELDS(work_us, peer, number)
};
struct Choose { std::int64_t n = 1; std::int64_t times = 1; FIELDS(n, times) };
struct Begin { std::int64_t argument = 0; FIELDS(argument) };
struct End {
  std::int64_t number = 0; std::int64_t outcome = 1; std::int64_t result = 0;
  FIELDS(number, outcome, result)
};
struct Remember { std::int64_t value = 0; FIELDS(value) };
// clang-format on
using Request = std::variant<Send, SendBulk, SendMixed, SetBeat, StopBeat, Lend, Toil, Choose,
                             Begin, End, Remember>;

using Ctx = Context<Message, Timer, Params>;

struct Peer {
  static constexpr Shape shape = Shape::client;

  struct Disk {
    std::int64_t kept = 0;
    FIELDS(kept)
  } disk;
  std::int64_t memory = 0;
  std::int64_t starts = 0;
  std::int64_t beats = 0;
  std::vector<std::int64_t> got;     // numbers of the messages, in the order they came
  std::vector<std::int64_t> chosen;  // what choose(n) gave
  std::vector<Time> mono_us;         // the monotonic clock at each beat
  std::vector<Time> wall_us;         // the wall clock at each beat

  void start(Ctx&) { ++starts; }

  void on(Ctx& ctx, NodeId from, const Ping& m) {
    got.push_back(m.number);
    if (m.hops > 0) {
      const NodeId next{(ctx.self().value + 1) % ctx.node_count()};
      ctx.send(next, Ping{m.number, m.hops - 1});
    }
    if (ctx.params().answers) ctx.send(from, Pong{m.number});
  }
  void on(Ctx&, NodeId, const Bulk& m) { got.push_back(m.number); }
  void on(Ctx&, NodeId, const Mixed& m) { got.push_back(m.token.value); }

  void on(Ctx& ctx, const Beat& timer) {
    ++beats;
    got.push_back(-timer.number);
    mono_us.push_back(ctx.monotonic());
    wall_us.push_back(ctx.wall_clock());
  }

  void on(Ctx& ctx, const Send& r) {
    for (std::int64_t i = 0; i < r.count; ++i) ctx.send(r.peer, Ping{r.number + i, r.hops});
  }
  void on(Ctx& ctx, const SendBulk& r) {
    ctx.send(r.peer, Bulk{r.number, std::string(static_cast<std::size_t>(r.size), 'x')});
  }
  void on(Ctx& ctx, const SendMixed& r) { ctx.send(r.peer, Mixed{r.token, true, ctx.self()}); }
  void on(Ctx& ctx, const SetBeat& r) {
    ctx.set_timer(Beat{r.number}, r.low_us, std::max(r.low_us, r.high_us));
  }
  void on(Ctx& ctx, const StopBeat& r) { ctx.cancel_timer(Beat{r.number}); }
  void on(Ctx& ctx, const Lend& r) { ctx.set_timer(Lease{}, r.after_us); }
  void on(Ctx& ctx, const Toil& r) {
    ctx.send(r.peer, Ping{r.number, 0});
    ctx.work(r.work_us);
    ctx.send(r.peer, Ping{r.number + 1, 0});
  }
  void on(Ctx& ctx, const Choose& r) {
    for (std::int64_t i = 0; i < r.times; ++i) {
      chosen.push_back(ctx.choose(static_cast<std::uint32_t>(r.n)));
    }
  }
  void on(Ctx& ctx, const Begin& r) { ctx.invoke({"do", 0, r.argument, 0}); }
  void on(Ctx& ctx, const End& r) {
    ctx.complete(static_cast<std::uint32_t>(r.number), static_cast<Outcome>(r.outcome), r.result);
  }
  void on(Ctx&, const Remember& r) { memory = disk.kept = r.value; }

  FIELDS(disk, memory, starts, beats, got, chosen, mono_us, wall_us)
};

// Knows how to restart, and counts; understands one request only.
struct Hub {
  static constexpr Shape shape = Shape::server;
  struct Disk {
    std::int64_t restarts = 0;
    FIELDS(restarts)
  } disk;
  std::int64_t pings = 0;

  void restart(Ctx&) { ++disk.restarts; }
  void on(Ctx&, NodeId, const Ping&) { ++pings; }
  void on(Ctx& ctx, const Send& r) { ctx.send(r.peer, Ping{r.number, 0}); }
  FIELDS(disk, pings)
};

struct Protocol;
inline Verdict below_limit(const View<Protocol>& view);
inline Verdict all_beaten(const View<Protocol>& view);
inline Verdict seven_seen(const View<Protocol>& view);
inline Verdict few_messages(const View<Protocol>& view);

struct Protocol {
  using Message = relay::Message;
  using Timer = relay::Timer;
  using Request = relay::Request;
  using Node = std::variant<Peer, Hub>;
  using Params = relay::Params;
  static constexpr std::string_view name = "relay";
  static constexpr std::string_view title = "Relay";
  static constexpr std::string_view sentence = "What the tests of the engine run.";
  static constexpr std::uint64_t steps_max = 30'000;

  static std::vector<Parameter<Params>> parameters() {
    return {
        count_parameter<&Params::limit>("limit", 0, 1'000'000'000, "What memory may hold."),
        time_parameter<&Params::patience_us>("patience", milliseconds(1), hours(1), "A time."),
        flag_parameter<&Params::answers>("answers", "A Ping is answered by a Pong."),
        choice_parameter<&Params::mood>("mood", "A choice."),
        ppm_parameter<&Params::luck_ppm>("luck_ppm", "A probability."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"below_limit", "No memory is above the limit.", PropertyKind::always, below_limit},
        {"all_beaten", "Every peer has beaten.", PropertyKind::finally, all_beaten},
        {"seven_seen", "Some memory is 7.", PropertyKind::sometimes, seven_seen},
        {"few_messages", "At most ten messages.", PropertyKind::budget, few_messages},
    };
  }
};

inline Verdict below_limit(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Peer>([&](NodeId id, const Peer& peer) {
    if (peer.memory > view.params().limit) {
      verdict = violated(view.name(id) + " holds " + std::to_string(peer.memory), {id});
    }
  });
  return verdict;
}
inline Verdict all_beaten(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Peer>([&](NodeId id, const Peer& peer) {
    if (peer.beats == 0) verdict = violated(view.name(id) + " has not beaten", {id});
  });
  return verdict;
}
inline Verdict seven_seen(const View<Protocol>& view) {
  Verdict verdict = not_seen();
  view.for_each<Peer>([&](NodeId id, const Peer& peer) {
    if (peer.memory == 7) verdict = seen("7 at " + view.name(id), {id});
  });
  return verdict;
}
inline Verdict few_messages(const View<Protocol>& view) {
  const auto sent = static_cast<std::int64_t>(view.counters().sent);
  return measured(sent, 10, std::to_string(sent) + " messages");
}

}  // namespace netsplit::test::relay
