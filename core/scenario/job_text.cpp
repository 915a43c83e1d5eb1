// Requests and news of jobs as JSON, and as commands for a shell.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <utility>

#include "core/scenario/job.h"
#include "core/scenario/json_reader.h"
#include "core/scenario/link.h"
#include "core/scenario/registry.h"
#include "core/scenario/sweep_file.h"

namespace netsplit {
namespace {

constexpr std::size_t text_bytes_max = 1 << 20;
constexpr std::size_t items_max = 100'000;

template <class Number>
void take(const JsonCursor& root, const char* key, Number& value) {
  if (const auto at = root.find(key)) value = static_cast<Number>(at->natural());
}

void take(const JsonCursor& root, const char* key, std::string& value) {
  if (const auto at = root.find(key)) value = at->text(text_bytes_max, true);
}

Json progress_json(const JobProgress& progress) {
  return {{"elapsed_ms", progress.elapsed_ms}, {"done", progress.done},
          {"total", progress.total},           {"steps", progress.steps},
          {"frontier", progress.frontier},     {"depth", progress.depth},
          {"failing", progress.failing},       {"left", progress.left}};
}

JobProgress read_progress(const JsonCursor& at) {
  JobProgress progress;
  take(at, "elapsed_ms", progress.elapsed_ms);
  take(at, "done", progress.done);
  take(at, "total", progress.total);
  take(at, "steps", progress.steps);
  take(at, "frontier", progress.frontier);
  take(at, "depth", progress.depth);
  take(at, "failing", progress.failing);
  take(at, "left", progress.left);
  return progress;
}

Json finding_json(const JobFinding& finding) {
  Json json = Json::object();
  json["name"] = finding.name;
  json["kind"] = finding.kind;
  json["standing"] = enumerator_name_of(finding.standing);
  json["expected"] = finding.expected;
  json["verdict"] = finding.verdict;
  json["sentence"] = finding.sentence;
  json["why"] = finding.why;
  json["steps"] = finding.steps;
  if (finding.at_us >= 0) json["at_us"] = finding.at_us;
  json["scenario"] = finding.scenario;
  json["link"] = finding.link;
  return json;
}

JobFinding read_finding(const JsonCursor& at) {
  JobFinding finding;
  take(at, "name", finding.name);
  take(at, "kind", finding.kind);
  if (const auto one = at.require("standing")) finding.standing = one->choice<Standing>();
  if (const auto one = at.require("expected")) finding.expected = one->flag();
  take(at, "verdict", finding.verdict);
  take(at, "sentence", finding.sentence);
  take(at, "why", finding.why);
  if (const auto list = at.find("steps")) {
    for (const JsonCursor& one : list->items(items_max))
      finding.steps.push_back(one.text(text_bytes_max, true));
  }
  take(at, "at_us", finding.at_us);
  take(at, "scenario", finding.scenario);
  take(at, "link", finding.link);
  return finding;
}

Json result_json(const JobResult& result) {
  Json json = Json::object();
  json["kind"] = enumerator_name_of(result.kind);
  json["standing"] = enumerator_name_of(result.standing);
  json["headline"] = result.headline;
  json["elapsed_ms"] = result.elapsed_ms;
  json["coverage"] = Json::array();
  for (const CoverageLine& line : result.coverage)
    json["coverage"].push_back(Json::array({line.label, line.text}));
  json["findings"] = Json::array();
  for (const JobFinding& finding : result.findings)
    json["findings"].push_back(finding_json(finding));
  return json;
}

JobResult read_result(const JsonCursor& at) {
  JobResult result;
  if (const auto one = at.require("kind")) result.kind = one->choice<JobKind>();
  if (const auto one = at.require("standing")) result.standing = one->choice<Standing>();
  take(at, "headline", result.headline);
  take(at, "elapsed_ms", result.elapsed_ms);
  if (const auto list = at.find("coverage")) {
    for (const JsonCursor& line : list->items(items_max)) {
      const std::vector<JsonCursor> both = line.items(2);
      if (both.size() != 2) line.fail("expected a label and a text");
      if (at.failed()) return result;
      result.coverage.push_back({both[0].text(text_bytes_max), both[1].text(text_bytes_max)});
    }
  }
  if (const auto list = at.find("findings")) {
    for (const JsonCursor& one : list->items(items_max))
      result.findings.push_back(read_finding(one));
  }
  return result;
}

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

// " lock-gc-pause --set fencing=on", or a link. `seeded`: what is done depends on the seed.
std::string words_of_scenario(const Scenario& scenario, bool settable, bool seeded) {
  const Scenario* known = scenario.id.empty() ? nullptr : find_scenario(scenario.id);
  if (known != nullptr) {
    Scenario same = scenario;
    if (settable) same.setup.parameters = known->setup.parameters;
    if (!seeded) same.setup.seed = known->setup.seed;
    if (same == *known) {
      std::string text = " " + scenario.id;
      if (!settable) return text;
      for (const ParameterInfo& info : find_protocol(scenario.setup.protocol)->info->parameters) {
        const auto value_in = [&](const Setup& setup) {
          for (const auto& [name, value] : setup.parameters) {
            if (name == info.name) return value;
          }
          return info.usual;
        };
        const std::int64_t value = value_in(scenario.setup);
        if (value == value_in(known->setup)) continue;
        text += " --set " + quoted(std::string(info.name) + "=" + format_parameter(info, value));
      }
      return text;
    }
  }
  Link link;
  link.scenario = scenario;
  const Result<std::string> text = encode_link(link);
  return text ? " " + quoted(text.value()) : "";
}

}  // namespace

std::string write_job(const JobRequest& request) {
  Json json = Json::object();
  json["kind"] = enumerator_name_of(request.kind);
  json["scenario"] = write_scenario(request.scenario);
  json["time_ms"] = request.time_ms_max;
  json["bytes"] = request.bytes_max;
  json["drops"] = request.faults.drops;
  json["duplicates"] = request.faults.duplicates;
  json["crashes"] = request.faults.crashes;
  json["repeats"] = request.repeats;
  json["symmetry"] = request.symmetry;
  json["first_seed"] = request.seeds.first;
  json["last_seed"] = request.seeds.last;
  json["kinds"] = request.kinds;
  json["property"] = request.property;
  return compact_json(json);
}

Result<JobRequest> parse_job(std::string_view text) {
  const Result<Json> json = parse_json(text, "job");
  if (!json) return Error{json.error()};
  static const std::vector<std::string> keys = {
      "kind",    "scenario",   "time_ms",   "bytes", "drops",    "duplicates", "crashes",
      "repeats", "first_seed", "last_seed", "kinds", "property", "symmetry"};
  Fault fault{"job", {}};
  const JsonCursor root(json.value(), "", fault);
  root.only_keys(keys);
  JobRequest request;
  if (const auto at = root.require("kind")) request.kind = at->choice<JobKind>();
  std::string scenario;
  if (const auto at = root.require("scenario")) scenario = at->text(text_bytes_max, true);
  take(root, "time_ms", request.time_ms_max);
  take(root, "bytes", request.bytes_max);
  const auto count = [&](const char* key, std::uint32_t& value) {
    if (const auto at = root.find(key))
      value = static_cast<std::uint32_t>(at->integer(0, check::faults_max));
  };
  count("drops", request.faults.drops);
  count("duplicates", request.faults.duplicates);
  count("crashes", request.faults.crashes);
  if (const auto at = root.find("repeats"))
    request.repeats = static_cast<std::uint32_t>(at->integer(0, check::repeats_unbounded));
  if (const auto at = root.find("symmetry")) request.symmetry = at->flag();
  take(root, "first_seed", request.seeds.first);
  take(root, "last_seed", request.seeds.last);
  if (request.seeds.first > request.seeds.last)
    root.fail("expected a first seed that is no larger than the last");
  if (const auto at = root.find("kinds"))
    request.kinds = static_cast<check::FaultSet>(at->integer(0, check::all_faults));
  take(root, "property", request.property);
  if (root.failed()) return Error{fault.message};
  Result<Scenario> read = parse_scenario(scenario, "job");
  if (!read) return Error{read.error()};
  request.scenario = std::move(read).value();
  return request;
}

std::string write_news(const JobNews& news) {
  Json json = Json::object();
  if (!news.error.empty())
    json["error"] = news.error;
  else if (news.result)
    json["result"] = result_json(*news.result);
  else
    json["progress"] = progress_json(news.progress);
  // Names may hold any bytes; JSON may not.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<JobNews> parse_news(std::string_view text) {
  const Result<Json> json = parse_json(text, "news");
  if (!json) return Error{json.error()};
  Fault fault{"news", {}};
  const JsonCursor root(json.value(), "", fault);
  JobNews news;
  if (const auto at = root.find("progress")) news.progress = read_progress(*at);
  take(root, "error", news.error);
  if (const auto at = root.find("result")) news.result = read_result(*at);
  if (root.failed()) return Error{fault.message};
  return news;
}

std::string job_command(const JobRequest& request) {
  constexpr std::array<const char*, 4> verbs{"check", "sweep", "shrink", "judge"};
  const bool settable = request.kind != JobKind::judge;
  const bool seeded = request.kind == JobKind::shrink || request.kind == JobKind::judge;
  const std::string what = words_of_scenario(request.scenario, settable, seeded);
  if (what.empty()) return {};
  std::string text =
      std::string("netsplit ") + verbs[static_cast<std::size_t>(request.kind)] + what;
  if (request.kind == JobKind::explore) {
    const check::Faults usual = check::faults_of(request.scenario.setup.script);
    const auto option = [&](const char* name, std::uint32_t value, std::uint32_t unless) {
      if (value != unless) text += std::string(" --") + name + " " + std::to_string(value);
    };
    option("drops", request.faults.drops, usual.drops);
    option("duplicates", request.faults.duplicates, usual.duplicates);
    option("crashes", request.faults.crashes, usual.crashes);
    if (request.repeats == check::repeats_unbounded)
      text += " --repeats unbounded";
    else
      option("repeats", request.repeats, 2);
    if (request.symmetry) text += " --symmetry";
  }
  if (request.kind == JobKind::sweep) {
    text += " --seeds " + std::to_string(request.seeds.first) + ".." +
            std::to_string(request.seeds.last);
    if (request.kinds != check::all_faults) {
      std::string names;
      for (const std::string& name : fault_names(request.kinds))
        names += (names.empty() ? "" : ",") + name;
      text += " --faults " + (names.empty() ? "none" : names);
    }
  }
  if (request.kind == JobKind::shrink && !request.property.empty())
    text += " --property " + quoted(request.property);
  return text;
}

}  // namespace netsplit
