// What a lesson is made of, as data: steps tied to the run, what they speak of, what they wait for,
// and questions whose answers are read off the run. core/scenario/lesson.h holds them against one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/sim/event.h"
#include "core/sim/input.h"
#include "core/sim/property.h"

namespace netsplit {

// Something that happens in a run: a property comes to stand so, or else an event. Parts of an
// event that are empty fit any.
struct Occurrence {
  std::string property;  // "": an event
  Standing standing = Standing::violated;
  EventKind event{};
  std::string node;
  std::string peer;   // of messages and links, the other end
  std::string label;  // as the trace names it: "Granted", "lease_over", "ok", "cut"
  friend bool operator==(const Occurrence&, const Occurrence&) = default;
};

// What the reader is asked to do: an input of their own, or a parameter to set.
struct Task {
  std::optional<Input> input;  // `at_us` and `by_hand` mean nothing here
  std::string parameter;       // when there is no input
  std::int64_t value = 0;
  friend bool operator==(const Task&, const Task&) = default;
};

// What a step speaks of.
struct Highlight {
  enum class Kind : std::uint8_t { node, link, field, property, message, panel };
  Kind kind{};
  std::string node;   // of a node, a field, a link's first end
  std::string other;  // a link's second end
  std::string name;   // of a field ("disk.value"), a property, a message's type, a panel
  friend bool operator==(const Highlight&, const Highlight&) = default;
};

// Where the answer to a question stands in the run, at a moment.
struct Reveal {
  enum class Kind : std::uint8_t {
    none,
    field,      // of `node`: as the inspector shows it
    property,   // the first of two answers when it holds, the second when it is violated
    happened,   // the first of two answers when `happened` has been by then, else the second
    meter,      // the number that the run has counted under `name`
    messages,   // how many were sent that fit `from`, `to`, `label`
    operation,  // what became of an operation of the client `node`: "ok", "failed", …
    result,     // … and with which number it was answered
  };
  Kind kind = Kind::none;
  std::string node;         // messages: the sender
  std::string peer;         // messages: the receiver
  std::string name;         // of the field, property, meter or message's type
  std::int64_t number = 1;  // which of the client's operations, from 1
  Occurrence happened;
  Time at_us = 0;
  // What the run must say for each of the answers; empty: the answers themselves.
  std::vector<std::string> values;
  friend bool operator==(const Reveal&, const Reveal&) = default;
};

// A step begins at its moment and, where it names one, with an occurrence from then on. It lasts
// until the next one begins, and not before the reader has done what it asks for.
struct LessonStep {
  std::string title;
  std::string text;
  Time at_us = 0;
  std::optional<Occurrence> when;
  std::vector<Highlight> highlight;
  std::string question;  // predict-then-reveal: "" when there is none
  std::vector<std::string> answers;
  Reveal reveal;
  std::optional<Task> wait;
  friend bool operator==(const LessonStep&, const LessonStep&) = default;
};

// A one-key jump to the moment where it gets interesting, and what is then done there.
struct Staging {
  std::string title;
  Time at_us = 0;
  std::optional<Occurrence> when;  // the first from `at_us` on
  std::vector<Input> then;         // `at_us` and `by_hand` mean nothing here
  friend bool operator==(const Staging&, const Staging&) = default;
};

// The panels that a step may point at.
const std::vector<std::string>& panel_names();

}  // namespace netsplit
