// Nodes under each other's names: a permutation of the nodes, carried out on any described value.
// Every field that holds a NodeId is renamed, and so are the places of a PerNode list.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/fields.h"
#include "core/base/visit.h"
#include "core/sim/operation.h"

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

// Of a protocol that says so, the argument of an operation is a node's number.
template <class P>
Operation renamed(Operation operation, const Renaming& renaming) {
  if constexpr (requires { P::argument_is_node; }) {
    const auto id = NodeId{static_cast<std::int32_t>(operation.argument)};
    operation.argument = renaming(id).value;
  }
  return operation;
}

template <class T>
void rename(T& value, const Renaming& renaming) {
  namespace d = netsplit::detail;
  if constexpr (std::is_same_v<T, NodeId>) {
    value = renaming(value);
  } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T> || d::is_strong_integer<T> ||
                       std::is_same_v<T, std::string>) {
    // Says nothing of nodes.
  } else if constexpr (d::is_hidden<T>::value) {
    rename(value.value, renaming);
  } else if constexpr (d::is_optional<T>::value) {
    if (value) rename(*value, renaming);
  } else if constexpr (d::is_per_node<T>::value) {
    if constexpr (!std::is_integral_v<typename T::value_type>) {
      for (auto& element : value) rename(element, renaming);
    }
    if (value.size() != renaming.to.size()) return;
    T moved(value);
    for (std::size_t i = 0; i < value.size(); ++i)
      moved[static_cast<std::size_t>(renaming.to[i])] = std::move(value[i]);
    value = std::move(moved);
  } else if constexpr (d::is_array<T>::value || d::is_vector<T>::value) {
    if constexpr (!std::is_integral_v<typename T::value_type>) {
      for (auto& element : value) rename(element, renaming);
    }
  } else if constexpr (d::is_set<T>::value) {
    T renamed;
    for (auto element : value) {
      rename(element, renaming);
      renamed.insert(std::move(element));
    }
    value = std::move(renamed);
  } else if constexpr (d::is_map<T>::value) {
    T renamed;
    for (auto& [key, element] : value) {
      auto own = key;
      rename(own, renaming);
      rename(element, renaming);
      renamed.emplace(std::move(own), std::move(element));
    }
    value = std::move(renamed);
  } else if constexpr (d::is_variant<T>::value) {
    d::visit_one(value, [&](auto& alternative) { rename(alternative, renaming); });
  } else {
    for_each_field(value, [&](std::string_view, auto& member) { rename(member, renaming); });
  }
}

}  // namespace netsplit::check
