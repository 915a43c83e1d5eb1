// Time is a count of microseconds in 64 bits. Names end in `_us`; there is no other unit inside.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace netsplit {

using Time = std::int64_t;

inline constexpr Time never_us = INT64_MAX;
// No run goes beyond about 31 years; sums of two times never overflow.
inline constexpr Time time_max_us = 1'000'000'000'000'000;

constexpr Time microseconds(std::int64_t n) { return n; }
constexpr Time milliseconds(std::int64_t n) { return n * 1'000; }
constexpr Time seconds(std::int64_t n) { return n * 1'000'000; }
constexpr Time minutes(std::int64_t n) { return n * 60'000'000; }
constexpr Time hours(std::int64_t n) { return n * 3'600'000'000; }

// The shortest exact spelling: "120ms", "7.412s", "25h", "-14ms", "never".
std::string format_duration(Time duration_us);

// For reading: "7.412 s", "120 ms", "40 µs", "2 min 5 s". Rounded to what a person can use.
std::string format_time_for_people(Time time_us);

// The time of day a wall clock shows: "10:00:07.398". Wall clocks start at 10:00:00.
std::string format_wall_clock(Time wall_us);

// Reads "120ms", "1.5s", "40us", "2min", "25h", "0", "never".
// Errors: says what was found and which units there are.
Result<Time> parse_duration(std::string_view text);

}  // namespace netsplit
