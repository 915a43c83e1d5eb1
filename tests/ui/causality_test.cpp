// What the diagram says of causes: shades, arrows through hidden nodes, places on the logical axis.
// Everything is held against the trace's own happened-before.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/scenario/registry.h"
#include "ui/causal_cone.h"
#include "ui/hidden_paths.h"

namespace netsplit::ui::causality_test {
namespace {

Timeline opened(std::string_view id) {
  Timeline timeline = Timeline::open(find_scenario(id)->setup, make_session).value();
  timeline.run_ahead_to(timeline.setup().until_us, UINT64_MAX);
  return timeline;
}

Timeline busy(std::int32_t clients, std::int64_t events_max = 1 << 19) {
  Setup setup = find_scenario("lock-gc-pause")->setup;
  setup.nodes[0].count = clients;
  setup.nodes.erase(setup.nodes.begin() + 1);
  setup.script.clear();
  setup.until_us = seconds(1000);
  for (std::int32_t i = 0; i < clients; ++i) {
    for (int k = 0; k < 6; ++k) {
      Input ask = on_nodes(Action::request, seconds(1 + 120 * k) + 1'000 * i, {{i}});
      ask.name = "lock_and_write";
      ask.arguments = {{"work_us", "200ms"}};
      setup.script.push_back(ask);
    }
  }
  std::stable_sort(setup.script.begin(), setup.script.end(),
                   [](const Input& a, const Input& b) { return a.at_us < b.at_us; });
  TimelineLimits limits;
  limits.events_max = events_max;
  Timeline timeline = Timeline::open(setup, make_session, limits).value();
  timeline.run_ahead_to(setup.until_us, UINT64_MAX);
  return timeline;
}

TEST_CASE("causal cone: every event is shaded as happened-before says") {
  for (const char* id : {"lock-gc-pause", "lock-fenced", "vector"}) {
    CAPTURE(id);
    const Timeline timeline = opened(id);
    const Trace& trace = timeline.trace();
    CausalCone cone;
    for (EventIndex chosen = 0; chosen < trace.size(); chosen += 3) {
      cone.follow(trace, 1, 0, chosen);
      std::int64_t past = 0;
      std::int64_t future = 0;
      for (EventIndex i = 0; i < trace.size(); ++i) {
        const Tense expected = i == chosen                        ? Tense::self
                               : trace.happened_before(i, chosen) ? Tense::past
                               : trace.happened_before(chosen, i) ? Tense::future
                                                                  : Tense::concurrent;
        past += expected == Tense::past ? 1 : 0;
        future += expected == Tense::future ? 1 : 0;
        REQUIRE(cone.tense(i) == expected);
      }
      CHECK(cone.past_count() == past);
      CHECK(cone.future_count() == future);
    }
    cone.follow(trace, 1, 0, no_event);
    CHECK(cone.tense(0) == Tense::plain);
  }
}

TEST_CASE("causal cone: above 64 nodes, where there are no vectors, it says the same") {
  const Timeline timeline = busy(70);
  const Trace& trace = timeline.trace();
  REQUIRE(trace.width() == 0);
  REQUIRE(trace.size() > 500);
  CausalCone cone;
  for (EventIndex chosen = 100; chosen < trace.size(); chosen += trace.size() / 4) {
    cone.follow(trace, 1, 0, chosen);
    for (EventIndex i = 0; i < trace.size(); i += 7) {
      const Tense expected = i == chosen                        ? Tense::self
                             : trace.happened_before(i, chosen) ? Tense::past
                             : trace.happened_before(chosen, i) ? Tense::future
                                                                : Tense::concurrent;
      REQUIRE(cone.tense(i) == expected);
    }
  }
}

TEST_CASE("causal cone: it goes on as the trace grows") {
  Timeline timeline = Timeline::open(find_scenario("lock-gc-pause")->setup, make_session).value();
  timeline.run_ahead(4);
  CausalCone cone;
  cone.follow(timeline.trace(), 1, 0, 2);
  while (timeline.run_ahead(1)) cone.follow(timeline.trace(), 1, 0, 2);
  cone.follow(timeline.trace(), 1, 0, 2);
  CausalCone at_once;
  at_once.follow(timeline.trace(), 1, 0, 2);
  for (EventIndex i = 0; i < timeline.trace().size(); ++i)
    REQUIRE(cone.tense(i) == at_once.tense(i));
}

// Whether b is reachable from a along shown lines, shown messages and the dashed arrows.
bool reachable(const Trace& trace, const TimeView& view, const HiddenPaths& hidden, EventIndex a,
               EventIndex b) {
  std::vector<bool> reached(static_cast<std::size_t>(trace.size()));
  reached[static_cast<std::size_t>(a)] = true;
  for (EventIndex i = a + 1; i <= b; ++i) {
    const Event& event = trace[i];
    if (event.node == nobody || !event.stamped() || !view.shows(event.node)) continue;
    const auto at = [&](EventIndex k) { return k >= a && reached[static_cast<std::size_t>(k)]; };
    bool here = at(event.previous);
    if (event.kind == EventKind::deliver && view.shows(event.peer)) here = here || at(event.cause);
    for (const HiddenPath& path : hidden.paths) here = here || (path.to == i && at(path.from));
    reached[static_cast<std::size_t>(i)] = here;
  }
  return reached[static_cast<std::size_t>(b)];
}

TEST_CASE(
    "hidden paths: with nodes hidden, the shown events keep their order, and no arrow is "
    "needless") {
  for (const char* id : {"lock-gc-pause", "lock-fenced", "lamport"}) {
    const Timeline timeline = opened(id);
    const Trace& trace = timeline.trace();
    const std::int32_t nodes = timeline.session().node_count();
    for (std::int32_t hidden_node = 0; hidden_node < nodes; ++hidden_node) {
      CAPTURE(id);
      CAPTURE(hidden_node);
      SpaceTimeIndex index;
      index.follow(timeline, 1);
      TimeView view;
      view.reset(nodes);
      view.hide({hidden_node});
      HiddenPaths hidden;
      hidden.follow(trace, index, view, 1, 0);
      for (EventIndex b = 0; b < trace.size(); ++b) {
        if (trace[b].node == nobody || !trace[b].stamped() || !view.shows(trace[b].node)) continue;
        for (EventIndex a = 0; a < b; ++a) {
          if (trace[a].node == nobody || !trace[a].stamped() || !view.shows(trace[a].node))
            continue;
          REQUIRE(reachable(trace, view, hidden, a, b) == trace.happened_before(a, b));
        }
      }
      for (const HiddenPath& path : hidden.paths) {
        HiddenPaths without = hidden;
        std::erase_if(without.paths, [&](const HiddenPath& other) {
          return other.from == path.from && other.to == path.to;
        });
        CHECK_FALSE(reachable(trace, view, without, path.from, path.to));
      }
    }
  }
}

TEST_CASE("space-time index: a node's marks are ordered on both axes, and no message goes back") {
  const Timeline timeline = busy(12);
  const Trace& trace = timeline.trace();
  SpaceTimeIndex index;
  index.follow(timeline, 1);
  for (const auto& line : index.marks) {
    for (std::size_t i = 1; i < line.size(); ++i) {
      CHECK(line[i - 1].at.us <= line[i].at.us);
      CHECK(line[i - 1].at.tick <= line[i].at.tick);
    }
  }
  REQUIRE(index.flights.size() > 300);
  for (const Flight& flight : index.flights) {
    if (flight.end == no_event) continue;
    CHECK(flight.sent.us <= flight.ended.us);
    CHECK(flight.sent.tick + 2 <= flight.ended.tick);
  }
  for (EventIndex i = 1; i < trace.size(); ++i) CHECK(index.reached(i) >= index.reached(i - 1));
  const std::int32_t tick = index.reached(trace.size() / 2);
  const EventIndex last = index.last_within(tick);
  CHECK(index.reached(last) <= tick);
  if (last + 1 < trace.size()) CHECK(index.reached(last + 1) > tick);
}

TEST_CASE("space-time index: a part of the axis has exactly the messages that touch it") {
  const Timeline timeline = busy(12);
  SpaceTimeIndex index;
  index.follow(timeline, 1);
  const auto end = static_cast<double>(timeline.head().now_us());
  for (const Axis axis : {Axis::real, Axis::logical}) {
    const double whole =
        axis == Axis::real ? end : static_cast<double>(index.reached(index.taken() - 1)) / 2;
    for (const double from : {0.0, 0.2, 0.61}) {
      const double a = from * whole;
      const double b = (from + 0.05) * whole;
      std::size_t found = 0;
      const std::size_t stride =
          index.flights_reach.each(axis, a, b, index.flights.size(), 1 << 20, [&](std::size_t i) {
            const Flight& flight = index.flights[i];
            found += flight.sent.on(axis) <= b && flight.ended.on(axis) >= a ? 1 : 0;
          });
      CHECK(stride == 1);
      const auto expected =
          std::count_if(index.flights.begin(), index.flights.end(), [&](const Flight& flight) {
            return flight.sent.on(axis) <= b && flight.ended.on(axis) >= a;
          });
      CHECK(found == static_cast<std::size_t>(expected));
    }
  }
  std::size_t sampled = 0;
  const std::size_t stride = index.flights_reach.each(Axis::real, 0, end, index.flights.size(), 100,
                                                      [&](std::size_t) { ++sampled; });
  CHECK(stride > 1);
  CHECK(sampled <= 110);
  CHECK(sampled >= 40);
}

TEST_CASE("space-time index: what the trace lets go of, it lets go of too, and what lasts stays") {
  const Timeline timeline = busy(12, 600);
  REQUIRE(timeline.trace().first() > 0);
  Timeline slowly =
      Timeline::open(timeline.setup(), make_session, TimelineLimits{.events_max = 600}).value();
  SpaceTimeIndex index;
  while (slowly.run_ahead(5)) index.follow(slowly, 1);
  index.follow(slowly, 1);
  SpaceTimeIndex fresh;
  fresh.follow(slowly, 1);
  std::size_t marks = 0;
  for (const auto& line : index.marks) marks += line.size();
  CHECK(marks < 1'300);
  CHECK(index.flights.size() < 1'300);
  CHECK(index.first() > 0);
  // Of what is still kept, both know the same.
  for (std::size_t node = 0; node < fresh.marks.size(); ++node) {
    const auto& all = index.marks[node];
    const auto& kept = fresh.marks[node];
    REQUIRE(all.size() >= kept.size());
    for (std::size_t i = 0; i < kept.size(); ++i)
      CHECK(all[all.size() - kept.size() + i].event == kept[i].event);
  }
}

}  // namespace
}  // namespace netsplit::ui::causality_test
