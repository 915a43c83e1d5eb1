// A lesson held against a run: which step it has come to, whether the reader has done what is
// asked, and the answers to its questions. Nobody writes down what the run can tell.
//
// The trace may reach beyond the session's moment, as a time line's does; what is later is not
// looked at.
#pragma once

#include <optional>
#include <string>

#include "core/scenario/scenario.h"
#include "core/sim/session.h"

namespace netsplit {

// The first step of the run, from `from_us` on, at whose end `occurrence` has come about; nothing
// when it has not. Cost: a walk through the trace's events from there on.
std::optional<std::uint64_t> step_of(const Occurrence& occurrence, Time from_us,
                                     const Session& session, const Trace& trace);

// Whether inputs made by hand, from `from_us` on, have brought about what the task asks for: the
// same links cut in whatever way, the same nodes paused, a message of the same kind dropped.
bool is_done(const Task& task, Time from_us, const Session& session, const Trace& trace);

// Which step of the lesson is being told when the reader looks at `cursor_us`: a step follows once
// it has begun and what the one before asks for is done, or is among the first `skipped` steps.
// Requires: the lesson has a step.
std::size_t lesson_place(const std::vector<LessonStep>& lesson, const Session& session,
                         const Trace& trace, Time cursor_us, std::size_t skipped = 0);

// What the run, as it stands, answers. Empty when there is no such thing, or it is not decided yet.
// For yes and no it is the step's first or second answer.
std::string answer_of(const LessonStep& step, const Session& session, const Trace& trace);

// Which of the step's answers the run's answer is: the one whose value (or, without values, whose
// text) equals it, or else begins with it as a word of its own ("3 messages").
std::optional<std::size_t> right_answer(const LessonStep& step, const std::string& answer);

// The property that the step's answer depends on; null when it asks for something else.
const PropertyState* property_asked(const LessonStep& step, const Session& session);

// The row of a node's field, "disk.value" one inside a group; nothing when there is none.
std::optional<Row> find_field(const Session& session, std::string_view node, std::string_view path);

// Errors: the first property or meter that the lesson or a staging speaks of and the protocol does
// not have, with its path.
Status check_lesson(const Scenario& scenario, const Session& session);

}  // namespace netsplit
