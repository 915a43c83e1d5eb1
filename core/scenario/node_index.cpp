#include "core/scenario/node_index.h"

#include "core/base/names.h"
#include "core/scenario/json_reader.h"

namespace netsplit {
namespace {

// The number written by `digits`, or 0 when it is none, has a leading zero or is beyond any node.
std::int32_t number_of(std::string_view digits) {
  if (digits.empty() || digits.size() > 7 || digits.front() == '0') return 0;
  std::int32_t number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return 0;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

NodeIndex::NodeIndex(const std::vector<NodeGroup>& groups) {
  for (const NodeGroup& group : groups) {
    by_name_.emplace(group.name, groups_.size());
    groups_.push_back(Group{group.name, count_, group.count});
    count_ += group.count;
  }
}

Status NodeIndex::check(const std::vector<NodeGroup>& groups) {
  std::int64_t total = 0;
  std::map<std::string, std::int32_t, std::less<>> counts;
  for (const NodeGroup& group : groups) {
    total += group.count;
    if (total > nodes_max) {
      return Error{"expected at most " + std::to_string(nodes_max) + " nodes in all"};
    }
    if (!counts.emplace(group.name, group.count).second) {
      return Error{"there are two nodes or groups named " + in_quotes(group.name)};
    }
  }
  // A group's members are numbered from 1: if any of them is called as a member of a group with a
  // shorter name is, then its first is. The group's own name must not be such a member's either.
  for (const NodeGroup& group : groups) {
    const std::string first = group.name + "1";
    for (std::size_t split = 1; split < group.name.size(); ++split) {
      const auto other = counts.find(std::string_view(group.name).substr(0, split));
      if (other == counts.end() || other->second == 1) continue;
      const std::int32_t own = number_of(std::string_view(group.name).substr(split));
      if (own >= 1 && own <= other->second) {
        return Error{"there are two nodes or groups named " + in_quotes(group.name)};
      }
      const std::int32_t number = number_of(std::string_view(first).substr(split));
      if (group.count > 1 && number >= 1 && number <= other->second) {
        return Error{"there are two nodes named " + in_quotes(first)};
      }
    }
  }
  return Done{};
}

NodeId NodeIndex::find(std::string_view name) const {
  const auto whole = by_name_.find(name);
  if (whole != by_name_.end() && groups_[whole->second].count == 1) {
    return NodeId{groups_[whole->second].first};
  }
  for (std::size_t split = name.size(); split-- > 1;) {
    if (name[split] < '0' || name[split] > '9') break;
    const std::int32_t number = number_of(name.substr(split));
    const auto found = by_name_.find(name.substr(0, split));
    if (number == 0 || found == by_name_.end()) continue;
    const Group& group = groups_[found->second];
    if (group.count > 1 && number <= group.count) return NodeId{group.first + number - 1};
  }
  return nobody;
}

std::size_t NodeIndex::group_of(NodeId id) const {
  const auto after =
      std::upper_bound(groups_.begin(), groups_.end(), id.value,
                       [](std::int32_t value, const Group& group) { return value < group.first; });
  return static_cast<std::size_t>(after - groups_.begin()) - 1;
}

std::string NodeIndex::name(NodeId id) const {
  if (id.value < 0 || id.value >= count_) return {};
  const Group& group = groups_[group_of(id)];
  return group.count == 1 ? group.name : group.name + std::to_string(id.value - group.first + 1);
}

Result<std::pair<NodeId, NodeId>> NodeIndex::span_of(std::string_view text) const {
  const NodeId one = find(text);
  if (one != nobody) return std::pair{one, one};
  const auto group = by_name_.find(text);
  if (group != by_name_.end()) {
    const Group& all = groups_[group->second];
    return std::pair{NodeId{all.first}, NodeId{all.first + all.count - 1}};
  }
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return unknown(text);
  const NodeId first = find(text.substr(0, dots));
  const NodeId last = find(text.substr(dots + 2));
  if (first == nobody) return unknown(text.substr(0, dots));
  if (last == nobody) return unknown(text.substr(dots + 2));
  if (group_of(first) != group_of(last) || first > last) {
    return Error{"the range " + in_quotes(text) + " does not go upwards within one group"};
  }
  return std::pair{first, last};
}

std::vector<std::string> NodeIndex::texts_of(const std::vector<NodeId>& nodes) const {
  std::vector<std::string> texts;
  for (std::size_t at = 0; at < nodes.size();) {
    if (nodes[at].value < 0 || nodes[at].value >= count_) {
      texts.emplace_back();
      ++at;
      continue;
    }
    const Group& group = groups_[group_of(nodes[at])];
    const std::int32_t group_end = group.first + group.count;
    std::size_t end = at + 1;
    while (end < nodes.size() && nodes[end].value == nodes[end - 1].value + 1 &&
           nodes[end].value < group_end) {
      ++end;
    }
    if (group.count > 1 && end - at == static_cast<std::size_t>(group.count)) {
      texts.push_back(group.name);
    } else if (end - at > 2) {
      texts.push_back(name(nodes[at]) + ".." + name(nodes[end - 1]));
    } else {
      for (std::size_t i = at; i < end; ++i) texts.push_back(name(nodes[i]));
    }
    at = end;
  }
  return texts;
}

Error NodeIndex::unknown(std::string_view name) const {
  std::vector<std::string> known;
  for (const Group& group : groups_) {
    known.push_back(group.count == 1 ? group.name : group.name + "1");
    if (group.count > 1) known.push_back(group.name + std::to_string(group.count));
  }
  return Error{"there is no node " + in_quotes(name) + "; " + expected_names(name, known)};
}

}  // namespace netsplit
