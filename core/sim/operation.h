// What clients asked for and what they were told. The history feeds the clients' lane and the
// linearizability checker (Herlihy and Wing, 1990): an operation without a certain answer is
// `unknown`, and may take effect at any later time or never.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/fields.h"
#include "core/base/time.h"

namespace netsplit {

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
  friend bool operator==(const OperationRecord&, const OperationRecord&) = default;
};

}  // namespace netsplit
