// What the surroundings can do for the window. Any function may be empty.
#pragma once

#include <functional>
#include <string>

namespace netsplit::ui {

struct Host {
  std::function<void(const std::string&)> copy_text;
  std::function<void(const std::string&)> link_changed;  // the page writes it into its fragment
  bool reduced_motion = false;
  bool prefers_light = false;
  bool touch = false;
  std::string language = {};  // the system's, as a tag: "de-AT"
};

}  // namespace netsplit::ui
