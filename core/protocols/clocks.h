// Clocks: processes that work, tell each other, and stamp each event with a Lamport clock, a vector
// clock and their wall clock.
//
// Lamport's rules: count up for each event of your own; put the count on every message; on receipt
// go beyond the larger of yours and the message's. Then a cause always has the smaller number, but
// a smaller number need not be a cause. A vector clock keeps one such count for every process, and
// then the converse holds too: V(a) <= V(b) exactly when a is b or a cause of b; two vectors of
// which neither is the smaller belong to concurrent events. A wall clock promises neither. A hybrid
// clock is the largest wall clock that a process has seen or heard of, with a counter for what
// happens while it stands: causes come first, as with Lamport's, and it stays as close to the wall
// clock as the wall clocks are to each other.
//
// Source: Lamport, "Time, clocks, and the ordering of events in a distributed system" (CACM 1978);
// Fidge (1988); Mattern, "Virtual time and global states of distributed systems" (1989); Kulkarni,
// Demirbas, Madappa, Avva and Leone, "Logical physical clocks" (OPODIS 2014), figure 5.
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

struct Protocol;

// Each compares the newest event with those before it, so that over a run every pair is compared.
inline Verdict lamport_condition(const View<Protocol>& view);
inline Verdict lamport_converse_fails(const View<Protocol>& view);
inline Verdict vector_exact(const View<Protocol>& view);
inline Verdict concurrent_seen(const View<Protocol>& view);
inline Verdict wall_order(const View<Protocol>& view);
inline Verdict hybrid_order(const View<Protocol>& view);
inline Verdict hybrid_distance(const View<Protocol>& view);
// How many pairs the wall clocks put in the wrong order, counted at the end.
inline Verdict wrong_causes(const View<Protocol>& view);
inline Verdict wrong_pairs(const View<Protocol>& view);
inline Verdict skew(const View<Protocol>& view);
inline Verdict clock_error(const View<Protocol>& view);
inline std::int64_t hybrid_ahead_us(const View<Protocol>& view);

struct Protocol {
  using Message = clocks::Message;
  using Timer = clocks::Timer;
  using Request = clocks::Request;
  using Node = std::variant<Process>;
  using Params = clocks::Params;
  static constexpr std::string_view name = "clocks";
  static constexpr std::string_view title = "Clocks";
  static constexpr std::string_view sentence =
      "Processes work, tell each other, and stamp what happens with four kinds of clocks.";
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
        {"hybrid_order", "A cause has an earlier hybrid time than its effect.",
         PropertyKind::always, hybrid_order},
        {"hybrid_distance", "No hybrid time is further ahead of its wall clock than the limit.",
         PropertyKind::always, hybrid_distance},
        {"wrong_causes", "How many effects have an earlier wall-clock time than a cause: none.",
         PropertyKind::budget, wrong_causes},
        {"wrong_pairs", "How many pairs of events the wall clocks order wrongly: none.",
         PropertyKind::budget, wrong_pairs},
        {"skew", "At the end no two wall clocks differ by more than the limit.",
         PropertyKind::budget, skew},
        {"clock_error", "At the end no wall clock is further from true time than the limit.",
         PropertyKind::budget, clock_error},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"skew", MeterUnit::time_us, "How far apart two wall clocks are at most.",
         [](const View<Protocol>& view) { return skew(view).measured; }},
        {"clock_error", MeterUnit::time_us, "How far a wall clock is from true time at most.",
         [](const View<Protocol>& view) { return clock_error(view).measured; }},
        {"hybrid_ahead", MeterUnit::time_us,
         "How far the latest hybrid times are ahead of their wall clocks at most.",
         hybrid_ahead_us},
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

inline bool is_stamped(const Event& event) {
  return event.kind == EventKind::timer || event.kind == EventKind::deliver ||
         event.kind == EventKind::request;
}

// The processes' events before `at` and at it, the newest first. A process stamps once in each
// handler, so its n-th stamp from the end belongs to the n-th from the end of its timers,
// deliveries and requests.
inline std::vector<Stamped> stamped_events(const View<Protocol>& view, EventIndex at) {
  std::vector<Stamped> latest;
  const Trace& trace = view.trace();
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
  // Only a step that made an event of a process's own has anything new to compare.
  const Trace& trace = view.trace();
  EventIndex at = trace.size() - 1;
  while (at >= trace.first() && trace[at].step == trace.back().step && !is_stamped(trace[at])) --at;
  if (at < trace.first() || trace[at].step != trace.back().step) return otherwise;
  const std::vector<Stamped> latest = stamped_events(view, at);
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

inline std::string text_of(const Hybrid& hybrid) {
  return format_wall_clock(hybrid.wall_us) + "+" + std::to_string(hybrid.count);
}

inline std::string pair_of(const View<Protocol>& view, const Stamped& a, const Stamped& b) {
  return "an event of " + view.name(a.node) + " at " +
         format_time_for_people(view.trace()[a.event].at_us) + " and one of " + view.name(b.node) +
         " at " + format_time_for_people(view.trace()[b.event].at_us);
}

// No cause and effect have stamps that are in the wrong order.
template <class Wrong, class Text>
Verdict causes_first(const View<Protocol>& view, std::string_view stamps, Wrong wrong, Text text) {
  return with_newest(
      view, holds(),
      [&](const Stamped& a, const Stamped& b, bool before) -> std::optional<Verdict> {
        if (!before || !wrong(*a.stamp, *b.stamp)) return std::nullopt;
        return violated("Cause and effect, " + pair_of(view, a, b) + ", carry the " +
                        std::string(stamps) + " " + text(*a.stamp) + " and " + text(*b.stamp) +
                        ".");
      });
}

inline Verdict lamport_condition(const View<Protocol>& view) {
  return causes_first(
      view, "Lamport numbers",
      [](const Stamp& a, const Stamp& b) { return a.lamport >= b.lamport; },
      [](const Stamp& stamp) { return std::to_string(stamp.lamport); });
}

inline Verdict wall_order(const View<Protocol>& view) {
  return causes_first(
      view, "times", [](const Stamp& a, const Stamp& b) { return a.wall_us > b.wall_us; },
      [](const Stamp& stamp) { return format_wall_clock(stamp.wall_us); });
}

inline Verdict hybrid_order(const View<Protocol>& view) {
  return causes_first(
      view, "hybrid times",
      [](const Stamp& a, const Stamp& b) { return !earlier(a.hybrid, b.hybrid); },
      [](const Stamp& stamp) { return text_of(stamp.hybrid); });
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

// The furthest that the latest hybrid time of a process was ahead of its wall clock.
inline std::int64_t hybrid_ahead_us(const View<Protocol>& view) {
  Time most_us = 0;
  view.for_each<Process>([&](NodeId, const Process& process) {
    if (process.log.value.empty()) return;
    const Stamp& stamp = process.log.value.back();
    most_us = std::max(most_us, stamp.hybrid.wall_us - stamp.wall_us);
  });
  return most_us;
}

inline Verdict hybrid_distance(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Process>([&](NodeId id, const Process& process) {
    if (process.log.value.empty()) return;
    const Stamp& stamp = process.log.value.back();
    const Time ahead_us = stamp.hybrid.wall_us - stamp.wall_us;
    if (ahead_us <= view.params().skew_limit_us) return;
    verdict = violated("A hybrid time of " + view.name(id) + " is " +
                           format_time_for_people(ahead_us) + " ahead of its wall clock.",
                       {id});
  });
  return verdict;
}

// wrong(earlier, later, earlier -> later) for every pair, in the order of true time.
template <class Wrong>
Verdict count_pairs(const View<Protocol>& view, std::string_view of_what, Wrong wrong) {
  const std::vector<Stamped> latest = stamped_events(view, view.trace().size() - 1);
  std::int64_t count = 0;
  Verdict verdict;
  for (std::size_t i = 0; i < latest.size(); ++i) {
    for (std::size_t j = i + 1; j < latest.size(); ++j) {
      if (!wrong(latest[j], latest[i])) continue;
      ++count;
      verdict.events = {latest[j].event, latest[i].event};
      verdict.nodes = {latest[j].node, latest[i].node};
    }
  }
  Verdict counted = measured(count, 0, std::to_string(count) + " " + std::string(of_what));
  counted.events = verdict.events;
  counted.nodes = verdict.nodes;
  return counted;
}

inline Verdict wrong_causes(const View<Protocol>& view) {
  return count_pairs(view, "pairs of cause and effect have their wall-clock times the wrong way.",
                     [&](const Stamped& a, const Stamped& b) {
                       return a.stamp->wall_us > b.stamp->wall_us &&
                              view.trace().happened_before(a.event, b.event);
                     });
}

inline Verdict wrong_pairs(const View<Protocol>& view) {
  return count_pairs(view, "pairs of events have their wall-clock times the wrong way.",
                     [&](const Stamped& a, const Stamped& b) {
                       return a.stamp->wall_us > b.stamp->wall_us &&
                              view.trace()[a.event].at_us < view.trace()[b.event].at_us;
                     });
}

inline Verdict clock_error(const View<Protocol>& view) {
  NodeId worst{0};
  const auto error_of = [&](NodeId id) {
    const Time error_us = view.wall(id) - view.now_us();
    return error_us < 0 ? -error_us : error_us;
  };
  for (std::int32_t i = 1; i < view.node_count(); ++i) {
    if (error_of(NodeId{i}) > error_of(worst)) worst = NodeId{i};
  }
  const Time error_us = error_of(worst);
  const bool ahead = view.wall(worst) > view.now_us();
  return measured(error_us, view.params().skew_limit_us,
                  error_us == 0 ? "All wall clocks show true time."
                                : "The wall clock of " + view.name(worst) + " is " +
                                      format_time_for_people(error_us) +
                                      (ahead ? " ahead of" : " behind") + " true time.");
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
