// Three-phase commit with a termination protocol.
//
// Between the votes and the decision the coordinator puts one more round: when all have voted yes
// it tells the shards so ("pre-commit"), waits until they have written that down, and only then
// commits. So no shard commits while another still does not know that all have voted yes. When the
// coordinator falls silent, the shards therefore settle it among themselves: one of them, in turn,
// asks the others; if any that is up has pre-committed, it brings all to pre-commit and commits;
// if none has, it aborts.
//
// This is non-blocking only without partitions and with a known bound on delays: silence must mean
// a crash. Two groups that cannot hear each other each settle it alone, and not alike. A shard that
// crashed may have missed a decision, so it asks and never leads; only when all have crashed may
// they decide by what their logs say.
//
// Source: Skeen, "Nonblocking commit protocols" (SIGMOD 1981); Bernstein, Hadzilacos and Goodman,
// "Concurrency control and recovery in database systems" (1987), 7.5. Simplified: one row a shard,
// and a shard whose row is locked votes no; shards lead in their order, spaced by the bound.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/parts/atomic_commit.h"
#include "core/protocols/three_phase_commit/coordinator.h"
#include "core/protocols/three_phase_commit/messages.h"
#include "core/protocols/three_phase_commit/shard.h"

namespace netsplit::three_phase_commit {

struct Protocol {
  using Message = three_phase_commit::Message;
  using Timer = three_phase_commit::Timer;
  using Request = three_phase_commit::Request;
  using Node = std::variant<Client, Coordinator, Shard>;
  using Params = three_phase_commit::Params;
  static constexpr std::string_view name = "three_phase_commit";
  static constexpr std::string_view title = "Three-phase commit";
  static constexpr std::string_view sentence =
      "A round between votes and decision lets the shards finish without the coordinator.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::on_silence>(
            "on_silence",
            "What a shard does when the coordinator is silent: ask the other shards, "
            "or decide by what it knows itself, which breaks atomicity."),
        time_parameter<&Params::bound_us>(
            "bound", milliseconds(1), hours(1),
            "The longest that a message and its answer can take. It must be true."),
        time_parameter<&Params::vote_timeout_us>(
            "vote_timeout", milliseconds(1), hours(1),
            "After how long without all votes the coordinator aborts."),
        time_parameter<&Params::patience_us>(
            "patience", milliseconds(1), hours(1),
            "After how long a shard calls the coordinator silent; above vote_timeout and bound."),
        time_parameter<&Params::give_up_us>("give_up", milliseconds(1), hours(10),
                                            "After how long a client stops waiting."),
        time_parameter<&Params::log_us>("log", 0, seconds(10),
                                        "How long it takes to write a record to the log."),
        time_parameter<&Params::send_us>("send", 0, seconds(10),
                                         "How long the coordinator works on each message."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return atomic_commit::commit_properties<Protocol, Shard>();
  }
  static std::vector<Stopwatch<Protocol>> stopwatches() {
    return atomic_commit::commit_stopwatches<Protocol, Shard>(
        "How long shards held their locks after they had called the coordinator silent, or "
        "crashed.");
  }
  static bool linked(std::string_view a, std::string_view b) {
    return (a == "Coordinator") != (b == "Coordinator") || (a == "Shard" && b == "Shard");
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "transaction " + std::to_string(record.number);
  }
};

}  // namespace netsplit::three_phase_commit
