// Idempotency keys.
//
// A client asks a shop to place an order, and the shop asks a payment provider to charge it. When
// no answer comes, the client cannot know whether the request was lost or the answer: the money may
// be gone or not. Not asking again loses orders; asking again may charge twice. What is idempotent
// may be asked for as often as one likes. A PUT names the thing that it makes, and making it again
// changes nothing. A POST does not; it carries a key, made once for what the person wants and sent
// with each attempt, and whoever executes it remembers the key with its first result.
//
// "Look the key up, charge, then store it" is not safe: a second attempt looks before the first has
// stored, and a crash in between forgets the charge. The key must be recorded in the same atomic
// step as the effect, by the one who has the effect: here the provider, with the charge.
//
// Source: Helland, "Idempotence is not a medical condition" (CACM 2012); Fielding and Reschke,
// RFC 9110 (2022), section 9.2.2, for PUT and POST; Brooker, "Exponential backoff and jitter"
// (2015). Simplified: a client has one order at a time; a shop has one provider.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/idempotency/client.h"
#include "core/protocols/idempotency/properties.h"
#include "core/protocols/idempotency/server.h"

namespace netsplit::idempotency {

struct Protocol {
  using Message = idempotency::Message;
  using Timer = idempotency::Timer;
  using Request = idempotency::Request;
  using Node = std::variant<Client, OrderService, PaymentProvider>;
  using Params = idempotency::Params;
  static constexpr std::string_view name = "idempotency";
  static constexpr std::string_view title = "Idempotency";
  static constexpr std::string_view sentence =
      "Clients place orders with a shop, which has a payment provider charge them; answers get "
      "lost.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::method>(
            "method", "POST makes something new each time; PUT makes the order that it names."),
        choice_parameter<&Params::key>(
            "key",
            "What the client makes a new key for: nothing, each attempt, each order, or "
            "only once in its life."),
        choice_parameter<&Params::store>(
            "store",
            "What is done with keys: nothing; look up, charge, store; the same with a "
            "lock in the shop's memory; charge and key recorded in one step."),
        flag_parameter<&Params::check_payload>(
            "check_payload", "A known key with another amount is refused, not answered."),
        time_parameter<&Params::key_expiry_us>(
            "key_expiry", 0, hours(1000), "When a key is forgotten; usually after 24h. 0: never."),
        choice_parameter<&Params::retry>("retry",
                                         "Whether a client asks again, and how it spaces that."),
        time_parameter<&Params::retry_after_us>("retry_after", milliseconds(10), hours(1000),
                                                "How long a client waits before it asks again."),
        count_parameter<&Params::attempts>("attempts", 0, 1000,
                                           "How often a client asks at most. 0: until answered."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"at_most_once", "No order is charged more than once.", PropertyKind::always,
         at_most_once<Protocol>},
        {"answers_true",
         "Who was told OK was charged what they asked for; who was told \"failed\" was not.",
         PropertyKind::always, answers_true<Protocol>},
        {"at_least_once", "Every order that was not refused is charged in the end.",
         PropertyKind::finally, at_least_once<Protocol>},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"requests", MeterUnit::count, "How often clients have asked, with all attempts.",
         requests<Protocol>},
        {"keys_kept", MeterUnit::count, "Keys on disk, to be compared with.", keys_kept<Protocol>},
        {"charged_too_much", MeterUnit::count, "What was charged beyond what was ordered.",
         charged_too_much<Protocol>},
    };
  }
  static bool linked(std::string_view a, std::string_view b) {
    return a == "OrderService" ? b == "Client" || b == "PaymentProvider" : b == "OrderService";
  }
  static constexpr bool tells_effects = true;
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "order for " + std::to_string(record.operation.argument);
  }
  static std::string describe_answer(const OperationRecord& record) {
    return "receipt " + std::to_string(record.result);
  }
};

}  // namespace netsplit::idempotency
