// What becomes of posts and likes, and how old answers are.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "core/protocols/replicated_store/client.h"
#include "core/protocols/replicated_store/replica.h"
#include "core/sim/oracles.h"
#include "core/sim/stale_reads.h"
#include "core/sim/view.h"

namespace netsplit::replicated_store {

// Posts that were stored for certain, and that nobody has begun to delete, with their writers.
template <class P>
std::map<std::int64_t, NodeId> stored_posts(const View<P>& view) {
  std::map<std::int64_t, NodeId> posts;
  each_operation(view, "add", [&](const OperationRecord& one) {
    if (one.outcome == Outcome::ok) posts.emplace(one.operation.argument, one.client);
  });
  each_operation(view, "remove",
                 [&](const OperationRecord& one) { posts.erase(one.operation.argument); });
  return posts;
}

// Always: a post whose writer was told that it is stored is on some replica until it is deleted.
template <class P>
Verdict no_lost_write(const View<P>& view) {
  const std::map<std::int64_t, NodeId> stored = stored_posts(view);
  std::set<std::int64_t> shown;
  if (!stored.empty())
    view.template for_each<Replica>(
        [&](NodeId, const Replica& one) { shown.merge(one.disk.state.shown()); });
  for (const auto& [post, writer] : stored)
    if (!shown.contains(post))
      return violated(view.name(writer) + " was told that post " + std::to_string(post) +
                          " is stored, and no replica has it.",
                      {writer});
  return holds();
}

// Finally: what was seen and deleted is nowhere.
template <class P>
Verdict deleted_stays(const View<P>& view) {
  Verdict verdict = holds();
  each_operation(view, "remove", [&](const OperationRecord& removal) {
    const std::int64_t post = removal.operation.argument;
    std::int64_t added = 0;
    each_operation(view, "add",
                   [&](const OperationRecord& one) { added += one.operation.argument == post; });
    if (removal.outcome != Outcome::ok || removal.result == 0 || added != 1) return;
    view.template for_each<Replica>([&](NodeId id, const Replica& one) {
      if (!verdict.holds || !one.disk.state.shown().contains(post)) return;
      verdict = violated(view.name(id) + " has post " + std::to_string(post) + ", which " +
                             view.name(removal.client) + " saw and deleted.",
                         {id, removal.client}, {removal.invoked_event, removal.completed_event});
    });
  });
  return verdict;
}

// Finally: each replica counts the likes that were given.
template <class P>
Verdict likes_counted(const View<P>& view) {
  std::int64_t low = 0, high = 0;  // what is unknown may count or not
  each_operation(view, "like", [&](const OperationRecord& one) {
    const std::int64_t change = one.outcome == Outcome::failed ? 0 : one.operation.argument;
    if (one.outcome == Outcome::ok || change < 0) low += change;
    if (one.outcome == Outcome::ok || change > 0) high += change;
  });
  Verdict verdict = holds();
  view.template for_each<Replica>([&](NodeId id, const Replica& one) {
    std::int64_t likes = one.disk.state.likes.value();
    for (const Version<Feed>& version : one.disk.state.versions)
      likes = std::max(likes, version.value.likes);
    if (!verdict.holds || (likes >= low && likes <= high)) return;
    verdict = violated(view.name(id) + " counts " + std::to_string(likes) + ", and " +
                           std::to_string(low) + " were given.",
                       {id});
  });
  return verdict;
}

// Finally: all replicas have the same.
template <class P>
Verdict converged(const View<P>& view) {
  return of_every_two<Replica>(view, [](const Replica& one, const Replica& other) -> std::string {
    return one.disk.state == other.disk.state ? "" : "do not have the same.";
  });
}

template <class P>
std::int64_t stale_looks(const View<P>& view) {
  std::int64_t count = 0;
  each_operation(view, "contains", [&](const OperationRecord& look) {
    bool stored = false, deleted = false;
    const std::int64_t post = look.operation.argument;
    each_operation(view, "add", [&](const OperationRecord& one) {
      stored |= one.operation.argument == post && one.outcome == Outcome::ok &&
                one.completed_us < look.invoked_us;
    });
    each_operation(view, "remove", [&](const OperationRecord& one) {
      deleted |= one.operation.argument == post && one.invoked_us < look.completed_us;
    });
    count += look.outcome == Outcome::ok && look.result == 0 && stored && !deleted;
  });
  return count;
}

template <class P>
std::int64_t siblings(const View<P>& view) {
  std::size_t most = 0;
  view.template for_each<Replica>(
      [&](NodeId, const Replica& one) { most = std::max(most, one.disk.state.versions.size()); });
  return static_cast<std::int64_t>(most);
}

template <class P>
bool behind(const View<P>& view, NodeId node) {
  const Replica* one = view.template as<Replica>(node);
  if (one == nullptr) return false;
  const std::set<std::int64_t> shown = one->disk.state.shown();
  for (const auto& [post, writer] : stored_posts(view))
    if (!shown.contains(post)) return true;
  return false;
}

}  // namespace netsplit::replicated_store
