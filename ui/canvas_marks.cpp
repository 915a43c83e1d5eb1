// What hangs on a node: its token and term, its lock, its log, its clock, and the inbox of what
// waits for it.
#include <algorithm>
#include <cmath>

#include "ui/canvas.h"
#include "ui/node_reading.h"
#include "ui/signs.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr float cell_height_css = 17;
constexpr float clock_radius_css = 11;
constexpr Time wrong_clock_us = milliseconds(5);  // what a time server leaves is not worth a mark

float cell_width(const std::vector<LogCell>& cells, bool brief) {
  float width = px(18);
  for (const LogCell& each : cells) {
    const std::string text = brief ? short_word(each.text) : each.text;
    width = std::max(width, draw::text_width(Type::small, text) + px(8));
  }
  return width;
}

// How wide a log may be: no wider than it can be read at a glance, and clear of the next one's.
float log_room(const Model& model, std::size_t index) {
  float room = px(model.places.form == Form::narrow ? 92 : 172);
  const ImVec2 c = model.node_at[index];
  for (std::size_t i = 0; i < model.node_at.size(); ++i) {
    const ImVec2 d = model.node_at[i] - c;
    const bool beside = i != index && std::abs(d.y) < model.node_radius * 2;
    if (beside && model.moment.nodes[i].log) room = std::min(room, std::abs(d.x) - px(8));
  }
  return std::max(room, px(44));
}

std::string lock_owner(const LockShown& lock) {
  if (lock.count <= 1) return lock.owner;
  return say(t().locks_held, {std::to_string(lock.held_count), std::to_string(lock.count)});
}

}  // namespace

// How far above the middle a badge on an upper corner stands: clear of a name inside the node.
float Canvas::badge_up(const Model& model, std::size_t index, float half_width, float half) const {
  const float out = model.node_radius * 0.82f;
  if (!name_fits(model, index)) return out;
  const Rect name = name_place(model, index).rect;
  if (name.w / 2 + half_width + px(1) < out) return out;
  return std::max(out, model.node_at[index].y - name.y + half + px(1));
}

// The token at the upper right, the term at the upper left, the lock at the lower left, and beside
// it who holds it.
Canvas::Badges Canvas::badges_of(const Model& model, std::size_t index) const {
  const NodeShown& node = model.moment.nodes[index];
  const ImVec2 c = model.node_at[index];
  const bool tiny = model.node_radius < px(16);
  const bool small = model.node_radius < px(worded_radius_css);
  const float out = model.node_radius * 0.82f + (tiny ? px(5) : 0);
  Badges badges;
  if (node.token) {
    const float r = signs::token_radius(std::to_string(node.token->number), small);
    const float half_width = r * 0.87f;
    const ImVec2 at = c + ImVec2(out, -badge_up(model, index, half_width, r));
    badges.token = {at.x - half_width, at.y - r, 2 * half_width, 2 * r};
  }
  if (node.epoch) {
    // In a small node whose name stands beside it, there is room.
    const bool inside =
        small && !name_fits(model, index) && node.condition == Condition::up && !node.token;
    const ImVec2 upper{-out, -badge_up(model, index, px(11), px(9))};
    badges.epoch = signs::epoch_plate(inside ? c : c + upper, node.epoch->number, small, tiny);
  }
  if (!node.lock || (small && !node.lock->held)) return badges;
  // Clear of the second line inside, of a name below, and of the log.
  const float low = small ? out : std::max(out, px(27));
  ImVec2 at = c + ImVec2(-low, small || name_fits(model, index) ? low : low / 2);
  const float r = px(small ? 8 : 11);
  if (index < logs_.size() && logs_[index]) {
    const float lowest = logs_[index]->rect.y - r - px(3);
    if (at.y > lowest) at = {std::max(whole_.x + px(13), c.x - low - px(5)), lowest};
  }
  badges.lock = {at.x - r, at.y - r, 2 * r, 2 * r};
  if (!node.lock->held || small) return badges;
  const float w = draw::text_width(Type::small, lock_owner(*node.lock));
  badges.owner = {at.x - px(21) - w, at.y - px(8), w + px(8), px(16)};
  if (badges.owner.x < whole_.x) badges.owner.x = at.x + px(11);  // the window ends there
  return badges;
}

void Canvas::draw_badges(const Model& model, std::size_t index) {
  const Palette& p = palette();
  const NodeShown& node = model.moment.nodes[index];
  const bool tiny = model.node_radius < px(16);
  const bool small = model.node_radius < px(worded_radius_css);
  const Badges badges = badges_of(model, index);
  if (badges.token.w > 0)
    signs::token(list_, badges.token.center(), std::to_string(node.token->number), small);
  if (badges.epoch.w > 0)
    signs::epoch(list_, badges.epoch.center(), node.epoch->number, small, tiny);
  if (badges.lock.w > 0) signs::lock(list_, badges.lock.center(), node.lock->held, small);
  if (badges.owner.w > 0) {
    draw::fill(list_, badges.owner, with_alpha(p.ground, 0.85f), px(4));
    draw::text_in(list_, badges.owner, Type::small, p.green, lock_owner(*node.lock),
                  draw::Align::center);
  }
  for (const Rect& rect : {badges.token, badges.epoch, badges.owner}) {
    if (rect.w > 0) taken_.push_back(rect);
  }
}

bool Canvas::log_lies_clear(const Model& model, std::size_t index, const Rect& rect) const {
  for (std::size_t i = 0; i < model.node_at.size(); ++i) {
    if (i == index) continue;
    const ImVec2 c = model.node_at[i];
    const ImVec2 near{std::clamp(c.x, rect.x, rect.right()),
                      std::clamp(c.y, rect.y, rect.bottom())};
    if (length(near - c) < model.node_radius) return false;
    if (!name_fits(model, i) && name_place(model, i).rect.overlaps(rect)) return false;
    if (i < index && logs_[i] && logs_[i]->rect.overlaps(rect)) return false;
  }
  return true;
}

// As many of the last entries as there is room for between the neighbours; a few have room for
// their words, and long words are shortened before they are cut.
void Canvas::place_logs(const Model& model) {
  const std::vector<NodeShown>& nodes = model.moment.nodes;
  logs_.assign(nodes.size(), {});
  // In a small pane among others the logs would lie on each other.
  if (!model.moment.detailed() || model.node_radius < px(20)) return;
  // Where no node has an entry yet, or none ever will, there is nothing to tell apart.
  if (std::all_of(nodes.begin(), nodes.end(),
                  [](const NodeShown& each) { return !each.log || each.log->cells.empty(); }))
    return;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!nodes[i].log) continue;
    const std::vector<LogCell>& cells = nodes[i].log->cells;
    const float left = whole_.x + px(16);  // of which the sign of what came before takes some
    const float right = whole_.right() - px(5);
    const float room = std::min(log_room(model, i), right - left);
    const auto all = static_cast<std::int64_t>(cells.size());
    const float share = room / static_cast<float>(std::max<std::int64_t>(all, 1));
    float cell = cell_width(cells, false);
    const bool brief = cell > share;
    if (brief) cell = cell_width(cells, true);
    cell = std::round(std::min(cell, std::max(px(44), share)));
    auto count = std::min(all, std::max<std::int64_t>(1, static_cast<std::int64_t>(room / cell)));
    // Fewer where it would lie on another node; none where even one would.
    for (; count >= 0 && !logs_[i]; --count) {
      const float width = cell * static_cast<float>(std::max<std::int64_t>(count, 1));
      const float x =
          std::clamp(model.node_at[i].x - width / 2, left, std::max(left, right - width));
      const Rect rect{std::round(x), std::round(below_node(model, i) + px(3)), width,
                      px(cell_height_css)};
      if (rect.bottom() >= whole_.bottom() || (count == 0 && all > 0)) break;
      if (log_lies_clear(model, i, rect)) logs_[i] = {rect, cell, count, brief};
    }
  }
}

// The end of the log in cells: filled up to where it is committed, coloured by the entry's term; a
// thick border stands behind the last committed entry, small marks under other places.
void Canvas::draw_log(const Model& model, std::size_t index) {
  if (index >= logs_.size() || !logs_[index]) return;
  const Palette& p = palette();
  const LogShown& log = *model.moment.nodes[index].log;
  const auto& [whole, cell, count, brief] = *logs_[index];
  const float x0 = whole.x;
  const float y0 = whole.y;
  const float height = whole.h;
  const LogCell* cells = log.cells.data() + (std::ssize(log.cells) - count);
  draw::fill(list_, whole.grown(px(2)), with_alpha(p.ground, 0.85f), px(4));
  if (count == 0) {
    draw::frame(list_, whole, p.line, px(3), px(1));
    draw::text_in(list_, whole, Type::small, p.muted, "\xE2\x80\x93", draw::Align::center);
  } else if (cells[0].index > 1) {
    draw::text(list_, x0 - px(9), y0 + height * 0.66f, Type::small, p.muted, "\xE2\x80\xA6",
               draw::Align::center);
  }
  for (std::int64_t i = 0; i < count; ++i) {
    const LogCell& entry = cells[i];
    const Rect r{x0 + cell * static_cast<float>(i) + px(1), y0, cell - px(2), height};
    signs::log_cell(list_, r, entry.epoch, entry.index <= log.committed,
                    brief ? short_word(entry.text) : entry.text);
  }
  const auto place = [&, cell = cell, count = count](std::int64_t at) {
    const std::int64_t first = count > 0 ? cells[0].index : 1;
    return x0 + cell * static_cast<float>(std::clamp<std::int64_t>(at - first + 1, 0, count));
  };
  if (log.committed >= 0 && count > 0) signs::log_border(list_, place(log.committed), y0, height);
  for (const auto& [name, at] : log.marks) {
    if (count == 0 || at < cells[0].index || at > log.last) continue;
    signs::log_place(list_, {place(at) - cell / 2, y0 + height + px(1)});
  }
  taken_.push_back(whole.grown(px(4)));
}

float Canvas::below_node(const Model& model, std::size_t index) const {
  // Small nodes mostly carry their name below, and rings of timers push everything down.
  return model.node_at[index].y + foot_of(model, index) + px(name_below(model, index) ? 21 : 4);
}

ImVec2 Canvas::clock_at(const Model& model, std::size_t index) const {
  const float out = model.node_radius * 0.82f + px(2);
  return model.node_at[index] + ImVec2(out, out);
}

bool Canvas::shows_clock(const Model& model, const NodeShown& node) const {
  if (model.tool == Tool::clock) return true;
  const Time wrong_us = std::max(node.wall_error_us, -node.wall_error_us);
  return node.drift_ppm != 0 || wrong_us >= wrong_clock_us;
}

// What the node's wall clock shows.
void Canvas::draw_clock(const Model& model, std::size_t index) {
  const NodeShown& node = model.moment.nodes[index];
  const bool dragged =
      dragging_ == Drag::clock && moved_ && dragged_.value == static_cast<std::int32_t>(index);
  if (!shows_clock(model, node) && !dragged) return;
  const Palette& p = palette();
  const ImVec2 c = clock_at(model, index);
  const float r =
      px(model.node_radius < px(worded_radius_css) ? clock_radius_css * 0.8f : clock_radius_css);
  const Time wrong_us = std::max(node.wall_error_us, -node.wall_error_us);
  const bool right = wrong_us < wrong_clock_us && node.drift_ppm == 0 && !dragged;
  const Time now_us = model.timeline->cursor_us();
  const auto since_us = static_cast<double>(now_us - model.session().now_us());
  const auto wall_us = static_cast<double>(node.wall_us) +
                       since_us * (1 + static_cast<double>(node.drift_ppm) / 1e6);
  signs::clock(list_, c, r, wall_us, static_cast<double>(now_us), right);
  taken_.push_back({c.x - r, c.y - r, 2 * r, 2 * r});
  if (!dragged) return;
  const ImVec2 at = ImGui::GetIO().MousePos + ImVec2(0, -px(26));
  draw::pill(list_, at, Type::caption, drift_text(drift_of_drag()), p.raised, p.orange, p.text);
}

// Messages that wait, and by hand the timers that could run out.
void Canvas::place_inboxes(const Model& model) {
  rows_.clear();
  inboxes_.clear();
  const Moment& moment = model.moment;
  if (!moment.detailed()) return;
  const bool by_hand = model.manual();
  const std::size_t shown_max = moment.nodes.size() <= 8 ? 5 : 2;
  const float row_h = px(model.host.touch ? 34 : 23);
  std::vector<std::vector<InboxRow>> waiting(moment.nodes.size());
  for (std::size_t i = 0; i < moment.messages.size(); ++i) {
    const MessageView& message = moment.messages[i];
    if (message.status != MessageStatus::waiting) continue;
    InboxRow row;
    row.node = message.to;
    row.message = static_cast<std::int64_t>(i);
    row.text = i < moment.labels.size() ? moment.labels[i]
                                        : model.session().protocol().messages[message.kind].name;
    row.from = "\xE2\x86\x90 " + moment.nodes[static_cast<std::size_t>(message.from.value)].name;
    waiting[static_cast<std::size_t>(message.to.value)].push_back(std::move(row));
  }
  std::vector<std::int64_t> timers(moment.nodes.size());
  for (const TimerView& timer : moment.timers) {
    if (!by_hand) break;
    const auto at = static_cast<std::size_t>(timer.node.value);
    InboxRow row;
    row.node = timer.node;
    row.timer = timers[at]++;
    row.text = words(model.session().protocol().timers[timer.kind].name);
    waiting[at].push_back(std::move(row));
  }
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    std::vector<InboxRow>& rows = waiting[i];
    if (rows.empty()) continue;
    if (rows.size() > shown_max) {
      InboxRow more;
      more.node = rows.front().node;
      more.more = static_cast<std::int32_t>(rows.size() - shown_max + 1);
      more.text = say(t().inbox_more, {std::to_string(more.more)});
      rows.resize(shown_max - 1);
      rows.push_back(std::move(more));
    }
    float width = px(96);
    for (const InboxRow& row : rows) {
      const float from = row.from.empty() ? 0 : draw::text_width(Type::small, row.from) + px(22);
      width = std::max(width, draw::text_width(Type::caption, row.text) + from + px(40));
    }
    width = std::min(width, px(model.places.form == Form::narrow ? 150 : 230));
    const float height = row_h * static_cast<float>(rows.size()) + px(8);
    const Rect card = inbox_spot(model, i, width, height);
    float y = card.y + px(4);
    for (InboxRow& row : rows) {
      row.rect = {card.x + px(4), y, card.w - px(8), row_h};
      y += row_h;
      rows_.push_back(std::move(row));
    }
    inboxes_.push_back(card);
  }
}

// Beside the node, away from the middle, where it covers least.
Rect Canvas::inbox_spot(const Model& model, std::size_t index, float width, float height) const {
  const ImVec2 c = model.node_at[index];
  const float r = model.node_radius + px(16);
  const bool left = c.x < area_.center().x - px(20);
  const Rect bounds{whole_.x + px(8), whole_.y + px(62), whole_.w - px(16), whole_.h - px(70)};
  const std::array<Rect, 6> spots{
      Rect{left ? c.x - r - width : c.x + r, c.y - height / 2, width, height},
      Rect{left ? c.x + r : c.x - r - width, c.y - height / 2, width, height},
      Rect{c.x - width / 2, c.y - r - height, width, height},
      Rect{left ? c.x - r - width : c.x + r, c.y - r - height, width, height},
      Rect{left ? c.x - r - width : c.x + r, c.y + r, width, height},
      Rect{c.x - width / 2, c.y + r + px(34), width, height}};
  const auto covered = [&](const Rect& spot) {
    float cost = 0;
    for (std::size_t i = 0; i < model.node_at.size(); ++i) {
      const float reach = model.node_radius + px(6);
      const Rect node{model.node_at[i].x - reach, model.node_at[i].y - reach, 2 * reach, 2 * reach};
      if (node.overlaps(spot)) cost += i == index ? 3.f : 4.f;
    }
    for (const Rect& other : inboxes_) cost += other.grown(px(4)).overlaps(spot) ? 4.f : 0.f;
    return cost;
  };
  Rect best = spots.front();
  float least = 1e9f;
  float later = 0;
  for (Rect spot : spots) {
    const ImVec2 wanted = spot.min();
    spot.x = std::clamp(spot.x, bounds.x, std::max(bounds.x, bounds.right() - width));
    spot.y = std::clamp(spot.y, bounds.y, std::max(bounds.y, bounds.bottom() - height));
    const float pushed = length(spot.min() - wanted) / px(60);
    const float cost = covered(spot) + pushed + later;
    later += 0.2f;
    if (cost >= least) continue;
    least = cost;
    best = spot;
  }
  return {std::round(best.x), std::round(best.y), best.w, best.h};
}

void Canvas::draw_inboxes(Model& model) {
  const Palette& p = palette();
  std::size_t row = 0;
  for (const Rect& card : inboxes_) {
    if (row >= rows_.size()) break;
    const ImVec2 node = model.node_at[static_cast<std::size_t>(rows_[row].node.value)];
    const ImVec2 near{std::clamp(node.x, card.x, card.right()),
                      std::clamp(node.y, card.y, card.bottom())};
    const ImVec2 edge = node + unit(near - node) * model.node_radius;
    signs::inbox(list_, edge, card);
    for (; row < rows_.size() && card.contains(rows_[row].rect.center()); ++row) {
      const InboxRow& each = rows_[row];
      const Rect& r = each.rect;
      if (hot_.row == static_cast<std::int64_t>(row)) draw::fill(list_, r, p.hover, px(5));
      const ImVec2 sign{r.x + px(12), r.center().y};
      const std::string& name = model.moment.nodes[static_cast<std::size_t>(each.node.value)].name;
      std::string control = "inbox." + name + ".more";
      float room = r.w - px(28);
      if (each.message >= 0) {
        const MessageView& message = model.moment.messages[static_cast<std::size_t>(each.message)];
        signs::message(list_, sign, message.kind, px(5), signs::message_color(message.kind));
        if (message.id == model.selected_message) draw::frame(list_, r, p.orange, px(5), px(1.4f));
        control = "inbox.message." + std::to_string(message.id);
        const float w = draw::text_width(Type::small, each.from);
        if (w + px(60) < room) {
          draw::text_in(list_, {r.right() - w - px(6), r.y, w + 1, r.h}, Type::small, p.muted,
                        each.from);
          room -= w + px(10);
        }
      } else if (each.timer >= 0) {
        draw_icon(list_, Icon::delay, sign, px(13), p.muted);
        control = "inbox.timer." + name + "." + std::to_string(each.timer);
      }
      draw::text_in(list_, {r.x + px(24), r.y, room, r.h}, Type::caption,
                    each.more > 0 ? p.sky : p.text, each.text);
      model.controls.add(control, r);
    }
    taken_.push_back(card.grown(px(3)));
  }
}

}  // namespace netsplit::ui
