#include "ui/input_text.h"

#include "core/base/names.h"

namespace netsplit::ui {

std::string input_verb(const Input& input) {
  if (input.action == Action::request) return words(input.name);
  std::string verb = words(enumerator_name_of(input.action));
  if (!input.message.label.empty()) verb += " " + input.message.label;
  if (input.action == Action::fire) verb += " " + words(input.name);
  return verb;
}

std::string input_text(const Session& session, const Input& input) {
  std::string text = input_verb(input);
  text += input.action == Action::request ? ": " : " ";
  constexpr std::size_t named_most = 6;
  std::size_t named = 0;
  for (std::size_t g = 0; g < input.groups.size(); ++g) {
    if (g != 0) text += " | ";
    for (std::size_t i = 0; i < input.groups[g].size(); ++i) {
      if (++named > named_most) return text + "\xE2\x80\xA6";
      text += (i != 0 ? ", " : "") + session.node_name(input.groups[g][i]);
    }
  }
  if (input.message.id != 0) text += "message " + std::to_string(input.message.id);
  while (text.ends_with(' ') || text.ends_with(':')) text.pop_back();
  return text;
}

}  // namespace netsplit::ui
