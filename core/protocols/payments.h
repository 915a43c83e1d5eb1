// Payments in a partition: correct and refused, or served and wrong.
//
// Three branches of a bank keep the same accounts, and any of them may be asked for a payment. When
// the network splits, each way of going on has its price:
//
// - totals: each branch pays if its own copy covers it, and the copies are reconciled later, the
//   later total of an account winning. Nobody is refused; half of a payment is overwritten, and
//   money comes from nothing or goes nowhere.
// - entries: what is exchanged are payments, and merging loses none. All the money is there, and
//   yet two branches may each have spent the same last coin: a limit is no type that merges.
// - majority: a payment is an entry in the log of one branch, the primary, and is done when a
//   majority has stored it. Who is out of touch refuses. Never wrong, and not always there.
//
// Source: Gilbert and Lynch, "Brewer's conjecture and the feasibility of consistent, available,
// partition-tolerant web services" (2002); Bailis et al., "Coordination avoidance in database
// systems" (VLDB 2014), for which limits need coordination. Simplified: the primary is always the
// first branch (elections: raft.h) and sends its whole log; a branch is its own client.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/payments/branch.h"
#include "core/protocols/payments/properties.h"

namespace netsplit::payments {

struct Protocol {
  using Message = payments::Message;
  using Timer = payments::Timer;
  using Request = payments::Request;
  using Node = std::variant<Branch>;
  using Params = payments::Params;
  static constexpr std::string_view name = "payments";
  static constexpr std::string_view title = "Payments";
  static constexpr std::string_view sentence =
      "Branches of a bank pay alone and reconcile later, or only with a majority.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::mode>(
            "mode",
            "A branch pays alone and the later total of an account wins; it pays alone and "
            "payments are merged; or a majority must have stored a payment."),
        time_parameter<&Params::exchange_us>("exchange", milliseconds(1), hours(1),
                                             "How often branches send each other what they have."),
        time_parameter<&Params::patience_us>(
            "patience", milliseconds(1), hours(1),
            "With a majority: how long a branch that hears of none still takes payments."),
        time_parameter<&Params::give_up_us>("give_up", milliseconds(1), hours(10),
                                            "After how long a branch waits no more for an answer."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    using enum PropertyKind;
    return {
        {"conserved", "In each branch all accounts together hold what they held at first.", always,
         conserved<Protocol>},
        {"never_overdrawn", "No account is below zero.", always, never_overdrawn<Protocol>},
        {"converged", "In the end all branches tell the same balances.", finally,
         converged<Protocol>},
        {"all_answered", "Every payment has an answer, if only that nobody knows.", finally,
         all_answered<Protocol>},
        {"available", "Every payment went well.", budget, all_went_well<Protocol>},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {{"money_wrong", MeterUnit::count,
             "Money that is too much, or too little, or spent without being there.",
             money_wrong<Protocol>}};
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    const Operation& pay = record.operation;
    return "pay " + std::to_string(pay.argument) + " from " + std::to_string(pay.key) + " to " +
           std::to_string(pay.expected);
  }
};

}  // namespace netsplit::payments
