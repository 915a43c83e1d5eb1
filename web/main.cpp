// The page's entry point: one canvas, one WebGL2 context, one App. Frames are drawn when something
// moves or was touched; otherwise nothing runs at all, and a hidden tab gets no frames from the
// browser.
#include <algorithm>
#include <memory>
#include <string>

#include <GLES3/gl3.h>
#include <emscripten.h>
#include <emscripten/html5.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>

#include "core/scenario/registry.h"
#include "ui/app.h"
#include "ui/strings.h"
#include "ui/theme.h"
#include "web/jobs.h"
#include "web/page.h"

#ifdef EM_JS_DEPS  // newer versions include only what is named
EM_JS_DEPS(page, "$UTF8ToString");
#endif
EM_JS(void, js_copy, (const char* text), { netsplit.copy(UTF8ToString(text)); });
EM_JS(void, js_link, (const char* text), { netsplit.link_changed(UTF8ToString(text)); });
EM_JS(void, js_choose_file, (), { netsplit.choose_file(); });
EM_JS(void, js_save, (const char* name, const char* bytes, int count),
      { netsplit.save(UTF8ToString(name), HEAPU8.slice(bytes, bytes + count)); });
EM_JS(void, js_cursor, (const char* name), { netsplit.set_cursor(UTF8ToString(name)); });
EM_JS(void, js_keep, (const char* text), { netsplit.keep(UTF8ToString(text)); });
EM_JS(void, js_kept, (), { Module.ccall("page_kept", null, ["string"], [netsplit.kept()]); });
EM_JS(void, js_drawn, (int moving, int light), { netsplit.drawn(!!moving, !!light); });
EM_JS(void, js_ready, (), { netsplit.ready(); });
EM_JS(void, js_no_context, (), { netsplit.no_webgl(); });
EM_JS(int, js_speaks, (const char* code),
      { return (navigator.language || "").toLowerCase().startsWith(UTF8ToString(code)); });
EM_JS(int, js_matches, (const char* query), { return matchMedia(UTF8ToString(query)).matches; });
// The formatter would put spaces into the pattern.
// clang-format off
EM_JS(int, js_is_mac, (), { return /Mac|iP(hone|ad|od)/.test(navigator.platform); });
// clang-format on

namespace netsplit::web {
namespace {

constexpr const char* canvas = "#canvas";
constexpr const char* glsl = "#version 300 es";

struct Page {
  std::unique_ptr<ui::App> app;
  int width = 0, height = 0;  // of the backing store
  float ratio = 0;
  bool context_lost = false;
  bool frame_asked = false;
  bool resting = true;  // no frame was asked for after the last one
  double drawn_ms = 0;
  ImGuiMouseCursor cursor = ImGuiMouseCursor_Arrow;
  unsigned frames = 0;
  std::string kept;  // by the last visit
};
Page page;

const char* css_cursor(ImGuiMouseCursor cursor) {
  switch (cursor) {
    case ImGuiMouseCursor_None:
      return "none";
    case ImGuiMouseCursor_TextInput:
      return "text";
    case ImGuiMouseCursor_ResizeAll:
      return "move";
    case ImGuiMouseCursor_ResizeNS:
      return "ns-resize";
    case ImGuiMouseCursor_ResizeEW:
      return "ew-resize";
    case ImGuiMouseCursor_ResizeNESW:
      return "nesw-resize";
    case ImGuiMouseCursor_ResizeNWSE:
      return "nwse-resize";
    case ImGuiMouseCursor_Hand:
      return "pointer";
    case ImGuiMouseCursor_NotAllowed:
      return "not-allowed";
    default:
      return "default";
  }
}

void draw() {
  const double now_ms = emscripten_get_now();
  // A page that rested, or whose tab was hidden, has not lived through the pause.
  const double since_s = (now_ms - page.drawn_ms) / 1000;
  const double dt_s = page.resting || since_s > 1 ? 1.0 / 60 : since_s;
  page.drawn_ms = now_ms;
  ImGuiIO& io = ImGui::GetIO();
  io.DeltaTime = static_cast<float>(std::max(dt_s, 1e-5));
  io.DisplaySize = ImVec2(static_cast<float>(page.width), static_cast<float>(page.height));
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
  scroll_by_touch();
  page.app->frame(dt_s);
  ImGui::Render();
  const ImVec4 ground = ImGui::ColorConvertU32ToFloat4(ui::palette().ground);
  glViewport(0, 0, page.width, page.height);
  glClearColor(ground.x, ground.y, ground.z, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  ++page.frames;

  if (const ImGuiMouseCursor cursor = ImGui::GetMouseCursor(); cursor != page.cursor) {
    page.cursor = cursor;
    js_cursor(css_cursor(cursor));
  }
  const bool moving = page.app->animating() || input_pending();
  page.resting = !moving;
  if (moving) wake();
  js_drawn(moving, page.app->light());
}

EM_BOOL on_frame(double, void*) {
  page.frame_asked = false;
  draw_now();
  return EM_FALSE;
}

void resize(int width, int height, float ratio) {
  page.width = width;
  page.height = height;
  emscripten_set_canvas_element_size(canvas, width, height);
  if (ratio == page.ratio) return;
  page.ratio = ratio;
  ui::load_fonts(ratio);
  ui::apply_theme(ui::theme());
}

bool make_context() {
  EmscriptenWebGLContextAttributes wanted;
  emscripten_webgl_init_context_attributes(&wanted);
  wanted.majorVersion = 2;
  wanted.alpha = EM_FALSE;
  wanted.depth = EM_FALSE;
  wanted.stencil = EM_FALSE;
  wanted.antialias = EM_FALSE;  // ImGui smooths its own edges
  wanted.enableExtensionsByDefault = EM_FALSE;
  const EMSCRIPTEN_WEBGL_CONTEXT_HANDLE context = emscripten_webgl_create_context(canvas, &wanted);
  return context > 0 && emscripten_webgl_make_context_current(context) == EMSCRIPTEN_RESULT_SUCCESS;
}

void start_imgui() {
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.BackendPlatformName = "netsplit_page";
  io.BackendFlags |= ImGuiBackendFlags_HasMouseCursors;
  io.ConfigMacOSXBehaviors = js_is_mac() != 0;
  ImGuiPlatformIO& platform = ImGui::GetPlatformIO();
  platform.Platform_SetClipboardTextFn = [](ImGuiContext*, const char* text) { js_copy(text); };
  platform.Platform_GetClipboardTextFn = [](ImGuiContext*) { return pasted_text().c_str(); };
}

ui::Host host() {
  ui::Host host;
  host.copy_text = [](const std::string& text) { js_copy(text.c_str()); };
  host.link_changed = [](const std::string& link) { js_link(link.c_str()); };
  host.choose_file = js_choose_file;
  host.save_file = [](const std::string& name, const std::string& bytes) -> Result<std::string> {
    js_save(name.c_str(), bytes.data(), static_cast<int>(bytes.size()));
    return name;
  };
  host.keep = [](const std::string& text) { js_keep(text.c_str()); };
  js_kept();
  host.kept = page.kept;
  host.jobs = jobs_in_workers();
  host.reduced_motion = js_matches("(prefers-reduced-motion: reduce)") != 0;
  host.prefers_light = js_matches("(prefers-color-scheme: light)") != 0;
  for (const ui::LanguageInfo& each : ui::languages) {
    if (js_speaks(each.code.data())) host.language = each.code;
  }
  host.touch = js_matches("(pointer: coarse)") != 0;
  return host;
}

void json_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= 0x20) out += c;
  }
  out += '"';
}

}  // namespace

void wake() {
  if (page.frame_asked) return;
  page.frame_asked = true;
  emscripten_request_animation_frame(on_frame, nullptr);
}

void draw_now() {
  if (ready()) draw();
}

float pixel_ratio() { return page.ratio; }

bool ready() {
  return page.app != nullptr && !page.context_lost && page.width > 0 && page.height > 0;
}

}  // namespace netsplit::web

using namespace netsplit::web;

extern "C" {

// The canvas has another size. A changed backing store is blank, so it is drawn in the same breath.
EMSCRIPTEN_KEEPALIVE void page_resize(int width, int height, double ratio) {
  const float new_ratio = static_cast<float>(ratio);
  if (width == page.width && height == page.height && new_ratio == page.ratio) return;
  resize(width, height, new_ratio);
  draw_now();
  wake();
}

// A lost context takes every texture and shader with it. The backend forgets them at once, while
// deleting still goes unnoticed, and makes new ones in the restored context.
EMSCRIPTEN_KEEPALIVE void page_context(int lost) {
  if (page.context_lost == (lost != 0)) return;
  page.context_lost = lost != 0;
  if (lost) {
    ImGui_ImplOpenGL3_Shutdown();
  } else {
    ImGui_ImplOpenGL3_Init(glsl);
    wake();
  }
}

EMSCRIPTEN_KEEPALIVE void page_command(const char* name, const char* argument) {
  page.app->command(name, argument);
  wake();
}

// True: a control of the window has the keyboard now, and the page keeps out of it.
EMSCRIPTEN_KEEPALIVE int page_tab(int back) {
  const bool taken = page.app->tab(back != 0);
  wake();
  return taken;
}

// False: it was refused, a sentence says why, and what was open stays.
EMSCRIPTEN_KEEPALIVE int page_open_link(const char* link) {
  const bool opened = static_cast<bool>(page.app->open_link(link));
  wake();
  return opened;
}
EMSCRIPTEN_KEEPALIVE int page_open_scenario(const char* id) {
  const bool opened = static_cast<bool>(page.app->open_scenario(id));
  wake();
  return opened;
}
EMSCRIPTEN_KEEPALIVE void page_kept(const char* text) { page.kept = text; }
EMSCRIPTEN_KEEPALIVE void page_restore() {
  page.app->restore();
  wake();
}
EMSCRIPTEN_KEEPALIVE int page_open_file(const char* text, const char* name) {
  const bool opened = static_cast<bool>(page.app->open_file(text, name));
  wake();
  return opened;
}

EMSCRIPTEN_KEEPALIVE const char* page_mirror() {
  static std::string text;
  text = page.app->mirror();
  return text.c_str();
}

// The experiments one can open, as JSON: id, title, chapter.
EMSCRIPTEN_KEEPALIVE const char* page_library() {
  static std::string text;
  text = "[";
  for (const netsplit::Scenario& scenario : netsplit::library()) {
    if (text.size() > 1) text += ',';
    text += "{\"id\":";
    json_text(text, scenario.id);
    text += ",\"title\":";
    json_text(text, scenario.title);
    text += ",\"chapter\":";
    json_text(text, scenario.chapter);
    text += '}';
  }
  text += ']';
  return text.c_str();
}

EMSCRIPTEN_KEEPALIVE unsigned page_frames() { return page.frames; }

}  // extern "C"

int main() {
  if (!make_context()) {
    js_no_context();
    return 1;
  }
  start_imgui();
  double width = 0;
  double height = 0;
  emscripten_get_element_css_size(canvas, &width, &height);
  const double ratio = emscripten_get_device_pixel_ratio();
  resize(std::max(1, static_cast<int>(width * ratio)),
         std::max(1, static_cast<int>(height * ratio)), static_cast<float>(ratio));
  ImGui_ImplOpenGL3_Init(glsl);
  page.app = std::make_unique<netsplit::ui::App>(host());
  js_ready();
  wake();
  return 0;
}
