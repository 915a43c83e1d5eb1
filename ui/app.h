// The window as its hosts see it: the desktop program and the web page own a graphics context and
// an ImGui context, and hand every frame to one App. The App knows neither GLFW nor the browser.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "ui/host.h"
#include "ui/theme.h"

namespace netsplit::ui {

struct Model;
struct Panels;

class App {
 public:
  explicit App(Host host);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // Errors (all three): one sentence; what is open stays, and a toast shows the sentence.
  Status open_scenario(std::string_view id);
  // A link that carries a hash is replayed and compared; the toast says what came out.
  Status open_link(std::string_view link);
  Status open_file(std::string_view text, std::string_view name);
  // The work that the last visit kept (Host::kept), if there is any and it is sound; a toast tells.
  void restore();

  // Draws one frame. Requires: between ImGui::NewFrame and ImGui::Render. Uses io.DisplaySize.
  void frame(double dt_seconds);

  // False: nothing will change without input, so the host may stop drawing.
  bool animating() const;

  // Long work is under way; the host is heard from when it has news.
  bool checking() const;

  // What the window shows, as JSON: for the page's HTML mirror and for tests. Coordinates are CSS
  // pixels from the window's top left.
  std::string mirror() const;

  // Errors: when the run does not fit into a link.
  Result<std::string> share_link();

  // Tab, from a page whose own controls go on where the window's end: false there.
  bool tab(bool back);

  // "play", "pause", "toggle_play", "step", "step_back", "restart", "home", "end", "share",
  // "theme" (system, dark, light), "system_theme" (dark, light), "language" (en, de), "motion"
  // (reduced, full), "palette", "keys", "legend", "edit" (section), "edit_parameter" (name),
  // "undo", "redo", "open_file", "save", "save_picture" (svg, png), "copy_scenario", "seek" (µs),
  // "seek_step", "speed" (ppm of real time), "seed", "open" (id), "select_tool" (select, cut,
  // partition, pause, crash, clock), "select" (node), "cut" and "heal" (a,b), "heal_all",
  // "pause_node", "resume_node", "crash_node", "restart_node", "isolate" (node), "branch" (number),
  // "parameter" (name=value), "bad_event" (property), "compare" (id, name=value, off; nothing: the
  // remedy), "lesson" (step), "lesson_restart", "lesson_show", "answer", "stage" (number), "drop",
  // "duplicate", "deliver", "delay" (message number), and those of ui/checker.h.
  // Of the diagram: "time_axis" (real, logical), "time_zoom" (in, out), "time_pan" (left, right),
  // "time_fit", "time_range" (from,to), "hide_line" and "show_line" (node), "move_line"
  // (node,line), "select_event" (index). Of branches: "name_branch" (number,name), "delete_branch"
  // (number), "compare_branches" (a,b). Of properties: "what_if" and "show_verdict" (property).
  // "name:argument" in one text is accepted too. What is not known or does not fit is answered by a
  // toast.
  void command(std::string_view name, std::string_view argument = {});

  // Whether the light theme is on; a host paints its own background accordingly.
  bool light() const;

 private:
  std::unique_ptr<Model> model_;
  std::unique_ptr<Panels> panels_;
};

}  // namespace netsplit::ui
