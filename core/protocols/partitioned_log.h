// A partitioned log: what order it gives, and what a consumer must do because it redelivers.
//
// Events are appended to partitions, each a log of its own. An event's key says which, so that all
// events of one key are in one partition, and their offsets say in which order they were appended.
// That is all the order there is: nothing is ordered across partitions, and nothing before it was
// appended. A timestamp put on by whoever published says what a clock showed there.
//
// The consumers of a group share the partitions out; a coordinator does it anew (a rebalance) when
// one joins or is heard of no more. Each works through a partition one event at a time and says how
// far it has come: the committed offset, at which the next owner begins. A consumer that dies
// between the effect and the commit leaves the event to be done again (at least once); one that
// commits first leaves it undone (at most once). So effects must be idempotent, by a key that is
// kept where the effect is and with it: the next owner does not have the last one's memory.
//
// Source: Kreps, Narkhede and Rao, "Kafka: a distributed messaging system for log processing"
// (NetDB 2011); Helland, "Life beyond distributed transactions" (CIDR 2007), for the idempotent
// consumer. Simplified: one group; a partition is a node that keeps the group's offset too; the
// partition of a key is its number modulo theirs; a producer has one event on its way at a time.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/partitioned_log/consumer.h"
#include "core/protocols/partitioned_log/partition.h"
#include "core/protocols/partitioned_log/properties.h"

namespace netsplit::partitioned_log {

struct Protocol {
  using Message = partitioned_log::Message;
  using Timer = partitioned_log::Timer;
  using Request = std::variant<Publish>;
  using Node = std::variant<Producer, Partition, Coordinator, Consumer, Tracking>;
  using Params = partitioned_log::Params;
  static constexpr std::string_view name = "partitioned_log";
  static constexpr std::string_view title = "Partitioned log";
  static constexpr std::string_view sentence =
      "Producers append events to partitions; the consumers of a group share them out.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::partition_by>(
            "partition_by", "What decides an event's partition: its key, or whose turn it is."),
        choice_parameter<&Params::latest_by>(
            "latest_by", "Which event gives the status: the last in the log, or by its timestamp."),
        choice_parameter<&Params::commit>(
            "commit", "When the group's offset moves on: when events are handed out, or done."),
        flag_parameter<&Params::dedupe>(
            "dedupe", "Events that took effect are remembered with it, and not done again."),
        count_parameter<&Params::batch>("batch", 1, 1000,
                                        "How many events are handed out at once."),
        time_parameter<&Params::poll_us>("poll", milliseconds(1), minutes(1),
                                         "How soon a consumer asks again when nothing is new."),
        time_parameter<&Params::retry_us>("retry", milliseconds(1), minutes(10),
                                          "How long anybody waits for an answer."),
        time_parameter<&Params::session_us>(
            "session", milliseconds(4), hours(1),
            "After how long without a heartbeat a consumer's partitions go to others."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"once", "No event takes effect twice.", PropertyKind::always, once},
        {"in_order",
         "Of one parcel, no event takes effect after one that its producer published later.",
         PropertyKind::always, in_order},
        {"latest", "In the end each parcel has the status that was published last.",
         PropertyKind::finally, latest},
        {"all_applied", "In the end every event that was published has taken effect.",
         PropertyKind::finally, all_applied},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"repeats", MeterUnit::count, "Events that came to the effect once more.", repeats},
        {"names_kept", MeterUnit::count, "Names of events kept, to be compared with.", names_kept},
        {"fullest_partition", MeterUnit::count, "Events in the fullest partition.",
         fullest_partition},
    };
  }
  static bool linked(std::string_view a, std::string_view b) {
    if (a == "Producer" || b == "Producer") return a == "Partition" || b == "Partition";
    return (a == "Consumer") != (b == "Consumer");
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "parcel " + std::to_string(record.operation.key) + ": " +
           text_of(static_cast<Status>(record.operation.argument));
  }
  static std::string describe_answer(const OperationRecord& record) {
    return "offset " + std::to_string(record.result);
  }
};

}  // namespace netsplit::partitioned_log
