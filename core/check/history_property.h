// Linearizability as a property. A protocol that says what object its clients share (`static
// constexpr ObjectKind history`) is judged in every run, and in every state of a check, by what its
// clients were told.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::check {

// Is there an order of the operations that respects real time and explains every answer? When there
// is none the witness names the operations that do not fit, the first one first, their clients, and
// the events at which they began and were answered. It is not decided when a limit stopped the
// search. Requires: the object has operations of all these names.
Verdict judge_clients(ObjectKind object, const std::vector<OperationRecord>& records,
                      const std::function<std::string(NodeId)>& name);

template <Protocol P>
Verdict linearizable(const View<P>& view) {
  std::vector<OperationRecord> records;
  for (std::int64_t i = 0; i < view.history().size(); ++i) records.push_back(view.history()[i]);
  return judge_clients(P::history, records, [&](NodeId id) { return view.name(id); });
}

// What is asked of a protocol: its own properties, and `linearizable` where its clients share an
// object.
template <Protocol P>
const std::vector<Property<P>>& properties_of() {
  static const std::vector<Property<P>> all = [] {
    std::vector<Property<P>> made = P::properties();
    if constexpr (requires { P::history; }) {
      made.push_back({"linearizable",
                      "One order of the clients' operations explains every answer, and puts none "
                      "before one that was over when it began.",
                      PropertyKind::always, linearizable<P>, true});
    }
    return made;
  }();
  return all;
}

}  // namespace netsplit::check
