// The world at the cursor, made ready for drawing. Taken anew only when the step, the branch or the
// run changes, so that a frame costs no inspection of nodes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/sim/timeline.h"
#include "ui/islands.h"

namespace netsplit::ui {

// Above this many nodes, names and captions are asked for one node at a time, on hovering.
inline constexpr std::int32_t detailed_nodes_max = 60;
// Above this many, links are drawn only while they are cut or carry a message.
inline constexpr std::int32_t drawn_links_nodes_max = 200;
// Above this many, nodes are marks coloured by one chosen value.
inline constexpr std::int32_t shaped_nodes_max = 500;
// Above this many messages only their shapes are drawn.
inline constexpr std::size_t labelled_messages_max = 40;

// A number that a node carries, and its field's name.
struct Badge {
  std::string name;
  std::int64_t number = 0;
};

struct LogCell {
  std::int64_t index = 0;
  std::int64_t epoch = -1;  // of the entry; -1 when it has none
  std::string text;
};

inline constexpr std::int64_t log_cells_max = 8;

// The end of a node's log.
struct LogShown {
  std::string name;
  std::vector<LogCell> cells;   // the last ones
  std::int64_t last = 0;        // index of the last entry
  std::int64_t committed = -1;  // -1: the node has no such index
  std::vector<std::pair<std::string, std::int64_t>> marks;
};

struct LockShown {
  std::string name;
  bool held = false;
  std::string owner;
  std::int32_t held_count = 0, count = 0;  // a node may have a lock per key
};

struct NodeShown {
  Condition condition{};
  Shape shape{};
  Time since_us = 0;
  std::int32_t waiting = 0;
  std::string name;
  std::string caption;     // what the node believes, in words
  std::string inside;      // drawn in the node: the one field that says most, short
  std::string below;       // drawn below it: the caption, unless `inside` says the same
  Time wall_us = 0;        // at the last step, like the rest
  Time wall_error_us = 0;  // its wall clock minus true time
  std::int64_t drift_ppm = 0;
  bool ntp = false;
  std::optional<Badge> token, epoch;
  std::optional<LockShown> lock;
  std::optional<LogShown> log;
  double changed_s = -1e9;  // when its state last changed, on the window's clock
  std::uint64_t state_mark = 0;
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
