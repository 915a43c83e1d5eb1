// The network: nodes by the shape of their role, links, messages on their way, and the tools that
// act on them.
#pragma once

#include <unordered_map>
#include <vector>

#include "ui/model.h"

namespace netsplit::ui {

class Canvas {
 public:
  void frame(Model& model, const Rect& rect);
  // The tools and hints that float over the network.
  void overlay(Model& model, const Rect& rect);
  bool moving() const { return dragging_ != Drag::none; }

 private:
  enum class Drag : std::uint8_t { none, pan, node, knife };
  struct Hit {
    NodeId node;
    std::int64_t link = -1;     // index into moment.links
    std::int64_t message = -1;  // index into moment.messages
  };
  struct Path {
    ImVec2 from, to;  // edge to edge
    ImVec2 direction;
  };
  // What is written below a node.
  struct Words {
    std::vector<std::pair<std::string, ImU32>> lines;
    float x = 0, baseline = 0, width = 0;  // of the first line; the widest one's width
    Rect rect() const;
  };

  void settle(Model& model, const Rect& rect);
  void measure(Model& model);
  Path path_between(const Model& model, NodeId from, NodeId to, bool lane) const;
  ImVec2 message_place(const Model& model, const MessageView& message, std::int32_t in_queue) const;
  Hit hit(const Model& model, ImVec2 mouse) const;
  void act(Model& model, const Rect& rect);
  void press(Model& model, const Hit& at);
  void open_menu(Model& model, const Hit& at);
  void finish_knife(Model& model);

  void draw_ground(const Rect& rect) const;
  void draw_islands(const Model& model);
  void draw_island_captions(const Model& model);
  void draw_links(const Model& model) const;
  void draw_cut(const Model& model, const LinkShown& link, bool hot) const;
  void draw_nodes(Model& model);
  void draw_shape(const Model& model, std::size_t index, ImU32 fill, ImU32 stroke,
                  float width) const;
  void draw_node(Model& model, std::size_t index);
  void draw_words(Model& model, std::size_t index);
  void place_words(const Model& model);
  Words words_below(const Model& model, std::size_t index) const;
  void draw_rings(const Model& model);
  void draw_field(const Model& model) const;
  void draw_badge(const NodeShown& node, ImVec2 at) const;
  void draw_messages(const Model& model);
  void draw_message_labels(const Model& model);
  void draw_mark(ImVec2 at, std::uint16_t kind, float radius, ImU32 color) const;
  void draw_effects(const Model& model) const;
  void draw_knife(const Model& model) const;
  void draw_hints(const Model& model, const Rect& rect) const;
  void draw_narration(const Model& model, const Rect& rect);
  bool room_for(const Rect& rect) const;

  void explain(Model& model);
  void node_tip(Model& model, NodeId id);
  void message_tip(Model& model, std::size_t index);
  void menus(Model& model);
  void node_menu(Model& model);
  void link_menu(Model& model);
  void message_menu(Model& model);

  ImDrawList* list_ = nullptr;
  Rect area_;  // inside the margins
  Rect whole_;
  std::vector<ImVec2> places_;  // thousandths
  std::uint64_t placed_generation_ = 0;
  std::int32_t placed_count_ = -1;
  std::string placed_scenario_;
  float zoom_ = 1;
  ImVec2 pan_{0, 0};
  Drag dragging_ = Drag::none;
  bool moved_ = false;
  NodeId dragged_;
  ImVec2 pressed_at_;
  Hit pressed_on_;
  Hit hot_;
  bool hovered_ = false;
  std::vector<Words> words_;                 // of each node; empty where there are too many
  std::vector<std::vector<ImVec2>> coasts_;  // of each island
  std::vector<Rect> taken_;  // by nodes and labels, so that the next label keeps clear
  std::unordered_map<MessageId, std::int8_t> label_side_;
  NodeId menu_node_;
  std::int64_t menu_link_ = -1;
  MessageId menu_message_ = 0;
};

}  // namespace netsplit::ui
