#include "ui/checker.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "ui/model.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

// So far a run that is opened is simulated at once, so that its marks show.
constexpr std::uint64_t opened_steps_max = 20'000;
// Its steps stand a tenth of a second apart: two of them a second can be followed.
constexpr std::int64_t manual_speed_ppm = 200'000;

std::optional<JobKind> kind_named(std::string_view name) {
  const auto at = std::find(job_names.begin(), job_names.end(), name);
  if (at == job_names.end()) return std::nullopt;
  return static_cast<JobKind>(at - job_names.begin());
}

const JobFinding* finding_at(const Model& model, std::size_t index) {
  const CheckerTask& task = model.checker.task(model.checker.shown);
  if (!task.result || index >= task.result->findings.size()) return nullptr;
  return &task.result->findings[index];
}

bool is_shown(const Model& model) {
  if (model.places.form == Form::narrow) return model.sheet == Sheet::check;
  return model.check_open && (model.places.form == Form::wide || model.drawer_open);
}

void tell_end(Model& model, JobKind kind, const CheckerTask& task) {
  if (is_shown(model) && model.checker.shown == kind) return;
  if (!task.result) return model.say_toast(task.error, Tone::bad);
  const Standing standing = task.result->standing;
  model.say_toast(with_grouped_numbers(task.result->headline) + ".",
                  standing == Standing::violated ? Tone::bad
                  : standing == Standing::holds  ? Tone::good
                                                 : Tone::plain);
}

void follow(Model& model, JobKind kind) {
  CheckerTask& task = model.checker.task(kind);
  if (task.job == 0) return;
  const std::string text = model.host.jobs->take_news(task.job);
  if (text.empty()) return;
  Result<JobNews> news = parse_news(text);
  if (news && !news.value().over()) {
    task.progress = news.value().progress;
    const auto depth = static_cast<std::size_t>(task.progress.depth);
    if (kind == JobKind::explore && depth < 100'000) {
      task.waiting.resize(std::max(task.waiting.size(), depth + 1));
      task.waiting[depth] = std::max(task.waiting[depth], task.progress.frontier);
    }
    return;
  }
  task.job = 0;
  if (!news) {
    task.error = news.error();
  } else {
    task.error = news.value().error;
    task.result = std::move(news.value().result);
  }
  if (task.error.empty() && !task.result) task.error = std::string(t().check_no_answer);
  tell_end(model, kind, task);
}

Status set_option(Checker& checker, std::string_view argument) {
  const std::size_t equals = std::min(argument.find('='), argument.size());
  const std::string_view name = argument.substr(0, equals);
  const std::string_view text = argument.substr(std::min(equals + 1, argument.size()));
  const auto number = [&](std::int64_t low, std::int64_t high, auto& value) -> Status {
    const auto read = parse_integer(text, low, high);
    if (!read) return Error{read.error()};
    value = static_cast<std::decay_t<decltype(value)>>(read.value());
    return Done{};
  };
  if (name == "drops") return number(0, check::faults_max, checker.faults.drops);
  if (name == "duplicates") return number(0, check::faults_max, checker.faults.duplicates);
  if (name == "crashes") return number(0, check::faults_max, checker.faults.crashes);
  if (name == "repeats") return number(0, check::repeats_unbounded, checker.repeats);
  if (name == "symmetry") return number(0, 1, checker.symmetry);
  if (name == "seeds") return number(1, INT64_MAX, checker.seeds);
  if (name == "kinds") return number(0, check::all_faults, checker.kinds);
  if (name == "seconds") {
    const Status read = number(0, 1'000'000, checker.time_ms_max);
    if (read) checker.time_ms_max *= 1000;
    return read;
  }
  return Error{"There is no \"" + std::string(name.substr(0, 60)) + "\" to set."};
}

void begin(Model& model, JobRequest request) {
  const JobKind kind = request.kind;
  if (!model.host.jobs) return model.say_toast(std::string(t().check_no_jobs), Tone::bad);
  cancel_check(model, kind);
  CheckerTask& task = model.checker.task(kind);
  task = {};
  task.asked_on = model.timeline->branch();
  task.job = model.host.jobs->start(write_job(request));
  task.request = std::move(request);
  model.checker.shown = kind;
}

}  // namespace

void forget_checks(Model& model) {
  for (std::size_t i = 0; i < job_kinds; ++i) cancel_check(model, static_cast<JobKind>(i));
  model.checker.tasks = {};
  model.checker.faults = check::faults_of(model.scenario.setup.script);
}

void follow_checks(Model& model) {
  for (std::size_t i = 0; i < job_kinds; ++i) follow(model, static_cast<JobKind>(i));
}

bool is_checking(const Model& model) {
  const auto& tasks = model.checker.tasks;
  return std::any_of(tasks.begin(), tasks.end(), [](const auto& task) { return task.job != 0; });
}

void toggle_checks(Model& model) {
  const bool show = !is_shown(model);
  model.check_open = show;
  if (model.places.form == Form::medium) model.drawer_open = show;
  if (model.places.form == Form::narrow) model.sheet = show ? Sheet::check : Sheet::time;
  if (show && model.right_share < 0.25f) model.right_share = 1;
}

JobRequest request_for(const Model& model, JobKind kind) {
  const Checker& checker = model.checker;
  JobRequest request;
  request.kind = kind;
  const Timeline& timeline = *model.timeline;
  BranchId branch = timeline.branch();
  const bool all_runs = kind == JobKind::explore || kind == JobKind::sweep;
  while (all_runs && timeline.head(branch).setup().manual &&
         timeline.find_branch(branch)->parent >= 0)
    branch = timeline.find_branch(branch)->parent;
  const BranchId own = model.scenario_branch(branch);
  const bool is_shown_one = own == model.scenario_branch(timeline.branch());
  request.scenario = is_shown_one ? model.scenario : model.beside.at(own).scenario;
  request.scenario.setup = timeline.head(branch).setup();
  request.time_ms_max = checker.time_ms_max;
  if (model.host.jobs) request.bytes_max = model.host.jobs->bytes_max();
  request.faults = checker.faults;
  request.repeats = checker.repeats;
  request.symmetry = checker.symmetry;
  request.seeds = {1, checker.seeds};
  request.kinds = checker.kinds;
  return request;
}

bool is_of_this_run(const Model& model, JobKind kind) {
  return model.checker.task(kind).request.scenario.setup == request_for(model, kind).scenario.setup;
}

void start_check(Model& model, JobKind kind) {
  if (model.open()) begin(model, request_for(model, kind));
}

void cancel_check(Model& model, JobKind kind) {
  CheckerTask& task = model.checker.task(kind);
  if (task.job == 0) return;
  model.host.jobs->cancel(task.job);
  task.job = 0;
  task.cancelled = true;
}

void open_finding(Model& model, std::size_t index) {
  const JobFinding* finding = finding_at(model, index);
  if (finding == nullptr || finding->scenario.empty())
    return model.say_toast(std::string(t().check_nothing_there), Tone::bad);
  Result<Scenario> found = parse_scenario(finding->scenario, finding->name);
  if (!found) return model.say_toast(found.error(), Tone::bad);
  if (found.value().setup.manual) found.value().speed_ppm = manual_speed_ppm;
  const std::string name = say(t().found_branch, {in_plain_words(finding->name)});
  const Status opened = model.open_beside(std::move(found).value(), name);
  if (!opened) return model.say_toast(opened.error(), Tone::bad);
  model.timeline->run_ahead(opened_steps_max);
  model.refresh();
  model.say_toast(std::string(t().found_opened));
}

void share_finding(Model& model, std::size_t index) {
  const JobFinding* finding = finding_at(model, index);
  if (finding == nullptr) return model.say_toast(std::string(t().check_nothing_there), Tone::bad);
  if (finding->link.empty()) return model.say_toast(std::string(t().found_too_long), Tone::bad);
  if (!model.host.copy_text) return model.say_toast(finding->link);
  model.host.copy_text(finding->link);
  model.say_toast(std::string(t().link_copied), Tone::good);
}

void save_finding(Model& model, std::size_t index) {
  const JobFinding* finding = finding_at(model, index);
  if (finding == nullptr || finding->scenario.empty())
    return model.say_toast(std::string(t().check_nothing_there), Tone::bad);
  std::string name = model.checker.task(model.checker.shown).request.scenario.id + "-" +
                     std::string(finding->name) + ".json";
  for (char& c : name) {
    if (c == ' ' || c == '_') c = '-';
    if (c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20) c = '-';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (name.front() == '-') name = "found" + name;
  model.save_bytes(name, finding->scenario);
}

void shrink_finding(Model& model, std::size_t index) {
  const JobFinding* finding = finding_at(model, index);
  if (finding == nullptr || finding->scenario.empty())
    return model.say_toast(std::string(t().check_nothing_there), Tone::bad);
  Result<Scenario> found = parse_scenario(finding->scenario, finding->name);
  if (!found) return model.say_toast(found.error(), Tone::bad);
  JobRequest request = request_for(model, JobKind::shrink);
  request.scenario = std::move(found).value();
  begin(model, std::move(request));
  model.checker.task(JobKind::shrink).of_found = true;
}

void show_finding(Model& model, std::size_t index) {
  const JobFinding* finding = finding_at(model, index);
  if (finding == nullptr || finding->at_us < 0)
    return model.say_toast(std::string(t().check_nothing_there), Tone::bad);
  model.switch_branch(model.checker.task(model.checker.shown).asked_on);
  model.playing = false;
  model.seek_time(finding->at_us);
}

void copy_check_command(Model& model, JobKind kind) {
  if (!model.open()) return;
  const std::string command = job_command(request_for(model, kind));
  if (command.empty()) return model.say_toast(std::string(t().found_too_long), Tone::bad);
  if (!model.host.copy_text) return model.say_toast(command);
  model.host.copy_text(command);
  model.say_toast(say(t().command_copied,
                      {command.substr(0, 60) + (command.size() > 60 ? "\xE2\x80\xA6" : "")}),
                  Tone::good);
}

std::optional<Status> checker_command(Model& model, std::string_view name,
                                      std::string_view argument) {
  if (!name.starts_with("check")) return std::nullopt;
  if (name == "check_back") return model.leave_found(), Done{};
  if (name == "check_set") return set_option(model.checker, argument);
  const bool by_kind =
      name == "check" || name == "check_show" || name == "check_cancel" || name == "check_command";
  if (by_kind) {
    const std::optional<JobKind> kind =
        argument.empty() ? model.checker.shown : kind_named(argument);
    if (!kind) return Error{"There is no check \"" + std::string(argument.substr(0, 60)) + "\"."};
    if (name == "check") return start_check(model, *kind), Done{};
    if (name == "check_cancel") return cancel_check(model, *kind), Done{};
    if (name == "check_command") return copy_check_command(model, *kind), Done{};
    model.checker.shown = *kind;
    if (!is_shown(model)) toggle_checks(model);
    return Done{};
  }
  constexpr std::array<std::pair<std::string_view, void (*)(Model&, std::size_t)>, 5> verbs{
      {{"check_open", open_finding},
       {"check_share", share_finding},
       {"check_save", save_finding},
       {"check_shrink", shrink_finding},
       {"check_moment", show_finding}}};
  for (const auto& [verb, act] : verbs) {
    if (verb != name) continue;
    const auto index = parse_integer(argument, 0, 1'000'000);
    if (!index) return Error{index.error()};
    return act(model, static_cast<std::size_t>(index.value())), Done{};
  }
  return std::nullopt;
}

}  // namespace netsplit::ui
