// The program `netsplit`: its commands and options, and what it says when they are wrong.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/commands.h"
#include "cli/common.h"
#include "core/base/names.h"

namespace netsplit::cli {
namespace {

const char* const scenario_help = "A scenario's id, a file (- is standard input), or a link";

struct Arguments {
  RunOptions run;
  CheckWords check;
  LinkOptions link;
  std::string shown;
  bool shown_as_json = false;
  bool ids_only = false;
  std::string link_text;
  std::string shell;
};

void describe(CLI::App& app, Arguments& arguments) {
  app.require_subcommand(1);
  app.set_version_flag("--version", NETSPLIT_VERSION);
  app.footer("Exit status: 0 when every verdict is as expected, 1 when not, 2 for bad input.");

  auto* list = app.add_subcommand("list", "List the scenarios of the library by chapter");
  list->add_flag("--ids", arguments.ids_only, "Ids only, one a line");

  auto* show =
      app.add_subcommand("show", "Show a scenario: protocol, parameters, script, properties");
  show->add_option("scenario", arguments.shown, scenario_help)->required();
  show->add_flag("--json", arguments.shown_as_json, "As a scenario file, to save and edit");

  RunOptions& options = arguments.run;
  auto* run = app.add_subcommand("run", "Run a scenario to its end and judge it");
  run->add_option("scenario", options.what, scenario_help)->required();
  run->add_option("--seed", options.seed, "Another seed");
  run->add_option("--until", options.until, "Another end, such as 30s");
  run->add_option("--set", options.set, "A parameter, as key=value; may be repeated")
      ->expected(1)
      ->take_all();
  run->add_option("--script", options.script,
                  "A file whose script replaces the scenario's (- is standard input)");
  run->add_option("--trace", options.trace,
                  "Write every event to this file as JSON lines (- is standard output)");
  run->add_flag("--json", options.json, "Print the judgement as one JSON document");
  run->add_flag("--quiet", options.quiet, "Leave out the story");

  CheckWords& words = arguments.check;
  auto* check = app.add_subcommand("check", "Explore every run of a scenario, and judge them all");
  check->add_option("scenario", words.what, scenario_help)->required();
  check->add_option("--set", words.set, "A parameter, as key=value; may be repeated")
      ->expected(1)
      ->take_all();
  check->add_option("--drops", words.drops,
                    "How many messages may be lost; usually as many as the script drops");
  check->add_option("--duplicates", words.duplicates,
                    "How many messages may be doubled; usually as many as the script doubles");
  check->add_option("--crashes", words.crashes,
                    "How many crashes there may be; usually as many as in the script");
  check->add_option("--repeats", words.repeats,
                    "How often the same timer of a node may run out, or \"unbounded\"; usually 2");
  check->add_option("--states", words.states, "Stop after so many states");
  check->add_option("--memory", words.memory, "Stop when so much is used; usually 2GiB");
  check->add_option("--depth", words.depth, "Stop after so many levels");
  check->add_option("--time", words.time, "Stop after so long, such as 30s");
  check->add_option("--threads", words.threads, "Usually as many as the machine has");
  check->add_option("--out", words.out,
                    "Write what was found to this file, as a scenario (- is standard output)");
  check->add_flag("--json", words.json, "Print the report as one JSON document");

  auto* link = app.add_subcommand("link", "Print a scenario as a link, with the hash of its trace");
  link->add_option("scenario", arguments.link.what, scenario_help)->required();
  link->add_option("--page", arguments.link.page, "The page's address, to put before the link");
  link->add_flag("--no-run", arguments.link.no_run, "Do not run it; the link has no hash then");

  auto* unlink = app.add_subcommand("unlink", "Print the scenario that a link carries as a file");
  unlink->add_option("link", arguments.link_text, "A link, or a page's address that ends in one")
      ->required();

  auto* completion = app.add_subcommand("completion", "Print a completion script for a shell");
  completion->add_option("shell", arguments.shell, "bash, zsh or fish")->required();
}

const CLI::App* chosen(const CLI::App& app) {
  const auto subcommands = app.get_subcommands();
  return subcommands.empty() ? nullptr : subcommands.front();
}

// One sentence for whatever the parser did not like.
std::string explain(const CLI::App& app, const CLI::ParseError& error,
                    const std::vector<std::string>& words) {
  std::vector<std::string> commands;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    commands.push_back(sub->get_name());
  }
  const CLI::App* command = chosen(app);
  const CLI::App& about = command != nullptr ? *command : app;
  std::vector<std::string> flags = {"--help"};
  for (const CLI::Option* option : about.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  }
  const std::string owner =
      command != nullptr ? "\"netsplit " + command->get_name() + "\"" : "the program";
  const std::vector<std::string> extras = about.remaining(true);
  for (const std::string& extra : extras.empty() && command == nullptr ? words : extras) {
    const std::string name = extra.substr(0, extra.find('='));
    if (!name.starts_with("-") || name == "-") continue;
    return owner + " has no option \"" + name + "\"; " + expected_names(name, flags);
  }
  if (command == nullptr) {
    if (words.empty())
      return "a command is missing; " + expected_names("", commands) + ", or --help";
    return "there is no command \"" + words.front() + "\"; " +
           expected_names(words.front(), commands);
  }
  if (!extras.empty()) {
    return owner + " does not take \"" + extras.front() + "\"; \"netsplit " + command->get_name() +
           " --help\" shows what it takes";
  }
  if (error.get_name() == "RequiredError") {
    for (const CLI::Option* option : command->get_options()) {
      if (option->get_required() && option->count() == 0) {
        return owner + " needs a " + option->get_name() + ": " + option->get_description();
      }
    }
  }
  return owner + ": " + error.what();
}

int dispatch(const CLI::App& app, const Arguments& arguments) {
  const std::string name = chosen(app)->get_name();
  if (name == "list") return list(arguments.ids_only);
  if (name == "show") return show(arguments.shown, arguments.shown_as_json);
  if (name == "run") return run(arguments.run);
  if (name == "check") return check(arguments.check);
  if (name == "link") return link(arguments.link);
  if (name == "unlink") return unlink(arguments.link_text);
  return completion(app, arguments.shell);
}

int main_of(int count, char** words) {
  CLI::App app("Netsplit: a deterministic laboratory for distributed systems", "netsplit");
  Arguments arguments;
  describe(app, arguments);
  try {
    app.parse(count, words);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    return refuse(explain(app, error, std::vector<std::string>(words + 1, words + count)));
  }
  return dispatch(app, arguments);
}

}  // namespace
}  // namespace netsplit::cli

int main(int count, char** words) { return netsplit::cli::main_of(count, words); }
