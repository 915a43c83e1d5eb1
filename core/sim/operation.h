// What clients asked for and what they were told. The history feeds the clients' lane and the
// linearizability checker (Herlihy and Wing, 1990): an operation without a certain answer is
// `unknown`, and may take effect at any later time or never.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/fields.h"
#include "core/base/time.h"

namespace netsplit {

// An object that clients share. The operations of each, by name: a register has `read` and `write`;
// a cas_register also `cas` (from `expected` to `argument`; result 1 when it was exchanged, 0 when
// not); a key_value store the same for each `key`; a lock has `acquire` and `release`; a set has
// `add`, `remove` and `contains` (result 1 or 0); a queue has `enqueue` and `dequeue`.
enum class ObjectKind : std::uint8_t { reg, cas_register, key_value, lock, set, queue };

// What is read where nothing was ever written, and taken from an empty queue.
inline constexpr std::int64_t nothing = INT64_MIN;

enum class Outcome : std::uint8_t { pending, ok, failed, unknown };

// `name` must point to a string literal. The meaning of the numbers is the protocol's: for a
// register `argument` is what is written and `result` what is read.
struct Operation {
  std::string_view name;
  std::int64_t key = 0;
  std::int64_t argument = 0;
  std::int64_t expected = 0;
  friend bool operator==(const Operation&, const Operation&) = default;
};

struct OperationRecord {
  NodeId client;
  std::uint32_t number = 0;  // counts the client's operations from 1
  Operation operation;
  Time invoked_us = 0;
  Time completed_us = never_us;
  Outcome outcome = Outcome::pending;
  std::int64_t result = 0;
  EventIndex invoked_event = no_event;
  EventIndex completed_event = no_event;
  // In truth, whatever the client was told: how often what it asked for has happened, and when
  // first and last. Only of protocols that say so (`tells_effects`).
  std::uint32_t effects = 0;
  Time first_effect_us = never_us;
  Time last_effect_us = never_us;
  EventIndex first_effect_event = no_event;
  friend bool operator==(const OperationRecord&, const OperationRecord&) = default;
};

// What one of the objects above answered, when that is more than OK: "5", "nothing", "yes". Empty
// of a write, and of an operation that belongs to none of them.
std::string answer_of_object(const OperationRecord& record);

}  // namespace netsplit
