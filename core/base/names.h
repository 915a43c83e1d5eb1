// Names of types and enumerators, taken from the compiler so that nobody writes them twice.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace netsplit {
namespace detail {

template <class T>
constexpr std::string_view signature_of_type() {
  return __PRETTY_FUNCTION__;
}

template <auto value>
constexpr std::string_view signature_of_value() {
  return __PRETTY_FUNCTION__;
}

constexpr bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The identifier that ends just before `end`.
constexpr std::string_view identifier_before(std::string_view text, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && is_name_character(text[begin - 1])) --begin;
  return text.substr(begin, end - begin);
}

// The identifier with which what follows `equals` ends, in a compiler's words for it.
constexpr std::string_view identifier_after(std::string_view signature, std::string_view equals) {
  const std::size_t begin = signature.find(equals);
  return identifier_before(signature,
                           std::min(signature.find(';', begin), signature.find(']', begin)));
}

// Copies of parts of signatures, so that programs hold the names alone.
template <std::size_t size>
constexpr std::array<char, size> copy_of(std::string_view text) {
  std::array<char, size> copy{};
  for (std::size_t i = 0; i < size; ++i) copy[i] = text[i];
  return copy;
}
template <class T>
struct TypeName {
  // g++: "... [with T = lock::Granted; std::string_view = ...]", clang: "... [T = lock::Granted]".
  static constexpr std::string_view found = identifier_after(signature_of_type<T>(), "T = ");
  static constexpr auto copy = copy_of<found.size()>(found);
};
template <auto value>
struct EnumeratorName {
  // g++: "... [with auto value = lock::State::held; std::string_view = ...]", clang: "... [value =
  // lock::State::held]"; "(lock::State)9" for a number that is no enumerator.
  static constexpr std::string_view found =
      identifier_after(signature_of_value<value>(), "value = ");
  static constexpr auto copy = copy_of<found.size()>(found);
};

template <auto value>
constexpr std::string_view enumerator_name() {
  constexpr auto& name = EnumeratorName<value>::copy;
  if constexpr (name.empty() || (name[0] >= '0' && name[0] <= '9')) return {};
  return {name.data(), name.size()};
}

inline constexpr int enumerators_max = 32;

template <class E, std::size_t... i>
constexpr auto enumerator_table(std::index_sequence<i...>) {
  return std::array<std::string_view, sizeof...(i)>{enumerator_name<static_cast<E>(i)>()...};
}

template <class E>
inline constexpr auto enumerators =
    enumerator_table<E>(std::make_index_sequence<enumerators_max>{});

}  // namespace detail

// The unqualified name of a type that is not a template: "Granted".
template <class T>
constexpr std::string_view type_name() {
  constexpr auto& name = detail::TypeName<T>::copy;
  return {name.data(), name.size()};
}

// The names of an enumeration whose values count up from 0, in order. At most 32.
template <class E>
constexpr std::span<const std::string_view> enumerator_names() {
  static_assert(std::is_enum_v<E>);
  constexpr std::size_t count = [] {
    std::size_t n = 0;
    while (n < detail::enumerators<E>.size() && !detail::enumerators<E>[n].empty()) ++n;
    return n;
  }();
  return std::span<const std::string_view>(detail::enumerators<E>.data(), count);
}

// The name of one value, or "?" for a number that is none.
template <class E>
constexpr std::string_view enumerator_name_of(E value) {
  const auto names = enumerator_names<E>();
  const auto index = static_cast<std::uint64_t>(value);
  return index < names.size() ? names[index] : std::string_view("?");
}

// "LockService" becomes "lock_service".
inline std::string snake_case(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool upper = name[i] >= 'A' && name[i] <= 'Z';
    if (upper && i != 0 && !(name[i - 1] >= 'A' && name[i - 1] <= 'Z')) text += '_';
    text += upper ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
  }
  return text;
}

// "lock_service" becomes "lock service".
inline std::string words(std::string_view name) {
  std::string text = snake_case(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

// "1 seed", "2 seeds".
std::string counted(std::uint64_t count, std::string_view one, std::string_view many);

// "drop, crash", or "none".
std::string listed(std::span<const std::string> names);

// The candidate nearest to a misspelt name, or "" when none is near (at most a third differs).
std::string nearest_name(std::string_view name, std::span<const std::string> candidates);

// `expected one of "a", "b"`, or `did you mean "a"?` when one is near.
std::string expected_names(std::string_view name, std::span<const std::string> candidates);

}  // namespace netsplit
