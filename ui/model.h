// What is open and how it is looked at. Panels read the model and call its actions; a person's
// gesture, a key and a command of the page end in the same function.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/scenario/link.h"
#include "core/scenario/registry.h"
#include "core/scenario/scenario.h"
#include "core/sim/timeline.h"
#include "ui/branch_comparison.h"
#include "ui/causal_cone.h"
#include "ui/checker.h"
#include "ui/draw.h"
#include "ui/history.h"
#include "ui/host.h"
#include "ui/kept.h"
#include "ui/legend.h"
#include "ui/lesson_state.h"
#include "ui/moment.h"
#include "ui/time_view.h"
#include "ui/what_if.h"
#include "ui/why.h"
#include "ui/widgets.h"

namespace netsplit::ui {

enum class Tool : std::uint8_t { select, cut, partition, pause, crash, clock };
inline constexpr std::array<std::string_view, 6> tool_names{"select", "cut",   "partition",
                                                            "pause",  "crash", "clock"};

// What a partition keeps apart: both ways, what those inside say, what they are told, or each of
// them from everyone.
enum class Apart : std::uint8_t { both_ways, not_heard, deaf, each_alone };

enum class Tone : std::uint8_t { plain, good, bad };

struct Toast {
  std::string text;
  Tone tone = Tone::plain;
  double born_s = -1e9;
};
inline constexpr double toast_life_s = 4.5;

// Something that just happened and fades: a receiver's flash, a lost message's cross.
struct Effect {
  enum class Kind : std::uint8_t { flash, lost, heal } kind{};
  double born_s = 0;
  NodeId node, peer;
  std::uint16_t label = 0;
  float part = 1;  // of a lost message's way: where it was lost
};
inline constexpr double flash_life_s = 0.35;
inline constexpr double lost_life_s = 1.4;

// Wide: four regions. Medium: the right column is a drawer. Narrow: a sheet with tabs below.
enum class Form : std::uint8_t { wide, medium, narrow };
enum class Sheet : std::uint8_t { time, lesson, inspect, check };

struct Places {
  Form form = Form::wide;
  Rect top, left, canvas, time, right;
  Rect legend;  // while it is open: at the canvas's left, or in place of what is below
};

// What lies over the window and takes the keyboard.
enum class Overlay : std::uint8_t { none, palette, keys, open_file, save_file };
enum class Section : std::uint8_t { parameters, network, nodes, script, run };
inline constexpr std::array<std::string_view, 5> section_names{"parameters", "network", "nodes",
                                                               "script", "run"};
// The theme that was asked for; the system's may change meanwhile.
enum class ThemeChoice : std::uint8_t { system, dark, light };
inline constexpr std::array<std::string_view, 3> theme_names{"system", "dark", "light"};

// Variants beside the run, as text ready to be shown; ui/compare.h makes it.
struct ComparedShown {
  struct Cell {
    std::string text;
    Tone tone = Tone::plain;
    Icon icon{};
  };
  struct Row {
    std::string name, sentence;
    std::vector<Cell> cells;  // of each run
    bool differs = false;
    bool verdict = false;
  };
  std::vector<std::string> names;  // of the runs; the first is the model's own
  std::vector<Row> rows;
};

struct Hints {
  bool shown = false;
  bool cut = false, space = false, back = false;  // done
  bool over() const { return !shown || (cut && space && back); }
};

// How long one frame may simulate before it shows what it has.
inline constexpr std::chrono::milliseconds frame_budget{12};

struct Model {
  Host host;
  Controls controls;
  Scenario scenario;
  // The branches that have a scenario of their own: the first, and those opened beside another.
  struct Beside {
    Scenario scenario;
    BranchId from = -1;  // where the reader was
    Time from_us = 0;
    double from_speed = 1;
  };
  std::map<BranchId, Beside> beside;
  BranchId scenario_owner = 0;  // whose `scenario` is
  std::optional<Timeline> timeline;
  std::uint64_t generation = 0;  // counts runs, so that caches know when to start anew
  std::uint64_t opened = 0;      // counts time lines
  History history;

  bool playing = false;
  double speed = 1;         // simulated seconds per second
  double carry_us = 0;      // the part of a microsecond not yet played
  bool skips_idle = false;  // nothing happens for long: it is played faster
  // Where the window is going when that takes longer than a frame: first perhaps as far as a link
  // is compared or made of, then to a moment.
  struct Heading {
    Time to_us = 0;
    bool to_end = false;        // then back to where playing ends
    std::int64_t to_step = -1;  // or to this step
    bool stays = false;         // or nowhere
    std::optional<Link> compared;
    bool shares = false;
    bool passing() const { return compared.has_value() || shares; }
  };
  std::optional<Heading> heading;
  std::string heading_text() const;  // what takes so long, and how far it is
  Tool tool = Tool::select;

  NodeId selected_node = nobody;
  MessageId selected_message = 0;
  std::vector<NodeId> marked;  // by keyboard, for the knife and the lasso
  EventIndex selected_event = no_event;

  Checker checker;
  TimeView time_view;
  CausalCone cone;  // of the selected event
  BranchComparison comparison;
  WhatIf what_if;
  Withheld withheld;

  Moment moment;
  std::vector<Effect> effects;
  Toast toast;
  Hints hints;
  LessonState lesson;

  std::vector<std::string> compared;  // ids of scenarios, or "parameter=value"
  ComparedShown compared_shown;
  std::size_t pane = 0;  // narrow: which of the runs is shown

  Places places;
  Overlay overlay = Overlay::none;
  Legend legend;
  bool editing = false;  // the editor is open
  Section section = Section::parameters;
  // Fields whose text was refused, and why: for the mirror.
  std::vector<std::pair<std::string, std::string>> refused;
  std::string edit_asked;  // a field of the editor that shall take the keyboard
  ThemeChoice theme_choice = ThemeChoice::system;
  Kept kept;                              // for the next visit
  std::string saving_name, saving_bytes;  // what waits for a path

  bool library_open = false;  // the experiments are listed above the lesson
  bool drawer_open = false;   // medium: the right column
  bool check_open = false;    // the right column shows the checks
  Sheet sheet = Sheet::time;  // narrow
  float left_share = 1, time_share = 1, right_share = 1;  // of the usual size; 0 is shut

  double now_s = 0;          // the window's clock
  double touched_s = -1e9;   // last input
  double link_due_s = 1e18;  // when the host learns of the changed link
  std::string last_link;

  // Where the canvas put things, for mirror and hit tests.
  std::vector<ImVec2> node_at;
  float node_radius = 0;
  std::vector<Rect> words_at;  // what is written beside each node; empty where nothing is
  bool fit_wanted = false;     // the canvas shows the whole network again
  struct Placed {
    MessageId id;
    ImVec2 at;
  };
  std::vector<Placed> message_at;

  bool open() const { return timeline.has_value(); }
  const Session& session() const { return timeline->session(); }

  Status open_scenario(std::string_view id);
  Status open_link(std::string_view text);
  Status open_file(std::string_view text, std::string_view name);
  Status start(const Scenario& what);
  // From here on this run is the one that is open; where a reader stands in it is left alone.
  void show_run(const Scenario& what, Timeline run);

  void advance(double dt_s);
  void refresh();

  void play(bool on);
  void step();
  void step_back();
  void seek_time(Time time_us);
  void seek_step(std::uint64_t step);
  void seek_event(EventIndex index);
  void to_end();
  // Where playing ends. Requires: the run was simulated until nothing was due any more.
  Time end_us() const;
  bool over() const;  // the reader has come there
  void switch_branch(BranchId id);
  void name_branch(BranchId id, std::string name);
  void delete_branch(BranchId id);
  // To the event that decided a violated property, with its causal past shaded.
  void show_bad_event(std::size_t property);
  void ask_what_if(std::size_t property);
  // The changed run as a branch, at the time given.
  void try_change(const WhatIf::Change& change, Time at_us);
  // Shows `factor` of what the diagram has in view.
  void zoom_time(double factor);

  // Person's inputs. False when refused; a toast says why.
  bool push(Input input);
  void cut_link(NodeId a, NodeId b, bool cut);
  void heal_all();
  void toggle_pause(NodeId id);
  void toggle_crash(NodeId id);
  void isolate(NodeId id);
  void partition(const std::vector<NodeId>& inside, Apart apart);
  void heal_around(const std::vector<NodeId>& inside);  // every link that leads in or out
  void step_clock(NodeId id, Time by_us);
  void set_drift(NodeId id, std::int64_t ppm);
  void set_ntp(NodeId id, bool on);
  void on_message(Action action, MessageId id);
  void delay_message(MessageId id, Time by_us);
  bool alter_message(MessageId id, const std::string& field, const std::string& text);
  void fire_timer(NodeId id, std::size_t at);  // of the node's timers, in the session's order
  void ask(NodeId id, const std::string& request);

  // The same scenario by hand: nothing arrives and no timer runs out until the reader says so.
  void set_manual(bool on);
  bool manual() const { return session().setup().manual; }
  // Where a node stands, in thousandths of the network's width and height; kept in the scenario.
  void move_node(NodeId id, ImVec2 place);

  // Another run, with a scenario of its own, as a branch from the first moment on.
  // Errors: its setup is not sound; nothing changes then.
  Status open_beside(Scenario other, std::string name);
  // The branch beside which the run that is shown was opened; -1: it was not.
  BranchId found_from() const;
  // Back to where the reader was before.
  void leave_found();
  // The branch whose scenario this one has.
  BranchId scenario_branch(BranchId id) const;

  // A scenario's id or "parameter=value" comes beside the run, or goes when it is there; "off":
  // all go; "": the scenario's own remedy comes or goes. Errors: there is no such thing.
  Status compare_with(std::string_view what);

  void set_seed(std::uint64_t seed);
  void set_parameter(std::int64_t index, std::int64_t value);
  void set_speed(double value);
  Time usual_delay_us() const;

  // What is open, with the setup of the branch that is shown: what an edit starts from.
  Scenario edited() const;
  // A run of the changed scenario, as a branch of its own, looked at where one looked before.
  // Errors: what does not fit; nothing changes then.
  Status edit(Scenario changed);
  void choose_theme(ThemeChoice choice);
  // Hands what outlasts this visit to the host, with the work as it stands.
  void keep();
  void undo();
  void redo();

  void ask_for_file();
  Status open_path(const std::string& path);
  void save_scenario();
  void copy_scenario();
  void save_picture(bool png);
  // Under this name, or where a person then says.
  void save_bytes(std::string name, std::string bytes);
  Status save_as(const std::string& path);

  // Simulates as much as the link needs at once; share() takes as many frames as that takes.
  Result<std::string> share_link();
  void share();

  void say_toast(std::string text, Tone tone = Tone::plain);
  void command(std::string_view name, std::string_view argument);
  void changed();  // the run is another one: its link too

 private:
  Status command_on_window(std::string_view name, std::string_view argument, bool& known);
  Status command_on_run(std::string_view name, std::string_view argument);
  // Nothing when the command is not one of these.
  std::optional<Status> command_on_time(std::string_view name, std::string_view argument);
  std::optional<Status> command_on_branches(std::string_view name, std::string_view argument);
  void go_on_asking();
  Status command_on_nodes(std::string_view name, std::string_view argument);
  Status command_on_network(std::string_view name, std::string_view argument);
  Status restart_with(const Setup& setup);
  Status vary(const Setup& setup);
  double pace();
  void play_on(double dt_s);
  void pass_last_judgement();
  void keep_scenario();
  void take_scenario();
  Work work() const;
  void own_scenario(Scenario own);
  void bring_back(const Work& what);
  void note_effects(std::uint64_t from_step);
  float part_of_way(const Event& event) const;
  void head_for(Heading goal);
  std::uint64_t link_steps() const;
  void go_on();
  bool pass_link();
  void hand_out_link();
  Link link_of_run() const;
};

inline constexpr double speed_min = 0.00001;
inline constexpr double speed_max = 1000;
std::string speed_text(double speed);
// "7.412 s": always seconds, always as many decimals, so that a running clock does not dance.
std::string clock_text(Time time_us, int decimals = 3);

}  // namespace netsplit::ui
