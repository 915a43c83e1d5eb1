// What a sweep tells people and other programs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/scenario/found_run.h"
#include "core/scenario/sweep_file.h"

namespace netsplit {

inline constexpr std::size_t shown_seeds_max = 3;

// All blocks so far, together.
struct SweepTotals {
  explicit SweepTotals(std::size_t properties) : violated(properties) {}
  void add(const check::SweptBlock& block);

  std::uint64_t runs = 0;
  std::uint64_t steps = 0;
  std::uint64_t failing = 0;
  std::vector<std::uint64_t> violated;  // by property, in so many runs
};

// One that failed, with all that one needs to see it.
struct FoundSeed {
  check::FailingSeed failing;
  std::vector<std::string> faults;  // the kinds that were drawn
  std::string why;                  // of the first violation
  std::string command;              // that finds it again
  Scenario scenario;
  std::string link;  // empty when the run is too long for one
  std::uint64_t trace_hash = 0;
};

FoundSeed found_seed(const Scenario& scenario, const check::Sweep& sweep,
                     const check::FailingSeed& failing, const std::string& command);

// Several lines each, with a line break at the end.
std::string header_for_people(const SweepHeader& header);
std::string found_seed_text(const SweepHeader& header, const FoundSeed& found);
std::string totals_text(const SweepHeader& header, const SweepTotals& totals);
std::string failing_seeds_text(const SweepFile& file);  // the first ones

// One JSON document. docs/formats.md.
std::string sweep_json(const SweepHeader& header, const SweepTotals& totals,
                       const std::vector<FoundSeed>& first);

}  // namespace netsplit
