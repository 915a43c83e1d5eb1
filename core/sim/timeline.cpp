#include "core/sim/timeline.h"

#include <algorithm>
#include <utility>

#include "core/base/assert.h"
#include "core/base/hash.h"

namespace netsplit {

Result<Timeline> Timeline::open(const Setup& setup, MakeSession make, TimelineLimits limits) {
  Result<std::unique_ptr<Session>> session = make(setup);
  if (!session) return Error{session.error()};
  Timeline timeline;
  timeline.make_ = std::move(make);
  timeline.limits_ = limits;
  timeline.add_branch(std::move(session).value(), -1, "first run");
  return timeline;
}

void Timeline::add_branch(std::unique_ptr<Session> head, BranchId parent, std::string name) {
  Branch branch;
  branch.trace = Trace(head->node_count(), limits_.events_max);
  branch.head = std::move(head);
  BranchInfo info;
  info.id = next_id_++;
  info.parent = parent;
  info.name = std::move(name);
  branch_ = info.id;
  infos_.push_back(std::move(info));
  branches_.push_back(std::move(branch));
  keep_keyframe();
  cursor_ = current().head->clone();
  traveller_.reset();
  cursor_us_ = 0;
}

// Requires: there is one of that number.
std::size_t Timeline::place_of(BranchId id) const {
  std::size_t at = std::min(static_cast<std::size_t>(id), infos_.size() - 1);
  while (infos_[at].id != id) {
    NETSPLIT_ASSERT(at > 0);
    --at;
  }
  return at;
}

const Trace& Timeline::trace() const { return current().trace; }
const Session& Timeline::head() const { return *current().head; }
const Trace& Timeline::trace(BranchId id) const { return branches_[place_of(id)].trace; }
const Session& Timeline::head(BranchId id) const { return *branches_[place_of(id)].head; }
Setup Timeline::setup() const { return current().head->setup(); }

// One step at the far end of the branch, recorded; false when the run is over.
bool Timeline::advance_head() {
  Branch& branch = current();
  if (!branch.head->step(&branch.trace)) return false;
  infos_[place_of(branch_)].end_us = branch.head->now_us();
  const Keyframe& last = branch.keyframes.back();
  // A keyframe costs about what a step does for each 128 bytes: it is never most of the work.
  const std::uint64_t spacing =
      std::max(branch.spacing, static_cast<std::uint64_t>(last.bytes) / 128);
  if (branch.head->steps() - last.session->steps() >= spacing) keep_keyframe();
  return true;
}

void Timeline::keep_keyframe() {
  Branch& branch = current();
  Keyframe keyframe;
  keyframe.bytes = branch.head->bytes_held();
  keyframe.session = std::shared_ptr<const Session>(branch.head->clone());
  keyframe.own_bytes = keyframe.bytes;
  branch.own_bytes += keyframe.bytes;
  branch.keyframes.push_back(std::move(keyframe));
  while (keyframe_bytes() > limits_.keyframe_bytes_max && thin_out()) {
  }
}

// Over the budget every other keyframe of the largest branch goes, and new ones come half as often
// there; the first stays. False when no branch has any to spare.
bool Timeline::thin_out() {
  Branch* largest = nullptr;
  for (Branch& branch : branches_) {
    if (branch.keyframes.size() <= 1) continue;
    if (largest == nullptr || branch.own_bytes > largest->own_bytes) largest = &branch;
  }
  if (largest == nullptr) return false;
  std::vector<Keyframe> kept;
  for (std::size_t i = 0; i < largest->keyframes.size(); ++i) {
    Keyframe& keyframe = largest->keyframes[i];
    if (i % 2 == 0) {
      kept.push_back(std::move(keyframe));
    } else {
      give_up(*largest, keyframe);
    }
  }
  largest->keyframes = std::move(kept);
  largest->spacing *= 2;
  return true;
}

// The keyframe goes from its branch; one that shares it counts it from then on.
void Timeline::give_up(Branch& owner, const Keyframe& keyframe) {
  if (keyframe.own_bytes == 0) return;
  owner.own_bytes -= keyframe.own_bytes;
  for (Branch& branch : branches_) {
    if (&branch == &owner) continue;
    for (Keyframe& other : branch.keyframes) {
      if (other.session != keyframe.session) continue;
      other.own_bytes = other.bytes;
      branch.own_bytes += other.bytes;
      return;
    }
  }
}

std::int64_t Timeline::keyframe_bytes() const {
  std::int64_t bytes = 0;
  for (const Branch& branch : branches_) bytes += branch.own_bytes;
  return bytes;
}

std::int64_t Timeline::keyframe_count() const {
  return static_cast<std::int64_t>(current().keyframes.size());
}

// The last keyframe for which `not_after` holds.
template <class NotAfter>
const Timeline::Keyframe& Timeline::nearest(NotAfter not_after) const {
  const Branch& branch = current();
  const auto at =
      std::partition_point(branch.keyframes.begin() + 1, branch.keyframes.end(),
                           [&](const Keyframe& keyframe) { return not_after(*keyframe.session); });
  return *(at - 1);
}

// The keyframe may be older than the script's latest input.
std::unique_ptr<Session> Timeline::start_from(const Keyframe& keyframe) const {
  std::unique_ptr<Session> session = keyframe.session->clone();
  session->set_script(current().head->setup().script, keyframe.session->script_applied());
  return session;
}

// Puts the cursor on the nearest keyframe, unless it is between that and the target already.
template <class NotAfter>
void Timeline::load_nearest(NotAfter not_after) {
  const Keyframe& keyframe = nearest(not_after);
  traveller_.reset();
  if (not_after(*cursor_) && cursor_->steps() >= keyframe.session->steps() && !foreign_cursor_)
    return;
  cursor_ = start_from(keyframe);
  foreign_cursor_ = false;
}

// Replays while `wanted` holds and checks the recorded hash wherever one was kept; false when
// `steps_max` steps were not enough.
template <class Wanted>
bool Timeline::replay_while(Session& session, Wanted wanted, std::uint64_t steps_max) {
  const Branch& branch = current();
  auto next = std::partition_point(
      branch.keyframes.begin(), branch.keyframes.end(),
      [&](const Keyframe& keyframe) { return keyframe.session->steps() <= session.steps(); });
  const auto check = [&](const Session& recorded) {
    if (recorded.steps() != session.steps() || recorded.trace_hash() == session.trace_hash())
      return;
    if (!divergence_) {
      divergence_ = "The replay differs from the recorded run at or before step " +
                    std::to_string(session.steps()) + ": trace hash " +
                    format_hash(session.trace_hash()) + ", recorded " +
                    format_hash(recorded.trace_hash()) + ".";
    }
  };
  for (std::uint64_t i = 0; session.steps() < branch.head->steps() && wanted(session); ++i) {
    if (i == steps_max) return false;
    if (!session.step(nullptr)) break;
    if (next != branch.keyframes.end() && next->session->steps() == session.steps()) {
      check(*next->session);
      ++next;
    }
  }
  check(*branch.head);
  // At the end of the run the last judgement is passed.
  if (session.steps() == branch.head->steps() && branch.head->ending() != Ending::running)
    session.step(nullptr);
  return true;
}

// Another session goes the way, so that the cursor shows no moment that nobody asked for.
template <class NotAfter, class Wanted>
bool Timeline::travel(NotAfter not_after, Wanted wanted, std::uint64_t steps_max) {
  const Keyframe& keyframe = nearest(not_after);
  const auto is_better = [&](const Session& session) {
    return not_after(session) && session.steps() >= keyframe.session->steps();
  };
  if (traveller_ == nullptr || !is_better(*traveller_)) {
    traveller_ = !foreign_cursor_ && is_better(*cursor_) ? cursor_->clone() : start_from(keyframe);
  }
  if (!replay_while(*traveller_, wanted, steps_max)) return false;
  cursor_ = std::move(traveller_);
  foreign_cursor_ = false;
  return true;
}

bool Timeline::travel_to_step(std::uint64_t step, std::uint64_t steps_max) {
  for (; current().head->steps() < step; --steps_max) {
    if (steps_max == 0) return false;
    if (!advance_head()) break;
  }
  const bool there =
      travel([&](const Session& session) { return session.steps() <= step; },
             [&](const Session& session) { return session.steps() < step; }, steps_max);
  if (there) cursor_us_ = cursor_->now_us();
  return there;
}

bool Timeline::travel_to_time(Time time_us, std::uint64_t steps_max) {
  const Time target_us = std::clamp<Time>(time_us, 0, current().head->setup().until_us);
  const std::uint64_t before = current().head->steps();
  if (!run_ahead_to(target_us, steps_max)) return false;
  steps_max -= std::min(steps_max, current().head->steps() - before);
  const bool there =
      travel([&](const Session& session) { return session.now_us() <= target_us; },
             [&](const Session& session) { return session.next_due_us() <= target_us; }, steps_max);
  if (there) cursor_us_ = std::max(target_us, cursor_->now_us());
  return there;
}

std::uint64_t Timeline::replayed_steps(std::uint64_t step) const {
  const Keyframe& keyframe =
      nearest([&](const Session& session) { return session.steps() <= step; });
  return step - std::min(step, keyframe.session->steps());
}

std::unique_ptr<Session> Timeline::at(Time time_us) const {
  const Branch& branch = current();
  const auto next = std::partition_point(
      branch.keyframes.begin() + 1, branch.keyframes.end(),
      [&](const Keyframe& keyframe) { return keyframe.session->now_us() <= time_us; });
  std::unique_ptr<Session> session = (next - 1)->session->clone();
  session->set_script(branch.head->setup().script, session->script_applied());
  while (session->steps() < branch.head->steps() && session->next_due_us() <= time_us) {
    if (!session->step(nullptr)) break;
  }
  // At the end of the run the last judgement is passed.
  if (session->steps() == branch.head->steps() && branch.head->ending() != Ending::running &&
      time_us >= session->setup().until_us)
    session->step(nullptr);
  return session;
}

bool Timeline::seek_step(std::uint64_t step) {
  while (current().head->steps() < step && advance_head()) {
  }
  load_nearest([&](const Session& session) { return session.steps() <= step; });
  replay_while(
      *cursor_, [&](const Session& session) { return session.steps() < step; }, UINT64_MAX);
  cursor_us_ = cursor_->now_us();
  return cursor_->steps() == step;
}

bool Timeline::seek_time(Time time_us) {
  const Time wanted_us = std::max<Time>(time_us, 0);
  const Time target_us = std::min(wanted_us, current().head->setup().until_us);
  run_ahead_to(target_us, UINT64_MAX);
  load_nearest([&](const Session& session) { return session.now_us() <= target_us; });
  replay_while(
      *cursor_, [&](const Session& session) { return session.next_due_us() <= target_us; },
      UINT64_MAX);
  cursor_us_ = std::max(target_us, cursor_->now_us());
  return target_us == wanted_us && cursor_us_ < current().head->setup().until_us;
}

bool Timeline::step_forward() { return seek_step(cursor_->steps() + 1); }

bool Timeline::step_back() {
  if (cursor_us_ > cursor_->now_us() && cursor_->steps() > 0) {
    cursor_us_ = cursor_->now_us();
    return true;
  }
  return cursor_->steps() > 0 && seek_step(cursor_->steps() - 1);
}

bool Timeline::run_ahead(std::uint64_t steps_max) {
  for (std::uint64_t i = 0; i < steps_max; ++i) {
    if (!advance_head()) return false;
  }
  return true;
}

bool Timeline::run_ahead_to(Time time_us, std::uint64_t steps_max) {
  const Session& head = *current().head;
  const Time target_us = std::min(time_us, head.setup().until_us);
  for (std::uint64_t i = 0; head.next_due_us() <= target_us; ++i) {
    if (i == steps_max) return false;
    if (!advance_head()) return true;
  }
  // At the end of the run the last judgement is passed.
  if (head.next_due_us() == never_us && target_us == head.setup().until_us) advance_head();
  return true;
}

Status Timeline::push(Input input) {
  input.by_hand = true;
  input.at_us = cursor_us_;
  // Between two events of one instant the time alone does not say where it belongs.
  input.after_step =
      cursor_->next_due_us() <= cursor_us_ ? static_cast<std::int64_t>(cursor_->steps()) : -1;
  const Status known = cursor_->check_input(input);
  if (!known) return known;

  const std::vector<Input>& old = cursor_->setup().script;
  const auto applied = static_cast<std::size_t>(cursor_->script_applied());
  std::vector<Input> script(old.begin(), old.begin() + static_cast<std::ptrdiff_t>(applied));
  script.push_back(std::move(input));
  // What a person did later belongs to this branch, also where it has not come yet (in a link).
  bool leaves_some = false;
  for (std::size_t i = applied; i < old.size(); ++i) leaves_some = leaves_some || old[i].by_hand;
  if (cursor_->steps() < current().head->steps() || leaves_some) fork();
  // What the scenario itself has in store still comes; what a person did later belongs to the other
  // branch.
  for (std::size_t i = applied; i < old.size(); ++i) {
    if (!old[i].by_hand) script.push_back(old[i]);
  }
  current().head->set_script(script, static_cast<std::int64_t>(applied));
  cursor_->set_script(std::move(script), static_cast<std::int64_t>(applied));
  const Time looking_us = cursor_us_;
  seek_step(cursor_->steps() + 1);
  cursor_us_ = std::max(looking_us, cursor_->now_us());
  return Done{};
}

// A branch that shares everything up to the cursor.
void Timeline::fork() {
  const Branch& from = current();
  Branch branch;
  for (const Keyframe& keyframe : from.keyframes) {
    if (keyframe.session->steps() > cursor_->steps()) break;
    branch.keyframes.push_back(keyframe);
    branch.keyframes.back().own_bytes = 0;  // shared: the branch it comes from counts it
  }
  branch.head = cursor_->clone();
  branch.trace = from.trace;
  branch.trace.truncate(cursor_->events());
  branch.spacing = from.spacing;
  BranchInfo info;
  info.id = next_id_++;
  info.parent = branch_;
  info.name = "branch " + std::to_string(info.id);
  info.fork_step = cursor_->steps();
  info.fork_us = cursor_us_;
  info.end_us = cursor_->now_us();
  branch_ = info.id;
  infos_.push_back(std::move(info));
  branches_.push_back(std::move(branch));
}

Status Timeline::restart(const Setup& setup) {
  Result<std::unique_ptr<Session>> session = make_(setup);
  if (!session) return Error{session.error()};
  add_branch(std::move(session).value(), branch_, "run " + std::to_string(next_id_ + 1));
  return Done{};
}

const BranchInfo* Timeline::find_branch(BranchId id) const {
  const auto at = std::lower_bound(infos_.begin(), infos_.end(), id,
                                   [](const BranchInfo& info, BranchId n) { return info.id < n; });
  return at != infos_.end() && at->id == id ? &*at : nullptr;
}

void Timeline::switch_to(BranchId id) {
  if (find_branch(id) == nullptr || id == branch_) return;
  const Time looking_us = cursor_us_;
  switch_near(id);
  seek_time(looking_us);
}

void Timeline::switch_near(BranchId id) {
  if (find_branch(id) == nullptr || id == branch_) return;
  branch_ = id;
  foreign_cursor_ = true;  // the cursor is another branch's
  load_nearest([&](const Session& session) { return session.now_us() <= cursor_us_; });
  cursor_us_ = cursor_->now_us();
}

void Timeline::name_branch(BranchId id, std::string name) {
  if (find_branch(id) != nullptr) infos_[place_of(id)].name = std::move(name);
}

bool Timeline::run_branch_ahead_to(BranchId id, Time time_us, std::uint64_t steps_max) {
  if (find_branch(id) == nullptr) return true;
  const BranchId here = std::exchange(branch_, id);
  const bool there = run_ahead_to(time_us, steps_max);
  branch_ = here;
  return there;
}

Status Timeline::delete_branch(BranchId id) {
  const BranchInfo* found = find_branch(id);
  if (found == nullptr) return Error{"there is no branch " + std::to_string(id) + "."};
  if (infos_.size() == 1) return Error{"this is the only run there is; it stays."};
  const BranchInfo gone = *found;
  // Who takes its place: where it came from, or else whoever shared most of it.
  BranchId heir = gone.parent;
  std::uint64_t fork_step = gone.fork_step;
  Time fork_us = gone.fork_us;
  for (const BranchInfo& info : infos_) {
    if (gone.parent >= 0 || info.parent != id || (heir >= 0 && info.fork_step <= fork_step))
      continue;
    heir = info.id;
    fork_step = info.fork_step;
    fork_us = info.fork_us;
  }
  for (BranchInfo& info : infos_) {
    if (info.parent != id) continue;
    info.parent = info.id == heir ? -1 : heir;
    // Whoever left it later than it came, or than the heir left, now parts from the heir there.
    if (info.id != heir && info.fork_step <= fork_step) continue;
    info.fork_step = info.id == heir ? 0 : fork_step;
    info.fork_us = info.id == heir ? 0 : fork_us;
  }
  if (branch_ == id) switch_to(heir);
  const std::size_t at = place_of(id);
  for (const Keyframe& keyframe : branches_[at].keyframes) give_up(branches_[at], keyframe);
  branches_.erase(branches_.begin() + static_cast<std::ptrdiff_t>(at));
  infos_.erase(infos_.begin() + static_cast<std::ptrdiff_t>(at));
  return Done{};
}

}  // namespace netsplit
