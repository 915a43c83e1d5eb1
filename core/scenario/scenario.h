// A scenario: a setup with what a reader needs to understand it. The same data is shown in the
// library, run by the headless tests, and carried by a link.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/scenario/lesson_step.h"
#include "core/sim/property.h"
#include "core/sim/setup.h"

namespace netsplit {

inline constexpr int format_version = 1;

struct Expectation {
  std::string property;
  Standing standing{};  // at the end of the run: holds or violated
  friend bool operator==(const Expectation&, const Expectation&) = default;
};

// Where a node is drawn, in thousandths of the network's width and height.
struct Position {
  std::string node;
  std::int32_t x = 500;
  std::int32_t y = 500;
  friend bool operator==(const Position&, const Position&) = default;
};

struct Scenario {
  std::string id;          // "lock-gc-pause"
  std::string title;       // "The lock that lies"
  std::string chapter;     // "5 Fencing"; the library is grouped and ordered by it
  std::int32_t order = 0;  // within the chapter
  std::string summary;     // one or two sentences
  Setup setup;
  std::vector<Expectation> expect;
  std::vector<LessonStep> lesson;
  std::vector<Staging> stagings;
  std::vector<Position> positions;
  std::string compare;  // id of the scenario that shows the remedy (or the naive system)
  std::string next;     // id of the next experiment
  std::int64_t speed_ppm = 1'000'000;  // playing speed to start with: 1 000 000 is real time
  friend bool operator==(const Scenario&, const Scenario&) = default;
};

// Reads a scenario written by a person. Unknown keys are refused with their path and the nearest
// known key; names of nodes, parameters and requests are checked against the protocol.
// Errors: one sentence that starts with `where` and the line or path, such as
// "lock.json: script[2].node: there is no node "alcie"; did you mean "alice"?".
Result<Scenario> parse_scenario(std::string_view json, std::string_view where);

// A script alone (`--script FILE`): the array under a scenario's "script" key.
Result<std::vector<Input>> parse_script(std::string_view json, std::string_view where,
                                        const Setup& setup);

// The canonical text: parse_scenario(write_scenario(s)) == s, and the shortest spelling wins.
// Parameters that have their usual value are left out. Requires: the protocol is registered.
std::string write_scenario(const Scenario& scenario);

// The canonical text of a script alone, as parse_script reads it. Requires: as above.
std::string write_script(const std::vector<Input>& script, const Setup& setup);

}  // namespace netsplit
