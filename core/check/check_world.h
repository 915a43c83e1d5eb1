// A check of one protocol from beginning to end: explore, judge, and write down the ways found.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "core/check/check.h"
#include "core/check/checked_protocol.h"
#include "core/check/handlers.h"
#include "core/check/world_model.h"
#include "core/sim/session.h"

namespace netsplit::check {

// Errors: what in the setup does not fit the protocol, or a check.
Result<CheckReport> check_world(const CheckedProtocol& protocol, const Setup& setup,
                                const CheckOptions& options, const Executor& execute,
                                const OnProgress& on_progress);

// Requires: the setup fits.
std::shared_ptr<const Topology> topology_of(const ProtocolInfo& info, const Setup& setup);
std::shared_ptr<const Handlers> handlers_of(const CheckedProtocol& protocol, const Setup& setup,
                                            const CheckOptions& options);

}  // namespace netsplit::check
