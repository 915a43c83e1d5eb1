// The world at the cursor, made ready for drawing. Taken anew only when the step, the branch or the
// run changes, so that a frame costs no inspection of nodes.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/sim/timeline.h"

namespace netsplit::ui {

// Above this many nodes, names and captions are asked for one node at a time, on hovering.
inline constexpr std::int32_t detailed_nodes_max = 60;
// Above this many, links are drawn only while they are cut or carry a message.
inline constexpr std::int32_t drawn_links_nodes_max = 200;
// Above this many messages only their shapes are drawn.
inline constexpr std::size_t labelled_messages_max = 40;

struct NodeShown {
  Condition condition{};
  Shape shape{};
  Time since_us = 0;
  std::int32_t waiting = 0;
  std::string name;
  std::string caption;      // what the node believes, in words
  std::string inside;       // drawn in the node: the one field that says most, short
  std::string below;        // drawn below it: the caption, unless `inside` says the same
  Time wall_error_us = 0;   // its wall clock minus true time, at the last step
  Hint badge = Hint::none;  // token or epoch
  std::string badge_name;
  std::int64_t badge_number = 0;
  double changed_s = -1e9;  // when its state last changed, on the window's clock
  std::uint64_t state_mark = 0;
};

struct LinkShown {
  NodeId a, b;
  bool cut_ab = false, cut_ba = false;
};

// Nodes that reach each other but not the rest.
struct Island {
  std::vector<NodeId> nodes;
  std::string caption;
};

struct Moment {
  std::vector<NodeShown> nodes;
  std::vector<LinkShown> links;
  std::vector<Island> islands;
  std::vector<MessageView> messages;
  std::vector<std::string> labels;  // of messages; empty where there are too many
  std::vector<TimerView> timers;

  // The selected node, and how its state was one step before.
  NodeId inspected = nobody;
  NodeView view;
  Row before;

  bool detailed() const { return static_cast<std::int32_t>(nodes.size()) <= detailed_nodes_max; }

  // True when anything was taken anew.
  // `playing`: several steps at once are a walk, not a jump, and what they change may glow; the
  // state before is then what was last seen, because going back to look would cost too much.
  bool refresh(Timeline& timeline, std::uint64_t generation, NodeId selected, bool playing,
               double now_s);
  // Name and caption of one node, also where refresh() leaves them out.
  void describe(const Timeline& timeline, NodeId id);

 private:
  void take_nodes(const Session& session, double now_s, bool fresh);
  void take_links(const Session& session);
  void take_messages(const Session& session);
  void find_islands();

  std::uint64_t generation_ = 0;
  std::uint64_t step_ = 0;
  BranchId branch_ = -1;
  std::int64_t applied_ = -1;
  NodeId selected_ = nobody;
  bool compared_ = false;
};

// Calls visit(path, row, on_disk) for every leaf of a node's state.
template <class Visit>
void for_each_leaf(const Row& row, const std::string& path, bool on_disk, Visit visit) {
  for (const Row& child : row.children) {
    const bool disk = on_disk || child.name == "disk";
    const std::string name = child.name == "disk" ? path
                             : path.empty()       ? child.name
                                                  : path + "." + child.name;
    if (child.hint == Hint::group && !child.children.empty()) {
      for_each_leaf(child, name, disk, visit);
    } else {
      visit(name, child, disk);
    }
  }
}

}  // namespace netsplit::ui
