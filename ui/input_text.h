// An input of the script in a few words.
#pragma once

#include <string>

#include "core/sim/session.h"

namespace netsplit::ui {

// "pause", "lock and write", "drop Write".
std::string input_verb(const Input& input);
// "pause alice", "cut alice | lock", "lock and write: bob".
std::string input_text(const Session& session, const Input& input);

}  // namespace netsplit::ui
