// A value as replicas keep it: with a version that tells which of two is the newer one.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "core/sim/protocol.h"

namespace netsplit {

struct VersionedCell {
  std::optional<std::int64_t> value;  // none until something is written
  Token version;
  Hidden<NodeId> writer;  // decides between equal numbers
  FIELDS(value, version, writer)
  bool is_newer_than(const VersionedCell& other) const {
    return std::pair(version, writer.value) > std::pair(other.version, other.writer.value);
  }
};

}  // namespace netsplit
