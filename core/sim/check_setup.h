// Is this setup one that can be run? Every number is bounded, so that no file and no link can ask
// for what cannot be simulated.
#pragma once

#include "core/base/result.h"
#include "core/sim/session.h"
#include "core/sim/setup.h"
#include "core/sim/topology.h"

namespace netsplit {

// Errors: the path of the first thing that does not fit, what it is, and what was expected.
// Requests' arguments are the protocol's to check.
Status check_setup(const Setup& setup, const Topology& topology);
Status check_input_shape(const Input& input, const Topology& topology,
                         const ProtocolInfo& protocol);
Status check_link(const LinkSpec& link, const std::string& path);
Status check_clock(const ClockSpec& clock, const std::string& path);

}  // namespace netsplit
