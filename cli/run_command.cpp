// `netsplit run`: a scenario to its end, told and judged.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>

#include "cli/commands.h"
#include "cli/common.h"
#include "cli/story.h"
#include "core/base/hash.h"
#include "core/scenario/registry.h"
#include "core/scenario/reproduction.h"

namespace netsplit::cli {
namespace {

Status apply(const RunOptions& options, Setup& setup) {
  if (!options.seed.empty()) {
    const char* end = options.seed.data() + options.seed.size();
    const auto [stop, fault] = std::from_chars(options.seed.data(), end, setup.seed);
    if (fault != std::errc() || stop != end) {
      return Error{"--seed " + options.seed +
                   ": expected a whole number from 0 to 18446744073709551615"};
    }
  }
  if (!options.until.empty()) {
    const Result<Time> until = parse_duration(options.until);
    if (!until) return Error{"--until: " + until.error()};
    if (until.value() < 1 || until.value() > time_max_us / 1000) {
      return Error{"--until " + options.until + ": expected a duration from \"1us\" to \"" +
                   format_duration(time_max_us / 1000) + "\""};
    }
    setup.until_us = until.value();
  }
  if (!options.script.empty()) {
    const Result<std::string> text = read_file(options.script);
    if (!text) return Error{text.error()};
    const std::string where = options.script == "-" ? "standard input" : options.script;
    Result<std::vector<Input>> script = parse_script(text.value(), where, setup);
    if (!script) return Error{script.error()};
    setup.script = std::move(script).value();
  }
  return Done{};
}

// The trace as JSON lines, written while the run goes on.
class TraceFile {
 public:
  Status open(const std::string& path) {
    path_ = path;
    if (path.empty()) return Done{};
    file_ = path == "-" ? stdout : std::fopen(path.c_str(), "wb");
    if (file_ == nullptr) return failure();
    return Done{};
  }
  ~TraceFile() {
    if (file_ != nullptr && file_ != stdout) std::fclose(file_);
  }
  bool wanted() const { return file_ != nullptr; }
  void write(const Session& session, const Trace& trace, EventIndex from) {
    for (EventIndex i = from; i < trace.size(); ++i) {
      const std::string line = event_json(session, trace, i) + "\n";
      std::fwrite(line.data(), 1, line.size(), file_);
    }
  }
  Status close() {
    if (file_ == nullptr) return Done{};
    bool good = std::ferror(file_) == 0 && std::fflush(file_) == 0;
    if (file_ != stdout) good = std::fclose(std::exchange(file_, nullptr)) == 0 && good;
    return good ? Status(Done{}) : failure();
  }

 private:
  Status failure() const {
    return Error{"--trace " + path_ + ": cannot be written: " + std::strerror(errno)};
  }
  std::string path_;
  std::FILE* file_ = nullptr;
};

bool is_unchanged(const RunOptions& options) {
  return options.seed.empty() && options.until.empty() && options.set.empty() &&
         options.script.empty();
}

// What the link says of its own run, against this one; nothing when it says nothing.
std::optional<Comparison> comparison(const Source& source, const RunOptions& options,
                                     const Session& session) {
  if (!source.link || !source.link->hash || !is_unchanged(options)) return std::nullopt;
  const Link& link = *source.link;
  const auto steps = static_cast<std::uint64_t>(link.hash_steps);
  if (session.steps() <= steps) return compare_with_link(link, session);
  // The link is of a run that was still going on.
  const std::unique_ptr<Session> then = make_session(link.scenario.setup).value();
  while (then->steps() < steps && then->step(nullptr)) {
  }
  return compare_with_link(link, *then);
}

std::string heading(const Scenario& scenario) {
  std::string text = scenario.id.empty() ? std::string() : scenario.id + ": ";
  text += scenario.title.empty() ? scenario.setup.protocol : scenario.title;
  return text + "  (" + scenario.setup.protocol + ", seed " + std::to_string(scenario.setup.seed) +
         ")\n";
}

}  // namespace

int run(const RunOptions& options) {
  if (options.what.empty()) {
    return refuse("\"netsplit run\" needs a scenario (its id, a file or a link), or --all");
  }
  Result<Source> source = open_source(options.what, options.set);
  if (!source) return refuse(source.error());
  Scenario& scenario = source.value().scenario;
  const Status applied = apply(options, scenario.setup);
  if (!applied) return refuse(applied.error());

  // A setup that does not fit must not leave an empty trace behind.
  const auto fits = make_session(scenario.setup);
  if (!fits) return refuse(fits.error());
  TraceFile file;
  const Status opened = file.open(options.trace);
  if (!opened) return refuse(opened.error());
  OnEvents on_events;
  if (file.wanted()) {
    on_events = [&](const Session& session, const Trace& trace, EventIndex from) {
      file.write(session, trace, from);
    };
  }
  const Result<HeadlessRun> ran = run_headless(scenario, on_events);
  if (!ran) return refuse(ran.error());
  const Status written = file.close();
  if (!written) return refuse(written.error());

  const Session& session = *ran.value().session;
  Link link = source.value().link.value_or(Link{});
  link.scenario = scenario;
  note_run(link, session);
  const Result<std::string> text = encode_link(link);
  const std::optional<Comparison> compared = comparison(source.value(), options, session);

  if (options.json) {
    print(report_json(scenario, ran.value(), text ? text.value() : "", compared));
  } else if (options.trace != "-") {
    const StoryStyle style{wants_colour()};
    print(heading(scenario) + "\n");
    if (!options.quiet) print(story_of(ran.value(), style) + "\n");
    print(verdicts_of(ran.value(), style));
    print("Trace  " + format_hash(session.trace_hash()) + "\n");
    if (compared) print("Link   " + compared->sentence + "\n");
    print(text ? "Link   " + text.value() + "\n" : "Link   none: " + text.error() + "\n");
  }
  const bool reproduced = !compared || compared->outcome == Reproduction::reproduced;
  return all_as_expected(ran.value().properties) && reproduced ? as_expected : not_as_expected;
}

}  // namespace netsplit::cli
