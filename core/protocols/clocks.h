// Clocks: processes that work, tell each other, and stamp each event with a Lamport clock, a vector
// clock and their wall clock.
//
// Lamport's rules: count up for each event of your own; put the count on every message; on receipt
// go beyond the larger of yours and the message's. Then a cause always has the smaller number, but
// a smaller number need not be a cause. A vector clock keeps one such count for every process, and
// then the converse holds too: V(a) <= V(b) exactly when a is b or a cause of b; two vectors of
// which neither is the smaller belong to concurrent events. A wall clock promises neither.
//
// Source: Lamport, "Time, clocks, and the ordering of events in a distributed system" (CACM 1978);
// Fidge (1988); Mattern, "Virtual time and global states of distributed systems" (1989).
// The counts are on disk: a process that began anew after a crash would give numbers out twice.
// The stamps here are the processes' own. They are judged by the happens-before relation that the
// engine records independently of them.
#pragma once

#include <algorithm>
#include <map>
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

// clang-format off
// Messages.
struct News { std::int64_t lamport = 0; Vector vector; FIELDS(lamport, vector) };
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
  Time wall_us = 0;
  FIELDS(lamport, vector, wall_us)
};

struct Process {
  static constexpr Shape shape = Shape::client;

  struct Disk {
    std::int64_t lamport = 0;
    Vector vector;
    FIELDS(lamport, vector)
  } disk;
  std::int64_t worked = 0;
  Hidden<std::vector<Stamp>> log;  // of every event since it started, for the properties

  void start(Ctx& ctx) {
    disk = {0, Vector(static_cast<std::size_t>(ctx.node_count()), 0)};
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
      ctx.send(NodeId{(ctx.self().value + step) % ctx.node_count()},
               News{disk.lamport, disk.vector});
    }
    if (++worked < ctx.params().events) wait(ctx);
  }
  void on(Ctx& ctx, const DoSomething&) { tick(ctx); }
  void on(Ctx& ctx, const Tell& request) {
    tick(ctx);
    if (request.peer.value >= 0 && request.peer != ctx.self())
      ctx.send(request.peer, News{disk.lamport, disk.vector});
  }

  void on(Ctx& ctx, NodeId, const News& m) {
    if (ctx.params().merge_on_receipt) {
      disk.lamport = std::max(disk.lamport, m.lamport);
      for (std::size_t i = 0; i < disk.vector.size(); ++i)
        disk.vector[i] = std::max(disk.vector[i], m.vector[i]);
    }
    tick(ctx);
  }

  void tick(Ctx& ctx) {
    ++disk.lamport;
    ++disk.vector[static_cast<std::size_t>(ctx.self().value)];
    log.value.push_back({disk.lamport, disk.vector, ctx.wall_clock()});
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

struct Protocol;

// Each compares the newest event with those before it, so that over a run every pair is compared.
inline Verdict lamport_condition(const View<Protocol>& view);
inline Verdict lamport_converse_fails(const View<Protocol>& view);
inline Verdict vector_exact(const View<Protocol>& view);
inline Verdict concurrent_seen(const View<Protocol>& view);
inline Verdict wall_order(const View<Protocol>& view);
inline Verdict skew(const View<Protocol>& view);

struct Protocol {
  using Message = clocks::Message;
  using Timer = clocks::Timer;
  using Request = clocks::Request;
  using Node = std::variant<Process>;
  using Params = clocks::Params;
  static constexpr std::string_view name = "clocks";
  static constexpr std::string_view title = "Clocks";
  static constexpr std::string_view sentence =
      "Processes work, tell each other, and stamp what happens with three kinds of clocks.";
  static constexpr bool needs_trace = true;
  static constexpr std::int32_t nodes_max = 256;  // each process keeps a count for every other

  static std::vector<Parameter<Params>> parameters() {
    return {
        time_parameter<&Params::pace_us>(
            "pace", milliseconds(1), hours(1),
            "How long a process works between two events, on average."),
        count_parameter<&Params::events>("events", 1, 200,
                                         "How often each process works before it rests."),
        ppm_parameter<&Params::tell_ppm>("tell_ppm",
                                         "How often work ends in a message to another process."),
        flag_parameter<&Params::merge_on_receipt>(
            "merge_on_receipt",
            "A receiver goes beyond the clock in the message. Off breaks both logical clocks."),
        flag_parameter<&Params::durable>(
            "durable",
            "The counts are on disk. Off, a process that crashed gives numbers out twice."),
        time_parameter<&Params::skew_limit_us>("skew_limit", 0, hours(1),
                                               "How far two wall clocks may differ."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"lamport_condition", "A cause has a smaller Lamport number than its effect.",
         PropertyKind::always, lamport_condition},
        {"lamport_converse_fails",
         "A smaller Lamport number does not prove a cause: two concurrent events show it.",
         PropertyKind::sometimes, lamport_converse_fails},
        {"vector_exact",
         "One vector is at most another exactly when its event is a cause of the other.",
         PropertyKind::always, vector_exact},
        {"concurrent_seen", "Vector clocks find two events that are concurrent.",
         PropertyKind::sometimes, concurrent_seen},
        {"wall_order", "No effect carries an earlier wall-clock time than its cause.",
         PropertyKind::always, wall_order},
        {"skew", "At the end no two wall clocks differ by more than the limit.",
         PropertyKind::budget, skew},
    };
  }
};

// One of the processes' own events: where the engine recorded it, and how the process stamped it.
struct Stamped {
  EventIndex event = no_event;
  NodeId node;
  const Stamp* stamp = nullptr;
};

// How many events before it each new one is compared with. Short runs are compared pair by pair.
inline constexpr std::size_t compared_max = 512;

// The processes' latest events, the newest first. A process stamps once in each handler, so its
// n-th stamp from the end belongs to the n-th from the end of its timers, deliveries and requests.
inline std::vector<Stamped> stamped_events(const View<Protocol>& view) {
  const auto is_stamped = [](const Event& event) {
    return event.kind == EventKind::timer || event.kind == EventKind::deliver ||
           event.kind == EventKind::request;
  };
  std::vector<Stamped> latest;
  const Trace& trace = view.trace();
  // Only a step that made an event of a process's own has anything new to compare.
  EventIndex at = trace.size() - 1;
  while (at >= trace.first() && trace[at].step == trace.back().step && !is_stamped(trace[at])) --at;
  if (at < trace.first() || trace[at].step != trace.back().step) return latest;
  std::map<NodeId, std::size_t> used;
  for (; at >= trace.first() && latest.size() <= compared_max; --at) {
    if (!is_stamped(trace[at])) continue;
    const auto& log = view.as<Process>(trace[at].node)->log.value;
    std::size_t& taken = used[trace[at].node];
    if (taken < log.size()) latest.push_back({at, trace[at].node, &log[log.size() - ++taken]});
  }
  return latest;
}

// visit(earlier, newest, earlier -> newest) until one of them yields a verdict that decides.
template <class Visit>
Verdict with_newest(const View<Protocol>& view, Verdict otherwise, Visit visit) {
  const std::vector<Stamped> latest = stamped_events(view);
  for (std::size_t i = 1; i < latest.size(); ++i) {
    const Stamped& newest = latest.front();
    const Stamped& earlier = latest[i];
    std::optional<Verdict> verdict =
        visit(earlier, newest, view.trace().happened_before(earlier.event, newest.event));
    if (verdict) {
      verdict->events = {earlier.event, newest.event};
      verdict->nodes = {earlier.node, newest.node};
      return *verdict;
    }
  }
  return otherwise;
}

inline bool at_most(const Vector& a, const Vector& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] > b[i]) return false;
  }
  return true;
}

inline std::string text_of(const Vector& vector) {
  std::string text;
  for (const std::int64_t count : vector)
    text += (text.empty() ? "[" : " ") + std::to_string(count);
  return text + "]";
}

inline std::string pair_of(const View<Protocol>& view, const Stamped& a, const Stamped& b) {
  return "an event of " + view.name(a.node) + " at " +
         format_time_for_people(view.trace()[a.event].at_us) + " and one of " + view.name(b.node) +
         " at " + format_time_for_people(view.trace()[b.event].at_us);
}

inline Verdict lamport_condition(const View<Protocol>& view) {
  return with_newest(
      view, holds(),
      [&](const Stamped& a, const Stamped& b, bool before) -> std::optional<Verdict> {
        if (!before || a.stamp->lamport < b.stamp->lamport) return std::nullopt;
        return violated("Cause and effect, " + pair_of(view, a, b) +
                        ", carry the Lamport numbers " + std::to_string(a.stamp->lamport) +
                        " and " + std::to_string(b.stamp->lamport) + ".");
      });
}

inline Verdict lamport_converse_fails(const View<Protocol>& view) {
  return with_newest(
      view, not_seen(),
      [&](const Stamped& a, const Stamped& b, bool before) -> std::optional<Verdict> {
        if (before || a.stamp->lamport >= b.stamp->lamport) return std::nullopt;
        return seen("The numbers " + std::to_string(a.stamp->lamport) + " and " +
                    std::to_string(b.stamp->lamport) + " suggest an order for " +
                    pair_of(view, a, b) + ", yet neither caused the other.");
      });
}

inline Verdict vector_exact(const View<Protocol>& view) {
  return with_newest(
      view, holds(),
      [&](const Stamped& a, const Stamped& b, bool before) -> std::optional<Verdict> {
        if (at_most(a.stamp->vector, b.stamp->vector) == before &&
            !at_most(b.stamp->vector, a.stamp->vector)) {
          return std::nullopt;
        }
        return violated("For " + pair_of(view, a, b) + " the vectors are " +
                        text_of(a.stamp->vector) + " and " + text_of(b.stamp->vector) +
                        ", but the first " + (before ? "is" : "is not") +
                        " a cause of the second.");
      });
}

inline Verdict concurrent_seen(const View<Protocol>& view) {
  return with_newest(
      view, not_seen(),
      [&](const Stamped& a, const Stamped& b, bool before) -> std::optional<Verdict> {
        if (before || at_most(a.stamp->vector, b.stamp->vector) ||
            at_most(b.stamp->vector, a.stamp->vector)) {
          return std::nullopt;
        }
        return seen("The vectors " + text_of(a.stamp->vector) + " and " + text_of(b.stamp->vector) +
                    " of " + pair_of(view, a, b) + " are incomparable.");
      });
}

inline Verdict wall_order(const View<Protocol>& view) {
  return with_newest(
      view, holds(),
      [&](const Stamped& a, const Stamped& b, bool before) -> std::optional<Verdict> {
        if (!before || a.stamp->wall_us <= b.stamp->wall_us) return std::nullopt;
        return violated("Cause and effect, " + pair_of(view, a, b) + ", carry the times " +
                        format_wall_clock(a.stamp->wall_us) + " and " +
                        format_wall_clock(b.stamp->wall_us) + ".");
      });
}

inline Verdict skew(const View<Protocol>& view) {
  NodeId low{0};
  NodeId high{0};
  for (std::int32_t i = 1; i < view.node_count(); ++i) {
    if (view.wall(NodeId{i}) < view.wall(low)) low = NodeId{i};
    if (view.wall(NodeId{i}) > view.wall(high)) high = NodeId{i};
  }
  const Time apart_us = view.wall(high) - view.wall(low);
  if (apart_us == 0) return measured(0, view.params().skew_limit_us, "All wall clocks agree.");
  return measured(apart_us, view.params().skew_limit_us,
                  "The wall clocks of " + view.name(low) + " and " + view.name(high) + " are " +
                      format_time_for_people(apart_us) + " apart; the limit is " +
                      format_time_for_people(view.params().skew_limit_us) + ".");
}

}  // namespace netsplit::clocks
