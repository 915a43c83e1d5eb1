// Is there one order of the operations that respects real time and explains every answer?
// (Herlihy and Wing, "Linearizability", ACM TOPLAS 12(3), 1990.)
//
// The search goes through the answers in the order they came and puts an operation no sooner than
// an answer needs it: "just-in-time linearization" (Lowe, "Testing for linearizability", 2017),
// with the memory of configurations already tried that goes back to Wing and Gong (1993). How a
// part is searched, and what is left out without loss, stands in linearizability.cpp.
//
// An operation that failed never happened. One whose outcome is unknown may take effect at any
// later time, or never. Where the object falls apart into independent ones (the keys of a store,
// the elements of a set), each is judged by itself.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/sim/operation.h"

namespace netsplit::check {

using netsplit::nothing;
using netsplit::ObjectKind;

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

struct HistoryOperation {
  std::int32_t client = 0;
  Verb verb{};
  std::int64_t key = 0;
  std::int64_t argument = 0;
  std::int64_t expected = 0;
  std::int64_t result = 0;
  Outcome outcome = Outcome::ok;
  std::int64_t invoked = 0;    // any clock that all clients share: times, or places in a log
  std::int64_t completed = 0;  // not before `invoked`; of an unknown outcome: ignored
  std::int64_t line = 0;       // where it stands in the file, for messages; 0 when it has none
};

struct History {
  ObjectKind object{};
  std::vector<HistoryOperation> operations;
  // A store's values are texts: argument, expected and result are places in this list.
  std::vector<std::string> texts;
  std::vector<std::string> keys;     // names, by key; may be empty
  std::vector<std::string> clients;  // names, by client; may be empty
};

struct JudgeLimits {
  std::uint64_t configurations_max = 50'000'000;  // tried in all
  std::int64_t bytes_max = 512 << 20;             // for one part; parts follow each other
};

enum class Ruling : std::uint8_t { linearizable, not_linearizable, unknown };

// One independent part of the history. Operations are named by their index.
struct PartRuling {
  std::int64_t key = 0;
  Ruling ruling{};
  // An order of all operations but those left out, or of as many as were ordered when a limit
  // stopped the search. Operations of unknown outcome stand in it where they were needed.
  std::vector<std::int32_t> order;
  // The operations that do not fit, by the order of their answers: the history up to that answer,
  // without those that stand here before it, has no order. (What is still open then may have taken
  // effect or not, but only so that its later answer is true.) The first one ends the longest
  // prefix that is linearizable. None of this depends on how the search went.
  std::vector<std::int32_t> misfits;
  // The operation before whose answer a limit stopped the search; -1 when none did.
  std::int32_t stopped_at = -1;
};

struct Judgement {
  Ruling ruling{};  // of the worst part; one that is not linearizable outdoes an unknown one
  std::vector<PartRuling> parts;  // by key
  std::uint64_t configurations = 0;
};

// Errors in the history itself (a verb its object does not have) are the reader's to find.
// Cost: linear for most histories, exponential in the operations that overlap for the worst.
Judgement judge(const History& history, const JudgeLimits& limits = {});

}  // namespace netsplit::check
