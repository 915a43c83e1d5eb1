// Numbers that clients give to what they begin: no two clients use the same, and no client one
// twice. Each tells the operation in its client's history.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/sim/protocol.h"

namespace netsplit {

inline constexpr std::int64_t own_numbers = 1'000'000;  // of each client

// The number of what the client `Own` at ctx.self() has begun as `operation`.
template <class Own, class Ctx>
std::int64_t own_number(Ctx& ctx, std::uint32_t operation) {
  const std::vector<NodeId> all = ctx.template all<Own>();
  const auto place = std::find(all.begin(), all.end(), ctx.self()) - all.begin();
  return static_cast<std::int64_t>(place) * own_numbers + operation;
}

inline std::uint32_t operation_of(std::int64_t number) {
  return static_cast<std::uint32_t>(number % own_numbers);
}

// "1 of ben", for whoever reads a witness.
template <class Own, class View>
std::string own_number_words(const View& view, std::int64_t number) {
  std::int64_t clients = number / own_numbers;
  std::string name = "?";
  view.template for_each<Own>([&](NodeId id, const Own&) {
    if (clients-- == 0) name = view.name(id);
  });
  return std::to_string(operation_of(number)) + " of " + name;
}

}  // namespace netsplit
