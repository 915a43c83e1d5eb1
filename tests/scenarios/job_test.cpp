// Long work as texts: requests and news survive the way, and each kind of job finds what it should.
#include "core/scenario/job.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/scenario/link.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"

namespace netsplit::test::job_test {
namespace {

struct Heard {
  std::vector<JobNews> news;
  std::int64_t now_ms = 0;

  // The clock goes on by `tick_ms` whenever it is looked at.
  JobNews run(const JobRequest& request, std::int64_t tick_ms = 50, std::size_t cancel_after = 0) {
    JobHelp help;
    help.now_ms = [this, tick_ms] { return now_ms += tick_ms; };
    help.tell = [this, cancel_after](const std::string& text) {
      const Result<JobNews> one = parse_news(text);
      REQUIRE(one.ok());
      news.push_back(one.value());
      return cancel_after == 0 || news.size() < cancel_after;
    };
    const Result<JobNews> last = parse_news(run_job(write_job(request), help));
    REQUIRE_MESSAGE(last.ok(), (last.ok() ? "" : last.error()));
    REQUIRE(last.value().over());
    return last.value();
  }
};

JobRequest asked(JobKind kind, const char* id) {
  JobRequest request;
  request.kind = kind;
  request.scenario = *find_scenario(id);
  request.repeats = 1;
  return request;
}

JobRequest unfenced() {
  JobRequest request = asked(JobKind::explore, "lock-fenced");
  request.scenario.setup.parameters.clear();  // usually storage does not look at the token
  return request;
}

const JobFinding& named(const JobResult& result, const std::string& name) {
  for (const JobFinding& finding : result.findings) {
    if (finding.name == name) return finding;
  }
  FAIL("no finding " << name);
  return result.findings.front();
}

}  // namespace

TEST_CASE("job: a request is the same after the way there") {
  JobRequest request = unfenced();
  request.kind = JobKind::sweep;
  request.time_ms_max = 12'345;
  request.bytes_max = 99;
  request.faults = {1, 2, 3};
  request.repeats = check::repeats_unbounded;
  request.symmetry = true;
  request.seeds = {5, UINT64_MAX};
  request.kinds = 5;
  request.property = "no_stale_write";
  const Result<JobRequest> read = parse_job(write_job(request));
  REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error()));
  CHECK(read.value() == request);
}

TEST_CASE("job: a damaged request or news gets one sentence") {
  const std::string whole = write_job(unfenced());
  for (const std::string& bad :
       {std::string(), std::string("{}"), std::string("{\"kind\":\"dance\",\"scenario\":\"\"}"),
        whole.substr(0, whole.size() / 2), "{\"colour\":1," + whole.substr(1)}) {
    CAPTURE(bad.substr(0, 60));
    const Result<JobRequest> read = parse_job(bad);
    REQUIRE(!read.ok());
    CHECK(read.error().starts_with("job"));
    JobHelp help;
    help.now_ms = [] { return std::int64_t{0}; };
    help.tell = [](const std::string&) { return true; };
    CHECK(parse_news(run_job(bad, help)).value().error == read.error());
  }
  CHECK(!parse_news("{\"result\":{}}").ok());
  CHECK(!parse_news("[").ok());
}

TEST_CASE("job: exploring finds the stale write, and what it found is a run that shows it") {
  Heard heard;
  const JobNews last = heard.run(unfenced());
  REQUIRE(last.result.has_value());
  CHECK(!heard.news.empty());
  CHECK(last.result->standing == Standing::violated);
  CHECK(last.result->headline.starts_with("no stale write can be violated, in "));
  REQUIRE(!last.result->coverage.empty());
  CHECK(last.result->coverage[0].label == "Explored");
  const JobFinding& found = named(*last.result, "no_stale_write");
  CHECK(found.standing == Standing::violated);
  CHECK(!found.expected);
  CHECK(found.steps.size() > 3);
  const Result<Scenario> scenario = parse_scenario(found.scenario, "found");
  REQUIRE(scenario.ok());
  CHECK(scenario.value().setup.manual);
  CHECK(all_as_expected(run_headless(scenario.value()).value().properties));
  REQUIRE(decode_link(found.link).ok());
  CHECK(decode_link(found.link).value().scenario == scenario.value());
}

TEST_CASE("job: a limit on time ends an exploration with an honest report") {
  JobRequest request = asked(JobKind::explore, "lock-fenced");
  request.repeats = 3;
  request.time_ms_max = 2'000;
  Heard heard;
  const JobNews last = heard.run(request);
  REQUIRE(last.result.has_value());
  const JobFinding& open = named(*last.result, "no_stale_write");
  CHECK(open.standing == Standing::open);
  CHECK(open.verdict == "no violation so far");
  CHECK(open.scenario.empty());
  CHECK(last.result->coverage[0].text.find("stopped by the limit on time") != std::string::npos);
  CHECK(last.result->coverage[0].text.find("not looked beyond") != std::string::npos);
  CHECK(heard.news.size() > 3);
  CHECK(heard.news.back().progress.done > heard.news.front().progress.done);
}

TEST_CASE("job: who is told that nobody listens any more stops") {
  JobRequest request = asked(JobKind::explore, "lock-fenced");
  request.repeats = 3;
  Heard heard;
  (void)heard.run(request, 200, 3);
  CHECK(heard.news.size() == 3);
}

TEST_CASE("job: a sweep counts its seeds, and shows the first that fail") {
  JobRequest request = unfenced();
  request.kind = JobKind::sweep;
  request.seeds = {1, 650};
  Heard heard;
  const JobNews last = heard.run(request);
  REQUIRE(last.result.has_value());
  CHECK(last.result->standing == Standing::violated);
  CHECK(last.result->coverage[0].text.starts_with("650 of 650 seeds"));
  REQUIRE(!last.result->findings.empty());
  CHECK(heard.news.back().progress.total == 650);
  const JobFinding& found = last.result->findings[0];
  CHECK(found.name.starts_with("Seed "));
  const Result<Scenario> scenario = parse_scenario(found.scenario, "found");
  REQUIRE(scenario.ok());
  CHECK(all_as_expected(run_headless(scenario.value()).value().properties));

  JobRequest fenced = asked(JobKind::sweep, "lock-fenced");
  fenced.seeds = request.seeds;
  fenced.kinds = 0;
  const JobNews none = heard.run(fenced);
  REQUIRE(none.result.has_value());
  CHECK(none.result->headline == "None of 650 seeds fails");
  CHECK(none.result->standing == Standing::open);
}

TEST_CASE("job: shrinking says what got smaller, and keeps the violation") {
  Heard heard;
  const JobNews last = heard.run(asked(JobKind::shrink, "lock-gc-pause"));
  REQUIRE(last.result.has_value());
  REQUIRE(last.result->findings.size() == 1);
  CHECK(last.result->findings[0].name == "no_stale_write");
  const auto scenario = parse_scenario(last.result->findings[0].scenario, "found");
  REQUIRE(scenario.ok());
  CHECK(scenario.value().setup.until_us < find_scenario("lock-gc-pause")->setup.until_us);

  const JobNews sound = heard.run(asked(JobKind::shrink, "lamport"));
  CHECK(sound.error == "no property is violated in this run; expected one that is");
}

TEST_CASE("job: judging names the operation that does not fit, and its moment") {
  Heard heard;
  const JobNews last = heard.run(asked(JobKind::judge, "lock-gc-pause"));
  REQUIRE_MESSAGE(last.result.has_value(), last.error);
  CHECK(!last.result->findings.empty());
  CHECK(last.result->coverage[0].label == "Judged");
  const JobNews none = heard.run(asked(JobKind::judge, "lamport"));
  CHECK(!none.error.empty());
}

TEST_CASE("job: the command does the same without a window") {
  JobRequest request = unfenced();
  CHECK(job_command(request) == "netsplit check lock-fenced --set fencing=off --repeats 1");
  request.faults.drops += 2;
  request.repeats = check::repeats_unbounded;
  CHECK(job_command(request) ==
        "netsplit check lock-fenced --set fencing=off --drops 2 --repeats unbounded");
  request.symmetry = true;
  CHECK(job_command(request) ==
        "netsplit check lock-fenced --set fencing=off --drops 2 --repeats unbounded --symmetry");
  request.kind = JobKind::sweep;
  request.kinds = check::set_of(check::FaultKind::pause) | check::set_of(check::FaultKind::crash);
  CHECK(job_command(request) ==
        "netsplit sweep lock-fenced --set fencing=off --seeds 1..10000 --faults pause,crash");
  request.scenario.setup.until_us += 1;
  CHECK(job_command(request).starts_with("netsplit sweep '#v1."));
  JobRequest judge = asked(JobKind::judge, "lock-gc-pause");
  CHECK(job_command(judge) == "netsplit judge lock-gc-pause");
  judge.scenario.setup.seed += 1;
  CHECK(job_command(judge).starts_with("netsplit judge '#v1."));
}

}  // namespace netsplit::test::job_test
