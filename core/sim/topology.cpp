#include "core/sim/topology.h"

#include <algorithm>

namespace netsplit {
namespace {
constexpr std::size_t named_max = 4096;

// Whether the n-th of several nodes called `many` has the name of one in `other`.
bool names_clash(const Topology::Range& many, const Topology::Range& other) {
  if (many.name == other.name) return true;
  if (many.count == 1 || !other.name.starts_with(many.name)) return false;
  const std::string number = other.name.substr(many.name.size()) + (other.count == 1 ? "" : "1");
  return number[0] != '0' && parse_integer(number, 1, many.count).ok();
}
}  // namespace

Result<Topology> Topology::make(const std::vector<NodeGroup>& groups,
                                const std::vector<std::string>& role_names) {
  Topology topology;
  if (groups.empty()) return Error{"nodes: expected at least one node"};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const NodeGroup& group = groups[i];
    const std::string path = "nodes[" + std::to_string(i) + "]";
    const auto role = std::find(role_names.begin(), role_names.end(), group.role);
    if (role == role_names.end()) {
      return Error{path + ".role: there is no role \"" + group.role + "\"; " +
                   expected_names(group.role, role_names)};
    }
    if (group.count < 1 || group.count > nodes_max - topology.node_count_) {
      return Error{path + ".count: " + std::to_string(group.count) + " nodes; expected 1 to " +
                   std::to_string(nodes_max) + " in all"};
    }
    const Range range{group.name, static_cast<std::int32_t>(role - role_names.begin()),
                      topology.node_count_, group.count};
    for (const Range& other : topology.ranges_) {
      if (names_clash(other, range) || names_clash(range, other)) {
        return Error{path + ".name: \"" + group.name + "\" is used twice; names must differ"};
      }
    }
    topology.ranges_.push_back(range);
    topology.node_count_ += group.count;
  }
  for (const Range& range : topology.ranges_) {
    for (std::int32_t i = 0; i < range.count && topology.names_.size() < named_max; ++i) {
      topology.names_.push_back(range.count == 1 ? range.name : range.name + std::to_string(i + 1));
    }
  }
  return topology;
}

const Topology::Range& Topology::range(NodeId id) const {
  NETSPLIT_ASSERT(id.value >= 0 && id.value < node_count_);
  const auto after =
      std::upper_bound(ranges_.begin(), ranges_.end(), id.value,
                       [](std::int32_t value, const Range& range) { return value < range.first; });
  return *(after - 1);
}

std::string Topology::name(NodeId id) const {
  if (id == nobody) return "nobody";
  const Range& own = range(id);
  return own.count == 1 ? own.name : own.name + std::to_string(id.value - own.first + 1);
}

NodeId Topology::find(std::string_view name) const {
  for (const Range& range : ranges_) {
    if (range.count == 1) {
      if (range.name == name) return NodeId{range.first};
      continue;
    }
    if (!name.starts_with(range.name)) continue;
    const auto number = parse_integer(name.substr(range.name.size()), 1, range.count);
    if (number) return NodeId{range.first + static_cast<std::int32_t>(number.value()) - 1};
  }
  return nobody;
}

std::vector<NodeId> Topology::nodes_of(std::int32_t role) const {
  std::vector<NodeId> nodes;
  for (const Range& range : ranges_) {
    if (range.role != role) continue;
    for (std::int32_t i = 0; i < range.count; ++i) nodes.push_back(NodeId{range.first + i});
  }
  return nodes;
}

NodeId Topology::first_of(std::int32_t role) const {
  for (const Range& range : ranges_) {
    if (range.role == role) return NodeId{range.first};
  }
  return nobody;
}

}  // namespace netsplit
