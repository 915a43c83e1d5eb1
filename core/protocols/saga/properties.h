// What a saga promises, and what it does not.
#pragma once

#include <map>
#include <string>

#include "core/protocols/saga/client.h"
#include "core/protocols/saga/orchestrator.h"
#include "core/protocols/saga/service.h"
#include "core/sim/view.h"

namespace netsplit::saga {

// It is shown here and not at another service.
template <class P>
bool half_done(const View<P>& view, NodeId node) {
  const Service* service = view.template as<Service>(node);
  if (service == nullptr) return false;
  NodeId last = nobody;
  view.template for_each<Service>([&](NodeId id, const Service&) { last = id; });
  bool half = false;
  for (const Entry& entry : service->disk.log.entries) {
    if (!service->shows(entry.saga, view.params(), node == last)) continue;
    view.template for_each<Service>([&](NodeId id, const Service& other) {
      half = half || !other.shows(entry.saga, view.params(), id == last);
    });
  }
  return half;
}

// Finally: each saga is done at every service or in force at none.
template <class P>
Verdict all_or_nothing(const View<P>& view) {
  std::map<SagaId, NodeId> done, undone;
  view.template for_each<Service>([&](NodeId, const Service& one) {
    for (const Entry& entry : one.disk.log.entries) {
      view.template for_each<Service>([&](NodeId id, const Service& service) {
        (service.in_force(entry.saga) == 1 ? done : undone).emplace(entry.saga, id);
      });
    }
  });
  for (const auto& [saga, one] : done) {
    const auto other = undone.find(saga);
    if (other == undone.end()) continue;
    return violated("Saga " + std::to_string(saga) + " is done at " + view.name(one) +
                        " and not at " + view.name(other->second) + ".",
                    {one, other->second});
  }
  return undone_once(view);
}

// Always: no step is undone more often than it was done.
template <class P>
Verdict undone_once(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Service>([&](NodeId id, const Service& service) {
    for (const Entry& entry : service.disk.log.entries) {
      if (service.in_force(entry.saga) >= 0) continue;
      verdict = violated(
          view.name(id) + " has undone saga " + std::to_string(entry.saga) + " twice.", {id});
    }
  });
  return verdict;
}

// Always: nobody has seen what was undone later.
template <class P>
Verdict no_dirty_read(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Client>([&](NodeId reader, const Client& client) {
    for (const auto& [id, sagas] : client.seen) {
      const Service* service = view.template as<Service>(id);
      for (const SagaId saga : sagas) {
        if (service == nullptr || service->in_force(saga) > 0) continue;
        verdict = violated(view.name(reader) + " saw saga " + std::to_string(saga) + " done at " +
                               view.name(id) + ", which has undone it since.",
                           {reader, id});
      }
    }
  });
  return verdict;
}

}  // namespace netsplit::saga
