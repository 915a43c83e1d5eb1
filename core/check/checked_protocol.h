// What a check takes from a protocol: the one edge between its types and all of core/check.
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/sim/context.h"
#include "core/sim/property.h"
#include "core/sim/session.h"
#include "core/sim/view.h"
#include "core/sim/world_base.h"

namespace netsplit::check {

// A value of one of a protocol's types, which nobody changes any more.
using Content = std::shared_ptr<const void>;

// What a step does to the history of the clients' operations.
struct HistoryEffect {
  enum class Kind : std::uint8_t { invoke, complete, crash };
  Kind kind{};
  std::uint32_t number = 0;
  Operation operation;
  Outcome outcome{};
  std::int64_t result = 0;
};

// What a handler asked for, types aside.
struct Asked {
  struct Send {
    NodeId to;
    Content message;
  };
  struct Timer {
    Content timer;
    bool is_set = false;  // else cancelled
    Time low_us = 0;
    Time high_us = 0;
  };
  std::vector<Send> sends;
  std::vector<Timer> timers;  // in order
  std::vector<HistoryEffect> history;
  bool read_a_clock = false;
};

// A node for which a handler is called; its state and its number of operations change.
struct Called {
  NodeId self;
  void* state;
  std::uint32_t& operations;
  const Topology& topology;
  const void* params;
};

struct AskedProperty {
  std::string_view name;
  std::string_view sentence;
  PropertyKind kind{};
  bool of_history = false;  // it looks at the clients' history alone
};

// Setups are those that `session` accepts.
struct CheckedProtocol {
  const ProtocolInfo* info;
  const WorldTypes* types;
  std::vector<AskedProperty> properties;
  bool needs_trace;       // the properties look at the trace of one run
  bool argument_is_node;  // of a client's operation
  Result<std::unique_ptr<Session>> (*session)(const Setup& setup);  // judged by all properties
  Content (*params)(const Setup& setup);
  std::unique_ptr<WorldBase> (*world)(std::shared_ptr<const Topology> topology, const void* params,
                                      const Setup& setup);
  void (*call)(const Called& node, const Happening& happening, Choices& choices, Asked& asked);
  Verdict (*judge)(std::size_t property, const Moment& moment);
};

}  // namespace netsplit::check
