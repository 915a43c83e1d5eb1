#include "core/base/inspect.h"

#include <charconv>

namespace netsplit {

std::string brief(const Row& row) {
  if (row.children.empty()) return row.text == "none" ? std::string() : row.text;
  const bool in_line = row.hint == Hint::list || row.hint == Hint::log;
  std::string text;
  for (const Row& child : row.children) {
    const std::string part = brief(child);
    if (part.empty()) continue;
    if (!text.empty()) text += in_line ? " " : ", ";
    text += part;
  }
  return in_line ? "[" + text + "]" : text;
}

namespace detail {

Result<std::int64_t> parse_integer(std::string_view text, std::int64_t low, std::int64_t high) {
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) {
    return Error{"expected a whole number, found \"" + std::string(text.substr(0, 40)) + "\""};
  }
  if (value < low || value > high) {
    return Error{"expected a number from " + std::to_string(low) + " to " + std::to_string(high) +
                 ", found " + std::to_string(value)};
  }
  return value;
}

Error no_such_field(std::string_view field, std::string_view list) {
  std::vector<std::string> known;
  for (std::size_t i = 0, n = count_names(list); i < n; ++i) {
    while (!list.empty() && list.front() == ' ') list.remove_prefix(1);
    const std::size_t end = std::min(list.find(','), list.size());
    known.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return Error{"there is no field \"" + std::string(field.substr(0, 40)) + "\"; " +
               expected_names(field, known)};
}

}  // namespace detail
}  // namespace netsplit
