// A scenario run to its end without a window, judged, and written down for other programs.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/scenario/reproduction.h"
#include "core/scenario/scenario.h"
#include "core/sim/session.h"

namespace netsplit {

struct JudgedProperty {
  PropertyState state;
  std::optional<Standing> expected;  // what the scenario's `expect` says, if anything
  bool as_expected = true;
};

// Errors: `expect` names a property that the protocol does not have; as check_lesson.
// A property that `expect` does not name is as expected unless it is an *always* and violated.
Result<std::vector<JudgedProperty>> judge(const Scenario& scenario, const Session& session);

bool all_as_expected(const std::vector<JudgedProperty>& properties);

struct HeadlessRun {
  std::unique_ptr<Session> session;  // at its end
  Trace trace;                       // the last `events_max` events at least
  std::vector<JudgedProperty> properties;
};

// Called after each step that made events; `from` is the first of them.
using OnEvents = std::function<void(const Session&, const Trace&, EventIndex from)>;

// Errors: as make_session and judge; nothing has run then.
Result<HeadlessRun> run_headless(const Scenario& scenario, const OnEvents& on_events = {},
                                 std::int64_t events_max = 1 << 19);

// What the event's label stands for: "Granted", "lease_over", "ok", "cut"; may be empty.
std::string event_label(const Session& session, const Event& event);

// One event with all its stamps as one line of JSON, without a line break. docs/formats.md.
// Requires: the trace keeps the event.
std::string event_json(const Session& session, const Trace& trace, EventIndex index);

// The whole judgement as one JSON document. docs/formats.md.
std::string report_json(const Scenario& scenario, const HeadlessRun& run, const std::string& link,
                        const std::optional<Comparison>& compared = std::nullopt);

}  // namespace netsplit
