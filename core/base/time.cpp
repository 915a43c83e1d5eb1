#include "core/base/time.h"

#include <array>
#include <cstdlib>

namespace netsplit {
namespace {

struct DurationUnit {
  std::string_view name;
  Time size_us;
};

constexpr std::array<DurationUnit, 5> units{{{"h", hours(1)},
                                             {"min", minutes(1)},
                                             {"s", seconds(1)},
                                             {"ms", milliseconds(1)},
                                             {"us", microseconds(1)}}};

// A value in `unit`, with as many decimals as it needs and at most `decimals_max`.
std::string decimal(Time magnitude_us, Time unit_us, int decimals_max) {
  std::string text = std::to_string(magnitude_us / unit_us);
  Time rest_us = magnitude_us % unit_us;
  std::string decimals;
  for (int i = 0; i < decimals_max && rest_us != 0; ++i) {
    rest_us *= 10;
    decimals += static_cast<char>('0' + rest_us / unit_us);
    rest_us %= unit_us;
  }
  while (!decimals.empty() && decimals.back() == '0') decimals.pop_back();
  return decimals.empty() ? text : text + "." + decimals;
}

std::string padded(Time value, int width) {
  std::string text = std::to_string(value);
  while (static_cast<int>(text.size()) < width) text.insert(text.begin(), '0');
  return text;
}

// Without a sign; the least of all numbers has no positive counterpart.
constexpr Time magnitude_of(Time time_us) {
  return time_us >= 0 ? time_us : time_us == INT64_MIN ? INT64_MAX : -time_us;
}

Error not_a_duration(std::string_view text) {
  return Error{"\"" + std::string(text.substr(0, 40)) +
               "\" is not a duration; expected a number with a unit, such as \"120ms\", \"1.5s\", "
               "\"40us\", \"2min\" or \"25h\""};
}

}  // namespace

std::string format_duration(Time duration_us) {
  if (duration_us == never_us) return "never";
  if (duration_us == 0) return "0";
  const std::string sign = duration_us < 0 ? "-" : "";
  const Time magnitude_us = magnitude_of(duration_us);
  if (magnitude_us % hours(1) == 0) return sign + std::to_string(magnitude_us / hours(1)) + "h";
  if (magnitude_us % minutes(1) == 0) {
    return sign + std::to_string(magnitude_us / minutes(1)) + "min";
  }
  if (magnitude_us >= seconds(1)) return sign + decimal(magnitude_us, seconds(1), 6) + "s";
  if (magnitude_us >= milliseconds(1))
    return sign + decimal(magnitude_us, milliseconds(1), 3) + "ms";
  return sign + std::to_string(magnitude_us) + "us";
}

std::string format_time_for_people(Time time_us) {
  if (time_us == never_us) return "never";
  const std::string sign = time_us < 0 ? "\u2212" : "";
  const Time magnitude_us = magnitude_of(time_us);
  if (magnitude_us >= hours(1)) {
    return sign + std::to_string(magnitude_us / hours(1)) + " h " +
           std::to_string(magnitude_us % hours(1) / minutes(1)) + " min";
  }
  if (magnitude_us >= minutes(1)) {
    return sign + std::to_string(magnitude_us / minutes(1)) + " min " +
           std::to_string(magnitude_us % minutes(1) / seconds(1)) + " s";
  }
  if (magnitude_us >= seconds(1)) {
    return sign + std::to_string(magnitude_us / seconds(1)) + "." +
           padded(magnitude_us % seconds(1) / milliseconds(1), 3) + " s";
  }
  if (magnitude_us >= milliseconds(1))
    return sign + decimal(magnitude_us, milliseconds(1), 1) + " ms";
  return sign + std::to_string(magnitude_us) + " \u00b5s";
}

std::string format_wall_clock(Time wall_us) {
  constexpr Time day_us = hours(24);
  const Time of_day_us = (wall_us % day_us + hours(10) + day_us) % day_us;
  return padded(of_day_us / hours(1), 2) + ":" + padded(of_day_us % hours(1) / minutes(1), 2) +
         ":" + padded(of_day_us % minutes(1) / seconds(1), 2) + "." +
         padded(of_day_us % seconds(1) / milliseconds(1), 3);
}

Result<Time> parse_duration(std::string_view text) {
  if (text == "never") return never_us;
  std::string_view rest = text;
  const bool negative = !rest.empty() && rest.front() == '-';
  if (negative) rest.remove_prefix(1);

  std::int64_t mantissa = 0;
  std::int64_t scale = 1;
  bool digits = false;
  bool point = false;
  while (!rest.empty()) {
    const char c = rest.front();
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      if (mantissa > 99'999'999'999'999'999 || scale > 100'000'000'000) return not_a_duration(text);
      mantissa = mantissa * 10 + (c - '0');
      if (point) scale *= 10;
      digits = true;
    } else {
      break;
    }
    rest.remove_prefix(1);
  }
  if (!digits) return not_a_duration(text);
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  if (rest.empty() && mantissa == 0) return Time{0};

  for (const DurationUnit& unit : units) {
    if (rest != unit.name) continue;
    const std::int64_t whole = mantissa / scale;
    if (whole > time_max_us / unit.size_us) {
      return Error{"\"" + std::string(text.substr(0, 40)) + "\" is longer than the longest run, " +
                   format_duration(time_max_us)};
    }
    std::int64_t fraction_us = mantissa % scale;
    std::int64_t divisor = scale;
    std::int64_t unit_us = unit.size_us;
    while (divisor % 10 == 0 && unit_us % 10 == 0) {
      divisor /= 10;
      unit_us /= 10;
    }
    // What is left of the fraction has at most 11 digits, what is left of the unit at most 4.
    fraction_us = fraction_us * unit_us / divisor;
    const Time value_us = whole * unit.size_us + fraction_us;
    return negative ? -value_us : value_us;
  }
  return not_a_duration(text);
}

}  // namespace netsplit
