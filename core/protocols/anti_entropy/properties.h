// What is asked of replicas that compare and mend each other, and what it costs.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/protocols/anti_entropy/replica.h"
#include "core/sim/oracles.h"
#include "core/sim/stale_reads.h"

namespace netsplit::anti_entropy {

// In how many keys the two differ, and the first of these.
inline std::pair<std::int64_t, std::int64_t> difference(const Replica& one, const Replica& other) {
  const std::vector<Cell>&a = one.disk.cells, &b = other.disk.cells;
  std::int64_t count = 0, first = 0;
  for (std::size_t key = std::min(a.size(), b.size()); key-- > 0;) {
    if (a[key] == b[key]) continue;
    ++count;
    first = static_cast<std::int64_t>(key);
  }
  return {count, first};
}

// Finally: all replicas have the same.
template <class P>
Verdict converged(const View<P>& view) {
  return of_every_two<Replica>(view, [](const Replica& one, const Replica& other) -> std::string {
    const auto [count, first] = difference(one, other);
    if (count == 0) return "";
    return "differ in " + std::to_string(count) + (count == 1 ? " key" : " keys") +
           ", the first of them " + std::to_string(first) + ".";
  });
}

// Always: what is stored under a key was written to it.
template <class P>
Verdict written(const View<P>& view) {
  using KeyValue = std::pair<std::int64_t, std::optional<std::int64_t>>;
  std::vector<KeyValue> writes;
  each_operation(view, "write", [&](const OperationRecord& write) {
    writes.push_back({write.operation.key, write.operation.argument});
  });
  Verdict verdict = holds();
  view.template for_each<Replica>([&](NodeId id, const Replica& one) {
    std::int64_t key = -1;
    for (const Cell& cell : one.disk.cells) {
      ++key;
      if (!cell.value || !verdict.holds) continue;
      if (std::find(writes.begin(), writes.end(), KeyValue{key, cell.value}) != writes.end())
        continue;
      verdict = violated(view.name(id) + " has " + std::to_string(*cell.value) + " under key " +
                             std::to_string(key) + ", which nobody wrote there.",
                         {id});
    }
  });
  return verdict;
}

// The sum of a counter over the replicas.
template <class P, Hidden<std::int64_t> Replica::Disk::*counter>
std::int64_t total(const View<P>& view) {
  std::int64_t sum = 0;
  view.template for_each<Replica>(
      [&](NodeId, const Replica& one) { sum += (one.disk.*counter).value; });
  return sum;
}

template <class P>
std::int64_t keys_apart(const View<P>& view) {
  std::int64_t most = 0;
  view.template for_each<Replica>([&](NodeId, const Replica& one) {
    view.template for_each<Replica>(
        [&](NodeId, const Replica& other) { most = std::max(most, difference(one, other).first); });
  });
  return most;
}

template <class P>
bool behind(const View<P>& view, NodeId node) {
  const Replica* own = view.template as<Replica>(node);
  bool lacks = false;
  if (own == nullptr) return lacks;
  view.template for_each<Replica>([&](NodeId, const Replica& other) {
    const std::vector<Cell>&a = own->disk.cells, &b = other.disk.cells;
    for (std::size_t key = 0; key < std::min(a.size(), b.size()) && !lacks; ++key)
      lacks = b[key].is_newer_than(a[key]);
  });
  return lacks;
}

}  // namespace netsplit::anti_entropy
