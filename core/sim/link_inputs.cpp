#include "core/sim/link_inputs.h"

namespace netsplit {
namespace {

// A handful of links are cut one by one, so that each can be healed by itself; more become a mask.
constexpr std::size_t single_links_max = 4096;

template <class Visit>
void for_pairs(const Input& input, Visit visit) {
  for (const NodeId a : input.groups[0]) {
    for (const NodeId b : input.groups[1]) {
      if (a == b) continue;
      visit(a, b);
      if (!input.one_way) visit(b, a);
    }
  }
}

std::vector<NodeId> others_than(const std::vector<NodeId>& group, std::int32_t node_count) {
  std::vector<bool> inside(static_cast<std::size_t>(node_count));
  for (const NodeId id : group) inside[static_cast<std::size_t>(id.value)] = true;
  std::vector<NodeId> others;
  for (std::int32_t i = 0; i < node_count; ++i) {
    if (!inside[static_cast<std::size_t>(i)]) others.push_back(NodeId{i});
  }
  return others;
}

bool cut(LinkTable& links, const Input& input) {
  const auto& groups = input.groups;
  if (groups[0].size() * groups[1].size() <= single_links_max) {
    for_pairs(input, [&](NodeId a, NodeId b) { links.cut(a, b); });
    return true;
  }
  return links.cut_between(groups[0], groups[1]) &&
         (input.one_way || links.cut_between(groups[1], groups[0]));
}

}  // namespace

bool change_links(LinkTable& links, const Input& input, Rng& scenario) {
  const auto& groups = input.groups;
  switch (input.action) {
    case Action::cut:
      return cut(links, input);
    case Action::heal:
      if (groups.size() < 2) {
        links.heal_all();
      } else {
        for_pairs(input, [&](NodeId a, NodeId b) { links.heal(a, b); });
      }
      return true;
    case Action::partition:
      if (input.one_way)
        return links.cut_between(groups[0], others_than(groups[0], links.node_count()));
      links.split(groups);
      return true;
    case Action::isolate:
      for (const NodeId id : groups[0]) links.isolate(id, input.one_way);
      return true;
    case Action::cut_random:
      links.cut_random(input.ppm, scenario.next());
      return true;
    case Action::link:
      if (groups.size() < 2) {
        links.set_default(input.link);
      } else {
        for_pairs(input, [&](NodeId a, NodeId b) { links.set_link(a, b, input.link); });
      }
      return true;
    default:
      return true;
  }
}

}  // namespace netsplit
