// A run as a person reads it.
#pragma once

#include <string>

#include "core/scenario/report.h"

namespace netsplit::cli {

struct StoryStyle {
  bool colour = false;
};

// What happened, event by event. Of a long run: the beginning, the end, and what led to each
// violation; what is left out is counted.
std::string story_of(const HeadlessRun& run, const StoryStyle& style);

// Each property with its witness, then the price.
std::string verdicts_of(const HeadlessRun& run, const StoryStyle& style);

}  // namespace netsplit::cli
