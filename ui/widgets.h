// The window's own controls. Each is drawn from shapes, hit-tested by ImGui, and recorded by name
// with its rectangle, so that the page's mirror and the browser tests can find it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ui/draw.h"
#include "ui/icons.h"

namespace netsplit::ui {

struct Control {
  std::string name;
  Rect rect;
  bool enabled = true;
  bool stops = false;  // the keyboard can be here
  int layer = 0;       // 0 the window, 1 what floats over it, 2 a menu
};

// What can be pressed, filled anew every frame; and which of them has the keyboard. Tab goes on in
// the order of drawing, within the topmost layer; Enter presses.
struct Controls {
  std::vector<Control> list;
  int layer = 0;       // of what is drawn now
  bool touch = false;  // fingers need larger targets
  std::string focus;   // the control that has the keyboard; "" when none has

  void add(std::string_view name, const Rect& rect, bool enabled = true) {
    list.push_back({std::string(name), rect, enabled, false, layer});
  }
  // A control that the keyboard can reach; true when it was pressed by it in this frame.
  // Requires: inside an ImGui window.
  bool stop(std::string_view name, const Rect& rect, bool enabled = true);

  void begin_frame();
  // False when there is none further; nothing has the keyboard then.
  bool move_focus(bool back);
  void focus_on(std::string_view name);
  void press_focus() { pressed_ = focus; }
  // The ring round the control that has the keyboard.
  void draw_focus() const;

 private:
  std::string pressed_;   // by key, in this frame
  bool revealed_ = true;  // the ring has been scrolled into view
};

struct ButtonLook {
  Icon icon = Icon::none;
  std::string_view label = {};
  std::string_view key = {};  // shown after the label, faintly
  std::string_view tip = {};  // what stands after a line feed is the key
  bool loud = false;          // the one filled button
  bool plain = false;         // no surface until hovered
  bool on = false;            // a chosen tab or tool
  bool enabled = true;
  bool left = false;  // label at the left edge; too long a one goes on in a second line
  Type type = Type::body;
};

// A transparent area that reacts. Requires: inside an ImGui window.
struct Touch {
  bool hovered = false, pressed = false, held = false, right = false;
};
Touch touch_area(Controls& controls, std::string_view name, const Rect& rect, bool enabled = true);

float button_width(const ButtonLook& look);
// How high one with its label at the left must be for the label to be read whole; at least `least`.
float button_height(const ButtonLook& look, float width, float least);
bool button(Controls& controls, std::string_view name, const Rect& rect, const ButtonLook& look);
// A line of text that is a link.
bool text_link(Controls& controls, std::string_view name, float x, float baseline, Type type,
               std::string_view label);

// A bubble near the mouse that says what an item does; what stands after a line feed is its key.
void tip(std::string_view text);
// The same for other contents. Draw between the two only when begin_bubble() is true.
bool begin_bubble();
void end_bubble();

// A region of the window: no frame, no title. A floating one lies above the others.
enum class Region : std::uint8_t { fixed, scrolls, floats, floats_and_scrolls };
void begin_region(const char* name, const Rect& rect, ImU32 background,
                  Region kind = Region::fixed);
void end_region();

// Stacks a panel's contents from top to bottom inside the current region.
class Column {
 public:
  Column(float x, float y, float width) : x_(x), y_(y), width_(width) {}
  float x() const { return x_; }
  float y() const { return y_; }
  float width() const { return width_; }
  void skip(float css) { y_ += px(css); }
  void advance(float pixels) { y_ += pixels; }
  Rect take(float height) {
    const Rect r{x_, y_, width_, height};
    y_ += height;
    return r;
  }
  void heading(std::string_view text, std::string_view aside = {});
  void paragraph(Type type, ImU32 color, std::string_view text);
  // What is drawn between the two lies on a card.
  void begin_card(ImU32 border = 0);
  void end_card();
  // A name and a value; returns its rectangle.
  Rect row(std::string_view name, std::string_view value, ImU32 ink, Type type = Type::mono,
           float name_share = 0.36f);

 private:
  float x_, y_, width_;
  float card_top_ = 0;
  ImU32 card_border_ = 0;
  ImDrawListSplitter splitter_;
};

}  // namespace netsplit::ui
