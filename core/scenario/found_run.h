// What a search finds, as a scenario: to be looked at, sent as a link, and kept as a test.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/check/sweep.h"
#include "core/scenario/scenario.h"

namespace netsplit {

// What a violation of it makes a seed fail: all that a single run can violate, but for those that
// the scenario expects to be violated.
// Errors: the setup is not sound.
Result<std::vector<std::string>> judged_properties(const Scenario& scenario);

// The first property that the scenario's own run violates.
// Errors: the setup is not sound, or no property is violated.
Result<std::string> first_violated(const Scenario& scenario);

// A link to the scenario's run, which is run for it. Errors: as make_session and encode_link.
Result<std::string> link_to(const Scenario& scenario);

struct FoundRun {
  Scenario scenario;  // expects what happened, so that it is as expected until something changes
  std::uint64_t trace_hash = 0;
  std::vector<PropertyState> properties;  // at its end
  std::string link;                       // empty when there is none, and then …
  std::string no_link;                    // … why
};

// Runs the setup, which differs from the scenario's by what a search has changed.
// Errors: the setup is not sound.
Result<FoundRun> found_run(const Scenario& original, const Setup& setup, const std::string& title);

}  // namespace netsplit
