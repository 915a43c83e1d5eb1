// Nodes by name. A file says "alice", "n17" (the seventeenth of the group "n"), "n" (all of that
// group) or "n3..n9"; inside, a node is a number. Nothing here grows with the number of nodes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/sim/setup.h"

namespace netsplit {

class NodeIndex {
 public:
  // Requires: check() found nothing wrong with the groups.
  explicit NodeIndex(const std::vector<NodeGroup>& groups);

  // Errors: two nodes of one name, or more than nodes_max nodes.
  static Status check(const std::vector<NodeGroup>& groups);

  std::int32_t count() const { return count_; }
  // Nobody when there is no node of that name.
  NodeId find(std::string_view name) const;
  std::string name(NodeId id) const;
  // The position, in the setup, of the group that holds the node. Requires: the node exists.
  std::size_t group_of(NodeId id) const;

  // The first and last node that `text` stands for: a node, a group or a range.
  // Errors: the nearest known name.
  Result<std::pair<NodeId, NodeId>> span_of(std::string_view text) const;
  // The shortest texts that stand for these nodes, in their order.
  std::vector<std::string> texts_of(const std::vector<NodeId>& nodes) const;

  // `there is no node "alcie"; did you mean "alice"?`
  Error unknown(std::string_view name) const;

 private:
  struct Group {
    std::string name;
    std::int32_t first = 0;
    std::int32_t count = 1;
  };

  std::vector<Group> groups_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
  std::int32_t count_ = 0;
};

}  // namespace netsplit
