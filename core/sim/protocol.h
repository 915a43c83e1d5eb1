// What a protocol's header provides: value types and functions over them. See docs/protocols.md.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "core/base/encode.h"
#include "core/base/inspect.h"
#include "core/base/visit.h"
#include "core/sim/meter.h"
#include "core/sim/parameter.h"
#include "core/sim/property.h"
#include "core/sim/session.h"

namespace netsplit {

template <class P>
struct Property {
  std::string_view name;
  std::string_view sentence;
  PropertyKind kind{};
  Verdict (*check)(const View<P>&);
  // An *always* that looks at the clients' history alone: asked again when an operation was
  // answered, and of very long histories less often.
  bool of_history = false;
};

template <class P>
concept Protocol = requires {
  typename P::Message;
  typename P::Timer;
  typename P::Request;
  typename P::Node;
  typename P::Params;
  { P::name } -> std::convertible_to<std::string_view>;
  { P::title } -> std::convertible_to<std::string_view>;
  { P::sentence } -> std::convertible_to<std::string_view>;
  { P::parameters() } -> std::same_as<std::vector<Parameter<typename P::Params>>>;
  { P::properties() } -> std::same_as<std::vector<Property<P>>>;
};

// For protocols without timers, requests or messages of a kind.
struct Never {
  FIELDS_NONE
};

namespace detail {

template <class Variant>
struct alternatives;
template <class... Ts>
struct alternatives<std::variant<Ts...>> {
  template <class Visit>
  static void for_each(Visit&& visit) {
    (visit.template operator()<Ts>(), ...);
  }
  static constexpr std::array<std::string_view, sizeof...(Ts)> names{type_name<Ts>()...};

  template <class T>
  static constexpr bool is_lease() {
    if constexpr (requires { T::lease; }) return T::lease;
    return false;
  }
  // Of timers: which of them stand for a lease.
  static constexpr std::array<bool, sizeof...(Ts)> leases{is_lease<Ts>()...};
};

template <class Role, class Ctx, class Event>
concept Handles = requires(Role& role, Ctx& ctx, const Event& event) {
  role.on(ctx, event);
};

template <class Role, class Ctx, class Message>
concept Receives = requires(Role& role, Ctx& ctx, const Message& message) {
  role.on(ctx, NodeId{}, message);
};

template <class Role>
concept Durable = requires(Role& role) {
  role.disk;
};

}  // namespace detail
}  // namespace netsplit
