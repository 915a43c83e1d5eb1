#include "ui/layout.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace netsplit::ui {
namespace {

constexpr float pi = std::numbers::pi_v<float>;
constexpr std::int32_t ring_nodes_max = 16;

ImVec2 on_ellipse(std::int32_t index, std::int32_t count, float reach) {
  if (count == 1) return {500, 500};
  // Two and four look restless on their corners' usual start; one node always stands on top.
  const float turn = count == 2 ? pi : -pi / 2;
  const float angle = turn + 2 * pi * static_cast<float>(index) / static_cast<float>(count);
  return {500 + reach * std::cos(angle), 500 + reach * std::sin(angle)};
}

ImVec2 in_sunflower(std::int32_t index, std::int32_t count) {
  const float golden = pi * (3 - std::sqrt(5.f));
  const float share = (static_cast<float>(index) + 0.5f) / static_cast<float>(count);
  const float radius = 490 * std::sqrt(share);
  const float angle = golden * static_cast<float>(index);
  return {500 + radius * std::cos(angle), 500 + radius * std::sin(angle)};
}

// Spreads a few nodes over the whole area, whatever margins their positions were given.
void stretch(std::vector<ImVec2>& places) {
  ImVec2 low = places.front();
  ImVec2 high = places.front();
  for (const ImVec2 place : places) {
    low = {std::min(low.x, place.x), std::min(low.y, place.y)};
    high = {std::max(high.x, place.x), std::max(high.y, place.y)};
  }
  const auto spread = [](float at, float from, float to) {
    return to - from < 200 ? at : (at - from) / (to - from) * 1000;
  };
  for (ImVec2& place : places)
    place = {spread(place.x, low.x, high.x), spread(place.y, low.y, high.y)};
}

}  // namespace

std::vector<ImVec2> place_nodes(const Scenario& scenario, const Session& session, float aspect) {
  const std::int32_t count = session.node_count();
  std::vector<ImVec2> places(static_cast<std::size_t>(count));
  for (std::int32_t i = 0; i < count; ++i) {
    places[static_cast<std::size_t>(i)] =
        count <= ring_nodes_max ? on_ellipse(i, count, 420) : in_sunflower(i, count);
  }
  if (count > 2 && count <= ring_nodes_max && aspect > 1.5f) {
    // A wide area leaves the ellipse flat; pulling the sides in keeps the links apart.
    for (ImVec2& place : places) place.x = 500 + (place.x - 500) * 0.88f;
  }
  for (const Position& position : scenario.positions) {
    const NodeId id = session.find_node(position.node);
    if (id == nobody) continue;
    places[static_cast<std::size_t>(id.value)] = {static_cast<float>(position.x),
                                                  static_cast<float>(position.y)};
  }
  if (count > 1 && count <= ring_nodes_max) stretch(places);
  return places;
}

float radius_for(std::int32_t count, float width, float height) {
  const float room = std::sqrt(width * height / static_cast<float>(std::max(count, 1)));
  return std::clamp(std::min(room * 0.2f, std::min(width, height) * 0.092f), 3.f, 40.f);
}

}  // namespace netsplit::ui
