// What it costs, and whether all have the same.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/protocols/replica_fanout/origin.h"
#include "core/protocols/replica_fanout/outbox.h"
#include "core/protocols/replica_fanout/replica.h"
#include "core/sim/view.h"

namespace netsplit::replica_fanout {

// A tenth of a cent for ten updates a second: ten dollars an hour for a hundred thousand.
inline constexpr std::int64_t cost_limit_nanocents = 100'000'000;

template <class P>
Time cpu_time(const View<P>& view) {
  Time sum_us = 0;
  view.template for_each<Origin>(
      [&](NodeId, const Origin& origin) { sum_us += origin.out.cpu_us; });
  view.template for_each<Replica>(
      [&](NodeId, const Replica& replica) { sum_us += replica.out.cpu_us; });
  return sum_us;
}

template <class P>
std::int64_t cost_per_hour(const View<P>& view) {
  const Time now_us = view.now_us();
  if (now_us == 0) return 0;
  const auto transport = static_cast<std::int64_t>(view.counters().nanocents);
  // Milliseconds: a product of nanocents and microseconds would not fit.
  return (transport + cpu_time(view) * nanocents_per_cpu_us) / 1'000 * (hours(1) / 1'000) /
         std::max<Time>(1, now_us / 1'000) * 1'000;
}

template <class P>
Verdict cheap(const View<P>& view) {
  const std::int64_t cost = cost_per_hour(view);
  return measured(
      cost, cost_limit_nanocents,
      "An hour like this costs " + std::to_string(cost / 1'000'000) + " thousandths of a cent.");
}

// fault(replica, its log, the origin's) is the end of a sentence, or "".
template <class P, class Fault>
Verdict every_replica(const View<P>& view, Fault fault) {
  Verdict verdict = holds();
  view.template for_each<Origin>([&](NodeId, const Origin& origin) {
    view.template for_each<Replica>([&](NodeId id, const Replica& replica) {
      const std::string why = fault(id, replica.disk.log, origin.disk.log);
      if (!why.empty() && verdict.holds) verdict = violated(view.name(id) + " " + why, {id});
    });
  });
  return verdict;
}

using Texts = std::vector<std::string>;

template <class P>
Verdict same_stream(const View<P>& view) {
  return every_replica(view, [](NodeId, const Texts& log, const Texts& all) -> std::string {
    for (std::size_t i = 0; i < log.size(); ++i) {
      if (i < all.size() && log[i] == all[i]) continue;
      return "has as update " + std::to_string(i + 1) + ": " + log[i] + ".";
    }
    return "";
  });
}

template <class P>
Verdict converged(const View<P>& view) {
  return every_replica(view, [&](NodeId id, const Texts& log, const Texts& all) -> std::string {
    const bool gone = view.condition(id) == Condition::down;
    if (gone || log.size() == all.size()) return "";
    return "has " + std::to_string(log.size()) + " of " + std::to_string(all.size()) + " updates.";
  });
}

}  // namespace netsplit::replica_fanout
