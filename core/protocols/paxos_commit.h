// Paxos commit: atomic commit that no single crash can block.
//
// Two-phase commit has one place where the decision is made. Here every shard's vote is an instance
// of Paxos: the shard proposes it, as ballot 0, to 2F + 1 acceptors, and it stands once a majority
// has accepted it. The transaction commits when all votes stand as yes; who counts them is of no
// importance, so the coordinator needs no log. When it falls silent an acceptor leads: with a
// higher ballot it first learns from a majority what has been accepted, proposes exactly that, and
// proposes "no" for a shard of which nothing was. So whatever may have been decided is decided
// again, and F acceptors may be down.
//
// Source: Gray and Lamport, "Consensus on transaction commit" (ACM TODS 31(1), 2006); Lamport, "The
// part-time parliament" (TOCS 1998). Simplified: one row a shard, and a shard whose row is locked
// votes no; an acceptor sends the votes of all shards in one message, and one ballot number stands
// for all instances of a transaction, both as in section 5 of the paper; acceptors are the spare
// leaders.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/parts/atomic_commit.h"
#include "core/protocols/paxos_commit/acceptor.h"
#include "core/protocols/paxos_commit/coordinator.h"
#include "core/protocols/paxos_commit/messages.h"
#include "core/protocols/paxos_commit/shard.h"

namespace netsplit::paxos_commit {

struct Protocol {
  using Message = paxos_commit::Message;
  using Timer = paxos_commit::Timer;
  using Request = paxos_commit::Request;
  using Node = std::variant<Client, Coordinator, Acceptor, Shard>;
  using Params = paxos_commit::Params;
  static constexpr std::string_view name = "paxos_commit";
  static constexpr std::string_view title = "Paxos commit";
  static constexpr std::string_view sentence =
      "Each shard's vote is agreed on by acceptors, so that no single crash blocks the commit.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        flag_parameter<&Params::learn_first>(
            "learn_first",
            "A new leader first learns what a majority has accepted. Off, it "
            "proposes to abort at once, which breaks atomicity."),
        time_parameter<&Params::patience_us>(
            "patience", milliseconds(1), hours(1),
            "How long an acceptor waits for the decision before it leads; up to twice as long."),
        time_parameter<&Params::retry_us>("retry", milliseconds(1), hours(1),
                                          "After how long in doubt a shard sends its vote again."),
        time_parameter<&Params::give_up_us>("give_up", milliseconds(1), hours(10),
                                            "After how long a client stops waiting."),
        time_parameter<&Params::log_us>("log", 0, seconds(10),
                                        "How long it takes to write a record to the log."),
        time_parameter<&Params::send_us>("send", 0, seconds(10),
                                         "How long a node works on each of several messages."),
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
    if (a == "Acceptor" && b == "Acceptor") return true;
    return a != b && (a != "Client" || b == "Coordinator") && (b != "Client" || a == "Coordinator");
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "transaction " + std::to_string(record.number);
  }
};

}  // namespace netsplit::paxos_commit
