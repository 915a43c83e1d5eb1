#include "core/check/replay.h"

namespace netsplit::check {

Setup by_hand(const Setup& setup, const std::vector<std::vector<std::uint32_t>>& choices) {
  Setup made = setup;
  made.manual = true;
  made.script.clear();
  made.nodes.clear();
  const bool any =
      std::any_of(choices.begin(), choices.end(), [](const auto& one) { return !one.empty(); });
  std::int32_t at = 0;
  for (NodeGroup group : setup.nodes) {
    group.clock = ClockSpec{};
    for (std::int32_t i = 0; any && !group.joins_later && i < group.count; ++i) {
      const NodeId id{at + i};
      Input join = on_nodes(Action::join, 0, {id});
      join.choices = choices[static_cast<std::size_t>(id.value)];
      made.script.push_back(std::move(join));
    }
    at += group.count;
    group.joins_later = group.joins_later || any;
    made.nodes.push_back(std::move(group));
  }
  return made;
}

}  // namespace netsplit::check
