// A message in a few words, as a newcomer wants them: "Write alice, 1" with a dot
// between the parts.
#pragma once

#include <string>
#include <vector>

#include "core/sim/session.h"

namespace netsplit::ui {

// The name, if it has one, and what its content says, the most telling first, cut short where it
// grows long.
std::string message_label(std::string_view name, const Row& content);

// A field's value as `assign` reads it: "true", "conditional_write", "alice", a number.
std::string text_to_assign(const Row& field);

// The leaves of a message's content by their path, for a card that shows and changes them.
struct FieldShown {
  std::string path;  // "entry.term"
  std::string text;  // for people
  std::string raw;   // as `assign` reads it; empty when it cannot be set as one value
  Hint hint = Hint::none;
};
std::vector<FieldShown> fields_of(const Row& content);

}  // namespace netsplit::ui
