// What the registry knows of a protocol: its description, and the engine made for it. The build
// instantiates it for each header in core/protocols in a file of its own (cmake/protocols.cmake),
// so that protocols are compiled side by side, and only those that changed.
#pragma once

#include "core/check/protocol_edge.h"
#include "core/scenario/registry.h"

namespace netsplit {

template <class P>
const check::CheckedProtocol& protocol_entry() {
  return check::checked_protocol<P>();
}

}  // namespace netsplit
