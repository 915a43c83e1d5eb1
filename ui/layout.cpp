#include "ui/layout.h"

#include <algorithm>
#include <cmath>

namespace netsplit::ui {
namespace {

constexpr std::int32_t two_rings_nodes_max = 60;

// `count` places on an ellipse that is `aspect` times as wide as high, as far from each other as
// the eye measures it. One node always stands on top; two stand side by side.
std::vector<ImVec2> on_ellipse(std::size_t count, float reach, float aspect) {
  if (count == 1) return {{500, 500}};
  constexpr int parts = 720;
  const float turn = count == 2 ? pi : -pi / 2;
  const auto at = [&](int part) {
    const float angle = turn + 2 * pi * static_cast<float>(part) / parts;
    return ImVec2(std::cos(angle), std::sin(angle));
  };
  std::vector<float> gone{0};
  for (int i = 1; i <= parts; ++i) {
    const ImVec2 step = at(i) - at(i - 1);
    gone.push_back(gone.back() + std::hypot(step.x * aspect, step.y));
  }
  std::vector<ImVec2> places;
  for (std::size_t i = 0; i < count; ++i) {
    const float wanted = gone.back() * static_cast<float>(i) / static_cast<float>(count);
    const auto part = std::lower_bound(gone.begin(), gone.end(), wanted) - gone.begin();
    const ImVec2 point = at(static_cast<int>(part));
    places.push_back({500 + reach * point.x, 500 + reach * point.y});
  }
  return places;
}

ImVec2 in_sunflower(std::int32_t index, std::int32_t count) {
  const float golden = pi * (3 - std::sqrt(5.f));
  const float share = (static_cast<float>(index) + 0.5f) / static_cast<float>(count);
  const float radius = 490 * std::sqrt(share);
  const float angle = golden * static_cast<float>(index);
  return {500 + radius * std::cos(angle), 500 + radius * std::sin(angle)};
}

// Clients outside, those who serve them inside. False when there is only one of the two, or too
// many for two rings.
bool on_two_rings(const Session& session, float aspect, std::vector<ImVec2>& places) {
  const std::int32_t count = session.node_count();
  if (count > two_rings_nodes_max) return false;
  std::vector<std::size_t> inner, outer;
  for (std::int32_t i = 0; i < count; ++i) {
    const auto role = static_cast<std::size_t>(session.node_role({i}));
    const bool client = session.protocol().roles[role].shape == Shape::client;
    (client ? outer : inner).push_back(static_cast<std::size_t>(i));
  }
  if (inner.empty() || outer.empty() || inner.size() > outer.size()) return false;
  const auto place = [&](const std::vector<std::size_t>& ring, float reach) {
    const std::vector<ImVec2> stands = on_ellipse(ring.size(), reach, aspect);
    for (std::size_t i = 0; i < ring.size(); ++i) places[ring[i]] = stands[i];
  };
  place(outer, 490);
  place(inner, 220);
  return true;
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
  // A few stand at equal angles, as a reader expects of three or four.
  std::vector<ImVec2> places;
  if (count <= ring_nodes_max) {
    places = on_ellipse(static_cast<std::size_t>(count), 420, count > 6 ? aspect : 1);
  } else {
    for (std::int32_t i = 0; i < count; ++i) places.push_back(in_sunflower(i, count));
  }
  if (count > 12) on_two_rings(session, aspect, places);
  if (count > 2 && count <= 6 && aspect > 1.5f) {
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

float field_spacing(std::int32_t count, float width, float height) {
  // A sunflower's seeds are 1.6 / sqrt(count) of its radius apart; drawn wide, closer in height.
  const float seeds = 1.6f * 0.49f / std::sqrt(static_cast<float>(std::max(count, 1)));
  return seeds * std::min(width, height);
}

float radius_for(std::int32_t count, float width, float height) {
  const float room = std::sqrt(width * height / static_cast<float>(std::max(count, 1)));
  return std::clamp(std::min(room * 0.2f, std::min(width, height) * 0.092f), 3.f, 40.f);
}

}  // namespace netsplit::ui
