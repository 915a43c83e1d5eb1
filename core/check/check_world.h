// A check of one protocol from beginning to end: explore, judge, and write down the ways found.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "core/check/check.h"
#include "core/check/handlers.h"
#include "core/check/replay.h"
#include "core/check/world_model.h"
#include "core/sim/session.h"

namespace netsplit::check {

// What a check takes from a protocol. Setups are those that `session` accepts.
struct CheckedProtocol {
  const ProtocolInfo* info;
  Result<std::unique_ptr<Session>> (*session)(const Setup& setup);  // judged by all properties
  std::shared_ptr<const Handlers> (*handlers)(const Setup& setup, const CheckOptions& options);
  std::unique_ptr<Replay> (*replay)(const WorldModel& model, const Setup& setup,
                                    const std::vector<std::vector<std::uint32_t>>& choices);
};

// Errors: what in the setup does not fit the protocol, or a check.
Result<CheckReport> check_world(const CheckedProtocol& protocol, const Setup& setup,
                                const CheckOptions& options, const Executor& execute,
                                const OnProgress& on_progress);

// Requires: the setup fits.
std::shared_ptr<const Topology> topology_of(const ProtocolInfo& info, const Setup& setup);

}  // namespace netsplit::check
