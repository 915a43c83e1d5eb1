// The space-time diagram (Lamport 1978): one line per node, time to the right, messages as slanted
// lines, and the scrubber on the same axis. Dense parts are drawn as bars and samples: what a frame
// costs depends on the width of the window, not on the length of the run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ui/held_locks.h"
#include "ui/hidden_paths.h"
#include "ui/model.h"
#include "ui/space_time_index.h"

namespace netsplit::ui {

class SpaceTime {
 public:
  void frame(Model& model, const Rect& rect);
  bool moving() const { return dragging_ != Drag::none || locks_.running(); }
  Rect track() const { return track_; }
  const SpaceTimeIndex& index() const { return index_; }

 private:
  enum class Drag : std::uint8_t { none, scrub, pan, press, row };
  // A stretch's name, written when the lines and dots that it must not hide are drawn.
  struct StretchName {
    Rect bar;
    float y;  // of the node's line
    bool above;
    std::string word;
    ImU32 color, plate;
    Icon icon;
  };
  struct Span {
    ImVec2 a, b;
    std::uint16_t kind;
    bool labelled;
  };
  // A thing in the strip above the lines that one can jump to.
  struct Flag {
    enum class Kind : std::uint8_t { violation, lesson, staging, difference } kind{};
    float at;  // where it belongs
    float x;   // where there is room
    std::size_t index;
  };
  // A moment of the lesson in this run; nothing while what it waits for has not come about.
  struct LessonMoment {
    Flag::Kind kind{};
    std::size_t index = 0;
    std::optional<std::uint64_t> step;  // of an occurrence
    Time at_us = 0;
    bool found = false;
  };

  // space_time.cpp: what is where, and what a person does
  void settle(Model& model, const Rect& rect);
  void act(Model& model);
  void press_rows(Model& model);
  void wheel(Model& model);
  void scrub_to(Model& model, float x) const;
  void click(Model& model);
  float x_of(double at) const;
  double at_of(float x) const;
  float y_of(NodeId id) const;
  bool shown(NodeId id) const { return line_of_[static_cast<std::size_t>(id.value)] >= 0; }
  double cursor_at(const Model& model) const;
  double known_at(const Model& model) const;
  double on_axis(const Model& model, std::uint64_t step, Time time_us) const;
  EventIndex event_near(ImVec2 mouse) const;
  void explain(const Model& model);

  // space_time_draw.cpp: lines, events, messages
  ImU32 tint(ImU32 color, Tense tense, bool later) const;
  void draw_axis() const;
  void draw_rows(const Model& model) const;
  void draw_dots(const Model& model);
  void draw_line_of_dots(NodeId id, float y);
  void draw_dot(const Mark& mark, ImVec2 at);
  void draw_flights(const Model& model);
  void draw_flight(const Model& model, const Flight& flight);
  void draw_unfinished(const Model& model, const Flight& flight, ImU32 color);
  void draw_hidden_paths();

  // space_time_bars.cpp: stretches of time, and words between the lines
  void draw_stretches(const Model& model);
  void draw_stretch(const Model& model, const Stretch& stretch, float x0, float x1, bool later);
  void draw_locks(const Model& model);
  std::string lease_name(const Model& model, const Stretch& stretch) const;
  void draw_stretch_names();
  void draw_message_names(const Model& model);
  void draw_planned(const Model& model);
  bool claim(const Rect& area);
  bool crosses_a_line(const Rect& area) const;

  // space_time_marks.cpp: header, flags, track, scrubber
  void draw_header(Model& model);
  void draw_shades(float x, float right, float baseline) const;
  void rows_menu(Model& model);
  void place_menu() const;
  void find_moments(const Model& model);
  void gather_flags(const Model& model);
  void draw_flags(Model& model);
  void draw_track(Model& model);
  void draw_scrubber(const Model& model) const;
  void draw_cut() const;
  void draw_empty(const Model& model);

  // branches.cpp
  void draw_branches(Model& model);
  void branches_menu(Model& model);
  void rename_field(Model& model, const Rect& area);

  SpaceTimeIndex index_;
  HiddenPaths hidden_;
  HeldLocks locks_;
  ImDrawList* list_ = nullptr;
  Rect whole_, plot_, track_;
  float pitch_ = 0;
  TimeView* view_ = nullptr;  // the model's, while a frame is drawn
  const CausalCone* cone_ = nullptr;
  Time now_us_ = 0;  // of the cursor
  EventIndex now_event_ = no_event;
  std::vector<std::int32_t> line_of_;
  std::string shown_scenario_;
  Drag dragging_ = Drag::none;
  NodeId dragged_row_;
  bool moved_ = false;
  ImVec2 pressed_at_;
  std::vector<Rect> over_;  // controls that lay on the diagram in the last frame
  bool hovered_ = false;
  EventIndex hot_ = no_event;
  std::size_t stride_ = 1;  // every how manieth message is drawn
  bool fine_ = false;       // few enough messages to draw each with care
  std::vector<ImVec2> dots_;
  std::vector<StretchName> names_;
  std::vector<Rect> thin_bars_;  // of leases and locks, which words keep clear of
  std::vector<Span> spans_;      // the messages' lines, where there are few
  std::vector<Rect> taken_;      // by words and signs
  std::vector<Flag> flags_;
  std::vector<LessonMoment> moments_;  // of the lesson and its stagings
  std::uint64_t moments_generation_ = 0;
  BranchId moments_branch_ = -1;
  EventIndex moments_known_ = 0;  // how much of the trace has been looked at
  BranchId renaming_ = -1;
  char new_name_[128] = "";
  bool focus_name_ = false;
  std::vector<float> busy_until_;  // by node: how far its line is covered by a bar already
};

}  // namespace netsplit::ui
