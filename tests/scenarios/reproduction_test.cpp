// What the reader of a link is told about the run: reproduced, or between which events it differs.
#include "core/scenario/reproduction.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "../core/support.h"
#include "core/scenario/registry.h"

namespace netsplit::test::reproduction_test {
namespace {

test::Run finished(const Setup& setup) {
  Result<std::unique_ptr<Session>> session = make_session(setup);
  REQUIRE_MESSAGE(session.ok(), (session.ok() ? "" : session.error()));
  test::Run run{std::move(session).value(), Trace()};
  run.trace = Trace(run.session->node_count(), 1 << 19);
  run.to_end();
  return run;
}

Link link_to(const test::Run& run) {
  Link link;
  note_run(link, *run.session);
  return link;
}

Setup library_setup(const char* id) { return find_scenario(id)->setup; }

// A run of so few events that each has its mark.
Setup short_setup() {
  Setup setup = library_setup("lock-gc-pause");
  setup.until_us = seconds(1);
  return setup;
}

// In all that the hash covers.
bool alike(const Event& one, const Event& other) {
  return one.at_us == other.at_us && one.kind == other.kind && one.loss == other.loss &&
         one.label == other.label && one.node == other.node && one.peer == other.peer &&
         one.lamport == other.lamport && one.message == other.message && one.cause == other.cause &&
         one.wall_us == other.wall_us && one.payload == other.payload;
}

EventIndex first_unlike(const Trace& one, const Trace& other) {
  EventIndex index = 0;
  const EventIndex end = std::min(one.size(), other.size());
  while (index < end && alike(one[index], other[index])) ++index;
  return index;
}

// The session may not have gone further than the link.
Comparison compared(const Link& link, const Setup& setup) {
  const std::unique_ptr<Session> session = make_session(setup).value();
  while (session->steps() < static_cast<std::uint64_t>(link.hash_steps) && session->step(nullptr)) {
  }
  return compare_with_link(link, *session);
}

}  // namespace

TEST_CASE("reproduction: every scenario of the library is reproduced from its own link") {
  for (const Scenario& scenario : library()) {
    CAPTURE(scenario.id);
    const test::Run run = finished(scenario.setup);
    const Comparison found = compared(link_to(run), scenario.setup);
    CHECK(found.outcome == Reproduction::reproduced);
    CHECK(found.sentence == "Reproduced: all " + std::to_string(run.trace.size()) +
                                " events came out as in the link.");
  }
}

TEST_CASE("reproduction: a mark that was changed is found, at any place") {
  for (const char* id : {"lock-gc-pause", "vector"}) {
    CAPTURE(id);
    const Setup setup = library_setup(id);
    const Link link = link_to(finished(setup));
    const std::int64_t stride = HashMarks::stride_of(link.hash_events);
    for (std::size_t i = 0; i < link.marks.size(); ++i) {
      Link changed = link;
      changed.marks[i] = static_cast<char>(changed.marks[i] ^ 1);
      const Comparison found = compared(changed, setup);
      CHECK(found.outcome == Reproduction::differs);
      CHECK(found.not_before == static_cast<std::int64_t>(i) * stride);
      CHECK(found.not_after == static_cast<std::int64_t>(i + 1) * stride - 1);
    }
  }
}

TEST_CASE("reproduction: the sentence names one event, or two it lies between") {
  const Setup setup = short_setup();
  Link link = link_to(finished(setup));
  REQUIRE(link.hash_events <= 64);
  REQUIRE(link.marks.size() > 6);
  link.marks[5] = static_cast<char>(link.marks[5] ^ 128);
  CHECK(compared(link, setup).sentence ==
        "Differs at event #5: this run is not the one the link was made from.");

  const Setup longer = library_setup("vector");
  Link thinned = link_to(finished(longer));
  const std::int64_t stride = HashMarks::stride_of(thinned.hash_events);
  REQUIRE(stride > 1);
  thinned.marks[2] = static_cast<char>(thinned.marks[2] ^ 128);
  CHECK(compared(thinned, longer).sentence ==
        "Differs by event #" + std::to_string(3 * stride - 1) + " at the latest, after event #" +
            std::to_string(2 * stride - 1) + ": this run is not the one the link was made from.");
  thinned.marks[0] = static_cast<char>(thinned.marks[0] ^ 128);
  CHECK(compared(thinned, longer).sentence ==
        "Differs by event #" + std::to_string(stride - 1) +
            " at the latest: this run is not the one the link was made from.");
}

TEST_CASE("reproduction: all marks agree and the hash does not: it differs after the last mark") {
  const Setup setup = library_setup("vector");
  Link link = link_to(finished(setup));
  *link.hash ^= 1;
  const std::int64_t stride = HashMarks::stride_of(link.hash_events);
  const Comparison found = compared(link, setup);
  CHECK(found.outcome == Reproduction::differs);
  CHECK(found.not_after == link.hash_events - 1);
  CHECK(found.not_before == (link.hash_events - 1) / stride * stride);
  // Where the last mark is of the last event, it agreed by chance.
  const Setup few = short_setup();
  Link exact = link_to(finished(few));
  *exact.hash ^= 1u << 8;
  CHECK(compared(exact, few).not_before == exact.hash_events - 1);
  CHECK(compared(exact, few).not_after == exact.hash_events - 1);
}

TEST_CASE("reproduction: a parameter a little different: the first other event lies between them") {
  int differ = 0;
  int exact = 0;
  for (const char* protocol : {"lease_lock", "clocks"}) {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      CAPTURE(protocol);
      CAPTURE(seed);
      const Setup setup = test::random_setup(protocol, seed);
      Setup other = setup;
      // The lease's length, or how much a process works.
      other.parameters[1].second += 1;
      const test::Run made = finished(setup);
      const test::Run run = finished(other);
      const EventIndex first = first_unlike(made.trace, run.trace);
      const Link link = link_to(made);
      const Comparison found = compared(link, other);
      if (first == std::max(made.trace.size(), run.trace.size())) {
        CHECK(found.outcome == Reproduction::reproduced);
        continue;
      }
      ++differ;
      CAPTURE(found.sentence);
      REQUIRE(found.outcome == Reproduction::differs);
      CHECK(found.not_before <= first);
      CHECK(first <= found.not_after);
      // No looser than the coarser of the two strides.
      const std::int64_t stride =
          HashMarks::stride_of(std::max(made.trace.size(), run.trace.size()));
      CHECK(found.not_after - found.not_before <= stride);
      exact += found.not_before == found.not_after ? 1 : 0;
    }
  }
  CHECK(differ > 20);
  CHECK(exact > 0);
}

TEST_CASE("reproduction: a run that ends early says how long it and the link's were") {
  const Setup setup = library_setup("vector");
  const Link link = link_to(finished(setup));
  Setup early = setup;
  early.until_us = milliseconds(600);
  const test::Run run = finished(early);
  REQUIRE(run.trace.size() < link.hash_events);
  const Comparison found = compared(link, early);
  CHECK(found.not_after == run.trace.size());
  CHECK(
      found.sentence.ends_with(": this run is not the one the link was made from; it ends after " +
                               std::to_string(run.session->steps()) + " steps, the link's had " +
                               std::to_string(link.hash_steps) + "."));
}

TEST_CASE("reproduction: another number of events after as many steps is told") {
  const Setup setup = short_setup();
  Link link = link_to(finished(setup));
  link.hash_events += 1;
  link.marks += 'x';
  *link.hash ^= 1;
  const std::int64_t events = link.hash_events - 1;
  REQUIRE(static_cast<std::int64_t>(link.marks.size()) == HashMarks::count_of(link.hash_events));
  CHECK(compared(link, setup).sentence ==
        "Differs at event #" + std::to_string(events) +
            ": this run is not the one the link was made from; by step " +
            std::to_string(link.hash_steps) + " it has made " + std::to_string(events) +
            " events, the link's " + std::to_string(events + 1) + ".");
}

TEST_CASE("reproduction: one of the two goes on where the other ends: it differs there") {
  const Setup setup = library_setup("vector");
  Setup early = setup;
  early.until_us = milliseconds(600);
  const Link link = link_to(finished(early));
  CHECK_FALSE(link.unfinished);
  const Comparison longer = compared(link, setup);
  const std::string events = std::to_string(link.hash_events);
  CHECK(longer.outcome == Reproduction::differs);
  CHECK(longer.sentence == "Differs at event #" + events +
                               ": this run is not the one the link was made from; it goes on where "
                               "the link's ends, after " +
                               events + " events.");

  // Made while the run was going on, it is reproduced as far as it tells.
  const std::unique_ptr<Session> session = make_session(setup).value();
  while (session->steps() < static_cast<std::uint64_t>(link.hash_steps)) session->step(nullptr);
  Link unfinished;
  note_run(unfinished, *session);
  CHECK(unfinished.unfinished);
  CHECK(compared(unfinished, setup).sentence ==
        "Reproduced: all " + events + " events came out as in the link.");
  CHECK(compared(unfinished, early).sentence ==
        "Differs at event #" + events +
            ": this run is not the one the link was made from; it ends where the link's goes on, "
            "after " +
            events + " events.");
}

TEST_CASE("reproduction: a comparison that stops early says how far it came") {
  const Setup setup = library_setup("vector");
  Link link = link_to(finished(setup));
  const std::int64_t stride = HashMarks::stride_of(link.hash_events);
  const std::unique_ptr<Session> session = make_session(setup).value();
  for (int i = 0; i < 30; ++i) REQUIRE(session->step(nullptr));
  const std::int64_t covered = session->events() / stride * stride;
  const Comparison found = compare_with_link(link, *session);
  CHECK(found.outcome == Reproduction::so_far);
  CHECK(found.sentence == "The run is long: its first " + std::to_string(covered) +
                              " events came out as in the link, the rest is not compared.");
  link.marks[1] = static_cast<char>(link.marks[1] ^ 1);
  CHECK(compare_with_link(link, *session).sentence ==
        "Differs by event #" + std::to_string(2 * stride - 1) + " at the latest, after event #" +
            std::to_string(stride - 1) + ": this run is not the one the link was made from.");
}

TEST_CASE("reproduction: a link without marks is compared by its hash") {
  const Setup setup = library_setup("lock-gc-pause");
  Link link = link_to(finished(setup));
  link.hash_events = 0;
  link.marks.clear();
  CHECK(compared(link, setup).outcome == Reproduction::reproduced);
  *link.hash ^= 1;
  const Comparison found = compared(link, setup);
  CHECK(found.outcome == Reproduction::differs);
  CHECK(found.not_after == no_event);
  CHECK(found.sentence == "Differs: this run is not the one the link was made from.");
}

}  // namespace netsplit::test::reproduction_test
