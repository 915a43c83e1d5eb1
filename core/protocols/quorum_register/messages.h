// Parameters and messages.
#pragma once

#include "core/protocols/parts/versioned_cell.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::quorum_register {

enum class AfterRead : std::uint8_t { nothing_more, repair, write_back };

struct Params {
  std::int64_t copies = 3;        // N
  std::int64_t read_quorum = 2;   // R
  std::int64_t write_quorum = 2;  // W
  AfterRead after_read = AfterRead::write_back;
  bool ask_version = true;
  bool handoff = false;
  Time sync_us = milliseconds(2);
  Time retry_us = milliseconds(400);
  Time give_up_us = seconds(1);
  FIELDS(copies, read_quorum, write_quorum, after_read, ask_version, handoff, sync_us, retry_us,
         give_up_us)
};

using Cell = VersionedCell;

// clang-format off
// Messages. A tag names the phase of the client's operation that is answered.
struct Ask { std::int64_t key = 0; std::uint32_t tag = 0; FIELDS(key, tag) };
struct Held { Cell cell; std::uint32_t tag = 0; FIELDS(cell, tag) };
// `home`: the replica that should have it, and was not heard of; nobody: for you yourself.
struct Store { std::int64_t key = 0; Cell cell; std::uint32_t tag = 0; NodeId home;
               FIELDS(key, cell, tag, home) };
struct Stored { std::uint32_t tag = 0; FIELDS(tag) };
using Message = std::variant<Ask, Held, Store, Stored>;

// Timers.
struct Retry { FIELDS_NONE };
struct GiveUp { FIELDS_NONE };
struct HandOver { FIELDS_NONE };
using Timer = std::variant<Retry, GiveUp, HandOver>;

// A person's requests, to a client.
struct WriteValue { std::int64_t key = 0; std::int64_t value = 1; FIELDS(key, value) };
struct ReadValue { std::int64_t key = 0; FIELDS(key) };
using Request = std::variant<WriteValue, ReadValue>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

}  // namespace netsplit::quorum_register
