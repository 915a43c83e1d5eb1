#include "core/sim/parameter.h"

#include "core/base/inspect.h"

namespace netsplit {

std::string format_parameter(const ParameterInfo& info, std::int64_t value) {
  switch (info.unit) {
    case Unit::flag:
      return value != 0 ? "on" : "off";
    case Unit::choice:
      if (value >= info.low && value <= info.high)
        return info.choices[static_cast<std::size_t>(value)];
      break;
    case Unit::time:
      return format_duration(value);
    case Unit::count:
    case Unit::ppm:
      break;
  }
  return std::to_string(value);
}

Status check_parameter(const ParameterInfo& info, std::int64_t value) {
  if (value >= info.low && value <= info.high) return Done{};
  return Error{"parameter \"" + std::string(info.name) + "\" is " + format_parameter(info, value) +
               "; expected " + format_parameter(info, info.low) + " to " +
               format_parameter(info, info.high)};
}

Result<std::int64_t> parse_parameter(const ParameterInfo& info, std::string_view text) {
  const std::string parameter = "parameter \"" + std::string(info.name) + "\": ";
  Result<std::int64_t> value = Error{};
  switch (info.unit) {
    case Unit::flag:
      if (text == "on" || text == "true" || text == "1") return std::int64_t{1};
      if (text == "off" || text == "false" || text == "0") return std::int64_t{0};
      return Error{parameter + "expected on or off, found \"" + std::string(text.substr(0, 40)) +
                   "\""};
    case Unit::choice:
      for (std::size_t i = 0; i < info.choices.size(); ++i) {
        if (info.choices[i] == text) return static_cast<std::int64_t>(i);
      }
      return Error{parameter + "there is no choice \"" + std::string(text.substr(0, 40)) + "\"; " +
                   expected_names(text, info.choices)};
    case Unit::time:
      value = parse_duration(text);
      break;
    case Unit::count:
    case Unit::ppm:
      value = parse_integer(text, INT64_MIN, INT64_MAX);
      break;
  }
  if (!value) return Error{parameter + value.error()};
  const Status in_range = check_parameter(info, value.value());
  if (!in_range) return Error{in_range.error()};
  return value;
}

Result<std::size_t> find_parameter(const std::vector<ParameterInfo>& all, std::string_view name,
                                   std::int64_t value) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].name == name) {
      const Status in_range = check_parameter(all[i], value);
      return in_range.ok() ? Result<std::size_t>(i) : Error{in_range.error()};
    }
    known.emplace_back(all[i].name);
  }
  return Error{"there is no parameter \"" + std::string(name) + "\"; " +
               expected_names(name, known)};
}

}  // namespace netsplit
