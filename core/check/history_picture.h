// A judged history as a picture (SVG): one lane for each client, a bar from each invocation to its
// answer, and the order that was found as numbers and as a line. What does not fit is marked by
// colour, frame and a cross. Time runs to the right, moment by moment and not to scale: bars are as
// wide as what stands in them.
#pragma once

#include <string>

#include "core/check/linearizability.h"

namespace netsplit::check {

// "write 3", "read nil", "cas 1 to 2: refused"; with what it was answered. Of a longer text the
// middle is left out.
std::string describe(const History& history, const HistoryOperation& operation,
                     std::size_t text_bytes_max = 60);

// "process 3" of a file, the node's name of a run.
std::string client_name(const History& history, std::int32_t client);

// The part worth showing: the first that is not linearizable, or else unknown, or else the largest.
// Requires: there is one.
const PartRuling& part_to_show(const Judgement& judgement);

struct PictureOptions {
  // Of a longer part, what happened around the first operation that does not fit.
  std::int32_t operations_max = 200;
  std::string title;
};

// A whole SVG document with a light background. The same for the same input, byte for byte.
std::string history_picture(const History& history, const PartRuling& part,
                            const PictureOptions& options = {});

}  // namespace netsplit::check
