// Two-phase commit with presumed abort.
//
// A transaction changes several shards, and either all of them commit it or none does. The
// coordinator asks every shard to prepare. A shard that can do its part locks its row, writes
// "prepared" to its log and votes yes; from then on it may no longer decide by itself. When all
// have voted yes the coordinator writes "committed" to its own log, and that one write is the
// decision; then it tells the shards. Any no, or a vote that does not come, aborts.
//
// The trouble: a shard that has voted yes and hears nothing is in doubt. It must hold its lock
// until somebody who knows comes back. Asking the other shards (cooperative termination) helps
// only if one of them knows the outcome or has not voted yet.
//
// Source: Gray, "Notes on data base operating systems" (1978); Mohan, Lindsay and Obermarck,
// "Transaction management in the R* distributed database management system" (TODS 1986), presumed
// abort; Bernstein, Hadzilacos and Goodman, "Concurrency control and recovery in database systems"
// (1987), 7.4. Simplified: one row a shard, and a shard whose row is locked votes no; a log is
// never cut off; "begun" stands for the memory of numbers that are never used twice.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/parts/atomic_commit.h"
#include "core/protocols/two_phase_commit/coordinator.h"
#include "core/protocols/two_phase_commit/messages.h"
#include "core/protocols/two_phase_commit/shard.h"

namespace netsplit::two_phase_commit {

struct Protocol {
  using Message = two_phase_commit::Message;
  using Timer = two_phase_commit::Timer;
  using Request = two_phase_commit::Request;
  using Node = std::variant<Client, Coordinator, Shard>;
  using Params = two_phase_commit::Params;
  static constexpr std::string_view name = "two_phase_commit";
  static constexpr std::string_view title = "Two-phase commit";
  static constexpr std::string_view sentence =
      "A coordinator asks every shard to prepare, and decides to commit when all have voted yes.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        flag_parameter<&Params::log_first>("log_first",
                                           "The coordinator writes its decision to the log before "
                                           "it tells anyone. Off breaks atomicity."),
        flag_parameter<&Params::cooperative>("cooperative",
                                             "A shard in doubt also asks the other shards."),
        time_parameter<&Params::vote_timeout_us>(
            "vote_timeout", milliseconds(1), hours(1),
            "After how long without all votes the coordinator aborts."),
        time_parameter<&Params::retry_us>(
            "retry", milliseconds(1), hours(1),
            "After how long without an answer a shard asks, and the coordinator tells, again."),
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
        "How long shards held their locks after they had asked in vain for a decision.");
  }
  static bool linked(std::string_view a, std::string_view b) {
    return (a == "Coordinator") != (b == "Coordinator") || (a == "Shard" && b == "Shard");
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "transaction " + std::to_string(record.number);
  }
};

}  // namespace netsplit::two_phase_commit
