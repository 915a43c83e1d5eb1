// Which nodes of a setup can change places without anyone noticing, as far as roles, script and
// links tell. Whether the handlers notice is found out while they run (world_model.h).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/check/renaming.h"

namespace netsplit::check {

// More ways than these cost more than they save.
inline constexpr std::uint64_t renamings_max = 720;

// All renamings within kinds that `fits` allows, without the one that changes nothing. `kinds` is
// by node. Requires: those that fit form a group. Errors: there are too many ways.
Result<std::vector<Renaming>> renamings_of(const std::vector<std::int32_t>& kinds,
                                           const std::function<bool(const Renaming&)>& fits);

// The nodes that change places with others, grouped by with whom.
std::vector<std::vector<std::int32_t>> interchangeable(const std::vector<Renaming>& renamings);

}  // namespace netsplit::check
