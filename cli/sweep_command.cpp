// `netsplit sweep` and `netsplit merge`: many seeds of one scenario, on one machine or several.
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>

#include "cli/commands.h"
#include "cli/common.h"
#include "core/base/hash.h"
#include "core/scenario/found_run.h"
#include "core/scenario/registry.h"
#include "core/scenario/sweep_file.h"
#include "core/scenario/sweep_report.h"
#include "threads/threads.h"

namespace netsplit::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t usual_count = 10'000;

Result<check::SeedRange> seeds_of(const SweepWords& words) {
  check::SeedRange seeds{1, usual_count};
  if (!words.seeds.empty() && !words.count.empty())
    return Error{"--seeds and --count: expected one of the two"};
  if (!words.count.empty()) {
    const auto count = number_in_range("--count", words.count, 1, UINT64_MAX);
    if (!count) return Error{count.error()};
    seeds.last = count.value();
  }
  if (words.seeds.empty()) return seeds;
  const Error wrong{"--seeds " + words.seeds +
                    ": expected first..last, such as 1..100000, the first no larger"};
  const std::size_t dots = words.seeds.find("..");
  if (dots == std::string::npos) return wrong;
  const auto first = number_in_range("--seeds", words.seeds.substr(0, dots), 0, UINT64_MAX);
  const auto last = number_in_range("--seeds", words.seeds.substr(dots + 2), 0, UINT64_MAX);
  if (!first || !last || first.value() > last.value()) return wrong;
  return check::SeedRange{first.value(), last.value()};
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

// Errors: says what a batch engine left open.
Result<Shard> shard_of_environment() {
  const auto number = [](const char* name, std::uint64_t low) {
    return number_in_range(name, environment(name), low, UINT32_MAX);
  };
  if (!environment("JOB_COMPLETION_INDEX").empty()) {  // a Kubernetes Indexed Job counts from 0
    if (environment("JOB_COMPLETIONS").empty()) {
      return Error{
          "JOB_COMPLETION_INDEX is set but JOB_COMPLETIONS is not; expected both, or --shard i/n"};
    }
    const auto count = number("JOB_COMPLETIONS", 1);
    if (!count) return Error{count.error()};
    const auto index = number_in_range("JOB_COMPLETION_INDEX", environment("JOB_COMPLETION_INDEX"),
                                       0, count.value() - 1);
    if (!index) return Error{index.error()};
    return Shard{static_cast<std::uint32_t>(index.value() + 1),
                 static_cast<std::uint32_t>(count.value())};
  }
  if (environment("SLURM_ARRAY_TASK_ID").empty()) return Shard{};
  const auto id = number("SLURM_ARRAY_TASK_ID", 0);
  const auto count = number("SLURM_ARRAY_TASK_COUNT", 1);
  const auto least = number("SLURM_ARRAY_TASK_MIN", 0);
  const bool stepped = !environment("SLURM_ARRAY_TASK_STEP").empty();
  const auto step = stepped ? number("SLURM_ARRAY_TASK_STEP", 1) : Result<std::uint64_t>(1);
  for (const auto* one : {&id, &count, &least, &step}) {
    if (!*one) return Error{one->error()};
  }
  const std::uint64_t index = (id.value() - least.value()) / step.value();
  if (id.value() < least.value() || index >= count.value()) {
    return Error{"SLURM_ARRAY_TASK_ID " + std::to_string(id.value()) + ": is not in an array of " +
                 std::to_string(count.value()) + " from " + std::to_string(least.value()) +
                 " on; expected a list without gaps, or --shard i/n"};
  }
  return Shard{static_cast<std::uint32_t>(index + 1), static_cast<std::uint32_t>(count.value())};
}

Result<Shard> shard_of(const std::string& words) {
  if (words.empty()) return shard_of_environment();
  const Error wrong{"--shard " + words + ": expected i/n, from 1/n to n/n"};
  const std::size_t slash = words.find('/');
  if (slash == std::string::npos) return wrong;
  const auto count = number_in_range("--shard", words.substr(slash + 1), 1, 1'000'000);
  if (!count) return wrong;
  const auto index = number_in_range("--shard", words.substr(0, slash), 1, count.value());
  if (!index) return wrong;
  return Shard{static_cast<std::uint32_t>(index.value()),
               static_cast<std::uint32_t>(count.value())};
}

// A file of any length.
Result<std::string> read_long_file(const std::string& path) {
  const auto failure = [&] { return Error{path + ": cannot be read: " + std::strerror(errno)}; };
  std::error_code fault;
  if (std::filesystem::is_directory(path, fault))
    return Error{path + ": this is a folder; expected a file"};
  const auto close = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.c_str(), "rb"), close);
  if (!file) return failure();
  std::string text;
  std::vector<char> part(256 << 10);
  for (std::size_t count; (count = std::fread(part.data(), 1, part.size(), file.get())) > 0;)
    text.append(part.data(), count);
  if (std::ferror(file.get()) != 0) return failure();
  return text;
}

Result<SweepFile> open_sweep_file(const std::string& path) {
  const Result<std::string> text = read_long_file(path);
  if (!text) return Error{text.error()};
  return parse_sweep_file(text.value(), path);
}

// Where a sweep writes. Whole blocks are written at once and flushed, so that whoever is killed has
// lost the last of them at most.
class SweepOutput {
 public:
  // `done` becomes the blocks that the file already holds.
  Status open(const SweepWords& words, const SweepHeader& header,
              std::vector<check::SweptBlock>& done);
  ~SweepOutput() {
    if (file_ != nullptr && file_ != stdout) std::fclose(file_);
  }
  Status write(const std::string& text) {
    if (file_ == nullptr) return Done{};
    const bool good =
        std::fwrite(text.data(), 1, text.size(), file_) == text.size() && std::fflush(file_) == 0;
    return good ? Status(Done{}) : failure();
  }

 private:
  Status failure() const {
    return Error{"--out " + path_ + ": cannot be written: " + std::strerror(errno)};
  }
  std::string path_;
  std::FILE* file_ = nullptr;
};

Status SweepOutput::open(const SweepWords& words, const SweepHeader& header,
                         std::vector<check::SweptBlock>& done) {
  path_ = words.out;
  if (words.out.empty()) {
    return words.resume ? Status(Error{"--resume: expected the file to go on with, as --out FILE"})
                        : Done{};
  }
  if (words.out == "-") {
    if (words.resume) return Error{"--resume: standard output cannot be gone on with"};
    file_ = stdout;
    return write(header_text(header));
  }
  std::error_code fault;
  const auto bytes = std::filesystem::file_size(words.out, fault);
  const bool begun = !fault && bytes > 0;
  if (begun && !words.resume) {
    return Error{"--out " + words.out +
                 ": is there already; expected a new file, or --resume to go on with it"};
  }
  if (begun) {
    const Result<std::string> text = read_long_file(words.out);
    if (!text) return Error{text.error()};
    // Killed before even the header was whole: there is nothing to lose.
    if (text.value().find('\n') != std::string::npos) {
      Result<SweepFile> before = parse_sweep_file(text.value(), words.out);
      if (!before) return Error{before.error()};
      if (before.value().header != header)
        return Error{words.out + ": is of another sweep or shard; expected the same options"};
      done = std::move(before.value().blocks);
      std::filesystem::resize_file(words.out, before.value().sound_bytes, fault);
      if (fault) return Error{"--out " + words.out + ": cannot be cut: " + fault.message()};
      file_ = std::fopen(words.out.c_str(), "ab");
      return file_ == nullptr ? failure() : Status(Done{});
    }
  }
  file_ = std::fopen(words.out.c_str(), "wb");
  return file_ == nullptr ? failure() : write(header_text(header));
}

// The bar, the rate, and what was found so far, in one line that changes.
class ProgressBar {
 public:
  ProgressBar(bool wanted, std::uint64_t of) : wanted_(wanted), of_(of) {}
  void show(const SweepTotals& totals, std::uint64_t fresh_runs) {
    const Clock::time_point now = Clock::now();
    if (!wanted_ || now - shown_ < std::chrono::milliseconds(100)) return;
    shown_ = now;
    constexpr std::uint64_t width = 30;
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now - begun_).count();
    const std::uint64_t rate = ms <= 0 ? 0 : fresh_runs * 1000 / static_cast<std::uint64_t>(ms);
    const auto done = static_cast<std::size_t>(width * (totals.runs / 100 + 1) / (of_ / 100 + 1));
    const std::string bar = std::string(std::min<std::size_t>(done, width), '#');
    const std::string line = "[" + pad_right(bar, width) + "] " + std::to_string(totals.runs) +
                             " of " + std::to_string(of_) + " seeds, " + std::to_string(rate) +
                             "/s, " + std::to_string(totals.failing) + " failing";
    std::fprintf(stderr, "\r%s", pad_right(line, columns_).c_str());
    columns_ = std::max(columns_, columns_of(line));
    std::fflush(stderr);
  }
  void clear() {
    if (columns_ > 0) std::fprintf(stderr, "\r%s\r", std::string(columns_, ' ').c_str());
    columns_ = 0;
  }

 private:
  bool wanted_;
  std::uint64_t of_;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point shown_ = begun_;
  std::size_t columns_ = 0;
};

// For a shell that reads the line again.
std::string quoted(const std::string& word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::strchr("-_./=,+:", c) != nullptr;
  });
  if (plain) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

// The command that runs this one seed again.
std::string command_of(const SweepWords& words, std::uint64_t seed) {
  std::string text = "netsplit sweep " + quoted(words.what);
  for (const std::string& one : words.set) text += " --set " + quoted(one);
  for (const std::string& one : words.property) text += " --property " + quoted(one);
  if (!words.faults.empty()) text += " --faults " + quoted(words.faults);
  return text + " --seeds " + std::to_string(seed) + ".." + std::to_string(seed);
}

std::uint64_t runs_of_shard(const SweepHeader& header) {
  const std::uint64_t blocks = header.seeds.blocks();
  const Shard& shard = header.shard;
  if (blocks < shard.index) return 0;
  const std::uint64_t own = (blocks - shard.index) / shard.count + 1;
  const std::uint64_t last = (own - 1) * shard.count + shard.index - 1;
  return (own - 1) * check::seeds_per_block + header.seeds.runs_of(last);
}

class SweepRun {
 public:
  SweepRun(const SweepWords& words, const Scenario& scenario, const check::Sweep& sweep,
           const SweepHeader& header)
      : words_(words),
        scenario_(scenario),
        sweep_(sweep),
        header_(header),
        totals_(header.properties.size()) {}

  Status run(int threads);
  int report() const;

 private:
  void add(const check::SweptBlock& block);
  bool tells() const { return !words_.json && words_.out != "-"; }

  const SweepWords& words_;
  const Scenario& scenario_;
  const check::Sweep& sweep_;
  const SweepHeader& header_;
  SweepTotals totals_;
  std::vector<FoundSeed> first_failing_;
  Clock::duration taken_{};
  std::uint64_t fresh_runs_ = 0;
};

void SweepRun::add(const check::SweptBlock& block) {
  totals_.add(block);
  for (const check::FailingSeed& failing : block.failing) {
    if (first_failing_.size() >= shown_seeds_max) return;
    first_failing_.push_back(
        found_seed(scenario_, sweep_, failing, command_of(words_, failing.seed)));
    if (tells()) print(found_seed_text(header_, first_failing_.back()) + "\n");
  }
}

// Blocks are done some at a time, by all threads, and written in order. How many at a time depends
// on how fast they are; the order does not.
Status SweepRun::run(int threads) {
  SweepOutput output;
  std::vector<check::SweptBlock> done;
  const Status opened = output.open(words_, header_, done);
  if (!opened) return opened;
  if (tells()) print(header_for_people(header_));
  std::uint64_t next = header_.shard.index - 1;
  for (const check::SweptBlock& block : done) {
    if (block.index != next)
      return Error{words_.out + ": block " + std::to_string(block.index) + " follows; expected " +
                   std::to_string(next)};
    add(block);
    next += header_.shard.count;
  }
  const check::Executor execute = on_threads(threads);
  ProgressBar bar(shows_progress() && words_.out != "-", runs_of_shard(header_));
  const Clock::time_point begun = Clock::now();
  std::uint64_t at_once = static_cast<std::uint64_t>(threads);
  while (next < header_.seeds.blocks()) {
    std::vector<std::uint64_t> indices;
    while (indices.size() < at_once && next < header_.seeds.blocks()) {
      indices.push_back(next);
      next += header_.shard.count;
    }
    std::vector<check::SweptBlock> blocks(indices.size());
    const Clock::time_point from = Clock::now();
    execute(static_cast<std::int32_t>(indices.size()), [&](std::int32_t i) {
      const auto at = static_cast<std::size_t>(i);
      blocks[at] = sweep_.run_block(header_.seeds, indices[at]);
    });
    if (Clock::now() - from < std::chrono::milliseconds(50) && at_once < 4096) at_once *= 2;
    std::string text;
    for (const check::SweptBlock& block : blocks) text += block_text(header_, block);
    const Status written = output.write(text);
    if (!written) return written;
    for (const check::SweptBlock& block : blocks) {
      if (!block.failing.empty() && first_failing_.size() < shown_seeds_max) bar.clear();
      add(block);
      fresh_runs_ += block.runs;
    }
    bar.show(totals_, fresh_runs_);
  }
  bar.clear();
  taken_ = Clock::now() - begun;
  return Done{};
}

int SweepRun::report() const {
  if (words_.out != "-") {
    if (words_.json) {
      print(sweep_json(header_, totals_, first_failing_));
    } else {
      const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(taken_).count();
      std::string text = totals_text(header_, totals_);
      if (fresh_runs_ > 0 && ms > 0) {
        text += "Took " + format_time_for_people(milliseconds(ms)) + ": " +
                std::to_string(fresh_runs_ * 1000 / static_cast<std::uint64_t>(ms)) +
                " seeds a second\n";
      }
      print(text);
    }
  }
  return totals_.failing == 0 ? as_expected : not_as_expected;
}

}  // namespace

int sweep(const SweepWords& words) {
  Result<Source> source = open_source(words.what, words.set);
  if (!source) return refuse(source.error());
  Scenario& scenario = source.value().scenario;
  const Result<check::SeedRange> seeds = seeds_of(words);
  if (!seeds) return refuse(seeds.error());
  const Result<Shard> shard = shard_of(words.shard);
  if (!shard) return refuse(shard.error());
  const auto faults = parse_faults(words.faults.empty() ? "all" : words.faults);
  if (!faults) return refuse("--faults: " + faults.error());
  int threads = machine_threads();
  if (!words.threads.empty()) {
    const auto number = number_in_range("--threads", words.threads, 1, 256);
    if (!number) return refuse(number.error());
    threads = static_cast<int>(number.value());
  }
  std::vector<std::string> judged = words.property;
  if (judged.empty()) {
    Result<std::vector<std::string>> usual = judged_properties(scenario);
    if (!usual) return refuse(usual.error());
    judged = std::move(usual).value();
  }
  const Result<check::Sweep> made =
      check::Sweep::make(scenario.setup, judged, faults.value(), make_session);
  if (!made) return refuse(made.error());
  const SweepHeader header = sweep_header(scenario, made.value(), seeds.value(), shard.value());
  SweepRun run(words, scenario, made.value(), header);
  const Status status = run.run(threads);
  if (!status) return refuse(status.error());
  return run.report();
}

int merge(const MergeWords& words) {
  std::vector<SweepFile> files;
  for (const std::string& path : words.files) {
    Result<SweepFile> file = open_sweep_file(path);
    if (!file) return refuse(file.error());
    files.push_back(std::move(file).value());
  }
  const Result<SweepFile> made = merge_sweep_files(files);
  if (!made) return refuse(made.error());
  const SweepFile& merged = made.value();
  SweepTotals totals(merged.header.properties.size());
  std::string text = header_text(merged.header);
  for (const check::SweptBlock& block : merged.blocks) {
    totals.add(block);
    text += block_text(merged.header, block);
  }
  if (words.out.empty()) {
    print(text);
  } else {
    const Status written = write_whole_file("--out", words.out, text);
    if (!written) return refuse(written.error());
    print(header_for_people(merged.header) + failing_seeds_text(merged) +
          totals_text(merged.header, totals));
  }
  return totals.failing == 0 ? as_expected : not_as_expected;
}

}  // namespace netsplit::cli
