// Work shared between threads, for the checks of the core, which starts none itself.
#pragma once

#include "core/check/explorer.h"

namespace netsplit {

// How many this machine runs at once; at least 1.
int machine_threads();

// Runs each piece of work on whichever thread is free. Requires: 1 <= count.
check::Executor on_threads(int count);

}  // namespace netsplit
