// The sources' own rules (docs/design.md, "What holds everywhere"), read off the sources. Natively
// only: in a browser there are none to read.
#ifndef __EMSCRIPTEN__
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace netsplit::test::source_rules_test {
namespace {

namespace fs = std::filesystem;

struct Source {
  std::string path;                // from the top, with forward slashes
  std::vector<std::string> lines;  // as written
  std::vector<std::string> code;   // without comments and the content of strings
};

// Blanks comments and the insides of strings; `in_comment` runs on from line to line.
std::string code_of(const std::string& line, bool& in_comment) {
  std::string code;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::string_view two = std::string_view(line).substr(i, 2);
    if (in_comment) {
      if (two == "*/") in_comment = false, ++i;
    } else if (quote != 0) {
      if (line[i] == '\\') {
        ++i;
      } else if (line[i] == quote) {
        quote = 0;
        code += line[i];
      }
    } else if (two == "//") {
      break;
    } else if (two == "/*") {
      in_comment = true;
      ++i;
    } else {
      const bool separator =
          line[i] == '\'' && i > 0 && std::isalnum(static_cast<unsigned char>(line[i - 1]));
      if ((line[i] == '"' || line[i] == '\'') && !separator) quote = line[i];
      code += line[i];
    }
  }
  return code;
}

Source read(const fs::path& file, const std::string& path) {
  Source source{path, {}, {}};
  std::ifstream stream(file);
  bool in_comment = false;
  for (std::string line; std::getline(stream, line);) {
    // An include names a file in quotes: that is not a string to blank.
    source.code.push_back(line.starts_with("#include") ? line : code_of(line, in_comment));
    source.lines.push_back(std::move(line));
  }
  return source;
}

const std::vector<Source>& sources() {
  static const std::vector<Source> all = [] {
    std::vector<Source> found;
    const fs::path top = NETSPLIT_SOURCE_DIR;
    for (const char* folder : {"core", "picture", "threads", "ui", "cli", "web", "tests"}) {
      if (!fs::exists(top / folder)) continue;
      for (auto at = fs::recursive_directory_iterator(top / folder);
           at != fs::recursive_directory_iterator(); ++at) {
        if (at->path().filename() == "node_modules") at.disable_recursion_pending();
        const std::string extension = at->path().extension().string();
        if (extension != ".h" && extension != ".cpp" && extension != ".inl") continue;
        found.push_back(read(at->path(), fs::relative(at->path(), top).generic_string()));
      }
    }
    return found;
  }();
  return all;
}

std::string where(const Source& source, std::size_t line) {
  return source.path + ":" + std::to_string(line + 1) + ": " + source.lines[line];
}

// What each part of the tree may include of the others.
const std::map<std::string, std::set<std::string>>& arrows() {
  static const std::map<std::string, std::set<std::string>> allowed = {
      {"core/base", {"core/base"}},
      {"core/sim", {"core/base", "core/sim"}},
      {"core/check", {"core/base", "core/sim", "core/check"}},
      {"core/protocols", {"core/base", "core/sim", "core/protocols"}},
      {"core/scenario", {"core/base", "core/sim", "core/check", "core/protocols", "core/scenario"}},
      {"threads", {"core/base", "core/sim", "core/check", "threads"}},
      {"picture", {"core/base", "core/sim", "core/scenario", "picture"}},
      {"ui", {"core/base", "core/sim", "core/check", "core/scenario", "threads", "picture", "ui"}},
      {"web", {"core/base", "core/sim", "core/check", "core/scenario", "ui", "web"}},
      {"cli",
       {"core/base", "core/sim", "core/check", "core/scenario", "threads", "picture", "cli"}},
  };
  return allowed;
}

std::string part_of(const std::string& path) {
  for (const auto& [part, allowed] : arrows()) {
    if (path.starts_with(part + "/")) return part;
  }
  return {};
}

const std::regex include_pattern("^#include ([<\"])([^>\"]+)[>\"]");

// Calls visit(source, line, name, in quotes) for every include under the prefix.
template <class Visit>
void for_each_include(const std::string& prefix, Visit visit) {
  for (const Source& source : sources()) {
    if (!source.path.starts_with(prefix)) continue;
    for (std::size_t i = 0; i < source.code.size(); ++i) {
      std::smatch match;
      if (std::regex_search(source.code[i], match, include_pattern)) {
        visit(source, i, match[2].str(), match[1].str() == "\"");
      }
    }
  }
}

void ban_in_core(const std::regex& banned, const char* why) {
  for (const Source& source : sources()) {
    if (!source.path.starts_with("core/")) continue;
    for (std::size_t i = 0; i < source.code.size(); ++i) {
      if (std::regex_search(source.code[i], banned)) FAIL_CHECK(why << ": " << where(source, i));
    }
  }
}

}  // namespace

TEST_CASE("sources: they are found, and the reader of code is not fooled by comments and strings") {
  CHECK(sources().size() > 50);
  bool in_comment = false;
  CHECK(code_of("a // double", in_comment) == "a ");
  CHECK(code_of("a /* double */ b", in_comment) == "a  b");
  CHECK(code_of("f(\"double \\\" long \", 'x') // c", in_comment) == "f(\"\", '') ");
  CHECK(code_of("1'000'000 + double_it", in_comment) == "1'000'000 + double_it");
  CHECK(code_of("/* begins", in_comment).empty());
  CHECK(in_comment);
  CHECK(code_of("ends */ code", in_comment) == " code");
}

TEST_CASE(
    "sources: includes point one way: base, sim, protocols and check, scenario, then ui, cli and "
    "web") {
  for_each_include(
      "", [](const Source& source, std::size_t line, const std::string& name, bool quoted) {
        const std::string part = part_of(source.path);
        if (part.empty() || !quoted) return;
        const std::string target = part_of(name);
        if (target.empty()) return;  // a file beside it, or a library's
        CHECK_MESSAGE(arrows().at(part).contains(target), where(source, line));
      });
}

TEST_CASE("sources: ui talks to sessions and timelines, never to worlds or protocols") {
  for_each_include(
      "ui/", [](const Source& source, std::size_t line, const std::string& name, bool) {
        for (const char* inner : {"core/sim/world", "core/sim/typed_session", "core/sim/context",
                                  "core/sim/view", "core/sim/event_queue", "core/sim/recorder"}) {
          CHECK_MESSAGE(!name.starts_with(inner), where(source, line));
        }
      });
}

TEST_CASE("sources: of the window only the desktop's own files use threads") {
  for_each_include(
      "ui/", [](const Source& source, std::size_t line, const std::string& name, bool) {
        const bool of_threads = name.starts_with("threads/") || name == "thread" ||
                                name == "mutex" || name == "atomic" || name == "condition_variable";
        if (of_threads) CHECK_MESSAGE(source.path.starts_with("ui/desktop_"), where(source, line));
      });
}

TEST_CASE(
    "sources: a protocol includes the simulator's public headers, its own parts and shared ones, "
    "the standard library, nothing else") {
  const std::set<std::string> open = {"core/sim/protocol.h",   "core/sim/view.h",
                                      "core/sim/oracles.h",    "core/sim/stale_reads.h",
                                      "core/base/mergeable.h", "core/base/text_difference.h"};
  const std::string top = "core/protocols/";
  for_each_include(top, [&](const Source& source, std::size_t line, const std::string& name,
                            bool quoted) {
    // core/protocols/raft.h and core/protocols/raft/server.h are both of raft.
    const std::string of = source.path.substr(top.size());
    const std::string own = top + of.substr(0, of.find_first_of("./")) + "/";
    const bool shared = name.starts_with(top + "parts/");
    if (quoted)
      CHECK_MESSAGE((open.contains(name) || shared || name.starts_with(own)), where(source, line));
  });
}

TEST_CASE("sources: third-party code is used in core/scenario and in no other part of core") {
  for_each_include("core/", [](const Source& source, std::size_t line, const std::string& name,
                               bool quoted) {
    if (source.path.starts_with("core/scenario/")) return;
    // The one exception: it asks the system for large pages, which no result can show.
    if (source.path == "core/base/large_array.cpp" && name == "sys/mman.h") return;
    const bool standard = !quoted && name.find('/') == std::string::npos && !name.ends_with(".h");
    CHECK_MESSAGE((quoted || standard), where(source, line));
    if (quoted) CHECK_MESSAGE(name.starts_with("core/"), where(source, line));
  });
}

TEST_CASE("sources: core knows no threads, files, machine clocks or foreign randomness") {
  const std::set<std::string> banned = {"random",
                                        "chrono",
                                        "thread",
                                        "mutex",
                                        "atomic",
                                        "future",
                                        "condition_variable",
                                        "unordered_map",
                                        "unordered_set",
                                        "fstream",
                                        "filesystem",
                                        "iostream",
                                        "ctime",
                                        "cmath",
                                        "cfloat",
                                        "regex"};
  for_each_include("core/",
                   [&](const Source& source, std::size_t line, const std::string& name, bool) {
                     CHECK_MESSAGE(!banned.contains(name), where(source, line));
                   });
}

TEST_CASE("sources: nothing in core differs from machine to machine") {
  ban_in_core(std::regex("\\b(float|double)\\b"), "floating point");
  ban_in_core(std::regex("\\bunordered_(map|set)\\b"), "a container whose order is not ours");
  ban_in_core(std::regex("\\bstd::(hash|shuffle|random_shuffle)\\b"), "not the same everywhere");
  ban_in_core(std::regex("(^|[^_A-Za-z0-9:])s?rand\\("), "not the same everywhere");
  ban_in_core(std::regex("\\btime\\((NULL|nullptr|0)\\)"), "the machine's clock");
  ban_in_core(std::regex("\\b(system_clock|steady_clock|random_device|mt19937)\\b"),
              "the machine's");
  ban_in_core(std::regex("(^|[^_A-Za-z0-9])long\\b"), "has another width in wasm");
  ban_in_core(std::regex("\\breinterpret_cast<std::(u?intptr_t|size_t)>"), "an address");
  ban_in_core(std::regex("\\bthread_local\\b"), "threads are the hosts' business");
}

TEST_CASE("sources: what is hashed or written has a fixed width") {
  const std::regex fields("\\bFIELDS\\(");
  const std::regex loose(
      "^\\s*(std::)?(size_t|ptrdiff_t|wchar_t|int|unsigned|short)\\s+\\w+\\s*(=[^;]*)?;");
  for (const Source& source : sources()) {
    if (!source.path.starts_with("core/")) continue;
    // From a struct's opening line to the FIELDS that closes it.
    std::size_t opened = 0;
    for (std::size_t i = 0; i < source.code.size(); ++i) {
      if (std::regex_search(source.code[i], std::regex("\\bstruct \\w+ \\{"))) opened = i;
      if (!std::regex_search(source.code[i], fields)) continue;
      for (std::size_t at = opened; at < i; ++at) {
        if (source.code[at].starts_with("    ")) continue;  // inside a function
        CHECK_MESSAGE(!std::regex_search(source.code[at], loose), where(source, at));
      }
    }
  }
}

TEST_CASE("sources: lines are at most 100 columns, without tabs and trailing spaces") {
  for (const Source& source : sources()) {
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      const std::string& line = source.lines[i];
      std::size_t columns = 0;
      for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
      if (columns > 100) FAIL_CHECK(columns << " columns: " << where(source, i));
      if (line.find('\t') != std::string::npos) FAIL_CHECK("a tab: " << where(source, i));
      if (!line.empty() && line.back() == ' ') FAIL_CHECK("trailing spaces: " << where(source, i));
      if (!line.empty() && line.back() == '\r')
        FAIL_CHECK("a carriage return: " << where(source, i));
    }
  }
}

TEST_CASE("sources: no loop walks through a part of what is gone by then") {
  // `for (… : window.seen()["nodes"])`: the part is kept, the whole is not (until C++23).
  const std::regex loop("for \\(.*: \\w+\\.seen\\(\\)\\[");
  for (const Source& source : sources()) {
    for (std::size_t i = 0; i < source.code.size(); ++i) {
      if (std::regex_search(source.code[i], loop)) FAIL_CHECK(where(source, i));
    }
  }
}

TEST_CASE("sources: nothing is left over") {
  // Spelt apart, so that this file does not find itself.
  const std::regex marker(
      "\\b(TO"
      "DO|FIX"
      "ME|XX"
      "X|HA"
      "CK)\\b|<<<<"
      "<<<|>>>>"
      ">>>");
  for (const Source& source : sources()) {
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      if (std::regex_search(source.lines[i], marker)) FAIL_CHECK(where(source, i));
    }
  }
}

TEST_CASE("sources: every text of the window's catalogue is used by a source of the window") {
  std::set<std::string> texts, used;
  const std::regex use("\\b(?:t\\(\\)|s)\\.(\\w+)");
  const std::regex name("(\\w+)[,;]");
  for (const Source& source : sources()) {
    const bool catalogue = source.path == "ui/strings.h";
    bool inside = false;
    for (const std::string& line : source.code) {
      if (catalogue && line.starts_with("struct Strings {")) inside = true;
      if (line.find("PageStrings page;") != std::string::npos) inside = false;
      const bool of_window = source.path.starts_with("ui/") || source.path.starts_with("web/");
      if (!inside && !of_window) continue;
      auto at = std::sregex_iterator(line.begin(), line.end(), inside ? name : use);
      for (; at != std::sregex_iterator(); ++at) (inside ? texts : used).insert((*at)[1].str());
    }
  }
  CHECK(texts.size() > 100);
  for (const std::string& text : texts) CHECK_MESSAGE(used.contains(text), "unused: " << text);
}

TEST_CASE("sources: every header can be included twice") {
  for (const Source& source : sources()) {
    if (!source.path.ends_with(".h") || source.path.find("compile_fail") != std::string::npos)
      continue;
    bool once = false;
    for (const std::string& line : source.lines) once = once || line == "#pragma once";
    CHECK_MESSAGE(once, source.path);
  }
}

}  // namespace netsplit::test::source_rules_test
#endif
