// The space-time diagram (Lamport 1978): one line per node, time to the right, messages as slanted
// lines, and the scrubber on the same axis.
#pragma once

#include <vector>

#include "ui/model.h"
#include "ui/space_time_index.h"

namespace netsplit::ui {

class SpaceTime {
 public:
  void frame(Model& model, const Rect& rect);
  bool moving() const { return dragging_ != Drag::none; }
  Rect track() const { return track_; }

 private:
  enum class Drag : std::uint8_t { none, scrub, pan, press };
  enum class Tense : std::uint8_t { plain, past, future, concurrent, self };
  struct Dot {
    EventIndex event;
    ImVec2 at;
  };

  void settle(Model& model, const Rect& rect);
  void act(Model& model);
  float x_of(double time_us) const;
  double time_at(float x) const;
  float y_of(NodeId id) const;
  Tense tense_of(const Model& model, EventIndex index) const;
  ImU32 tint(const Model& model, ImU32 color, Tense tense, Time at_us) const;
  EventIndex dot_near(ImVec2 mouse) const;

  void draw_header(Model& model) const;
  void draw_axis() const;
  void draw_rows(const Model& model) const;
  void draw_stretches(const Model& model);
  void draw_stretch_names() const;
  void draw_flights(const Model& model);
  void draw_dots(const Model& model);
  void draw_marks(Model& model);
  void draw_track(Model& model);
  void draw_branches(Model& model);
  void draw_scrubber(const Model& model) const;
  void explain(const Model& model);

  SpaceTimeIndex index_;
  ImDrawList* list_ = nullptr;
  Rect whole_, plot_, track_;
  float pitch_ = 0;
  double from_us_ = 0, to_us_ = 1e6;  // what is in view
  double end_us_ = 1e6;               // of the run
  std::string shown_scenario_;
  std::uint64_t shown_generation_ = 0;
  Drag dragging_ = Drag::none;
  bool moved_ = false;
  ImVec2 pressed_at_;
  bool hovered_ = false;
  EventIndex hot_ = no_event;
  std::vector<Dot> dots_;
  // A stretch's name, written when the lines and dots that it must not hide are drawn.
  struct StretchName {
    Rect bar;
    float y;  // of the node's line
    bool above;
    std::string_view word;
    ImU32 color, plate;
    bool paused, down;
  };
  std::vector<StretchName> names_;
  struct Span {
    ImVec2 a, b;
  };
  std::vector<Span> spans_;  // the messages' lines, where there are few
  std::vector<std::uint64_t> last_drawn_;
};

}  // namespace netsplit::ui
