// Where a reader stands in the lesson: what was guessed, what came out, what is waited for. It
// follows the run; the panel only draws it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/scenario/lesson.h"
#include "core/sim/timeline.h"

namespace netsplit::ui {

struct Model;

struct LessonState {
  // What the run has said to a question that was guessed at.
  struct Truth {
    std::string text;
    std::optional<std::size_t> right;  // of the answers
    std::string why;                   // the witness of the property that decided it
  };

  std::size_t place = 0;                      // the step that is told
  std::size_t passed = 0;                     // steps before this one do not stop playing again
  std::size_t kept = 0;                       // told when the run was varied: stays told
  bool task_done = false;                     // what the step told asks for
  bool left = false;                          // the run is another's, and no task asked for that
  bool arrived = false;                       // the place has just changed: bring it into view
  bool panel_due = true;                      // and the panel that the step points at
  std::map<std::size_t, std::size_t> picked;  // answers, by step
  std::map<std::size_t, Truth> truths;        // on this branch
  // When steps that wait for something began, on this branch.
  std::map<std::size_t, Time> begun_us;

  // For which moment all this holds.
  std::uint64_t generation = UINT64_MAX;
  BranchId branch = -1;
  std::uint64_t step = UINT64_MAX;
  Time cursor_us = -1;
};

// Null when there is no lesson.
const LessonStep* step_told(const Model& model);
// Whether the step is to stop playing: it asks or waits, and the reader has not gone on.
bool holds_up(const Model& model, std::size_t index);
// The answer of the step told, when it has been guessed at and the moment has come.
const LessonState::Truth* truth_of(const Model& model, std::size_t index);

// "Cut: alice, lock": what a step asks for, in the words of the script.
std::string task_words(const Model& model, const Task& task);

// Looks at the run anew, and stops playing where the lesson waits for the reader.
void follow_lesson(Model& model);
// Playing goes no further than this at once.
Time lesson_stop_us(const Model& model, Time target_us);
// And not on when the step of the run just made is what the next such step of the lesson waits for.
bool lesson_stops_here(const Model& model);
// The reader goes on, though the step asks or waits.
void pass_step(Model& model);

void go_to_step(Model& model, std::size_t index);
void pick_answer(Model& model, std::size_t answer);
// Does what the step told asks for.
void show_task(Model& model);
void restart_lesson(Model& model);
// Jumps to a staging's moment and does there what it does.
void stage(Model& model, std::size_t index);

// Whether the step told speaks of it.
bool points_at(const Model& model, Highlight::Kind kind, std::string_view name,
               std::string_view node = {}, std::string_view other = {});

}  // namespace netsplit::ui
