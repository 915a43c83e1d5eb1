// All text of the interface, in one catalogue, so that another language is another table. Texts of
// protocols and scenarios are their own.
//
// A new text is a name here, a line in strings_english.cpp and one in strings_german.cpp. Where a
// translation is missing, English stands in, and tests/ui/strings_test.cpp names it.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "ui/strings_page.h"

namespace netsplit::ui {

struct Strings {
  // regions
  std::string_view library, lesson, properties, inspector, clients, price, parameters, space_time,
      network;
  // transport
  std::string_view play, pause, step, step_back, share, seed, show_panels, show_library, tip_play,
      tip_pause, tip_step, tip_step_back, tip_restart, tip_share, tip_speed, tip_seed;
  // tools
  std::string_view select, cut, pause_tool, crash_tool, tip_select, tip_cut, tip_pause_tool,
      tip_crash;
  // things one can do
  std::string_view pause_node, resume_node, crash_node, restart_node, isolate, heal_all, drop,
      duplicate, deliver, delay, cut_link, heal_link, select_node;
  // conditions
  std::string_view up, paused_for, down_since, absent, unreachable, waiting_one, waiting_many, held,
      paused, down;
  // properties
  std::string_view holds, violated, will_break, open, seen, not_yet, always, finally, sometimes,
      budget, first_bad_event, judged_at_end, judged_at_rest, show_moment, at_time;
  // inspector
  std::string_view disk, memory, clocks, wall, monotonic, lamport, vector, hybrid, condition, ahead,
      behind, clock_ahead, clock_behind, clock_plot, clock_plot_about, stamps, pick_node, inbox,
      role;
  // clients
  std::string_view no_operations, pending, ok, failed, unknown;
  // the engine's meters, in the order of core/scenario/meters.cpp
  std::string_view sent, delivered, lost, duplicated, bytes, cost, operations_ok, operations_failed,
      operations_unknown, operations_pending, latency_mean, latency_max, message_delays,
      unavailable, violations;
  // space-time
  std::string_view past, future, concurrent, branch, first_run, branch_tip, events_let_go,
      real_time, simulating, comparing, linking, lease, lease_left;
  // the diagram, branches and why
  std::string_view logical_time, tip_real, tip_logical, fit, tip_fit_time, lines, lines_of,
      lines_title, tip_lines, tip_line, lines_note, one_in, event_lamport, lease_number, lease_of,
      lock_by, empty, empty_scripted, empty_by_hand, empty_touch, empty_scripted_touch,
      first_difference, branches, tip_branches, branches_title, branches_note, tip_switch_branch,
      tip_name_branch, tip_compare_branch, tip_delete_branch, branch_needs_name, branch_deleted,
      branches_comparing, branches_equal, differ_at, differ_at_or_before, nothing_more,
      verdicts_same, go_to_difference, guess_first, guess_first_note, show_anyway, led_to_it,
      ask_what_breaks, ask_what_saves, breaks_it, saves_it, breaks_unchanged, tip_try, trying,
      tried_all, nothing_breaks, nothing_saves, too_long, and_more, without_input, with_seed;
  // toasts
  std::string_view link_copied, link_ready, new_branch, run_over, nothing_before, theme_dark,
      theme_light, restarted, skips_idle, undone, redone, nothing_to_undo, nothing_to_redo,
      last_node, name_a_node, unknown_command, unknown_language, too_old, diverged, stopped_steps;
  // hints
  std::string_view hint_play, hint_cut, hint_back, hint_play_brief, hint_cut_brief, hint_back_brief;
  // empty states and the rest
  std::string_view no_scenario, no_scenario_help, message_line, sent_arrives, sent_held,
      sent_waiting, close, network_tab, time_tab, run_tab, answer_later, answer_said, answer_right,
      answer_wrong, next_experiment, moments, event_line;
  // the network's tools, menus and marks
  std::string_view by_hand, partition_tool, clock_tool, tip_partition, tip_clock, tip_by_hand,
      tip_closer, tip_further, tip_fit, apart_both, apart_not_heard, apart_deaf, apart_each,
      heal_around, heal_island, cut_one_way, not_heard, deaf, nodes_one, nodes_many, list_and,
      nothing_apart, lasso_empty, no_such_node, no_link, no_messages, manual_began, manual_over,
      click_delivers, inbox_more, inbox_of, ask_to, set_clock, clock_of, clock_runs, drift_none,
      drift_fast, drift_slow, ntp_on, ntp_off, ntp_is_on, tip_alter, tip_delay_less, tip_delay_more,
      locks_held, log_entries, log_committed, field_coloured_by, field_condition, field_without,
      field_nobody, field_yes, field_no, field_held, field_free, tip_field;
  // the legend
  std::string_view legend, tip_legend, legend_marks, legend_links, legend_token, legend_epoch,
      legend_lock_held, legend_lock_free, legend_lease, legend_timer, legend_log, legend_log_border,
      legend_log_place, legend_clock, legend_inbox, legend_spoken_of, legend_cut,
      legend_cut_one_way, legend_region, legend_lost, legend_step, legend_staging, legend_violation,
      legend_input;
  // checks
  std::string_view check_all, check_all_brief, checking, tip_check_all, check_tab, this_run,
      explore, sweep, shrink, judge, explore_help, sweep_help, shrink_help, judge_help,
      start_explore, start_sweep, start_shrink, start_judge, drops, duplicates, crashes, repeats,
      tip_repeats, symmetry, tip_symmetry, names_count, names_do_not_count, tip_drops,
      tip_duplicates, tip_crashes, seeds, tip_seeds, fault_kinds, time_limit, tip_time_limit,
      no_limit, cancel, found_states, waiting, depth, rate, elapsed, per_second, failing, tried,
      inputs_left, run_steps, of_total, tip_waiting, cancelled_at, of_another_run, of_found_run,
      covered, show_steps, show_step, hide_steps, open_found, tip_open_found, copy_link,
      tip_copy_link, save_found, tip_save_found, tip_shrink_found, tip_copy_command, command_copied,
      show_found_moment, found_branch, found_opened, found_too_long, looking_at_found, back_to,
      check_nothing_there, check_no_answer, check_no_jobs;
  // menu, palette, editor
  std::string_view palette, palette_hint, nothing_found, kind_command, kind_parameter, kind_node,
      kind_link, kind_message, kind_experiment, take_tool, tip_menu, undo, redo, open_file,
      save_file, copy_scenario, save_svg, save_png, path_hint, path_open, path_save, saved_as,
      scenario_copied, no_files, theme_word, theme_system, language_word, keys_title, one_of,
      chapter, key_space, key_home, key_end, key_home_end, key_redo, key_palette, key_edit,
      key_undo, key_open, key_save, key_pages, key_shift, key_enter, key_menu, does_play, does_step,
      does_step_on, does_step_back, does_home, does_end, does_ends, does_speed, does_next,
      does_zoom, does_pan, does_pages, does_fit_time, does_number, does_lesson, does_tab,
      does_enter, does_escape, does_menu, edit_run, edit_title, edit_section, nodes, script,
      run_word, on, off, remove, move_up, move_down, range_line, usual_line, expected_time,
      expected_number, out_of_range, expected_seed, no_parameters, title_word, seed_word,
      until_word, about_until, manual_word, about_manual, latency_word, latency_fixed,
      latency_uniform, latency_exponential, latency_long_tail, about_latency, base_word, about_base,
      fixed_word, about_fixed, spread_word, about_spread_uniform, about_spread_exponential,
      about_spread_long_tail, loss_word, about_loss, duplicate_word, reorder_word, about_duplicate,
      tamper_word, about_tamper, bandwidth_word, about_bandwidth, price_word, about_price,
      fifo_word, about_fifo, on_cut_word, cut_loses, cut_holds, about_on_cut, link_exceptions,
      both_ways, add_link, add_link_hint, two_nodes, about_nodes, clock_settings, add_role,
      joins_later_word, about_joins_later, drift_word, about_drift, offset_word, about_offset,
      about_ntp, ntp_interval_word, about_ntp_interval, ntp_error_word, about_ntp_error,
      about_script, add_input, script_longer, action_word, nodes_hint, everything, anybody,
      any_message, from_node, to_node, message_word, from_word, to_word, field_word, timer_word,
      request_word, by_word, chance_word, one_way_word, parts_word, one_end, other_end, at_nodes,
      act_cut, act_heal, act_partition, act_isolate, act_cut_random, act_link, act_pause,
      act_resume, act_crash, act_restart, act_join, act_leave, act_clock_step, act_clock_drift,
      act_clock_ntp, act_drop, act_duplicate, act_deliver, act_delay, act_alter, act_fire,
      act_request;
  // lesson
  std::string_view start_again, changed_run, your_turn, task_done, show_me, go_without, set_to,
      not_in_this_run;
  // clients' lane
  std::string_view asked_at, answered_at, unknown_since, took, sent_again, may_have_happened,
      not_kept, truth_never, truth_once, truth_often, more_clients;
  // compare
  std::string_view compare, compare_with_it, stop_comparing, remedy, same_series, change_parameter,
      other_scenario, compare_nothing, compare_full, tip_compare, tip_compare_more;
  // what outlasts a visit
  std::string_view work_restored, work_refused, kept_damaged, kept_newer;
  PageStrings page;  // the page round the canvas
};

enum class Language : std::uint8_t { english, german };

struct LanguageInfo {
  std::string_view code;  // ISO 639-1
  std::string_view name;  // in the language itself
};
inline constexpr std::array<LanguageInfo, 2> languages{{{"en", "English"}, {"de", "Deutsch"}}};

// The window's language; English at first.
Language language();
void set_language(Language language);
// The language of a tag as systems and browsers give it ("de_AT.UTF-8", "de-CH"); English when it
// is none of ours.
Language language_of(std::string_view tag);

const Strings& words_of_window();
inline const Strings& t() { return words_of_window(); }

// A catalogue as it was written, text by text in the order of the members above; one that is
// missing is empty.
std::vector<std::string_view> catalogue(Language language);

// A space at which no line breaks.
inline constexpr std::string_view no_break_space = "\xC2\xA0";

// Replaces each {} in turn.
std::string say(std::string_view pattern, std::initializer_list<std::string_view> values);

// "1 204 331", which no line of a paragraph breaks.
std::string grouped(std::uint64_t number);
// A sentence with its long numbers grouped.
std::string with_grouped_numbers(std::string_view sentence);

// A meter's name; the engine's own are translated.
std::string meter_name(std::string_view name);

// A branch's name; those that the engine gives ("first run", "branch 2") are translated.
std::string branch_name(std::string_view name);

// A sentence in which names such as "answer_limit" are read as words.
std::string in_plain_words(std::string_view sentence);

}  // namespace netsplit::ui
