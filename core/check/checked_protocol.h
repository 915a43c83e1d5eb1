// What a check takes from a protocol, made from its types.
#pragma once

#include <memory>
#include <vector>

#include "core/check/check_world.h"
#include "core/check/history_property.h"
#include "core/check/protocol_handlers.h"
#include "core/check/protocol_replay.h"
#include "core/sim/typed_session.h"

namespace netsplit::check {

template <Protocol P>
typename P::Params params_of(const Setup& setup) {
  typename P::Params params{};
  for (const auto& parameter : P::parameters()) {
    for (const auto& [name, value] : setup.parameters) {
      if (parameter.info.name == name) parameter.set(params, value);
    }
  }
  return params;
}

template <Protocol P>
const CheckedProtocol& checked_protocol() {
  const auto session = [](const Setup& setup) {
    return TypedSession<P>::make(setup, properties_of<P>());
  };
  const auto handlers = [](const Setup& setup,
                           const CheckOptions& options) -> std::shared_ptr<const Handlers> {
    return std::make_shared<ProtocolHandlers<P>>(topology_of(protocol_info<P>(), setup),
                                                 params_of<P>(setup), options.repeats);
  };
  const auto replay =
      [](const WorldModel& model, const Setup& setup,
         const std::vector<std::vector<std::uint32_t>>& choices) -> std::unique_ptr<Replay> {
    return std::make_unique<ProtocolReplay<P>>(model, setup, topology_of(protocol_info<P>(), setup),
                                               params_of<P>(setup), choices);
  };
  static const CheckedProtocol made{&protocol_info<P>(), session, handlers, replay};
  return made;
}

}  // namespace netsplit::check
