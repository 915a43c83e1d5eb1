// Stamps and happens-before, against a brute-force closure that knows only who did what in which
// order.
#include <algorithm>
#include <map>

#include "core/base/rng.h"
#include "core/sim/recorder.h"
#include "support.h"

namespace netsplit::test::trace_test {
namespace {

// A run in which `count` peers tell each other with hops, set timers, are paused and crash.
Setup lively(int count, std::uint64_t seed) {
  Setup setup = peers(1);
  setup.nodes[0].name = count == 1 ? "n1" : "n";
  setup.nodes[0].count = count;
  setup.seed = seed;
  setup.network.link.latency = {LatencyModel::uniform, 500, milliseconds(6)};
  setup.network.link.loss_ppm = 50'000;
  setup.network.link.duplicate_ppm = 100'000;
  setup.until_us = milliseconds(120);
  Rng rng(seed, 9, 9);
  const auto any = [&] {
    return NodeId{static_cast<std::int32_t>(rng.below(static_cast<std::uint32_t>(count)))};
  };
  for (int i = 0; i < 24; ++i) {
    Input input = on_nodes(Action::request, i * milliseconds(3), {any()});
    switch (rng.below(6)) {
      case 0:
        input.action = rng.below(2) == 0 ? Action::pause : Action::crash;
        break;
      case 1:
        input.action = rng.below(2) == 0 ? Action::resume : Action::restart;
        break;
      case 2:
        input.name = "set_beat";
        input.arguments = {{"number", "1"}, {"low_us", "100"}, {"high_us", "9ms"}};
        break;
      default:
        input.name = "send";
        input.arguments = {
            {"peer", "n" + std::to_string(any().value + 1)}, {"number", "1"}, {"hops", "3"}};
    }
    setup.script.push_back(std::move(input));
  }
  return setup;
}

// Reaches[a][b]: a path from a to b along one node's own events and from each send to its
// deliveries.
std::vector<std::vector<bool>> closure(const Trace& trace) {
  const auto size = static_cast<std::size_t>(trace.size());
  std::vector<std::vector<bool>> reaches(size, std::vector<bool>(size));
  std::map<std::int32_t, std::size_t> last;
  std::map<std::pair<std::int32_t, MessageId>, std::size_t> sends;
  for (std::size_t i = 0; i < size; ++i) {
    const Event& event = trace[static_cast<EventIndex>(i)];
    if (!is_local(event.kind)) continue;
    std::vector<std::size_t> before;
    if (const auto at = last.find(event.node.value); at != last.end()) before.push_back(at->second);
    last[event.node.value] = i;
    if (event.kind == EventKind::deliver) before.push_back(static_cast<std::size_t>(event.cause));
    for (const std::size_t direct : before) {
      reaches[direct][i] = true;
      for (std::size_t a = 0; a < i; ++a) {
        if (reaches[a][direct]) reaches[a][i] = true;
      }
    }
  }
  return reaches;
}

}  // namespace

TEST_CASE("stamps: happens-before, Lamport, vector and hybrid agree with a brute-force closure") {
  int ordered = 0;
  int concurrent = 0;
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    const Run done = run(lively(4, seed));
    const Trace& trace = done.trace;
    const auto reaches = closure(trace);
    REQUIRE(trace.size() > 30);
    for (EventIndex a = 0; a < trace.size(); ++a) {
      for (EventIndex b = 0; b < trace.size(); ++b) {
        if (!trace[a].stamped() || !trace[b].stamped()) {
          REQUIRE_FALSE(trace.happened_before(a, b));
          continue;
        }
        const bool before = reaches[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)];
        REQUIRE(trace.happened_before(a, b) == before);
        if (a == b) continue;
        (before ? ordered : concurrent) += 1;
        const auto va = trace.vector_stamp(a);
        const auto vb = trace.vector_stamp(b);
        bool at_most = true;
        for (std::size_t i = 0; i < va.size(); ++i) at_most = at_most && va[i] <= vb[i];
        REQUIRE(at_most == before);
        if (!before) continue;
        REQUIRE(trace[a].lamport < trace[b].lamport);
        REQUIRE(std::pair(trace[a].hybrid_us, trace[a].hybrid_count) <
                std::pair(trace[b].hybrid_us, trace[b].hybrid_count));
      }
    }
  }
  CHECK(ordered > 1'000);
  CHECK(concurrent > 1'000);
}

TEST_CASE("stamps: a hybrid clock stays near the wall clock that is furthest ahead") {
  Setup setup = lively(4, 3);
  setup.nodes[0].clock.offset_us = seconds(2);
  const Run done = run(setup);
  for (EventIndex i = 0; i < done.trace.size(); ++i) {
    const Event& event = done.trace[i];
    if (!event.stamped()) continue;
    REQUIRE(event.hybrid_us >= event.wall_us);
    REQUIRE(event.hybrid_us <= event.at_us + seconds(2));
  }
}

TEST_CASE("stamps: vectors up to 64 nodes and the walk beyond find what the closure finds") {
  for (const int count : {vector_nodes_max, vector_nodes_max + 6}) {
    int ordered = 0;
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
      const Run done = run(lively(count, seed));
      REQUIRE(done.trace.width() == (count > vector_nodes_max ? 0 : count));
      REQUIRE(done.trace.vector_stamp(0).empty() == (count > vector_nodes_max));
      const auto reaches = closure(done.trace);
      for (EventIndex a = 0; a < done.trace.size(); ++a) {
        for (EventIndex b = 0; b < done.trace.size(); ++b) {
          const bool before = reaches[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)];
          REQUIRE(done.trace.happened_before(a, b) == before);
          ordered += before ? 1 : 0;
        }
      }
    }
    CHECK(ordered > 1'000);
  }
}

TEST_CASE("trace: causes come before their effects and previous events are the node's own") {
  const Run done = run(lively(5, 8));
  for (EventIndex i = 0; i < done.trace.size(); ++i) {
    const Event& event = done.trace[i];
    CHECK(event.index == i);
    CHECK(event.cause < i);
    CHECK(event.previous < i);
    if (event.previous != no_event) CHECK(done.trace[event.previous].node == event.node);
    if (i > 0) CHECK(event.at_us >= done.trace[i - 1].at_us);
    if (i > 0) CHECK(event.step >= done.trace[i - 1].step);
    if (event.kind == EventKind::deliver) CHECK(done.trace[event.cause].kind == EventKind::send);
  }
  CHECK(done.session->events() == done.trace.size());
}

TEST_CASE("trace: events are found by time and by step") {
  const Run done = run(lively(5, 8));
  for (const Time time_us : {Time{0}, Time{3'000}, Time{50'001}, hours(1)}) {
    EventIndex first = 0;
    while (first < done.trace.size() && done.trace[first].at_us <= time_us) ++first;
    CHECK(done.trace.first_after(time_us) == first);
  }
  for (const std::uint64_t step : {0u, 5u, 20u, 100'000u}) {
    EventIndex first = 0;
    while (first < done.trace.size() && done.trace[first].step <= step) ++first;
    CHECK(done.trace.first_after_step(step) == first);
  }
}

TEST_CASE(
    "trace: past its limit the oldest events go, the rest keep their numbers and their order") {
  const Setup setup = lively(5, 8);
  Setup longer = setup;
  longer.script.clear();
  for (int i = 0; i < 900; ++i) {
    Input input = on_nodes(Action::request, i, {NodeId{i % 5}});
    input.name = "send";
    input.arguments = {{"peer", "n" + std::to_string(1 + (i * 7 + 3) % 5)}, {"number", "1"}};
    longer.script.push_back(input);
  }
  Run all = begin(longer);
  Run few = begin(longer);
  few.trace = Trace(5, 600);
  all.to_end();
  few.to_end();
  REQUIRE(few.trace.truncated());
  CHECK_FALSE(all.trace.truncated());
  CHECK(few.trace.size() == all.trace.size());
  CHECK(few.trace.size() - few.trace.first() <= 600 + 512);
  for (EventIndex a = few.trace.first(); a < few.trace.size(); a += 7) {
    CHECK(few.trace[a].index == a);
    CHECK(few.trace[a].payload == all.trace[a].payload);
    for (EventIndex b = a; b < few.trace.size(); b += 5) {
      REQUIRE(few.trace.happened_before(a, b) == all.trace.happened_before(a, b));
    }
  }
  CHECK(few.session->trace_hash() == all.session->trace_hash());  // the hash forgets nothing
  // Truncated before its first event it is empty and goes on counting from there.
  few.trace.truncate(10);
  CHECK(few.trace.size() == 10);
  few.trace.add() = all.trace[10];
  few.trace.stamp(all.trace.vector_stamp(10));
  CHECK(few.trace[10].index == 10);
  CHECK(few.trace.vector_stamp(10) == all.trace.vector_stamp(10));
}

TEST_CASE("trace: every event has a sentence, and names what it is about") {
  const Run done = run(lively(5, 8));
  for (EventIndex i = 0; i < done.trace.size(); ++i) {
    const std::string sentence = sentence_of(*done.session, done.trace[i]);
    CHECK_MESSAGE(sentence.find('?') == std::string::npos, sentence);
    CHECK(sentence.find(done.session->node_name(done.trace[i].node)) != std::string::npos);
  }
}

TEST_CASE("trace: the hash sees time, kind, node, peer, label, payload and cause of every event") {
  const auto hash_of_event = [](auto change) {
    Recorder recorder(3);
    Event& event = recorder.draft();
    event.index = 0;
    event.at_us = 5;
    event.kind = EventKind::request;
    event.node = NodeId{1};
    event.payload = "x";
    change(event);
    recorder.record(event, 0);
    return recorder.hash();
  };
  const std::uint64_t base = hash_of_event([](Event&) {});
  CHECK(hash_of_event([](Event&) {}) == base);
  CHECK(hash_of_event([](Event& e) { e.at_us = 6; }) != base);
  CHECK(hash_of_event([](Event& e) { e.kind = EventKind::timer; }) != base);
  CHECK(hash_of_event([](Event& e) { e.node = NodeId{2}; }) != base);
  CHECK(hash_of_event([](Event& e) { e.peer = NodeId{2}; }) != base);
  CHECK(hash_of_event([](Event& e) { e.label = 1; }) != base);
  CHECK(hash_of_event([](Event& e) { e.message = 1; }) != base);
  CHECK(hash_of_event([](Event& e) { e.cause = 3; }) != base);
  CHECK(hash_of_event([](Event& e) { e.loss = LossReason::cut; }) != base);
  CHECK(hash_of_event([](Event& e) { e.payload = "y"; }) != base);
  CHECK(hash_of_event([](Event& e) { e.payload.clear(); }) != base);
  CHECK(hash_of_event([](Event& e) { e.wall_us = 1; }) != base);
}

}  // namespace netsplit::test::trace_test
