// Anti-entropy: replicas find by hash trees where they differ, and ship little else.
//
// A write that does not reach a replica is kept for it by whoever took it (hinted handoff), and who
// reads an old version has it mended (read repair). Neither is sure: hints run out while a replica
// is away for long, and what nobody reads nobody mends. So replicas also meet in the background,
// two at a time, and compare what they have. To send everything is right, and dear: nearly all of
// it is the same on both sides. In a Merkle tree a leaf is the hash of a range of keys, every other
// place the hash of the two below it. Equal roots mean equal replicas, and one hash told it. Where
// two places differ, the two below are compared: of n ranges the one that differs is found in
// log2 n messages, and only its keys are shipped. The price: all that is stored is hashed, and one
// key that differs ships its range. Nor is an equal hash quite the same as equal data: with b bits
// one difference in 2^b goes unseen, and no later round will see it either.
//
// Source: Merkle, "A digital signature based on a conventional encryption function" (CRYPTO 1987);
// DeCandia et al., "Dynamo: Amazon's highly available key-value store" (SOSP 2007), 4.6 and 4.7.
// Simplified: each replica has all keys, and of two versions the higher stays; a tree is made when
// it is asked for, where a store would keep it up to date; the hash is no cryptographic one.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/anti_entropy/properties.h"
#include "core/protocols/anti_entropy/replica.h"

namespace netsplit::anti_entropy {

struct Protocol {
  using Message = anti_entropy::Message;
  using Timer = anti_entropy::Timer;
  using Request = anti_entropy::Request;
  using Node = std::variant<Client, Replica>;
  using Params = anti_entropy::Params;
  static constexpr std::string_view name = "anti_entropy";
  static constexpr std::string_view title = "Anti-entropy";
  static constexpr std::string_view sentence =
      "Replicas compare hash trees in the background, and ship the ranges of keys that differ.";

  static constexpr ObjectKind history = ObjectKind::key_value;

  static std::vector<Parameter<Params>> parameters() {
    return {
        count_parameter<&Params::keys>("keys", 1, 4'096, "How many keys each replica stores."),
        count_parameter<&Params::hint_tries>(
            "hint_tries", 0, 1'000,
            "Hinted handoff: how often a replica tries again to hand a write over."),
        flag_parameter<&Params::read_repair>(
            "read_repair", "Who answers a read tells the others what it has, and is told."),
        choice_parameter<&Params::exchange>(
            "exchange",
            "What two replicas do in the background: nothing; send all that they have; or compare "
            "hash trees."),
        count_parameter<&Params::depth>("depth", 0, 12,
                                        "Steps from a tree's root to its leaves: each more halves "
                                        "the ranges of keys."),
        count_parameter<&Params::hash_bits>("hash_bits", 1, 64, "How wide a hash is, in bits."),
        time_parameter<&Params::period_us>("period", milliseconds(1), hours(1),
                                           "How often a replica turns to another."),
        time_parameter<&Params::retry_us>("retry", milliseconds(1), hours(1),
                                          "After how long a write is handed over again."),
        time_parameter<&Params::give_up_us>("give_up", milliseconds(1), hours(10),
                                            "After how long a client stops waiting."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    using enum PropertyKind;
    return {
        {"converged", "In the end all replicas have the same.", finally, converged<Protocol>},
        {"written", "What is stored under a key was written to it.", always, written<Protocol>},
        {"fresh_reads", "No read misses a write that was over before it began.", always,
         fresh_reads<Protocol>, true},
        {"all_answered", "Every client has an answer, if only that nobody knows.", finally,
         all_answered<Protocol>},
        {"available", "Every operation went well.", budget, all_went_well<Protocol>},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"keys_apart", MeterUnit::count, "In how many keys two replicas differ at the most.",
         keys_apart<Protocol>},
        {"cells_shipped", MeterUnit::count, "Keys with their values that anti-entropy sent.",
         total<Protocol, &Replica::Disk::cells_shipped>},
        {"hashes_sent", MeterUnit::count, "Hashes that anti-entropy sent.",
         total<Protocol, &Replica::Disk::hashes_sent>},
        {"stale_reads", MeterUnit::count, "Reads that missed a write that was over.",
         stale_reads<Protocol>},
    };
  }
  static std::vector<Stopwatch<Protocol>> stopwatches() {
    return {
        {"behind", "How long replicas lacked a newer version that another had.", behind<Protocol>}};
  }
  static bool linked(std::string_view a, std::string_view b) {
    return a == "Replica" || b == "Replica";
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    const Operation& operation = record.operation;
    const std::string key = "key " + std::to_string(operation.key);
    if (operation.name == "read") return "read " + key;
    return "write " + std::to_string(operation.argument) + " to " + key;
  }
};

}  // namespace netsplit::anti_entropy
