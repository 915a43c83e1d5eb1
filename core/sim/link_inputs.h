// What an input changes in the links.
#pragma once

#include "core/base/rng.h"
#include "core/sim/input.h"
#include "core/sim/link_table.h"

namespace netsplit {

// Carries out cut, heal, partition, isolate, cut_random (drawn from `scenario`) or link. False when
// it cannot be: more one-way or large cuts at once than the table has masks for.
// Requires: the groups that the action needs are there (check_input_shape).
bool change_links(LinkTable& links, const Input& input, Rng& scenario);

}  // namespace netsplit
