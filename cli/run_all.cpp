// `netsplit run --all`: the whole library to its end, in one table.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/common.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"

namespace netsplit::cli {
namespace {

struct Line {
  std::string chapter;
  bool as_expected = false;
  std::vector<std::string> cells;  // id, messages, bytes, end, verdicts
};

constexpr std::size_t right_aligned_from = 1;
constexpr std::size_t verdicts_column = 4;

Line line_of(const Scenario& scenario, const HeadlessRun& run) {
  std::string holds;
  std::string violated;
  for (const JudgedProperty& property : run.properties) {
    if (property.state.standing != Standing::violated && property.as_expected) continue;
    std::string& names = property.as_expected ? violated : holds;
    names += (names.empty() ? "" : ", ") + std::string(property.state.name);
  }
  std::string verdicts = violated.empty() ? "all hold" : violated + " violated";
  if (!holds.empty()) verdicts += "; not as expected: " + holds;
  const Counters& counters = run.session->counters();
  return {scenario.chapter,
          all_as_expected(run.properties),
          {scenario.id, std::to_string(counters.sent), std::to_string(counters.bytes),
           format_time_for_people(run.session->now_us()), verdicts}};
}

std::string table_of(const std::vector<Line>& lines) {
  const std::vector<std::string> heads = {"", "messages", "bytes", "until", "verdicts"};
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    std::size_t width = columns_of(heads[i]);
    for (const Line& line : lines) width = std::max(width, columns_of(line.cells[i]));
    widths.push_back(width);
  }
  const auto row = [&](const std::vector<std::string>& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) text += "  ";
      if (i == verdicts_column)
        text += cells[i];
      else
        text +=
            i < right_aligned_from ? pad_right(cells[i], widths[i]) : pad_left(cells[i], widths[i]);
    }
    return text + "\n";
  };
  std::string text = "    " + row(heads);
  std::string chapter;
  for (const Line& line : lines) {
    if (line.chapter != chapter) text += "\n" + line.chapter + "\n";
    chapter = line.chapter;
    text += std::string("  ") + (line.as_expected ? "✓ " : "✗ ") + row(line.cells);
  }
  return text;
}

}  // namespace

int run_all(bool as_json) {
  std::vector<Line> lines;
  std::string json;
  std::size_t wrong = 0;
  for (const Scenario& scenario : library()) {
    const Result<HeadlessRun> ran = run_headless(scenario);
    if (!ran) return refuse(scenario.id + ": " + ran.error());
    lines.push_back(line_of(scenario, ran.value()));
    wrong += lines.back().as_expected ? 0 : 1;
    if (as_json) json += (json.empty() ? "" : ",\n") + report_json(scenario, ran.value(), "", {});
  }
  for (const std::string& error : library_errors()) refuse(error);
  std::string text = "[" + json + "]\n";
  if (!as_json) {
    text = table_of(lines) + "\n" + std::to_string(lines.size()) + " scenarios, " +
           (wrong == 0 ? "all as expected" : std::to_string(wrong) + " not as expected") + "\n";
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (!library_errors().empty()) return bad_input;
  return wrong == 0 ? as_expected : not_as_expected;
}

}  // namespace netsplit::cli
