// Shell completion, made by walking the program's own commands and options.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/commands.h"
#include "cli/common.h"

namespace netsplit::cli {
namespace {

struct Flag {
  std::string name;  // "--seed"
  std::string sentence;
  bool takes_value = false;
};

struct Command {
  std::string name;
  std::string sentence;
  std::vector<Flag> flags;
  std::vector<std::string> words;  // what its argument may be, when that is a fixed set
  bool takes_scenario = false;
};

std::vector<Command> commands_of(const CLI::App& app) {
  std::vector<Command> commands;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    Command command{sub->get_name(), sub->get_description(), {}, {}, false};
    for (const CLI::Option* option : sub->get_options()) {
      for (const std::string& name : option->get_lnames()) {
        command.flags.push_back(
            {"--" + name, option->get_description(), option->get_items_expected_max() > 0});
      }
      if (option->get_positional() && option->get_name(true) == "scenario") {
        command.takes_scenario = true;
      }
    }
    if (command.name == "completion") command.words = {"bash", "zsh", "fish"};
    commands.push_back(std::move(command));
  }
  return commands;
}

std::string words_of(const Command& command) {
  std::string text;
  for (const Flag& flag : command.flags) text += (text.empty() ? "" : " ") + flag.name;
  for (const std::string& word : command.words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string bash_script(const std::vector<Command>& commands) {
  std::string names;
  std::string cases;
  for (const Command& command : commands) {
    names += (names.empty() ? "" : " ") + command.name;
    cases += "    " + command.name + ") words=\"" + words_of(command) + "\"";
    if (command.takes_scenario) cases += "; words+=\" $(netsplit list --ids 2>/dev/null)\"";
    cases += " ;;\n";
  }
  return "# bash completion for netsplit: netsplit completion bash > "
         "~/.local/share/bash-completion/completions/netsplit\n"
         "_netsplit() {\n"
         "  local word=\"${COMP_WORDS[COMP_CWORD]}\" words=\"--help --version " +
         names +
         "\"\n"
         "  if ((COMP_CWORD > 1)); then case \"${COMP_WORDS[1]}\" in\n" +
         cases +
         "  esac; fi\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
         "}\n"
         "complete -o default -F _netsplit netsplit\n";
}

// Text inside single quotes, safe also between zsh's brackets.
std::string plain(const std::string& text) {
  std::string clean;
  for (const char c : text) {
    if (c == '\'') {
      clean += "’";
    } else {
      clean += c == '[' || c == ']' || c == ':' ? ' ' : c;
    }
  }
  return clean;
}

std::string zsh_script(const std::vector<Command>& commands) {
  std::string names;
  std::string cases;
  for (const Command& command : commands) {
    names += "    '" + command.name + ":" + plain(command.sentence) + "'\n";
    cases += "    " + command.name + ")\n      _arguments -s";
    for (const Flag& flag : command.flags) {
      cases += " \\\n        '" + flag.name + "[" + plain(flag.sentence) + "]" +
               (flag.takes_value ? ":value:_files" : "") + "'";
    }
    if (command.takes_scenario) {
      cases += " \\\n        '*:scenario:_netsplit_scenarios'";
    } else if (!command.words.empty()) {
      cases += " \\\n        '*:word:(";
      for (const std::string& word : command.words) cases += word + " ";
      cases += ")'";
    }
    cases += " ;;\n";
  }
  return "#compdef netsplit\n"
         "_netsplit_scenarios() {\n"
         "  compadd -- ${(f)\"$(netsplit list --ids 2>/dev/null)\"}; _files\n"
         "}\n"
         "_netsplit() {\n"
         "  local -a commands=(\n" +
         names +
         "  )\n"
         "  if ((CURRENT == 2)); then _describe command commands; return; fi\n"
         "  local command=$words[2]\n"
         "  shift words; ((CURRENT--))\n"
         "  case $command in\n" +
         cases +
         "  esac\n"
         "}\n"
         "_netsplit \"$@\"\n";
}

std::string fish_script(const std::vector<Command>& commands) {
  std::string text = "complete -c netsplit -f\n";
  for (const Command& command : commands) {
    text += "complete -c netsplit -n __fish_use_subcommand -a " + command.name + " -d '" +
            plain(command.sentence) + "'\n";
    const std::string when =
        "complete -c netsplit -n '__fish_seen_subcommand_from " + command.name + "' ";
    for (const Flag& flag : command.flags) {
      text += when + "-l " + flag.name.substr(2) + (flag.takes_value ? " -r -F" : "") + " -d '" +
              plain(flag.sentence) + "'\n";
    }
    if (command.takes_scenario) text += when + "-F -a '(netsplit list --ids 2>/dev/null)'\n";
    for (const std::string& word : command.words) text += when + "-a " + word + "\n";
  }
  return text;
}

}  // namespace

int completion(const CLI::App& app, const std::string& shell) {
  const std::vector<Command> commands = commands_of(app);
  std::string text;
  if (shell == "bash") {
    text = bash_script(commands);
  } else if (shell == "zsh") {
    text = zsh_script(commands);
  } else if (shell == "fish") {
    text = fish_script(commands);
  } else {
    return refuse("there is no completion for \"" + shell.substr(0, 40) +
                  "\"; expected one of \"bash\", \"zsh\", \"fish\"");
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
  return as_expected;
}

}  // namespace netsplit::cli
