// One stream of updates to many replicas, and what it costs to carry it.
//
// "Transport cost is zero" is the seventh of the eight fallacies of distributed computing, and has
// two sides. To put a message on the wire takes time on a processor: to serialise, perhaps to
// compress, a system call. And the wire is somebody's: within a zone it is usually free, between
// zones every byte is paid for. Who sends each update to each of twelve replicas by itself pays for
// eight copies of it across zones, each in a packet whose header is half as long as itself.
//
// Three remedies. A relay: one copy goes to each zone, and its first replica passes it on inside,
// for nothing; when it is down, its zone waits. A batch: several updates share a header; the first
// of them waits for the others. Compression: the updates of a batch resemble each other, so that
// each is told as its difference to the one before; it takes processor time to save bytes, and has
// little to do where a message holds one update. What a message is told against must be in it: a
// stream that goes on from message to message is wrong after the first one that is lost.
//
// Source: Deutsch and his colleagues at Sun Microsystems (1994). Simplified: round prices, of 2026;
// the origin and the first replicas share a zone; a zone has one relay and does not choose another.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/replica_fanout/origin.h"
#include "core/protocols/replica_fanout/outbox.h"
#include "core/protocols/replica_fanout/properties.h"
#include "core/protocols/replica_fanout/replica.h"

namespace netsplit::replica_fanout {

struct Protocol {
  using Message = replica_fanout::Message;
  using Timer = replica_fanout::Timer;
  using Request = replica_fanout::Request;
  using Node = std::variant<Origin, Replica>;
  using Params = replica_fanout::Params;
  static constexpr std::string_view name = "replica_fanout";
  static constexpr std::string_view title = "Replica fan-out";
  static constexpr std::string_view sentence =
      "A stream of updates goes to replicas in several zones, and between zones each byte costs.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        flag_parameter<&Params::relay>("relay",
                                       "One copy goes to each zone and is passed on inside."),
        count_parameter<&Params::batch>("batch", 1, 1'000, "Updates in one message."),
        choice_parameter<&Params::compress>(
            "compress",
            "Whether an update is told as its difference to the one before: never; within its "
            "message; or also to the last of the message before."),
        count_parameter<&Params::zones>("zones", 1, 64, "Zones with as many replicas each."),
        count_parameter<&Params::updates>("updates", 0, 10'000, "Updates in all."),
        time_parameter<&Params::period_us>("period", milliseconds(1), hours(1),
                                           "Time between two updates."),
        time_parameter<&Params::resend_us>(
            "resend", 0, hours(1), "When what was not acknowledged is sent again. 0: never."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"cheap", "Transport and processors cost at most a tenth of a cent an hour.",
         PropertyKind::budget, cheap<Protocol>},
        {"same_stream", "What a replica has is what the origin sent, from the first update on.",
         PropertyKind::always, same_stream<Protocol>},
        {"converged", "In the end all replicas that run have all updates.", PropertyKind::finally,
         converged<Protocol>},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"cost_per_hour", MeterUnit::nanocents,
         "What an hour like this costs: the links' owners and the processors.",
         cost_per_hour<Protocol>},
        {"cpu", MeterUnit::time_us, "Processor time for sending and receiving.",
         cpu_time<Protocol>},
    };
  }
  static bool linked(std::string_view, std::string_view) { return true; }
};

}  // namespace netsplit::replica_fanout
