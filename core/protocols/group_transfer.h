// Transfers between two groups of replicas: what consensus does not do.
//
// Each group keeps one account and agrees on every change of it: what a majority has stored stands,
// whoever crashes. A transfer takes from the first group's account and gives to the second's. That
// is two decisions, and nothing in one group's agreement says what the other's is: a client that
// crashes between the two, or a second group that refuses, leaves the transfer half done.
//
// What is missing is commit on top: two-phase commit whose coordinator and participants are groups.
// The first group prepares (it holds its account's lock), asks the second to prepare, and then
// decides; where one process would write to its log, a group agrees on an entry of its log.
//
// Source: Gray and Lamport, "Consensus on transaction commit" (2006), section 1; Corbett et al.,
// "Spanner" (OSDI 2012), 4.2.1, does it with Paxos groups. Simplified: one account a group; the
// first half of the replicas are the first group; a group's leader is its first replica and never
// changes (elections: raft.h), so that a group waits for a leader that is down.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/group_transfer/client.h"
#include "core/protocols/group_transfer/properties.h"
#include "core/protocols/group_transfer/replica.h"
#include "core/sim/oracles.h"

namespace netsplit::group_transfer {

struct Protocol {
  using Message = group_transfer::Message;
  using Timer = group_transfer::Timer;
  using Request = group_transfer::Request;
  using Node = std::variant<Client, Replica>;
  using Params = group_transfer::Params;
  static constexpr std::string_view name = "group_transfer";
  static constexpr std::string_view title = "Transfers between groups";
  static constexpr std::string_view sentence =
      "Two groups of replicas, each of which agrees by itself, and transfers between "
      "them.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        flag_parameter<&Params::commit>(
            "commit",
            "The groups do two-phase commit. Off, a client changes one account, then the other."),
        time_parameter<&Params::sync_us>("sync", 0, seconds(10),
                                         "How long a replica waits for its disk."),
        time_parameter<&Params::retry_us>("retry", milliseconds(1), hours(1),
                                          "After how long without an answer a node asks again."),
        time_parameter<&Params::give_up_us>("give_up", milliseconds(1), hours(10),
                                            "After how long a client stops waiting."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"agreement", "The replicas of a group agree on what is committed.", PropertyKind::always,
         agreement<Protocol>},
        {"atomicity", "No transfer is done in one group and refused in the other.",
         PropertyKind::always, atomicity<Protocol>},
        {"conserved", "In the end both accounts together hold what they held at first.",
         PropertyKind::finally, conserved<Protocol>},
        {"locks_released", "In the end no account is locked.", PropertyKind::finally,
         locks_released<Protocol>},
        {"all_answered", "Every client has an answer, if only that nobody knows.",
         PropertyKind::finally, all_answered<Protocol>},
    };
  }
  static std::vector<Stopwatch<Protocol>> stopwatches() {
    return {{"locked", "How long accounts were locked, by group.", locked<Protocol>}};
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "transfer " + std::to_string(record.operation.argument);
  }
};

}  // namespace netsplit::group_transfer
