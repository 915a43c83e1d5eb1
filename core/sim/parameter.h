// What may vary in a protocol, described so that a window can offer it, a file can set it and an
// error can explain it. Every value is an integer: a flag is 0 or 1, a choice its index.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/base/names.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace netsplit {

enum class Unit : std::uint8_t { count, flag, choice, time, ppm };

struct ParameterInfo {
  std::string_view name;
  std::string_view sentence;
  Unit unit{};
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::int64_t usual = 0;  // the default
  std::vector<std::string> choices;
};

// A parameter of the struct `Params`. `get` and `set` reach the member whatever its integer type.
template <class Params>
struct Parameter {
  ParameterInfo info;
  std::int64_t (*get)(const Params&);
  void (*set)(Params&, std::int64_t);
};

namespace detail {

template <class M>
struct member_of;
template <class C, class V>
struct member_of<V C::*> {
  using Class = C;
  using Value = V;
};

template <auto member>
auto parameter_of(ParameterInfo info) {
  using Params = typename member_of<decltype(member)>::Class;
  using Value = typename member_of<decltype(member)>::Value;
  info.usual = static_cast<std::int64_t>(Params{}.*member);
  return Parameter<Params>{std::move(info),
                           [](const Params& p) { return static_cast<std::int64_t>(p.*member); },
                           [](Params& p, std::int64_t v) { p.*member = static_cast<Value>(v); }};
}

}  // namespace detail

// The default is the member's initial value.
template <auto member>
auto time_parameter(std::string_view name, Time low_us, Time high_us, std::string_view sentence) {
  return detail::parameter_of<member>({name, sentence, Unit::time, low_us, high_us, 0, {}});
}
template <auto member>
auto count_parameter(std::string_view name, std::int64_t low, std::int64_t high,
                     std::string_view sentence) {
  return detail::parameter_of<member>({name, sentence, Unit::count, low, high, 0, {}});
}
template <auto member>
auto ppm_parameter(std::string_view name, std::string_view sentence) {
  return detail::parameter_of<member>({name, sentence, Unit::ppm, 0, 1'000'000, 0, {}});
}
template <auto member>
auto flag_parameter(std::string_view name, std::string_view sentence) {
  return detail::parameter_of<member>({name, sentence, Unit::flag, 0, 1, 0, {}});
}
template <auto member>
auto choice_parameter(std::string_view name, std::string_view sentence) {
  using Value = typename detail::member_of<decltype(member)>::Value;
  ParameterInfo info{name, sentence, Unit::choice, 0, 0, 0, {}};
  for (const std::string_view choice : enumerator_names<Value>()) info.choices.emplace_back(choice);
  info.high = static_cast<std::int64_t>(info.choices.size()) - 1;
  return detail::parameter_of<member>(std::move(info));
}

// "5s", "token", "on", "12": as a person writes and reads it.
std::string format_parameter(const ParameterInfo& info, std::int64_t value);
// Errors: what the parameter may be.
Result<std::int64_t> parse_parameter(const ParameterInfo& info, std::string_view text);
// Errors: when `value` is out of range.
Status check_parameter(const ParameterInfo& info, std::int64_t value);
// Where the parameter of that name stands.
// Errors: there is none, or `value` is out of its range.
Result<std::size_t> find_parameter(const std::vector<ParameterInfo>& all, std::string_view name,
                                   std::int64_t value);

}  // namespace netsplit
