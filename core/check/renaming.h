// Nodes under each other's names: a permutation of the nodes, carried out on any described value.
// Every field that holds a NodeId is renamed, and so are the places of a PerNode list.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/schema.h"

namespace netsplit::check {

// Node i becomes node to[i]. Numbers that are no nodes stay as they are.
struct Renaming {
  std::vector<std::int32_t> to;

  NodeId operator()(NodeId id) const {
    const bool is_node = id.value >= 0 && id.value < static_cast<std::int32_t>(to.size());
    return is_node ? NodeId{to[static_cast<std::size_t>(id.value)]} : id;
  }
  Renaming inverse() const {
    Renaming back{std::vector<std::int32_t>(to.size())};
    for (std::size_t i = 0; i < to.size(); ++i)
      back.to[static_cast<std::size_t>(to[i])] = static_cast<std::int32_t>(i);
    return back;
  }
};

void rename(const Schema& schema, void* value, const Renaming& renaming);
template <class T>
void rename(T& value, const Renaming& renaming) {
  rename(schema_of<T>, &value, renaming);
}

}  // namespace netsplit::check
