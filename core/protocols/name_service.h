// Finding a service that moves.
//
// "Topology doesn't change" is the fifth of the eight fallacies of distributed computing. A client
// asks a name service once where the instances of a service are, and keeps the answer. Instances
// come, go, and die: a new one is never asked, and one that is gone is asked for ever. An answer is
// true when it is given and then only gets older; so it comes with a time to live, after which the
// client must ask again. A failed call is a better hint than any time: whoever has one asks again
// at once. And the name service must hear of those that died without a word: an instance that has
// not shown itself for some beats is no longer named (a health check).
//
// The other side: whoever retires an instance must serve on for as long as somebody may still have
// its address, which is the time to live, counted from the moment at which the name service has
// confirmed that it names it no more. An address that nobody may forget can never be given up.
//
// Source: Deutsch and his colleagues at Sun Microsystems (1994); Mockapetris, RFC 1034 (1987),
// section 3.6, for the time to live. Simplified: one name, one name service, which survives.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/name_service/client.h"
#include "core/protocols/name_service/instance.h"
#include "core/protocols/name_service/name_service.h"
#include "core/protocols/name_service/properties.h"

namespace netsplit::name_service {

struct Protocol {
  using Message = name_service::Message;
  using Timer = name_service::Timer;
  using Request = name_service::Request;
  using Node = std::variant<Client, NameService, Instance>;
  using Params = name_service::Params;
  static constexpr std::string_view name = "name_service";
  static constexpr std::string_view title = "Name service";
  static constexpr std::string_view sentence =
      "Clients look for the instances of a service, which come, move, go and die.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        time_parameter<&Params::ttl_us>("ttl", 0, hours(24),
                                        "How long a client may keep an answer. 0: for ever."),
        flag_parameter<&Params::re_resolve>("re_resolve",
                                            "A client asks again after a call that failed."),
        flag_parameter<&Params::health_checks>(
            "health_checks", "An instance that is not heard for three beats is named no more."),
        count_parameter<&Params::calls>("calls", 0, 10'000, "Calls that each client makes."),
        time_parameter<&Params::period_us>("period", milliseconds(1), hours(1),
                                           "Time between two calls of a client."),
        time_parameter<&Params::timeout_us>("timeout", milliseconds(1), hours(1),
                                            "When a call without an answer has failed."),
        time_parameter<&Params::beat_us>("beat", milliseconds(1), hours(1),
                                         "How often an instance shows itself."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"none_too_late",
         "No call comes to an address that was given up longer ago than the time to live.",
         PropertyKind::always, none_too_late<Protocol>},
        {"few_errors", "At most one call in ten fails.", PropertyKind::budget,
         few_errors<Protocol>},
        {"nobody_stale", "In the end no client keeps an address that is given up.",
         PropertyKind::finally, nobody_stale<Protocol>},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"errors", MeterUnit::count, "Calls that failed.", errors<Protocol>},

    };
  }
  static bool linked(std::string_view a, std::string_view b) { return a != b; }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "call " + std::to_string(record.operation.key);
  }
};

}  // namespace netsplit::name_service
