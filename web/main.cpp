// The page's entry point: one canvas, drawn by Dear ImGui.
#include <GLFW/glfw3.h>
#include <emscripten.h>
#include <emscripten/html5.h>
#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>

#include "ui/fonts_embedded.h"

namespace {

GLFWwindow* window = nullptr;

void frame() {
  glfwPollEvents();
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  ImGui::NewFrame();
  ImGui::Begin("Netsplit");
  ImGui::TextUnformatted("Netsplit");
  ImGui::End();
  ImGui::Render();
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

}  // namespace

int main() {
  if (!glfwInit()) return 1;
  double width = 0, height = 0;
  emscripten_get_element_css_size("#canvas", &width, &height);
  window = glfwCreateWindow(static_cast<int>(width), static_cast<int>(height), "Netsplit", nullptr,
                            nullptr);
  if (window == nullptr) return 1;
  glfwMakeContextCurrent(window);
  ImGui::CreateContext();
  auto& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  if (auto font = netsplit::ui::inter_regular(); !font.empty()) {
    ImFontConfig config;
    config.FontDataOwnedByAtlas = false;
    io.Fonts->AddFontFromMemoryTTF(const_cast<unsigned char*>(font.data()),
                                   static_cast<int>(font.size()), 18.0f, &config);
  }
  ImGui_ImplGlfw_InitForOpenGL(window, true);
  ImGui_ImplOpenGL3_Init("#version 300 es");
  emscripten_set_main_loop(frame, 0, true);
}
