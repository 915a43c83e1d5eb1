// Commands that concern the window itself: theme, language, what lies over it.
#include <algorithm>

#include "ui/model.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

Error no_such(std::string_view what, std::string_view found) {
  return Error{"There is no " + std::string(what) + " \"" + std::string(found.substr(0, 60)) +
               "\"."};
}

}  // namespace

void Model::choose_theme(ThemeChoice choice) {
  theme_choice = choice;
  const bool light =
      choice == ThemeChoice::light || (choice == ThemeChoice::system && host.prefers_light);
  apply_theme(light ? Theme::light : Theme::dark);
}

Status Model::command_on_window(std::string_view name, std::string_view argument, bool& known) {
  known = true;
  if (name == "theme") {
    const auto at = std::find(theme_names.begin(), theme_names.end(), argument);
    if (at == theme_names.end()) return no_such("theme", argument);
    choose_theme(static_cast<ThemeChoice>(at - theme_names.begin()));
    kept.theme = theme_choice == ThemeChoice::system ? "" : argument;
    return keep(), Done{};
  }
  // What the surroundings prefer has changed.
  if (name == "system_theme") {
    host.prefers_light = argument == "light";
    return choose_theme(theme_choice), Done{};
  }
  if (name == "language") {
    for (std::size_t i = 0; i < languages.size(); ++i) {
      if (languages[i].code != argument) continue;
      set_language(static_cast<Language>(i));
      kept.language = argument;
      return keep(), Done{};
    }
    return Error{say(t().unknown_language, {argument.substr(0, 60)})};
  }
  if (name == "motion") {
    if (argument != "reduced" && argument != "full")
      return Error{"Motion is \"reduced\" or \"full\", not \"" + std::string(argument) + "\"."};
    host.reduced_motion = argument == "reduced";
    return Done{};
  }
  if (name == "palette" || name == "keys") {
    const Overlay wanted = name == "palette" ? Overlay::palette : Overlay::keys;
    overlay = overlay == wanted ? Overlay::none : wanted;
    return Done{};
  }
  if (name == "legend") return legend.open = !legend.open, Done{};
  if (name == "library") {
    library_open = !library_open;
    sheet = Sheet::lesson;
    return Done{};
  }
  if (name == "edit") {
    if (argument == "close") return editing = false, Done{};
    const auto at = std::find(section_names.begin(), section_names.end(), argument);
    if (!argument.empty() && at == section_names.end()) return no_such("section", argument);
    editing = argument.empty() ? !editing : true;
    if (!argument.empty()) section = static_cast<Section>(at - section_names.begin());
    return Done{};
  }
  if (name == "open_file") return ask_for_file(), Done{};
  if (name == "select_tool") {
    const auto at = std::find(tool_names.begin(), tool_names.end(), argument);
    if (at == tool_names.end()) return no_such("tool", argument);
    tool = static_cast<Tool>(at - tool_names.begin());
    return Done{};
  }
  known = false;
  return Done{};
}

}  // namespace netsplit::ui
