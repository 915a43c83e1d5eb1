// The texts of the page round the canvas: loading, notices, and the window as text. They are part
// of the one catalogue (ui/strings.h); web/tool/texts_main.cpp hands them to the page under these
// names.
#pragma once

#include <string_view>

namespace netsplit::ui {

// clang-format off
#define NETSPLIT_PAGE_TEXTS(TEXT) \
  /* loading, and what stands there when nothing can be loaded */ \
  TEXT(tagline) TEXT(loading) TEXT(loaded_of) TEXT(loaded) TEXT(try_again) \
  TEXT(from_file) TEXT(from_file_remedy) TEXT(no_wasm) TEXT(no_wasm_remedy) \
  TEXT(no_webgl) TEXT(no_webgl_remedy) TEXT(not_loaded) TEXT(not_loaded_remedy) \
  TEXT(connection_lost) TEXT(server_answered) TEXT(part_missing) \
  TEXT(stopped) TEXT(stopped_remedy) TEXT(stopped_fault) \
  /* the canvas, files, notices */ \
  TEXT(title) TEXT(picture) TEXT(drop_here) TEXT(too_large) TEXT(pasted) TEXT(graphics_lost) \
  TEXT(no_copy) TEXT(link) TEXT(close) TEXT(no_worker) TEXT(no_memory) TEXT(work_fault) \
  /* the same as text: its parts */ \
  TEXT(as_text) TEXT(controls) TEXT(play) TEXT(pause) TEXT(step_back) TEXT(step) TEXT(to_start) \
  TEXT(to_end) TEXT(heal_all) TEXT(copy_run) TEXT(back_to_picture) TEXT(how_it_runs) TEXT(speed) \
  TEXT(seed) TEXT(branch) TEXT(must_hold) TEXT(every_run) TEXT(checks) TEXT(check) TEXT(explore) \
  TEXT(sweep) TEXT(shrink) TEXT(judge) TEXT(start) TEXT(cancel) TEXT(back_to_run) TEXT(nodes) \
  TEXT(links) TEXT(parameters) TEXT(last_events) TEXT(experiments) TEXT(experiment) TEXT(open) \
  TEXT(open_a_file) TEXT(drawn) TEXT(lesson) TEXT(show_me) TEXT(operations) \
  /* and its sentences */ \
  TEXT(playing_at) TEXT(stands_at) TEXT(undecided) TEXT(holds) TEXT(violated) TEXT(guess_first) \
  TEXT(always) TEXT(finally) TEXT(sometimes) TEXT(budget) TEXT(why) TEXT(breaks_later) TEXT(up) \
  TEXT(paused) TEXT(down) TEXT(absent) TEXT(pause_node) TEXT(resume_node) TEXT(crash_node) \
  TEXT(restart_node) TEXT(between) TEXT(link_open) TEXT(link_cut) TEXT(link_one_way) TEXT(cut) \
  TEXT(heal) TEXT(cut_between) TEXT(heal_between) TEXT(branch_from) TEXT(times_real) \
  TEXT(working) TEXT(done_explore) TEXT(done_sweep) TEXT(done_shrink) TEXT(done_judge) \
  TEXT(cancelled) TEXT(open_found) TEXT(show_moment) TEXT(copy_found) \
  TEXT(lesson_step) TEXT(your_turn) TEXT(task_done) TEXT(guessed_right) TEXT(guessed_wrong) \
  TEXT(outcome_ok) TEXT(outcome_failed) TEXT(outcome_unknown) TEXT(outcome_pending)
// clang-format on

struct PageStrings {
#define NETSPLIT_PAGE_TEXT(name) std::string_view name;
  NETSPLIT_PAGE_TEXTS(NETSPLIT_PAGE_TEXT)
#undef NETSPLIT_PAGE_TEXT
};

}  // namespace netsplit::ui
