// A protocol's world as a model: against worlds that run, against its own script of a way, and what
// is claimed of it.
#include "core/check/check_world.h"
#include "core/check/protocol_edge.h"
#include "core/check/replay.h"

#include <doctest/doctest.h>

#include "errands.h"
#include "relay.h"
#include "support.h"

namespace netsplit::test::world_model_test {

using check::CheckedProperty;
using check::CheckOptions;
using check::CheckReport;

namespace {

// Nodes a, b, c of the protocol's first role.
template <class P>
Setup nodes_of(int count) {
  Setup setup = test::peers(count);
  setup.protocol = P::name;
  for (NodeGroup& group : setup.nodes) group.role = protocol_info<P>().roles[0].name;
  return setup;
}

template <class P>
CheckReport checked(const Setup& setup, CheckOptions options = {},
                    const check::Executor& execute = check::run_in_order) {
  auto report = check::check_world(check::checked_protocol<P>(), setup, options, execute, {});
  REQUIRE_MESSAGE(report.ok(), report.error());
  return std::move(report).value();
}

const CheckedProperty& property(const CheckReport& report, std::string_view name) {
  for (const CheckedProperty& one : report.properties) {
    if (one.name == name) return one;
  }
  FAIL("no property " << name);
  return report.properties[0];
}

// What a node of the relay may be asked, drawn from the seed.
Input any_request(Rng& rng) {
  const std::string_view letters = "abc";
  const std::string self(1, letters[rng.below(3)]);
  const std::string peer(1, letters[rng.below(3)]);
  const std::string number = std::to_string(rng.below(3));
  switch (rng.below(8)) {
    case 0:
      return test::ask(0, self, "send", {{"peer", peer}, {"number", number}, {"hops", number}});
    case 1:
      return test::ask(0, self, "set_beat",
                       {{"number", number}, {"low_us", "5"}, {"high_us", "9"}});
    case 2:
      return test::ask(0, self, "set_beat",
                       {{"number", number}, {"low_us", "20"}, {"high_us", "30"}});
    case 3:
      return test::ask(0, self, "stop_beat", {{"number", number}});
    case 4:
      return test::ask(0, self, "choose", {{"n", "3"}, {"times", number}});
    case 5:
      return test::ask(0, self, "begin", {{"argument", number}});
    case 6:
      return test::ask(0, self, "end", {{"number", "1"}, {"result", number}});
    default:
      return test::ask(0, self, "remember", {{"value", number}});
  }
}

// Takes random actions in the model and the same in a world by hand.
template <class P>
void walk(const Setup& setup, std::uint64_t seed) {
  using Model = check::WorldModel;
  CheckOptions options;
  options.faults = {2, 2, 2};
  const auto topology = check::topology_of(protocol_info<P>(), setup);
  const auto made = Model::make(
      setup, topology, check::handlers_of(check::checked_protocol<P>(), setup, options), options);
  REQUIRE(made.ok());
  const Model& model = made.value();
  Rng rng(seed, 77, 0);
  std::vector<std::pair<Model::State, std::vector<std::vector<std::uint32_t>>>> starts;
  model.for_each_start(
      [&](const Model::State& state, const auto& choices) { starts.emplace_back(state, choices); });
  const auto& start = starts[rng.below(static_cast<std::uint32_t>(starts.size()))];
  check::Replay replay(model, setup, start.second);
  Model::State state = start.first;
  REQUIRE(replay.is_at(state));
  for (int i = 0; i < 60; ++i) {
    std::vector<std::pair<Model::Act, Model::State>> acts;
    Model::Memory memory;
    model.for_each_act(state, memory, [&](const Model::Act& act, const Model::State& next) {
      acts.emplace_back(act, next);
    });
    if (acts.empty()) return;
    const auto& chosen = acts[rng.below(static_cast<std::uint32_t>(acts.size()))];
    std::vector<std::uint32_t> choices;
    if (chosen.first.choices != nullptr) choices = *chosen.first.choices;
    Model::Act act = chosen.first;
    act.choices = &choices;
    const Model::State next = chosen.second;
    const std::string words = model.in_words(state, act, memory);
    model.absorb(memory);
    replay.take(state, act);
    REQUIRE_MESSAGE(replay.is_at(next), "seed " << seed << ", step " << i << ": " << words);
    state = next;
  }
}

}  // namespace

TEST_CASE("check: the same actions lead a model and a world by hand to the same states") {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    Rng rng(seed, 78, 0);
    Setup setup = nodes_of<test::relay::Protocol>(3);
    if (rng.below(3) == 0) setup.nodes[2].role = "hub";
    if (rng.below(3) == 0) {
      setup.nodes[1].joins_later = true;
      setup.script.push_back(test::act(Action::join, 0, "b"));
    }
    if (rng.below(2) == 0) setup.network.link.fifo = true;
    for (int i = 0; i < 12; ++i) setup.script.push_back(any_request(rng));
    if (rng.below(3) == 0) setup.script.push_back(test::act(Action::leave, 0, "a"));
    walk<test::relay::Protocol>(setup, seed);
  }
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    Setup setup = nodes_of<test::errands::Protocol>(3);
    for (const char* node : {"a", "b", "c", "a"}) {
      setup.script.push_back(test::ask(0, node, "go", {{"to", "b"}, {"number", "1"}}));
      setup.script.push_back(test::ask(0, node, "wait"));
    }
    walk<test::errands::Protocol>(setup, seed);
  }
}

TEST_CASE("check: what happens in a world with time is one of the ways of the model") {
  using P = test::errands::Protocol;
  using Model = check::WorldModel;
  std::size_t widest = 0;
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    Rng rng(seed, 79, 0);
    Setup setup = nodes_of<P>(3);
    setup.seed = seed;
    setup.network.link.latency = {LatencyModel::uniform, milliseconds(1), milliseconds(20)};
    setup.network.link.fifo = seed % 3 == 0;
    const bool pauses = seed % 2 == 0;
    if (!pauses) setup.network.link.loss_ppm = 200'000;
    const auto some_time = [&] { return Time{milliseconds(rng.below(80))}; };
    for (const char* node : {"a", "b", "c"}) {
      const Time first_us = some_time();
      setup.script.push_back(test::ask(first_us, node, "go", {{"to", "b"}, {"number", "1"}}));
      setup.script.push_back(test::ask(some_time(), node, "wait"));
      const Time stop_us = some_time();
      setup.script.push_back(test::act(pauses ? Action::pause : Action::crash, stop_us, node));
      setup.script.push_back(
          test::act(pauses ? Action::resume : Action::restart, stop_us + milliseconds(15), node));
    }
    std::stable_sort(setup.script.begin(), setup.script.end(),
                     [](const Input& a, const Input& b) { return a.at_us < b.at_us; });
    CheckOptions options;
    options.faults = {1000, 0, 3};
    options.repeats = check::repeats_unbounded;
    const auto topology = check::topology_of(protocol_info<P>(), setup);
    const P::Params params{};
    const auto made = Model::make(
        setup, topology, check::handlers_of(check::checked_protocol<P>(), setup, options), options);
    REQUIRE(made.ok());
    const Model& model = made.value();

    World<P> world(topology, params, setup);
    for (int i = 0; i < 3; ++i) world.step(nullptr);
    // The model's states that look like the world's; it cannot tell which lines were refused.
    std::vector<Model::State> here;
    model.for_each_start([&](const Model::State& state, const auto&) {
      if (check::is_at(world, model, state)) here.push_back(state);
    });
    std::size_t applied = 0;
    while (true) {
      REQUIRE_MESSAGE(!here.empty(), "seed " << seed << " at " << world.now_us());
      widest = std::max(widest, here.size());
      const bool input_next =
          applied < setup.script.size() && setup.script[applied].at_us < world.next_due_us();
      if (input_next) {
        world.advance_to(setup.script[applied].at_us);
        world.apply(setup.script[applied++], nullptr);
      } else if (!world.step(nullptr)) {
        break;
      }
      std::vector<Model::State> next;
      const auto consider = [&](const Model::State& state) {
        if (std::find(next.begin(), next.end(), state) == next.end() &&
            check::is_at(world, model, state)) {
          next.push_back(state);
        }
      };
      for (const Model::State& state : here) {
        Model::Memory memory;
        std::vector<Model::State> successors;
        model.for_each_act(state, memory, [&](const Model::Act&, const Model::State& successor) {
          successors.push_back(successor);
        });
        model.absorb(memory);
        consider(state);  // something waits, or was pushed in vain
        for (const Model::State& successor : successors) consider(successor);
      }
      here = std::move(next);
    }
  }
  CHECK(widest >= 1);
}

TEST_CASE("check: of two timers the later may run out first only where their windows overlap") {
  using Timer = test::errands::Timer;
  using Pending = check::PendingTimer;
  const auto pending = [](const Timer& timer, Time low_us, Time high_us) {
    return Pending{std::make_shared<const Timer>(timer), low_us, high_us};
  };
  const Pending soon = pending(test::errands::Soon{}, 5, 10);
  const Pending between = pending(test::errands::Between{}, 8, 25);
  const Pending later = pending(test::errands::Later{}, 20, 30);
  const std::vector<Pending> together{soon, between, later};
  CHECK(check::may_fire(together, 0));
  CHECK(check::may_fire(together, 1));
  CHECK_FALSE(check::may_fire(together, 2));
  // What was set long ago may be due at any moment, what was set since may be quicker.
  const std::vector<Pending> since{later, soon};
  CHECK(check::may_fire(since, 0));
  CHECK(check::may_fire(since, 1));
  // Where either may come first, the order in which they were set is forgotten; else it is kept.
  const auto in_order = [](std::vector<Pending> timers) {
    check::order_timers(value_type<Timer>, timers);
    std::vector<const void*> order;
    for (const Pending& one : timers) order.push_back(one.timer.get());
    return order;
  };
  CHECK(in_order({between, soon}) == in_order({soon, between}));
  CHECK(in_order(since) == std::vector<const void*>{later.timer.get(), soon.timer.get()});
}

TEST_CASE("check: every timer, choice and request of a small setup is explored, and no more") {
  using P = test::errands::Protocol;
  // One node that chooses 0 or 1 as it starts and is asked nothing: two initial states; with 1 a
  // timer runs out. Three states.
  const CheckReport alone = checked<P>(nodes_of<P>(1));
  CHECK(alone.exploration.distinct == 3);
  CHECK(alone.exploration.generated == 3);
  CHECK(alone.exploration.stop == check::Stop::complete);
  CHECK(property(alone, "somebody_in_mood").standing == Standing::holds);
  CHECK(property(alone, "somebody_in_mood").depth == 0);
  CHECK(alone.limits.empty());

  // Soon must come before Later; Between comes anywhere. Without Soon from the start (choice 0)
  // the orders of S, B, L with S before L are three, B SL, S B L, S L B: states {}, S, B, SB (two,
  // by what is remembered), SL, and three ends. By hand: 1 unasked, 1 asked, S, B, SB, BS, SL, and
  // SBL, BSL, SLB make 10. Between sets Soon once more where fewer than two things were seen
  // before.
  Setup setup = nodes_of<P>(1);
  setup.script.push_back(test::ask(0, "a", "wait"));
  setup.parameters = {{"rounds", 0}};
  const CheckReport waits = checked<P>(setup);
  CHECK(property(waits, "in_time").standing == Standing::holds);
  // With choice 1 Soon runs from the start: it may run out before the request (12 states: those of
  // a node that has seen -1: unasked, asked, and eight more) or is replaced by it (as above).
  CHECK(waits.exploration.distinct == 10 + 10 + 10);
}

TEST_CASE("check: messages overtake each other except on a link that keeps their order") {
  using P = test::relay::Protocol;
  Setup setup = nodes_of<P>(2);
  setup.script.push_back(test::tell(0, 'a', 'b', 1, 3));
  // Unasked, and what b has got so far, in order: 1 + 1 + 3 + 6 + 6.
  CHECK(checked<P>(setup).exploration.distinct == 17);
  setup.network.link.fifo = true;
  CHECK(checked<P>(setup).exploration.distinct == 1 + 4);
}

TEST_CASE("check: faults happen at any moment, as often as they may, and never more") {
  using P = test::relay::Protocol;
  Setup setup = nodes_of<P>(2);
  setup.script.push_back(test::tell(0, 'a', 'b', 1));
  const auto states_with = [&](check::Faults faults) {
    CheckOptions options;
    options.faults = faults;
    options.limits.stop_at_violation = false;  // nobody beats
    return checked<P>(setup, options).exploration.distinct;
  };
  // Unasked, under way, arrived.
  CHECK(states_with({}) == 3);
  // … or lost.
  CHECK(states_with({1, 0, 0}) == 4);
  // … or there are two of it: both under way, one arrived, both arrived.
  CHECK(states_with({0, 1, 0}) == 6);
  // With one of each of these: the two of it may also lose one, before or after the other arrives,
  // so: lost; one of two lost and the other under way or arrived.
  CHECK(states_with({1, 1, 0}) == 4 + 3 + 2);
  // A node alone is up, down, and up again; twice, if it may crash twice.
  setup = nodes_of<P>(1);
  CHECK(states_with({0, 0, 1}) == 3);
  CHECK(states_with({0, 0, 2}) == 5);
  CHECK(check::faults_of({test::act(Action::crash, 0, "ab"), test::on_next(Action::drop, 1, "Ping"),
                          test::on_next(Action::drop, 2, "Ping")}) == check::Faults{2, 0, 2});
}

TEST_CASE("check: what a bound left out is counted, and nothing is claimed beyond it") {
  using P = test::errands::Protocol;
  Setup setup = nodes_of<P>(2);
  setup.parameters = {{"stuck", 1}};
  setup.script.push_back(test::ask(0, "a", "go", {{"to", "b"}, {"number", "1"}}));
  CheckOptions options;
  options.repeats = 0;
  const CheckReport report = checked<P>(setup, options);
  CHECK(report.exploration.stop == check::Stop::complete);
  CHECK(report.exploration.held_back > 0);
  // Nobody is stuck where no timer runs out.
  CHECK(property(report, "all_home").standing == Standing::holds);
  options.repeats = 1;
  CHECK(property(checked<P>(setup, options), "all_home").standing == Standing::violated);
}

TEST_CASE("check: what cannot be judged is not passed, and a way ends where the check says") {
  using P = test::errands::Protocol;
  Setup setup = nodes_of<P>(2);
  setup.parameters = {{"stuck", 1}};
  setup.script.push_back(test::ask(0, "a", "go", {{"to", "b"}, {"number", "1"}}));
  const CheckReport report = checked<P>(setup);
  CHECK(property(report, "before_noon").not_judged ==
        "it looks at times or counters, which a check does not have");
  const CheckedProperty& home = property(report, "all_home");
  REQUIRE(home.standing == Standing::violated);
  REQUIRE(home.way);
  // The shortest way to a dead end: asked; the answer is late.
  CHECK(home.depth == 4);
  CHECK(home.way->steps ==
        std::vector<std::string>{"a is asked: go", "b receives Errand (1) from a, choosing 0",
                                 "a's timer later (1) runs out", "a receives Done (1) from b"});
  CHECK(home.witness.why == "a stays.");
  CHECK(home.way->setup.manual);
  const auto session = TypedSession<P>::make(home.way->setup);
  REQUIRE(session.ok());
  while (session.value()->step(nullptr)) {
  }
  CHECK(session.value()->properties()[1].standing == Standing::violated);

  const CheckReport relay = checked<test::relay::Protocol>(nodes_of<test::relay::Protocol>(1));
  CHECK(property(relay, "few_messages").not_judged == "a budget is about one run, not about all");
}

TEST_CASE("check: neither threads nor their order change a report") {
  using P = test::errands::Protocol;
  Setup setup = nodes_of<P>(3);
  for (const char* node : {"a", "b", "c"}) {
    setup.script.push_back(test::ask(0, node, "go", {{"to", "b"}, {"number", "1"}}));
    setup.script.push_back(test::ask(0, node, "wait"));
  }
  const check::Executor backwards = [](std::int32_t count,
                                       const std::function<void(std::int32_t)>& work) {
    for (std::int32_t i = count - 1; i >= 0; --i) work(i);
  };
  CheckOptions options;
  options.limits.states_max = 200'000;
  const CheckReport one = checked<P>(setup, options);
  const CheckReport other = checked<P>(setup, options, backwards);
  CHECK(one.exploration.distinct == other.exploration.distinct);
  CHECK(one.exploration.generated == other.exploration.generated);
  CHECK(one.local_states == other.local_states);
  CHECK(one.networks == other.networks);
  REQUIRE(one.properties.size() == other.properties.size());
  for (std::size_t i = 0; i < one.properties.size(); ++i) {
    CHECK(one.properties[i].standing == other.properties[i].standing);
    CHECK(one.properties[i].way.has_value() == other.properties[i].way.has_value());
    if (one.properties[i].way)
      CHECK(one.properties[i].way->steps == other.properties[i].way->steps);
  }
}

TEST_CASE("check: a setup that is too large is refused in one sentence") {
  const auto report =
      check::check_world(check::checked_protocol<test::relay::Protocol>(),
                         nodes_of<test::relay::Protocol>(14), {}, check::run_in_order, {});
  REQUIRE_FALSE(report.ok());
  CHECK(report.error() == "nodes: 14 nodes; a check takes at most 13");
}

}  // namespace netsplit::test::world_model_test
