// Interchangeable nodes: exact counts, and the verdicts of a search without symmetry.
#include "core/check/symmetry.h"

#include <doctest/doctest.h>

#include <set>

#include "core/check/check_world.h"
#include "core/check/protocol_edge.h"
#include "core/scenario/registry.h"
#include "tests/core/ballot.h"
#include "tests/core/replicated_register.h"

namespace netsplit::test::symmetry_test {

using check::CheckOptions;
using check::CheckReport;
using check::Renaming;

namespace {

CheckReport checked(const check::CheckedProtocol& protocol, const Setup& setup, bool symmetry,
                    CheckOptions options = {}) {
  options.symmetry = symmetry;
  options.limits.stop_at_violation = false;
  auto report = check::check_world(protocol, setup, options, check::run_in_order, {});
  REQUIRE_MESSAGE(report.ok(), report.error());
  return std::move(report).value();
}

// Every state that can be reached without symmetry, and how many are left of them with it.
struct Counts {
  std::size_t all = 0;
  std::size_t orbits = 0;
};
Counts counted(const check::CheckedProtocol& protocol, const Setup& setup, CheckOptions options) {
  options.symmetry = true;
  const auto made = check::WorldModel::make(setup, check::topology_of(*protocol.info, setup),
                                            check::handlers_of(protocol, setup, options), options);
  REQUIRE_MESSAGE(made.ok(), made.error());
  using Model = check::WorldModel;
  using State = Model::State;
  const Model& model = made.value();
  Model::Memory memory;
  const auto less = [](const State& a, const State& b) {
    return std::tie(a.nodes, a.network, a.history, a.faults) <
           std::tie(b.nodes, b.network, b.history, b.faults);
  };
  std::set<State, decltype(less)> all(less);
  std::set<State, decltype(less)> orbits(less);
  std::vector<State> waiting;
  const auto reach = [&](const State& state) {
    if (!all.insert(state).second) return;
    waiting.push_back(state);
    orbits.insert(model.canonical(state, memory));
  };
  model.for_each_start([&](const State& state, const auto&) { reach(state); });
  while (!waiting.empty()) {
    const State state = waiting.back();
    waiting.pop_back();
    model.for_each_act(state, memory, [&](const auto&, const State& next) { reach(next); });
  }
  CHECK(memory.asymmetry.empty());
  return {all.size(), orbits.size()};
}

void check_same_verdicts(const CheckReport& with, const CheckReport& without) {
  REQUIRE(with.properties.size() == without.properties.size());
  for (std::size_t i = 0; i < with.properties.size(); ++i) {
    CAPTURE(with.properties[i].name);
    CHECK(with.properties[i].standing == without.properties[i].standing);
    CHECK(with.properties[i].depth == without.properties[i].depth);
    CHECK(with.properties[i].way.has_value() == without.properties[i].way.has_value());
  }
}

Setup of_roles(const char* protocol, std::vector<std::pair<const char*, const char*>> nodes) {
  Setup setup;
  setup.protocol = protocol;
  for (const auto& [name, role] : nodes) setup.nodes.push_back({name, role, 1, false, {}});
  return setup;
}

Input ask(const char* what, std::vector<NodeId> nodes) {
  Input input = on_nodes(Action::request, 0, std::move(nodes));
  input.name = what;
  return input;
}

const check::CheckedProtocol& of_ballot() { return check::checked_protocol<ballot::Protocol>(); }

}  // namespace

TEST_CASE("symmetry: of 3^n states of n voters (n+1)(n+2)/2 are left, by hand") {
  for (const int voters : {1, 2, 3, 4, 5}) {
    CAPTURE(voters);
    const auto n = static_cast<std::uint64_t>(voters);
    std::uint64_t power = 1;
    std::uint64_t ways = 1;
    for (std::uint64_t i = 1; i <= n; ++i) power *= 3, ways *= i;
    const CheckReport without = checked(of_ballot(), ballot::setup(voters), false);
    const CheckReport with = checked(of_ballot(), ballot::setup(voters), true);
    CHECK(without.exploration.distinct == power);
    CHECK(with.exploration.distinct == (n + 1) * (n + 2) / 2);
    CHECK(with.renamings == ways);
    CHECK(with.interchangeable.size() == (voters > 1 ? 1 : 0));
    // The first property is about one voter by name: it is found under all names, and its way ends
    // where it says.
    CHECK(with.properties[0].standing == Standing::violated);
    CHECK(with.properties[0].depth == 2);
    const std::string last(1, static_cast<char>('a' + voters - 1));
    CHECK(with.properties[0].witness.why == last + " is alone in the box.");
    CHECK(with.properties[1].standing == Standing::holds);
    CHECK(with.properties[1].depth == 2 * n);
  }
}

TEST_CASE("symmetry: a finally property that is not the same for all is not judged") {
  const CheckReport without = checked(of_ballot(), ballot::setup(2), false);
  CHECK(without.properties[2].standing == Standing::holds);
  const CheckReport with = checked(of_ballot(), ballot::setup(2), true);
  CHECK(with.properties[2].not_judged ==
        "it is not the same for nodes that were taken for interchangeable");
}

TEST_CASE("symmetry: nodes that a handler, the script or a link tells apart are told apart") {
  Setup setup = ballot::setup(3);
  setup.parameters = {{"has_a_favourite", 1}};
  CheckOptions options;
  options.symmetry = true;
  const auto refused = check::check_world(check::checked_protocol<ballot::Protocol>(), setup,
                                          options, check::run_in_order, {});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().find("symmetry: what box does at \"vote\" is not the same with ") == 0);
  CHECK(refused.error().find("not interchangeable") != std::string::npos);

  // a points at b, b at a, c at itself: a and b can change places, c with nobody.
  setup = ballot::setup(3);
  for (const auto& [who, at] : {std::pair("a", "b"), std::pair("b", "a"), std::pair("c", "c")}) {
    Input point = ask("point", {NodeId{1 + who[0] - 'a'}});
    point.arguments = {{"at", at}};
    setup.script.push_back(point);
  }
  const CheckReport pointing = checked(of_ballot(), setup, true);
  CHECK(pointing.renamings == 2);
  CHECK(pointing.interchangeable == std::vector<std::vector<std::string>>{{"a", "b"}});
  const Counts counts = counted(of_ballot(), setup, {});
  // Of each voter: not asked, vote under way or counted; then, or before it arrived, it points.
  CHECK(counts.all == 5 * 5 * 5);
  CHECK(counts.orbits == 5 * (5 * 6 / 2));
  CHECK(pointing.exploration.distinct == counts.orbits);

  setup = ballot::setup(3);
  LinkException ordered{NodeId{1}, NodeId{0}, true, {}};
  ordered.link = setup.network.link;
  ordered.link.fifo = true;
  setup.links = {ordered};
  CHECK(checked(of_ballot(), setup, true).interchangeable ==
        std::vector<std::vector<std::string>>{{"b", "c"}});
}

TEST_CASE("symmetry: two clients of a lease lock, against the search without it") {
  const check::CheckedProtocol& lease_lock = *find_protocol("lease_lock")->checked;
  CheckOptions options;
  options.repeats = 1;
  Setup setup = of_roles(
      "lease_lock",
      {{"alice", "client"}, {"bob", "client"}, {"lock", "lock_service"}, {"storage", "storage"}});
  setup.script = {ask("lock_and_write", {NodeId{0}, NodeId{1}})};
  for (const std::int64_t fencing : {0, 1}) {
    if (fencing != 0) setup.parameters = {{"fencing", fencing}};
    const CheckReport without = checked(lease_lock, setup, false, options);
    const CheckReport with = checked(lease_lock, setup, true, options);
    CHECK(with.interchangeable == std::vector<std::vector<std::string>>{{"alice", "bob"}});
    CHECK(without.exploration.distinct == 40'415);
    CHECK(with.exploration.distinct < without.exploration.distinct * 51 / 100);
    check_same_verdicts(with, without);
  }
  // Who was asked alone is not the other.
  setup.script[0].groups[0].pop_back();
  CHECK(checked(lease_lock, setup, true, options).interchangeable.empty());
  // Exactly one state of each orbit.
  setup.script = {ask("lock_and_write", {NodeId{0}, NodeId{1}})};
  setup.parameters.clear();
  options.repeats = 0;
  const Counts counts = counted(lease_lock, setup, options);
  CHECK(checked(lease_lock, setup, false, options).exploration.distinct == counts.all);
  CHECK(checked(lease_lock, setup, true, options).exploration.distinct == counts.orbits);
}

TEST_CASE("symmetry: processes with vector clocks, one state of each orbit") {
  const check::CheckedProtocol& clocks = *find_protocol("clocks")->checked;
  Setup setup = of_roles("clocks", {{"a", "process"}, {"b", "process"}, {"c", "process"}});
  setup.parameters = {{"events", 1}};
  CheckOptions options;
  options.repeats = 1;
  const CheckReport without = checked(clocks, setup, false, options);
  const CheckReport with = checked(clocks, setup, true, options);
  CHECK(with.renamings == 6);
  CHECK(with.exploration.distinct * 4 < without.exploration.distinct);
  check_same_verdicts(with, without);
}

TEST_CASE("symmetry: a stale read is found whoever the readers are") {
  const auto& protocol = check::checked_protocol<replicated_register::Protocol>();
  for (const bool wait : {false, true}) {
    Setup setup = replicated_register::setup(wait);
    Input write = ask("write", {NodeId{0}});
    write.arguments = {{"value", "1"}};
    setup.nodes.push_back({"c", "client", 1, false, {}});
    setup.script = {write, ask("read", {NodeId{1}, NodeId{4}})};
    const CheckReport without = checked(protocol, setup, false);
    const CheckReport with = checked(protocol, setup, true);
    CHECK(with.interchangeable == std::vector<std::vector<std::string>>{{"b", "c"}});
    CHECK(with.exploration.distinct < without.exploration.distinct);
    check_same_verdicts(with, without);
  }
}

TEST_CASE("symmetry: too many ways to change places are refused, and renamings are a group") {
  const auto any = [](const Renaming&) { return true; };
  CHECK(check::renamings_of({0, 0, 0, 1, 1}, any).value().size() == 6 * 2 - 1);
  CHECK(check::renamings_of({0, 0, 0, 0, 0, 0}, any).value().size() == 719);
  const auto many = check::renamings_of({0, 0, 0, 0, 0, 0, 0}, any);
  REQUIRE_FALSE(many.ok());
  CHECK(many.error().find("more than 720 ways") != std::string::npos);
}

}  // namespace netsplit::test::symmetry_test
