// What the engine's tests share: a run of the test protocol `relay` (or of any registered one) with
// its trace, inputs in one line, and questions about what happened.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/sim/session.h"
#include "core/sim/timeline.h"

namespace netsplit::test {

// `count` peers called a, b, c, … on links of 10 ms; seed 1, until 10 s.
Setup peers(int count);

// A session of the relay or of a registered protocol.
Result<std::unique_ptr<Session>> make_any(const Setup& setup);

struct Run {
  std::unique_ptr<Session> session;
  Trace trace;
  bool step() { return session->step(&trace); }
  // Everything that is due at or before the time.
  void until(Time time_us);
  void to_end();
};
// At its first moment. Requires: the setup is sound.
Run begin(const Setup& setup);
Run run(const Setup& setup);

// Inputs. Nodes are named by letters: "a", or "ab" for several.
std::vector<NodeId> ids(std::string_view letters);
inline NodeId id(char letter) { return NodeId{letter - 'a'}; }
Input ask(Time at_us, std::string_view letters, std::string name,
          std::vector<std::pair<std::string, std::string>> arguments = {});
Input act(Action action, Time at_us, std::string_view letters);
Input between(Action action, Time at_us, std::string_view one, std::string_view other);
Input on_next(Action action, Time at_us, std::string label);
// a tells b `count` numbers from `number` on.
Input tell(Time at_us, char from, char to, std::int64_t number, std::int64_t count = 1);
Input beat(Time at_us, char node, std::int64_t number, Time after_us);

// A run of "relay", "lease_lock" (clients a, b, c, lock service d, storage e) or "clocks" with
// faults of every kind on the network and inputs of every kind in the script, drawn from the seed.
Setup random_setup(std::string_view protocol, std::uint64_t seed);

// What happened.
std::vector<Event> events_of(const Run& run, EventKind kind, NodeId node = nobody);
std::vector<Time> times_of(const Run& run, EventKind kind, NodeId node = nobody);
// A field of a node by its path: "got", "disk.kept". A list's elements, or the one number.
std::vector<std::int64_t> numbers(const Session& session, char node, std::string_view path);
std::int64_t number(const Session& session, char node, std::string_view path);
Standing standing(const Session& session, std::string_view property);
const PropertyState& property(const Session& session, std::string_view property);

// How to see a run that went wrong: the command line and the link.
std::string reproduce(const std::string& id, const Setup& setup);

}  // namespace netsplit::test
