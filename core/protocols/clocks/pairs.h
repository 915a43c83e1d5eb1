// Pairs of events, with their stamps and with what the engine recorded of cause and effect.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/protocols/clocks/process.h"
#include "core/sim/view.h"

namespace netsplit::clocks {

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
template <class P>
std::vector<Stamped> stamped_events(const View<P>& view, EventIndex at) {
  std::vector<Stamped> latest;
  const Trace& trace = view.trace();
  std::map<NodeId, std::size_t> used;
  for (; at >= trace.first() && latest.size() <= compared_max; --at) {
    if (!is_stamped(trace[at])) continue;
    const auto& log = view.template as<Process>(trace[at].node)->log.value;
    std::size_t& taken = used[trace[at].node];
    if (taken < log.size()) latest.push_back({at, trace[at].node, &log[log.size() - ++taken]});
  }
  return latest;
}

// visit(earlier, newest, earlier -> newest) until one of them yields a verdict that decides.
template <class P, class Visit>
Verdict with_newest(const View<P>& view, Verdict otherwise, Visit visit) {
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

template <class P>
std::string pair_of(const View<P>& view, const Stamped& a, const Stamped& b) {
  return "an event of " + view.name(a.node) + " at " +
         format_time_for_people(view.trace()[a.event].at_us) + " and one of " + view.name(b.node) +
         " at " + format_time_for_people(view.trace()[b.event].at_us);
}

// No cause and effect have stamps that are in the wrong order.
template <class P, class Wrong, class Text>
Verdict causes_first(const View<P>& view, std::string_view stamps, Wrong wrong, Text text) {
  return with_newest(
      view, holds(),
      [&](const Stamped& a, const Stamped& b, bool before) -> std::optional<Verdict> {
        if (!before || !wrong(*a.stamp, *b.stamp)) return std::nullopt;
        return violated("Cause and effect, " + pair_of(view, a, b) + ", carry the " +
                        std::string(stamps) + " " + text(*a.stamp) + " and " + text(*b.stamp) +
                        ".");
      });
}

}  // namespace netsplit::clocks
