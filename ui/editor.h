// The editor of what is open: parameters, network, nodes, script, and the run's own settings. Every
// change is a run of its own and can be undone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ui/fields.h"
#include "ui/model.h"
#include "ui/setup_edit.h"

namespace netsplit::ui {

inline constexpr float editor_width_css = 440;
inline constexpr std::size_t none_open = static_cast<std::size_t>(-1);

struct EditorState {
  Fields fields;
  std::uint64_t opened = 0;  // whose fields these are
  // Which row shows its details.
  std::size_t input = none_open, group = none_open, link = none_open;
};

// What a frame of the editor works on. A change is noted while the rows are drawn, and made when
// all of them have been.
struct Editing {
  Model& model;
  Fields& fields;
  EditorState& state;
  Column& column;
  const ProtocolInfo& protocol;
  std::optional<Scenario> changed;
  std::string by, typed;  // the field that asked for it, and what stands in it

  const Setup& setup() const { return model.session().setup(); }
  // What to change; Requires: nothing else has changed in this frame.
  Scenario& change(std::string_view field, std::string_view text = {});
  float row_height() const { return px(model.host.touch ? 44 : 32); }
};

std::string_view section_title(Section section);

void editor_drawer(Model& model, EditorState& state, float width, float height);

// The sections, each in a file of its own.
void edit_parameters(Editing& edit);
void edit_network(Editing& edit);
void edit_nodes(Editing& edit);
void edit_script(Editing& edit);
void edit_run(Editing& edit);

// Rows that they share. `info` gives name, unit, range, usual value and explanation.
struct ValueRow {
  std::string name;  // of the control
  std::string label;
  const ParameterInfo& info;
  std::int64_t value = 0;
  bool explained = true;
};
// The new value when another one was entered.
std::optional<std::int64_t> value_row(Editing& edit, const ValueRow& row);
// A label with a text field; true when another text was entered.
bool text_row(Editing& edit, const std::string& name, std::string_view label,
              std::string_view shown, std::string& entered, std::string_view hint = {});
// A label, and the rectangle beside it for a control.
Rect labelled(Editing& edit, std::string_view label);
// The settings of a link as rows; true when one was changed in `link`.
bool link_rows(Editing& edit, const std::string& prefix, LinkSpec& link, bool explained);
// A button as wide as the column.
bool wide_button(Editing& edit, const std::string& name, Icon icon, std::string_view label);

// "5 %", "120ms", "3": as a field shows it, and back. Errors: one sentence that says what is
// expected, in the language of the window.
std::string field_text(const ParameterInfo& info, std::int64_t value);
// The same within a sentence: large numbers are grouped, and no line breaks within.
std::string told_text(const ParameterInfo& info, std::int64_t value);
Result<std::int64_t> read_field(const ParameterInfo& info, std::string_view text);

// An input of the script in words: "Cut · alice – lock".
std::string_view action_word(Action action);
std::string input_words(const Input& input, const NodeIndex& index);

}  // namespace netsplit::ui
