// What shrinking a run tells people and other programs.
#pragma once

#include <string>
#include <vector>

#include "core/check/shrink.h"
#include "core/scenario/check_report.h"
#include "core/scenario/found_run.h"

namespace netsplit {

std::string shrunk_title(const Scenario& original, const std::string& property);

// What got smaller: "inputs", then "12 before, 3 now".
std::vector<CoverageLine> shrink_changes(const Setup& before, const Setup& after);

std::string shrink_text(const Scenario& original, const std::string& property,
                        const check::Shrunk& shrunk, const FoundRun& found);

// One JSON document. docs/formats.md.
std::string shrink_json(const Scenario& original, const std::string& property,
                        const check::Shrunk& shrunk, const FoundRun& found);

}  // namespace netsplit
