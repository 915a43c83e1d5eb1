// What the network says of a node, in it and below it.
#include "ui/moment.h"

#include <doctest/doctest.h>

#include "core/scenario/registry.h"
#include "picture/spoken_links.h"

namespace netsplit::ui::moment_test {
namespace {

Moment moment_of(std::string_view id, Time at_us) {
  Timeline timeline = Timeline::open(find_scenario(id)->setup, make_session).value();
  timeline.seek_time(at_us);
  Moment moment;
  moment.refresh(timeline, 1, nobody, false, 0);
  return moment;
}

const NodeShown& named(const Moment& moment, std::string_view name) {
  for (const NodeShown& node : moment.nodes) {
    if (node.name == name) return node;
  }
  FAIL("no such node");
  return moment.nodes.front();
}

TEST_CASE("moment: a storage shows what it holds, and does not say it again") {
  const Moment empty = moment_of("lock-gc-pause", 0);
  CHECK(named(empty, "storage").inside == "empty");
  CHECK(named(empty, "storage").below.empty());
  const Moment taken = moment_of("lock-gc-pause", milliseconds(7'000));
  CHECK(named(taken, "storage").inside == "bob");
  CHECK(named(taken, "storage").below.empty());
  CHECK_FALSE(named(taken, "storage").caption.empty());  // for those who do not see the picture
}

TEST_CASE("moment: a node that says in words what a field says does not show the field") {
  const Moment writing = moment_of("lock-gc-pause", milliseconds(7'600));
  CHECK(named(writing, "alice").below == "is writing");
  CHECK(named(writing, "alice").inside.empty());
  CHECK(named(writing, "bob").inside == "idle");  // nothing else says it
  const Moment held = moment_of("lock-gc-pause", milliseconds(3'000));
  CHECK(named(held, "lock").below == "held by alice");
  CHECK(named(held, "lock").inside.empty());
  CHECK(named(held, "bob").below == "waits for the lock");  // "waiting" is the same word
  CHECK(named(held, "bob").inside.empty());
}

TEST_CASE("moment: a process shows its Lamport clock in full, and how wrong its wall clock is") {
  const Moment moment = moment_of("clock-drift", seconds(25));
  const NodeShown& paris = named(moment, "paris");
  CHECK(paris.inside.empty());
  CHECK(paris.below.find("Lamport ") == 0);
  CHECK(paris.wall_error_us > milliseconds(9));
  CHECK(named(moment, "tokyo").wall_error_us < -milliseconds(10));
}

TEST_CASE("links: those that carried something in the run are known, back and forth, others not") {
  Timeline timeline =
      Timeline::open(find_scenario("fallacy-transport-cost-relay")->setup, make_session).value();
  picture::SpokenLinks spoken;
  spoken.follow(timeline, 1);
  const auto node = [&](std::string_view name) { return timeline.session().find_node(name); };
  const auto strength = [&](std::string_view a, std::string_view b) {
    return spoken.strength(node(a), node(b), 78);
  };
  // Before anything is sent all are alike, and can be seen.
  CHECK(strength("origin", "r1") == strength("r1", "r5"));
  CHECK(strength("r1", "r5") > 0.5f);
  timeline.seek_time(seconds(3));
  spoken.follow(timeline, 1);
  CHECK(strength("origin", "r1") == 1);
  CHECK(strength("r1", "origin") == 1);
  CHECK(strength("r1", "r2") == 1);
  CHECK(strength("origin", "r2") < 0.5f);  // a relay's business
  CHECK(strength("r1", "r5") < 0.5f);
  timeline.seek_time(0);
  spoken.follow(timeline, 1);
  CHECK(strength("r1", "r2") == 1);                        // to look back forgets nothing
  CHECK(spoken.strength(node("r1"), node("r5"), 6) == 1);  // few links need no background
}

}  // namespace
}  // namespace netsplit::ui::moment_test
