// Who is there: names and roles, by ranges, so that a million nodes of one kind cost one entry. It
// does not change during a run and is shared by all copies of a world.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/inspect.h"
#include "core/sim/setup.h"

namespace netsplit {

class Topology {
 public:
  struct Range {
    std::string name;
    std::int32_t role = 0;
    std::int32_t first = 0;
    std::int32_t count = 0;
  };

  // `role_names` as the protocol lists them.
  // Errors: an unknown role, a name used twice, a count out of range.
  static Result<Topology> make(const std::vector<NodeGroup>& groups,
                               const std::vector<std::string>& role_names);

  std::int32_t node_count() const { return node_count_; }
  std::int32_t role(NodeId id) const { return range(id).role; }
  std::string name(NodeId id) const;
  // Nobody when there is none of that name.
  NodeId find(std::string_view name) const;
  // The nodes of a role, in order.
  std::vector<NodeId> nodes_of(std::int32_t role) const;
  // Nobody when there is none.
  NodeId first_of(std::int32_t role) const;
  // The names of the first few thousand nodes; further ones are named by their number.
  NodeNames names() const { return names_; }

 private:
  const Range& range(NodeId id) const;

  std::vector<Range> ranges_;
  std::vector<std::string> names_;
  std::int32_t node_count_ = 0;
};

}  // namespace netsplit
