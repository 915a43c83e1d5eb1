// Multi-Paxos: a log, each place of which is an instance of Paxos, and one leader for all of them.
//
// The first phase of Paxos does not speak of values. So a leader goes through it once, for all
// instances at once; from then on a command costs one round trip to a majority. With their promises
// the acceptors tell what they have accepted: of each instance the command with the highest ballot
// must be proposed again. Instances are decided independently, so there may be gaps: an instance of
// which nobody told anything, before others. The log is executed in order, so a new leader fills
// gaps with empty commands.
//
// Unlike Raft's, a new leader need not have the newest log: it learns what it lacks with the
// promises. It pays for that with entries whose ballots say nothing of what stands before them.
//
// Source: Lamport, "Paxos made simple" (2001), section 3; van Renesse and Altinbuken, "Paxos made
// moderately complex" (2015). Simplified: every server is proposer, acceptor and learner; commands
// are numbers; nothing is dropped from the log.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/multi_paxos/client.h"
#include "core/protocols/multi_paxos/properties.h"
#include "core/protocols/multi_paxos/server.h"
#include "core/sim/oracles.h"

namespace netsplit::multi_paxos {

struct Protocol {
  using Message = multi_paxos::Message;
  using Timer = multi_paxos::Timer;
  using Request = multi_paxos::Request;
  using Node = std::variant<Client, Server>;
  using Params = multi_paxos::Params;
  static constexpr std::string_view name = "multi_paxos";
  static constexpr std::string_view title = "Multi-Paxos";
  static constexpr std::string_view sentence =
      "A log of Paxos instances, with one first phase for all of them.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        flag_parameter<&Params::keep_ballot>(
            "keep_ballot", "A leader asks for promises once. Off, it does for each command."),
        flag_parameter<&Params::fill_gaps>(
            "fill_gaps",
            "A new leader fills gaps with empty commands. Off, nothing behind one is executed."),
        flag_parameter<&Params::adopt>(
            "adopt",
            "A new leader proposes again what it is told was accepted. Off, it may overwrite what "
            "is chosen (a broken twin)."),
        time_parameter<&Params::sync_us>("sync", 0, seconds(10),
                                         "How long a server waits for its disk."),
        time_parameter<&Params::silence_low_us>(
            "silence_low", milliseconds(1), hours(1),
            "How long a server hears of no leader before it begins to lead, at least …"),
        time_parameter<&Params::silence_high_us>(
            "silence_high", milliseconds(1), hours(1),
            "… and at most; the time is drawn anew each time."),
        time_parameter<&Params::heartbeat_us>("heartbeat", milliseconds(1), hours(1),
                                              "How often a leader is heard of."),
        time_parameter<&Params::retry_us>("retry", milliseconds(1), hours(1),
                                          "After how long a client asks the next server."),
        time_parameter<&Params::give_up_us>("give_up", milliseconds(1), hours(10),
                                            "After how long a client stops waiting."),
        time_parameter<&Params::answer_limit_us>("answer_limit", milliseconds(1), hours(10),
                                                 "Which answers are taken for prompt."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    using enum PropertyKind;
    return {
        {"agreement", "No two servers know different commands as chosen in one instance.", always,
         agreement<Protocol>},
        {"validity", "Only what a client proposed is chosen, or an empty command.", always,
         validity<Protocol>},
        {"no_gaps", "In the end everything that is known to be chosen is executed.", finally,
         no_gaps<Protocol>},
        {"all_answered", "Every client has an answer, if only that nobody knows.", finally,
         all_answered<Protocol>},
        {"prompt", "No answer takes longer than answer_limit.", budget, prompt<Protocol>},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {{"first_phases", MeterUnit::count, "How often a server asked for promises.",
             first_phases<Protocol>}};
  }
  static bool linked(std::string_view a, std::string_view b) {
    return a == "Server" || b == "Server";
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "propose " + std::to_string(record.operation.argument);
  }
};

}  // namespace netsplit::multi_paxos
