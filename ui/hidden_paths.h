// Where nodes are hidden, what went through them still orders what is shown: from an event of one
// shown node to an event of another, by way of hidden ones. Of these only the arrows that no other
// way implies are kept (the transitive reduction, as ShiViz draws it: Beschastnikh et al. 2016).
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "ui/space_time_index.h"

namespace netsplit::ui {

struct HiddenPath {
  EventIndex from = no_event, to = no_event;
  NodeId from_node, to_node;
  Place sent, ended;
};

class HiddenPaths {
 public:
  std::vector<HiddenPath> paths;  // by their end, in real time
  Reach reach;

  // Cost: proportional to the events since the last call, unless other nodes are shown.
  // Requires: the index follows the same trace.
  void follow(const Trace& trace, const SpaceTimeIndex& index, const TimeView& view,
              std::uint64_t generation, std::int32_t branch);

 private:
  // The latest event of each shown node that leads to a moment of a hidden one.
  struct Known {
    NodeId node;
    EventIndex event;
  };
  using Frontier = std::vector<Known>;

  void take(const Trace& trace, const SpaceTimeIndex& index, const Event& event);
  void arrive(const Trace& trace, const SpaceTimeIndex& index, const Event& event,
              const Frontier& with);
  const Frontier* carried_by(const Trace& trace, const Event& delivery) const;
  bool shown(NodeId id) const { return shown_[static_cast<std::size_t>(id.value)]; }

  std::vector<bool> shown_;
  std::vector<Frontier> hidden_;                        // by node
  std::unordered_map<MessageId, Frontier> on_the_way_;  // from or to hidden ones
  EventIndex taken_ = 0;
  std::uint64_t generation_ = 0;
  std::int32_t branch_ = -1;
};

}  // namespace netsplit::ui
