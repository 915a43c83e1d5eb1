// What each kind of clock promises, judged against the recorded happens-before.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "core/protocols/clocks/pairs.h"

namespace netsplit::clocks {

// Each compares the newest event with those before it, so that over a run every pair is compared.
template <class P>
Verdict lamport_condition(const View<P>& view) {
  return causes_first(
      view, "Lamport numbers",
      [](const Stamp& a, const Stamp& b) { return a.lamport >= b.lamport; },
      [](const Stamp& stamp) { return std::to_string(stamp.lamport); });
}

template <class P>
Verdict wall_order(const View<P>& view) {
  return causes_first(
      view, "times", [](const Stamp& a, const Stamp& b) { return a.wall_us > b.wall_us; },
      [](const Stamp& stamp) { return format_wall_clock(stamp.wall_us); });
}

template <class P>
Verdict hybrid_order(const View<P>& view) {
  return causes_first(
      view, "hybrid times",
      [](const Stamp& a, const Stamp& b) { return !earlier(a.hybrid, b.hybrid); },
      [](const Stamp& stamp) { return text_of(stamp.hybrid); });
}

template <class P>
Verdict lamport_converse_fails(const View<P>& view) {
  return with_newest(
      view, not_seen(),
      [&](const Stamped& a, const Stamped& b, bool before) -> std::optional<Verdict> {
        if (before || a.stamp->lamport >= b.stamp->lamport) return std::nullopt;
        return seen("The numbers " + std::to_string(a.stamp->lamport) + " and " +
                    std::to_string(b.stamp->lamport) + " suggest an order for " +
                    pair_of(view, a, b) + ", yet neither caused the other.");
      });
}

template <class P>
Verdict vector_exact(const View<P>& view) {
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

template <class P>
Verdict concurrent_seen(const View<P>& view) {
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
template <class P>
std::int64_t hybrid_ahead_us(const View<P>& view) {
  Time most_us = 0;
  view.template for_each<Process>([&](NodeId, const Process& process) {
    if (process.log.value.empty()) return;
    const Stamp& stamp = process.log.value.back();
    most_us = std::max(most_us, stamp.hybrid.wall_us - stamp.wall_us);
  });
  return most_us;
}

template <class P>
Verdict hybrid_distance(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Process>([&](NodeId id, const Process& process) {
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
template <class P, class Wrong>
Verdict count_pairs(const View<P>& view, std::string_view of_what, Wrong wrong) {
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

// How many pairs the wall clocks put in the wrong order, counted at the end.
template <class P>
Verdict wrong_causes(const View<P>& view) {
  return count_pairs(view, "pairs of cause and effect have their wall-clock times the wrong way.",
                     [&](const Stamped& a, const Stamped& b) {
                       return a.stamp->wall_us > b.stamp->wall_us &&
                              view.trace().happened_before(a.event, b.event);
                     });
}

template <class P>
Verdict wrong_pairs(const View<P>& view) {
  return count_pairs(view, "pairs of events have their wall-clock times the wrong way.",
                     [&](const Stamped& a, const Stamped& b) {
                       return a.stamp->wall_us > b.stamp->wall_us &&
                              view.trace()[a.event].at_us < view.trace()[b.event].at_us;
                     });
}

template <class P>
Verdict clock_error(const View<P>& view) {
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

template <class P>
Verdict skew(const View<P>& view) {
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
