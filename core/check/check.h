// Every run of a setup, instead of one: what is asked of a check, and what it answers. The types of
// the protocol do not show here. docs/checking.md says what is explored.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/check/explorer.h"
#include "core/sim/property.h"
#include "core/sim/setup.h"

namespace netsplit::check {

// How many faults of each kind one run may see; at any moment, to any message or node.
struct Faults {
  std::uint32_t drops = 0;
  std::uint32_t duplicates = 0;
  std::uint32_t crashes = 0;  // each node that is down may restart at any later moment
  friend bool operator==(const Faults&, const Faults&) = default;
};
inline constexpr std::uint32_t faults_max = 1000;  // of each kind
inline constexpr std::uint32_t repeats_unbounded = UINT32_MAX;

// As many of each kind as the script makes.
Faults faults_of(const std::vector<Input>& script);

struct CheckOptions {
  Faults faults;
  // How often the same timer of a node may run out. One that is always set again would make the
  // states endless.
  std::uint32_t repeats = 2;
  ExploreLimits limits;
  // Of states that differ only by which of some interchangeable nodes is which, explore one.
  bool symmetry = false;
  // Properties whose violation is known: it is found and shown, but does not end the exploration.
  std::vector<std::string> expected_violations;
  // Where what was explored is kept, if it is; and whether to go on from what was kept before.
  Keeper* keeper = nullptr;
  bool resume = false;
  // Of setup and options, as far as an exploration depends on them: what was kept of another is
  // refused. Given by explore_setup.
  std::uint64_t identity = 0;
};

// A shortest way to a violation, or to what a *sometimes* property waits for.
struct Way {
  // In manual mode; run to its end, the property stands there as the check says.
  Setup setup;
  std::vector<std::string> steps;  // each action in words
};

struct CheckedProperty {
  std::string name;
  std::string sentence;
  PropertyKind kind{};
  Standing standing = Standing::open;
  std::string not_judged;  // why not; empty when it was judged
  std::string provided;    // what was taken for granted where nothing was found; may be empty
  std::uint32_t depth = 0;
  Verdict witness;
  std::optional<Way> way;
};

struct CheckReport {
  Exploration exploration;  // its findings are told in `properties`
  std::vector<CheckedProperty> properties;
  std::vector<std::string> limits;  // what was left out, a sentence each
  // How many distinct ones there were: states of single nodes, messages, sets of messages in flight
  // and client histories.
  std::uint64_t local_states = 0;
  std::uint64_t messages = 0;
  std::uint64_t networks = 0;
  std::uint64_t histories = 0;
  std::uint64_t local_steps = 0;  // handlers were called for; all other steps were looked up
  // With symmetry: who can change places with whom, by name, and in how many ways in all.
  std::vector<std::vector<std::string>> interchangeable;
  std::uint64_t renamings = 1;
};

// What of the setup a check leaves out, a sentence each.
std::vector<std::string> left_out(const Setup& setup, const Faults& faults);

}  // namespace netsplit::check
