#include "ui/held_locks.h"

#include <algorithm>
#include <chrono>

#include "core/scenario/registry.h"
#include "ui/moment.h"

namespace netsplit::ui {
namespace {

// Calls visit(path, row) for every lock in a node's state.
template <class Visit>
void for_each_lock(const Row& row, const std::string& path, const Visit& visit) {
  for (const Row& child : row.children) {
    const std::string name = path + "." + child.name;
    if (child.hint == Hint::lock)
      visit(name, child);
    else
      for_each_lock(child, name, visit);
  }
}

}  // namespace

void HeldLocks::begin(const Timeline& timeline) {
  held.clear();
  reach.clear();
  open_.clear();
  run_.reset();
  inputs_ = timeline.head().setup().script.size();
  if (timeline.head().node_count() > detailed_nodes_max) return;
  Result<std::unique_ptr<Session>> made = make_session(timeline.head().setup());
  if (!made) return;
  bool any = false;
  for (std::int32_t i = 0; !any && i < made.value()->node_count(); ++i) {
    for_each_lock(made.value()->node({i}).state, {},
                  [&](const std::string&, const Row&) { any = true; });
  }
  if (any) run_ = std::move(made).value();
}

void HeldLocks::follow(const Timeline& timeline, const SpaceTimeIndex& index,
                       std::uint64_t generation, double budget_ms) {
  const Session& head = timeline.head();
  if (generation != generation_ || timeline.branch() != branch_ ||
      inputs_ != head.setup().script.size() || (run_ && run_->steps() > head.steps())) {
    generation_ = generation;
    branch_ = timeline.branch();
    begin(timeline);
  }
  running_ = false;
  if (!run_) return;
  const Trace& trace = timeline.trace();
  const auto begun = std::chrono::steady_clock::now();
  while (run_->steps() < head.steps() && run_->step(nullptr)) {
    const EventIndex last = trace.first_after_step(run_->steps());
    for (EventIndex i = std::max(trace.first(), trace.first_after_step(run_->steps() - 1));
         i < last; ++i) {
      if (trace[i].node != nobody) look(*run_, trace[i].node, index.place(trace, i));
    }
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - begun;
    running_ = taken.count() > budget_ms;
    if (running_) return;
  }
}

void HeldLocks::look(const Session& session, NodeId id, const Place& at) {
  for_each_lock(session.node(id).state, {}, [&](const std::string& path, const Row& lock) {
    const std::pair key{id.value, path};
    const auto open = open_.find(key);
    const bool is_held = lock.number != 0;
    if (open != open_.end() && (!is_held || held[open->second].owner != lock.text)) {
      held[open->second].over = true;
      held[open->second].to = at;
      reach.end(open->second, at);
      open_.erase(open);
    }
    if (!is_held || open_.count(key) != 0) return;
    open_[key] = held.size();
    reach.begin(held.size(), at);
    held.push_back({id, lock.text, at, {}, false});
  });
}

}  // namespace netsplit::ui
