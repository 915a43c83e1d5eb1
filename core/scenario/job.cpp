#include "core/scenario/job.h"

#include <algorithm>
#include <utility>

#include "core/base/names.h"
#include "core/check/history_object.h"
#include "core/check/history_of_run.h"
#include "core/check/history_picture.h"
#include "core/check/linearizability.h"
#include "core/check/shrink.h"
#include "core/scenario/found_run.h"
#include "core/scenario/registry.h"
#include "core/scenario/shrink_report.h"
#include "core/scenario/sweep_report.h"

namespace netsplit {
namespace {

constexpr std::int64_t tell_every_ms = 100;
constexpr std::size_t listed_max = 20;

// "in 0.3 s", and what cut it short.
std::string taken_text(std::int64_t ms, bool out_of_time) {
  return "in " + std::to_string(ms / 1000) + "." + std::to_string(ms / 100 % 10) + " s" +
         (out_of_time ? "; stopped by the limit on time" : "");
}

// "one way, clock step"
std::string listed_words(std::vector<std::string> names) {
  for (std::string& name : names) name = words(name);
  return listed(names);
}

// What the work looks at the clock with, and talks to its surroundings through.
class Teller {
 public:
  Teller(const JobRequest& request, const JobHelp& help)
      : help_(help), time_ms_max_(request.time_ms_max), begun_ms_(help.now_ms()) {}

  std::int64_t elapsed_ms() const { return help_.now_ms() - begun_ms_; }
  bool out_of_time() const { return out_of_time_; }
  // Nobody wants the result any more.
  bool cancelled() const { return cancelled_; }

  // False: the work is to stop.
  bool go_on(JobProgress progress) {
    progress.elapsed_ms = elapsed_ms();
    if (time_ms_max_ > 0 && progress.elapsed_ms >= time_ms_max_) out_of_time_ = true;
    if (!out_of_time_ && progress.elapsed_ms >= next_ms_) {
      next_ms_ = progress.elapsed_ms + tell_every_ms;
      cancelled_ = !help_.tell(write_news({progress, std::nullopt, {}}));
    }
    return !out_of_time_ && !cancelled_;
  }

 private:
  const JobHelp& help_;
  std::int64_t time_ms_max_;
  std::int64_t begun_ms_;
  std::int64_t next_ms_ = 0;
  bool out_of_time_ = false;
  bool cancelled_ = false;
};

void show(JobFinding& finding, const Scenario& scenario, const std::string& link) {
  finding.scenario = write_scenario(scenario);
  finding.link = link;
}

// --- Explore ---

std::string explored_headline(const Scenario& scenario, const check::CheckReport& report,
                              Standing& standing) {
  const check::CheckedProperty* worst = nullptr;
  std::size_t unexpected = 0;
  for (const check::CheckedProperty& one : report.properties) {
    if (!one.not_judged.empty() || one.standing != Standing::violated) continue;
    if (worst == nullptr || (is_as_expected(scenario, *worst) && !is_as_expected(scenario, one)))
      worst = &one;
    if (!is_as_expected(scenario, one)) ++unexpected;
  }
  const bool complete = report.exploration.stop == check::Stop::complete;
  if (worst == nullptr) {
    standing = complete ? Standing::holds : Standing::open;
    if (!complete) return "No violation so far";
    return report.exploration.held_back > 0 ? "No run within the bounds violates a property"
                                            : "No run violates a property";
  }
  standing = Standing::violated;
  if (unexpected > 1) return std::to_string(unexpected) + " properties can be violated";
  if (worst->kind == PropertyKind::sometimes) return words(worst->name) + " never happens";
  return words(worst->name) + " can be violated" +
         (worst->way ? ", in " + counted(worst->way->steps.size(), "step", "steps") : "");
}

Result<JobResult> explore(const JobRequest& request, const JobHelp& help, Teller& teller) {
  check::CheckOptions options;
  options.faults = request.faults;
  options.repeats = request.repeats;
  options.symmetry = request.symmetry;
  options.limits.bytes_max = request.bytes_max;
  options.expected_violations = expected_violations(request.scenario);
  const Result<check::CheckReport> made = explore_setup(
      request.scenario.setup, options, help.execute, [&](const check::Progress& progress) {
        JobProgress at;
        at.done = progress.distinct;
        at.steps = progress.generated;
        at.frontier = progress.frontier;
        at.depth = progress.depth;
        return teller.go_on(at);
      });
  if (!made) return Error{made.error()};
  const check::CheckReport& report = made.value();
  const check::Exploration& exploration = report.exploration;
  std::string stop(enumerator_name_of(exploration.stop));
  if (exploration.stop == check::Stop::cancelled) stop = "time";
  JobResult result;
  result.headline = explored_headline(request.scenario, report, result.standing);
  result.coverage = check_coverage(options, report, stop, teller.elapsed_ms());
  for (const check::CheckedProperty& property : report.properties) {
    JobFinding finding;
    finding.name = property.name;
    finding.kind = enumerator_name_of(property.kind);
    finding.sentence = property.sentence;
    finding.standing = property.not_judged.empty() ? property.standing : Standing::open;
    finding.expected = is_as_expected(request.scenario, property);
    finding.verdict = check_verdict(request.scenario, property, exploration);
    finding.why = property.witness.why;
    if (property.way) {
      finding.steps = property.way->steps;
      const Scenario found = scenario_of(request.scenario, property);
      const Result<std::string> link = link_to(found);
      show(finding, found, link ? link.value() : "");
    }
    result.findings.push_back(std::move(finding));
  }
  return result;
}

// --- Sweep ---

JobFinding finding_of_seed(const check::Sweep& sweep, const FoundSeed& found) {
  JobFinding finding;
  finding.name = "Seed " + std::to_string(found.failing.seed);
  finding.standing = Standing::violated;
  finding.expected = false;
  for (const check::Violation& one : found.failing.violations) {
    finding.verdict += (finding.verdict.empty() ? "" : ", ") +
                       words(sweep.properties()[static_cast<std::size_t>(one.property)].name);
  }
  const check::Violation& first = found.failing.violations.front();
  finding.verdict += " violated at " + format_time_for_people(first.at_us);
  finding.sentence = "Faults: " + listed_words(found.faults);
  finding.why = found.why;
  show(finding, found.scenario, found.link);
  return finding;
}

void describe_sweep(JobResult& result, const JobRequest& request, const SweepHeader& header,
                    const SweepTotals& totals, const Teller& teller) {
  const std::uint64_t wanted = request.seeds.last - request.seeds.first + 1;
  result.standing = totals.failing > 0 ? Standing::violated : Standing::open;
  result.headline = totals.failing == 0
                        ? "None of " + counted(totals.runs, "seed", "seeds") + " fails"
                        : std::to_string(totals.failing) + " of " +
                              counted(totals.runs, "seed fails", "seeds fail");
  const std::int64_t ms = teller.elapsed_ms();
  result.coverage.push_back({"Swept", std::to_string(totals.runs) + " of " +
                                          counted(wanted, "seed", "seeds") + ", " +
                                          counted(totals.steps, "step", "steps") + ", " +
                                          taken_text(ms, teller.out_of_time())});
  result.coverage.push_back({"Faults", listed_words(header.faults)});
  for (std::size_t i = 0; i < header.properties.size(); ++i) {
    const std::string& name = header.properties[i];
    const auto is_in = [&](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    std::string text = "violated in " + std::to_string(totals.violated[i]);
    if (is_in(header.sometimes))
      text = "seen in " + std::to_string(totals.runs - totals.violated[i]);
    else if (!is_in(header.judged))
      text += ", as expected";
    result.coverage.push_back({name, text});
  }
  result.coverage.push_back(
      {"Not said", "A sweep shows that a violation exists, never that none does."});
}

Result<JobResult> sweep(const JobRequest& request, const JobHelp& help, Teller& teller) {
  const auto judged = judged_properties(request.scenario);
  if (!judged) return Error{judged.error()};
  const auto made =
      check::Sweep::make(request.scenario.setup, judged.value(), request.kinds, make_session);
  if (!made) return Error{made.error()};
  const check::Sweep& sweep = made.value();
  const SweepHeader header = sweep_header(request.scenario, sweep, request.seeds, {});
  SweepTotals totals(header.properties.size());
  JobResult result;
  const std::uint64_t count = request.seeds.blocks();
  JobProgress at;
  at.total = request.seeds.last - request.seeds.first + 1;
  std::uint64_t at_once = 2;
  std::uint64_t next = 0;
  while (next < count && teller.go_on(at)) {
    std::vector<check::SweptBlock> blocks(std::min(at_once, count - next));
    const std::int64_t from_ms = teller.elapsed_ms();
    help.execute(static_cast<std::int32_t>(blocks.size()), [&](std::int32_t i) {
      blocks[static_cast<std::size_t>(i)] =
          sweep.run_block(request.seeds, next + static_cast<std::uint64_t>(i));
    });
    next += blocks.size();
    // Enough at a time to be worth sharing, few enough to be told of.
    if (teller.elapsed_ms() - from_ms < tell_every_ms / 2 && at_once < 256) at_once *= 2;
    for (const check::SweptBlock& block : blocks) {
      totals.add(block);
      for (const check::FailingSeed& failing : block.failing) {
        if (result.findings.size() >= shown_seeds_max) break;
        result.findings.push_back(
            finding_of_seed(sweep, found_seed(request.scenario, sweep, failing, "")));
      }
    }
    at.done = totals.runs;
    at.steps = totals.steps;
    at.failing = totals.failing;
  }
  describe_sweep(result, request, header, totals, teller);
  return result;
}

// --- Shrink ---

Result<JobResult> shrink(const JobRequest& request, Teller& teller) {
  std::string property = request.property;
  if (property.empty()) {
    Result<std::string> first = first_violated(request.scenario);
    if (!first) return Error{first.error()};
    property = std::move(first).value();
  }
  const Result<check::Shrunk> made =
      check::shrink(request.scenario.setup, property, make_session, {},
                    [&](std::int64_t runs, const Setup& smallest) {
                      JobProgress at;
                      at.done = static_cast<std::uint64_t>(runs);
                      at.left = smallest.script.size();
                      return teller.go_on(at);
                    });
  if (!made) return Error{made.error()};
  const check::Shrunk& shrunk = made.value();
  const auto found =
      found_run(request.scenario, shrunk.setup, shrunk_title(request.scenario, property));
  if (!found) return Error{found.error()};
  JobResult result;
  result.standing = Standing::violated;
  result.headline = words(property) + " is still violated, by " +
                    counted(shrunk.setup.script.size(), "input", "inputs");
  result.coverage.push_back(
      {"Tried", counted(static_cast<std::uint64_t>(shrunk.runs), "run", "runs") + ", " +
                    taken_text(teller.elapsed_ms(), teller.out_of_time())});
  result.coverage.push_back(
      {"Smallest", shrunk.finished
                       ? "No single input can be left out. Several changes at once might still "
                         "lead to a smaller run."
                       : "Not finished: a smaller one may follow."});
  for (CoverageLine& line : shrink_changes(request.scenario.setup, shrunk.setup))
    result.coverage.push_back(std::move(line));
  JobFinding finding;
  finding.name = property;
  finding.standing = Standing::violated;
  finding.verdict = "violated";
  for (const PropertyState& state : found.value().properties) {
    if (state.name != property) continue;
    finding.kind = enumerator_name_of(state.kind);
    finding.sentence = state.sentence;
    finding.why = state.witness.why;
    finding.verdict += " at " + format_time_for_people(state.first_us);
  }
  show(finding, found.value().scenario, found.value().link);
  result.findings.push_back(std::move(finding));
  return result;
}

// --- Judge ---

std::string named(const check::History& history, std::int32_t i) {
  const check::HistoryOperation& operation = history.operations[static_cast<std::size_t>(i)];
  return check::client_name(history, operation.client) + ": " + check::describe(history, operation);
}

std::string about_part(const check::History& history, const check::PartRuling& part) {
  if (history.object == check::ObjectKind::set) return "element " + std::to_string(part.key);
  const auto key = static_cast<std::size_t>(part.key);
  if (history.object == check::ObjectKind::key_value && key < history.keys.size())
    return "key " + history.keys[key];
  return "the history";
}

JobFinding finding_of_part(const check::History& history, const check::PartRuling& part,
                           const std::vector<OperationRecord>& records) {
  JobFinding finding;
  finding.name = about_part(history, part);
  finding.standing = part.ruling == check::Ruling::linearizable       ? Standing::holds
                     : part.ruling == check::Ruling::not_linearizable ? Standing::violated
                                                                      : Standing::open;
  finding.expected = part.ruling == check::Ruling::linearizable;
  if (part.ruling == check::Ruling::linearizable) {
    finding.verdict = "linearizable";
    finding.sentence = "This order explains every answer:";
  } else if (part.ruling == check::Ruling::not_linearizable) {
    finding.verdict = "not linearizable";
    const std::int32_t first = part.misfits.front();
    finding.why = "No order explains " + named(history, first) + ".";
    if (part.misfits.size() > 1)
      finding.why += " Nor " + counted(part.misfits.size() - 1, "other", "others") + ".";
    finding.sentence = "Without that, this order explains " +
                       std::string(part.stopped_at < 0 ? "all the others:" : "those before:");
    const auto& record = records[static_cast<std::size_t>(
        history.operations[static_cast<std::size_t>(first)].line - 1)];
    finding.at_us = record.completed_us == never_us ? record.invoked_us : record.completed_us;
  } else {
    finding.verdict = "unknown";
    finding.sentence = "A limit stopped the search before the answer of " +
                       named(history, part.stopped_at) + ". Up to there:";
  }
  const std::size_t from = part.order.size() > listed_max ? part.order.size() - listed_max : 0;
  if (from > 0) finding.steps.push_back("… " + std::to_string(from) + " before");
  for (std::size_t i = from; i < part.order.size(); ++i)
    finding.steps.push_back(named(history, part.order[i]));
  return finding;
}

Result<JobResult> judge(const JobRequest& request, Teller& teller) {
  const auto made = make_session(request.scenario.setup);
  if (!made) return Error{made.error()};
  Session& session = *made.value();
  JobProgress at;
  while (teller.go_on(at) && at.done == session.steps()) {
    for (int i = 0; i < 4096 && session.step(nullptr); ++i) {
    }
    at.done = at.done == session.steps() ? at.done + 1 : session.steps();
  }
  std::vector<std::string> names;
  for (std::int32_t i = 0; i < session.node_count(); ++i)
    names.push_back(session.node_name(NodeId{i}));
  const std::vector<OperationRecord> records = session.history();
  const Result<check::History> history = check::history_of_run(records, names);
  if (!history) return Error{history.error()};
  check::JudgeLimits limits;
  limits.bytes_max = request.bytes_max / 2;
  const check::Judgement judgement = check::judge(history.value(), limits);
  JobResult result;
  constexpr std::array<const char*, 3> words{
      "The clients' history is linearizable", "The clients' history is not linearizable",
      "Unknown: a limit stopped the search before there was an answer"};
  constexpr std::array<Standing, 3> standings{Standing::holds, Standing::violated, Standing::open};
  const auto ruling = static_cast<std::size_t>(judgement.ruling);
  result.headline = words[ruling];
  result.standing = standings[ruling];
  const std::size_t count = history.value().operations.size();
  result.coverage.push_back(
      {"Judged", counted(count, "operation", "operations") + " on a " +
                     check::name_of_object(history.value().object) + ", " +
                     counted(judgement.configurations, "configuration", "configurations") +
                     " tried, " + taken_text(teller.elapsed_ms(), teller.out_of_time())});
  result.coverage.push_back({"Of", teller.out_of_time()
                                       ? "the first " + std::to_string(session.steps()) +
                                             " steps of this one run; the rest was not run"
                                       : "this one run, to its end"});
  // What does not fit comes first.
  for (const bool good : {false, true}) {
    for (const check::PartRuling& part : judgement.parts) {
      if ((part.ruling == check::Ruling::linearizable) != good) continue;
      if (result.findings.size() < listed_max)
        result.findings.push_back(finding_of_part(history.value(), part, records));
    }
  }
  if (judgement.parts.size() > listed_max) {
    result.coverage.push_back({"Shown", std::to_string(listed_max) + " of " +
                                            std::to_string(judgement.parts.size()) +
                                            " independent parts"});
  }
  return result;
}

Result<JobResult> carry_out(const JobRequest& request, const JobHelp& help, Teller& teller) {
  switch (request.kind) {
    case JobKind::explore:
      return explore(request, help, teller);
    case JobKind::sweep:
      return sweep(request, help, teller);
    case JobKind::shrink:
      return shrink(request, teller);
    case JobKind::judge:
      return judge(request, teller);
  }
  return Error{"there is no such job"};
}

}  // namespace

std::string run_job(std::string_view text, const JobHelp& help) {
  JobNews news;
  const Result<JobRequest> request = parse_job(text);
  if (!request) {
    news.error = request.error();
    return write_news(news);
  }
  Teller teller(request.value(), help);
  Result<JobResult> result = carry_out(request.value(), help, teller);
  if (!result) {
    news.error = result.error();
  } else {
    news.result = std::move(result).value();
    news.result->kind = request.value().kind;
    news.result->elapsed_ms = teller.elapsed_ms();
  }
  return write_news(news);
}

}  // namespace netsplit
