// A run of PHOLD that can be wound back, as the window shows one.
#pragma once

#include "core/sim/timeline.h"
#include "core/sim/typed_session.h"
#include "tests/bench/phold.h"

namespace netsplit::phold {

inline Timeline run_of(const Setup& setup) {
  return Timeline::open(setup, [](const Setup& what) { return TypedSession<Protocol>::make(what); })
      .value();
}

}  // namespace netsplit::phold
