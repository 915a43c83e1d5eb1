#include "ui/strings.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "ui/strings_german.h"

namespace netsplit::ui {
namespace {

constexpr Strings english{
    .library = "Library",
    .lesson = "Lesson",
    .properties = "Properties",
    .inspector = "Inspector",
    .clients = "Clients",
    .price = "Price so far",
    .parameters = "Parameters",
    .space_time = "Space-time",
    .network = "Network",
    .more = "More",
    .about_run = "This run",

    .play = "Play",
    .pause = "Pause",
    .step = "Step",
    .step_back = "Back",
    .restart = "Restart",
    .share = "Share",
    .speed = "Speed",
    .time = "Time",
    .seed = "seed",
    .to_dark = "Dark theme",
    .to_light = "Light theme",
    .show_panels = "Properties, inspector, clients",
    .show_library = "Library and lesson",
    .tip_play = "Play\nSpace",
    .tip_pause = "Stop here\nSpace",
    .tip_step = "One event on\nRight arrow",
    .tip_step_back = "One event back\nLeft arrow",
    .tip_restart = "Back to the first moment\nHome",
    .tip_share = "Copy a link that reproduces this run, every event of it",
    .tip_speed = "Simulated time per real time; drag, or use the wheel",
    .tip_seed = "Another seed is another draw of latencies, losses and choices",

    .select = "Select",
    .cut = "Cut",
    .pause_tool = "Pause",
    .crash_tool = "Crash",
    .tip_select = "Select a node, a link or a message\nV",
    .tip_cut = "Cut a link: click it, or drag the knife across several. Again to heal\nC",
    .tip_pause_tool = "Pause a process, as a garbage collection would; again to let it run\nP",
    .tip_crash = "Crash a node: its memory is lost, its disk stays; again to restart it\nX",

    .pause_node = "Pause",
    .resume_node = "Let it run",
    .crash_node = "Crash",
    .restart_node = "Restart",
    .isolate = "Isolate from all others",
    .heal_all = "Heal all cuts",
    .heal_node = "Heal its links",
    .drop = "Drop",
    .duplicate = "Duplicate",
    .deliver = "Deliver now",
    .delay = "Delay by {}",
    .cut_link = "Cut this link",
    .heal_link = "Heal this link",
    .select_node = "Inspect",

    .up = "up",
    .paused_for = "paused for {}",
    .down_since = "down for {}",
    .absent = "not here yet",
    .unreachable = "{} cannot reach {}",
    .waiting_one = "1 delivery waits",
    .waiting_many = "{} deliveries wait",
    .in_flight = "in flight",
    .held = "held at the cut",
    .in_inbox = "waits in the inbox of {}",
    .busy = "busy",
    .paused = "paused",
    .down = "down",

    .holds = "holds",
    .violated = "violated",
    .will_break = "will break",
    .open = "not decided yet",
    .seen = "seen",
    .not_yet = "not seen yet",
    .always = "always",
    .finally = "in the end",
    .sometimes = "at least once",
    .budget = "budget",
    .first_bad_event = "first bad event",
    .show_moment = "show the moment",
    .at_time = "at {}",

    .disk = "Disk, survives a crash",
    .memory = "Memory",
    .clocks = "Clocks",
    .wall = "wall",
    .monotonic = "monotonic",
    .lamport = "Lamport",
    .vector = "vector",
    .hybrid = "hybrid",
    .condition = "condition",
    .ahead = "{} ahead",
    .behind = "{} behind",
    .exact = "exact",
    .clock_ahead = "clock {} ahead",
    .clock_behind = "clock {} behind",
    .stamps = "Stamps, as the simulator counts them",
    .pick_node = "Click a node to look inside: its disk, its memory and its clocks.",
    .no_fields = "It keeps nothing.",
    .inbox = "inbox",
    .role = "role",
    .was = "was {}",

    .no_operations = "No client has asked for anything yet.",
    .pending = "waiting",
    .ok = "ok",
    .failed = "failed",
    .unknown = "unknown",
    .messages = "messages",
    .delivered = "delivered",
    .lost = "lost",
    .duplicated = "duplicated",
    .traffic = "traffic",
    .cost = "cost",
    .steps = "events",

    .past = "its past",
    .future = "its future",
    .concurrent = "concurrent",
    .clear_shading = "Click again to clear",
    .branch = "branch {}",
    .main_line = "as scripted",
    .branch_tip = "Left the run at {}. Click to go there.",
    .now = "now",
    .events_let_go = "The first {} events are no longer kept.",
    .real_time = "real time",
    .simulating = "simulating: {} of {}",
    .comparing = "comparing with the link: step {} of {}",
    .linking = "simulating for the link: step {} of {}",
    .lease = "lease",
    .lease_left = "lease \xC2\xB7 {} left",

    .link_copied = "Link copied. Whoever opens it sees this very run.",
    .link_ready = "The link stands in the address bar.",
    .new_branch = "A new branch: the run you came from is kept.",
    .run_over = "The run ends here.",
    .nothing_before = "This is the first moment.",
    .theme_dark = "Dark",
    .theme_light = "Light",
    .restarted = "Restarted with seed {}.",
    .unknown_command = "There is no command \"{}\".",
    .unknown_language = "There is no language \"{}\" here; expected en or de.",
    .too_old = "This event is no longer kept.",
    .diverged = "A replay did not repeat the run: {}",
    .stopped_steps = "The run was stopped after {} steps: it would have run away.",

    .hint_play = "Press Space to play",
    .hint_cut = "Take Cut and drag across a link",
    .hint_back = "Pull the time line back",
    .hint_play_brief = "Press Play",
    .hint_cut_brief = "Cut a link",
    .hint_back_brief = "Pull time back",

    .no_scenario = "Nothing is open",
    .no_scenario_help = "Choose an experiment from the library on the left.",
    .message_line = "{} from {} to {}",
    .sent_arrives = "sent {} \xC2\xB7 arrives {}",
    .sent_held = "sent {} \xC2\xB7 held at the cut",
    .sent_waiting = "sent {} \xC2\xB7 waits in the inbox",
    .close = "Close",
    .network_tab = "Lesson",
    .time_tab = "Time",
    .run_tab = "Inspect",
    .answer_later = "You will see at {}.",
    .answer_said = "You said: {}.",
    .answer_right = "Right: {}.",
    .answer_wrong = "The run says: {}.",
    .next_experiment = "Next",
    .moments = "Moments",
    .recorded_until = "recorded until {}",
    .event_line = "event {} \xC2\xB7 {}",

    .by_hand = "By hand",
    .partition_tool = "Partition",
    .clock_tool = "Clock",
    .tip_partition =
        "Draw round some nodes to part them from the rest; click a region to heal it\nL",
    .tip_clock =
        "Drag a node's clock to let it run fast or slow; click it to step it or for NTP\nK",
    .tip_by_hand = "By hand: nothing arrives and no timer runs out until you say so\nH",
    .tip_closer = "Closer\n+",
    .tip_further = "Further away\n\xE2\x88\x92",
    .tip_fit = "The whole network\n0",
    .apart_both = "Part them, both ways",
    .apart_not_heard = "Nobody hears them",
    .apart_deaf = "They hear nobody",
    .apart_each = "Isolate each of them",
    .heal_around = "Heal their links",
    .heal_island = "Heal this partition",
    .cut_one_way = "Cut {} to {} only",
    .not_heard = "{}: not heard by {}, but hears",
    .deaf = "{}: hears nothing from {}, but is heard",
    .nodes_one = "1 node",
    .nodes_many = "{} nodes",
    .list_and = " and ",
    .nothing_apart = "A partition needs nodes inside and outside.",
    .lasso_empty = "No node is inside. Draw round the middle of a node.",
    .no_such_node = "There is no node \"{}\".",
    .no_link = "{} and {} never talk: there is no link to cut.",
    .no_messages = "No message is on its way.",
    .manual_began = "By hand, from the start: click what waits beside a node to deliver it.",
    .manual_over = "Messages arrive by themselves again, from the start.",
    .click_delivers = "Click to deliver; right-click for more",
    .inbox_more = "{} more",
    .inbox_of = "What waits for {}",
    .ask_to = "Ask to {}",
    .set_clock = "Its clock",
    .clock_of = "Clock of {}",
    .clock_runs = "It {}",
    .drift_none = "runs right",
    .drift_fast = "runs {} fast",
    .drift_slow = "runs {} slow",
    .ntp_on = "Keep it right by NTP",
    .ntp_off = "Stop NTP",
    .ntp_is_on = "kept right by NTP",
    .tip_alter = "Click to write something else into the message",
    .tip_delay_less = "Half as long",
    .tip_delay_more = "Twice as long",
    .locks_held = "{} of {} held",
    .log_entries = "{} entries",
    .log_committed = "{} committed",
    .field_coloured_by = "Coloured by {}",
    .field_condition = "condition",
    .field_without = "has none",
    .field_nobody = "nobody",
    .field_yes = "yes",
    .field_no = "no",
    .field_held = "held",
    .field_free = "free",
    .tip_field = "Choose the value that colours the nodes",
    .check_all = "Check all interleavings",
    .check_all_brief = "Check",
    .checking = "Checking",
    .tip_check_all = "Explore every order of messages and timers, not only this run\nI",
    .check_tab = "Check",
    .this_run = "This run",
    .all_runs = "Check",
    .tip_all_runs = "Look beyond this run: explore, sweep, shrink, judge",
    .explore = "Explore",
    .sweep = "Sweep",
    .shrink = "Shrink",
    .judge = "Judge",
    .explore_help =
        "Every order in which messages arrive and timers run out, without time, and as many faults "
        "as you allow. What it finds has the fewest steps.",
    .sweep_help =
        "Seed after seed, in time, each under random faults of its own; then all is healed. What "
        "fails is a run to look at.",
    .shrink_help =
        "Takes away from this run whatever its violation does not need: inputs, nodes, time.",
    .judge_help =
        "Is there one order of the clients' operations that explains every answer? "
        "(Linearizability of this run's history.)",
    .start_explore = "Explore every run",
    .start_sweep = "Sweep the seeds",
    .start_shrink = "Shrink this run",
    .start_judge = "Judge the history",
    .drops = "lost messages",
    .duplicates = "doubled messages",
    .crashes = "crashes",
    .repeats = "timer repeats",
    .tip_repeats = "How often the same timer of a node may run out",
    .tip_drops = "How many messages may be lost in one run, any of them at any moment",
    .tip_duplicates = "How many messages may arrive twice in one run",
    .tip_crashes = "How many crashes one run may have, of any node at any moment",
    .seeds = "seeds",
    .tip_seeds = "From seed 1 on",
    .fault_kinds = "faults",
    .tip_fault_kinds = "Which kinds are drawn from",
    .all_kinds = "all kinds",
    .no_kinds = "none",
    .some_kinds = "{} of {} kinds",
    .time_limit = "time limit",
    .tip_time_limit = "Then it stops and reports how far it came",
    .no_limit = "none",
    .cancel = "Cancel",
    .found_states = "states",
    .found_steps = "steps",
    .waiting = "waiting",
    .depth = "depth",
    .rate = "rate",
    .elapsed = "time",
    .per_second = "{} a second",
    .failing = "failing",
    .tried = "runs tried",
    .inputs_left = "inputs left",
    .run_steps = "steps run",
    .of_total = "{} of {}",
    .tip_waiting = "States that were found and not yet looked beyond, by depth",
    .cancelled_at = "Cancelled. Nothing is said about what was not looked at.",
    .of_another_run = "Of the run as it was before you changed it.",
    .covered = "What was covered",
    .show_steps = "Show the {} steps",
    .hide_steps = "Hide the steps",
    .open_found = "Open",
    .tip_open_found = "As a branch beside this run, which is kept",
    .copy_link = "Link",
    .tip_copy_link = "Copy a link to this run",
    .save_found = "Save",
    .tip_save_found = "As a scenario file, to run again as a test",
    .tip_shrink_found = "Make it as small as it gets",
    .copy_command = "Copy the command",
    .tip_copy_command = "The same on the command line",
    .command_copied = "Copied: {}",
    .show_found_moment = "Show the moment",
    .found_branch = "found: {}",
    .found_opened = "Opened beside your run, which is kept. Step through it.",
    .found_saved = "Saved as {}.",
    .found_too_long = "This run is too long for a link. Save it as a file instead.",
    .looking_at_found = "You are looking at a run that was found.",
    .back_to = "Back to {}",
    .check_nothing_there = "There is nothing to show there.",
    .check_no_answer = "The work ended without an answer.",
    .check_no_jobs = "Long work cannot be done here: the browser offers no Workers.",
};

// The struct is nothing but its texts, so that a catalogue can be walked through.
using Texts = std::array<std::string_view, sizeof(Strings) / sizeof(std::string_view)>;
static_assert(std::is_trivially_copyable_v<Strings> && sizeof(Texts) == sizeof(Strings));

Texts texts_of(const Strings& strings) {
  Texts texts;
  std::memcpy(static_cast<void*>(texts.data()), &strings, sizeof texts);
  return texts;
}

// `strings`, with English where it says nothing.
Strings completed(const Strings& strings) {
  Texts texts = texts_of(strings);
  const Texts usual = texts_of(english);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].empty()) texts[i] = usual[i];
  }
  Strings all = english;
  std::memcpy(static_cast<void*>(&all), texts.data(), sizeof all);
  return all;
}

const Strings& completed_german() {
  static const Strings all = completed(german());
  return all;
}

Language current = Language::english;

}  // namespace

Language language() { return current; }
void set_language(Language language) { current = language; }

Language language_of(std::string_view tag) {
  const std::string_view code = tag.substr(0, tag.find_first_of("-_.@"));
  const auto* found = std::find_if(languages.begin(), languages.end(),
                                   [&](const LanguageInfo& each) { return each.code == code; });
  return found == languages.end() ? Language::english
                                  : static_cast<Language>(found - languages.begin());
}

const Strings& words_of_window() {
  return current == Language::german ? completed_german() : english;
}

std::vector<std::string_view> catalogue(Language language) {
  const Texts texts = texts_of(language == Language::german ? german() : english);
  return {texts.begin(), texts.end()};
}

std::string say(std::string_view pattern, std::initializer_list<std::string_view> values) {
  std::string text;
  const auto* value = values.begin();
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '{' && i + 1 < pattern.size() && pattern[i + 1] == '}' &&
        value != values.end()) {
      text += *value++;
      ++i;
    } else {
      text += pattern[i];
    }
  }
  return text;
}

}  // namespace netsplit::ui
