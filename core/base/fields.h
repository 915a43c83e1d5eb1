// Fields are described once. `FIELDS(a, b)` at the end of a struct lists its members; from that
// list come equality and the schema (core/base/schema.h), and by the schema hash, bytes, the
// inspector's rows and JSON. A member that is not listed, or listed out of number, is a compile
// error: the struct no longer decomposes into as many names. Floating point and pointers are
// refused, since their bits are not the same everywhere.
//
// The type of a field is its hint (core/base/ids.h, core/base/hinted.h); a name that ends in `_us`
// is a time. At most 20 fields; `Hidden<T>` keeps a field out of the inspector but not out of the
// hash.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/ids.h"

#define FIELDS(...)                                                               \
  static constexpr std::string_view field_list() { return #__VA_ARGS__; }         \
  constexpr auto field_references() { return std::tie(__VA_ARGS__); }             \
  constexpr auto field_references() const { return std::tie(__VA_ARGS__); }       \
  template <class Self>                                                           \
  static constexpr auto field_offsets() {                                         \
    constexpr std::size_t n = netsplit::detail::count_names(field_list());        \
    return std::array<std::size_t, n>{NETSPLIT_EACH_OFFSET(__VA_ARGS__)};         \
  }                                                                               \
  template <class Same>                                                           \
  constexpr bool operator==(const Same& other)                                    \
      const requires std::is_same_v<Same, std::remove_cvref_t<decltype(*this)>> { \
    return field_references() == other.field_references();                        \
  }

#define FIELDS_NONE FIELDS()

// `offsetof(Self, a), offsetof(Self, b)` of the names (a, b). Each expansion takes one name and
// leaves the rest to the next scan, of which NETSPLIT_SCAN makes more than there are names.
#define NETSPLIT_EACH_OFFSET(...) __VA_OPT__(NETSPLIT_SCAN(NETSPLIT_OFFSET(__VA_ARGS__)))
#define NETSPLIT_OFFSET(first, ...) \
  offsetof(Self, first) __VA_OPT__(, NETSPLIT_NEXT_OFFSET NETSPLIT_PARENTHESES(__VA_ARGS__))
#define NETSPLIT_NEXT_OFFSET() NETSPLIT_OFFSET
#define NETSPLIT_PARENTHESES ()
#define NETSPLIT_SCAN(...) NETSPLIT_SCAN3(NETSPLIT_SCAN3(NETSPLIT_SCAN3(__VA_ARGS__)))
#define NETSPLIT_SCAN3(...) NETSPLIT_SCAN2(NETSPLIT_SCAN2(NETSPLIT_SCAN2(__VA_ARGS__)))
#define NETSPLIT_SCAN2(...) NETSPLIT_SCAN1(NETSPLIT_SCAN1(NETSPLIT_SCAN1(__VA_ARGS__)))
#define NETSPLIT_SCAN1(...) __VA_ARGS__

namespace netsplit {

// A field that is part of the state but of no interest to a reader.
template <class T>
struct Hidden {
  T value{};
  friend bool operator==(const Hidden&, const Hidden&) = default;
};

// A list with a place for each node, in the order of the nodes: a vector clock, what a leader knows
// of each follower. A checker that takes nodes for interchangeable swaps the places too.
template <class T>
struct PerNode : std::vector<T> {
  using std::vector<T>::vector;
};

template <class T>
concept Described = requires(const T& t) {
  T::field_list();
  t.field_references();
};

namespace detail {

constexpr std::size_t count_names(std::string_view list) {
  if (list.empty()) return 0;
  std::size_t n = 1;
  for (const char c : list) n += c == ',' ? 1 : 0;
  return n;
}

template <std::size_t n>
constexpr std::array<std::string_view, n> split_names(std::string_view list) {
  std::array<std::string_view, n> names{};
  for (std::size_t i = 0; i < n; ++i) {
    while (!list.empty() && list.front() == ' ') list.remove_prefix(1);
    const std::size_t end = std::min(list.find(','), list.size());
    names[i] = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return names;
}

// Compiles only when T has exactly n members: that is the whole purpose of this function.
template <std::size_t n, class T>
constexpr void require_all_listed([[maybe_unused]] T& t) {
  static_assert(n <= 20, "a described struct has at most 20 fields: group some of them");
  // clang-format off
  if constexpr (n == 0) static_assert(std::is_empty_v<T>, "a member is missing from FIELDS");
  else if constexpr (n == 1) { [[maybe_unused]] auto& [a] = t; }
  else if constexpr (n == 2) { [[maybe_unused]] auto& [a, b] = t; }
  else if constexpr (n == 3) { [[maybe_unused]] auto& [a, b, c] = t; }
  else if constexpr (n == 4) { [[maybe_unused]] auto& [a, b, c, d] = t; }
  else if constexpr (n == 5) { [[maybe_unused]] auto& [a, b, c, d, e] = t; }
  else if constexpr (n == 6) { [[maybe_unused]] auto& [a, b, c, d, e, f] = t; }
  else if constexpr (n == 7) { [[maybe_unused]] auto& [a, b, c, d, e, f, g] = t; }
  else if constexpr (n == 8) { [[maybe_unused]] auto& [a, b, c, d, e, f, g, h] = t; }
  else if constexpr (n == 9) { [[maybe_unused]] auto& [a, b, c, d, e, f, g, h, i] = t; }
  else if constexpr (n == 10) { [[maybe_unused]] auto& [a, b, c, d, e, f, g, h, i, j] = t; }
  else if constexpr (n == 11) { [[maybe_unused]] auto& [a, b, c, d, e, f, g, h, i, j, k] = t; }
  else if constexpr (n == 12) { [[maybe_unused]] auto& [a, b, c, d, e, f, g, h, i, j, k, l] = t; }
  else if constexpr (n == 13) {
    [[maybe_unused]] auto& [a, b, c, d, e, f, g, h, i, j, k, l, m] = t; }
  else if constexpr (n == 14) {
    [[maybe_unused]] auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, o] = t; }
  else if constexpr (n == 15) {
    [[maybe_unused]] auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, o, p] = t; }
  else if constexpr (n == 16) {
    [[maybe_unused]] auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q] = t; }
  else if constexpr (n == 17) {
    [[maybe_unused]] auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q, r] = t; }
  else if constexpr (n == 18) {
    [[maybe_unused]] auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q, r, s] = t; }
  else if constexpr (n == 19) {
    [[maybe_unused]] auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q, r, s, u] = t; }
  else if constexpr (n == 20) {
    [[maybe_unused]] auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q, r, s, u, v] = t; }
  // clang-format on
}

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T>
struct is_vector<PerNode<T>> : std::true_type {};
template <class T>
struct is_per_node : std::false_type {};
template <class T>
struct is_per_node<PerNode<T>> : std::true_type {};
template <class T>
struct is_array : std::false_type {};
template <class T, std::size_t n>
struct is_array<std::array<T, n>> : std::true_type {};
template <class T>
struct is_set : std::false_type {};
template <class T>
struct is_set<std::set<T>> : std::true_type {};
template <class T>
struct is_map : std::false_type {};
template <class K, class V>
struct is_map<std::map<K, V>> : std::true_type {};
template <class T>
struct is_variant : std::false_type {};
template <class... Ts>
struct is_variant<std::variant<Ts...>> : std::true_type {};
template <class T>
struct is_hidden : std::false_type {};
template <class T>
struct is_hidden<Hidden<T>> : std::true_type {};

template <class T>
inline constexpr bool is_strong_integer = std::is_same_v<T, NodeId> || std::is_same_v<T, Token> ||
                                          std::is_same_v<T, Epoch> || std::is_same_v<T, LogIndex>;

template <class T>
inline constexpr bool always_false = false;

}  // namespace detail

}  // namespace netsplit
