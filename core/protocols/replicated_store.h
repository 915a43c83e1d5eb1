// Replicated store: any replica takes any change, and the replicas exchange what they have later.
//
// A feed of posts with a count of likes. Whoever is cut off goes on with what is there: answers are
// old, and two replicas may change the same thing at once. When they meet again, either
//
// - last write wins: the value with the later wall clock stays, and the other is gone though its
//   writer was told that it is stored. (So does the DynamoDB service between regions; the paper's
//   Dynamo does not.) Or
// - siblings: version vectors tell whether one writer knew of the other's value. If neither did,
//   both are kept for the next client that reads. It can join the posts; whether one that is
//   missing in one of them is new or was deleted it cannot tell, nor what two totals of likes make.
//   Or
// - types that merge by construction, in whatever order (core/base/mergeable.h).
//
// Source: DeCandia et al., "Dynamo: Amazon's highly available key-value store" (SOSP 2007), 4.4
// and 4.7; Shapiro et al., "Conflict-free replicated data types" (SSS 2011). Simplified: one feed;
// replicas send each other all they have (what hash trees would save: anti_entropy.h); each client
// asks one replica only.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/replicated_store/client.h"
#include "core/protocols/replicated_store/properties.h"
#include "core/protocols/replicated_store/replica.h"
#include "core/sim/oracles.h"

namespace netsplit::replicated_store {

struct Protocol {
  using Message = replicated_store::Message;
  using Timer = replicated_store::Timer;
  using Request = replicated_store::Request;
  using Node = std::variant<Replica, Client>;
  using Params = replicated_store::Params;
  static constexpr std::string_view name = "replicated_store";
  static constexpr std::string_view title = "Replicated store";
  static constexpr std::string_view sentence =
      "Any replica takes any change; what two of them changed at once is reconciled later.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::reconcile>(
            "reconcile",
            "What becomes of two values: the later wall clock's stays; both, for a client to "
            "merge; or types that merge by construction."),
        time_parameter<&Params::exchange_us>("exchange", milliseconds(1), hours(1),
                                             "How often replicas send each other what they have."),
        time_parameter<&Params::give_up_us>("give_up", milliseconds(1), hours(10),
                                            "After how long a client stops waiting."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    using enum PropertyKind;
    return {
        {"no_lost_write", "A post that was stored is on some replica until it is deleted.", always,
         no_lost_write<Protocol>},
        {"deleted_stays", "In the end no post is there that somebody saw and deleted.", finally,
         deleted_stays<Protocol>},
        {"likes_counted", "In the end each replica counts the likes that were given.", finally,
         likes_counted<Protocol>},
        {"converged", "In the end all replicas have the same.", finally, converged<Protocol>},
        {"all_answered", "Every client has an answer, if only that nobody knows.", finally,
         all_answered<Protocol>},
        {"available", "Every operation went well.", budget, all_went_well<Protocol>},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"stale_looks", MeterUnit::count, "Looks that missed a post stored before.",
         stale_looks<Protocol>},
        {"siblings", MeterUnit::count, "The most versions that a replica now holds side by side.",
         siblings<Protocol>},
    };
  }
  static std::vector<Stopwatch<Protocol>> stopwatches() {
    return {
        {"behind", "How long replicas lacked a post that was stored elsewhere.", behind<Protocol>}};
  }
  static bool linked(std::string_view a, std::string_view b) {
    return a == "Replica" || b == "Replica";
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return std::string(record.operation.name) + " " + std::to_string(record.operation.argument);
  }
};

}  // namespace netsplit::replicated_store
