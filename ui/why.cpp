#include "ui/why.h"

#include <algorithm>

namespace netsplit::ui {

bool judged_at_end(const PropertyState& state) {
  return state.kind != PropertyKind::always && state.standing == Standing::violated;
}

EventIndex bad_event_of(const PropertyState& state, const Trace& trace) {
  const auto kept = [&](EventIndex i) { return i >= trace.first() && i < trace.size(); };
  for (auto event = state.witness.events.rbegin(); event != state.witness.events.rend(); ++event) {
    if (kept(*event)) return *event;
  }
  if (judged_at_end(state) || !kept(state.first_event)) return no_event;
  const std::vector<NodeId>& nodes = state.witness.nodes;
  EventIndex own = no_event;
  EventIndex of_witness = no_event;
  for (EventIndex i = state.first_event; kept(i) && trace[i].step == trace[state.first_event].step;
       --i) {
    if (!trace[i].stamped()) continue;
    own = i;
    if (std::find(nodes.begin(), nodes.end(), trace[i].node) != nodes.end()) of_witness = i;
  }
  return of_witness != no_event ? of_witness : own != no_event ? own : state.first_event;
}

void Withheld::take(const std::vector<LessonStep>& lesson, const std::set<std::size_t>& answered,
                    const std::map<std::size_t, Time>& begun_us, std::size_t told, Time now_us) {
  windows_.clear();
  for (std::size_t i = 0; i < lesson.size(); ++i) {
    const LessonStep& step = lesson[i];
    if (step.question.empty() || answered.count(i) != 0 || passed_.count(i) != 0) continue;
    const bool next =
        i + 1 < lesson.size() && lesson[i + 1].at_us > step.at_us && lesson[i + 1].at_us <= now_us;
    const bool left = next || i < told;
    if (left) {
      passed_.insert(i);
      continue;
    }
    const bool property = step.reveal.kind == Reveal::Kind::property;
    const auto begun = begun_us.find(i);
    const Time from_us = begun == begun_us.end() ? step.at_us : begun->second;
    windows_.push_back({from_us, std::max(from_us, step.reveal.at_us),
                        property ? step.reveal.name : std::string()});
  }
}

void Withheld::stand(const std::vector<LessonStep>& lesson, const std::set<std::size_t>& answered,
                     std::size_t place, BranchId branch, Time now_us) {
  branch_ = branch;
  Time& seen_us = seen_us_[branch];
  seen_us = std::max(seen_us, now_us);
  furthest_ = std::max(furthest_, place);
  unread_from_us_ = never_us;
  for (std::size_t i = furthest_ + 1; i < lesson.size(); ++i)
    unread_from_us_ = std::min(unread_from_us_, lesson[i].at_us);
  const bool asked = place < lesson.size() && !lesson[place].question.empty();
  if (asked && answered.count(place) == 0 && passed_.count(place) == 0) unread_from_us_ = 0;
}

bool Withheld::covers_ahead(std::size_t property, const PropertyState& ahead) const {
  if (covers(property, ahead)) return true;
  if (shown_.count(property) != 0 || ahead.standing == Standing::open) return false;
  const auto seen = seen_us_.find(branch_);
  return seen != seen_us_.end() && ahead.first_us > seen->second &&
         ahead.first_us >= unread_from_us_;
}

bool Withheld::covers(std::size_t property, const PropertyState& decided) const {
  if (shown_.count(property) != 0 || decided.standing == Standing::open) return false;
  return std::any_of(windows_.begin(), windows_.end(), [&](const Window& window) {
    if (window.property == decided.name) return true;
    return decided.first_event != no_event && decided.first_us > window.from_us &&
           decided.first_us <= window.to_us;
  });
}

}  // namespace netsplit::ui
