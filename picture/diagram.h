// The two pictures of a run: the network at the cursor, and the space-time diagram up to the end of
// what was simulated. They show any protocol by what its session says of itself.
#pragma once

#include <string_view>

#include "core/scenario/scenario.h"
#include "core/sim/timeline.h"
#include "picture/picture.h"

namespace netsplit::picture {

// Above so many nodes their names hide.
inline constexpr std::int32_t named_nodes_max = 60;

// The same palette as the window's.
struct Colors {
  Color ground, panel, text, muted, line, link, node, sky, green, vermilion, orange, yellow, pink;
  Color kinds[8];  // messages by kind
};
const Colors& colors(bool light);

// The words that stand in a picture, for translation.
struct Words {
  std::string_view paused = "paused", down = "down", absent = "not here yet", lease = "lease",
                   seed = "seed", held = "held at the cut", network = "Network",
                   space_time = "Space-time";
};

struct Look {
  float width = 1200, height = 800;
  bool light = false;
  Words words;
};

Picture network_diagram(const Timeline& timeline, const Scenario& scenario, const Look& look);
Picture space_time_diagram(const Timeline& timeline, const Scenario& scenario, const Look& look);
// The network over space and time.
Picture both_diagrams(const Timeline& timeline, const Scenario& scenario, const Look& look);

}  // namespace netsplit::picture
