// Why a property stands as it does: the event that decided it, and what the window keeps to itself
// while a lesson waits for the reader's guess.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/scenario/lesson.h"
#include "core/sim/session.h"
#include "core/sim/timeline.h"

namespace netsplit::ui {

// What never happened, does not hold in the end or came to too much is known at the end of the run;
// no event is to blame for it.
bool judged_at_end(const PropertyState& state);

// The event that decided a property: the witness's, or else the one that the deciding step began
// with, at a node of the witness if there is one. It is a node's own, so that it has a causal past
// to show. no_event when it is no longer kept, or when the end of the run decided it.
EventIndex bad_event_of(const PropertyState& state, const Trace& trace);

// A question of the lesson asks what will happen. As long as the reader has not answered, no
// verdict that falls between the question and its answer is told, neither ahead of time nor when it
// comes.
class Withheld {
 public:
  // `answered`: the steps, by index, whose question the reader has answered. `begun_us`: when a
  // step that waits for something began; what was decided by then is known when its question is
  // asked. `told`: the step that is told, at the end of the run the number of steps. Whoever has
  // once gone on past a question has left it, and the lesson tells what came out.
  void take(const std::vector<LessonStep>& lesson, const std::set<std::size_t>& answered,
            const std::map<std::size_t, Time>& begun_us, std::size_t told, Time now_us);
  // Where the reader stands: the step that is told, and how far this branch was looked at.
  void stand(const std::vector<LessonStep>& lesson, const std::set<std::size_t>& answered,
             std::size_t place, BranchId branch, Time now_us);
  // Whether telling when and how this property was decided would give an answer away.
  bool covers(std::size_t property, const PropertyState& decided) const;
  // Whether what a run simulated further on knows already is told too early: it lies beyond what
  // the reader has seen, and a question is open or a step before it is unread.
  bool covers_ahead(std::size_t property, const PropertyState& ahead) const;
  // The reader would rather see it than guess.
  void show(std::size_t property) { shown_.insert(property); }
  void clear() { *this = {}; }

 private:
  struct Window {
    Time from_us, to_us;
    std::string property;  // asked for by name
  };
  std::vector<Window> windows_;
  std::set<std::size_t> shown_;   // properties
  std::set<std::size_t> passed_;  // steps that the reader has left unanswered
  std::map<BranchId, Time> seen_us_;
  BranchId branch_ = -1;
  std::size_t furthest_ = 0;        // step told so far
  Time unread_from_us_ = never_us;  // of the lesson beyond that step; 0 while a question is open
};

}  // namespace netsplit::ui
