// A scenario's world run to its end by a bare loop: inputs and steps, no session, nothing judged.
#pragma once

#include <cstddef>

#include "core/sim/setup.h"
#include "core/sim/world.h"

namespace netsplit::bench {

// Requires: the world is at the beginning of the setup's run.
template <Protocol P>
void run_to_end(World<P>& world, const Setup& setup) {
  std::size_t applied = 0;
  while (true) {
    const Time due_us = world.next_due_us();
    if (applied < setup.script.size() && due_us > setup.script[applied].at_us) {
      world.advance_to(setup.script[applied].at_us);
      world.apply(setup.script[applied++], nullptr);
    } else if (due_us > setup.until_us) {
      return;
    } else {
      world.step(nullptr);
    }
  }
}

}  // namespace netsplit::bench
