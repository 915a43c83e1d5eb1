// What the clients of a run recorded, as a history to judge.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/check/linearizability.h"

namespace netsplit::check {

// The history that clients recorded in a run (Session::history()). Operations are named as in a
// file; `line` counts them from 1.
// Errors: what the run lacks, or which operation no object has.
Result<History> history_of_run(const std::vector<OperationRecord>& records,
                               const std::vector<std::string>& names,
                               std::optional<ObjectKind> object = std::nullopt);

}  // namespace netsplit::check
