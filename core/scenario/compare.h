// Variants of a run laid side by side: the same seed and, where they have the same nodes, the same
// script; what differs is what is compared.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/scenario/meters.h"
#include "core/scenario/scenario.h"

namespace netsplit {

// How `other` runs beside `first`. When they have the same protocol and nodes and differ in their
// parameters: as `first` with the other's parameters. Otherwise as itself, with the first's seed.
Setup beside(const Setup& first, const Setup& other);

// `setup` with the assignments "key=value", separated by commas. Errors: as for a parameter, or
// there is none of the name. Requires: the setup's protocol is registered.
Result<Setup> with_parameters(const Setup& setup, std::string_view assignments);

// In a few words, what sets `other` apart from `first`: "fencing token", "lease 2s, …"; empty when
// they differ in more than parameters, or in nothing.
std::string what_differs(const Setup& first, const Setup& other);

// A run, as far as it has come.
struct Compared {
  std::string name;
  const Session* session = nullptr;
  const Trace* trace = nullptr;
};

struct MeterRow {
  std::string_view name;
  std::string_view sentence;
  MeterUnit unit{};
  std::vector<std::optional<std::int64_t>>
      values;  // of each run; nothing where it has no such meter
  bool differs = false;
};

struct VerdictRow {
  std::string_view name;
  std::string_view sentence;
  std::vector<const PropertyState*> states;  // of each run; null where it has no such property
  bool differs = false;
};

struct ComparisonTable {
  std::vector<std::string> names;  // of the runs
  std::vector<VerdictRow> verdicts;
  std::vector<MeterRow> meters;
};

// Rows in the order of the first run, then what only the others have. Points into the sessions.
ComparisonTable compare_runs(const std::vector<Compared>& runs);

// "holds", "violated", "not decided"; of a budget, what was measured too.
std::string verdict_text(const PropertyState& state);

// The table as one JSON document. docs/formats.md.
std::string comparison_json(const ComparisonTable& table, const std::vector<Compared>& runs);

}  // namespace netsplit
