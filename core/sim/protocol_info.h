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
  bool tells_effects = false;         // of operations, whether and when they truly happened
  std::vector<MeterInfo> meters;

  std::vector<std::string> role_names() const;
};

namespace detail {

// What a protocol's types tell of it: the schemas of their variants, and for each of their
// alternatives what no schema says.
struct ProtocolFacts {
  std::string_view name;
  std::string_view title;
  std::string_view sentence;
  const Schema& nodes;
  const Schema& messages;
  const Schema& timers;
  const Schema& requests;
  std::span<const Shape> shapes;              // of the roles
  std::span<const bool> leases;               // of the timers: whether it stands for a lease
  std::span<const std::uint32_t> understood;  // of the requests: the roles that do, a bit each
};
// The type Never, for protocols without requests, is none.
ProtocolInfo describe(const ProtocolFacts& facts, std::vector<ParameterInfo> parameters,
                      std::vector<MeterInfo> meters);

}  // namespace detail
}  // namespace netsplit
