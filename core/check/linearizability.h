// Is there one order of the operations that respects real time and explains every answer?
// (Herlihy and Wing, "Linearizability", ACM TOPLAS 12(3), 1990.)
//
// The search is Wing and Gong's (1993) with Lowe's memory of configurations already tried ("Testing
// for linearizability", 2017): operations are taken in the order they were invoked, one that fits
// the model's state is put next, and where none fits the last one is taken back. A configuration is
// which operations have been put and the state they led to.
//
// An operation that failed never happened. One whose outcome is unknown may take effect at any
// later time, or never. Where the object falls apart into independent ones (the keys of a store),
// each is judged by itself.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/sim/operation.h"

namespace netsplit::check {

// What the operations of a history mean.
enum class ObjectKind : std::uint8_t { reg, cas_register, key_value, lock, set, queue };

enum class Verb : std::uint8_t {
  read,     // result: the value; key_value: of `key`
  write,    // argument
  cas,      // from expected to argument; result 1 when it was exchanged
  append,   // key_value: the text `argument` goes to the end of the text at `key`
  acquire,  // lock; by the operation's client
  release,
  add,  // set: argument
  remove,
  contains,  // set: argument; result 0 or 1
  enqueue,   // argument
  dequeue,   // result: the value, or `nothing`
};

inline constexpr std::int64_t nothing = INT64_MIN;

struct HistoryOperation {
  std::int32_t client = 0;
  Verb verb{};
  std::int64_t key = 0;
  std::int64_t argument = 0;
  std::int64_t expected = 0;
  std::int64_t result = 0;
  Outcome outcome = Outcome::ok;
  std::int64_t invoked = 0;    // any clock that all clients share: times, or places in a log
  std::int64_t completed = 0;  // of an unknown outcome: ignored
  std::int64_t line = 0;       // where it stands in the file, for messages; 0 when it has none
};

struct History {
  ObjectKind object{};
  std::vector<HistoryOperation> operations;
  // A store's values are texts; arguments and results are places in this list.
  std::vector<std::string> texts;
};

struct JudgeLimits {
  std::uint64_t configurations_max =
      50'000'000;  // tried in all; about 16 bytes each are remembered
};

enum class Ruling : std::uint8_t { linearizable, not_linearizable, unknown };

// One independent part of the history.
struct PartRuling {
  std::int64_t key = 0;
  Ruling ruling{};
  std::vector<std::int32_t> order;      // the longest order found, by index into the operations
  std::vector<std::int32_t> unordered;  // those whose answers no continuation of it explains
};

struct Judgement {
  Ruling ruling{};
  std::vector<PartRuling> parts;
  std::uint64_t configurations = 0;
};

// Errors in the history itself (a verb its object does not have) are the reader's to find.
// Cost: linear for most histories, exponential in the operations that overlap for the worst.
Judgement judge(const History& history, const JudgeLimits& limits = {});

}  // namespace netsplit::check
