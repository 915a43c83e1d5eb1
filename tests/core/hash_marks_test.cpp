// What is kept of a trace's hash on the way: thinned as the run goes on, never more than 64 bytes.
#include "core/sim/hash_marks.h"

#include <doctest/doctest.h>

#include "core/base/rng.h"
#include "support.h"

namespace netsplit::test::hash_marks_test {

TEST_CASE("hash marks: stride and count follow from the number of events, the bytes from hashes") {
  HashMarks marks;
  CHECK(marks.bytes().empty());
  for (std::int64_t events = 1; events <= 5'000; ++events) {
    marks.note(events, mix64(static_cast<std::uint64_t>(events)));
    const std::string_view bytes = marks.bytes();
    REQUIRE(marks.stride() == HashMarks::stride_of(events));
    REQUIRE(static_cast<std::int64_t>(bytes.size()) == HashMarks::count_of(events));
    REQUIRE(bytes.size() <= 64);
    REQUIRE((events < 64 || bytes.size() >= 32));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const std::uint64_t hash = mix64((i + 1) * static_cast<std::uint64_t>(marks.stride()));
      REQUIRE(bytes[i] == static_cast<char>(hash & 255));
    }
  }
}

TEST_CASE("hash marks: the stride at the edges") {
  CHECK(HashMarks::stride_of(0) == 1);
  CHECK(HashMarks::stride_of(64) == 1);
  CHECK(HashMarks::stride_of(65) == 2);
  CHECK(HashMarks::stride_of(129) == 2);
  CHECK(HashMarks::stride_of(130) == 4);
  CHECK(HashMarks::count_of(0) == 0);
  CHECK(HashMarks::count_of(64) == 64);
  CHECK(HashMarks::count_of(65) == 32);
  CHECK(HashMarks::count_of(INT64_MAX) == 63);
}

TEST_CASE("hash marks: a run's marks are bytes of its trace hash") {
  Setup setup = peers(3);
  setup.script.push_back(tell(milliseconds(1), 'a', 'b', 1, 20));
  Run run = begin(setup);
  // Only steps of one event show the hash after each event.
  std::int64_t seen = 0;
  while (run.step()) {
    const std::int64_t events = run.session->events();
    const HashMarks& marks = run.session->hash_marks();
    if (events % marks.stride() != 0) continue;
    const auto at = static_cast<std::size_t>(events / marks.stride() - 1);
    if (at >= marks.bytes().size()) continue;
    CHECK(marks.bytes()[at] == static_cast<char>(run.session->trace_hash() & 255));
    ++seen;
  }
  CHECK(seen > 10);
}

}  // namespace netsplit::test::hash_marks_test
