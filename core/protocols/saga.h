// Saga: a chain of local steps, each with a compensation that undoes it.
//
// Every service commits its step at once and holds no lock. When a step fails, the steps before it
// are compensated, backwards. The orchestrator writes to its log how far it has come, asks again
// when nobody answers, and goes on after a crash; so every message may come twice, and steps and
// compensations must be idempotent. A step that never answered may have happened: it is
// compensated too, and a service that is told to undo what it has not done yet remembers to refuse
// it. The price: between the steps everyone can see a saga half done, and act on what is later
// undone. A semantic lock remedies that: a step is marked as pending until all are done. It costs
// a second round, and hides what may be undone; it does not make the steps appear at one moment.
//
// Choreographed, there is no orchestrator: each service does its step, passes the saga on to the
// next, and hears from it how the rest went.
//
// Source: Garcia-Molina and Salem, "Sagas" (SIGMOD 1987); Frank and Zahle, "Semantic ACID
// properties in multidatabases" (1998), for the pending step; Richardson, "Microservices patterns"
// (2018), chapter 4. Simplified: the steps are one a service, in the services' order; compensations
// never fail.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/saga/client.h"
#include "core/protocols/saga/orchestrator.h"
#include "core/protocols/saga/properties.h"
#include "core/protocols/saga/service.h"
#include "core/sim/oracles.h"

namespace netsplit::saga {

struct Protocol {
  using Message = saga::Message;
  using Timer = saga::Timer;
  using Request = saga::Request;
  using Node = std::variant<Client, Orchestrator, Service>;
  using Params = saga::Params;
  static constexpr std::string_view name = "saga";
  static constexpr std::string_view title = "Saga";
  static constexpr std::string_view sentence =
      "Step by step without locks; when a step fails, those before it are compensated.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::style>(
            "style", "Whether an orchestrator leads, or each service passes the saga on."),
        flag_parameter<&Params::idempotent>(
            "idempotent", "A compensation that is asked for twice happens once. Off breaks it."),
        flag_parameter<&Params::pending>(
            "pending", "A step is shown to nobody until all steps of its saga are done."),
        count_parameter<&Params::tries>(
            "tries", 1, 100,
            "How often a step is asked for without an answer before the orchestrator turns back."),
        time_parameter<&Params::retry_us>("retry", milliseconds(1), hours(1),
                                          "After how long without an answer it is asked again."),
        time_parameter<&Params::give_up_us>("give_up", milliseconds(1), hours(10),
                                            "After how long a client stops waiting."),
        time_parameter<&Params::log_us>("log", 0, seconds(10),
                                        "How long it takes to write a record to the log."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"all_or_nothing", "In the end each saga is fully done or fully compensated.",
         PropertyKind::finally, all_or_nothing<Protocol>},
        {"undone_once", "No step is undone more often than it was done.", PropertyKind::always,
         undone_once<Protocol>},
        {"no_dirty_read", "Nobody is shown a step that is undone later.", PropertyKind::always,
         no_dirty_read<Protocol>},
        {"all_answered", "Every client learns the outcome, if only that nobody knows.",
         PropertyKind::finally, all_answered<Protocol>},
    };
  }
  static std::vector<Stopwatch<Protocol>> stopwatches() {
    return {{"half_done", "How long a saga could be seen half done.", half_done<Protocol>}};
  }
  static bool linked(std::string_view a, std::string_view b) { return a != b || a == "Service"; }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return record.operation.name == "look" ? "look"
                                           : "transaction " + std::to_string(record.number);
  }
};

}  // namespace netsplit::saga
