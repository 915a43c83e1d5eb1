#include "core/sim/clock.h"

#include "core/base/rng.h"
#include "support.h"

namespace netsplit::test::clock_test {
namespace {

Clock drifting(std::int64_t ppm) {
  ClockSpec spec;
  spec.drift_ppm = ppm;
  return Clock(spec);
}

// A setup of one peer whose clock is `spec`.
Setup one_peer(ClockSpec spec) {
  Setup setup = peers(1);
  setup.nodes[0].clock = spec;
  return setup;
}

Input drift(Time at_us, std::int64_t ppm) {
  Input input = act(Action::clock_drift, at_us, "a");
  input.ppm = ppm;
  return input;
}

Input step_clock(Time at_us, Time by_us) {
  Input input = act(Action::clock_step, at_us, "a");
  input.duration_us = by_us;
  return input;
}

Input ntp(Time at_us, bool on) {
  Input input = act(Action::clock_ntp, at_us, "a");
  input.ppm = on ? 1 : 0;
  return input;
}

}  // namespace

TEST_CASE("clock: a perfect clock shows true time on both dials") {
  const Clock clock{ClockSpec{}};
  CHECK(clock.monotonic(seconds(5)) == seconds(5));
  CHECK(clock.wall(seconds(5)) == seconds(5));
  CHECK(clock.true_time_of(seconds(5)) == seconds(5));
}

TEST_CASE("clock: drift makes both dials fast or slow by so many parts in a million") {
  CHECK(drifting(100).monotonic(seconds(10)) == seconds(10) + 1'000);
  CHECK(drifting(100).wall(seconds(10)) == seconds(10) + 1'000);
  CHECK(drifting(-500'000).monotonic(seconds(10)) == seconds(5));
  CHECK(drifting(500'000).monotonic(hours(24 * 365)) == hours(24 * 365) / 2 * 3);
}

TEST_CASE("clock: an offset and a step move the wall clock and leave the monotonic one alone") {
  ClockSpec spec;
  spec.offset_us = -seconds(3);
  Clock clock(spec);
  CHECK(clock.wall(0) == -seconds(3));
  clock.step(seconds(1), seconds(10));
  CHECK(clock.wall(seconds(1)) == seconds(8));
  CHECK(clock.monotonic(seconds(1)) == seconds(1));
  clock.step(seconds(2), -seconds(10));
  CHECK(clock.wall(seconds(2)) == -seconds(1));
  CHECK(clock.monotonic(seconds(2)) == seconds(2));
}

TEST_CASE("clock: a change of drift bends both dials and breaks neither") {
  Clock clock = drifting(1'000);
  clock.set_drift(seconds(10), -1'000);
  CHECK(clock.monotonic(seconds(10)) == seconds(10) + 10'000);
  CHECK(clock.monotonic(seconds(20)) == seconds(20));
  CHECK(clock.wall(seconds(20)) == seconds(20));
}

TEST_CASE("clock: the monotonic clock never goes back, whatever is done to the clock") {
  Rng rng(11, 0, 0);
  Clock clock = drifting(0);
  Time now_us = 0;
  Time last_us = clock.monotonic(0);
  for (int i = 0; i < 50'000; ++i) {
    now_us += rng.between(0, 3);
    switch (rng.below(8)) {
      case 0:
        clock.set_drift(now_us, rng.between(-drift_max_ppm, drift_max_ppm));
        break;
      case 1:
        clock.step(now_us, rng.between(-seconds(1), seconds(1)));
        break;
      case 2:
        clock.discipline(now_us, rng.between(-1000, 1000));
        break;
      default:
        break;
    }
    REQUIRE(clock.monotonic(now_us) >= last_us);
    last_us = clock.monotonic(now_us);
  }
}

TEST_CASE("clock: true_time_of is the first moment at which the monotonic clock shows the time") {
  Rng rng(4, 0, 0);
  for (int i = 0; i < 20'000; ++i) {
    Clock clock = drifting(rng.between(-drift_max_ppm, drift_max_ppm));
    const Time start_us = rng.between(0, hours(1));
    clock.set_drift(start_us, rng.between(-drift_max_ppm, drift_max_ppm));
    const Time wanted_us =
        clock.monotonic(start_us) + rng.between(1, Time{1} << (1 + rng.below(40)));
    const Time true_us = clock.true_time_of(wanted_us);
    REQUIRE(clock.monotonic(true_us) >= wanted_us);
    REQUIRE(clock.monotonic(true_us - 1) < wanted_us);
  }
}

TEST_CASE("clock: NTP steps a large error away at once and slews a small one") {
  ClockSpec spec;
  spec.offset_us = milliseconds(500);
  spec.ntp = true;
  Clock clock(spec);
  clock.discipline(seconds(16), 0);
  CHECK(clock.wall(seconds(16)) == seconds(16));

  spec.offset_us = milliseconds(4);
  Clock near(spec);
  near.discipline(0, 0);
  CHECK(near.wall(0) == milliseconds(4));        // no jump …
  CHECK(near.wall(seconds(16)) == seconds(16));  // … and right at the next poll
  // 100 ms cannot be slewed within one interval: 500 ppm is the limit.
  spec.offset_us = milliseconds(100);
  Clock far(spec);
  far.discipline(0, 0);
  CHECK(far.wall(seconds(16)) == seconds(16) + milliseconds(100) - 8'000);
}

TEST_CASE("clock: a poll that measured wrongly sets the clock wrong by as much") {
  ClockSpec spec;
  spec.offset_us = seconds(1);
  Clock clock(spec);
  clock.discipline(seconds(1), milliseconds(2));
  CHECK(clock.wall(seconds(1)) == seconds(1) - milliseconds(2));
}

TEST_CASE("clock: NTP holds a drifting clock within a few milliseconds for hours") {
  Rng rng(8, 0, 0);
  for (const std::int64_t ppm : {-400, -100, 0, 50, 400}) {
    ClockSpec spec;
    spec.drift_ppm = ppm;
    spec.ntp = true;
    Clock clock(spec);
    Time worst_us = 0;
    for (Time now_us = spec.ntp_interval_us; now_us < hours(5); now_us += spec.ntp_interval_us) {
      if (now_us > minutes(10)) {
        worst_us = std::max(worst_us, std::abs(clock.wall(now_us) - now_us));
      }
      clock.discipline(now_us, rng.between(-spec.ntp_error_us, spec.ntp_error_us));
    }
    CAPTURE(ppm);
    CHECK(worst_us < milliseconds(5));
    CHECK(worst_us > 0);
  }
}

TEST_CASE("node clock: a timer of a fast clock fires early, of a slow one late, in true time") {
  for (const std::int64_t ppm : {-200'000, 0, 250'000}) {
    ClockSpec spec;
    spec.drift_ppm = ppm;
    Setup setup = one_peer(spec);
    setup.script = {beat(0, 'a', 1, seconds(1))};
    const Run done = run(setup);
    const Time due_us = seconds(1) * 1'000'000 / (1'000'000 + ppm);
    CHECK(times_of(done, EventKind::timer) == std::vector<Time>{due_us});
    CHECK(numbers(*done.session, 'a', "mono_us") == std::vector<std::int64_t>{seconds(1)});
  }
}

TEST_CASE("node clock: a running timer follows a change of drift, twice") {
  Setup setup = one_peer({});
  // 400 ms at full speed, 200 ms at half speed (100 on the clock), the other 500 at 1.25 times.
  setup.script = {beat(0, 'a', 1, seconds(1)), drift(milliseconds(400), -500'000),
                  drift(milliseconds(600), 250'000)};
  const Run done = run(setup);
  CHECK(times_of(done, EventKind::timer) == std::vector<Time>{milliseconds(1'000)});
  CHECK(numbers(*done.session, 'a', "mono_us") == std::vector<std::int64_t>{seconds(1)});
}

TEST_CASE("node clock: a step of the wall clock moves no timer") {
  Setup setup = one_peer({});
  setup.script = {beat(0, 'a', 1, seconds(1)), step_clock(milliseconds(500), seconds(100))};
  const Run done = run(setup);
  CHECK(times_of(done, EventKind::timer) == std::vector<Time>{seconds(1)});
  CHECK(numbers(*done.session, 'a', "wall_us") == std::vector<std::int64_t>{seconds(101)});
  const NodeView view = done.session->node(id('a'));
  CHECK(view.wall_error_us == seconds(100));
}

TEST_CASE("node clock: switching NTP on corrects the clock at once, then at every interval") {
  ClockSpec spec;
  spec.offset_us = seconds(2);
  spec.ntp_interval_us = seconds(1);
  spec.ntp_error_us = 0;
  Setup setup = one_peer(spec);
  setup.until_us = seconds(6);
  setup.script = {ntp(milliseconds(2'500), true), ntp(milliseconds(5'000), false)};
  Run going = begin(setup);
  going.until(milliseconds(2'400));
  CHECK(going.session->node(id('a')).wall_error_us == seconds(2));
  going.until(milliseconds(2'500));
  CHECK(going.session->node(id('a')).wall_error_us == 0);
  CHECK(going.session->node(id('a')).ntp);
  going.to_end();
  CHECK_FALSE(going.session->node(id('a')).ntp);
  // Switched on, polled at 2.5, 3.5 and 4.5 seconds, switched off.
  CHECK(times_of(going, EventKind::clock) ==
        std::vector<Time>{2'500'000, 2'500'000, 3'500'000, 4'500'000, 5'000'000});
}

TEST_CASE("node clock: NTP at one node measures what it does, whatever other nodes poll") {
  const auto wall_of_b = [](bool a_polls) {
    Setup setup = peers(2);
    for (NodeGroup& group : setup.nodes) {
      group.clock.ntp = true;
      group.clock.drift_ppm = 100;
      group.clock.ntp_interval_us = seconds(1);
    }
    setup.nodes[0].clock.ntp = a_polls;
    const Run done = run(setup);
    return done.session->node(id('b')).wall_us;
  };
  CHECK(wall_of_b(true) == wall_of_b(false));
}

TEST_CASE("node clock: both clocks of a paused node run on") {
  Setup setup = one_peer({});
  setup.script = {beat(0, 'a', 1, seconds(1)), act(Action::pause, milliseconds(100), "a"),
                  act(Action::resume, seconds(4), "a")};
  const Run done = run(setup);
  CHECK(times_of(done, EventKind::timer) == std::vector<Time>{seconds(4)});
  CHECK(numbers(*done.session, 'a', "mono_us") == std::vector<std::int64_t>{seconds(4)});
  CHECK(numbers(*done.session, 'a', "wall_us") == std::vector<std::int64_t>{seconds(4)});
}

}  // namespace netsplit::test::clock_test
