// What the tests of protocols share: a library scenario with other parameters, run to its end,
// swept through seeds, explored; and how to see what went wrong.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/check/check.h"
#include "core/check/faults.h"
#include "core/scenario/scenario.h"
#include "tests/core/support.h"

namespace netsplit::test {

using Parameters = std::vector<std::pair<std::string, std::int64_t>>;

// Requires: the library has the scenario.
Scenario scenario_with(const std::string& id, const Parameters& parameters = {});
Setup setup_with(const std::string& id, const Parameters& parameters = {});

// Not recorded.
std::unique_ptr<Session> finished(const Setup& setup);

// What a meter of the protocol's own has read. Requires: there is one of the name.
std::int64_t meter(const Session& session, std::string_view name);

// Copying a world anywhere in its run and going on is the same as not having copied it.
void check_copy_is_replay(const Setup& setup);

struct Swept {
  std::uint64_t runs = 0;
  std::uint64_t failing = 0;
  std::vector<std::uint64_t> violated;  // runs, by property of the protocol, judged or not
  std::string first;                    // of the failing seeds: why, its command and its link
};
// `seeds` seeds under random faults; a seed fails when one of `judged` is violated.
Swept sweep(const Scenario& scenario, const std::vector<std::string>& judged,
            std::uint64_t seeds = 10'000, check::FaultSet faults = check::all_faults);

check::CheckReport explore(const Setup& setup, const check::CheckOptions& options);
const check::CheckedProperty& explored(const check::CheckReport& report, std::string_view property);
// The way that was found, written as a file, read and run again, ends as the check says.
void check_way_replays(const check::CheckedProperty& property);

}  // namespace netsplit::test
