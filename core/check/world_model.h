// A protocol's world as a model for the explorer: every order of deliveries, timers and requests,
// every answer of choose(n), and a bounded number of faults. docs/checking.md says what that
// covers.
//
// A state is a short tuple of hashes: one for each node with all that belongs to it, one for the
// messages in flight, one for the history of the clients' operations; what they stand for is kept
// once. What an event makes of a node is computed once for each node's state and looked up ever
// after: few handlers run, however many states there are.
//
// Hashes are of content, 64 bits wide, so that they do not depend on who computed them when. Two
// contents under one hash would be taken for one; `collision_ppb` counts that too.
//
// With symmetry, of all states that differ only by which of some interchangeable nodes is which one
// is explored. That the handlers treat these nodes alike is not believed but seen: whatever a
// handler is computed for, it is computed under every other renaming of the nodes too, and must
// come to the same, renamed. Properties are asked about every renaming of a state.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/check/check.h"
#include "core/check/handlers.h"
#include "core/check/interned.h"
#include "core/check/kept.h"
#include "core/check/model.h"
#include "core/check/symmetry.h"
#include "core/sim/setup.h"
#include "core/sim/topology.h"

namespace netsplit::check {

// A state has a place for each node.
inline constexpr std::int32_t checked_nodes_max = 13;

class WorldModel {
 public:
  struct State {
    std::array<std::uint64_t, static_cast<std::size_t>(checked_nodes_max)> nodes{};
    std::uint64_t network = 0;
    std::uint64_t history = 0;
    std::uint64_t faults = 0;  // so far: 16 bits each of drops, duplicates, crashes
    friend bool operator==(const State&, const State&) = default;

    // A node's hash knows which node it is of: a sum tells them apart.
    std::uint64_t fingerprint() const {
      std::uint64_t sum = network * 0x9e3779b97f4a7c15u + history * 0xd6e8feb86659fd93u;
      for (const std::uint64_t node : nodes) sum += node;
      return mix64(sum ^ mix64(faults + 1));
    }
  };

  // Messages in flight, by hash: first those that may overtake each other, sorted; then those that
  // may not, link by link, in the order they were sent.
  struct Network {
    std::vector<std::uint64_t> letters;
    std::size_t loose = 0;  // how many of them may overtake

    std::int64_t bytes_elsewhere() const {
      return static_cast<std::int64_t>(letters.size() * sizeof(letters[0]));
    }
  };
  // The clients' operations, as far as anyone can tell their order: an operation belongs to the
  // round in which it was invoked, and a new round begins when something is invoked after something
  // was completed. Within a round they are sorted.
  struct Past {
    struct Entry {
      std::uint32_t invoked = 0;    // round
      std::uint32_t completed = 0;  // round; of those that are
      std::int32_t client = 0;
      std::uint32_t number = 0;
      Operation operation;
      Outcome outcome = Outcome::pending;
      std::int64_t result = 0;
    };
    std::vector<Entry> entries;
    Records records;  // the same, as properties see it

    std::int64_t bytes_elsewhere() const {
      return static_cast<std::int64_t>(entries.size() * sizeof(entries[0])) +
             records.bytes_of_copy();
    }
  };
  // One way an event at a node can go.
  struct LocalStep {
    std::vector<std::uint32_t> choices;
    std::uint64_t local = 0;
    std::vector<std::uint64_t> sends;
    std::vector<HistoryEffect> history;
  };
  struct Event {
    NodeId node;
    Cause cause{};
    std::uint64_t local = 0;   // the node's state
    std::uint64_t detail = 0;  // of a message its letter, of a timer its place
    std::uint64_t key() const {
      return mix64(local + mix64(detail * 8 + static_cast<std::uint64_t>(cause)));
    }
  };
  struct LocalSteps {
    Event event;
    std::vector<LocalStep> ways;
    bool read_a_clock = false;
    bool cut_short = false;  // there were more ways

    std::int64_t bytes_elsewhere() const {
      std::size_t bytes = ways.size() * sizeof(ways[0]);
      for (const LocalStep& way : ways) {
        bytes += way.choices.size() * sizeof(std::uint32_t) +
                 way.sends.size() * sizeof(std::uint64_t) +
                 way.history.size() * sizeof(HistoryEffect);
      }
      return static_cast<std::int64_t>(bytes);
    }
  };
  // All that is computed once.
  struct Memory {
    Interned<NodePart> nodes;
    Interned<Letter> letters;
    Interned<Network> networks;
    Interned<Past> pasts;
    Interned<LocalSteps> steps;
    Interned<std::uint64_t> renamed;  // hashes of parts under other names
    Interned<Verdict> verdicts;       // of properties that look at histories alone
    // By property, a bit each: it looked at what a check does not have; it was given up in some
    // state; it differs between nodes that are taken for interchangeable.
    std::uint64_t asked_for_more = 0;
    std::uint64_t undecided = 0;
    std::uint64_t uneven = 0;
    std::string asymmetry;  // a sentence: which handler treats nodes differently; empty: none
    std::vector<std::uint64_t> scratch;
    std::unique_ptr<Judge> judge;
    State judged_state;  // that it looks at, if at any
    bool looks = false;
  };

  // What leads from one state to the next.
  struct Act {
    enum class Kind : std::uint8_t {
      deliver,
      arrive_nowhere,  // at a node that is down or absent
      fire,
      line,
      crash,
      restart,
      drop,
      duplicate,
    };
    Kind kind{};
    NodeId node;
    std::uint64_t letter = 0;
    std::uint32_t timer = 0;  // its place
    const std::vector<std::uint32_t>* choices = nullptr;
  };

  // Errors: more nodes than a state has places for; more interchangeable ones than can be tried.
  static Result<WorldModel> make(const Setup& setup, std::shared_ptr<const Topology> topology,
                                 std::shared_ptr<const Handlers> handlers,
                                 const CheckOptions& options);

  // The explorer's side; see model.h.
  template <class Emit>
  void initial(Emit emit) const {
    for_each_start([&](const State& state, const auto&) { emit(canonical(state, memory_)); });
  }
  template <class Emit>
  bool next(const State& state, Emit emit, Memory& memory) const {
    return for_each_act(state, memory, [&](const Act&, const State& successor) {
      emit(renamings_.empty() ? successor : canonical(successor, memory));
    });
  }
  void absorb(Memory& memory) const;
  std::int64_t bytes_held() const;
  std::uint64_t part_pairs_q20() const;
  void keep(KeptWriter& writer) const;
  bool restore(KeptReader& reader) const;
  bool knows(const State& state) const;
  std::vector<Invariant<WorldModel>> invariants() const;
  std::string describe(const State& state) const;
  std::string action(const State& state, std::uint32_t number) const;

  // visit(state, choices of each node's start)
  template <class Visit>
  void for_each_start(Visit visit) const;
  // visit(act, successor). False when a bound left something out.
  template <class Visit>
  bool for_each_act(const State& state, Memory& memory, Visit visit) const;

  // Looking. Requires: absorbed.
  const NodePart& node(std::uint64_t key) const { return *memory_.nodes.find(key); }
  const Letter& letter(std::uint64_t key) const { return *memory_.letters.find(key); }
  const Network& network(const State& state) const { return *memory_.networks.find(state.network); }
  const Past& past(const State& state) const { return *memory_.pasts.find(state.history); }
  const Memory& memory() const { return memory_; }
  // Of this very state; of none of its renamings. `holds` is about all of them.
  Verdict judge(std::size_t property, const State& state, Memory& memory) const;
  bool holds(std::size_t property, const State& state, Memory& memory) const;
  // Interchangeable nodes under each other's names.
  const std::vector<Renaming>& renamings() const { return renamings_; }
  State renamed(const State& state, std::size_t which, Memory& memory) const;
  State canonical(const State& state, Memory& memory) const;
  const Topology& topology() const { return *topology_; }
  const Handlers& handlers() const { return *handlers_; }
  const std::vector<AskedProperty>& properties() const { return handlers_->protocol().properties; }
  bool needs_trace() const { return handlers_->protocol().needs_trace; }
  const Line& line(NodeId id, std::uint32_t number) const { return lines_[index(id)][number]; }
  std::string name_of_event(const Event& event, const Memory& memory) const;
  std::string in_words(const State& state, const Act& act, const Memory& memory) const;

 private:
  WorldModel(std::shared_ptr<const Topology> topology, std::shared_ptr<const Handlers> handlers)
      : topology_(std::move(topology)), handlers_(std::move(handlers)) {}

  static std::size_t index(NodeId id) { return static_cast<std::size_t>(id.value); }
  template <class Value>
  const Value& get(Interned<Value> Memory::*table, std::uint64_t key, const Memory& memory) const {
    if (const Value* known = (memory_.*table).find(key)) return *known;
    return *(memory.*table).find(key);
  }
  template <class Value>
  bool has(Interned<Value> Memory::*table, std::uint64_t key, const Memory& memory) const {
    return (memory_.*table).find(key) != nullptr || (memory.*table).find(key) != nullptr;
  }
  const std::vector<LocalStep>& local_steps(const Event& event, Memory& memory) const;
  Outcomes compute(const Event& event, const Memory& memory) const;
  Judge& judge_at(const State& state, Memory& memory) const;
  std::uint64_t keep_node(NodePart node, Memory& memory) const;
  std::uint64_t keep_letter(Letter letter, Memory& memory) const;
  static std::uint64_t key_of_network(const std::vector<std::uint64_t>& letters);
  std::uint64_t keep_network(const std::vector<std::uint64_t>& letters, std::size_t loose,
                             Memory& memory) const;
  std::uint64_t network_after(const Network& network, std::size_t removed,
                              const std::vector<std::uint64_t>& sends, Memory& memory) const;
  std::uint64_t history_after(std::uint64_t history, NodeId client,
                              const std::vector<HistoryEffect>& effects, Memory& memory) const;
  static std::uint64_t key_of_past(const Past& past);
  static void sort_past(Past& past);
  std::uint64_t keep_past(Past past, Memory& memory) const;

  // Going on from what was kept.
  template <class Entry, class Visit>
  static void each_number(Entry& entry, Visit visit) {
    visit(entry.invoked), visit(entry.completed), visit(entry.client), visit(entry.number);
    visit(entry.operation.key), visit(entry.operation.argument), visit(entry.operation.expected);
    visit(entry.outcome), visit(entry.result);
  }
  bool restore_nodes(KeptReader& reader) const;
  bool restore_letters(KeptReader& reader) const;
  bool restore_networks(KeptReader& reader) const;
  bool restore_pasts(KeptReader& reader) const;
  bool restore_steps(KeptReader& reader) const;

  // Symmetry.
  Status find_renamings();
  bool fits(const Renaming& renaming) const;
  std::uint64_t renamed_node(std::uint64_t key, std::size_t which, Memory& memory) const;
  std::uint64_t renamed_letter(std::uint64_t key, std::size_t which, Memory& memory) const;
  std::uint64_t renamed_past(std::uint64_t key, std::size_t which, Memory& memory) const;
  const std::vector<std::uint64_t>& rename_letters(std::uint64_t network, std::size_t which,
                                                   Memory& memory) const;
  Event renamed_event(const Event& event, std::size_t which, Memory& memory) const;
  std::string all_ways(Outcomes outcomes) const;
  void see_symmetry(const Event& event, const Outcomes& outcomes, Memory& memory) const;
  std::string asymmetry_of(const Event& event, const Renaming& renaming,
                           const Memory& memory) const;
  static constexpr std::size_t nothing = SIZE_MAX;
  template <class Visit>
  void take(const State& state, const Act& act, const Network& network, std::size_t removed,
            const std::vector<LocalStep>& steps, Memory& memory, Visit& visit) const;

  std::shared_ptr<const Topology> topology_;
  std::shared_ptr<const Handlers> handlers_;
  Faults faults_;
  std::vector<std::string> expected_violations_;
  std::vector<std::vector<Line>> lines_;  // by node
  std::vector<bool> joins_later_;
  std::vector<bool> in_order_;       // by from * nodes + to
  std::vector<std::size_t> judged_;  // the properties that a check can judge
  std::vector<Renaming> renamings_;  // without the one that changes nothing; empty: no symmetry
  std::vector<Renaming> inverses_;
  // Written only while nobody explores.
  mutable Memory memory_;
  mutable std::set<std::string, std::less<>> operation_names_;  // of histories that were restored
};

}  // namespace netsplit::check

#include "core/check/world_model_steps.inl"
