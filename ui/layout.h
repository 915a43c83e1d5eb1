// Where nodes stand when the scenario does not say: an ellipse for a few, two for clients round
// their servers, a sunflower for many
// (Vogel, "A better way to construct the sunflower head", 1979: even density, no rows to misread).
#pragma once

#include <vector>

#include "core/scenario/scenario.h"
#include "core/sim/session.h"
#include "ui/draw.h"

namespace netsplit::ui {

// More nodes than this do not stand on one ring.
inline constexpr std::int32_t ring_nodes_max = 24;

// In thousandths of the drawing area, one per node.
std::vector<ImVec2> place_nodes(const Scenario& scenario, const Session& session, float aspect);

// How far apart the marks of a field in an area of `width` by `height` stand at the least.
float field_spacing(std::int32_t count, float width, float height);

// A node's radius in CSS pixels for so many nodes in an area of `width` by `height`.
float radius_for(std::int32_t count, float width, float height);

}  // namespace netsplit::ui
