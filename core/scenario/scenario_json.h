// A scenario as a JSON value; files and links are two ways to write it down.
#pragma once

#include <string_view>

#include "core/scenario/json_reader.h"
#include "core/scenario/scenario.h"

namespace netsplit {

// Errors: as parse_scenario.
Result<Scenario> scenario_of_json(const Json& json, std::string_view where);

// Keys in their canonical order; what has its usual value is left out.
// Requires: the scenario's protocol is registered.
Json scenario_json(const Scenario& scenario);

}  // namespace netsplit
