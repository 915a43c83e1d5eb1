// The smallest run that still violates a property.
//
// First the inputs, by delta debugging: ddmin of Zeller and Hildebrandt, "Simplifying and isolating
// failure-inducing input" (IEEE TSE 28(2), 2002). Then, one at a time, the end, the nodes, the
// parameters, the links, what each input says, and the seed, towards nothing or the usual value.
// Whatever got smaller may have made more superfluous, so all is done again until nothing changes.
// Then no single input can be left out. A smaller run may still exist, reached by several changes
// at once.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/base/result.h"
#include "core/check/sweep.h"

namespace netsplit::check {

struct Shrunk {
  Setup setup;
  std::int64_t runs = 0;  // that it took, the first included
  bool finished = true;  // false: given up at runs_max, or cancelled; what is left is smaller still
};

struct ShrinkLimits {
  std::int64_t runs_max = 1'000'000;
};

// Asked after each run; false cancels.
using OnShrink = std::function<bool(std::int64_t runs, const Setup& smallest)>;

// A *finally* property or a budget must be violated in a run that goes on to where the first one
// did, with everything healed that was healed there: what is cut short has no chance to recover.
// Errors: the setup is not sound; there is no such property; it is not violated; or it is a
// *sometimes*, which an empty script violates best.
Result<Shrunk> shrink(const Setup& setup, const std::string& property,
                      const MakeSession& make_session, const ShrinkLimits& limits = {},
                      const OnShrink& on_shrink = {});

}  // namespace netsplit::check
