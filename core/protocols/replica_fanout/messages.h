// Parameters, messages and prices.
#pragma once

#include <string>
#include <vector>

#include "core/base/text_difference.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::replica_fanout {

enum class Compress : std::uint8_t { none, each_message, across_messages };

struct Params {
  bool relay = true;
  std::int64_t batch = 10;
  Compress compress = Compress::each_message;
  std::int64_t zones = 3;
  std::int64_t updates = 100;
  Time period_us = milliseconds(100);
  Time resend_us = seconds(1);
  FIELDS(relay, batch, compress, zones, updates, period_us, resend_us)
};

// clang-format off
// Messages. The updates `first`, `first` + 1, … of the stream, counted from 1.
struct Batch { std::int64_t first = 0; std::vector<std::string> texts; FIELDS(first, texts) };
struct Ack { std::int64_t have = 0; FIELDS(have) };
using Message = std::variant<Batch, Ack>;

// Timers.
struct NextUpdate { FIELDS_NONE };
struct Resend { FIELDS_NONE };
using Timer = std::variant<NextUpdate, Resend>;
// clang-format on
using Request = std::variant<Never>;

using Ctx = Context<Message, Timer, Params>;

// What the processor of whoever sends or receives is busy with. Rounded from a server of 2026.
inline constexpr Time message_us = 10;
inline constexpr std::int64_t packed_bytes_per_us = 20;
// 3.6 cents for an hour of one processor.
inline constexpr std::int64_t nanocents_per_cpu_us = 1;

}  // namespace netsplit::replica_fanout
