// The page of what is covered (docs/coverage.md): every claim with its experiments, how each run
// ends, what it costs, and the link that opens it.
#pragma once

#include <string>

#include "core/base/result.h"

namespace netsplit {

// In Markdown. Runs the whole library, which takes seconds.
// Errors: a scenario that does not run.
Result<std::string> coverage_page();

}  // namespace netsplit
