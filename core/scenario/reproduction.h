// What a link says of its run, and whether a run is that one.
#pragma once

#include <cstdint>
#include <string>

#include "core/scenario/link.h"
#include "core/sim/session.h"

namespace netsplit {

// Writes into the link how the session's run went so far: hash, steps, events, marks.
void note_run(Link& link, const Session& session);

enum class Reproduction : std::uint8_t { reproduced, so_far, differs };

struct Comparison {
  Reproduction outcome{};
  // Where it differs: the first event that is not the link's is one of these, counted from 0;
  // no_event when the link holds no marks. Each mark may agree by chance (HashMarks): then the two
  // are too late.
  EventIndex not_before = no_event;
  EventIndex not_after = no_event;
  std::string sentence;  // for the reader, the same wherever links are opened
};

// Requires: the link has a hash; the session has made link.hash_steps steps, or fewer when its run
// is over, or when the rest shall not be compared.
Comparison compare_with_link(const Link& link, const Session& session);

}  // namespace netsplit
