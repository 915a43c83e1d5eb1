// What is done with the content of a message, a timer or a request by its schema: filled in from an
// input, altered, damaged on its way.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/inspect.h"
#include "core/base/rng.h"

namespace netsplit {

using Arguments = std::vector<std::pair<std::string, std::string>>;

// Sets the fields of what a variant of groups holds.
// Errors: of the first that does not fit, as `assign` has them.
Status assign_all(const Schema& variant, void* value, const Arguments& fields, NodeNames names);

// Makes a variant of groups the alternative of that name ("acquire_lock"), with these fields.
// Errors: the name that there is not, or what does not fit.
Status make_named(const Schema& variant, void* value, std::string_view name,
                  const Arguments& fields, NodeNames names);

// Changes one integer, token or epoch of what a variant of groups holds, by chance; false when it
// has none.
bool tamper(const Schema& variant, void* value, Rng& rng);

}  // namespace netsplit
