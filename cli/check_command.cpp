// `netsplit check`: every run of a scenario instead of one.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>

#if defined(_WIN32)
#include <io.h>
#else
#include <unistd.h>
#endif

#include "cli/commands.h"
#include "cli/common.h"
#include "cli/threads.h"
#include "core/scenario/check_report.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"
#include "core/scenario/reproduction.h"

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
  if (!words.time.empty()) {
    const Result<Time> time = parse_duration(words.time);
    if (!time) return Error{"--time: " + time.error()};
    if (time.value() < 1 || time.value() > hours(24 * 365))
      return Error{"--time " + words.time + ": expected a duration such as 30s or 2min"};
    request.time_max = std::chrono::microseconds(time.value());
  }
  return request;
}

std::string short_number(std::uint64_t number) {
  if (number < 10'000) return std::to_string(number);
  const char* unit = number < 10'000'000 ? " k" : " M";
  const std::uint64_t tenths = number / (number < 10'000'000 ? 100 : 100'000);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + unit;
}

std::string seconds_text(Clock::duration taken) {
  const auto tenths = std::chrono::duration_cast<std::chrono::milliseconds>(taken).count() / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
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

bool errors_go_to_a_terminal() {
#if defined(_WIN32)
  return false;
#else
  return isatty(STDERR_FILENO) != 0;
#endif
}

std::string reason_of(check::Stop stop) {
  switch (stop) {
    case check::Stop::complete:
      return "complete";
    case check::Stop::violation:
      return "violation";
    case check::Stop::states:
      return "states";
    case check::Stop::depth:
      return "depth";
    case check::Stop::memory:
      return "memory";
    case check::Stop::cancelled:
      return interrupted != 0 ? "interrupted" : "time";
  }
  return "";
}

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return (count == 0 ? "no" : std::to_string(count)) + " " + (count == 1 ? one : many);
}

std::string coverage_of(const check::CheckReport& report, const Request& request,
                        const std::string& stop, Clock::duration taken) {
  const check::Exploration& all = report.exploration;
  const check::Faults& faults = request.options.faults;
  std::string text = "Explored  ";
  text += stop == "complete" ? "all " : "";
  text += counted(all.distinct, "state", "states") + ", " +
          counted(all.generated, "step", "steps") + ", depth " + std::to_string(all.depth) +
          ", in " + seconds_text(taken);
  if (stop == "violation") text += "; stopped at a violation";
  if (stop == "interrupted") text += "; interrupted";
  if (stop == "states" || stop == "depth" || stop == "memory" || stop == "time")
    text += "; stopped by --" + stop;
  if (all.frontier > 0) text += ", " + std::to_string(all.frontier) + " not looked beyond";
  text += "\nWithin    " + counted(faults.drops, "drop", "drops") + ", " +
          counted(faults.duplicates, "duplicate", "duplicates") + ", " +
          counted(faults.crashes, "crash", "crashes");
  if (request.options.repeats != check::repeats_unbounded) {
    text += "; the same timer of a node runs out at most " +
            counted(request.options.repeats, "time", "times") +
            (all.held_back == 0
                 ? ", which left nothing out"
                 : ", which left something out in " + counted(all.held_back, "state", "states"));
  }
  for (const std::string& sentence : report.limits) text += "\nLeft out  " + sentence;
  if (all.collision_ppb > 0) {
    text += "\nChance    of a state missed for an equal fingerprint: below " +
            std::to_string(all.collision_ppb) + " in 1000000000";
  }
  return text + "\n";
}

std::string verdict_of(const Scenario& scenario, const check::CheckedProperty& property,
                       const check::Exploration& exploration) {
  const std::string kind(enumerator_name_of(property.kind));
  std::string text = "\n" + property.name + " (" + kind + "): ";
  if (!property.not_judged.empty()) return text + "not judged: " + property.not_judged + "\n";
  const bool sometimes = property.kind == PropertyKind::sometimes;
  const bool bounded = exploration.held_back > 0;
  switch (property.standing) {
    case Standing::open:
      text += sometimes ? "not seen so far" : "no violation so far";
      break;
    case Standing::holds:
      text += sometimes ? "seen" : bounded ? "holds within the bounds" : "holds";
      break;
    case Standing::violated:
      text += sometimes ? "never happens" : "violated";
      break;
  }
  const auto expected = expected_of(scenario, property.name);
  if (property.standing == Standing::violated)
    text += expected == Standing::violated ? ", as expected" : ", not as expected";
  if (property.standing == Standing::holds && expected == Standing::violated)
    text += "; the scenario's own run violates it";
  text += "\n    " + property.sentence + "\n";
  if (!property.witness.why.empty()) text += "    Why: " + property.witness.why + "\n";
  if (!property.way) return text;
  for (std::size_t i = 0; i < property.way->steps.size(); ++i) {
    text += pad_left(std::to_string(i + 1), 7) + "  " + property.way->steps[i] + "\n";
  }
  return text;
}

// The one worth a file: what was not expected, else the first violation, else what was seen.
const check::CheckedProperty* worth_showing(const Scenario& scenario,
                                            const check::CheckReport& report) {
  const check::CheckedProperty* best = nullptr;
  const auto worth = [&](const check::CheckedProperty& one) {
    if (!is_as_expected(scenario, one)) return 2;
    return one.standing == Standing::violated ? 1 : 0;
  };
  for (const check::CheckedProperty& one : report.properties) {
    if (one.way && (best == nullptr || worth(one) > worth(*best))) best = &one;
  }
  return best;
}

std::string link_of(const Scenario& scenario) {
  Link link;
  link.scenario = scenario;
  const auto run = run_headless(scenario);
  if (!run) return "none: " + run.error();
  note_run(link, *run.value().session);
  const Result<std::string> text = encode_link(link);
  return text ? text.value() : "none: " + text.error();
}

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

}  // namespace

int check(const CheckWords& words) {
  Result<Source> source = open_source(words.what);
  if (!source) return refuse(source.error());
  Scenario& scenario = source.value().scenario;
  for (const std::string& assignment : words.set) {
    const Status status = set_parameter(scenario.setup, assignment);
    if (!status) return refuse(status.error());
  }
  const Result<Request> request = request_of(words, scenario);
  if (!request) return refuse(request.error());

  ProgressLine line(!words.json && errors_go_to_a_terminal());
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
      print("\nLink   " + shown->name + ": " + link_of(scenario_of(scenario, *shown)) + "\n");
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
