// From a run that violates a property to a smallest one.
#include "core/check/shrink.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

#include "core/scenario/registry.h"

namespace netsplit::test::shrink_test {
namespace {

bool violates(const Setup& setup, const std::string& property) {
  const auto session = make_session(setup);
  if (!session) return false;
  while (session.value()->step(nullptr)) {
  }
  for (const PropertyState& state : session.value()->properties()) {
    if (state.name == property) return state.standing == Standing::violated;
  }
  return false;
}

check::Shrunk shrunk(const Setup& setup, const std::string& property) {
  Result<check::Shrunk> made = check::shrink(setup, property, make_session);
  REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error()));
  return std::move(made).value();
}

// No single input can be left out.
void check_minimal(const Setup& setup, const std::string& property) {
  CHECK(violates(setup, property));
  for (std::size_t i = 0; i < setup.script.size(); ++i) {
    Setup without = setup;
    without.script.erase(without.script.begin() + static_cast<std::ptrdiff_t>(i));
    CAPTURE(i);
    CHECK(!violates(without, property));
  }
}

std::vector<Action> actions_of(const Setup& setup) {
  std::vector<Action> actions;
  for (const Input& input : setup.script) actions.push_back(input.action);
  return actions;
}

// Twenty inputs that change nothing that matters, between those that do.
Setup padded(Setup setup) {
  for (int i = 0; i < 20; ++i) {
    const Time at_us = milliseconds(300) * i;
    const NodeId node{i % 4};
    Input input;
    switch (i % 5) {
      case 0:
        input = on_nodes(Action::clock_step, at_us, {node});
        input.duration_us = seconds(1);
        break;
      case 1:
        input = on_nodes(Action::resume, at_us, {NodeId{2}});
        break;
      case 2:
        input = on_nodes(Action::clock_drift, at_us, {node});
        input.ppm = 50;
        break;
      case 3:
        input.action = Action::heal;
        input.at_us = at_us;
        break;
      default:
        input = on_nodes(Action::restart, at_us, {node});
        input.by_hand = true;
    }
    setup.script.push_back(input);
  }
  std::stable_sort(setup.script.begin(), setup.script.end(),
                   [](const Input& a, const Input& b) { return a.at_us < b.at_us; });
  return setup;
}

}  // namespace

TEST_CASE("shrink: a story padded with twenty useless inputs comes back to its four") {
  const Setup story = find_scenario("lock-gc-pause")->setup;
  REQUIRE(story.script.size() == 4);
  Setup setup = padded(story);
  REQUIRE(setup.script.size() == 24);
  // Useless nodes, parameters and link settings go as well.
  setup.nodes.push_back({"carol", "client", 3, false, ClockSpec{100, seconds(1)}});
  setup.parameters = {{"retry", seconds(9)}, {"give_up", seconds(19)}};
  setup.network.link.nanocents_per_byte = 3;
  setup.links.push_back({NodeId{0}, NodeId{1}, true, setup.network.link});
  REQUIRE(violates(setup, "no_stale_write"));

  const check::Shrunk small = shrunk(setup, "no_stale_write");
  CHECK(actions_of(small.setup) == actions_of(story));
  for (std::size_t i = 0; i < 4; ++i) CHECK(small.setup.script[i].groups == story.script[i].groups);
  check_minimal(small.setup, "no_stale_write");
  CHECK(small.setup.nodes.size() == 4);
  CHECK(small.setup.parameters.empty());
  CHECK(small.setup.links.empty());
  CHECK(small.setup.network == NetworkSpec{});
  CHECK(small.setup.until_us < story.until_us);
  CHECK(small.finished);
  CHECK(small.runs > 24);
  CHECK(small.runs < 1000);

  const check::Shrunk again = shrunk(setup, "no_stale_write");
  CHECK(again.setup == small.setup);
  CHECK(again.runs == small.runs);
  // What is smallest stays as it is.
  CHECK(shrunk(small.setup, "no_stale_write").setup == small.setup);
}

TEST_CASE("shrink: failing seeds of a sweep all come down to a few inputs") {
  Setup setup = find_scenario("lock-fenced")->setup;
  setup.parameters.clear();
  const check::Sweep sweep =
      check::Sweep::make(setup, {"no_stale_write"}, check::all_faults, make_session).value();
  const check::SeedRange seeds{1, 100};
  const std::vector<check::FailingSeed> failing = sweep.run_block(seeds, 0).failing;
  REQUIRE(failing.size() > 10);
  for (const check::FailingSeed& one : failing) {
    CAPTURE(one.seed);
    const Setup found = sweep.setup_of(one.seed);
    const check::Shrunk small = shrunk(found, "no_stale_write");
    CHECK(small.setup.script.size() <= 6);
    CHECK(small.setup.script.size() <= found.script.size());
    CHECK(small.setup.until_us <= found.until_us);
    check_minimal(small.setup, "no_stale_write");
  }
}

TEST_CASE("shrink: what must hold in the end is not violated by taking the remedy away") {
  // The lock service is gone for good, so nobody is answered. Something else breaks before and is
  // mended; never mended, it would violate the property as well.
  const Setup usual = find_scenario("lock-fenced")->setup;
  const NodeId client{0};
  const NodeId lock{2};
  Input heal;
  heal.action = Action::heal;
  Input loss;
  loss.action = Action::link;
  loss.link = usual.network.link;
  loss.link.loss_ppm = 1'000'000;
  Input no_loss = loss;
  no_loss.link = usual.network.link;
  const std::pair<Input, Input> broken_and_mended[] = {
      {on_nodes(Action::isolate, 0, {client}), heal},
      {on_link(Action::cut, 0, client, lock), on_link(Action::heal, 0, client, lock)},
      {on_nodes(Action::pause, 0, {lock}), on_nodes(Action::resume, 0, {lock})},
      {loss, no_loss},
  };
  for (const auto& pair : broken_and_mended) {
    CAPTURE(enumerator_name_of(pair.first.action));
    Setup setup = usual;
    setup.until_us = seconds(60);
    setup.script = {pair.first, usual.script[0], on_nodes(Action::crash, seconds(1), {lock}),
                    pair.second};
    setup.script[0].at_us = milliseconds(400);
    setup.script[1].at_us = milliseconds(990);  // too late to be granted before the crash
    setup.script[3].at_us = seconds(4);
    REQUIRE(violates(setup, "all_answered"));
    Setup never_mended = setup;
    never_mended.script.resize(2);
    CHECK(violates(never_mended, "all_answered"));

    const check::Shrunk small = shrunk(setup, "all_answered");
    const std::vector<Action> essential = {Action::request, Action::crash};
    CHECK(actions_of(small.setup) == essential);
    // Its end is not moved: a run cut short would have violated it too.
    CHECK(small.setup.until_us == seconds(60));
    CHECK(small.setup.nodes.size() == 3);
  }
}

TEST_CASE("shrink: says when there is nothing to shrink, and when it gave up") {
  const Setup fenced = find_scenario("lock-fenced")->setup;
  const auto error_of = [](const Setup& setup, const char* property) {
    const auto made = check::shrink(setup, property, make_session);
    return made ? std::string() : made.error();
  };
  CHECK(error_of(fenced, "no_stale_write") ==
        "\"no_stale_write\" is not violated in this run; expected one where it is");
  CHECK(error_of(fenced, "stale") ==
        "there is no property \"stale\"; expected one of \"no_stale_write\", \"one_believer\", "
        "\"all_answered\"");
  CHECK(error_of(find_scenario("lamport")->setup, "concurrent_seen") ==
        "\"concurrent_seen\" is a property that must be seen at some time; expected one that a "
        "single run can violate");

  const Setup long_one = padded(find_scenario("lock-gc-pause")->setup);
  const auto stopped = check::shrink(long_one, "no_stale_write", make_session, {10});
  REQUIRE(stopped.ok());
  CHECK(!stopped.value().finished);
  CHECK(stopped.value().runs == 10);
  CHECK(violates(stopped.value().setup, "no_stale_write"));
}

}  // namespace netsplit::test::shrink_test
