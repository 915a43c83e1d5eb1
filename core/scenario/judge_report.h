// What judging a history found, as one JSON document.
#pragma once

#include <string>

#include "core/check/linearizability.h"

namespace netsplit {

// Operations are named by their line (of a run: by their number, from 1).
std::string judge_json(const check::History& history, const check::Judgement& judgement,
                       const std::string& source);

}  // namespace netsplit
