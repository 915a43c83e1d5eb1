// The embedded scenarios, parsed once.
#include <algorithm>
#include <map>

#include "core/scenario/embedded.h"
#include "core/scenario/registry.h"

namespace netsplit {
namespace {

struct Library {
  std::vector<Scenario> scenarios;
  std::vector<std::string> errors;
  std::map<std::string, std::size_t, std::less<>> by_id;
};

// "10 Gossip" comes after "9 Clocks".
std::int64_t chapter_number(std::string_view chapter) {
  std::int64_t number = 0;
  for (const char c : chapter) {
    if (c < '0' || c > '9' || number > 1'000'000) break;
    number = number * 10 + (c - '0');
  }
  return number;
}

bool comes_before(const Scenario& a, const Scenario& b) {
  const auto key = [](const Scenario& s) {
    return std::tuple(chapter_number(s.chapter), std::string_view(s.chapter), s.order,
                      std::string_view(s.id));
  };
  return key(a) < key(b);
}

std::string_view stem_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  return path.substr(0, path.rfind('.'));
}

Library read_library() {
  Library made;
  for (const EmbeddedFile& file : embedded_scenarios()) {
    Result<Scenario> scenario = parse_scenario(file.text, file.name);
    const std::string prefix = std::string(file.name) + ": ";
    if (!scenario) {
      made.errors.push_back(scenario.error());
    } else if (scenario.value().id != stem_of(file.name)) {
      made.errors.push_back(prefix + "id: expected \"" + std::string(stem_of(file.name)) +
                            "\", as the file is called");
    } else if (scenario.value().title.empty() || scenario.value().chapter.empty()) {
      made.errors.push_back(prefix + "a scenario of the library has a title and a chapter");
    } else {
      made.scenarios.push_back(std::move(scenario).value());
    }
  }
  std::sort(made.scenarios.begin(), made.scenarios.end(), comes_before);
  for (std::size_t i = 0; i < made.scenarios.size(); ++i) {
    if (!made.by_id.emplace(made.scenarios[i].id, i).second) {
      made.errors.push_back("two scenarios have the id \"" + made.scenarios[i].id + "\"");
    }
  }
  return made;
}

const Library& the_library() {
  static const Library made = read_library();
  return made;
}

}  // namespace

std::span<const Scenario> library() { return the_library().scenarios; }

std::span<const std::string> library_errors() { return the_library().errors; }

const Scenario* find_scenario(std::string_view id) {
  const auto found = the_library().by_id.find(id);
  return found == the_library().by_id.end() ? nullptr : &the_library().scenarios[found->second];
}

}  // namespace netsplit
