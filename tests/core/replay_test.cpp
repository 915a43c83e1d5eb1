// A run is a pure function of its setup: copy = replay = seek, for scripts of every kind of input.
#include <algorithm>

#include "core/base/rng.h"
#include "support.h"

namespace netsplit::test::replay_test {
namespace {

// The state and trace hashes after every step of a straight run, and before the first.
struct Hashes {
  std::vector<std::uint64_t> state;
  std::vector<std::uint64_t> trace;
  std::vector<std::string> marks;
  std::vector<Time> at_us;
};

Hashes straight(const Setup& setup) {
  Hashes hashes;
  Run run = begin(setup);
  do {
    hashes.state.push_back(run.session->state_hash());
    hashes.trace.push_back(run.session->trace_hash());
    hashes.marks.emplace_back(run.session->hash_marks().bytes());
    hashes.at_us.push_back(run.session->now_us());
  } while (run.step());
  return hashes;
}

void check_copy(const Setup& setup, const Hashes& hashes, Rng& rng) {
  Run run = begin(setup);
  const std::uint64_t cut = rng.below(static_cast<std::uint32_t>(hashes.state.size()));
  while (run.session->steps() < cut) run.step();
  const auto copy = run.session->clone();
  run.to_end();
  while (copy->step(nullptr)) {
  }
  REQUIRE_MESSAGE(copy->state_hash() == hashes.state.back(), reproduce("LINK", setup));
  REQUIRE_MESSAGE(copy->trace_hash() == hashes.trace.back(), reproduce("LINK", setup));
  REQUIRE_MESSAGE(copy->hash_marks().bytes() == hashes.marks.back(), reproduce("LINK", setup));
  REQUIRE_MESSAGE(run.session->trace_hash() == hashes.trace.back(), reproduce("LINK", setup));
}

void check_seek(const Setup& setup, const Hashes& hashes, Rng& rng) {
  TimelineLimits limits;
  // Sometimes so little that keyframes are thinned out again and again.
  limits.keyframe_bytes_max = rng.below(2) == 0 ? 20'000 : 64 << 20;
  Timeline timeline = Timeline::open(setup, make_any, limits).value();
  for (int i = 0; i < 6; ++i) {
    const std::uint64_t step = rng.below(static_cast<std::uint32_t>(hashes.state.size()));
    REQUIRE(timeline.seek_step(step));
    REQUIRE_MESSAGE(timeline.session().state_hash() == hashes.state[step],
                    reproduce("LINK", setup));
    REQUIRE_MESSAGE(timeline.session().trace_hash() == hashes.trace[step],
                    reproduce("LINK", setup));
    REQUIRE_MESSAGE(timeline.session().hash_marks().bytes() == hashes.marks[step],
                    reproduce("LINK", setup));
    const Time time_us = rng.between(0, setup.until_us);
    timeline.seek_time(time_us);
    const auto last = static_cast<std::size_t>(
        std::upper_bound(hashes.at_us.begin(), hashes.at_us.end(), time_us) - hashes.at_us.begin() -
        1);
    REQUIRE_MESSAGE(timeline.session().state_hash() == hashes.state[last],
                    reproduce("LINK", setup));
    REQUIRE(timeline.cursor_us() == time_us);
  }
  REQUIRE_FALSE(timeline.divergence().has_value());
}

void check_protocol(std::string_view protocol, std::uint64_t seeds) {
  std::uint64_t steps = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const Setup setup = random_setup(protocol, seed);
    CAPTURE(seed);
    const Hashes hashes = straight(setup);
    steps += hashes.state.size();
    Rng rng(seed, 5, 5);
    check_copy(setup, hashes, rng);
    check_seek(setup, hashes, rng);
  }
  CHECK(steps > seeds * 20);  // the scripts do make something happen
}

}  // namespace

TEST_CASE("replay: lease_lock, a copy, a second run and every seek agree with the first run") {
  check_protocol("lease_lock", 200);
}

TEST_CASE("replay: clocks, a copy, a second run and every seek agree with the first run") {
  check_protocol("clocks", 100);
}

TEST_CASE("replay: relay, a copy, a second run and every seek agree with the first run") {
  check_protocol("relay", 200);
}

TEST_CASE("replay: random scripts use every action, and each has an effect somewhere") {
  std::vector<int> used(enumerator_names<Action>().size());
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    for (const Input& input : random_setup("relay", seed).script)
      ++used[static_cast<std::size_t>(input.action)];
  }
  for (std::size_t i = 0; i < used.size(); ++i) {
    CAPTURE(enumerator_names<Action>()[i]);
    CHECK(used[i] > 10);
  }
}

TEST_CASE("replay: gestures at random moments make branches that replay from their setup") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    Setup setup = random_setup("lease_lock", seed);
    setup.manual = false;
    const Setup other = random_setup("lease_lock", seed + 1'000);
    Timeline timeline = Timeline::open(setup, make_any).value();
    Rng rng(seed, 6, 6);
    for (int i = 0; i < 8 && i < static_cast<int>(other.script.size()); ++i) {
      if (rng.below(2) == 0) {
        timeline.seek_time(rng.between(0, setup.until_us));
      } else {
        timeline.seek_step(rng.below(100));
      }
      REQUIRE(timeline.push(other.script[static_cast<std::size_t>(i)]).ok());
      if (rng.below(4) == 0) {
        timeline.switch_to(static_cast<BranchId>(
            rng.below(static_cast<std::uint32_t>(timeline.branches().size()))));
      }
    }
    for (const BranchInfo& branch : std::vector<BranchInfo>(timeline.branches())) {
      timeline.switch_to(branch.id);
      timeline.seek_time(setup.until_us);
      const Run again = run(timeline.setup());
      REQUIRE_MESSAGE(again.session->trace_hash() == timeline.head().trace_hash(),
                      reproduce("LINK", timeline.setup()));
      REQUIRE(again.session->state_hash() == timeline.session().state_hash());
      REQUIRE(again.trace.size() == timeline.trace().size());
    }
    REQUIRE_FALSE(timeline.divergence().has_value());
  }
}

}  // namespace netsplit::test::replay_test
