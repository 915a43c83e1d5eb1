// What a run has cost so far, in numbers that can be laid side by side: the engine's own meters and
// then the protocol's. docs/protocols.md says how a protocol adds one.
#pragma once

#include <string>
#include <vector>

#include "core/sim/session.h"

namespace netsplit {

struct Reading {
  std::string_view name;  // "message_delays"
  std::string_view sentence;
  MeterUnit unit{};
  std::int64_t value = 0;
};

// In an order that does not change from run to run of a protocol. `trace` is the run's, and may
// reach beyond the session's moment; message delays are counted in it.
// Cost: a walk through the clients' history and the causes of its answers.
std::vector<Reading> read_meters(const Session& session, const Trace& trace);

// The names of all meters of the session's protocol.
std::vector<std::string> meter_names(const Session& session);

// "14", "1.1 kB", "412 ms", "0.0032 ct": as a person reads it.
std::string format_reading(MeterUnit unit, std::int64_t value);

// How many messages, one after the other, an answer had to wait for: those on the chain of causes
// from the operation's beginning to its end. Two are a round trip. (Message delays: Lamport, "Lower
// bounds for asynchronous consensus", 2003.) Requires: the operation is over, the trace keeps it.
std::int64_t message_delays(const OperationRecord& record, const Trace& trace);

}  // namespace netsplit
