// The page's scenarios: a text beside the program, which the page has fetched before it starts. A
// visitor waits for them no longer than for the program, and they are not part of it.
#include <string>
#include <string_view>
#include <vector>

#include <emscripten.h>

#include "core/scenario/embedded.h"

EM_JS(int, js_scenarios_bytes, (), { return netsplit.scenarios.length; });
EM_JS(void, js_take_scenarios, (char* into), {
  HEAPU8.set(netsplit.scenarios, into);
  netsplit.scenarios = null;
});

namespace netsplit {
namespace {

constexpr char record = '\x1e';  // before each: its name, a new line, its text

std::string fetched() {
  std::string all(static_cast<std::size_t>(js_scenarios_bytes()), '\0');
  js_take_scenarios(all.data());
  return all;
}

std::vector<EmbeddedFile> taken_apart(std::string_view all) {
  std::vector<EmbeddedFile> files;
  while (!all.empty()) {
    all.remove_prefix(1);
    const std::string_view one = all.substr(0, all.find(record));
    all.remove_prefix(one.size());
    const std::size_t line = one.find('\n');
    files.push_back({one.substr(0, line), one.substr(line + 1)});
  }
  return files;
}

}  // namespace

std::span<const EmbeddedFile> embedded_scenarios() {
  static const std::string all = fetched();
  static const std::vector<EmbeddedFile> files = taken_apart(all);
  return files;
}

}  // namespace netsplit
