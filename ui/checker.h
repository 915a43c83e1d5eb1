// What one can ask of more than the one run that is open: explore every interleaving, sweep through
// seeds, shrink a run, judge what its clients saw. The work is a job (core/scenario/job.h) that the
// host does beside the window; here stands what was asked, how far it is and what came out.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/scenario/job.h"
#include "core/sim/timeline.h"

namespace netsplit::ui {

struct Model;

inline constexpr std::size_t job_kinds = 4;
inline constexpr std::array<std::string_view, job_kinds> job_names{"explore", "sweep", "shrink",
                                                                   "judge"};

struct CheckerTask {
  std::int64_t job = 0;  // the host's number while it runs
  JobRequest request;    // what was asked last
  BranchId asked_on = 0;
  JobProgress progress;
  std::vector<std::uint64_t> waiting;  // explore: the frontier, by depth
  std::optional<JobResult> result;
  std::string error;
  bool cancelled = false;
  bool of_found = false;           // of a run that a check has found
  std::set<std::size_t> unfolded;  // findings whose steps are shown
};

struct Checker {
  JobKind shown = JobKind::explore;
  std::array<CheckerTask, job_kinds> tasks;
  // What will be asked next.
  check::Faults faults;
  std::uint32_t repeats = 2;
  bool symmetry = false;
  std::int64_t time_ms_max = 60'000;
  std::uint64_t seeds = 10'000;
  check::FaultSet kinds = check::all_faults;

  CheckerTask& task(JobKind kind) { return tasks[static_cast<std::size_t>(kind)]; }
  const CheckerTask& task(JobKind kind) const { return tasks[static_cast<std::size_t>(kind)]; }
};

// Another scenario is open: what runs is cancelled, what is known is of no use any more.
void forget_checks(Model& model);
// Takes what jobs have said since the last frame.
void follow_checks(Model& model);

// The run that a job of this kind is about: the one that is open or, where all runs are asked for
// and that one goes by hand, the one it was made from.
JobRequest request_for(const Model& model, JobKind kind);
// Whether the last answer is of what would be asked now.
bool is_of_this_run(const Model& model, JobKind kind);

bool is_checking(const Model& model);

// Opens the panel where it has its place, or closes it.
void toggle_checks(Model& model);

void start_check(Model& model, JobKind kind);
void cancel_check(Model& model, JobKind kind);

// Of the findings of the shown kind.
void open_finding(Model& model, std::size_t index);
void share_finding(Model& model, std::size_t index);
void save_finding(Model& model, std::size_t index);
// Shrinks the run that was found.
void shrink_finding(Model& model, std::size_t index);
// Goes to the moment of the open run that the finding is about.
void show_finding(Model& model, std::size_t index);
void copy_check_command(Model& model, JobKind kind);

// "check" (kind), "check_show" (kind), "check_cancel" (kind), "check_open", "check_share",
// "check_save", "check_shrink", "check_moment" (number of the finding), "check_command" (kind),
// "check_set" (drops=1, duplicates, crashes, repeats, symmetry=1, seeds, seconds). False: another
// command.
std::optional<Status> checker_command(Model& model, std::string_view name,
                                      std::string_view argument);

}  // namespace netsplit::ui
