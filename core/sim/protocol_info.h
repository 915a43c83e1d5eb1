// What a protocol is, apart from any run: its roles, messages, timers, requests, parameters,
// meters.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/schema.h"
#include "core/sim/meter.h"
#include "core/sim/operation.h"
#include "core/sim/parameter.h"

namespace netsplit {

// How a role is drawn; its meaning is in the role's name.
enum class Shape : std::uint8_t { client, server, coordinator, storage, attacker };

struct RoleInfo {
  std::string name;  // "lock_service"
  Shape shape{};
};

struct MessageInfo {
  std::string name;  // "Granted"
};

struct TimerInfo {
  std::string name;                    // "lease_over"
  bool lease = false;                  // while it runs, something is held
  std::vector<std::string> arguments;  // names of its fields
};

struct RequestInfo {
  std::string name;                    // "take_lock"
  std::vector<std::string> arguments;  // names of its fields
  std::vector<std::string> roles;      // that understand it
};

// What a protocol is, apart from any run.
struct ProtocolInfo {
  std::string name;      // "lease_lock"
  std::string title;     // "Lease lock"
  std::string sentence;  // what it is, in one
  std::vector<RoleInfo> roles;
  std::vector<MessageInfo> messages;
  std::vector<TimerInfo> timers;
  std::vector<RequestInfo> requests;
  std::vector<ParameterInfo> parameters;
  std::optional<ObjectKind> history;  // the object that clients share, when they do
  std::vector<MeterInfo> meters;
};

namespace detail {

// What a protocol's description says of its types, by the schemas of their variants.
std::vector<RoleInfo> roles_of(const Schema& nodes, std::span<const Shape> shapes);
std::vector<MessageInfo> messages_of(const Schema& messages);
std::vector<TimerInfo> timers_of(const Schema& timers, std::span<const bool> leases);
// `understood`: for each request the roles that have a handler for it, a bit each. The type Never,
// for protocols without requests, is none.
std::vector<RequestInfo> requests_of(const Schema& requests,
                                     std::span<const std::uint32_t> understood,
                                     const std::vector<RoleInfo>& roles);

}  // namespace detail
}  // namespace netsplit
