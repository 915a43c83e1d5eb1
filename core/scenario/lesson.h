// The answer to a lesson's question, read off the run: nobody writes it down twice.
#pragma once

#include <string>

#include "core/scenario/scenario.h"
#include "core/sim/session.h"

namespace netsplit {

// What the run, as it stands, answers to the step's question: a field of a node as the inspector
// shows it, or the first answer when the property holds and the second when it is violated. Empty
// when there is no such field or property, or the property is not decided yet.
std::string answer_of(const LessonStep& step, const Session& session);

// The property that the step's answer depends on; null when it asks for a field.
const PropertyState* property_asked(const LessonStep& step, const Session& session);

}  // namespace netsplit
