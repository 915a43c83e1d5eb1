// Quorum register: values on N replicas, of which W take a write and R answer a read.
//
// Nobody leads. A client sends a write to all N replicas and is done when W have stored it; it asks
// all for the value and takes the newest among the first R answers. When R + W > N, any R replicas
// share one with any W, so that a read meets the last write that was over before it began. When
// not, it may miss it and never know. A side of a partition with less than a quorum can only
// refuse: that is the price.
//
// R + W > N is not enough for one copy's illusion. While a write is under way, one reader may meet
// it and a later one not: time goes backwards. So a reader first writes back what it is about to
// answer to W replicas (Attiya, Bar-Noy and Dolev). Read repair, which sends it after the answer,
// mends replicas and promises nothing.
//
// A version is a number and its writer's name. With several writers each asks for the highest
// number first. A write has no condition: "take 30 from what is there" is no write, and no quorum
// makes it one (that needs consensus: raft.h).
//
// Source: Attiya, Bar-Noy and Dolev, "Sharing memory robustly in message-passing systems" (JACM
// 1995); several writers after Lynch and Shvartsman (FTCS 1997); weights after Gifford (SOSP 1979);
// read repair and hinted handoff after DeCandia et al., "Dynamo" (SOSP 2007), 4.5 and 4.6.
// Simplified: one vote a replica; all keys have the same homes, the first N replicas.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/quorum_register/client.h"
#include "core/protocols/quorum_register/properties.h"
#include "core/protocols/quorum_register/replica.h"
#include "core/sim/oracles.h"
#include "core/sim/stale_reads.h"

namespace netsplit::quorum_register {

struct Protocol {
  using Message = quorum_register::Message;
  using Timer = quorum_register::Timer;
  using Request = quorum_register::Request;
  using Node = std::variant<Client, Replica>;
  using Params = quorum_register::Params;
  static constexpr std::string_view name = "quorum_register";
  static constexpr std::string_view title = "Quorum register";
  static constexpr std::string_view sentence =
      "Values on N replicas: W of them take a write, R of them answer a read.";
  static constexpr ObjectKind history = ObjectKind::key_value;

  static std::vector<Parameter<Params>> parameters() {
    return {
        count_parameter<&Params::copies>("copies", 1, 13,
                                         "N: on how many replicas a value is at home."),
        count_parameter<&Params::read_quorum>("read_quorum", 1, 13,
                                              "R: how many answers a read waits for."),
        count_parameter<&Params::write_quorum>("write_quorum", 1, 13,
                                               "W: how many receipts a write waits for."),
        choice_parameter<&Params::after_read>(
            "after_read",
            "What a reader does with replicas that are behind: nothing; it mends them after its "
            "answer; or it writes back to W replicas before it."),
        flag_parameter<&Params::ask_version>(
            "ask_version",
            "A writer first asks for the highest version. Off, only one client may write."),
        flag_parameter<&Params::handoff>(
            "handoff",
            "A spare replica keeps a write for a home that does not answer, and counts for it."),
        time_parameter<&Params::sync_us>("sync", 0, seconds(10),
                                         "How long a replica waits for its disk."),
        time_parameter<&Params::retry_us>("retry", milliseconds(1), hours(1),
                                          "After how long is asked again who has not answered."),
        time_parameter<&Params::give_up_us>("give_up", milliseconds(1), hours(10),
                                            "After how long a client stops waiting."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    using enum PropertyKind;
    return {
        {"fresh_reads", "No read misses a write that was over before it began.", always,
         fresh_reads<Protocol>, true},
        {"replicas_agree", "In the end all replicas of a key hold the same.", finally,
         replicas_agree<Protocol>},
        {"handed_over", "In the end no replica keeps a write for another.", finally,
         handed_over<Protocol>},
        {"all_answered", "Every client has an answer, if only that nobody knows.", finally,
         all_answered<Protocol>},
        {"available", "Every operation went well.", budget, all_went_well<Protocol>},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"stale_reads", MeterUnit::count, "Reads that missed a write that was over.",
         stale_reads<Protocol>},
    };
  }
  static bool linked(std::string_view a, std::string_view b) {
    return a == "Replica" || b == "Replica";
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    const Operation& operation = record.operation;
    const std::string key = operation.key == 0 ? "" : " of " + std::to_string(operation.key);
    if (operation.name == "read") return "read" + key;
    return "write " + std::to_string(operation.argument) + key;
  }
};

}  // namespace netsplit::quorum_register
