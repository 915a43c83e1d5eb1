// The network: nodes by the shape of their role, links, messages on their way, inboxes, and the
// tools that act on them. Its gestures are in canvas_gestures.cpp, menus in canvas_menu.cpp.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/names.h"
#include "picture/spoken_links.h"
#include "ui/field.h"
#include "ui/model.h"

namespace netsplit::ui {

// A node of this radius has room for a second line inside it and for words below.
inline constexpr float worded_radius_css = 24;

class Canvas {
 public:
  // Several canvases need several names.
  std::string region = "network";
  float head = 0;  // room for a heading, in pixels
  Rect corner;     // what floats over its upper right corner; the nodes keep clear of it

  void frame(Model& model, const Rect& rect);
  // The tools and hints that float over the network.
  void overlay(Model& model, const Rect& rect);
  // The network's own keys. True when it took what was pressed, so that nobody else acts on it.
  bool keys(Model& model);
  bool moving() const { return dragging_ != Drag::none; }

 private:
  enum class Drag : std::uint8_t { none, pan, node, knife, lasso, clock };
  enum class Menu : std::uint8_t { none, node, link, message, partition, island, clock, inbox };
  struct Hit {
    NodeId node;
    std::int64_t link = -1;     // index into moment.links
    std::int64_t message = -1;  // index into moment.messages
    std::int64_t row = -1;      // index into rows_
  };
  struct Path {
    ImVec2 from, to;  // edge to edge
    ImVec2 direction;
  };
  struct ViewButton {
    std::string_view name;
    ButtonLook look;
    float width;
  };
  // What is written below a node.
  struct Words {
    struct Line {
      std::string text;
      ImU32 color;
      bool goes_on;  // in the next one
    };
    std::vector<Line> lines;
    float x = 0, baseline = 0, width = 0;  // of the first line; the widest one's width
    Rect rect() const;
    void shorten();  // by its last line
  };
  // Where a node's name stands: in it, below it, or in a crowded ring outside.
  struct NamePlace {
    Type type;
    draw::Align align;
    float x, baseline;
    Rect rect;
  };
  // What hangs on a node's corners; without width where there is none.
  struct Badges {
    Rect token, epoch, lock, owner;
  };
  // The end of a node's log, as much of it as there is room for.
  struct LogPlace {
    Rect rect;
    float cell;
    std::int64_t count;
    bool brief;  // its words are shortened
  };
  // One line of an inbox: a message that waits, a timer that could fire, or how many more.
  struct InboxRow {
    Rect rect;
    NodeId node;
    std::int64_t message = -1;  // index into moment.messages
    std::int64_t timer = -1;    // among the node's timers
    std::int32_t more = 0;
    std::string text, from;
  };

  Rect open_within(const Model& model, const Rect& rect) const;
  void settle(Model& model, const Rect& rect);
  Rect area_within(const Model& model, const Rect& rect) const;
  Rect field_area(const Model& model, Rect area) const;
  void make_room_at_top(const Model& model);
  void measure(Model& model);
  Path path_between(const Model& model, NodeId from, NodeId to, bool lane) const;
  ImVec2 message_place(const Model& model, const MessageView& message, std::int32_t in_queue) const;
  Hit hit(const Model& model, ImVec2 mouse) const;

  // Gestures.
  void act(Model& model, const Rect& rect);
  void zoom_by(float factor, ImVec2 about);
  void begin_drag(const Model& model);
  void go_on_dragging(Model& model);
  void end_drag(Model& model);
  void press(Model& model, const Hit& at);
  void press_link(Model& model, const LinkShown& link);
  void press_row(Model& model, const InboxRow& row);
  void finish_knife(Model& model);
  void finish_lasso(Model& model);
  void keep_places(Model& model);
  std::vector<NodeId> nodes_in_lasso(const Model& model) const;
  std::int64_t island_at(ImVec2 point) const;
  std::int64_t drift_of_drag() const;
  void enter(Model& model);
  void mark(Model& model, NodeId id);
  void next_node(Model& model, bool back);
  void next_message(Model& model, bool back);

  // Drawing.
  void draw_ground(const Rect& rect) const;
  void draw_islands(const Model& model);
  void draw_island_captions(const Model& model);
  void place_scissors(const Model& model);
  float scissors_part(const Model& model, NodeId from, NodeId to) const;
  void draw_links(const Model& model) const;
  void draw_nodes(Model& model);
  void draw_node(Model& model, std::size_t index);
  void draw_name(const Model& model, std::size_t index) const;
  NamePlace name_place(const Model& model, std::size_t index) const;
  bool name_fits(const Model& model, std::size_t index) const;
  ImVec2 outward(const Model& model, std::size_t index) const;
  bool name_below(const Model& model, std::size_t index) const;
  bool inside_fits(const Model& model, std::size_t index) const;
  void clear_ground(const Model& model, const Rect& plate) const;
  void draw_plates(const Model& model) const;
  void draw_words(Model& model, std::size_t index);
  void place_words(Model& model);
  Words words_below(const Model& model, std::size_t index) const;
  bool lies_on(const Model& model, std::size_t index, const Rect& rect, bool lesson) const;
  bool lies_clear(const Model& model, std::size_t index, const Rect& rect, bool lesson) const;
  void find_room(const Model& model, std::size_t index);
  void draw_rings(const Model& model);
  bool has_ring(const Model& model, const TimerView& timer) const;
  std::vector<float> reaches(const Model& model) const;
  void find_spoken(const Model& model);
  void draw_lease_caption(const Model& model, const TimerView& timer, int ring);
  float foot_of(const Model& model, std::size_t index, bool lesson = true) const;
  float badge_up(const Model& model, std::size_t index, float half_width, float half) const;
  Badges badges_of(const Model& model, std::size_t index) const;
  void draw_badges(const Model& model, std::size_t index);
  void place_logs(const Model& model);
  bool log_lies_clear(const Model& model, std::size_t index, const Rect& rect) const;
  void draw_log(const Model& model, std::size_t index);
  void draw_clock(const Model& model, std::size_t index);
  ImVec2 clock_at(const Model& model, std::size_t index) const;
  bool shows_clock(const Model& model, const NodeShown& node) const;
  void place_inboxes(const Model& model);
  Rect inbox_spot(const Model& model, std::size_t index, float width, float height) const;
  float below_node(const Model& model, std::size_t index) const;
  void draw_inboxes(Model& model);
  void draw_messages(const Model& model);
  void draw_message_labels(const Model& model);
  void draw_effects(const Model& model) const;
  void draw_knife(const Model& model) const;
  void draw_lasso(const Model& model) const;
  void draw_hints(const Model& model, const Rect& rect) const;
  void draw_narration(const Model& model, const Rect& rect) const;
  std::vector<ViewButton> view_buttons(const Model& model) const;
  Rect view_bar(const Model& model, const Rect& rect) const;
  void draw_view_buttons(Model& model, const Rect& rect);
  bool room_for(const Rect& rect) const;
  float covered(const Rect& rect) const;

  // Menus and tips.
  void explain(Model& model);
  void node_tip(Model& model, NodeId id);
  void message_tip(Model& model, std::size_t index);
  void open_menu(Model& model, const Hit& at, ImVec2 anchor);
  void ask_for(Menu menu, ImVec2 anchor, bool by_key = false);
  void menus(Model& model);
  ImVec2 pivot_for(const Model& model) const;
  bool begin_menu(const Model& model, Menu menu);
  void end_menu();
  // One row; `less_css` is left free at its right.
  bool entry(Model& model, std::string_view name, Icon icon, std::string_view label,
             float less_css = 0);
  void node_menu(Model& model);
  void link_menu(Model& model);
  void message_menu(Model& model);
  void message_fields(Model& model, const MessageView& message);
  void delay_row(Model& model);
  void partition_menu(Model& model);
  void island_menu(Model& model);
  void clock_menu(Model& model);
  void inbox_menu(Model& model);

  ImDrawList* list_ = nullptr;
  Rect area_;  // inside the margins
  Rect whole_;
  Rect open_;                   // the part of it that no tools, words or buttons float over
  std::vector<ImVec2> places_;  // thousandths
  std::int32_t placed_count_ = -1;
  std::string placed_scenario_;
  std::vector<Position> placed_positions_;
  float zoom_ = 1;
  ImVec2 pan_{0, 0};
  Drag dragging_ = Drag::none;
  bool moved_ = false;
  NodeId dragged_;
  ImVec2 pressed_at_;
  Hit pressed_on_;
  Hit hot_;
  bool hovered_ = false;
  std::vector<ImVec2> lasso_;
  Field field_;
  ImVec2 field_legend_{0, 0};  // the largest that its legend was
  picture::SpokenLinks spoken_;
  std::array<bool, enumerator_names<Shape>().size()> names_inside_{};  // by shape
  std::vector<Words> words_;                   // of each node; empty where there are too many
  std::vector<std::optional<LogPlace>> logs_;  // of each node
  std::vector<float> spoken_reach_;            // of the lesson's ring; 0 where there is none
  std::vector<float> scissors_;                // of each link: how far from `a` they are, 0 to 1
  std::vector<std::vector<ImVec2>> coasts_;    // of each island
  std::vector<InboxRow> rows_;
  std::vector<Rect> inboxes_;
  std::vector<Rect> taken_;  // by nodes and labels, so that the next label keeps clear
  std::unordered_map<MessageId, std::int8_t> label_side_;

  Menu asked_ = Menu::none;  // to be opened in this frame
  ImVec2 anchor_;
  ImVec2 pivot_;
  ImVec2 menu_size_{0, 0};   // of the one that was shown last
  std::int32_t focus_ = -1;  // the entry that Enter would take
  std::int32_t entries_ = 0;
  bool take_focused_ = false;
  NodeId menu_node_;
  std::int64_t menu_link_ = -1;
  std::int64_t menu_island_ = -1;
  MessageId menu_message_ = 0;
  std::vector<NodeId> menu_nodes_;
  Time delay_us_ = 0;
  std::string edited_;  // the field of the message that is being written
  char edit_[64] = "";
  bool edit_begun_ = false;
};

// "1 % fast", "120 ppm slow", "runs right".
std::string drift_text(std::int64_t ppm);

}  // namespace netsplit::ui
