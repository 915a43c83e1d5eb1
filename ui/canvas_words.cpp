// What is written in, on and below a node: name, condition, belief; and the arcs of its timers.
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/canvas.h"
#include "ui/layout.h"
#include "ui/lesson_state.h"
#include "ui/signs.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

// The largest of a name's types in which it is not cut.
Type type_that_fits(std::string_view name, float room) {
  for (const Type type : {Type::strong, Type::caption_strong}) {
    if (draw::text_width(type, name) <= room) return type;
  }
  return Type::small;
}

constexpr float words_line_css = 15;          // distance of two lines below a node
constexpr float ring_gap_css = 5.5f;          // of two timers' arcs
constexpr std::size_t crowded_ring_min = 12;  // in a ring of more, names stand outside it

// How wide a node's second line may be, in radii: lower down a circle is narrower.
float second_line_room(Shape shape) { return shape == Shape::client ? 1.45f : 1.6f; }

// How far above the middle a name stands that has a line or a sign below it.
float name_lift(float radius) {
  return radius < px(worded_radius_css) ? px(1) : radius < px(30) ? px(4) : px(2);
}

}  // namespace

bool Canvas::has_ring(const Model& model, const TimerView& timer) const {
  // By hand no time passes: what could run out is in the inbox. In a crowd only leases show.
  if (model.manual() || timer.due_us == never_us || timer.due_us <= model.timeline->cursor_us())
    return false;
  return model.node_at.size() <= ring_nodes_max ||
         model.session().protocol().timers[timer.kind].lease;
}

// How far below its middle a node and its rings reach, the lesson's among them.
float Canvas::foot_of(const Model& model, std::size_t index, bool lesson) const {
  float rings = model.node_radius * 1.04f;
  for (const TimerView& timer : model.moment.timers) {
    if (timer.node.value == static_cast<std::int32_t>(index) && has_ring(model, timer))
      rings += px(ring_gap_css);
  }
  return lesson && index < spoken_reach_.size() ? std::max(rings, spoken_reach_[index]) : rings;
}

// Whom the lesson speaks of, and how far its ring reaches.
void Canvas::find_spoken(const Model& model) {
  spoken_reach_.assign(model.node_at.size(), 0);
  const LessonStep* step = step_told(model);
  if (step == nullptr) return;
  const std::vector<float> reach = reaches(model);
  for (const Highlight& highlight : step->highlight) {
    if (highlight.kind != Highlight::Kind::node && highlight.kind != Highlight::Kind::field)
      continue;
    const auto at = static_cast<std::size_t>(model.session().find_node(highlight.node).value);
    if (at < reach.size())
      spoken_reach_[at] = std::max(model.node_radius + px(13), reach[at] + px(4.5f)) + px(1);
  }
}

// How far each node reaches, with the arcs round it.
std::vector<float> Canvas::reaches(const Model& model) const {
  std::vector<float> reach(model.node_at.size(), model.node_radius);
  if (!model.moment.detailed()) return reach;
  for (const TimerView& timer : model.moment.timers) {
    if (!has_ring(model, timer)) continue;
    float& at = reach[static_cast<std::size_t>(timer.node.value)];
    at = std::max(at + px(ring_gap_css), model.node_radius * 1.06f + px(8));
  }
  return reach;
}

// Timers and leases: arcs that run out clockwise, the leases inside and thick.
void Canvas::draw_rings(const Model& model) {
  if (!model.moment.detailed()) return;
  std::vector<int> rings(model.node_at.size(), 0);
  std::vector<std::pair<const TimerView*, int>> leases;
  const auto now_us = static_cast<double>(model.timeline->cursor_us());
  const auto& infos = model.session().protocol().timers;
  for (const bool lease : {true, false}) {
    for (const TimerView& timer : model.moment.timers) {
      if (infos[timer.kind].lease != lease || !has_ring(model, timer)) continue;
      const auto at = static_cast<std::size_t>(timer.node.value);
      const auto whole = static_cast<double>(std::max<Time>(1, timer.due_us - timer.set_us));
      const auto left = static_cast<float>((static_cast<double>(timer.due_us) - now_us) / whole);
      if (lease) leases.emplace_back(&timer, rings[at]);
      const float radius =
          model.node_radius * 1.06f + px(6) + px(ring_gap_css) * static_cast<float>(rings[at]++);
      signs::ring(list_, model.node_at[at], radius, left, lease);
    }
  }
  for (std::size_t i = 0; i < model.node_at.size(); ++i) {
    // A little less than the square round the rings: a label may stand in its corners.
    const float r = model.node_radius * 0.96f + px(ring_gap_css) * static_cast<float>(rings[i]);
    taken_.push_back({model.node_at[i].x - r, model.node_at[i].y - r, 2 * r, 2 * r});
  }
  for (const auto& [timer, ring] : leases) draw_lease_caption(model, *timer, ring);
}

// Beside the badges, which sit on the upper corners; clear of what floats over the network, of the
// other nodes, and of the words and logs below them. The arc tells as much where there is no room.
void Canvas::draw_lease_caption(const Model& model, const TimerView& timer, int ring) {
  const TimerInfo& info = model.session().protocol().timers[timer.kind];
  const std::string text =
      say(t().lease_left,
          {words(info.name), clock_text(timer.due_us - model.timeline->cursor_us(), 1)});
  const float w = draw::text_width(Type::small, text);
  const float h = px(16);
  const auto node = static_cast<std::size_t>(timer.node.value);
  const ImVec2 c = model.node_at[node];
  const float r = model.node_radius;
  const float out = std::max(r * 0.82f + px(20), foot_of(model, node) + px(4));
  const float row = px(15) * static_cast<float>(ring);
  const float high = c.y - r * 0.82f - px(18) - row;
  const float low = c.y + r * 0.82f + px(2) + row;
  const float right = c.x + out;
  const float left = c.x - out - w;
  const std::array<Rect, 6> spots{Rect{right, high, w, h},
                                  {left, high, w, h},
                                  {right, low, w, h},
                                  {left, low, w, h},
                                  {c.x - w / 2, c.y - r * 1.06f - px(40) - row, w, h},
                                  {c.x + r * 1.06f + px(20), c.y - h / 2 + row, w, h}};
  const auto clear = [&](const Rect& spot) {
    return room_for(spot) &&
           std::none_of(words_.begin(), words_.end(),
                        [&](const Words& other) {
                          return !other.lines.empty() && other.rect().overlaps(spot);
                        }) &&
           std::none_of(logs_.begin(), logs_.end(),
                        [&](const auto& log) { return log && log->rect.overlaps(spot); });
  };
  const auto spot = std::find_if(spots.begin(), spots.end(), clear);
  if (spot == spots.end()) return;
  draw::text(list_, spot->x, spot->y + px(12), Type::small, palette().green, text);
  taken_.push_back(*spot);
}

// Whether a node's name stands inside it, clear of its sides; otherwise it stands below. Nodes of
// one shape are alike.
bool Canvas::name_fits(const Model& model, std::size_t index) const {
  return names_inside_[static_cast<std::size_t>(model.moment.nodes[index].shape)];
}

bool Canvas::inside_fits(const Model& model, std::size_t index) const {
  const NodeShown& node = model.moment.nodes[index];
  return model.node_radius >= px(worded_radius_css) && node.condition == Condition::up &&
         draw::text_width(Type::small, node.inside) <=
             model.node_radius * second_line_room(node.shape);
}

// Where a link runs below words, the ground's colour keeps them readable.
void Canvas::clear_ground(const Model& model, const Rect& plate) const {
  const bool crossed =
      std::any_of(model.moment.links.begin(), model.moment.links.end(), [&](const LinkShown& link) {
        const ImVec2 a = model.node_at[static_cast<std::size_t>(link.a.value)];
        const ImVec2 b = model.node_at[static_cast<std::size_t>(link.b.value)];
        return segments_cross(a, b, plate.min(), plate.max()) ||
               segments_cross(a, b, {plate.x, plate.bottom()}, {plate.right(), plate.y});
      });
  if (crossed) draw::fill(list_, plate, with_alpha(palette().ground, 0.78f), px(5));
}

// In a crowded ring of small nodes the way out of it, along an axis; else nowhere.
ImVec2 Canvas::outward(const Model& model, std::size_t index) const {
  const std::size_t count = model.node_at.size();
  if (count <= crowded_ring_min || count > ring_nodes_max || name_fits(model, index)) return {0, 0};
  const ImVec2 d = model.node_at[index] - (area_.center() + pan_);
  const float x = d.x / area_.w;
  const float y = d.y / area_.h;
  if (std::abs(x) > std::abs(y)) return {x < 0 ? -1.f : 1.f, 0};
  return {0, y < 0 ? -1.f : 1.f};
}

bool Canvas::name_below(const Model& model, std::size_t index) const {
  const ImVec2 out = outward(model, index);
  return !name_fits(model, index) && out.x == 0 && out.y >= 0;
}

// Behind what stands beside nodes, and below the messages, which it must not cut off.
void Canvas::draw_plates(const Model& model) const {
  if (!model.moment.detailed()) return;
  for (std::size_t i = 0; i < model.node_at.size(); ++i) {
    if (name_fits(model, i)) continue;
    const Rect name = name_place(model, i).rect;
    clear_ground(model, {name.x - px(4), name.y, name.w + px(8), name.h});
  }
  for (const Words& words : words_) {
    float baseline = words.baseline;
    for (const auto& line : words.lines) {
      const float w = draw::text_width(Type::small, line.text);
      clear_ground(model, {words.x - w / 2 - px(4), baseline - px(11), w + px(8), px(15)});
      baseline += px(words_line_css);
    }
  }
}

Canvas::NamePlace Canvas::name_place(const Model& model, std::size_t index) const {
  const NodeShown& node = model.moment.nodes[index];
  const float r = model.node_radius;
  ImVec2 c = model.node_at[index];
  NamePlace place{Type::caption_strong, draw::Align::center, c.x, 0, {}};
  if (!name_fits(model, index)) {
    const float foot = foot_of(model, index);
    const ImVec2 out = outward(model, index);
    const float w = draw::text_width(place.type, node.name);
    if (out.x != 0) {
      place.align = out.x < 0 ? draw::Align::right : draw::Align::left;
      place.x += out.x * (foot + px(5));
      place.baseline = c.y + face(place.type).cap / 2;
    } else {
      place.baseline = out.y < 0 ? c.y - foot - px(6) : c.y + foot + px(14);
    }
    const float left = out.x < 0 ? place.x - w : out.x > 0 ? place.x : place.x - w / 2;
    place.rect = {left, place.baseline - px(12), w, px(15)};
    return place;
  }
  const bool small = r < px(worded_radius_css);
  const float lift = name_lift(r);
  place.type = small ? Type::small : type_that_fits(node.name, signs::room_across(node.shape, r));
  const float cap = face(place.type).cap;
  const bool two_lines =
      node.condition != Condition::up || (inside_fits(model, index) && !node.inside.empty());
  // In a drum the words stand below its lid.
  if (node.shape == Shape::storage) {
    const float top = (two_lines ? -lift : cap / 2) - cap;
    c.y += std::max(0.f, signs::lid(r) + px(3) - top);
  }
  place.baseline = two_lines ? c.y - lift : c.y + cap / 2;
  const float w = draw::text_width(place.type, node.name);
  place.rect = {c.x - w / 2, place.baseline - cap, w, cap};
  return place;
}

// The name in the node; where there is no room for it, beside it.
void Canvas::draw_name(const Model& model, std::size_t index) const {
  const Palette& p = palette();
  const NodeShown& node = model.moment.nodes[index];
  ImVec2 c = model.node_at[index];
  const float r = model.node_radius;
  const bool paused = node.condition == Condition::paused;
  const bool gone = node.condition == Condition::down || node.condition == Condition::absent;
  if (!model.moment.detailed()) {
    if (paused && r > px(6)) signs::condition(list_, node.condition, c, r);
    return;
  }
  const NamePlace name = name_place(model, index);
  draw::text(list_, name.x, name.baseline, name.type, gone ? p.muted : p.text, node.name,
             name.align);
  if (!name_fits(model, index)) {
    signs::condition(list_, node.condition, c, std::min(r, px(16)));
    if (inside_fits(model, index))
      draw::text(list_, c.x, c.y + face(Type::small).cap / 2, Type::small, p.muted, node.inside,
                 draw::Align::center);
    return;
  }
  const bool small = r < px(worded_radius_css);
  const bool second = inside_fits(model, index) && !node.inside.empty();
  if (paused || gone || second) c.y = name.baseline + name_lift(r);
  const float low = px(small ? 8 : 12);
  if (paused || gone) {
    signs::condition(list_, node.condition, {c.x, c.y + low}, px(small ? 9 : paused ? 14 : 12));
  } else if (second) {
    const float second_room = r * second_line_room(node.shape);
    const bool wide = draw::text_width(Type::mono_small, node.inside) > second_room;
    draw::text_in(
        list_, {c.x - second_room / 2, c.y + std::min(px(6), r * 0.12f), second_room + 1, px(14)},
        wide ? Type::small : Type::mono_small, p.muted, node.inside, draw::Align::center);
  }
}

// What is written in and beside a node.
void Canvas::draw_words(Model& model, std::size_t index) {
  draw_name(model, index);
  if (model.moment.detailed()) {
    if (!name_fits(model, index)) taken_.push_back(name_place(model, index).rect);
    draw_badges(model, index);
    draw_log(model, index);
    draw_clock(model, index);
  }
  if (index >= words_.size()) return;
  const Words& words = words_[index];
  float baseline = words.baseline;
  for (const auto& line : words.lines) {
    draw::text(list_, words.x, baseline, Type::small, line.color, line.text, draw::Align::center);
    baseline += px(words_line_css);
  }
  if (!words.lines.empty()) taken_.push_back(words.rect());
}

Rect Canvas::Words::rect() const {
  const float height = px(words_line_css) * static_cast<float>(lines.size());
  return {x - width / 2, baseline - px(12), width, height};
}

void Canvas::place_words(Model& model) {
  words_.clear();
  model.words_at.clear();
  if (!model.moment.detailed() || model.node_radius < px(16)) return;
  for (std::size_t i = 0; i < model.node_at.size(); ++i) words_.push_back(words_below(model, i));
  for (std::size_t i = 0; i < words_.size(); ++i) {
    find_room(model, i);
    model.words_at.push_back(words_[i].lines.empty() ? Rect{} : words_[i].rect());
  }
}

void Canvas::Words::shorten() {
  lines.pop_back();
  if (!lines.empty() && lines.back().goes_on) lines.back().text += "\xE2\x80\xA6";
}

// On a node, its rings, its badges, its name or its log.
bool Canvas::lies_on(const Model& model, std::size_t index, const Rect& rect, bool lesson) const {
  const ImVec2 c = model.node_at[index];
  const float side = model.node_radius;
  if (Rect{c.x - side, c.y - side, 2 * side, 2 * side}.overlaps(rect)) return true;
  const ImVec2 near{std::clamp(c.x, rect.x, rect.right()), std::clamp(c.y, rect.y, rect.bottom())};
  if (length(near - c) < foot_of(model, index, lesson)) return true;
  const Badges badges = badges_of(model, index);
  for (const Rect& badge : {badges.token, badges.epoch, badges.lock, badges.owner}) {
    if (badge.w > 0 && badge.overlaps(rect)) return true;
  }
  if (!name_fits(model, index) && name_place(model, index).rect.overlaps(rect)) return true;
  return index < logs_.size() && logs_[index] && logs_[index]->rect.grown(px(3)).overlaps(rect);
}

bool Canvas::lies_clear(const Model& model, std::size_t index, const Rect& rect,
                        bool lesson) const {
  if (corner.w > 0 && corner.overlaps(rect)) return false;
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (i == index) continue;
    if (lies_on(model, i, rect, lesson)) return false;
    if (i < index && !words_[i].lines.empty() && words_[i].rect().overlaps(rect)) return false;
  }
  return true;
}

// Below the node, else above it, else across the lesson's rings, else in fewer lines: hovering
// tells the rest. The chosen node says all, if need be across its neighbours.
void Canvas::find_room(const Model& model, std::size_t index) {
  Words& words = words_[index];
  const bool chosen = model.selected_node.value == static_cast<std::int32_t>(index);
  const float below = words.baseline;
  float top = foot_of(model, index);
  const NodeShown& node = model.moment.nodes[index];
  if (node.token || node.epoch) top = std::max(top, model.node_radius * 0.82f + px(13));
  if (outward(model, index).y < 0) top += px(17);
  const float above = model.node_at[index].y - top - px(6);
  const bool at_foot = !name_below(model, index) && !(index < logs_.size() && logs_[index]);
  const float ring = at_foot ? foot_of(model, index) - foot_of(model, index, false) : 0;
  const auto fits = [&](float baseline, bool lesson) {
    words.baseline = baseline;
    const Rect rect = words.rect();
    return rect.y >= open_.y && rect.bottom() <= open_.bottom() &&
           (chosen || lies_clear(model, index, rect, lesson));
  };
  while (!words.lines.empty()) {
    const float upper = above - px(words_line_css) * static_cast<float>(words.lines.size() - 1);
    if (fits(below, true) || fits(upper, true) || fits(below - ring, false)) return;
    words.baseline = below;
    if (chosen) return;
    words.shorten();
  }
}

// Condition, belief and a clock that is wrong, in lines short enough for the neighbours.
Canvas::Words Canvas::words_below(const Model& model, std::size_t index) const {
  const Palette& p = palette();
  const NodeShown& node = model.moment.nodes[index];
  Words words;
  const float room = px(model.places.form == Form::narrow ? 116 : 200);
  constexpr std::string_view dot = " \xC2\xB7 ";
  const bool has_log = index < logs_.size() && logs_[index].has_value();
  const auto add = [&](std::string_view text, ImU32 color) {
    while (!text.empty()) {
      std::size_t end = text.size();
      std::size_t gap = 0;
      while (draw::text_width(Type::small, text.substr(0, end)) > room) {
        // A middle dot is the best place to break at, any space the next best.
        const std::size_t best = text.substr(0, end).rfind(dot);
        const std::size_t at =
            best != std::string_view::npos ? best : text.substr(0, end).rfind(' ');
        if (at == std::string_view::npos || at == 0) break;
        end = at;
        gap = best != std::string_view::npos ? dot.size() : 1;
      }
      const std::string line(text.substr(0, end));
      text.remove_prefix(std::min(text.size(), end + gap));
      words.lines.push_back({line, color, !text.empty()});
    }
  };
  const Time held_us = std::max<Time>(0, model.timeline->cursor_us() - node.since_us);
  if (node.condition == Condition::paused)
    add(say(t().paused_for, {clock_text(held_us, 1)}), p.orange);
  if (node.condition == Condition::down)
    add(say(t().down_since, {clock_text(held_us, 1)}), p.vermilion);
  if (node.condition == Condition::absent) add(t().absent, p.muted);
  // Who is down neither believes nor reads a clock. Many nodes stand too close for what each
  // believes; the chosen one still says it.
  const bool gone = node.condition == Condition::down || node.condition == Condition::absent;
  const bool small = model.node_radius < px(worded_radius_css);
  const bool chosen = model.selected_node.value == static_cast<std::int32_t>(index);
  if (!gone && (!small || chosen)) {
    // What has no room inside stands below, where nothing else does.
    const bool spare = node.below.empty() && !has_log && node.condition == Condition::up;
    add(spare && !inside_fits(model, index) ? node.inside : node.below, p.muted);
    // A few milliseconds are what a time server leaves.
    const Time wrong_us = std::max(node.wall_error_us, -node.wall_error_us);
    if (wrong_us >= milliseconds(5)) {
      const std::string_view pattern = node.wall_error_us > 0 ? t().clock_ahead : t().clock_behind;
      add(say(pattern, {wrong_us >= seconds(1) ? clock_text(wrong_us, 1)
                                               : format_time_for_people(wrong_us / 1000 * 1000)}),
          p.orange);
    }
    if (node.drift_ppm != 0 && model.tool == Tool::clock) add(drift_text(node.drift_ppm), p.orange);
    if (node.ntp && model.tool == Tool::clock) add(t().ntp_is_on, p.muted);
  }
  for (const auto& line : words.lines)
    words.width = std::max(words.width, draw::text_width(Type::small, line.text));
  const ImVec2 c = model.node_at[index];
  words.baseline = below_node(model, index) + px(has_log ? 39 : 16);
  const float half = words.width / 2 + px(8);
  words.x = half * 2 > whole_.w ? whole_.center().x
                                : std::clamp(c.x, whole_.x + half, whole_.right() - half);
  return words;
}

}  // namespace netsplit::ui
