#include "ui/canvas.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "ui/layout.h"
#include "ui/lesson_marks.h"
#include "ui/signs.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

// How large nodes may be so that they keep clear of each other, and of the words below the next
// one.
float radius_between(const std::vector<ImVec2>& places, const Rect& area, float least) {
  float radius = 1e9f;
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const float dx = std::abs(places[i].x - places[j].x) / 1000 * area.w;
      const float dy = std::abs(places[i].y - places[j].y) / 1000 * area.h;
      // Below a large one are words of two lines, below a small one its name.
      const float small = std::min((dy - px(24)) / 2, px(16));
      const float above = std::max((dy - px(44)) / 2, small);
      const float apart = (std::hypot(dx, dy) - px(16)) / 2;
      // Side by side nothing of one is below the other, but their words are beside each other.
      const float beside = dx > dy ? std::min(apart, (dx - px(24)) / 2) : 0;
      radius = std::min(radius, dx < px(100) ? std::max(above, beside) : apart);
    }
  }
  return std::max(radius, least);
}

constexpr std::int32_t crowd_min = 12;   // more nodes than this say little below themselves
constexpr std::int32_t several_min = 6;  // more than this need a phone's whole width
constexpr float lane_css = 5;            // messages keep to the right of their link

}  // namespace

void Canvas::frame(Model& model, const Rect& rect) {
  begin_region(region.c_str(), rect, palette().ground);
  list_ = ImGui::GetWindowDrawList();
  whole_ = rect;
  open_ = open_within(model, rect);
  draw_ground(rect);
  if (model.open()) {
    settle(model, rect);
    place_inboxes(model);
    measure(model);
    act(model, rect);
    place_inboxes(model);  // a gesture may have changed what waits and what is on its way
    measure(model);
    taken_.clear();
    if (corner.w > 0) taken_.push_back(corner);
    find_spoken(model);
    place_logs(model);
    place_words(model);
    place_scissors(model);
    draw_islands(model);
    draw_lesson_marks(model, list_, reaches(model));
    draw_links(model);
    draw_rings(model);
    draw_plates(model);
    draw_messages(model);
    draw_nodes(model);
    draw_inboxes(model);
    draw_narration(model, rect);
    draw_island_captions(model);
    draw_message_labels(model);
    draw_effects(model);
    draw_knife(model);
    draw_lasso(model);
    draw_hints(model, rect);
    explain(model);
    menus(model);
  } else {
    const ImVec2 c = rect.center();
    draw::text(list_, c.x, c.y, Type::title, palette().text, t().no_scenario, draw::Align::center);
    draw::text(list_, c.x, c.y + px(24), Type::body, palette().muted, t().no_scenario_help,
               draw::Align::center);
  }
  end_region();
}

// Above it are the tools, on a phone the line that tells the story, and beside others the heading;
// below it the hints of a first visit, toasts, or a phone's buttons.
Rect Canvas::open_within(const Model& model, const Rect& rect) const {
  const bool narrow = model.places.form == Form::narrow;
  const bool low_pane = rect.y > model.places.canvas.y + px(1);
  const bool told = narrow && (head > 0 || !model.scenario.lesson.empty());
  const float tools = px(low_pane ? 8.f : told ? 96.f : narrow ? 66.f : 58.f);
  const float top = tools + (head > 0 ? head + px(4) : 0);
  const float bottom = px(narrow ? 59.f : head > 0 ? 4.f : 46.f);
  return {rect.x, rect.y + top, rect.w, rect.h - top - bottom};
}

// What is left for the nodes' middles below the tools and above the hints.
Rect Canvas::area_within(const Model& model, const Rect& rect) const {
  const bool narrow = model.places.form == Form::narrow;
  const std::int32_t count = model.session().node_count();
  // Many nodes have few words, and need the room themselves.
  const bool many = count > ring_nodes_max;
  const bool crowded = count > crowd_min;
  const bool logs = std::any_of(model.moment.nodes.begin(), model.moment.nodes.end(),
                                [](const NodeShown& node) { return node.log.has_value(); });
  const bool several = count > several_min;
  const float usual = px(narrow ? (many ? 30.f : several ? 48.f : 62.f) : many ? 56.f : 120.f);
  const float side = std::min(usual, rect.w * 0.18f);
  // Below the tools and what is compared, and on a phone below the line that tells the story. Panes
  // of a second row have a heading only.
  const bool low_pane = rect.y > model.places.canvas.y + px(1);
  const bool high_pane = rect.bottom() < model.places.canvas.bottom() - px(1);
  const bool rows = !narrow && (low_pane || high_pane);
  const bool field = count > shaped_nodes_max;
  const float usual_top = narrow     ? (field ? 112.f : 142.f)
                          : head > 0 ? 106.f
                          : field    ? 100.f
                                     : 134.f;
  const float top = px(low_pane ? 42.f : high_pane ? 94.f : usual_top) + head;
  // Room for a node's words, and below them for hints, toasts and a phone's buttons.
  float bottom = narrow    ? (field              ? 78.f
                              : crowded          ? 100.f
                              : logs && !several ? 156.f
                                                 : 136.f)
                 : field   ? 40.f
                 : crowded ? 76.f
                           : 106.f;
  if (!narrow && !model.hints.over()) bottom += logs ? 40.f : 18.f;
  if (!narrow && head > 0) bottom = (logs ? 84.f : 66.f) - (rows ? 20.f : 0.f);
  Rect area{rect.x + side, rect.y + top, std::max(px(60), rect.w - 2 * side),
            std::max(px(60), rect.h - top - px(bottom))};
  if (field) return field_area(model, area);
  // A very wide region would stretch the picture until nothing stands together; but names and logs
  // need to stand apart, and beside others only the width has room for that.
  const float aspect_max = head > 0 || narrow ? 3.2f : crowded || (logs && count > 6) ? 2.6f : 1.8f;
  if (area.w > area.h * aspect_max) {
    const float spare = area.w - area.h * aspect_max;
    area.x += spare / 2;
    area.w -= spare;
  }
  return area;
}

// A field is as large as it can be clear of its legend: on a phone above it, else so far beside it
// that the legend's upper corner stays outside the ellipse.
Rect Canvas::field_area(const Model& model, Rect area) const {
  if (field_legend_.x <= 0) return area;
  if (model.places.form == Form::narrow) {
    area.h = std::max(px(60), area.h - field_legend_.y - px(10));
    return area;
  }
  const float right = whole_.x + px(14) + field_legend_.x + px(10);
  const float top = whole_.bottom() - px(model.hints.over() ? 14 : 54) - field_legend_.y - px(10);
  const auto covered = [&] {
    const ImVec2 d = ImVec2(right, top) - area.center();
    return std::hypot(d.x / area.w, d.y / area.h) < 0.5f || area.center().x < right;
  };
  while (area.w > px(120) && covered()) {
    area.x += px(8);
    area.w -= px(8);
  }
  return area;
}

// A node that would stand under a heading, or under what floats over the corner, moves down, and
// the others with it.
void Canvas::make_room_at_top(const Model& model) {
  const float reach = model.node_radius * 1.06f + px(22);  // with three rings
  float lacks = 0;
  for (const ImVec2 place : places_) {
    const ImVec2 at = area_.min() + ImVec2(place.x * area_.w, place.y * area_.h) * 0.001f;
    if (corner.w > 0 && at.x + reach > corner.x)
      lacks = std::max(lacks, corner.bottom() + reach - at.y);
    if (head > 0) lacks = std::max(lacks, open_.y + reach - px(8) - at.y);
  }
  lacks = std::min(lacks, area_.h * 0.3f);
  area_.y += lacks;
  area_.h -= lacks;
}

// Fits the drawing into the region.
void Canvas::settle(Model& model, const Rect& rect) {
  const std::int32_t count = model.session().node_count();
  const bool many = count > ring_nodes_max;
  area_ = area_within(model, rect);
  if (placed_scenario_ != model.scenario.id || placed_count_ != count ||
      placed_positions_ != model.scenario.positions) {
    placed_scenario_ = model.scenario.id;
    placed_positions_ = model.scenario.positions;
    placed_count_ = count;
    places_ = place_nodes(model.scenario, model.session(), area_.w / area_.h);
    model.fit_wanted = true;
    label_side_.clear();
    lasso_.clear();
  }
  if (model.fit_wanted) {
    model.fit_wanted = false;
    zoom_ = 1;
    pan_ = {0, 0};
  }
  // Many nodes fill the area between the margins; a few stand on its edge.
  const Rect& field = many ? area_ : rect;
  model.node_radius =
      px(radius_for(count, field.w / scale(), field.h / scale())) * std::sqrt(zoom_);
  if (count > shaped_nodes_max) {
    // Marks that touch are one surface.
    const float room = 0.4f * field_spacing(count, area_.w, area_.h);
    model.node_radius = std::min(model.node_radius, std::max(px(1), room) * std::sqrt(zoom_));
  }
  if (!many) {
    const auto keep_apart = [&] {
      // On a ring neighbours keep clear of each other, and leave room for a name.
      const float spacing = 1.57f * (area_.w + area_.h) / static_cast<float>(count);
      // Beside others there is less room: a node may then have none for its words.
      const float least = px(head > 0 ? 12.f : worded_radius_css);
      const float apart = std::min(spacing * 0.3f, radius_between(places_, area_, least));
      model.node_radius = std::min(model.node_radius, apart * std::sqrt(zoom_));
    };
    if (head > 0) keep_apart();
    if (corner.w > 0 || head > 0) make_room_at_top(model);
    keep_apart();
  }
  // Where one name has no room inside, those of its shape all stand below; of small nodes, on whose
  // names a lock would lie too, all do.
  const bool small = model.node_radius < px(worded_radius_css);
  names_inside_.fill(true);
  for (const NodeShown& node : model.moment.nodes) {
    const bool fits = draw::text_width(Type::small, node.name) <=
                      signs::room_across(node.shape, model.node_radius);
    if (fits && !(small && node.lock)) continue;
    if (small) names_inside_.fill(false);
    names_inside_[static_cast<std::size_t>(node.shape)] = false;
  }
  spoken_.follow(*model.timeline, model.generation);
  model.node_at.resize(places_.size());
  const ImVec2 middle = area_.center();
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const ImVec2 at{area_.x + places_[i].x / 1000 * area_.w,
                    area_.y + places_[i].y / 1000 * area_.h};
    model.node_at[i] = middle + (at - middle) * zoom_ + pan_;
  }
}

// Puts every message where it is at the cursor.
void Canvas::measure(Model& model) {
  const Moment& moment = model.moment;
  model.message_at.resize(moment.messages.size());
  std::map<std::int32_t, std::int32_t> queued;
  for (std::size_t i = 0; i < moment.messages.size(); ++i) {
    const MessageView& message = moment.messages[i];
    std::int32_t in_queue = 0;
    if (message.status == MessageStatus::waiting) in_queue = queued[message.to.value]++;
    model.message_at[i] = {message.id, message_place(model, message, in_queue)};
  }
  // What an inbox lists is where its line is.
  for (const InboxRow& row : rows_) {
    if (row.message < 0) continue;
    model.message_at[static_cast<std::size_t>(row.message)].at = {row.rect.x + px(12),
                                                                  row.rect.center().y};
  }
}

Canvas::Path Canvas::path_between(const Model& model, NodeId from, NodeId to, bool lane) const {
  const ImVec2 a = model.node_at[static_cast<std::size_t>(from.value)];
  const ImVec2 b = model.node_at[static_cast<std::size_t>(to.value)];
  const ImVec2 d = unit(b - a);
  const ImVec2 aside = lane ? ImVec2(-d.y, d.x) * px(lane_css) : ImVec2(0, 0);
  const float edge = std::min(model.node_radius, length(b - a) / 2);
  return {a + d * edge + aside, b - d * edge + aside, d};
}

ImVec2 Canvas::message_place(const Model& model, const MessageView& message,
                             std::int32_t in_queue) const {
  const Path path = path_between(model, message.from, message.to, model.moment.detailed());
  if (message.status == MessageStatus::held) return lerp(path.from, path.to, 0.5f);
  if (message.status == MessageStatus::waiting) {
    return path.to - path.direction * px(9 + 15 * static_cast<float>(in_queue));
  }
  const auto span = static_cast<double>(std::max<Time>(1, message.due_us - message.sent_us));
  const auto gone = static_cast<double>(model.timeline->cursor_us() - message.sent_us);
  auto part = static_cast<float>(std::clamp(gone / span, 0.0, 1.0));
  if (model.host.reduced_motion || message.due_us == never_us) part = 0.5f;
  // What the network will lose is lost half-way, or at the scissors.
  if (message.doomed) part *= scissors_part(model, message.from, message.to);
  return lerp(path.from, path.to, part);
}

Canvas::Hit Canvas::hit(const Model& model, ImVec2 mouse) const {
  Hit found;
  const float finger = model.host.touch ? 1.8f : 1.f;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (!rows_[i].rect.contains(mouse)) continue;
    found.row = static_cast<std::int64_t>(i);
    found.message = rows_[i].message;
    return found;
  }
  float best = px(13) * finger;
  const bool rows = model.moment.detailed();  // what waits is in an inbox
  for (std::size_t i = 0; i < model.message_at.size(); ++i) {
    if (rows && model.moment.messages[i].status == MessageStatus::waiting) continue;
    const float d = length(model.message_at[i].at - mouse);
    if (d >= best) continue;
    best = d;
    found.message = static_cast<std::int64_t>(i);
  }
  best = std::max(model.node_radius + px(5), px(12) * finger);
  for (std::size_t i = 0; i < model.node_at.size(); ++i) {
    float d = length(model.node_at[i] - mouse);
    // A clock belongs to its node.
    if (model.tool == Tool::clock && model.moment.detailed())
      d = std::min(d, length(clock_at(model, i) - mouse) + model.node_radius - px(10));
    if (d >= best) continue;
    best = d;
    found.node = NodeId{static_cast<std::int32_t>(i)};
  }
  // The other tools act on nodes and links; a message passing by must not take the click.
  if (model.tool != Tool::select) found.message = -1;
  if (found.message >= 0) found.node = nobody;
  if (found.node != nobody || found.message >= 0) return found;
  best = px(9) * finger;
  for (std::size_t i = 0; i < model.moment.links.size(); ++i) {
    const LinkShown& link = model.moment.links[i];
    const float d =
        distance_to_segment(mouse, model.node_at[static_cast<std::size_t>(link.a.value)],
                            model.node_at[static_cast<std::size_t>(link.b.value)]);
    if (d >= best) continue;
    best = d;
    found.link = static_cast<std::int64_t>(i);
  }
  return found;
}

}  // namespace netsplit::ui
