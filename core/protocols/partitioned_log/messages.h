// Parameters, events and messages.
#pragma once

#include <string>
#include <vector>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::partitioned_log {

enum class PartitionBy : std::uint8_t { key, round_robin };
enum class LatestBy : std::uint8_t { offset, timestamp };
enum class Commit : std::uint8_t { on_delivery, after_effect };

struct Params {
  PartitionBy partition_by{};
  LatestBy latest_by{};
  Commit commit = Commit::after_effect;
  bool dedupe = true;
  std::int64_t batch = 3;
  Time poll_us = milliseconds(200);
  Time retry_us = seconds(1);
  Time session_us = seconds(2);
  FIELDS(partition_by, latest_by, commit, dedupe, batch, poll_us, retry_us, session_us)
};

enum class Status : std::uint8_t { packed, shipped, arrived, collected };
inline std::string text_of(Status status) { return words(enumerator_name_of(status)); }

// Made once for what has happened, and sent along however often it is sent.
struct EventId {
  NodeId producer;
  std::uint32_t number = 0;
  FIELDS(producer, number)
};
struct Event {
  Status status{};
  std::int64_t parcel = 0;  // the key
  Time stamp_us = 0;        // the producer's wall clock
  EventId id;
  FIELDS(status, parcel, stamp_us, id)
};

// clang-format off
// Messages.
struct Append { Event event; FIELDS(event) };
struct Appended { std::uint32_t number = 0; LogIndex offset; FIELDS(number, offset) };
struct Fetch { LogIndex done; FIELDS(done) };  // all up to here has taken effect: also the commit
struct Batch { LogIndex first; std::vector<Event> events; FIELDS(first, events) };
struct Apply { Event event; NodeId partition; LogIndex offset; FIELDS(event, partition, offset) };
struct Applied { NodeId partition; LogIndex offset; FIELDS(partition, offset) };
struct Heartbeat { Epoch generation; FIELDS(generation) };
struct Assigned { Epoch generation; std::vector<NodeId> partitions;
                  FIELDS(generation, partitions) };
using Message = std::variant<Append, Appended, Fetch, Batch, Apply, Applied, Heartbeat, Assigned>;

// Timers.
struct Resend { FIELDS_NONE };
struct Next { NodeId partition; FIELDS(partition) };  // fetch from it, or try the effect again
struct Beat { FIELDS_NONE };
struct SessionOver { NodeId consumer; FIELDS(consumer)
                     static constexpr bool lease = true; };
using Timer = std::variant<Resend, Next, Beat, SessionOver>;

// A person's request: something happened to a parcel.
struct Publish { std::int64_t parcel = 1; Status status{}; FIELDS(parcel, status) };
// clang-format on

using Ctx = Context<Message, Timer, Params>;

}  // namespace netsplit::partitioned_log
