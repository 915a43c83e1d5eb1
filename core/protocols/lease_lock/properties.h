// What a lease promises, and what fencing adds.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/lease_lock/client.h"
#include "core/protocols/lease_lock/lock_service.h"
#include "core/protocols/lease_lock/storage.h"
#include "core/sim/view.h"

namespace netsplit::lease_lock {

template <class P>
std::int64_t leases(const View<P>& view) {
  std::int64_t count = 0;
  view.template for_each<LockService>(
      [&](NodeId, const LockService& service) { count += service.disk.next.value - 1; });
  return count;
}

template <class P>
std::int64_t writes(const View<P>& view) {
  std::int64_t count = 0;
  view.template for_each<Storage>(
      [&](NodeId, const Storage& storage) { count += storage.disk.version; });
  return count;
}

// Always: what storage holds was written with the highest token it has ever taken.
template <class P>
Verdict no_stale_write(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Storage>([&](NodeId id, const Storage& storage) {
    const auto& disk = storage.disk;
    if (disk.token >= disk.highest) return;
    verdict = violated(view.name(id) + " took a write by " + view.name(disk.value) +
                           " with token " + std::to_string(disk.token.value) +
                           " after one with token " + std::to_string(disk.highest.value) + ".",
                       {id, disk.value});
  });
  return verdict;
}

// Always: at most one client believes that it holds the lock. No lease can promise this.
template <class P>
Verdict one_believer(const View<P>& view) {
  std::vector<NodeId> believers;
  view.template for_each<Client>([&](NodeId id, const Client& client) {
    if (client.state == Client::State::holding || client.state == Client::State::writing)
      believers.push_back(id);
  });
  if (believers.size() < 2) return holds();
  return violated(view.name(believers[0]) + " and " + view.name(believers[1]) +
                      " both think they hold the lock.",
                  believers);
}

// Finally: every client has an answer, if only "unknown".
template <class P>
Verdict all_answered(const View<P>& view) {
  for (std::int64_t i = 0; i < view.history().size(); ++i) {
    const OperationRecord& record = view.history()[i];
    if (record.outcome != Outcome::pending) continue;
    return violated(view.name(record.client) + " still waits for an answer to its write.",
                    {record.client});
  }
  return holds();
}

}  // namespace netsplit::lease_lock
