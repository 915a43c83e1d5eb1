#include <doctest/doctest.h>

#include "core/base/rng.h"
#include "core/base/time.h"

namespace netsplit::test::base_time_test {

TEST_CASE("time: a duration has one shortest exact spelling") {
  CHECK(format_duration(0) == "0");
  CHECK(format_duration(1) == "1us");
  CHECK(format_duration(999) == "999us");
  CHECK(format_duration(milliseconds(1)) == "1ms");
  CHECK(format_duration(120'500) == "120.5ms");
  CHECK(format_duration(1'234) == "1.234ms");
  CHECK(format_duration(seconds(1)) == "1s");
  CHECK(format_duration(7'412'000) == "7.412s");
  CHECK(format_duration(59'999'999) == "59.999999s");
  CHECK(format_duration(minutes(2)) == "2min");
  CHECK(format_duration(seconds(90)) == "90s");
  CHECK(format_duration(hours(25)) == "25h");
  CHECK(format_duration(-14'000) == "-14ms");
  CHECK(format_duration(never_us) == "never");
  CHECK(format_duration(time_max_us) == "1000000000s");
}

TEST_CASE("time: durations are read with every unit, decimals, a sign and a space") {
  CHECK(parse_duration("0").value() == 0);
  CHECK(parse_duration("0s").value() == 0);
  CHECK(parse_duration("40us").value() == 40);
  CHECK(parse_duration("120ms").value() == 120'000);
  CHECK(parse_duration("1.5s").value() == 1'500'000);
  CHECK(parse_duration(".5s").value() == 500'000);
  CHECK(parse_duration("2min").value() == 120'000'000);
  CHECK(parse_duration("2.5 min").value() == 150'000'000);
  CHECK(parse_duration("25h").value() == 90'000'000'000);
  CHECK(parse_duration("-14ms").value() == -14'000);
  CHECK(parse_duration("never").value() == never_us);
  CHECK(parse_duration("0.000001s").value() == 1);
  CHECK(parse_duration("1000000000s").value() == time_max_us);
}

TEST_CASE("time: what is no duration is refused, and the sentence names it") {
  for (const char* text :
       {"",           "s",   "ms",  "-",    ".",   "1",    "12",     "1.2.3s", "1 sec", "1S",
        "one second", "1s ", " 1s", "--1s", "+1s", "1e3s", "0x10ms", "Never",  "1s2ms", "\xff"}) {
    CAPTURE(text);
    const auto time = parse_duration(text);
    REQUIRE_FALSE(time.ok());
    CHECK(time.error().find("expected a number with a unit") != std::string::npos);
    CHECK(time.error().find(std::string(text)) != std::string::npos);
  }
}

TEST_CASE("time: a duration longer than any run is refused, whatever its spelling") {
  for (const char* text : {"1000000001s", "300000h", "99999999999999999us", "-1000000001s"}) {
    CAPTURE(text);
    REQUIRE_FALSE(parse_duration(text).ok());
    CHECK(parse_duration(text).error().find("longest run") != std::string::npos);
  }
  // Digits without end are refused before they overflow.
  CHECK_FALSE(parse_duration(std::string(400, '9') + "s").ok());
  CHECK_FALSE(parse_duration("0." + std::string(400, '1') + "s").ok());
  CHECK(parse_duration(std::string(1000, 'z')).error().size() < 200);
}

TEST_CASE("time: every duration comes back from its own spelling") {
  Rng rng(42, 0, 0);
  for (int i = 0; i < 20'000; ++i) {
    const Time limit_us = Time{1} << (1 + rng.below(49));
    const Time time_us = rng.between(-limit_us, limit_us);
    const auto again = parse_duration(format_duration(time_us));
    REQUIRE_MESSAGE(again.ok(), format_duration(time_us));
    REQUIRE(again.value() == time_us);
  }
}

TEST_CASE("time: people read rounded times") {
  CHECK(format_time_for_people(7'412'345) == "7.412 s");
  CHECK(format_time_for_people(7'000'000) == "7.000 s");
  CHECK(format_time_for_people(120'000) == "120 ms");
  CHECK(format_time_for_people(1'250) == "1.2 ms");
  CHECK(format_time_for_people(40) == "40 \u00b5s");
  CHECK(format_time_for_people(0) == "0 \u00b5s");
  CHECK(format_time_for_people(seconds(125)) == "2 min 5 s");
  CHECK(format_time_for_people(hours(25) + minutes(3)) == "25 h 3 min");
  CHECK(format_time_for_people(-milliseconds(14)) == "\u221214 ms");
  CHECK(format_time_for_people(never_us) == "never");
}

TEST_CASE("time: wall clocks start at ten and go round once a day") {
  CHECK(format_wall_clock(0) == "10:00:00.000");
  CHECK(format_wall_clock(7'398'999) == "10:00:07.398");
  CHECK(format_wall_clock(-1'000) == "09:59:59.999");
  CHECK(format_wall_clock(hours(14)) == "00:00:00.000");
  CHECK(format_wall_clock(hours(24 * 400) + minutes(61)) == "11:01:00.000");
  CHECK(format_wall_clock(-hours(24 * 400)) == "10:00:00.000");
}

}  // namespace netsplit::test::base_time_test
