// A described value as rows for a person (and for JSON): names, hints, texts, children. And the way
// back: a field set from text as a person writes it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/schema.h"
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

// The values of a row on one line: `alice, 33` or `2, [1 2 3]`; what a message's label shows.
std::string brief(const Row& row);

Row inspect(std::string_view name, const Schema& schema, const void* value, NodeNames names);
template <class T>
Row inspect(std::string_view name, const T& value, NodeNames names) {
  return inspect(name, schema_of<T>, &value, names);
}

// The number behind one field of a group ("term", "disk.log"), without building rows: what
// Row::number is for it. Nothing for texts, groups and fields that there are not.
std::optional<std::int64_t> number_at(const Schema& schema, const void* group,
                                      std::string_view path);
template <class T>
std::optional<std::int64_t> number_at(const T& group, std::string_view path) {
  return number_at(schema_of<T>, &group, path);
}

// Sets the field at `path` ("token", "entry.term") from text as a person writes it: numbers,
// "true"/"false", durations for `_us` fields, nodes and enumerators by name.
// Errors: the path and the nearest known field, or what the value should have been.
Status assign(const Schema& schema, void* group, std::string_view path, std::string_view text,
              NodeNames names);
template <class T>
Status assign(T& group, std::string_view path, std::string_view text, NodeNames names) {
  return assign(schema_of<T>, &group, path, text, names);
}

// Reads `text` as an integer in [low, high].
Result<std::int64_t> parse_integer(std::string_view text, std::int64_t low, std::int64_t high);

// The fields of a group that `assign` can set, with the text that sets each to what it is; a node
// that is nobody is left out.
std::vector<std::pair<std::string, std::string>> assignments(const Schema& schema,
                                                             const void* group, NodeNames names);

}  // namespace netsplit
