// Changes of a scenario as values: nodes come and go, inputs are put in order, and everything that
// names a node follows it. Nothing here draws or runs anything.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/scenario/node_index.h"
#include "core/scenario/scenario.h"
#include "core/sim/session.h"

namespace netsplit::ui {

inline constexpr std::size_t new_group = static_cast<std::size_t>(-1);

// Gives the scenario these groups of nodes. `origin` says for each which of the old ones it was, or
// new_group. Links, script, positions and lesson follow; what named only nodes that are gone goes
// with them. Requires: NodeIndex::check finds nothing wrong with the old groups.
// Errors: names that clash.
Status set_nodes(Scenario& scenario, std::vector<NodeGroup> groups,
                 const std::vector<std::size_t>& origin);

Status add_group(Scenario& scenario, NodeGroup group);
// Errors: the last group stays.
Status remove_group(Scenario& scenario, std::size_t index);
// Another name, role, number or clock.
Status change_group(Scenario& scenario, std::size_t index, NodeGroup group);
// "node", "node2", … : what is not yet used.
std::string free_name(const Setup& setup, std::string_view wish);

// Puts an input where its time belongs, behind those of the same time; returns its place.
std::size_t insert_input(Setup& setup, Input input);
// Another input in its stead, moved when its time is another; returns its place.
std::size_t change_input(Setup& setup, std::size_t index, Input input);
void remove_input(Setup& setup, std::size_t index);
// One place up or down. Past an input of another time it takes that time. Returns its place.
std::size_t move_input(Setup& setup, std::size_t index, bool up);

// What an action takes, so that a form can ask for it.
struct ActionForm {
  bool nodes = false;   // groups[0]
  bool others = false;  // groups[1]
  bool all = false;     // without groups: everything
  bool parts = false;   // any number of groups
  bool message = false;
  bool duration = false;  // "by"
  bool ppm = false;
  bool on_off = false;  // ppm is 1 or 0
  bool one_way = false;
  bool link = false;
  enum class Name : std::uint8_t { none, field, timer, request } name = Name::none;
};
ActionForm form_of(Action action);

// A sound input of this kind: for the node, or the first ones there are.
Input usual_input(Action action, Time at_us, NodeId node, const Setup& setup,
                  const ProtocolInfo& protocol);

// "alice, n3..n17", and back. Errors: one sentence; an empty text is refused.
std::string nodes_text(const std::vector<NodeId>& nodes, const NodeIndex& index);
Result<std::vector<NodeId>> parse_nodes(std::string_view text, const NodeIndex& index);

}  // namespace netsplit::ui
