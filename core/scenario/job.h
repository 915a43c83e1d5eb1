// Long work about one scenario, in a form that fits between a window and a thread, or a Worker that
// is an instance of its own: a request as text, news as text on the way, and a result as text.
// docs/formats.md describes them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/check/check.h"
#include "core/check/faults.h"
#include "core/check/sweep.h"
#include "core/scenario/check_report.h"
#include "core/scenario/scenario.h"

namespace netsplit {

enum class JobKind : std::uint8_t { explore, sweep, shrink, judge };

struct JobRequest {
  JobKind kind{};
  Scenario scenario;
  std::int64_t time_ms_max = 0;  // 0: until it is done; what was found until then is reported
  std::int64_t bytes_max = std::int64_t{1} << 30;
  // explore
  check::Faults faults;
  std::uint32_t repeats = 2;
  bool symmetry = false;
  // sweep
  check::SeedRange seeds{1, 10'000};
  check::FaultSet kinds = check::all_faults;
  // shrink
  std::string property;  // empty: the first that is violated
  friend bool operator==(const JobRequest&, const JobRequest&) = default;
};

// How far it is. What a kind of job does not count stays 0.
struct JobProgress {
  std::int64_t elapsed_ms = 0;
  std::uint64_t done = 0;   // explore: states; sweep: seeds; shrink: runs; judge: steps of the run
  std::uint64_t total = 0;  // seeds of the sweep
  std::uint64_t steps = 0;  // explore, sweep
  std::uint64_t frontier = 0;
  std::uint64_t depth = 0;
  std::uint64_t failing = 0;  // seeds
  std::uint64_t left = 0;     // shrink: inputs in the smallest script so far
};

// Something the work has found out: of a property, of a seed, of a part of a history.
struct JobFinding {
  std::string name;
  std::string kind;  // of the property: "always"
  Standing standing = Standing::open;
  bool expected = true;
  std::string verdict;             // in words
  std::string sentence;            // what the property says
  std::string why;                 // the witness
  std::vector<std::string> steps;  // how it comes to that, in order
  Time at_us = -1;                 // a moment of the request's own run; -1: none
  std::string scenario;            // a run that shows it, as a file; empty: none
  std::string link;                // the same as a link; empty when it is too long for one
};

struct JobResult {
  JobKind kind{};
  Standing standing = Standing::open;
  std::string headline;
  std::vector<CoverageLine> coverage;  // what was looked at and what was not
  std::vector<JobFinding> findings;
  std::int64_t elapsed_ms = 0;
};

// What a job last said: how far it is, or what came out, or why nothing can.
struct JobNews {
  JobProgress progress;
  std::optional<JobResult> result;
  std::string error;
  bool over() const { return result.has_value() || !error.empty(); }
};

std::string write_job(const JobRequest& request);
// Errors: as every reader here.
Result<JobRequest> parse_job(std::string_view text);
std::string write_news(const JobNews& news);
Result<JobNews> parse_news(std::string_view text);

// The command that does the same without a window. Empty when the scenario is neither in the
// library nor short enough for a link.
std::string job_command(const JobRequest& request);

// What the core does not have of itself.
struct JobHelp {
  check::Executor execute = check::run_in_order;
  std::function<std::int64_t()> now_ms;          // any clock that does not go back
  std::function<bool(const std::string&)> tell;  // news, some ten times a second; false cancels
};

// Does what the request says; the last news. Requires: now_ms and tell are set.
std::string run_job(std::string_view request, const JobHelp& help);

}  // namespace netsplit
