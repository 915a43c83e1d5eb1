// Fields that take text or one of a few choices. What does not fit is refused by one sentence below
// the field, and what was typed stays to be mended.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "ui/widgets.h"

namespace netsplit::ui {

struct Fields {
  std::string active;  // the field that is being typed into
  std::string typed;
  std::string asked;  // a field that shall take the keyboard
  struct Refusal {
    std::string text;      // what was typed
    std::string sentence;  // what was expected
  };
  std::map<std::string, Refusal> refused;  // by field

  void refuse(const std::string& name, std::string text, std::string sentence) {
    refused[name] = {std::move(text), std::move(sentence)};
  }
};

// True when something else was entered: by Enter, or by leaving the field. `entered` is only then
// written to. The caller refuses it or takes it.
bool text_field(Controls& controls, Fields& fields, const std::string& name, const Rect& rect,
                std::string_view shown, std::string& entered, Type type = Type::mono,
                std::string_view hint = {});
// The sentence of a refused field, if any, below it.
void refusal(Fields& fields, const std::string& name, Column& column);

// One of a few choices, all shown side by side; the chosen one's number, or the pressed one's.
std::size_t segments(Controls& controls, const std::string& name, const Rect& rect,
                     std::span<const std::string> choices, std::size_t chosen);
// One of many choices, in a menu that opens below.
std::size_t dropdown(Controls& controls, const std::string& name, const Rect& rect,
                     std::span<const std::string> choices, std::size_t chosen);
// On or off.
bool toggle(Controls& controls, const std::string& name, const Rect& rect, bool on);

}  // namespace netsplit::ui
