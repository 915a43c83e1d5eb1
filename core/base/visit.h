// Calls visit(alternative) on what a variant holds. A chain of comparisons, which the compiler sees
// through; std::visit goes through a table of functions in some libraries, and WebAssembly pays for
// every call through a table.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>
#include <variant>

namespace netsplit::detail {

template <std::size_t i = 0, class Variant, class Visit>
constexpr decltype(auto) visit_one(Variant& variant, Visit&& visit) {
  if constexpr (i + 1 == std::variant_size_v<std::remove_const_t<Variant>>) {
    return visit(*std::get_if<i>(&variant));
  } else {
    if (variant.index() == i) return visit(*std::get_if<i>(&variant));
    return visit_one<i + 1>(variant, std::forward<Visit>(visit));
  }
}

}  // namespace netsplit::detail
