// A described value as rows for a person (and for JSON): names, hints, texts, children.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/fields.h"
#include "core/base/hinted.h"
#include "core/base/names.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace netsplit {

struct Row {
  std::string name;
  Hint hint = Hint::none;
  std::string text;  // what a person reads; empty for a group
  // The value behind numbers, flags, times, nodes, tokens, epochs and log indexes; of a list how
  // many it has, of a lock whether it is held, of a log the index of its last entry.
  std::int64_t number = 0;
  std::vector<Row> children;  // of lists and groups; of a log its entries, named by index
  friend bool operator==(const Row&, const Row&) = default;
};

using NodeNames = std::span<const std::string>;

inline std::string name_of(NodeId id, NodeNames names) {
  if (id.value < 0) return "nobody";
  const auto index = static_cast<std::size_t>(id.value);
  return index < names.size() ? names[index] : "node " + std::to_string(id.value);
}

namespace detail {

template <class T>
inline constexpr Hint hint_of = Hint::none;
template <class T>
requires requires { T::hint; }
inline constexpr Hint hint_of<T> = T::hint;

}  // namespace detail

// The values of a row on one line: `alice, 33` or `2, [1 2 3]`; what a message's label shows.
std::string brief(const Row& row);

template <class T>
Row inspect(std::string_view name, const T& value, NodeNames names) {
  Row row;
  row.name = name;
  if constexpr (std::is_same_v<T, bool>) {
    row.hint = Hint::flag;
    row.number = value ? 1 : 0;
    row.text = value ? "yes" : "no";
  } else if constexpr (std::is_enum_v<T>) {
    row.hint = Hint::choice;
    row.number = static_cast<std::int64_t>(value);
    row.text = words(enumerator_name_of(value));
  } else if constexpr (std::is_integral_v<T>) {
    row.number = static_cast<std::int64_t>(value);
    const bool is_time = name.ends_with("_us");
    row.hint = is_time ? Hint::time : Hint::number;
    row.text = is_time ? format_time_for_people(row.number) : std::to_string(value);
  } else if constexpr (std::is_same_v<T, NodeId>) {
    row.hint = Hint::node;
    row.number = value.value;
    row.text = name_of(value, names);
  } else if constexpr (detail::is_strong_integer<T>) {
    row.hint = std::is_same_v<T, Token>   ? Hint::token
               : std::is_same_v<T, Epoch> ? Hint::epoch
                                          : Hint::log_index;
    row.number = value.value;
    row.text = value.value == 0 ? "none" : std::to_string(value.value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    row.hint = Hint::text;
    row.text = "\"" + value + "\"";
  } else if constexpr (detail::is_optional<T>::value) {
    if (value) return inspect(name, *value, names);
    row.text = "none";
  } else if constexpr (detail::is_vector<T>::value || detail::is_array<T>::value ||
                       detail::is_set<T>::value) {
    row.hint = Hint::list;
    std::int64_t index = 0;
    for (const auto& element : value) {
      row.children.push_back(inspect("[" + std::to_string(index++) + "]", element, names));
    }
    row.number = index;
    if (index == 0) row.text = "empty";
  } else if constexpr (detail::is_map<T>::value) {
    row.hint = Hint::group;
    for (const auto& [key, element] : value) {
      row.children.push_back(inspect(inspect({}, key, names).text, element, names));
    }
    if (value.empty()) row.text = "empty";
  } else if constexpr (detail::is_variant<T>::value) {
    return std::visit([&](const auto& alternative) { return inspect(name, alternative, names); },
                      value);
  } else if constexpr (detail::hint_of<T> == Hint::lock) {
    row = inspect(name, value.owner, names);
    row.number = value.owner ? 1 : 0;
    row.text = value.owner ? brief(row) : "free";
    row.hint = Hint::lock;
    row.children.clear();
  } else if constexpr (detail::hint_of<T> == Hint::log) {
    row = inspect(name, value.entries, names);
    row.hint = Hint::log;
    row.number = value.last().value;
    std::int64_t index = value.first().value;
    for (Row& entry : row.children) entry.name = std::to_string(index++);
  } else {
    row.hint = Hint::group;
    for_each_field(value, [&]<class Member>(std::string_view field, const Member& member) {
      if constexpr (!detail::is_hidden<Member>::value) {
        row.children.push_back(inspect(field, member, names));
      }
    });
  }
  return row;
}

// The number behind one field of `object`, without building rows: what Row::number is for it.
// Nothing for texts, groups and fields that there are not.
template <class T>
std::optional<std::int64_t> number_at(const T& object, std::string_view path);

namespace detail {

template <class T>
std::optional<std::int64_t> number_of(const T& value) {
  if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
    return static_cast<std::int64_t>(value);
  } else if constexpr (is_strong_integer<T>) {
    return value.value;
  } else if constexpr (is_optional<T>::value) {
    return value ? number_of(*value) : std::nullopt;
  } else if constexpr (is_vector<T>::value || is_array<T>::value || is_set<T>::value ||
                       is_map<T>::value) {
    return static_cast<std::int64_t>(value.size());
  } else if constexpr (hint_of<T> == Hint::lock) {
    return value.held() ? 1 : 0;
  } else if constexpr (hint_of<T> == Hint::log) {
    return value.last().value;
  } else {
    return std::nullopt;
  }
}

// Reads `text` as an integer in [low, high].
Result<std::int64_t> parse_integer(std::string_view text, std::int64_t low, std::int64_t high);
Error no_such_field(std::string_view field, std::string_view list);

}  // namespace detail

template <class T>
std::optional<std::int64_t> number_at(const T& object, std::string_view path) {
  const std::size_t dot = path.find('.');
  const std::string_view head = path.substr(0, dot);
  std::optional<std::int64_t> found;
  for_each_field(object, [&]<class Member>(std::string_view field, const Member& member) {
    if (field != head) return;
    if (dot == std::string_view::npos) {
      found = detail::number_of(member);
    } else if constexpr (Described<Member>) {
      found = number_at(member, path.substr(dot + 1));
    }
  });
  return found;
}

template <class T>
Status assign_value(std::string_view field, T& value, std::string_view text, NodeNames names);

// Sets the field at `path` ("token", "entry.term") from text as a person writes it: numbers,
// "true"/"false", durations for `_us` fields, nodes and enumerators by name.
// Errors: the path and the nearest known field, or what the value should have been.
template <class T>
Status assign(T& object, std::string_view path, std::string_view text, NodeNames names) {
  const std::size_t dot = path.find('.');
  const std::string_view head = path.substr(0, dot);
  Status status = detail::no_such_field(head, T::field_list());
  for_each_field(object, [&]<class Member>(std::string_view field, Member& member) {
    if (field != head) return;
    if constexpr (Described<Member>) {
      status =
          dot == std::string_view::npos
              ? Status(Error{"\"" + std::string(path) + "\" is a group; name one of its fields"})
              : assign(member, path.substr(dot + 1), text, names);
    } else {
      status = assign_value(field, member, text, names);
    }
  });
  return status;
}

template <class T>
Status assign_value(std::string_view field, T& value, std::string_view text, NodeNames names) {
  if constexpr (std::is_same_v<T, bool>) {
    if (text != "true" && text != "false") {
      return Error{"\"" + std::string(field) + "\" is true or false, not \"" + std::string(text) +
                   "\""};
    }
    value = text == "true";
  } else if constexpr (std::is_enum_v<T>) {
    std::vector<std::string> known;
    for (const std::string_view name : enumerator_names<T>()) {
      if (name == text) {
        value = static_cast<T>(known.size());
        return Done{};
      }
      known.emplace_back(name);
    }
    return Error{"\"" + std::string(field) + "\" cannot be \"" + std::string(text) + "\"; " +
                 expected_names(text, known)};
  } else if constexpr (std::is_integral_v<T>) {
    const bool is_time = field.ends_with("_us");
    if (is_time && (text.empty() || text.back() < '0' || text.back() > '9')) {
      const Result<Time> time = parse_duration(text);
      if (!time) return Error{"\"" + std::string(field) + "\": " + time.error()};
      if (time.value() == never_us) {
        return Error{"\"" + std::string(field) + "\" is a duration, not \"never\""};
      }
      value = static_cast<T>(time.value());
      return Done{};
    }
    constexpr std::int64_t widest = static_cast<std::int64_t>(UINT64_MAX >> (65 - 8 * sizeof(T)));
    constexpr std::int64_t wide_high =
        std::is_signed_v<T> ? widest
        : sizeof(T) == 8    ? INT64_MAX
                            : static_cast<std::int64_t>(UINT64_MAX >> (64 - 8 * sizeof(T)));
    // Handlers add times: two of them must never overflow.
    const std::int64_t high = is_time ? std::min(wide_high, time_max_us) : wide_high;
    const std::int64_t low = !std::is_signed_v<T> ? 0 : is_time ? -high : -widest - 1;
    const Result<std::int64_t> number = detail::parse_integer(text, low, high);
    if (!number) return Error{"\"" + std::string(field) + "\": " + number.error()};
    value = static_cast<T>(number.value());
  } else if constexpr (std::is_same_v<T, NodeId>) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == text) {
        value = NodeId{static_cast<std::int32_t>(i)};
        return Done{};
      }
    }
    const std::vector<std::string> known(names.begin(), names.end());
    return Error{"\"" + std::string(field) + "\": there is no node \"" + std::string(text) +
                 "\"; " + expected_names(text, known)};
  } else if constexpr (detail::is_strong_integer<T>) {
    return assign_value(field, value.value, text, names);
  } else if constexpr (std::is_same_v<T, std::string>) {
    value = text;
  } else {
    return Error{"\"" + std::string(field) + "\" is a list and cannot be set as one value"};
  }
  return Done{};
}

}  // namespace netsplit
