// `netsplit shrink`: the smallest run that still violates a property.
#include <chrono>
#include <cstdio>

#include "cli/commands.h"
#include "cli/common.h"
#include "core/base/hash.h"
#include "core/check/shrink.h"
#include "core/scenario/found_run.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"
#include "core/scenario/shrink_report.h"

namespace netsplit::cli {
namespace {

using Clock = std::chrono::steady_clock;

check::OnShrink progress_line() {
  if (!shows_progress()) return {};
  auto shown = Clock::now();
  return [shown](std::int64_t runs, const Setup& smallest) mutable {
    if (Clock::now() - shown < std::chrono::milliseconds(100)) return true;
    shown = Clock::now();
    std::fprintf(stderr, "\r%lld runs, %zu inputs left ", static_cast<long long>(runs),
                 smallest.script.size());
    std::fflush(stderr);
    return true;
  };
}

}  // namespace

int shrink(const ShrinkWords& words) {
  Result<Source> source = open_source(words.what, words.set);
  if (!source) return refuse(source.error());
  Scenario& scenario = source.value().scenario;
  std::string property = words.property;
  if (property.empty()) {
    Result<std::string> first = first_violated(scenario);
    if (!first) return refuse(first.error());
    property = std::move(first).value();
  }
  const Result<check::Shrunk> shrunk =
      check::shrink(scenario.setup, property, make_session, {}, progress_line());
  if (shows_progress()) std::fprintf(stderr, "\r%40s\r", "");
  if (!shrunk) return refuse(shrunk.error());
  const Result<FoundRun> found =
      found_run(scenario, shrunk.value().setup, shrunk_title(scenario, property));
  if (!found) return refuse(found.error());
  if (!words.out.empty()) {
    const Status written =
        write_whole_file("--out", words.out, write_scenario(found.value().scenario));
    if (!written) return refuse(written.error());
  }
  const std::string text = words.json
                               ? shrink_json(scenario, property, shrunk.value(), found.value())
                               : shrink_text(scenario, property, shrunk.value(), found.value());
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (!words.json && !words.out.empty()) std::printf("File   %s\n", words.out.c_str());
  return as_expected;
}

}  // namespace netsplit::cli
