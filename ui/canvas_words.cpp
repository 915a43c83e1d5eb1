// What is written in, on and below a node: name, condition, belief; and the arcs of its timers.
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/canvas.h"
#include "ui/layout.h"
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

constexpr float words_line_css = 15;  // distance of two lines below a node
constexpr float ring_gap_css = 5.5f;  // of two timers' arcs

// How wide a node's second line may be, in radii: lower down a circle is narrower.
float second_line_room(Shape shape) { return shape == Shape::client ? 1.45f : 1.6f; }

}  // namespace

bool Canvas::has_ring(const Model& model, const TimerView& timer) const {
  // By hand no time passes: what could run out is in the inbox. In a crowd only leases show.
  if (model.manual() || timer.due_us == never_us || timer.due_us <= model.timeline->cursor_us())
    return false;
  return model.node_at.size() <= ring_nodes_max ||
         model.session().protocol().timers[timer.kind].lease;
}

// How far below its middle a node and its rings reach.
float Canvas::foot_of(const Model& model, std::size_t index) const {
  float y = model.node_radius * 1.04f;
  for (const TimerView& timer : model.moment.timers) {
    if (timer.node.value == static_cast<std::int32_t>(index) && has_ring(model, timer))
      y += px(ring_gap_css);
  }
  return y;
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
// other nodes, and of the words below them.
void Canvas::draw_lease_caption(const Model& model, const TimerView& timer, int ring) {
  const TimerInfo& info = model.session().protocol().timers[timer.kind];
  const std::string text =
      say(t().lease_left,
          {words(info.name), clock_text(timer.due_us - model.timeline->cursor_us(), 1)});
  const float w = draw::text_width(Type::small, text);
  const float h = px(16);
  const ImVec2 c = model.node_at[static_cast<std::size_t>(timer.node.value)];
  const float r = model.node_radius;
  const float out = r * 0.82f + px(20);
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
    return room_for(spot) && std::none_of(words_.begin(), words_.end(), [&](const Words& other) {
             return !other.lines.empty() && other.rect().overlaps(spot);
           });
  };
  const auto found = std::find_if(spots.begin(), spots.end(), clear);
  Rect spot = found == spots.end() ? spots.front() : *found;
  if (spot.right() > whole_.right() - px(8)) spot.x = left;
  draw::text(list_, spot.x, spot.y + px(12), Type::small, palette().green, text);
  taken_.push_back(spot);
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

// The name in the node; where there is no room for it, below.
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
  const ImU32 ink = gone ? p.muted : p.text;
  if (!name_fits(model, index)) {
    const float below = c.y + foot_of(model, index);
    const float w = draw::text_width(Type::caption_strong, node.name);
    clear_ground(model, {c.x - w / 2 - px(4), below + px(2), w + px(8), px(15)});
    draw::text(list_, c.x, below + px(14), Type::caption_strong, ink, node.name,
               draw::Align::center);
    signs::condition(list_, node.condition, c, std::min(r, px(16)));
    if (inside_fits(model, index))
      draw::text(list_, c.x, c.y + face(Type::small).cap / 2, Type::small, p.muted, node.inside,
                 draw::Align::center);
    return;
  }
  const bool small = r < px(worded_radius_css);
  const bool second = inside_fits(model, index) && !node.inside.empty();
  const float room = signs::room_across(node.shape, r);
  const Type type = small ? Type::small : type_that_fits(node.name, room);
  const float cap = face(type).cap;
  const bool two_lines = second || paused || gone;
  const float lift = small ? px(1) : r < px(30) ? px(4) : px(2);
  // In a drum the words stand below its lid.
  if (node.shape == Shape::storage) {
    const float top = (two_lines ? -lift : cap / 2) - cap;
    c.y += std::max(0.f, signs::lid(r) + px(3) - top);
  }
  const float baseline = two_lines ? c.y - lift : c.y + cap / 2;
  draw::text(list_, c.x, baseline, type, ink, node.name, draw::Align::center);
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

// What is written in and below a node. Small nodes carry their name below.
void Canvas::draw_words(Model& model, std::size_t index) {
  draw_name(model, index);
  if (model.moment.detailed()) {
    if (!name_fits(model, index)) {
      const ImVec2 c = model.node_at[index];
      const float w = draw::text_width(Type::caption_strong, model.moment.nodes[index].name);
      taken_.push_back({c.x - w / 2, c.y + foot_of(model, index) + px(2), w, px(16)});
    }
    draw_badges(model, index);
    draw_log(model, index);
    draw_clock(model, index);
  }
  if (index >= words_.size()) return;
  const Words& words = words_[index];
  float baseline = words.baseline;
  for (const auto& line : words.lines) {
    const float w = draw::text_width(Type::small, line.text);
    const Rect plate{words.x - w / 2 - px(4), baseline - px(11), w + px(8), px(15)};
    clear_ground(model, plate);
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

// A node with its rings, and its name and log where they stand below it.
Rect Canvas::room_of(const Model& model, std::size_t index) const {
  const ImVec2 c = model.node_at[index];
  const float r = foot_of(model, index);
  const NodeShown& node = model.moment.nodes[index];
  float bottom = c.y + r;
  if (!name_fits(model, index)) bottom = below_node(model, index);
  if (node.log && model.node_radius >= px(20)) bottom = below_node(model, index) + px(22);
  return {c.x - r, c.y - r, 2 * r, bottom - c.y + r};
}

bool Canvas::lies_clear(const Model& model, std::size_t index, const Rect& rect) const {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (i == index) continue;
    if (room_of(model, i).overlaps(rect)) return false;
    if (i < index && !words_[i].lines.empty() && words_[i].rect().overlaps(rect)) return false;
  }
  return true;
}

// Below the node, else above it, else in fewer lines: hovering tells the rest. The chosen node says
// all.
void Canvas::find_room(const Model& model, std::size_t index) {
  if (model.selected_node.value == static_cast<std::int32_t>(index)) return;
  Words& words = words_[index];
  const float below = words.baseline;
  const float foot = model.node_at[index].y - foot_of(model, index) - px(6);
  const bool narrow = model.places.form == Form::narrow;
  const float highest = open_.y + head + px(narrow ? 30 : 4);
  while (!words.lines.empty()) {
    words.baseline = below;
    if (lies_clear(model, index, words.rect())) return;
    words.baseline = foot - px(words_line_css) * static_cast<float>(words.lines.size() - 1);
    if (words.rect().y >= highest && lies_clear(model, index, words.rect())) return;
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
    const bool spare = node.below.empty() && !node.log && node.condition == Condition::up;
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
  words.baseline = below_node(model, index) + px(node.log ? 42 : 16);
  const float half = words.width / 2 + px(8);
  words.x = half * 2 > whole_.w ? whole_.center().x
                                : std::clamp(c.x, whole_.x + half, whole_.right() - half);
  return words;
}

}  // namespace netsplit::ui
