// What several protocols ask of a run, written once: is every client answered, and well; do every
// two nodes of a role agree; where do two logs differ. For the functions that a protocol lists as
// properties.
#pragma once

#include <algorithm>
#include <string>

#include "core/base/hinted.h"
#include "core/sim/view.h"

namespace netsplit {

// Finally: every client's operation is over, if only as unknown.
template <class P>
Verdict all_answered(const View<P>& view) {
  for (std::int64_t i = view.history().first(); i < view.history().size(); ++i) {
    const OperationRecord& record = view.history()[i];
    if (record.outcome != Outcome::pending) continue;
    return violated(view.name(record.client) + " still waits for an answer.", {record.client});
  }
  return holds();
}

// Budget: no operation was refused, or went so that nobody knows.
template <class P>
Verdict all_went_well(const View<P>& view) {
  std::int64_t refused = 0;
  for (std::int64_t i = view.history().first(); i < view.history().size(); ++i)
    refused += view.history()[i].outcome == Outcome::ok ? 0 : 1;
  return measured(refused, 0,
                  std::to_string(refused) + " of " + std::to_string(view.history().size()) +
                      (view.history().size() == 1 ? " operation" : " operations") +
                      " did not go well.");
}

// Asks of every two nodes of the role, each pair once and in order. `fault(one, other)` says what
// is wrong between them, as the end of a sentence that their names begin; or "".
template <class Role, class P, class Fault>
Verdict of_every_two(const View<P>& view, Fault fault) {
  Verdict verdict = holds();
  view.template for_each<Role>([&](NodeId one, const Role& first) {
    view.template for_each<Role>([&](NodeId other, const Role& second) {
      if (other <= one || !verdict.holds) return;
      const std::string why = fault(first, second);
      if (why.empty()) return;
      verdict = violated(view.name(one) + " and " + view.name(other) + " " + why, {one, other});
    });
  });
  return verdict;
}

// The first index up to `end` at which both logs have an entry, and not the same one; or 0.
template <class Entry>
LogIndex first_difference(const Log<Entry>& a, const Log<Entry>& b, LogIndex end) {
  const LogIndex from = std::max(a.first(), b.first());
  const LogIndex to = std::min({a.last(), b.last(), end});
  if (from > to) return {};
  const auto in_a = a.entries.begin() + static_cast<std::ptrdiff_t>(from.value - a.first().value);
  const auto in_b = b.entries.begin() + static_cast<std::ptrdiff_t>(from.value - b.first().value);
  const auto count = static_cast<std::ptrdiff_t>(to.value - from.value + 1);
  const auto found = std::mismatch(in_a, in_a + count, in_b).first;
  return found == in_a + count ? LogIndex{} : LogIndex{from.value + (found - in_a)};
}

}  // namespace netsplit
