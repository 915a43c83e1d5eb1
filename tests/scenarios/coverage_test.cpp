// docs/coverage.md says what the library shows, claim by claim: it is what the library's runs say.
#ifndef __EMSCRIPTEN__
#include "core/scenario/coverage.h"

#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "core/scenario/claims.h"
#include "core/scenario/registry.h"

namespace netsplit::test::coverage_test {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("coverage: docs/coverage.md is what ./dev coverage writes") {
  const Result<std::string> page = coverage_page();
  REQUIRE_MESSAGE(page.ok(), page.error());
  std::ifstream file(NETSPLIT_SOURCE_DIR "/docs/coverage.md", std::ios::binary);
  std::ostringstream written;
  written << file.rdbuf();
  if (written.str() == page.value()) return;
  const std::vector<std::string> is = lines_of(written.str());
  const std::vector<std::string> should = lines_of(page.value());
  std::size_t at = 0;
  while (at < is.size() && at < should.size() && is[at] == should[at]) ++at;
  FAIL("docs/coverage.md is out of date from line ", at + 1,
       " on: run ./dev coverage. There is:\n  ", at < is.size() ? is[at] : "nothing more",
       "\nThere should be:\n  ", at < should.size() ? should[at] : "nothing more");
}

TEST_CASE("coverage: every experiment belongs to a claim of its chapter") {
  const std::string page = coverage_page().value();
  CHECK(page.find("Further experiments") == std::string::npos);
  for (const Scenario& scenario : library()) {
    const std::size_t at = page.find("/#" + scenario.id + ")");
    CHECK_MESSAGE(at != std::string::npos, scenario.id);
    const std::size_t chapter = page.rfind("\n## ", at) + 4;
    CHECK_MESSAGE(page.substr(chapter, page.find('\n', chapter) - chapter) == scenario.chapter,
                  scenario.id, ": add it to a claim in core/scenario/claims.h");
  }
}

}  // namespace netsplit::test::coverage_test
#endif
