// `netsplit compare`: variants under one seed and script, their verdicts and meters side by side.
#include <algorithm>

#include "cli/commands.h"
#include "cli/common.h"
#include "core/scenario/compare.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"

namespace netsplit::cli {
namespace {

struct Variant {
  std::string name;
  Scenario scenario;
};

std::string name_of(const Scenario& scenario, const std::string& what) {
  if (!scenario.id.empty()) return scenario.id;
  return scenario.title.empty() ? what.substr(0, 40) : scenario.title;
}

// A variant is judged for itself: what another setup is expected to do says nothing of it.
Variant variant(std::string name, const Scenario& scenario, Setup setup) {
  Variant made{std::move(name), scenario};
  made.scenario.setup = std::move(setup);
  made.scenario.expect.clear();
  made.scenario.lesson.clear();
  made.scenario.stagings.clear();
  return made;
}

Result<std::vector<Variant>> variants_of(const CompareWords& words) {
  std::vector<Variant> variants;
  Setup first;
  std::vector<std::string> all = words.what;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Result<Source> source = open_source(all[i]);
    if (!source) return Error{source.error()};
    const Scenario& scenario = source.value().scenario;
    if (i == 0) {
      first = scenario.setup;
      if (!words.seed.empty()) {
        const auto seed = number_in_range("--seed", words.seed, 0, UINT64_MAX);
        if (!seed) return Error{seed.error()};
        first.seed = seed.value();
      }
      // On its own it is compared with what it names.
      if (all.size() == 1 && words.set.empty() && !scenario.compare.empty())
        all.push_back(scenario.compare);
    }
    Setup setup = i == 0 ? first : beside(first, scenario.setup);
    variants.push_back(variant(name_of(scenario, all[i]), scenario, std::move(setup)));
  }
  const Scenario base = variants[0].scenario;
  for (const std::string& assignments : words.set) {
    Result<Setup> changed = with_parameters(base.setup, assignments);
    if (!changed) return Error{"--set: " + changed.error()};
    variants.push_back(variant(assignments, base, std::move(changed).value()));
  }
  if (variants.size() < 2) {
    return Error{"\"" + words.what[0].substr(0, 80) + "\"" +
                 " names nothing to compare it with; expected a second scenario, or --set "
                 "key=value"};
  }
  return variants;
}

// Rows of equal length, the first a heading.
void print_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows[0].size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += i + 1 == row.size() ? row[i] : pad_right(row[i], widths[i] + 2);
    while (!line.empty() && line.back() == ' ') line.pop_back();
    print(line + "\n");
  }
}

std::vector<std::vector<std::string>> rows_of(const ComparisonTable& table) {
  std::vector<std::vector<std::string>> rows;
  rows.push_back({""});
  rows[0].insert(rows[0].end(), table.names.begin(), table.names.end());
  for (const VerdictRow& row : table.verdicts) {
    std::vector<std::string> line{std::string(row.differs ? "* " : "  ") + std::string(row.name)};
    for (const PropertyState* state : row.states)
      line.push_back(state == nullptr ? "-" : verdict_text(*state));
    rows.push_back(std::move(line));
  }
  for (const MeterRow& row : table.meters) {
    const bool silent = std::all_of(row.values.begin(), row.values.end(),
                                    [](const auto& value) { return value.value_or(0) == 0; });
    if (silent) continue;
    std::vector<std::string> line{std::string(row.differs ? "* " : "  ") + words(row.name)};
    for (const auto& value : row.values)
      line.push_back(value ? format_reading(row.unit, *value) : "-");
    rows.push_back(std::move(line));
  }
  return rows;
}

}  // namespace

int compare(const CompareWords& words) {
  const Result<std::vector<Variant>> variants = variants_of(words);
  if (!variants) return refuse(variants.error());
  std::vector<HeadlessRun> ran;
  for (const Variant& one : variants.value()) {
    Result<HeadlessRun> run = run_headless(one.scenario);
    if (!run) return refuse(one.name + ": " + run.error());
    ran.push_back(std::move(run).value());
  }
  std::vector<Compared> runs;
  for (std::size_t i = 0; i < ran.size(); ++i)
    runs.push_back({variants.value()[i].name, ran[i].session.get(), &ran[i].trace});
  const ComparisonTable table = compare_runs(runs);
  if (words.json) {
    print(comparison_json(table, runs));
    return as_expected;
  }
  print("Seed " + std::to_string(runs[0].session->setup().seed) + ". What differs has a star.\n\n");
  print_table(rows_of(table));
  return as_expected;
}

}  // namespace netsplit::cli
