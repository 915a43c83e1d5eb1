// Small strong types. A field's type is its hint: a `Token` is drawn as a hexagon, a `NodeId` by
// the node's name, an `Epoch` by its colour, a `LogIndex` as a mark below the log's cells, and an
// integer whose name ends in `_us` as a time. Locks and logs: core/base/hinted.h.
#pragma once

#include <compare>
#include <cstdint>

namespace netsplit {

// A node's position in the scenario's list of nodes; -1 is nobody.
struct NodeId {
  std::int32_t value = -1;
  friend constexpr auto operator<=>(const NodeId&, const NodeId&) = default;
};
inline constexpr NodeId nobody{};

// A number that only grows and is handed out once: a fencing token, a version.
struct Token {
  std::int64_t value = 0;
  friend constexpr auto operator<=>(const Token&, const Token&) = default;
  constexpr Token next() const { return Token{value + 1}; }
};

// A period of leadership: a term, a ballot, an epoch.
struct Epoch {
  std::int64_t value = 0;
  friend constexpr auto operator<=>(const Epoch&, const Epoch&) = default;
  constexpr Epoch next() const { return Epoch{value + 1}; }
};

// A position in a log: entries are numbered from 1, and 0 is before the first.
struct LogIndex {
  std::int64_t value = 0;
  friend constexpr auto operator<=>(const LogIndex&, const LogIndex&) = default;
  constexpr LogIndex next() const { return LogIndex{value + 1}; }
  constexpr LogIndex previous() const { return LogIndex{value - 1}; }
};

// Messages are numbered from 1 in the order they are sent; 0 is none. A duplicate has its own.
using MessageId = std::uint64_t;
// Events are numbered from 0 in the order they happen in the trace.
using EventIndex = std::int64_t;
inline constexpr EventIndex no_event = -1;

}  // namespace netsplit
