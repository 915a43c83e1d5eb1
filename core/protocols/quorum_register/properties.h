// What homes hold in the end.
#pragma once

#include "core/protocols/quorum_register/client.h"
#include "core/protocols/quorum_register/replica.h"
#include "core/sim/view.h"

namespace netsplit::quorum_register {

// Finally: all homes hold the same.
template <class P>
Verdict replicas_agree(const View<P>& view) {
  std::int64_t homes = view.params().copies;
  NodeId first = nobody;
  Verdict verdict = holds();
  view.template for_each<Replica>([&](NodeId id, const Replica& one) {
    if (homes-- <= 0 || !verdict.holds) return;
    if (first == nobody) first = id;
    if (one.disk.cells == view.template as<Replica>(first)->disk.cells) return;
    verdict = violated(view.name(first) + " and " + view.name(id) + " hold different versions.",
                       {first, id});
  });
  return verdict;
}

// Finally: no replica keeps a write for another.
template <class P>
Verdict handed_over(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Replica>([&](NodeId id, const Replica& one) {
    if (one.disk.kept.empty()) return;
    const NodeId home = one.disk.kept.front().home;
    verdict = violated(view.name(id) + " keeps a write for " + view.name(home) + ".", {id, home});
  });
  return verdict;
}

}  // namespace netsplit::quorum_register
