// How far the copy is behind.
#pragma once

#include <algorithm>
#include <string>

#include "core/protocols/state_sync/copy.h"
#include "core/protocols/state_sync/source.h"
#include "core/sim/view.h"

namespace netsplit::state_sync {

inline constexpr std::int64_t rounds_behind_limit = 3;

template <class P>
Verdict fresh(const View<P>& view) {
  std::int64_t most = 0;
  view.template for_each<Source>(
      [&](NodeId, const Source& source) { most = std::max(most, source.disk.most_behind); });
  return measured(most, rounds_behind_limit,
                  "The copy was up to " + std::to_string(most) + " rounds behind.");
}

// visit(source, copy, the copy's id)
template <class P, class Visit>
void both(const View<P>& view, Visit visit) {
  view.template for_each<Source>([&](NodeId, const Source& source) {
    view.template for_each<Copy>([&](NodeId id, const Copy& copy) { visit(source, copy, id); });
  });
}

template <class P>
Verdict converged(const View<P>& view) {
  Verdict verdict = holds();
  both(view, [&](const Source& source, const Copy& copy, NodeId id) {
    std::int64_t missing = 0;
    for (const Record& record : source.disk.records) {
      const bool there = std::find(copy.disk.records.begin(), copy.disk.records.end(), record) !=
                         copy.disk.records.end();
      missing += there || record.change == 0 ? 0 : 1;
    }
    if (missing > 0)
      verdict = violated(view.name(id) + " lacks the newest of " + std::to_string(missing) +
                             (missing == 1 ? " record." : " records."),
                         {id});
  });
  return verdict;
}

template <class P>
Time staleness(const View<P>& view) {
  std::int64_t rounds = 0;
  both(view, [&](const Source& source, const Copy& copy, NodeId) {
    rounds = std::max(rounds, source.behind(copy.disk.through));
  });
  return rounds * view.params().period_us;
}

template <class P>
std::int64_t queued(const View<P>& view) {
  std::int64_t bytes = 0;
  view.template for_each_message<Update>(
      [&](NodeId, NodeId, const Update& update) { bytes += header_bytes + size_in_bytes(update); });
  return bytes;
}

}  // namespace netsplit::state_sync
