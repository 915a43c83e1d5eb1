// Reads that miss a write which was over before they began: what a register that is at least
// "regular" never shows (Lamport, "On interprocess communication", 1986, here for several writers).
// It asks less than linearizability: reads beside a write may still disagree about it. For
// protocols whose clients `read` and `write` (core/sim/operation.h), by key.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit {

// visit(const OperationRecord&) for each of the clients' operations of this name, in order.
template <class P, class Visit>
void each_operation(const View<P>& view, std::string_view name, Visit visit) {
  const auto& history = view.history();
  for (std::int64_t i = history.first(); i < history.size(); ++i)
    if (history[i].operation.name == name) visit(history[i]);
}

// What the read answers must have been written by a write that was not over before the last of
// those began that were over before the read. Cost: twice the history.
template <class P>
bool is_stale(const View<P>& view, const OperationRecord& read) {
  if (read.outcome != Outcome::ok || read.operation.name != "read") return false;
  const auto each_write = [&](auto visit) {
    each_operation(view, "write", [&](const OperationRecord& one) {
      if (one.operation.key == read.operation.key) visit(one);
    });
  };
  Time newest_us = -1;  // when the last write began that was over
  each_write([&](const OperationRecord& write) {
    if (write.outcome == Outcome::ok && write.completed_us < read.invoked_us)
      newest_us = std::max(newest_us, write.invoked_us);
  });
  bool stale = newest_us >= 0;
  each_write([&](const OperationRecord& write) {
    if (write.operation.argument != read.result || write.outcome == Outcome::failed) return;
    if (write.outcome != Outcome::ok || write.completed_us >= newest_us) stale = false;
  });
  return stale;
}

// Always, of history: a read misses no write that was over before it began.
template <class P>
Verdict fresh_reads(const View<P>& view) {
  const auto& history = view.history();
  for (std::int64_t i = history.first(); i < history.size(); ++i) {
    const OperationRecord& read = history[i];
    if (!is_stale(view, read)) continue;
    const std::string value = read.result == nothing ? "nothing" : std::to_string(read.result);
    return violated(view.name(read.client) + " read " + value +
                        ", although a later write was over before the read began.",
                    {read.client}, {read.invoked_event, read.completed_event});
  }
  return holds();
}

template <class P>
std::int64_t stale_reads(const View<P>& view) {
  std::int64_t count = 0;
  each_operation(view, "read",
                 [&](const OperationRecord& read) { count += is_stale(view, read) ? 1 : 0; });
  return count;
}

}  // namespace netsplit
