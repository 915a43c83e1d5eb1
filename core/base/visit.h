// Calls visit(alternative) on what a variant holds. A chain of comparisons, which the compiler sees
// through; std::visit goes through a table of functions in some libraries, and WebAssembly pays for
// every call through a table.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>
#include <variant>

// A function of which a caller marked [[gnu::flatten]] is made in one piece. g++ puts in line all
// that such a caller leads to; clang only what it calls itself, and must be told of the rest.
#if defined(__clang__)
#define NETSPLIT_FLAT [[gnu::always_inline]] inline
#else
#define NETSPLIT_FLAT
#endif

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
