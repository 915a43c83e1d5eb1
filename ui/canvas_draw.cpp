// The network's drawing: ground, islands, links, nodes.
#include <algorithm>
#include <cmath>

#include "ui/canvas.h"
#include "ui/signs.h"

namespace netsplit::ui {
void Canvas::draw_ground(const Rect& rect) const {
  const float gap = px(28);
  const float dot = px(1);
  for (float y = rect.y + gap / 2; y < rect.bottom(); y += gap) {
    for (float x = rect.x + gap / 2; x < rect.right(); x += gap) {
      list_->AddRectFilled({x - dot, y - dot}, {x + dot, y + dot}, palette().grid);
    }
  }
}

// In the middle of a cut link; where that lies on a third node, on words or on other scissors,
// aside.
void Canvas::place_scissors(const Model& model) {
  const std::vector<LinkShown>& links = model.moment.links;
  scissors_.assign(links.size(), 0.5f);
  if (!model.moment.detailed()) return;
  std::vector<float> reach;
  std::vector<Rect> beside;  // what is written there
  for (std::size_t n = 0; n < model.node_at.size(); ++n) {
    reach.push_back(foot_of(model, n) + px(10));
    if (!name_fits(model, n)) beside.push_back(name_place(model, n).rect);
    if (n < logs_.size() && logs_[n]) beside.push_back(logs_[n]->rect);
    if (n < words_.size() && !words_[n].lines.empty()) beside.push_back(words_[n].rect());
  }
  const std::size_t first = taken_.size();
  for (std::size_t i = 0; i < links.size(); ++i) {
    const LinkShown& link = links[i];
    if (!link.cut_ab && !link.cut_ba) continue;
    const Path path = path_between(model, link.a, link.b, false);
    float least = 1e9f;
    Rect best;
    for (const float part : {0.5f, 0.4f, 0.6f, 0.3f, 0.7f}) {
      const ImVec2 at = lerp(path.from, path.to, part);
      const Rect rect{at.x - px(12), at.y - px(12), px(24), px(24)};
      float cost = 0;
      for (std::size_t n = 0; n < reach.size(); ++n) {
        const auto id = static_cast<std::int32_t>(n);
        if (id != link.a.value && id != link.b.value && length(model.node_at[n] - at) < reach[n])
          cost += 4;
      }
      for (const Rect& words : beside) cost += words.overlaps(rect) ? 2.f : 0.f;
      for (std::size_t t = first; t < taken_.size(); ++t)
        cost += taken_[t].grown(-px(3)).overlaps(rect) ? 1.f : 0.f;
      if (cost >= least) continue;
      least = cost;
      scissors_[i] = part;
      best = rect;
    }
    taken_.push_back(best);
  }
}

// How far from `from` the scissors of that link are; the middle where there are none.
float Canvas::scissors_part(const Model& model, NodeId from, NodeId to) const {
  const std::vector<LinkShown>& links = model.moment.links;
  for (std::size_t i = 0; i < std::min(links.size(), scissors_.size()); ++i) {
    if (!links[i].cut_ab && !links[i].cut_ba) continue;
    if (links[i].a == from && links[i].b == to) return scissors_[i];
    if (links[i].a == to && links[i].b == from) return 1 - scissors_[i];
  }
  return 0.5f;
}

void Canvas::draw_links(const Model& model) const {
  const Palette& p = palette();
  // Hundreds of quiet links would be one grey surface: the more there are, the fainter each.
  const std::size_t count = model.moment.links.size();
  const float strength = std::min(1.f, 100.f / static_cast<float>(count + 1));
  const bool all = strength > 0.12f;
  for (std::size_t i = 0; i < count; ++i) {
    const LinkShown& link = model.moment.links[i];
    const bool hot = hot_.link == static_cast<std::int64_t>(i);
    const Path path = path_between(model, link.a, link.b, false);
    if (link.cut_ab || link.cut_ba) {
      signs::cut(list_, path.from, path.to, link.cut_ab, link.cut_ba, hot, scissors_[i]);
      continue;
    }
    bool crossed = false;
    if (dragging_ == Drag::knife && moved_) {
      crossed = segments_cross(pressed_at_, ImGui::GetIO().MousePos, path.from, path.to);
    }
    if (!all && !crossed && !hot) continue;
    const bool threatened = crossed || (hot && model.tool == Tool::cut);
    const float share = spoken_.strength(link.a, link.b, count);
    draw::line(list_, path.from, path.to,
               threatened ? p.vermilion
               : hot      ? p.strong_line
                          : with_alpha(p.link, strength * share),
               px(threatened || hot         ? 2.5f
                  : model.moment.detailed() ? 1.8f
                                            : 1.f));
  }
}

void Canvas::draw_nodes(Model& model) {
  if (static_cast<std::int32_t>(model.moment.nodes.size()) > shaped_nodes_max) {
    field_.draw(list_, model, whole_);
    const auto chosen = static_cast<std::size_t>(model.selected_node.value);
    if (model.selected_node != nobody && chosen < model.node_at.size())
      list_->AddCircle(model.node_at[chosen], model.node_radius + px(4), palette().text, 0, px(2));
    return;
  }
  for (std::size_t i = 0; i < model.node_at.size(); ++i) draw_node(model, i);
  for (std::size_t i = 0; i < model.node_at.size(); ++i) draw_words(model, i);
}

void Canvas::draw_node(Model& model, std::size_t index) {
  const Palette& p = palette();
  const NodeShown& node = model.moment.nodes[index];
  const ImVec2 c = model.node_at[index];
  const float r = model.node_radius;
  const NodeId id{static_cast<std::int32_t>(index)};
  const double age_s = model.now_s - node.changed_s;
  if (age_s < 0.3 && !model.host.reduced_motion) {
    const float left = 1 - static_cast<float>(age_s / 0.3);
    list_->AddCircle(c, r + px(5), with_alpha(p.sky, 0.55f * left), 0, px(6));
  }
  const bool chosen = model.selected_node == id;
  const bool hot = hot_.node == id;
  const bool marked = std::find(model.marked.begin(), model.marked.end(), id) != model.marked.end();
  if (chosen) {
    const std::vector<ImVec2> glow = signs::outline(node.shape, c, r + px(9));
    list_->AddConvexPolyFilled(glow.data(), static_cast<int>(glow.size()), with_alpha(p.sky, 0.2f));
  }
  signs::node(list_, node.shape, node.condition, c, r, px(r > px(20) ? 2 : 1.4f));
  if (marked) {
    const std::vector<ImVec2> ring = signs::outline(node.shape, c, r + px(6));
    draw::dashed_loop(list_, ring, p.vermilion, px(2), px(4), px(3));
  }
  if (hot) {
    const bool harm = model.tool == Tool::crash;
    const std::vector<ImVec2> halo = signs::outline(node.shape, c, r + px(4));
    list_->AddPolyline(halo.data(), static_cast<int>(halo.size()),
                       with_alpha(harm ? p.vermilion : p.text, 0.8f), ImDrawFlags_Closed, px(1.4f));
  }
}

bool Canvas::room_for(const Rect& rect) const {
  if (rect.x < whole_.x + px(4) || rect.right() > whole_.right() - px(4)) return false;
  if (rect.y < open_.y || rect.bottom() > open_.bottom()) return false;
  return std::none_of(taken_.begin(), taken_.end(),
                      [&](const Rect& r) { return r.overlaps(rect); });
}

}  // namespace netsplit::ui
