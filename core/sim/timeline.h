// A run one can move about in. Keyframes (clones of the session) under a memory budget plus the
// inputs give back any moment; what was simulated once stays recorded in the trace, and a replay
// that does not reproduce it is reported. A change in the past makes a branch; both are kept.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/sim/session.h"

namespace netsplit {

// Makes a session at its first moment. Errors: what in the setup does not fit the protocol.
using MakeSession = std::function<Result<std::unique_ptr<Session>>(const Setup&)>;

using BranchId = std::int32_t;

struct BranchInfo {
  BranchId id = 0;
  BranchId parent = -1;  // -1: the first
  std::string name;
  std::uint64_t fork_step = 0;  // the last step shared with the parent
  Time fork_us = 0;
  Time end_us = 0;  // how far it has been simulated
};

struct TimelineLimits {
  std::int64_t keyframe_bytes_max = 64 << 20;  // of all branches together
  std::int64_t events_max = 1 << 19;
};

class Timeline {
 public:
  // Errors: as `make` does.
  static Result<Timeline> open(const Setup& setup, MakeSession make, TimelineLimits limits = {});

  // The world at the cursor.
  const Session& session() const { return *cursor_; }
  // Where the reader looks. Between two steps it may be later than session().now_us(), so that
  // messages can be drawn on their way.
  Time cursor_us() const { return cursor_us_; }
  std::uint64_t cursor_step() const { return cursor_->steps(); }

  // Everything recorded on this branch, also beyond the cursor.
  const Trace& trace() const;
  // The session at the far end of what was simulated on this branch.
  const Session& head() const;

  // The world as it stood at the time, on this branch, without moving the cursor.
  // Requires: it has been simulated as far as that.
  std::unique_ptr<Session> at(Time time_us) const;

  // Moves the cursor, simulating as far as needed; false when the run ended before.
  bool seek_time(Time time_us);
  bool seek_step(std::uint64_t step);
  bool step_forward();
  bool step_back();
  // Simulates ahead without moving the cursor, at most `steps_max` steps; false when at the end.
  bool run_ahead(std::uint64_t steps_max);
  // The same as far as seek_time(time_us) needs; true when that has nothing left to simulate. A
  // long way can so be gone in slices.
  bool run_ahead_to(Time time_us, std::uint64_t steps_max);

  // A long way in slices: simulates and replays at most `steps_max` steps of it, and true once the
  // cursor is there. Until then the cursor stays where it is; another goal gives this one up.
  bool travel_to_step(std::uint64_t step, std::uint64_t steps_max);
  bool travel_to_time(Time time_us, std::uint64_t steps_max);
  // How many steps a seek there would replay. Requires: it was simulated.
  std::uint64_t replayed_steps(std::uint64_t step) const;

  // A person's input at the cursor. At the head it joins this branch; in the past it makes a new
  // one and switches to it. Errors: as Session::check_input.
  Status push(Input input);
  // The script that reproduces this branch.
  Setup setup() const;
  // A branch that differs from the first moment on (a parameter, the seed); the cursor goes to 0.
  // Errors: as `make` does; nothing changes then.
  Status restart(const Setup& setup);

  const std::vector<BranchInfo>& branches() const { return infos_; }
  BranchId branch() const { return branch_; }
  // Null when there is none of that number. Numbers are never given again.
  const BranchInfo* find_branch(BranchId id) const;
  void switch_to(BranchId id);
  // The same without replaying: the cursor is on the nearest keyframe not after where it was.
  void switch_near(BranchId id);
  void name_branch(BranchId id, std::string name);
  // Forgets a branch. What left it then leaves the branch it came from; what left the first run
  // leaves the one that went along with it longest. The cursor moves off a branch that goes.
  // Errors: no such branch, or the only one.
  Status delete_branch(BranchId id);

  // Another branch as far as it has been simulated. Requires: there is one of that number.
  const Trace& trace(BranchId id) const;
  const Session& head(BranchId id) const;
  // As run_ahead_to, on another branch.
  bool run_branch_ahead_to(BranchId id, Time time_us, std::uint64_t steps_max);

  // Set when a replay did not reproduce the recorded hash; says at which step.
  const std::optional<std::string>& divergence() const { return divergence_; }

  std::int64_t keyframe_bytes() const;  // of all branches
  std::int64_t keyframe_count() const;  // of this branch

 private:
  struct Keyframe {
    std::shared_ptr<const Session> session;
    std::int64_t bytes = 0;
    std::int64_t own_bytes = 0;  // 0 when another branch shares it and counts it
  };
  struct Branch {
    std::vector<Keyframe> keyframes;  // by step
    std::unique_ptr<Session> head;
    Trace trace;
    std::uint64_t spacing = 256;  // steps between keyframes
    std::int64_t own_bytes = 0;   // of the keyframes that this branch counts
  };

  Timeline() = default;
  std::size_t place_of(BranchId id) const;
  Branch& current() { return branches_[place_of(branch_)]; }
  const Branch& current() const { return branches_[place_of(branch_)]; }
  bool advance_head();
  void keep_keyframe();
  bool thin_out();
  void give_up(Branch& owner, const Keyframe& keyframe);
  void add_branch(std::unique_ptr<Session> head, BranchId parent, std::string name);
  void fork();
  template <class NotAfter>
  const Keyframe& nearest(NotAfter not_after) const;
  std::unique_ptr<Session> start_from(const Keyframe& keyframe) const;
  template <class NotAfter>
  void load_nearest(NotAfter not_after);
  template <class Wanted>
  bool replay_while(Session& session, Wanted wanted, std::uint64_t steps_max);
  template <class NotAfter, class Wanted>
  bool travel(NotAfter not_after, Wanted wanted, std::uint64_t steps_max);

  MakeSession make_;
  TimelineLimits limits_;
  std::vector<Branch> branches_;
  std::vector<BranchInfo> infos_;  // of the same branches, by number
  BranchId branch_ = 0;
  BranchId next_id_ = 0;
  std::unique_ptr<Session> cursor_;
  Time cursor_us_ = 0;
  std::unique_ptr<Session> traveller_;  // on its way to where the cursor will be
  bool foreign_cursor_ = false;         // the cursor is no longer one of this branch's moments
  std::optional<std::string> divergence_;
};

}  // namespace netsplit
