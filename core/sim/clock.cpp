#include "core/sim/clock.h"

#include <algorithm>

namespace netsplit {

Time Clock::true_time_of(Time mono_us) const {
  if (spec_.drift_ppm == 0) return since_us_ + (mono_us - mono_us_);
  const std::int64_t rate = 1'000'000 + spec_.drift_ppm;
  const Time span_us = mono_us - mono_us_;
  // Rounded up, so that the clock really shows at least `mono_us` when the timer fires.
  Time true_us = since_us_ + span_us / rate * 1'000'000 + span_us % rate * 1'000'000 / rate;
  while (monotonic(true_us) < mono_us) ++true_us;
  return true_us;
}

void Clock::rebase(Time now_us) {
  const Time mono_now_us = monotonic(now_us);
  wall_us_ = wall(now_us);
  mono_us_ = mono_now_us;
  since_us_ = now_us;
}

void Clock::set_drift(Time now_us, std::int64_t drift_ppm) {
  rebase(now_us);
  spec_.drift_ppm = drift_ppm;
}

void Clock::set_ntp(Time now_us, bool on) {
  rebase(now_us);
  spec_.ntp = on;
  slew_ppm_ = 0;
}

void Clock::step(Time now_us, Time by_us) {
  rebase(now_us);
  wall_us_ += by_us;
}

void Clock::discipline(Time now_us, Time error_us) {
  rebase(now_us);
  const Time offset_us = wall_us_ - now_us + error_us;
  if (offset_us > ntp_step_us || offset_us < -ntp_step_us) {
    wall_us_ -= offset_us;
    slew_ppm_ = 0;
    return;
  }
  // Slew so that the measured offset is gone by the next poll, as far as the limit allows.
  const Time interval_us = std::max<Time>(spec_.ntp_interval_us, 1'000);
  const std::int64_t wanted_ppm = -offset_us * 1'000'000 / interval_us - spec_.drift_ppm;
  slew_ppm_ = std::clamp(wanted_ppm, -slew_max_ppm, slew_max_ppm);
}

}  // namespace netsplit
