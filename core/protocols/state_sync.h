// Keeping a copy up to date over a thin line.
//
// "Bandwidth is infinite" is the third of the eight fallacies of distributed computing. A shop's
// stock changes all the time, and a branch keeps a copy. To send the whole state every second is
// simple, and right on a fast line. On a thin one each second adds more than the line carries in a
// second: the messages queue, the queue grows for ever, and what arrives is older each time. No
// message is lost and nothing fails, so nothing tells.
//
// Three remedies. A delta holds only what has changed since what the copy is known to have; known,
// because the copy said so: a delta since what was *sent* last misses what was lost. Paging keeps
// one message small, however much has changed at once. Backpressure sends the next only when the
// last one has arrived: then the queue cannot grow, and what is not sent yet is only ever sent in
// its newest form. A copy that falls behind skips versions; it does not fall behind for ever.
//
// Source: Deutsch and his colleagues at Sun Microsystems (1994); Jacobson, "Congestion avoidance
// and control" (SIGCOMM 1988), for why a sender must listen. Simplified: one source, one copy;
// records are never deleted.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/state_sync/copy.h"
#include "core/protocols/state_sync/properties.h"
#include "core/protocols/state_sync/source.h"

namespace netsplit::state_sync {

struct Protocol {
  using Message = state_sync::Message;
  using Timer = state_sync::Timer;
  using Request = state_sync::Request;
  using Node = std::variant<Source, Copy>;
  using Params = state_sync::Params;
  static constexpr std::string_view name = "state_sync";
  static constexpr std::string_view title = "State synchronisation";
  static constexpr std::string_view sentence =
      "A source's records change all the time, and a copy is kept up to date over a thin line.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::what>("what",
                                        "What an update holds: everything; what has changed since "
                                        "the last one; or since what the copy said it has."),
        flag_parameter<&Params::backpressure>(
            "backpressure", "The next update is sent when the copy has said that the last came."),
        count_parameter<&Params::page>("page", 1, 10'000, "The most records in one delta."),
        count_parameter<&Params::records>("records", 1, 10'000, "Records of the state."),
        count_parameter<&Params::changes>("changes", 0, 1'000, "Changes in each round."),
        count_parameter<&Params::rounds>("rounds", 0, 1'000, "Rounds of changes."),
        time_parameter<&Params::period_us>("period", milliseconds(1), hours(1),
                                           "How long a round takes."),
        time_parameter<&Params::retry_us>(
            "retry", milliseconds(1), hours(1),
            "How long the source waits for the copy before it sends an update again."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"fresh", "The copy is never more than 3 rounds behind.", PropertyKind::budget,
         fresh<Protocol>},
        {"converged", "In the end the copy is equal to the source.", PropertyKind::finally,
         converged<Protocol>},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"staleness", MeterUnit::time_us, "How old what the copy has is, in whole rounds.",
         staleness<Protocol>},
        {"queued", MeterUnit::bytes, "Bytes that were sent and have not arrived.",
         queued<Protocol>},
    };
  }
  static bool linked(std::string_view a, std::string_view b) { return a != b; }
};

}  // namespace netsplit::state_sync
