// A node's two clocks. The monotonic clock may run fast or slow but never jumps; timers use it. The
// wall clock shares its rate, and is offset, stepped, and perhaps disciplined by NTP (Mills,
// RFC 5905): small errors are slewed away, large ones stepped.
#pragma once

#include <cstdint>

#include "core/base/fields.h"
#include "core/base/time.h"

namespace netsplit {

struct ClockSpec {
  std::int64_t drift_ppm = 0;  // how much faster than true time, in parts per million
  Time offset_us = 0;          // wall clock minus true time at the start
  bool ntp = false;
  Time ntp_interval_us = seconds(16);
  Time ntp_error_us = milliseconds(2);  // what a poll's measurement may be off by, either way
  FIELDS(drift_ppm, offset_us, ntp, ntp_interval_us, ntp_error_us)
};

inline constexpr std::int64_t drift_max_ppm = 500'000;
inline constexpr std::int64_t slew_max_ppm = 500;
inline constexpr Time ntp_step_us = milliseconds(128);

class Clock {
 public:
  Clock() = default;
  explicit Clock(const ClockSpec& spec) : spec_(spec), wall_us_(spec.offset_us) {}

  const ClockSpec& spec() const { return spec_; }
  Time monotonic(Time now_us) const {
    return mono_us_ + scaled(now_us - since_us_, spec_.drift_ppm);
  }
  Time wall(Time now_us) const {
    return wall_us_ + scaled(now_us - since_us_, spec_.drift_ppm + slew_ppm_);
  }
  // The true time at which the monotonic clock will show `mono_us`, if nothing changes its rate.
  Time true_time_of(Time mono_us) const;

  void set_drift(Time now_us, std::int64_t drift_ppm);
  void set_ntp(Time now_us, bool on);
  void step(Time now_us, Time by_us);
  // One NTP poll that measured the offset with an error of `error_us`.
  void discipline(Time now_us, Time error_us);

  // State; change it through the functions above only.
  ClockSpec spec_;
  Time since_us_ = 0;  // the true time at which the two readings below were taken
  Time mono_us_ = 0;
  Time wall_us_ = 0;
  std::int64_t slew_ppm_ = 0;        // what NTP adds to the wall clock's rate
  std::uint64_t poll_sequence_ = 0;  // of the next NTP poll; an older one is out of date
  std::uint64_t polls_ = 0;          // NTP polls so far
  FIELDS(spec_, since_us_, mono_us_, wall_us_, slew_ppm_, poll_sequence_, polls_)

 private:
  static Time scaled(Time span_us, std::int64_t ppm) {
    // Split so that no product leaves 64 bits; rounded down, also for a clock that runs slow.
    const Time rest = span_us % 1'000'000 * ppm;
    return span_us + span_us / 1'000'000 * ppm + (rest - (rest < 0 ? 999'999 : 0)) / 1'000'000;
  }
  void rebase(Time now_us);
};

}  // namespace netsplit
