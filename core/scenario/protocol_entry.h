// What the registry knows of a protocol: its description, and the engine made for it. The build
// instantiates it for each header in core/protocols in a file of its own (cmake/protocols.cmake),
// so that protocols are compiled side by side, and only those that changed.
#pragma once

#include "core/check/check_world.h"
#include "core/check/history_property.h"
#include "core/scenario/registry.h"
#include "core/sim/typed_session.h"

namespace netsplit {

template <class P>
ProtocolEntry protocol_entry() {
  const auto make = [](const Setup& setup) {
    return TypedSession<P>::make(setup, check::properties_of<P>());
  };
  return {&protocol_info<P>(), make, &check::check_world<P>};
}

}  // namespace netsplit
