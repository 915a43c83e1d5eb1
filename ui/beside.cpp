// Runs that stand beside the one that was opened, as branches from the first moment on: each has a
// scenario, perhaps nodes of its own, and remembers where the reader was.
#include <tuple>
#include <utility>

#include "core/base/assert.h"
#include "ui/model.h"

namespace netsplit::ui {

// Of each branch, the nearest on its way to the first that has a scenario of its own.
BranchId Model::scenario_branch(BranchId id) const {
  NETSPLIT_ASSERT(!beside.empty());
  while (beside.count(id) == 0) {
    const BranchInfo* info = timeline->find_branch(id);
    if (info == nullptr || info->parent < 0) return beside.begin()->first;
    id = info->parent;
  }
  return id;
}

Status Model::open_beside(Scenario other, std::string name) {
  if (!open()) return start(other);
  Beside made{std::move(other), timeline->branch(), timeline->cursor_us(), speed};
  const NodeId selected = selected_node;
  selected_node = nobody;  // the other run may not have it
  const Status done = restart_with(made.scenario.setup);
  if (!done) {
    selected_node = selected;
    return done;
  }
  playing = false;
  timeline->name_branch(timeline->branch(), std::move(name));
  beside[timeline->branch()] = std::move(made);
  take_scenario();
  return Done{};
}

// What the reader changed in it (where nodes stand) stays with it.
void Model::keep_scenario() {
  if (const auto own = beside.find(scenario_owner); own != beside.end())
    own->second.scenario = scenario;
}

void Model::take_scenario() {
  const BranchId owner = scenario_branch(timeline->branch());
  if (owner == scenario_owner) return;
  keep_scenario();
  scenario_owner = owner;
  scenario = beside.at(owner).scenario;
  set_speed(static_cast<double>(scenario.speed_ppm) / 1e6);
  ++generation;
  if (selected_node.value >= session().node_count()) selected_node = nobody;
  refresh();
}

BranchId Model::found_from() const {
  return open() ? beside.at(scenario_branch(timeline->branch())).from : -1;
}

void Model::leave_found() {
  if (!open()) return;
  const Beside& here = beside.at(scenario_branch(timeline->branch()));
  const auto [from, at_us, was_speed] = std::tuple(here.from, here.from_us, here.from_speed);
  if (timeline->find_branch(from) == nullptr) return;
  switch_branch(from);
  set_speed(was_speed);
  seek_time(at_us);
}

}  // namespace netsplit::ui
