#include "core/sim/trace_difference.h"

#include <algorithm>

namespace netsplit {
namespace {

using What = TraceDifference::What;

std::optional<What> difference(const Event& a, const Event& b) {
  if (a.kind != b.kind || a.node != b.node || a.peer != b.peer || a.label != b.label ||
      a.loss != b.loss) {
    return What::event;
  }
  if (a.at_us != b.at_us) return What::time;
  if (a.payload != b.payload) return What::content;
  if (a.message != b.message || a.cause != b.cause || a.previous != b.previous ||
      a.lamport != b.lamport || a.wall_us != b.wall_us || a.hybrid_us != b.hybrid_us) {
    return What::order;
  }
  return std::nullopt;
}

}  // namespace

std::optional<TraceDifference> first_difference(const Trace& a, const Trace& b) {
  const EventIndex first = std::max(a.first(), b.first());
  const EventIndex both = std::min(a.size(), b.size());
  for (EventIndex i = first; i < both; ++i) {
    const std::optional<What> what = difference(a[i], b[i]);
    if (what) return TraceDifference{i, *what, true, true, i == first && first > 0};
  }
  if (a.size() == b.size()) return std::nullopt;
  const EventIndex end = std::max(first, both);
  return TraceDifference{end, What::end, a.size() > end, b.size() > end, both < first};
}

}  // namespace netsplit
