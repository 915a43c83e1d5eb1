// Paxos: agreement on one value, among processes that may crash and a network that may lose,
// delay, double and reorder.
//
// A proposer works in two phases. It first asks the acceptors to promise that they will ignore
// lower ballots; with the promise each tells what it has accepted before. With a majority of
// promises it asks them to accept a value: the one accepted in the highest ballot it was told of,
// its own only when there is none. Two majorities share an acceptor, so a value that a majority has
// accepted is found by every later proposer. Nothing ensures that anybody ever gets through: two
// proposers that answer each refusal with a higher ballot can go on like that for ever, and no
// protocol can exclude it (Fischer, Lynch, Paterson 1985). Waiting for a random time ends it.
//
// Source: Lamport, "Paxos made simple" (2001), sections 2.2 and 2.4. Simplified: one value; the
// proposers are the learners; a refusal is said aloud (section 3 suggests it).
#pragma once

#include <string>
#include <vector>

#include "core/protocols/paxos/acceptor.h"
#include "core/protocols/paxos/properties.h"
#include "core/protocols/paxos/proposer.h"

namespace netsplit::paxos {

struct Protocol {
  using Message = paxos::Message;
  using Timer = paxos::Timer;
  using Request = paxos::Request;
  using Node = std::variant<Proposer, Acceptor>;
  using Params = paxos::Params;
  static constexpr std::string_view name = "paxos";
  static constexpr std::string_view title = "Paxos";
  static constexpr std::string_view sentence =
      "Proposers get one value decided by a majority of acceptors, in two phases.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::backoff>(
            "backoff",
            "What a proposer does when it is refused: try at once, or after a random "
            "wait that grows with the rounds."),
        flag_parameter<&Params::save>(
            "save",
            "Acceptors save what they promised and accepted before they answer; without "
            "it a crash makes them forget (a broken twin)."),
        flag_parameter<&Params::adopt>(
            "adopt",
            "A proposer takes over the value accepted in the highest ballot it is told "
            "of; without it it insists on its own (a broken twin)."),
        time_parameter<&Params::sync_us>(
            "sync", 0, seconds(10),
            "How long a proposer saves its ballot before it asks to accept; "
            "usually milliseconds."),
        time_parameter<&Params::patience_us>(
            "patience", milliseconds(1), hours(1),
            "After how long without a majority a proposer begins another round."),
        time_parameter<&Params::backoff_us>(
            "backoff_time", milliseconds(1), hours(1),
            "The longest wait after the first refusal; it grows by as much with each round."),
        count_parameter<&Params::rounds_max>("rounds", 1, 1000,
                                             "After how many rounds a proposer gives up."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"agreement", "No two processes know different values as decided.", PropertyKind::always,
         agreement<Protocol>},
        {"validity", "Only a value that somebody was asked to propose is decided.",
         PropertyKind::always, validity<Protocol>},
        {"decides", "A value is decided.", PropertyKind::sometimes, decides<Protocol>},
        {"all_answered", "Who proposed has an answer, if only that nobody knows.",
         PropertyKind::finally, all_answered<Protocol>},
    };
  }
  static bool linked(std::string_view a, std::string_view b) {
    return a == "Proposer" || b == "Proposer";
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "propose " + std::to_string(record.operation.argument);
  }
  static std::string describe_answer(const OperationRecord& record) {
    return std::to_string(record.result) + " is decided";
  }
};

}  // namespace netsplit::paxos
