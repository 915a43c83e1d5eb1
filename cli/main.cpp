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
  SweepWords sweep;
  MergeWords merge;
  ShrinkWords shrink;
  JudgeWords judge;
  CompareWords compare;
  LinkOptions link;
  DrawWords draw;
  std::string shown;
  bool shown_as_json = false;
  bool ids_only = false;
  bool coverage = false;
  std::string link_text;
  std::string shell;
};

void describe_search(CLI::App& app, Arguments& arguments) {
  SweepWords& words = arguments.sweep;
  auto* sweep = app.add_subcommand("sweep", "Run a scenario under random faults, seed after seed");
  sweep->add_option("scenario", words.what, scenario_help)->required();
  sweep->add_option("--seeds", words.seeds, "The seeds, as first..last, such as 1..100000");
  sweep->add_option("--count", words.count, "So many seeds from 1 on; usually 10000");
  sweep
      ->add_option("--property", words.property,
                   "Judge this one; usually all that are not expected to be violated; may be "
                   "repeated")
      ->expected(1)
      ->take_all();
  sweep->add_option("--set", words.set, "A parameter, as key=value; may be repeated")
      ->expected(1)
      ->take_all();
  sweep->add_option("--faults", words.faults,
                    "The kinds to draw from, with commas: partition, one_way, isolate, cut, pause, "
                    "crash, clock_step, clock_drift, loss, duplicate, reorder; usually all; or "
                    "none");
  sweep->add_option("--shard", words.shard,
                    "Do one part of several, as i/n from 1/n to n/n; usually what a Kubernetes "
                    "Indexed Job or a Slurm array says");
  sweep->add_option("--threads", words.threads, "Usually as many as the machine has");
  sweep->add_option("--out", words.out,
                    "Write what is found to this file as JSON lines (- is standard output)");
  sweep->add_flag("--resume", words.resume, "Go on where the file of --out ends");
  sweep->add_flag("--json", words.json, "Print the report as one JSON document");

  auto* merge = app.add_subcommand("merge", "Put the files of a sweep's shards together");
  merge->add_option("files", arguments.merge.files, "Files that netsplit sweep --out wrote")
      ->required();
  merge->add_option("--out", arguments.merge.out,
                    "Write to this file, and print a report; usually to standard output");

  auto* shrink =
      app.add_subcommand("shrink", "Find the smallest run that still violates a property");
  shrink->add_option("scenario", arguments.shrink.what, scenario_help)->required();
  shrink->add_option("--property", arguments.shrink.property, "Usually the first that is violated");
  shrink->add_option("--set", arguments.shrink.set, "A parameter, as key=value; may be repeated")
      ->expected(1)
      ->take_all();
  shrink->add_option("--out", arguments.shrink.out, "Write the result to this scenario file");
  shrink->add_flag("--json", arguments.shrink.json, "Print the report as one JSON document");
}

void describe(CLI::App& app, Arguments& arguments) {
  app.require_subcommand(1);
  app.set_version_flag("--version", NETSPLIT_VERSION);
  app.footer("Exit status: 0 when every verdict is as expected, 1 when not, 2 for bad input.");

  auto* list = app.add_subcommand("list", "List the scenarios of the library by chapter");
  list->add_flag("--ids", arguments.ids_only, "Ids only, one a line");
  list->add_flag("--coverage", arguments.coverage,
                 "By claim, with verdicts and prices, as Markdown (docs/coverage.md)");

  auto* show =
      app.add_subcommand("show", "Show a scenario: protocol, parameters, script, properties");
  show->add_option("scenario", arguments.shown, scenario_help)->required();
  show->add_flag("--json", arguments.shown_as_json, "As a scenario file, to save and edit");

  RunOptions& options = arguments.run;
  auto* run = app.add_subcommand("run", "Run a scenario to its end and judge it");
  auto* what = run->add_option("scenario", options.what, scenario_help);
  auto* all = run->add_flag("--all", options.all, "Run the whole library, and print a table");
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
  for (CLI::Option* option : run->get_options()) {
    const std::string name = option->get_name();
    if (option != all && name != "--help" && name != "--json") all->excludes(option);
  }
  what->required(false);

  CompareWords& compared = arguments.compare;
  auto* compare =
      app.add_subcommand("compare", "Run variants under one seed and script, side by side");
  compare
      ->add_option("scenario", compared.what,
                   "Scenarios as for run; one alone is compared with what it names as its remedy")
      ->required();
  compare
      ->add_option("--set", compared.set,
                   "Compare with the first scenario under key=value (several with commas); may be "
                   "repeated")
      ->expected(1)
      ->take_all();
  compare->add_option("--seed", compared.seed, "Another seed");
  compare->add_flag("--json", compared.json, "Print the table as one JSON document");

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
  check->add_flag("--symmetry", words.symmetry,
                  "Of states that differ only by the names of interchangeable nodes, explore one");
  check->add_option("--threads", words.threads, "Usually as many as the machine has");
  check->add_option("--save", words.save,
                    "Keep in this file what was explored, to go on another time");
  check->add_option("--save-every", words.save_every, "How often; usually 1min, and at the end");
  check->add_flag("--resume", words.resume, "Go on with the file of --save, when it is there");
  check->add_option("--out", words.out,
                    "Write what was found to this file, as a scenario (- is standard output)");
  check->add_flag("--json", words.json, "Print the report as one JSON document");

  JudgeWords& judged = arguments.judge;
  auto* judge =
      app.add_subcommand("judge", "Judge a recorded history: is it linearizable, and what is not?");
  judge
      ->add_option(
          "scenario", judged.what,
          "A history (- is standard input), or a scenario whose clients' history is judged")
      ->required();
  judge->add_option("--model", judged.model,
                    "register, cas-register, key-value, lock, set or queue; usually auto: by the "
                    "operations");
  judge->add_option("--states", judged.states, "Stop after so many configurations");
  judge->add_option("--memory", judged.memory, "Stop when so much is used; usually 2GiB");
  judge->add_option("--picture", judged.picture,
                    "Draw the history to this file, as SVG (- is standard output)");
  judge->add_flag("--json", judged.json, "Print the judgement as one JSON document");

  describe_search(app, arguments);

  DrawWords& drawn = arguments.draw;
  auto* draw = app.add_subcommand("draw", "Draw the network and the space-time diagram of a run");
  draw->add_option("scenario", drawn.scenario, scenario_help)->required();
  draw->add_option("-o,--out", drawn.out, "The file: .svg or .png (- is standard output, as SVG)")
      ->required();
  draw->add_option("--at", drawn.at,
                   "The moment, such as 7.4s; usually the end, or where the link looked");
  draw->add_option("--what", drawn.what, "network, space-time or both; usually both");
  draw->add_option("--theme", drawn.theme, "light or dark; usually light");
  draw->add_option("--size", drawn.size, "WIDTHxHEIGHT in pixels, such as 1600x1000");
  draw->add_option("--set", drawn.set, "A parameter, as key=value; may be repeated")
      ->expected(1)
      ->take_all();

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
  std::vector<std::string> flags;
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
  if (name == "list") return arguments.coverage ? list_coverage() : list(arguments.ids_only);
  if (name == "show") return show(arguments.shown, arguments.shown_as_json);
  if (name == "run") return arguments.run.all ? run_all(arguments.run.json) : run(arguments.run);
  if (name == "compare") return compare(arguments.compare);
  if (name == "check") return check(arguments.check);
  if (name == "sweep") return sweep(arguments.sweep);
  if (name == "merge") return merge(arguments.merge);
  if (name == "shrink") return shrink(arguments.shrink);
  if (name == "draw") return draw(arguments.draw);
  if (name == "judge") return judge(arguments.judge);
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
