// The desktop program: a GLFW window round ui::App.
//
//   netsplit-desktop [ID | FILE | LINK] [--theme dark|light] [--size 1440x900] [--scale 1]
//   netsplit-desktop … --screenshot out.png [--at 7.4s] [--do COMMAND]…   draws one picture and
//   ends netsplit-desktop … --mirror                                           prints what it would
//   show
#include <GLFW/glfw3.h>
#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/time.h"
#include "core/scenario/registry.h"
#include "picture/picture.h"
#include "ui/app.h"
#include "ui/desktop_jobs.h"

namespace netsplit::ui {
namespace {

struct Options {
  std::string what;
  std::string screenshot;
  std::string at;
  std::string language;
  std::vector<std::string> commands;
  int width = 1440;
  int height = 900;
  float scale = 0;  // 0: the monitor's
  bool light = false;
  bool mirror = false;
  bool still = false;  // reduced motion
};

constexpr std::string_view usage =
    "netsplit-desktop [ID | FILE | LINK] [options]\n"
    "  --theme dark|light   --language en|de   --size 1440x900   --scale 1   --reduced-motion\n"
    "  --screenshot out.png   draw one picture and end\n"
    "  --at 7.4s              look at this moment\n"
    "  --do COMMAND           such as \"cut:alice,lock\", \"seek:7400000\"; may be repeated\n"
    "  --mirror               print what the window shows as JSON, and end\n";

Result<Options> read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto value = [&]() -> std::string { return i + 1 < argc ? argv[++i] : ""; };
    if (word == "--screenshot") {
      options.screenshot = value();
    } else if (word == "--at") {
      options.at = value();
    } else if (word == "--do") {
      options.commands.push_back(value());
    } else if (word == "--theme") {
      options.light = value() == "light";
    } else if (word == "--language") {
      options.language = value();
    } else if (word == "--scale") {
      options.scale = std::strtof(value().c_str(), nullptr);
    } else if (word == "--size") {
      if (std::sscanf(value().c_str(), "%dx%d", &options.width, &options.height) != 2 ||
          options.width < 200 || options.height < 200 || options.width > 8192 ||
          options.height > 8192) {
        return Error{"--size takes WIDTHxHEIGHT, such as 1440x900, from 200 to 8192"};
      }
    } else if (word == "--mirror") {
      options.mirror = true;
    } else if (word == "--reduced-motion") {
      options.still = true;
    } else if (word.starts_with("--")) {
      return Error{"unknown option " + std::string(word) + "\n" + std::string(usage)};
    } else {
      options.what = word;
    }
  }
  return options;
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file.good() || !(text << file.rdbuf())) return Error{path + " cannot be read."};
  return text.str();
}

Status write_file(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) return Error{path + " cannot be written."};
  return Done{};
}

Status open_what(App& app, const std::string& what) {
  if (what.empty()) return Done{};
  if (what.starts_with("v1.") || what.find('#') != std::string::npos) return app.open_link(what);
  if (const auto text = read_file(what)) return app.open_file(text.value(), what);
  return app.open_scenario(what);
}

// POSIX, "Environment variables", 8.2: the first one that is set counts.
std::string system_language() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* tag = std::getenv(name);
    if (tag != nullptr && *tag != 0) return tag;
  }
  return {};
}

std::vector<std::uint8_t> read_pixels(int width, int height) {
  const auto stride = static_cast<std::size_t>(width) * 3;
  std::vector<std::uint8_t> upside_down(stride * static_cast<std::size_t>(height));
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE, upside_down.data());
  std::vector<std::uint8_t> pixels;
  pixels.reserve(upside_down.size());
  for (int row = height - 1; row >= 0; --row) {
    const auto from =
        upside_down.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(row) * stride);
    pixels.insert(pixels.end(), from, from + static_cast<std::ptrdiff_t>(stride));
  }
  return pixels;
}

void draw(GLFWwindow* window, App& app, double dt_s) {
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  ImGui::NewFrame();
  app.frame(dt_s);
  ImGui::Render();
  int width = 0;
  int height = 0;
  glfwGetFramebufferSize(window, &width, &height);
  const ImVec4 ground = ImGui::ColorConvertU32ToFloat4(palette().ground);
  glViewport(0, 0, width, height);
  glClearColor(ground.x, ground.y, ground.z, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

// One picture of a moment, without waiting for anything.
int picture(GLFWwindow* window, App& app, const Options& options) {
  if (!options.at.empty()) {
    const Result<Time> at = parse_duration(options.at);
    if (!at) {
      std::fprintf(stderr, "--at: %s\n", at.error().c_str());
      return 2;
    }
    app.command("seek", std::to_string(at.value()));
  }
  // Commands may name what only a drawn frame knows, and what they change takes one to show.
  for (int i = 0; i < 2; ++i) draw(window, app, 0);
  for (const std::string& command : options.commands) {
    if (command == "wait_for_check") {
      while (app.checking()) {
        glfwWaitEventsTimeout(0.1);
        draw(window, app, 0);
      }
    } else if (command.starts_with("wait:")) {
      const double wait_s = std::strtod(command.c_str() + 5, nullptr);
      for (double waited_s = 0; waited_s < wait_s; waited_s += 1.0 / 60)
        draw(window, app, 1.0 / 60);
    } else if (command.starts_with("mouse:")) {
      float x = 0;
      float y = 0;
      std::sscanf(command.c_str() + 6, "%f,%f", &x, &y);
      ImGui::GetIO().AddMousePosEvent(x * scale(), y * scale());
      draw(window, app, 0);
    } else if (command == "press" || command == "release" || command == "right") {
      const int button = command == "right" ? 1 : 0;
      ImGui::GetIO().AddMouseButtonEvent(button, command != "release");
      draw(window, app, 0);
      if (command == "right") ImGui::GetIO().AddMouseButtonEvent(1, false);
    } else {
      app.command(command);
    }
    draw(window, app, 0);
  }
  for (int i = 0; i < 3; ++i) draw(window, app, 0);
  if (options.mirror) std::printf("%s\n", app.mirror().c_str());
  if (options.screenshot.empty()) return 0;
  int width = 0;
  int height = 0;
  glfwGetFramebufferSize(window, &width, &height);
  const auto bytes = picture::to_png({width, height, read_pixels(width, height)});
  const Status written =
      bytes ? write_file(options.screenshot, bytes.value()) : Status(Error{bytes.error()});
  if (written) return 0;
  std::fprintf(stderr, "%s\n", written.error().c_str());
  return 1;
}

// The one the program was started in, with its last slash.
std::string folder_of_program() {
  std::error_code fault;
  const std::filesystem::path here = std::filesystem::current_path(fault);
  return fault ? std::string() : (here / "").string();
}

void run(GLFWwindow* window, App& app) {
  double last_s = glfwGetTime();
  float shown_scale = scale();
  while (!glfwWindowShouldClose(window)) {
    if (app.animating()) {
      glfwPollEvents();
    } else {
      glfwWaitEvents();
      last_s = glfwGetTime();
    }
    float density = 1;
    glfwGetWindowContentScale(window, &density, nullptr);
    int window_width = 1;
    int pixel_width = 1;
    glfwGetWindowSize(window, &window_width, nullptr);
    glfwGetFramebufferSize(window, &pixel_width, nullptr);
    if (pixel_width == 0) continue;
    const float wanted =
        density * static_cast<float>(window_width) / static_cast<float>(pixel_width);
    if (wanted > 0.5f && wanted != shown_scale) {
      shown_scale = wanted;
      load_fonts(wanted);
    }
    const double now_s = glfwGetTime();
    draw(window, app, now_s - last_s);
    last_s = now_s;
    glfwSwapBuffers(window);
  }
}

int main_with(const Options& options) {
  const bool headless = !options.screenshot.empty() || options.mirror;
  glfwSetErrorCallback([](int, const char* what) { std::fprintf(stderr, "window: %s\n", what); });
  if (!glfwInit()) return 1;
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 2);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
  glfwWindowHint(GLFW_VISIBLE, headless ? GLFW_FALSE : GLFW_TRUE);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, headless ? GLFW_FALSE : GLFW_TRUE);
  const float forced = options.scale > 0 ? options.scale : headless ? 1.f : 0.f;
  const float size = forced > 0 ? forced : 1;
  GLFWwindow* window = glfwCreateWindow(static_cast<int>(static_cast<float>(options.width) * size),
                                        static_cast<int>(static_cast<float>(options.height) * size),
                                        "Netsplit", nullptr, nullptr);
  if (window == nullptr) return 1;
  glfwMakeContextCurrent(window);
  glfwSwapInterval(1);
  ImGui::CreateContext();
  load_fonts(forced > 0 ? forced : 1);

  Host host;
  host.copy_text = [window](const std::string& text) {
    glfwSetClipboardString(window, text.c_str());
  };
  host.read_file = read_file;
  host.write_file = write_file;
  host.folder = folder_of_program();
  host.jobs = jobs_in_threads(glfwPostEmptyEvent);
  host.prefers_light = options.light;
  host.reduced_motion = options.still;
  host.language = options.language.empty() ? system_language() : options.language;
  int status = 0;
  {
    App app(std::move(host));  // with its threads, which end before the window system does
    glfwSetWindowUserPointer(window, &app);
    glfwSetDropCallback(window, [](GLFWwindow* target, int count, const char** paths) {
      if (count > 0)
        (void)open_what(*static_cast<App*>(glfwGetWindowUserPointer(target)), paths[0]);
    });
    ImGui_ImplGlfw_InitForOpenGL(window, true);
    ImGui_ImplOpenGL3_Init("#version 150");
    for (const std::string& error : library_errors()) std::fprintf(stderr, "%s\n", error.c_str());
    const Status opened = open_what(app, options.what);
    if (!opened) std::fprintf(stderr, "%s\n", opened.error().c_str());
    if (!opened && headless)
      status = 2;
    else if (headless)
      status = picture(window, app, options);
    else
      run(window, app);
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
  }
  ImGui::DestroyContext();
  glfwTerminate();
  return status;
}

}  // namespace
}  // namespace netsplit::ui

int main(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first == "--help" || first == "-h") {
    std::fputs(netsplit::ui::usage.data(), stdout);
    return 0;
  }
  const auto options = netsplit::ui::read_options(argc, argv);
  if (!options) {
    std::fprintf(stderr, "%s\n", options.error().c_str());
    return 2;
  }
  return netsplit::ui::main_with(options.value());
}
