// What the reader does with pointer, keys and fingers, on its way to ImGui. input.js listens and
// calls in here; all places are CSS pixels.
#include <cfloat>
#include <cmath>
#include <cstdint>

#include <emscripten.h>
#include <imgui.h>
#include <imgui_internal.h>

#include "web/keys.h"
#include "web/page.h"

namespace netsplit::web {
namespace {

enum class Pointer : std::uint8_t { move, down, up, leave };
enum Modifier : int { ctrl = 1, shift = 2, alt = 4, super = 8 };

constexpr float nowhere = -FLT_MAX;  // ImGui's word for "no mouse"
constexpr float slop_css = 8;        // a finger that moves less has not moved

std::string pasted;

// A finger on something that scrolls scrolls it; ImGui knows only wheels and scrollbars.
struct Touch {
  bool down = false;
  bool scrolling = false;
  bool given_up = false;  // this finger drags something else
  ImVec2 start, last, at;
  ImGuiID window = 0;
  float speed = 0;  // pixels per second, when let go
};
Touch touch;

void add_position(float x, float y) {
  ImGui::GetIO().AddMousePosEvent(x * pixel_ratio(), y * pixel_ratio());
}

// Takes a press back: what was pressed is let go far away from it.
void cancel_press() {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(nowhere, nowhere);
  io.AddMouseButtonEvent(ImGuiMouseButton_Left, false);
}

void touch_event(Pointer what, ImVec2 at) {
  if (what == Pointer::down) {
    touch = {.down = true, .start = at, .last = at, .at = at};
  } else if (what == Pointer::move) {
    touch.at = at;
  } else {
    touch.down = false;
  }
}

ImGuiWindow* scrollable_under(ImVec2 css) {
  ImGuiWindow* window = nullptr;
  ImGui::FindHoveredWindowEx({css.x * pixel_ratio(), css.y * pixel_ratio()}, false, &window,
                             nullptr);
  while (window != nullptr && window->ScrollMax.y <= 0 && window->ParentWindow != nullptr &&
         (window->Flags & ImGuiWindowFlags_ChildWindow) != 0) {
    window = window->ParentWindow;
  }
  return window != nullptr && window->ScrollMax.y > 0 ? window : nullptr;
}

void begin_scroll() {
  const ImVec2 by{touch.at.x - touch.start.x, touch.at.y - touch.start.y};
  if (std::hypot(by.x, by.y) < slop_css) return;
  ImGuiWindow* window = std::abs(by.y) > std::abs(by.x) ? scrollable_under(touch.start) : nullptr;
  if (window == nullptr) {
    touch.given_up = true;
    return;
  }
  touch.scrolling = true;
  touch.window = window->ID;
  touch.last = touch.at;
  cancel_press();
}

}  // namespace

void scroll_by_touch() {
  const float dt_s = ImGui::GetIO().DeltaTime;
  if (touch.down && !touch.scrolling && !touch.given_up) begin_scroll();
  ImGuiWindow* window = touch.scrolling ? ImGui::FindWindowByID(touch.window) : nullptr;
  if (window == nullptr) {
    touch.scrolling = false;
    return;
  }
  float by = 0;
  if (touch.down) {
    by = (touch.last.y - touch.at.y) * pixel_ratio();
    touch.last = touch.at;
    if (dt_s > 0) touch.speed = 0.6f * touch.speed + 0.4f * by / dt_s;
  } else {
    by = touch.speed * dt_s;
    touch.speed *= std::exp(-5 * dt_s);
    if (std::abs(touch.speed) < 20 * pixel_ratio()) touch.scrolling = false;
  }
  ImGui::SetScrollY(window, std::fmin(std::fmax(window->Scroll.y + by, 0.f), window->ScrollMax.y));
}

bool input_pending() {
  return !ImGui::GetCurrentContext()->InputEventsQueue.empty() || (touch.scrolling && !touch.down);
}

const std::string& pasted_text() { return pasted; }

}  // namespace netsplit::web

using namespace netsplit::web;

extern "C" {

// `what`: 0 move, 1 down, 2 up, 3 leave. `button`: ImGui's count (left, right, middle).
EMSCRIPTEN_KEEPALIVE void page_pointer(int what, double x, double y, int button, int finger) {
  if (!ready()) return;
  ImGuiIO& io = ImGui::GetIO();
  const ImVec2 at{static_cast<float>(x), static_cast<float>(y)};
  const auto pointer = static_cast<Pointer>(what);
  io.AddMouseSourceEvent(finger ? ImGuiMouseSource_TouchScreen : ImGuiMouseSource_Mouse);
  const bool was_scrolling = touch.scrolling;
  if (finger) touch_event(pointer, at);
  if (pointer == Pointer::leave) {
    io.AddMousePosEvent(nowhere, nowhere);
  } else if (!finger || !was_scrolling || pointer == Pointer::down) {
    add_position(at.x, at.y);
    if (pointer != Pointer::move) io.AddMouseButtonEvent(button, pointer == Pointer::down);
  }
  // A finger that was lifted hovers over nothing.
  if (finger && pointer == Pointer::up) io.AddMousePosEvent(nowhere, nowhere);
  wake();
}

// A second finger came down, or a press became long: it is no click.
EMSCRIPTEN_KEEPALIVE void page_cancel_press() {
  if (!ready()) return;
  touch = {};
  cancel_press();
  wake();
}

// In notches, as ImGui counts: up and left are positive.
EMSCRIPTEN_KEEPALIVE void page_wheel(double x, double y) {
  if (!ready()) return;
  ImGui::GetIO().AddMouseWheelEvent(static_cast<float>(x), static_cast<float>(y));
  wake();
}

EMSCRIPTEN_KEEPALIVE void page_key(const char* key, const char* code, int down, int modifiers) {
  if (!ready()) return;
  ImGuiIO& io = ImGui::GetIO();
  io.AddKeyEvent(ImGuiMod_Ctrl, (modifiers & ctrl) != 0);
  io.AddKeyEvent(ImGuiMod_Shift, (modifiers & shift) != 0);
  io.AddKeyEvent(ImGuiMod_Alt, (modifiers & alt) != 0);
  io.AddKeyEvent(ImGuiMod_Super, (modifiers & super) != 0);
  if (const ImGuiKey known = key_of(key, code); known != ImGuiKey_None)
    io.AddKeyEvent(known, down != 0);
  wake();
}

EMSCRIPTEN_KEEPALIVE void page_text(const char* text) {
  if (!ready()) return;
  ImGui::GetIO().AddInputCharactersUTF8(text);
  wake();
}

EMSCRIPTEN_KEEPALIVE void page_paste(const char* text) {
  pasted = text;
  page_text(text);
}

// Keys that are held while the reader leaves would otherwise stay down for ever.
EMSCRIPTEN_KEEPALIVE void page_focus(int focused) {
  if (!ready()) return;
  ImGui::GetIO().AddFocusEvent(focused != 0);
  wake();
}

EMSCRIPTEN_KEEPALIVE void page_flush() {
  // One frame for what came before the gesture's last event, one for that event: ImGui takes a
  // press and its release in two.
  for (int i = 0; i < 3 && ready() && !ImGui::GetCurrentContext()->InputEventsQueue.empty(); ++i)
    draw_now();
}

EMSCRIPTEN_KEEPALIVE int page_wants_text() { return ready() && ImGui::GetIO().WantTextInput; }

}  // extern "C"
