// Which locks were held when, read off the nodes' fields (Hint::lock). The trace does not record
// states: the run is gone through once more beside what is shown, a slice a frame. Only where there
// are few enough nodes to be named.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ui/space_time_index.h"

namespace netsplit::ui {

struct HeldLock {
  NodeId node;
  std::string owner;  // as the inspector shows it
  Place from, to;
  bool over = false;
};

class HeldLocks {
 public:
  std::vector<HeldLock> held;  // by beginning, in real time
  Reach reach;

  // Goes on for about `budget_ms`. Requires: the index follows the same time line.
  void follow(const Timeline& timeline, const SpaceTimeIndex& index, std::uint64_t generation,
              double budget_ms);
  // Whether part of what is recorded has not been gone through yet.
  bool running() const { return running_; }

 private:
  void begin(const Timeline& timeline);
  void look(const Session& session, NodeId id, const Place& at);

  std::unique_ptr<Session> run_;                                      // null: there are no locks
  std::map<std::pair<std::int32_t, std::string>, std::size_t> open_;  // by node and path
  bool running_ = false;
  std::size_t inputs_ = 0;
  std::uint64_t generation_ = 0;
  BranchId branch_ = -1;
};

}  // namespace netsplit::ui
