#include "ui/hidden_paths.h"

#include <algorithm>

namespace netsplit::ui {

void HiddenPaths::follow(const Trace& trace, const SpaceTimeIndex& index, const TimeView& view,
                         std::uint64_t generation, std::int32_t branch) {
  std::vector<bool> shown(static_cast<std::size_t>(view.node_count));
  for (const NodeId id : view.order) shown[static_cast<std::size_t>(id.value)] = true;
  if (shown != shown_ || generation != generation_ || branch != branch_ || trace.size() < taken_ ||
      index.first() > taken_) {
    shown_ = std::move(shown);
    generation_ = generation;
    branch_ = branch;
    paths.clear();
    reach.clear();
    hidden_.assign(shown_.size(), {});
    on_the_way_.clear();
    taken_ = index.first();
  }
  // Without vectors nobody could say which arrows are implied by others.
  const bool wanted = view.hides_some() && trace.width() > 0;
  for (; wanted && taken_ < trace.size(); ++taken_) take(trace, index, trace[taken_]);
}

void HiddenPaths::take(const Trace& trace, const SpaceTimeIndex& index, const Event& event) {
  if (event.node == nobody || event.peer == nobody) return;
  if (event.kind == EventKind::send) {
    if (!shown(event.node))
      on_the_way_[event.message] = hidden_[static_cast<std::size_t>(event.node.value)];
    else if (!shown(event.peer))
      on_the_way_[event.message] = {{event.node, event.index}};
    return;
  }
  if (event.kind != EventKind::deliver || (shown(event.node) && shown(event.peer))) return;
  const Frontier* with = carried_by(trace, event);
  if (with == nullptr) return;
  if (shown(event.node)) {
    arrive(trace, index, event, *with);
  } else {
    Frontier& into = hidden_[static_cast<std::size_t>(event.node.value)];
    for (const Known& more : *with) {
      const auto same = std::find_if(into.begin(), into.end(),
                                     [&](const Known& k) { return k.node == more.node; });
      if (same == into.end())
        into.push_back(more);
      else
        same->event = std::max(same->event, more.event);
    }
  }
  on_the_way_.erase(event.message);
}

// A duplicate was never sent on its own: it carries what its original did.
const HiddenPaths::Frontier* HiddenPaths::carried_by(const Trace& trace,
                                                     const Event& delivery) const {
  auto found = on_the_way_.find(delivery.message);
  if (found == on_the_way_.end() && delivery.cause >= trace.first() &&
      delivery.cause < delivery.index) {
    found = on_the_way_.find(trace[delivery.cause].message);
  }
  return found == on_the_way_.end() ? nullptr : &found->second;
}

void HiddenPaths::arrive(const Trace& trace, const SpaceTimeIndex& index, const Event& event,
                         const Frontier& with) {
  const auto before = [&](EventIndex a, EventIndex b) {
    return a >= trace.first() && b >= trace.first() && trace.happened_before(a, b);
  };
  for (const Known& known : with) {
    if (known.node == event.node || known.event < trace.first()) continue;
    // What the node knew already, or learns with a later event, needs no arrow of its own.
    const bool told = known.event == event.previous || before(known.event, event.previous);
    const bool implied = std::any_of(with.begin(), with.end(), [&](const Known& other) {
      return before(known.event, other.event);
    });
    if (told || implied) continue;
    HiddenPath path{known.event,
                    event.index,
                    known.node,
                    event.node,
                    index.place(trace, known.event),
                    index.place(trace, event.index)};
    reach.begin(paths.size(), path.sent);
    reach.end(paths.size(), path.ended);
    paths.push_back(path);
  }
}

}  // namespace netsplit::ui
