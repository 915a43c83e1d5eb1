// netsplit-bench: runs the benchmarks, then says how they stand against their targets.
//
//   netsplit-bench [--results=FILE] [--native=FILE] [options of Google Benchmark]
//
// --results writes what the table is made of to a file; --native reads such a file and compares
// with it, so that the program in WebAssembly can be set against the native one.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/yardsticks.h"

namespace netsplit::bench {
namespace {

// By "benchmark counter".
using Results = std::map<std::string, double>;

#ifdef __EMSCRIPTEN__
constexpr double network_frame_ms = 10;
#else
constexpr double network_frame_ms = 4;
#endif

const std::vector<Yardstick> yardsticks = {
#ifndef __EMSCRIPTEN__  // in wasm it is set against the native program, below
    {"PHOLD 1 000", "of the bare loop", "phold/world/1000", "items_per_second", "phold/bare/1000",
     1.2, false, 2},
    {"PHOLD 1 000 000", "of the bare loop", "phold/world/1000000", "items_per_second",
     "phold/bare/1000000", 3, false, 2},
#endif
    {"Full trace and stamps, 5 nodes", "events a second", "phold/traced/5", "items_per_second", "",
     1e6, false, 0},
    {"Seek in a run of a million events, median", "ms", "timeline/seek", "median_ms", "", 50, true,
     3},
    {"Keyframes of that run", "MiB", "timeline/seek", "keyframes_MiB", "", 64, true, 1},
    {"A frame of 1 000 nodes and 5 000 messages", "ms", "window/network/1000/5", "median_ms", "",
     network_frame_ms, true, 2},
    {"A frame of 200 000 events in space-time", "ms", "space-time/whole", "median_ms", "", 4, true,
     2},
    {"The same, with an event's past shaded", "ms", "space-time/shaded", "median_ms", "", 4, true,
     2},
    {"The same, a tenth of it in view", "ms", "space-time/part", "median_ms", "", 4, true, 2},
    {"The same, in logical time", "ms", "space-time/logical", "median_ms", "", 4, true, 2},
    {"Sweep of lock-fenced, every property judged", "seeds a second", "sweep/lock-fenced",
     "items_per_second", "", 20e3, false, 0},
    {"Sweep of 2pc-recovery", "seeds a second", "sweep/2pc-recovery", "items_per_second", "", 20e3,
     false, 0},
    {"Sweep of paxos-commit", "seeds a second", "sweep/paxos-commit", "items_per_second", "", 10e3,
     false, 0},
    {"Steps of a sweep of lock-fenced", "of a bare loop's", "sweep/lock-fenced", "steps_per_second",
     "sweep/bare", 0.3, false, 2},
    {"A node beyond its own state, of a million", "bytes", "million/start", "bytes_per_node", "",
     300, true, 0},
    {"Gossip until a million nodes know", "s", "gossip/converge/1000000", "seconds", "", 60, true,
     1},
    {"A node of it beyond its own state", "bytes", "gossip/converge/1000000", "bytes_per_node", "",
     300, true, 0},
    {"Raft of 5 under load, every property judged", "events a second", "raft/judged/5",
     "items_per_second", "", 50e3, false, 0},
    {"Raft of 5 under load, its world alone", "of the bare loop's", "raft/alone/5",
     "items_per_second", "phold/bare/1000", 0.3, false, 2},
    {"Two-phase commit 8, explored", "of the bare loop", "explorer/two-phase/8", "items_per_second",
     "explorer/bare/8", 0.45, false, 2},
    {"Two-phase commit 8 on two threads", "times one", "explorer/two-threads/8", "items_per_second",
     "explorer/one-thread/8", 1.6, false, 2},
    {"Two-phase commit 9", "MiB", "explorer/two-phase/9", "MiB", "", 4096, true, 0},
    // stateright 0.31 takes 9 to 13 s for its 1 194 428 states, on a machine of this kind.
    {"Paxos with 3 clients", "states a second", "explorer/paxos/3", "items_per_second", "",
     1'194'428 / 0.9, false, 0},
    {"Judging a hard history", "ms", "judge/hard", "ms", "", 48, true, 3},
    {"Judging a hard history", "times as fast as the textbook", "judge/hard", "items_per_second",
     "judge/hard/textbook", 5, false, 0},
    {"Judging an easy history", "ms", "judge/easy", "ms", "", 0.1, true, 3},
    {"Judging a store of 50 clients", "ms", "judge/store50", "ms", "", 65, true, 2},
    {"Judging a store of 50 clients", "times as fast as the textbook", "judge/store50",
     "items_per_second", "judge/store50/textbook", 5, false, 1},
};

struct NativeYardstick {
  std::string sentence;
  std::string benchmark;
  double target;
};
const std::vector<NativeYardstick> native_yardsticks = {
    {"Full trace and stamps, 5 nodes", "phold/traced/5", 0.6},
    {"PHOLD 1 000", "phold/world/1000", 0.5},
    {"PHOLD 1 000 000", "phold/world/1000000", 0.5},
    {"Two-phase commit 8, explored", "explorer/two-phase/8", 0.7},
};

// Of several rounds the table takes the median, but of a rate the fastest round: what else a
// machine does makes a round slower, never faster, and does not fall on both sides of a pair alike.
class Reporter : public benchmark::ConsoleReporter {
 public:
  Reporter() : ConsoleReporter(OO_None) {}
  void ReportRuns(const std::vector<Run>& runs) override {
    std::vector<Run> shown;
    for (const Run& run : runs) {
      const bool aggregate = run.run_type == Run::RT_Aggregate;
      if (aggregate || run.repetitions <= 1) shown.push_back(run);
      std::string benchmark = run.run_name.function_name;
      if (!run.run_name.args.empty()) benchmark += '/' + run.run_name.args;
      for (const auto& [name, counter] : run.counters) {
        double& result = results[benchmark + ' ' + name];
        if (name.ends_with("_per_second")) {
          if (!aggregate) result = std::max(result, counter.value);
        } else if (!aggregate || run.aggregate_name == "median") {
          result = counter.value;
        }
      }
    }
    ConsoleReporter::ReportRuns(shown);
  }
  Results results;
};

// True when the number was measured.
bool value_of(const Results& results, const std::string& benchmark, const std::string& counter,
              double& value) {
  const auto at = results.find(benchmark + ' ' + counter);
  if (at == results.end()) return false;
  value = at->second;
  return true;
}

void print_targets(const Results& results) {
  std::printf("\n");
  for (const Yardstick& yardstick : yardsticks) {
    double value = 0;
    double over = 1;
    if (!value_of(results, yardstick.benchmark, yardstick.counter, value)) continue;
    if (!yardstick.over.empty() && !value_of(results, yardstick.over, yardstick.counter, over)) {
      continue;
    }
    value /= over;
    const bool reached = yardstick.at_most ? value <= yardstick.target : value >= yardstick.target;
    std::printf("%s: %.*f %s (target: at %s %g)%s\n", yardstick.sentence.c_str(), yardstick.digits,
                value, yardstick.unit.c_str(), yardstick.at_most ? "most" : "least",
                yardstick.target, reached ? "" : "  <- missed");
  }
}

void print_against_native(const Results& results, const Results& native) {
  for (const NativeYardstick& yardstick : native_yardsticks) {
    double here = 0;
    double there = 0;
    if (!value_of(results, yardstick.benchmark, "items_per_second", here)) continue;
    if (!value_of(native, yardstick.benchmark, "items_per_second", there)) continue;
    const double ratio = here / there;
    std::printf("%s, wasm: %.2f of native (target: at least %g)%s\n", yardstick.sentence.c_str(),
                ratio, yardstick.target, ratio >= yardstick.target ? "" : "  <- missed");
  }
}

Results read(const std::string& path) {
  Results results;
  std::ifstream file(path);
  std::string benchmark;
  std::string counter;
  double value = 0;
  while (file >> benchmark >> counter >> value) results[benchmark + ' ' + counter] = value;
  return results;
}

int run(int argc, char** argv) {
  std::string results_path;
  std::string native_path;
  // Turns are taken at random, so that what else the machine does falls on both sides of a pair.
  std::string in_turns = "--benchmark_enable_random_interleaving=true";
  std::vector<char*> arguments{argv[0], in_turns.data()};
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with("--results=")) {
      results_path = argument.substr(10);
    } else if (argument.starts_with("--native=")) {
      native_path = argument.substr(9);
    } else {
      arguments.push_back(argv[i]);
    }
  }
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
  Reporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  print_targets(reporter.results);
  if (!native_path.empty()) print_against_native(reporter.results, read(native_path));
  if (!results_path.empty()) {
    std::ofstream file(results_path);
    for (const auto& [name, value] : reporter.results) file << name << ' ' << value << '\n';
    if (!file) {
      std::fprintf(stderr, "netsplit-bench: %s cannot be written\n", results_path.c_str());
      return 1;
    }
  }
  return 0;
}

}  // namespace
}  // namespace netsplit::bench

int main(int argc, char** argv) { return netsplit::bench::run(argc, argv); }
