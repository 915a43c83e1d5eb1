// A protocol's side of the edge (checked_protocol.h): all of a check that is compiled for each.
#pragma once

#include <memory>
#include <utility>
#include <variant>

#include "core/check/checked_protocol.h"
#include "core/check/history_property.h"
#include "core/sim/dispatch.h"
#include "core/sim/typed_session.h"

namespace netsplit::check {

// Calls the handler as every run does, through a Context; there is no time.
template <Protocol P>
void call_handler(const Called& node, const Happening& happening, Choices& choices, Asked& asked) {
  using Ctx = typename World<P>::Ctx;
  using EffectList = typename Ctx::EffectList;
  const typename Ctx::Surroundings around{&node.topology, World<P>::role_types(),
                                          static_cast<const typename P::Params*>(node.params)};
  EffectList effects;
  Ctx context(around, node.self, 0, 0, node.operations, choices, effects);
  netsplit::detail::call_handler<P>(*static_cast<typename P::Node*>(node.state), context,
                                    happening);
  asked.read_a_clock = asked.read_a_clock || context.read_a_clock();
  for (auto& sent : effects.sends) {
    asked.sends.push_back(
        {sent.to, std::make_shared<const typename P::Message>(std::move(sent.message))});
  }
  const auto shared = [](const typename P::Timer& timer) {
    return std::make_shared<const typename P::Timer>(timer);
  };
  for (const auto& effect : effects.others) {
    if (const auto* set = std::get_if<typename EffectList::SetTimer>(&effect)) {
      asked.timers.push_back({shared(set->timer), true, set->low_us, set->high_us});
    } else if (const auto* off = std::get_if<typename EffectList::CancelTimer>(&effect)) {
      asked.timers.push_back({shared(off->timer)});
    } else if (const auto* begun = std::get_if<Invoke>(&effect)) {
      asked.history.push_back(
          {HistoryEffect::Kind::invoke, begun->number, begun->operation, Outcome::pending, 0});
    } else if (const auto* ended = std::get_if<Complete>(&effect)) {
      asked.history.push_back(
          {HistoryEffect::Kind::complete, ended->number, {}, ended->outcome, ended->result});
    }
  }
}

template <Protocol P>
const CheckedProtocol& checked_protocol() {
  using Params = typename P::Params;
  static const CheckedProtocol made =
                                   [] {
                                     CheckedProtocol protocol{&protocol_info<P>(),
                                                              &World<P>::own_types, {},
                                                              requires {P::needs_trace;
                                   },
                               requires {
    P::argument_is_node;
  }
  , {}, {}, {}, {}, {}
};
for (const auto& one : properties_of<P>())
  protocol.properties.push_back({one.name, one.sentence, one.kind, one.of_history});
protocol.session = [](const Setup& setup) {
  return TypedSession<P>::make(setup, properties_of<P>());
};
protocol.params = [](const Setup& setup) -> Content {
  return std::make_shared<const Params>(params_of<P>(setup).value());
};
protocol.world = [](std::shared_ptr<const Topology> topology, const void* params,
                    const Setup& setup) -> std::unique_ptr<WorldBase> {
  return std::make_unique<World<P>>(std::move(topology), *static_cast<const Params*>(params),
                                    setup);
};
protocol.call = call_handler<P>;
protocol.judge = [](std::size_t property, const Moment& moment) {
  return properties_of<P>()[property].check(View<P>(moment));
};
return protocol;
}
();
return made;
}

}  // namespace netsplit::check
