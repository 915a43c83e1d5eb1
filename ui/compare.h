// Variants beside the run: each a run of its own, held at the same moment, with its network in a
// pane. What is compared is a list in the model; this makes the runs and keeps them in step.
#pragma once

#include <memory>
#include <vector>

#include "core/scenario/compare.h"
#include "ui/canvas.h"
#include "ui/model.h"

namespace netsplit::ui {

class Compare {
 public:
  // Makes the variants that the model asks for and takes them to its moment.
  void follow(Model& model);
  // Where the model's own network is drawn; nothing of it while another is shown alone.
  Rect own_pane(const Model& model, const Rect& rect) const;
  // What a heading takes of the pane's height.
  float heading_room(const Model& model) const;
  // The other panes, with a heading over each.
  void frame(Model& model, const Rect& rect);
  // The button that floats over the network, and its menu.
  void overlay(Model& model, const Rect& rect);
  // Where the button was in the last frame.
  const Rect& button_place() const { return button_; }
  bool moving() const;

 private:
  struct Variant {
    std::string what;  // as the model lists it
    bool shares_script = false;
    Model model;
    Canvas canvas;
  };
  // What the variants were made from.
  struct Source {
    std::uint64_t generation = UINT64_MAX;
    BranchId branch = -1;
    std::size_t script_lines = 0;
    std::vector<std::string> compared;
    friend bool operator==(const Source&, const Source&) = default;
  };

  void make(Model& model);
  void tabulate(Model& model);
  Rect pane(const Model& model, const Rect& rect, std::size_t index) const;
  void heading(Model& model, const Rect& rect, std::size_t index);
  void hand_over(Model& model, Variant& variant);
  void menu(Model& model);

  std::vector<std::unique_ptr<Variant>> variants_;
  Source source_;
  Rect button_;
  std::vector<std::uint64_t> steps_;  // at which the table was made
};

// What a cell of this tone is written with.
ImU32 ink_of_tone(Tone tone);

void compare_panel(Model& model, Column& column);

}  // namespace netsplit::ui
