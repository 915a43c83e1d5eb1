// What a cut keeps apart: the parts of the network that reach each other, and what they do not
// reach.
#pragma once

#include <string>
#include <vector>

#include "core/sim/session.h"

namespace netsplit::ui {

struct LinkShown {
  NodeId a, b;
  bool cut_ab = false, cut_ba = false;
};

// Nodes that reach each other but not the rest, or are not reached by it.
struct Island {
  std::vector<NodeId> nodes;
  std::string caption;
  bool one_way = false;
};

// From the links as they stand: the strongly connected parts, but for the largest, which is the
// mainland. Cost: links times parts.
std::vector<Island> islands_of(const Session& session, std::vector<LinkShown> links);

// For networks with too many links to look at: from the partitions that the script has made.
std::vector<Island> islands_of_script(const Session& session);

}  // namespace netsplit::ui
