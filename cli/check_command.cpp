// `netsplit check`: every run of a scenario instead of one.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>

#include "cli/commands.h"
#include "cli/common.h"
#include "cli/kept_file.h"
#include "core/scenario/check_report.h"
#include "core/scenario/found_run.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"
#include "core/scenario/reproduction.h"
#include "threads/threads.h"

namespace netsplit::cli {
namespace {

using Clock = std::chrono::steady_clock;

volatile std::sig_atomic_t interrupted = 0;

// The first Ctrl-C ends the exploration and lets it report, the second one ends the program.
extern "C" void on_interrupt(int signal) {
  interrupted = 1;
  std::signal(signal, SIG_DFL);
}

struct Request {
  check::CheckOptions options;
  Clock::duration time_max = Clock::duration::max();
  int threads = 1;
  std::unique_ptr<KeptFile> kept;
};

// Sets what the option says, where it was given.
template <class Number>
Status take(const char* option, const std::string& text, std::uint64_t low, std::uint64_t high,
            Number& value) {
  if (text.empty()) return Done{};
  const Result<std::uint64_t> number = number_in_range(std::string("--") + option, text, low, high);
  if (!number) return Error{number.error()};
  value = static_cast<Number>(number.value());
  return Done{};
}

Status take_duration(const std::string& option, const std::string& text, Clock::duration& value) {
  if (text.empty()) return Done{};
  const Result<Time> time = parse_duration(text);
  if (!time) return Error{option + ": " + time.error()};
  if (time.value() < 1 || time.value() > hours(24 * 365))
    return Error{option + " " + text + ": expected a duration such as 30s or 2min"};
  value = std::chrono::microseconds(time.value());
  return Done{};
}

Result<Request> request_of(const CheckWords& words, const Scenario& scenario) {
  Request request;
  check::CheckOptions& options = request.options;
  options.expected_violations = expected_violations(scenario);
  options.faults = check::faults_of(scenario.setup.script);
  options.limits.bytes_max = std::int64_t{2} << 30;
  request.threads = machine_threads();
  const std::string repeats = words.repeats == "unbounded" ? "" : words.repeats;
  if (words.repeats == "unbounded") options.repeats = check::repeats_unbounded;
  for (const Status& status :
       {take("drops", words.drops, 0, check::faults_max, options.faults.drops),
        take("duplicates", words.duplicates, 0, check::faults_max, options.faults.duplicates),
        take("crashes", words.crashes, 0, check::faults_max, options.faults.crashes),
        take("repeats", repeats, 0, 1'000'000, options.repeats),
        take("states", words.states, 1, 1'000'000'000'000, options.limits.states_max),
        take("depth", words.depth, 1, 1'000'000'000, options.limits.depth_max),
        take("threads", words.threads, 1, 256, request.threads)}) {
    if (!status) return Error{status.error()};
  }
  if (!words.memory.empty()) {
    const Result<std::int64_t> bytes = bytes_of_text(words.memory);
    if (!bytes) return Error{bytes.error()};
    options.limits.bytes_max = bytes.value();
  }
  options.symmetry = words.symmetry;
  Clock::duration every = std::chrono::minutes(1);
  for (const Status& status : {take_duration("--time", words.time, request.time_max),
                               take_duration("--save-every", words.save_every, every)}) {
    if (!status) return Error{status.error()};
  }
  if (words.save.empty()) {
    if (words.resume) return Error{"--resume: expected the file to go on with, as --save FILE"};
    if (!words.save_every.empty()) return Error{"--save-every: expected a file, as --save FILE"};
    return request;
  }
  request.kept = std::make_unique<KeptFile>(words.save, every);
  const Status opened = request.kept->open(words.resume, options.resume);
  if (!opened) return Error{opened.error()};
  options.keeper = request.kept.get();
  return request;
}

std::string short_number(std::uint64_t number) {
  if (number < 10'000) return std::to_string(number);
  const char* unit = number < 10'000'000 ? " k" : " M";
  const std::uint64_t tenths = number / (number < 10'000'000 ? 100 : 100'000);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + unit;
}

// One line on a terminal that keeps changing while the exploration goes on.
class ProgressLine {
 public:
  explicit ProgressLine(bool wanted) : wanted_(wanted) {}
  ~ProgressLine() { clear(); }

  void show(const check::Progress& progress) {
    const Clock::time_point now = Clock::now();
    if (!wanted_ || now - shown_ < std::chrono::milliseconds(100)) return;
    shown_ = now;
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now - begun_).count();
    const std::uint64_t rate = ms <= 0 ? 0 : progress.distinct * 1000 / std::uint64_t(ms);
    const std::string line = short_number(progress.distinct) + " states, " + short_number(rate) +
                             "/s, depth " + std::to_string(progress.depth) + ", " +
                             short_number(progress.frontier) + " waiting";
    std::fprintf(stderr, "\r%s", pad_right(line, width_).c_str());
    std::fflush(stderr);
    width_ = std::max(width_, columns_of(line));
  }
  void clear() {
    if (width_ > 0) std::fprintf(stderr, "\r%s\r", std::string(width_, ' ').c_str());
    width_ = 0;
  }

 private:
  bool wanted_;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point shown_ = begun_;
  std::size_t width_ = 0;
};

// Only who cancelled knows why.
std::string reason_of(check::Stop stop) {
  if (stop == check::Stop::cancelled) return interrupted != 0 ? "interrupted" : "time";
  return std::string(enumerator_name_of(stop));
}

std::string coverage_of(const check::CheckReport& report, const Request& request,
                        const std::string& stop, Clock::duration taken) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(taken).count();
  std::string text;
  for (const CoverageLine& line : check_coverage(request.options, report, stop, ms))
    text += pad_right(line.label, 10) + line.text + "\n";
  return text;
}

std::string verdict_of(const Scenario& scenario, const check::CheckedProperty& property,
                       const check::Exploration& exploration) {
  const std::string kind(enumerator_name_of(property.kind));
  std::string text = "\n" + property.name + " (" + kind +
                     "): " + check_verdict(scenario, property, exploration) + "\n";
  if (!property.not_judged.empty()) return text;
  text += "    " + property.sentence + "\n";
  if (!property.witness.why.empty()) text += "    Why: " + property.witness.why + "\n";
  if (!property.way) return text;
  for (std::size_t i = 0; i < property.way->steps.size(); ++i) {
    text += pad_left(std::to_string(i + 1), 7) + "  " + property.way->steps[i] + "\n";
  }
  return text;
}

}  // namespace

int check(const CheckWords& words) {
  Result<Source> source = open_source(words.what, words.set);
  if (!source) return refuse(source.error());
  Scenario& scenario = source.value().scenario;
  const Result<Request> request = request_of(words, scenario);
  if (!request) return refuse(request.error());

  ProgressLine line(!words.json && shows_progress());
  const Clock::time_point begun = Clock::now();
  const auto on_progress = [&](const check::Progress& progress) {
    line.show(progress);
    return interrupted == 0 && Clock::now() - begun < request.value().time_max;
  };
  std::signal(SIGINT, on_interrupt);
  const Result<check::CheckReport> made = explore_setup(
      scenario.setup, request.value().options, on_threads(request.value().threads), on_progress);
  const Clock::duration taken = Clock::now() - begun;
  std::signal(SIGINT, SIG_DFL);
  line.clear();
  if (!made) return refuse(made.error());
  if (request.value().kept != nullptr && !request.value().kept->status())
    return refuse(request.value().kept->status().error());
  const check::CheckReport& report = made.value();
  const std::string stop = reason_of(report.exploration.stop);
  const check::CheckedProperty* shown = worth_showing(scenario, report);

  if (words.out == "-") {
    if (shown != nullptr) print(write_scenario(scenario_of(scenario, *shown)));
  } else if (!words.out.empty() && shown != nullptr) {
    const Status written =
        write_whole_file("--out", words.out, write_scenario(scenario_of(scenario, *shown)));
    if (!written) return refuse(written.error());
  }
  if (words.out == "-") {
    // The scenario is all that is printed.
  } else if (words.json) {
    print(check_json(scenario, request.value().options, report, stop));
  } else {
    print((scenario.id.empty() ? std::string() : scenario.id + ": ") +
          (scenario.title.empty() ? scenario.setup.protocol : scenario.title) + "  (" +
          scenario.setup.protocol + ")\n\n");
    print(coverage_of(report, request.value(), stop, taken));
    for (const check::CheckedProperty& property : report.properties)
      print(verdict_of(scenario, property, report.exploration));
    if (shown != nullptr) {
      const Result<std::string> link = link_to(scenario_of(scenario, *shown));
      print("\nLink   " + shown->name + ": " + (link ? link.value() : "none: " + link.error()) +
            "\n");
    }
    if (!words.out.empty()) {
      print(shown == nullptr
                ? "File   none: nothing was found\n"
                : "File   " + words.out + ": \"netsplit run " + words.out + "\" shows it\n");
    }
  }
  const auto& properties = report.properties;
  return std::all_of(properties.begin(), properties.end(),
                     [&](const auto& one) { return is_as_expected(scenario, one); })
             ? as_expected
             : not_as_expected;
}

}  // namespace netsplit::cli
