// Partitions on the network: the regions that are cut off, what each cannot reach, and the lasso
// that makes them.
#include <algorithm>
#include <cmath>

#include "ui/canvas.h"
#include "ui/signs.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

// Andrew's monotone chain (1979).
std::vector<ImVec2> convex_hull(std::vector<ImVec2> points) {
  std::sort(points.begin(), points.end(),
            [](ImVec2 a, ImVec2 b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
  const auto turn = [](ImVec2 o, ImVec2 a, ImVec2 b) {
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
  };
  std::vector<ImVec2> hull;
  for (int pass = 0; pass < 2; ++pass) {
    const std::size_t base = hull.size();
    for (const ImVec2 p : points) {
      while (hull.size() >= base + 2 && turn(hull[hull.size() - 2], hull.back(), p) <= 0)
        hull.pop_back();
      hull.push_back(p);
    }
    hull.pop_back();
    std::reverse(points.begin(), points.end());
  }
  return hull;
}

}  // namespace

// Every island's region takes in its nodes and what is written below them.
void Canvas::draw_islands(const Model& model) {
  coasts_.clear();
  for (const Island& island : model.moment.islands) {
    std::vector<ImVec2> points;
    const bool many = !model.moment.detailed();
    const auto round = [&](ImVec2 c, float reach) {
      const int corners = many ? 8 : 32;
      for (int i = 0; i < corners; ++i) {
        const float a = 2 * pi * static_cast<float>(i) / static_cast<float>(corners);
        points.push_back(c + ImVec2(std::cos(a), std::sin(a)) * reach);
      }
    };
    // Within the window and above the hints: the border must not be cut off.
    Rect inside = whole_.grown(-px(6));
    float lowest = open_.bottom();
    const float reach = model.node_radius + px(many ? 8 : 34);
    for (const NodeId id : island.nodes) {
      const auto at = static_cast<std::size_t>(id.value);
      const ImVec2 c = model.node_at[at];
      round(c, reach);
      lowest = std::max(lowest, c.y + model.node_radius);
      if (at >= words_.size() || words_[at].lines.empty()) continue;
      // Nearly as broad below as round the node: narrow words must not make a drop of it.
      const Rect r = words_[at].rect();
      const float broad = reach * 0.72f;
      for (const float x :
           {std::min(r.x + px(6), c.x - broad), std::max(r.right() - px(6), c.x + broad)})
        round({x, r.bottom() - px(4)}, px(12));
    }
    inside.h = std::min(inside.bottom(), lowest) - inside.y;
    for (ImVec2& point : points) {
      point = {std::clamp(point.x, inside.x, inside.right()),
               std::clamp(point.y, inside.y, inside.bottom())};
    }
    coasts_.push_back(convex_hull(std::move(points)));
    signs::region(list_, coasts_.back(), island.one_way);
  }
}

// How much a caption there would hide of what is already drawn.
float Canvas::covered(const Rect& rect) const {
  float area = 0;
  for (const Rect& r : taken_) {
    const float w = std::min(r.right(), rect.right()) - std::max(r.x, rect.x);
    const float h = std::min(r.bottom(), rect.bottom()) - std::max(r.y, rect.y);
    if (w > 0 && h > 0) area += w * h;
  }
  return area;
}

// Below the region, or where else there is room, or where it hides least.
void Canvas::draw_island_captions(const Model& model) {
  const Palette& p = palette();
  for (std::size_t i = 0; i < coasts_.size(); ++i) {
    const std::string& caption = model.moment.islands[i].caption;
    ImVec2 low = coasts_[i].front();
    ImVec2 high = low;
    for (const ImVec2 point : coasts_[i]) {
      low = {std::min(low.x, point.x), std::min(low.y, point.y)};
      high = {std::max(high.x, point.x), std::max(high.y, point.y)};
    }
    std::vector<Rect> spots;
    const float left = whole_.x + px(12);
    const auto put = [&](float x, float y, float w, float h) {
      spots.push_back({std::clamp(x, left, std::max(left, whole_.right() - w - px(12))),
                       std::clamp(y, open_.y, std::max(open_.y, open_.bottom() - h)), w, h});
    };
    // In one line if there is room for it, else in as few as the region is wide.
    const float one_line =
        std::min(whole_.w - px(24), draw::text_width(Type::caption, caption) + 1);
    for (const float w : {one_line, std::min(one_line, std::max(high.x - low.x, px(130))),
                          std::min(one_line, px(150))}) {
      const float h = draw::paragraph(nullptr, 0, 0, w, Type::caption, 0, caption);
      const float lowest = open_.bottom() - h;
      for (const float y :
           {std::min(high.y + px(5), lowest), low.y - h - px(5), low.y - h - px(20), lowest}) {
        for (const float x : {(low.x + high.x - w) / 2, low.x, high.x - w, high.x - w - px(32)})
          put(x, y, w, h);
      }
    }
    auto spot =
        std::find_if(spots.begin(), spots.end(), [&](const Rect& rect) { return room_for(rect); });
    if (spot == spots.end()) {
      spot = std::min_element(spots.begin(), spots.end(), [&](const Rect& a, const Rect& b) {
        return covered(a) < covered(b);
      });
    }
    draw::fill(list_, spot->grown(px(3)), with_alpha(p.ground, 0.9f), px(5));
    draw::paragraph(list_, spot->x, spot->y, spot->w, Type::caption, p.vermilion, caption);
    taken_.push_back(*spot);
  }
}

// The line as it is drawn, closed by a straight one, and how many nodes are inside.
void Canvas::draw_lasso(const Model& model) const {
  if (model.tool == Tool::partition && hovered_ && dragging_ == Drag::none)
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  if (dragging_ != Drag::lasso || lasso_.size() < 3) return;
  const Palette& p = palette();
  list_->AddConcavePolyFilled(lasso_.data(), static_cast<int>(lasso_.size()),
                              with_alpha(p.vermilion, 0.09f));
  draw::dashed_loop(list_, lasso_, p.vermilion, px(1.8f), px(6), px(4));
  const std::vector<NodeId> caught = nodes_in_lasso(model);
  for (const NodeId id : caught) {
    const ImVec2 c = model.node_at[static_cast<std::size_t>(id.value)];
    list_->AddCircle(c, model.node_radius + px(6), p.vermilion, 0, px(2));
  }
  const std::string text = caught.size() == 1
                               ? std::string(t().nodes_one)
                               : say(t().nodes_many, {std::to_string(caught.size())});
  const ImVec2 at = ImGui::GetIO().MousePos + ImVec2(0, -px(22));
  draw::pill(list_, at, Type::caption, text, p.raised, p.vermilion, p.text);
}

}  // namespace netsplit::ui
