// What a check found, as scenarios to run and as a document for other programs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/check/check.h"
#include "core/scenario/scenario.h"

namespace netsplit {

// What the scenario's `expect` says of a property, if anything.
std::optional<Standing> expected_of(const Scenario& scenario, std::string_view property);

// The properties that the scenario expects to be violated: they do not end a check.
std::vector<std::string> expected_violations(const Scenario& scenario);

// False when a violation was found that the scenario does not expect. What could not be decided or
// judged is as expected, and so is what the scenario's own run violates and no run of the check
// does: a check leaves out clocks and cuts.
bool is_as_expected(const Scenario& scenario, const check::CheckedProperty& property);

// The way that was found as a scenario of its own, in manual mode. Run to its end it is as
// expected. Requires: the property has a way.
Scenario scenario_of(const Scenario& checked, const check::CheckedProperty& property);

// How far a check got and what it left out, for people: "Explored", then a sentence.
struct CoverageLine {
  std::string label;
  std::string text;
};
// `stop` is the name of exploration.stop or, for one that was cancelled, "time" or "interrupted".
std::vector<CoverageLine> check_coverage(const check::CheckOptions& options,
                                         const check::CheckReport& report, const std::string& stop,
                                         std::int64_t taken_ms);

// "holds within the bounds", "violated, as expected", "not judged: why".
std::string check_verdict(const Scenario& scenario, const check::CheckedProperty& property,
                          const check::Exploration& exploration);

// The one worth keeping: what was not expected, else the first violation, else what was seen. Null
// when nothing has a way.
const check::CheckedProperty* worth_showing(const Scenario& scenario,
                                            const check::CheckReport& report);

// The whole report as one JSON document. docs/formats.md. `stop` says why it ended, since only the
// caller knows why it cancelled.
std::string check_json(const Scenario& scenario, const check::CheckOptions& options,
                       const check::CheckReport& report, const std::string& stop);

}  // namespace netsplit
