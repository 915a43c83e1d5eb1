// Stretches of time on a node's line (paused, down, absent, leases), what the script has in store,
// and the words that stand between the lines, each only where it hides nothing.
#include <algorithm>
#include <cmath>

#include "ui/input_text.h"
#include "ui/space_time.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr std::size_t stretches_most = 6000;
constexpr std::size_t names_most = 80;
constexpr std::size_t message_names_most = 48;

}  // namespace

// Takes the place, unless something else has it.
bool SpaceTime::claim(const Rect& area) {
  const bool free = std::none_of(taken_.begin(), taken_.end(),
                                 [&](const Rect& other) { return other.overlaps(area); });
  if (free) taken_.push_back(area);
  return free;
}

bool SpaceTime::crosses_a_line(const Rect& area) const {
  const auto crosses = [&](const Span& span) {
    return segments_cross(span.a, span.b, area.min(), area.max()) ||
           segments_cross(span.a, span.b, {area.x, area.bottom()}, {area.right(), area.y});
  };
  return std::any_of(spans_.begin(), spans_.end(), crosses);
}

void SpaceTime::draw_stretches(const Model& model) {
  names_.clear();
  thin_bars_.clear();
  busy_until_.assign(line_of_.size(), -1e9f);
  const double known = std::max(known_at(model), cursor_at(model));
  index_.stretches_reach.each(
      view_->axis, view_->from, view_->to, index_.stretches.size(), stretches_most,
      [&](std::size_t i) {
        const Stretch& stretch = index_.stretches[i];
        if (!shown(stretch.node)) return;
        const double begin = stretch.from.on(view_->axis);
        // What has not ended lasts as far as anybody knows.
        const double end = stretch.end == no_event ? known : stretch.to.on(view_->axis);
        if (end < view_->from || begin > view_->to) return;
        const float x0 = std::max(x_of(begin), plot_.x - px(8));
        float x1 = std::max(x0 + px(1), std::min(x_of(end), plot_.right() + px(8)));
        // On the logical axis a pause takes no time; it must be seen all the same.
        if (view_->axis == Axis::logical && stretch.kind != Stretch::Kind::lease)
          x1 = std::max(x1, x0 + px(9));
        // Many short ones after another are one bar.
        float& busy = busy_until_[static_cast<std::size_t>(stretch.node.value)];
        if (x1 - x0 < px(2) && x1 <= busy) return;
        busy = x1 + px(1);
        draw_stretch(model, stretch, x0, x1, stretch.from.us > now_us_);
      });
}

void SpaceTime::draw_stretch(const Model& model, const Stretch& stretch, float x0, float x1,
                             bool later) {
  const Palette& p = palette();
  const float y = y_of(stretch.node);
  const float dim = later ? 0.4f : 1.f;
  const bool wide = names_.size() < names_most && x1 - x0 > px(24);
  if (stretch.kind == Stretch::Kind::lease) {
    const float h = std::clamp(pitch_ * 0.09f, px(1.5f), px(4));
    const float above = std::min(px(11), pitch_ * 0.24f);
    const bool over = stretch.end != no_event && stretch.to.us <= now_us_;
    const ImU32 color = with_alpha(over ? p.muted : p.green, dim);
    // Two leases that follow each other at once stay two bars.
    const Rect bar{x0, y - above - h / 2, std::max(px(1), x1 - x0 - px(2)), h};
    draw::fill(list_, bar, color, h / 2);
    thin_bars_.push_back(bar);
    if (pitch_ > px(30) && wide) {
      names_.push_back({bar, bar.y - px(8.5f), true, lease_name(model, stretch), color,
                        mix(p.ground, p.panel, 0.5f), Icon::none});
    }
    return;
  }
  const float height = std::clamp(pitch_ * 0.47f, px(2), px(20));
  const Rect bar{x0, y - height / 2, x1 - x0, height};
  const bool down = stretch.kind == Stretch::Kind::down;
  const bool paused = stretch.kind == Stretch::Kind::paused;
  const ImU32 color = down ? p.vermilion : p.muted;
  draw::fill(list_, bar, with_alpha(mix(p.panel, color, 0.16f), 0.96f), px(5));
  if (paused) draw::hatch_rect(list_, bar, with_alpha(color, 0.34f * dim));
  draw::frame(list_, bar, with_alpha(color, 0.5f * dim), px(5), px(1));
  // Down and absent are dashed along the middle, so that neither is told by colour alone.
  if (!paused && bar.w > px(12)) {
    draw::dashed(list_, {bar.x + px(4), y}, {bar.right() - px(4), y}, with_alpha(color, 0.6f * dim),
                 px(1.2f), down ? px(5) : px(1.5f), px(4));
  }
  if (height < px(14) || !wide) return;
  names_.push_back({bar, y, false,
                    std::string(paused ? t().paused
                                : down ? t().down
                                       : t().absent),
                    with_alpha(down ? p.vermilion : mix(p.muted, p.text, 0.3f), dim),
                    mix(p.panel, color, 0.16f),
                    paused ? Icon::pause_bars
                    : down ? Icon::cross
                           : Icon::none});
}

// A lock is a bar under the line of the node whose field it is, closed at both ends.
void SpaceTime::draw_locks(const Model& model) {
  const Palette& p = palette();
  if (pitch_ < px(12)) return;
  const double known = std::max(known_at(model), cursor_at(model));
  locks_.reach.each(
      view_->axis, view_->from, view_->to, locks_.held.size(), stretches_most, [&](std::size_t i) {
        const HeldLock& lock = locks_.held[i];
        if (!shown(lock.node)) return;
        const double begin = lock.from.on(view_->axis);
        const double end = lock.over ? lock.to.on(view_->axis) : known;
        if (end < view_->from || begin > view_->to) return;
        const float x0 = std::max(x_of(begin), plot_.x - px(8));
        const float x1 = std::max(x0 + px(2), std::min(x_of(end), plot_.right() + px(8)));
        const float y = y_of(lock.node) + std::min(px(10), pitch_ * 0.24f);
        const bool over = lock.over && lock.to.us <= now_us_;
        const ImU32 ink = with_alpha(over ? p.muted : p.green, lock.from.us > now_us_ ? 0.4f : 1.f);
        draw::line(list_, {x0, y}, {x1, y}, ink, px(1.6f));
        thin_bars_.push_back({x0, y - px(2), x1 - x0, px(4)});
        for (const float x : {x0, x1})
          draw::line(list_, {x, y - px(3)}, {x, y + px(3)}, ink, px(1.6f));
        if (pitch_ < px(36) || x1 - x0 < px(24) || names_.size() >= names_most) return;
        names_.push_back({{x0, y - px(2), x1 - x0, px(4)},
                          y + px(9),
                          true,
                          say(t().lock_by, {lock.owner}),
                          ink,
                          mix(p.ground, p.panel, 0.5f),
                          Icon::none});
      });
}

// "lease 33", where its timer carries a token, "lease of bob", where it carries a node.
std::string SpaceTime::lease_name(const Model& model, const Stretch& stretch) const {
  std::string name(t().lease);
  const Trace& trace = model.timeline->trace();
  if (stretch.begin < trace.first()) return name;
  bool told = false;
  for_each_leaf(model.session().describe_payload(trace[stretch.begin]), {}, false,
                [&](const std::string&, const Row& row, bool) {
                  const bool number = row.hint == Hint::token || row.hint == Hint::epoch;
                  if (told || (!number && row.hint != Hint::node)) return;
                  name = say(number ? t().lease_number : t().lease_of, {row.text});
                  told = true;
                });
  return name;
}

// Each name stands in the widest place that neither an event nor a message's line takes.
void SpaceTime::draw_stretch_names() {
  std::vector<float> stops;
  for (const StretchName& name : names_) {
    const float sign = name.icon != Icon::none ? px(18) : px(4);
    const float w = draw::text_width(Type::small, name.word) + sign + px(6);
    const float left = std::max(name.bar.x + px(4), plot_.x);
    const float right = std::min(name.bar.right() - px(4), plot_.right());
    stops.assign(1, left);
    for (const ImVec2 dot : dots_) {
      if (!name.above && dot.y == name.y) stops.push_back(dot.x);
    }
    for (const Span& span : spans_) {
      if (!name.above) break;
      const float part = (name.y - span.a.y) / (span.b.y - span.a.y);
      if (part >= 0 && part <= 1) stops.push_back(span.a.x + (span.b.x - span.a.x) * part);
    }
    std::erase_if(stops, [&](float x) { return x < left || x > right; });
    stops.push_back(right);
    std::sort(stops.begin(), stops.end());
    float at = 0;
    float widest = 0;
    for (std::size_t i = 0; i + 1 < stops.size(); ++i) {
      const float gap = stops[i + 1] - stops[i];
      // The first that is wide enough for a name above its bar, the widest one in it.
      if (gap <= widest || (name.above && widest > w + px(12))) continue;
      widest = gap;
      at = name.above ? std::min(stops[i] + px(6), stops[i + 1] - w)
                      : (stops[i] + stops[i + 1] - w) / 2;
    }
    if (widest < w + px(8)) continue;
    const float h = name.above ? px(13) : name.bar.h - px(2);
    const Rect plate{at, name.y - h / 2, w, h};
    if (!claim(plate)) continue;
    draw::fill(list_, plate, name.plate, px(4));
    if (name.icon != Icon::none)
      draw_icon(list_, name.icon, {plate.x + px(9), name.y}, px(10), name.color);
    draw::text_in(list_, {plate.x + sign, plate.y, w - sign, plate.h}, Type::small, name.color,
                  name.word);
  }
}

// A message's kind stands beside its line, where there is room for it.
void SpaceTime::draw_message_names(const Model& model) {
  if (!fine_ || pitch_ < px(26) || spans_.size() > message_names_most) return;
  const Palette& p = palette();
  for (const ImVec2 dot : dots_) taken_.push_back({dot.x - px(4), dot.y - px(4), px(8), px(8)});
  taken_.insert(taken_.end(), thin_bars_.begin(), thin_bars_.end());
  const auto& infos = model.session().protocol().messages;
  for (const Span& span : spans_) {
    if (!span.labelled || span.kind >= infos.size()) continue;
    const std::string& word = infos[span.kind].name;
    const float w = draw::text_width(Type::small, word) + px(4);
    const float h = px(13);
    for (const float part : {0.5f, 0.3f, 0.7f}) {
      const ImVec2 on = lerp(span.a, span.b, part);
      const float slope = std::abs((span.b.x - span.a.x) / (span.b.y - span.a.y));
      const float beside = slope * h / 2 + px(4);
      bool placed = false;
      for (const float x : {on.x + beside, on.x - beside - w}) {
        const Rect area{x, on.y - h / 2, w, h};
        if (area.x < plot_.x || area.right() > plot_.right() || crosses_a_line(area)) continue;
        const bool on_a_line =
            std::any_of(view_->order.begin(), view_->order.end(),
                        [&](NodeId id) { return area.y < y_of(id) && area.bottom() > y_of(id); });
        if (on_a_line || !claim(area)) continue;
        draw::text_in(list_, area, Type::small, mix(p.muted, p.kinds[span.kind % 8], 0.55f), word);
        placed = true;
        break;
      }
      if (placed) break;
    }
  }
}

// What the script will do and has not done yet stands on the lines of the nodes that it is about.
void SpaceTime::draw_planned(const Model& model) {
  if (view_->axis != Axis::real || pitch_ < px(5)) return;
  const Palette& p = palette();
  const Session& head = model.timeline->head();
  const std::vector<Input>& script = head.setup().script;
  constexpr std::int64_t drawn_most = 400;
  std::int64_t drawn = 0;
  for (auto i = static_cast<std::size_t>(head.script_applied()); i < script.size(); ++i) {
    const Input& input = script[i];
    const auto at = static_cast<double>(input.at_us);
    if (at < view_->from || at > view_->to || ++drawn > drawn_most) continue;
    const std::string word = input_verb(input);
    const float x = x_of(at);
    const ImU32 ink = with_alpha(p.orange, input.at_us > now_us_ ? 0.8f : 1.f);
    const float size = std::min(px(4.4f), pitch_ * 0.45f);
    // What is about many nodes is said once.
    bool said = false;
    for (const std::vector<NodeId>& group : input.groups) {
      for (const NodeId id : group) {
        if (id.value < 0 || id.value >= view_->node_count || !shown(id)) continue;
        const float y = y_of(id);
        list_->AddNgonFilled({x, y}, size + px(0.8f), mix(p.ground, p.panel, 0.5f), 4);
        list_->AddNgon({x, y}, size, ink, 4, px(1.5f));
        taken_.push_back({x - size, y - size, 2 * size, 2 * size});
        if (pitch_ < px(24) || said) continue;
        // Above the first line the marks' own lines come down.
        const bool first = line_of_[static_cast<std::size_t>(id.value)] == 0;
        for (const float above : {first ? -2.f : 15.f, first ? 15.f : -2.f}) {
          const Rect area{x + px(8), y - px(above), draw::text_width(Type::small, word) + px(2),
                          px(13)};
          if (area.right() > plot_.right() || !claim(area)) continue;
          draw::text_in(list_, area, Type::small, with_alpha(p.orange, 0.9f), word);
          said = true;
          break;
        }
      }
    }
  }
}

}  // namespace netsplit::ui
