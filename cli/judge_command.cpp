// `netsplit judge`: is a recorded history linearizable, and if not, what does not fit?
#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "cli/commands.h"
#include "cli/common.h"
#include "core/base/names.h"
#include "core/check/history_file.h"
#include "core/check/history_object.h"
#include "core/check/history_of_run.h"
#include "core/check/history_picture.h"
#include "core/scenario/judge_report.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"

namespace netsplit::cli {
namespace {

constexpr std::size_t history_bytes_max = std::size_t{256} << 20;
constexpr std::size_t listed_max = 20;

Result<std::optional<check::ObjectKind>> model_of(const std::string& text) {
  std::vector<std::string> known{"auto"};
  if (text.empty() || text == "auto") return std::optional<check::ObjectKind>();
  for (std::size_t i = 0; i < enumerator_names<check::ObjectKind>().size(); ++i) {
    const auto object = static_cast<check::ObjectKind>(i);
    known.push_back(check::name_of_object(object));
    if (known.back() == text) return std::optional<check::ObjectKind>(object);
  }
  return Error{"--model " + text + ": there is no such model; " + expected_names(text, known)};
}

Result<check::JudgeLimits> limits_of(const JudgeWords& words) {
  check::JudgeLimits limits;
  limits.bytes_max = std::int64_t{2} << 30;
  if (!words.states.empty()) {
    const Result<std::uint64_t> states =
        number_in_range("--states", words.states, 1, 1'000'000'000'000);
    if (!states) return Error{states.error()};
    limits.configurations_max = states.value();
  }
  if (!words.memory.empty()) {
    const Result<std::int64_t> bytes = bytes_of_text(words.memory);
    if (!bytes) return Error{bytes.error()};
    limits.bytes_max = bytes.value();
  }
  return limits;
}

// Scenarios are JSON objects, whose keys stand in quotes; a history's do not.
bool looks_like_scenario(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || text[first] != '{') return false;
  const std::size_t next = text.find_first_not_of(" \t\r\n", first + 1);
  return next != std::string::npos && (text[next] == '"' || text[next] == '}');
}

struct Recorded {
  check::History history;
  std::string source;  // for headings
};

Result<Recorded> history_of_scenario(const Scenario& scenario,
                                     std::optional<check::ObjectKind> model) {
  const Result<HeadlessRun> run = run_headless(scenario);
  if (!run) return Error{run.error()};
  const Session& session = *run.value().session;
  std::vector<std::string> names;
  for (std::int32_t i = 0; i < session.node_count(); ++i)
    names.push_back(session.node_name(NodeId{i}));
  const std::string source = scenario.id.empty() ? scenario.setup.protocol : scenario.id;
  if (!model) model = session.protocol().history;
  Result<check::History> history = check::history_of_run(session.history(), names, model);
  if (!history) return Error{source + ": " + history.error()};
  return Recorded{std::move(history).value(), source};
}

Result<Recorded> recorded_of(const std::string& what, std::optional<check::ObjectKind> model) {
  const bool is_known = find_scenario(what) != nullptr;
  if (!is_known && (what == "-" || is_file(what))) {
    const Result<std::string> text = read_file(what, history_bytes_max);
    if (!text) return Error{text.error()};
    const std::string where = what == "-" ? "standard input" : what;
    if (text.value().size() > history_bytes_max)
      return Error{where + ": this is larger than 256 MiB; expected a smaller history"};
    if (looks_like_scenario(text.value())) {
      const Result<Scenario> scenario = parse_scenario(text.value(), where);
      if (!scenario) return Error{scenario.error()};
      return history_of_scenario(scenario.value(), model);
    }
    Result<check::History> history = check::read_history(text.value(), where, model);
    if (!history) return Error{history.error()};
    return Recorded{std::move(history).value(), where};
  }
  const Result<Source> source = open_source(what);
  if (!source) return Error{source.error()};
  return history_of_scenario(source.value().scenario, model);
}

std::string named(const check::History& history, std::int32_t i) {
  const check::HistoryOperation& operation = history.operations[static_cast<std::size_t>(i)];
  // A text may hold anything, also what a terminal takes for a command.
  std::string text = check::describe(history, operation);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  const std::string client = check::client_name(history, operation.client);
  const bool from_run = client.rfind("process ", 0) != 0;
  return (from_run ? "operation " : "line ") + std::to_string(operation.line) + ", " + client +
         ": " + text;
}

std::string part_text(const check::History& history, const check::PartRuling& part) {
  std::string text;
  std::string about = "the history";
  if (history.object == check::ObjectKind::key_value &&
      static_cast<std::size_t>(part.key) < history.keys.size())
    about = "key " + history.keys[static_cast<std::size_t>(part.key)];
  if (history.object == check::ObjectKind::set) about = "element " + std::to_string(part.key);
  if (!part.misfits.empty()) {
    text += "\nOf " + about + " no order explains:\n";
    for (std::size_t i = 0; i < std::min(part.misfits.size(), listed_max); ++i)
      text += "  " + named(history, part.misfits[i]) + "\n";
    if (part.misfits.size() > listed_max)
      text += "  and " + std::to_string(part.misfits.size() - listed_max) + " more\n";
    text += "Up to the answer of the first, " + about + " is linearizable. Without " +
            (part.misfits.size() == 1 ? "it" : "these") + " there is an order of " +
            (part.stopped_at < 0 ? "all the others" : "those up to where the search stopped") +
            " (" + counted(part.order.size(), "operation", "operations") + "):\n";
    const std::size_t from = part.order.size() > listed_max ? part.order.size() - listed_max : 0;
    if (from > 0) text += "  … (" + std::to_string(from) + " before)\n";
    for (std::size_t i = from; i < part.order.size(); ++i)
      text += pad_left(std::to_string(i + 1), 6) + "  " + named(history, part.order[i]) + "\n";
  }
  if (part.stopped_at >= 0) {
    text += "\nOf " + about + " it is not known what follows the first " +
            counted(part.order.size(), "operation", "operations") +
            ": a limit stopped the search before the answer of\n  " +
            named(history, part.stopped_at) + "\n";
  }
  return text;
}

std::string judgement_text(const Recorded& recorded, const check::Judgement& judgement) {
  const check::History& history = recorded.history;
  std::map<check::Ruling, std::size_t> parts;
  for (const check::PartRuling& part : judgement.parts) ++parts[part.ruling];
  constexpr std::array<const char*, 3> words{
      "Linearizable", "Not linearizable",
      "Unknown: --states or --memory stopped the search before there was an answer"};
  std::string text = recorded.source + ": " +
                     counted(history.operations.size(), "operation", "operations") + " on a " +
                     check::name_of_object(history.object) + "\n\n" +
                     words[static_cast<std::size_t>(judgement.ruling)];
  if (judgement.parts.size() > 1) {
    text += history.object == check::ObjectKind::set ? " (elements: " : " (keys: ";
    text += std::to_string(parts[check::Ruling::linearizable]) + " linearizable, " +
            std::to_string(parts[check::Ruling::not_linearizable]) + " not, " +
            std::to_string(parts[check::Ruling::unknown]) + " unknown)";
  }
  text += ". " + counted(judgement.configurations, "configuration was", "configurations were") +
          " tried.\n";
  const bool looks =
      std::any_of(history.operations.begin(), history.operations.end(), [](const auto& operation) {
        using check::Verb;
        return operation.verb != Verb::write && operation.verb != Verb::append &&
               operation.verb != Verb::add && operation.verb != Verb::remove &&
               operation.verb != Verb::enqueue;
      });
  if (!looks) text += "No operation looks at the object, so any order would do.\n";
  for (const check::PartRuling& part : judgement.parts) text += part_text(history, part);
  return text;
}

}  // namespace

int judge(const JudgeWords& words) {
  const auto model = model_of(words.model);
  if (!model) return refuse(model.error());
  const Result<check::JudgeLimits> limits = limits_of(words);
  if (!limits) return refuse(limits.error());
  const Result<Recorded> recorded = recorded_of(words.what, model.value());
  if (!recorded) return refuse(recorded.error());
  const check::History& history = recorded.value().history;
  const check::Judgement judgement = check::judge(history, limits.value());

  const int exit_status =
      judgement.ruling == check::Ruling::linearizable ? as_expected : not_as_expected;
  if (!words.picture.empty()) {
    if (judgement.parts.empty())
      return refuse("--picture: nothing is known to have happened, so there is nothing to draw");
    check::PictureOptions options;
    options.title = recorded.value().source;
    const std::string picture =
        check::history_picture(history, check::part_to_show(judgement), options);
    if (words.picture == "-") {
      print(picture);
      return exit_status;
    }
    const Status written = write_whole_file("--picture", words.picture, picture);
    if (!written) return refuse(written.error());
  }
  print(words.json ? judge_json(history, judgement, recorded.value().source)
                   : judgement_text(recorded.value(), judgement));
  return exit_status;
}

}  // namespace netsplit::cli
