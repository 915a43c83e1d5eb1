// What consensus promises here, and what only commit does.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/protocols/group_transfer/client.h"
#include "core/protocols/group_transfer/replica.h"
#include "core/sim/oracles.h"
#include "core/sim/view.h"

namespace netsplit::group_transfer {

// The replicas in order; the first half are the first group.
template <class P>
std::vector<std::pair<NodeId, const Replica*>> replicas(const View<P>& view) {
  std::vector<std::pair<NodeId, const Replica*>> all;
  view.template for_each<Replica>(
      [&](NodeId id, const Replica& one) { all.emplace_back(id, &one); });
  return all;
}

// Always: the replicas of a group agree on what is committed: consensus.
template <class P>
Verdict agreement(const View<P>& view) {
  const auto all = replicas(view);
  const std::size_t half = all.size() / 2;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i + 1; j < (i < half ? half : all.size()); ++j) {
      const Replica& one = *all[i].second;
      const Replica& other = *all[j].second;
      const LogIndex at =
          first_difference(one.disk.log, other.disk.log, std::min(one.commit, other.commit));
      if (at != LogIndex{})
        return violated(view.name(all[i].first) + " and " + view.name(all[j].first) +
                            " have committed different entries at index " +
                            std::to_string(at.value) + ".",
                        {all[i].first, all[j].first});
    }
  }
  return holds();
}

// Always: no transfer is done in one group and refused in the other.
template <class P>
Verdict atomicity(const View<P>& view) {
  std::map<Transfer, NodeId> done[2], refused[2];
  const auto all = replicas(view);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t group = i < all.size() / 2 ? 0 : 1;
    const Replica& one = *all[i].second;
    for (LogIndex at{1}; at <= one.commit; at = at.next()) {
      const Entry& entry = one.disk.log[at];
      if (entry.record == Record::committed) done[group].emplace(entry.transfer, all[i].first);
      if (entry.record == Record::aborted) refused[group].emplace(entry.transfer, all[i].first);
    }
  }
  for (const std::size_t group : {0, 1}) {
    for (const auto& [transfer, one] : done[group]) {
      const auto other = refused[1 - group].find(transfer);
      if (other == refused[1 - group].end()) continue;
      return violated("The group of " + view.name(one) + " did its half of transfer " +
                          own_number_words<Client>(view, transfer) + ", that of " +
                          view.name(other->second) + " refused.",
                      {one, other->second});
    }
  }
  return holds();
}

// Finally: what is in both accounts is what was in them at first.
template <class P>
Verdict conserved(const View<P>& view) {
  const auto all = replicas(view);
  if (all.size() < 2) return holds();
  // The leaders know what their groups have committed.
  const auto& [first, one] = all.front();
  const auto& [second, other] = all[all.size() / 2];
  if (one->balance + other->balance == 2 * opening_balance) return holds();
  return violated(view.name(first) + " has " + std::to_string(one->balance) + " and " +
                      view.name(second) + " " + std::to_string(other->balance) + ": " +
                      std::to_string(one->balance + other->balance) + " of " +
                      std::to_string(2 * opening_balance) + ".",
                  {first, second});
}

// Finally: no account is locked.
template <class P>
Verdict locks_released(const View<P>& view) {
  for (const auto& [id, one] : replicas(view))
    if (one->lock.held())
      return violated(view.name(id) + " holds its account's lock for transfer " +
                          own_number_words<Client>(view, *one->lock.owner) + ".",
                      {id});
  return holds();
}

template <class P>
bool locked(const View<P>& view, NodeId node) {
  const auto all = replicas(view);
  const bool leads =
      !all.empty() && (node == all.front().first || node == all[all.size() / 2].first);
  return leads && view.template as<Replica>(node)->lock.held();
}

}  // namespace netsplit::group_transfer
