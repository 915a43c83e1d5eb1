#include "core/scenario/coverage.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>

#include "core/scenario/claims.h"
#include "core/scenario/meters.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"

namespace netsplit {
namespace {

constexpr std::string_view introduction =
    R"(<!-- Made by `./dev coverage`; not to be edited by hand. -->
# What is covered

Every claim, its experiments, and how the run of each ends, as the run itself computed it. A
property that is violated is what the experiment is about, or a cost that is shown; the experiment
beside it without the violation is the remedy. Messages, bytes and the slowest answer are the
engine's meters, the others the protocol's own. The links open the experiment in the page that
`./dev run` serves.

`./dev coverage` makes this page anew; a test fails while it is out of date.
)";
constexpr std::string_view page_address = "http://127.0.0.1:8080/#";

// The claim that names the scenario; or which it belongs to by its name; or null.
const Claim* named_by(const std::string& id) {
  const Claim* found = nullptr;
  std::size_t longest = 0;
  for (const Claim& claim : claims) {
    std::string_view rest = claim.scenarios;
    while (!rest.empty()) {
      const std::string_view name = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(rest.size(), name.size() + 1));
      const bool begins =
          id.starts_with(name) && (id.size() == name.size() || id[name.size()] == '-');
      if (!begins || name.size() <= longest) continue;
      longest = name.size();
      found = &claim;
    }
  }
  return found;
}

// By id. Whoever is named by none belongs where what it is compared with does.
std::map<std::string, const Claim*> claims_of_library() {
  std::map<std::string, const Claim*> found;
  for (const Scenario& scenario : library()) found[scenario.id] = named_by(scenario.id);
  for (const Scenario& scenario : library()) {
    const auto other = found.find(scenario.compare);
    if (other == found.end()) continue;
    const Claim*& own = found[scenario.id];
    if (own == nullptr) own = other->second;
    if (other->second == nullptr) other->second = own;
  }
  return found;
}

std::string judged_as(const std::vector<JudgedProperty>& properties, Standing standing) {
  std::string text;
  for (const JudgedProperty& property : properties) {
    if (property.state.standing != standing) continue;
    text += (text.empty() ? "" : ", ") + std::string("`") + std::string(property.state.name) + "`";
  }
  return text.empty() ? "–" : text;
}

std::string prices(const HeadlessRun& run) {
  std::map<std::string_view, const Reading*> read;
  const std::vector<Reading> readings = read_meters(*run.session, run.trace);
  for (const Reading& reading : readings) read[reading.name] = &reading;
  const auto shown = [&](std::string_view name) {
    const Reading& reading = *read.at(name);
    return reading.value == 0 ? "–" : format_reading(reading.unit, reading.value);
  };
  std::string own;
  for (const MeterInfo& meter : run.session->protocol().meters) {
    const Reading& reading = *read.at(meter.name);
    own += (own.empty() ? "" : ", ") + words(meter.name) + " " +
           format_reading(reading.unit, reading.value);
  }
  return shown("sent") + " | " + shown("bytes") + " | " + shown("latency_max") + " | " +
         (own.empty() ? "–" : own);
}

Result<std::string> row(std::string_view claim, const Scenario& scenario) {
  const Result<HeadlessRun> run = run_headless(scenario);
  if (!run) return Error{scenario.id + ": " + run.error()};
  return "| " + std::string(claim) + " | [" + scenario.title + "](" + std::string(page_address) +
         scenario.id + ") | " + judged_as(run.value().properties, Standing::violated) + " | " +
         judged_as(run.value().properties, Standing::holds) + " | " + prices(run.value()) + " |\n";
}

}  // namespace

Result<std::string> coverage_page() {
  std::string page(introduction);
  const std::map<std::string, const Claim*> claim_of = claims_of_library();
  std::string_view chapter;
  const auto head = [&](std::string_view of) {
    if (of == chapter) return;
    chapter = of;
    page += "\n## " + std::string(of) +
            "\n\n| claim | experiment | violated | holds | messages | bytes | slowest answer | "
            "other prices |\n|---|---|---|---|---|---|---|---|\n";
  };
  const auto rows = [&](const Claim* claim, std::string_view sentence) -> Status {
    for (const Scenario& scenario : library()) {
      if (claim_of.at(scenario.id) != claim) continue;
      if (claim == nullptr) head("Further experiments");
      const Result<std::string> made = row(sentence, scenario);
      if (!made) return Error{made.error()};
      page += made.value();
      sentence = "";
    }
    return Done{};
  };
  for (const Claim& claim : claims) {
    head(claim.chapter);
    const std::size_t before = page.size();
    if (const Status made = rows(&claim, claim.sentence); !made) return Error{made.error()};
    if (page.size() == before)
      page += "| " + std::string(claim.sentence) + " | not yet | | | | | | |\n";
  }
  if (const Status made = rows(nullptr, "–"); !made) return Error{made.error()};
  return page;
}

}  // namespace netsplit
