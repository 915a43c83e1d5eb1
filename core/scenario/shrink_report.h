// What shrinking a run tells people and other programs.
#pragma once

#include <string>

#include "core/check/shrink.h"
#include "core/scenario/found_run.h"

namespace netsplit {

std::string shrunk_title(const Scenario& original, const std::string& property);

std::string shrink_text(const Scenario& original, const std::string& property,
                        const check::Shrunk& shrunk, const FoundRun& found);

// One JSON document. docs/formats.md.
std::string shrink_json(const Scenario& original, const std::string& property,
                        const check::Shrunk& shrunk, const FoundRun& found);

}  // namespace netsplit
