// Parameters and messages.
#pragma once

#include <vector>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::state_sync {

enum class What : std::uint8_t { everything, changes_since_sent, changes_since_acked };

struct Params {
  What what = What::changes_since_acked;
  bool backpressure = true;
  std::int64_t page = 20;
  std::int64_t records = 200;
  std::int64_t changes = 10;
  std::int64_t rounds = 20;
  Time period_us = seconds(1);
  Time retry_us = seconds(2);
  FIELDS(what, backpressure, page, records, changes, rounds, period_us, retry_us)
};

// One record: of which change of the whole state it is, counted from 1, and its value.
struct Record {
  std::int64_t number = 0;
  std::int64_t change = 0;
  std::int64_t value = 0;
  FIELDS(number, change, value)
};

// clang-format off
// Messages. What the copy has once it has these: all changes up to `through`.
struct Update { std::vector<Record> records; std::int64_t through = 0;
                FIELDS(records, through) };
struct Ack { std::int64_t through = 0; FIELDS(through) };
using Message = std::variant<Update, Ack>;

// Timers.
struct Round { FIELDS_NONE };
struct Retry { FIELDS_NONE };
using Timer = std::variant<Round, Retry>;

// A person's request: many records change at once.
struct ChangeMany { std::int64_t count = 100; FIELDS(count) };
// clang-format on
using Request = std::variant<ChangeMany>;

using Ctx = Context<Message, Timer, Params>;

struct Copy;

}  // namespace netsplit::state_sync
