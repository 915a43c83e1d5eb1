// `list`, `show`, `link` and `unlink`: scenarios without a story.
#include <algorithm>
#include <cstdio>

#include "cli/commands.h"
#include "cli/common.h"
#include "core/base/hash.h"
#include "core/scenario/coverage.h"
#include "core/scenario/registry.h"
#include "core/scenario/report.h"
#include "core/scenario/reproduction.h"

namespace netsplit::cli {
namespace {

std::string indented(const std::string& text) {
  std::string out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out += "  " + text.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  return out;
}

std::string parameters_text(const Setup& setup, const ProtocolInfo& protocol) {
  std::size_t name_columns = 0;
  for (const ParameterInfo& info : protocol.parameters) {
    name_columns = std::max(name_columns, info.name.size());
  }
  std::string text;
  for (const ParameterInfo& info : protocol.parameters) {
    std::int64_t value = info.usual;
    for (const auto& [name, set] : setup.parameters) {
      if (name == info.name) value = set;
    }
    std::string shown = format_parameter(info, value);
    if (value != info.usual) shown += " (usually " + format_parameter(info, info.usual) + ")";
    std::string offers;
    for (const std::string& choice : info.choices) offers += (offers.empty() ? "" : ", ") + choice;
    text += "  " + pad_right(std::string(info.name), name_columns) + "  " + shown + "\n";
    text += "  " + std::string(name_columns, ' ') + "  " + std::string(info.sentence) +
            (offers.empty() ? "" : " One of: " + offers + ".") + "\n";
  }
  return text;
}

std::string requests_text(const ProtocolInfo& protocol) {
  std::string text;
  for (const RequestInfo& request : protocol.requests) {
    text += "  " + request.name;
    for (const std::string& argument : request.arguments) text += " " + argument + "=…";
    for (std::size_t i = 0; i < request.roles.size(); ++i) {
      text += (i == 0 ? "  at a " : " or ") + request.roles[i];
    }
    text += "\n";
  }
  return text;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string names_text(const ProtocolInfo& protocol) {
  std::vector<std::string> roles, messages, timers;
  for (const RoleInfo& role : protocol.roles) roles.push_back(role.name);
  for (const MessageInfo& message : protocol.messages) messages.push_back(message.name);
  for (const TimerInfo& timer : protocol.timers) timers.push_back(timer.name);
  return "  roles     " + joined(roles) + "\n  messages  " + joined(messages) + "\n  timers    " +
         joined(timers) + "\n";
}

std::string expectations_text(const Scenario& scenario, const Session& session) {
  std::string text;
  for (const PropertyState& state : session.properties()) {
    text +=
        "  " + std::string(state.name) + " (" + std::string(enumerator_name_of(state.kind)) + ")";
    for (const Expectation& one : scenario.expect) {
      if (one.property != state.name) continue;
      text += one.standing == Standing::holds ? ": expected to hold" : ": expected to be violated";
    }
    text += "\n    " + std::string(state.sentence) + "\n";
  }
  return text;
}

}  // namespace

int list(bool ids_only) {
  std::size_t id_columns = 0;
  for (const Scenario& scenario : library()) {
    id_columns = std::max(id_columns, columns_of(scenario.id));
  }
  std::string chapter;
  for (const Scenario& scenario : library()) {
    if (ids_only) {
      print(scenario.id + "\n");
      continue;
    }
    if (scenario.chapter != chapter) {
      print((chapter.empty() ? "" : "\n") + scenario.chapter + "\n");
      chapter = scenario.chapter;
    }
    print("  " + pad_right(scenario.id, id_columns) + "  " + scenario.title + "\n");
  }
  for (const std::string& error : library_errors()) refuse(error);
  return library_errors().empty() ? as_expected : bad_input;
}

int list_coverage() {
  const Result<std::string> page = coverage_page();
  if (!page) return refuse(page.error());
  print(page.value());
  return as_expected;
}

int show(const std::string& what, bool as_json) {
  const Result<Source> source = open_source(what);
  if (!source) return refuse(source.error());
  const Scenario& scenario = source.value().scenario;
  if (as_json) {
    print(write_scenario(scenario));
    return as_expected;
  }
  const Result<std::unique_ptr<Session>> session = make_session(scenario.setup);
  if (!session) return refuse(session.error());
  const ProtocolInfo& protocol = session.value()->protocol();
  print((scenario.id.empty() ? "" : scenario.id + ": ") + scenario.title + "\n");
  if (!scenario.chapter.empty()) print("Chapter " + scenario.chapter + "\n");
  if (!scenario.summary.empty()) print("\n" + indented(scenario.summary));
  print("\nProtocol " + protocol.name + ": " + protocol.sentence + "\n" + names_text(protocol));
  print("\nParameters\n" + parameters_text(scenario.setup, protocol));
  print("\nRequests\n" + requests_text(protocol));
  print("\nNodes\n");
  for (const NodeGroup& group : scenario.setup.nodes) {
    print("  " + group.name + (group.count > 1 ? "1.." + std::to_string(group.count) : "") + " (" +
          group.role + ")\n");
  }
  if (!scenario.setup.script.empty()) {
    print("\nScript\n" + indented(write_script(scenario.setup.script, scenario.setup)));
  }
  print("\nProperties\n" + expectations_text(scenario, *session.value()));
  if (!scenario.compare.empty()) print("\nCompare with " + scenario.compare + "\n");
  if (!scenario.next.empty()) print("Next is " + scenario.next + "\n");
  return as_expected;
}

int link(const LinkOptions& options) {
  const Result<Source> source = open_source(options.what);
  if (!source) return refuse(source.error());
  Link link = source.value().link.value_or(Link{});
  link.scenario = source.value().scenario;
  if (!options.no_run) {
    const Result<HeadlessRun> ran = run_headless(link.scenario, {}, 1);
    if (!ran) return refuse(ran.error());
    note_run(link, *ran.value().session);
  }
  const Result<std::string> text = encode_link(link);
  if (!text) return refuse(text.error());
  print(options.page + text.value() + "\n");
  return as_expected;
}

int unlink(const std::string& text) {
  const Result<Link> link = decode_link(text);
  if (!link) return refuse(link.error());
  print(write_scenario(link.value().scenario));
  // The rest of the link goes to standard error, so that the output is a scenario file.
  if (link.value().cursor_us != 0) {
    std::fprintf(stderr, "looking at %s\n", format_duration(link.value().cursor_us).c_str());
  }
  if (link.value().hash) {
    std::fprintf(stderr, "trace %s\n", format_hash(*link.value().hash).c_str());
  }
  return as_expected;
}

}  // namespace netsplit::cli
