// The window without a window: an ImGui context whose textures go nowhere, driven by injected
// input.
#pragma once

#include <imgui.h>

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "ui/app.h"

namespace netsplit::ui {

class Harness {
 public:
  // `equip` gives the host what it does not have by itself.
  Harness(float width, float height, const std::function<void(Host&)>& equip)
      : Harness(width, height, false, false, {}, false, equip) {}
  explicit Harness(float width = 1440, float height = 900, bool light = false, bool still = false,
                   std::string language = {}, bool touch = false,
                   const std::function<void(Host&)>& equip = {}) {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {width, height};
    io.BackendFlags |=
        ImGuiBackendFlags_RendererHasTextures | ImGuiBackendFlags_RendererHasVtxOffset;
    load_fonts(1);
    Host host;
    host.prefers_light = light;
    host.reduced_motion = still;
    host.read_file = [this](const std::string& path) -> Result<std::string> {
      const auto found = files.find(path);
      if (found == files.end()) return Error{path + " cannot be read."};
      return found->second;
    };
    host.write_file = [this](const std::string& path, const std::string& bytes) -> Status {
      if (path.empty()) return Error{"a file needs a name"};
      files[path] = bytes;
      return Done{};
    };
    host.language = std::move(language);
    host.touch = touch;
    host.copy_text = [this](const std::string& text) { copied = text; };
    host.link_changed = [this](const std::string& text) { fragment = text; };
    if (equip) equip(host);
    app = std::make_unique<App>(std::move(host));
    frames(3);
  }
  ~Harness() {
    app.reset();
    for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
      texture->SetTexID(ImTextureID_Invalid);
      texture->SetStatus(ImTextureStatus_Destroyed);
    }
    ImGui::DestroyContext();
  }
  Harness(const Harness&) = delete;
  Harness& operator=(const Harness&) = delete;

  void frames(int count = 1, double dt_s = 1.0 / 60) {
    for (int i = 0; i < count; ++i) {
      ImGui::GetIO().DeltaTime = static_cast<float>(dt_s);
      ImGui::NewFrame();
      app->frame(dt_s);
      ImGui::Render();
      // What a graphics back end does with the fonts' picture.
      for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
        if (texture->Status == ImTextureStatus_WantDestroy) {
          texture->SetTexID(ImTextureID_Invalid);
          texture->SetStatus(ImTextureStatus_Destroyed);
        } else if (texture->Status != ImTextureStatus_OK &&
                   texture->Status != ImTextureStatus_Destroyed) {
          texture->SetTexID(1);
          texture->SetStatus(ImTextureStatus_OK);
        }
      }
    }
  }

  nlohmann::json seen() const { return nlohmann::json::parse(app->mirror()); }

  void move(double x, double y) {
    ImGui::GetIO().AddMousePosEvent(static_cast<float>(x), static_cast<float>(y));
    frames();
  }
  void button(int which, bool down) {
    ImGui::GetIO().AddMouseButtonEvent(which, down);
    frames();
  }
  void click(double x, double y, int which = 0) {
    move(x, y);
    button(which, true);
    button(which, false);
    frames();
  }
  void drag(double x0, double y0, double x1, double y1) {
    move(x0, y0);
    button(0, true);
    for (int i = 1; i <= 8; ++i) move(x0 + (x1 - x0) * i / 8, y0 + (y1 - y0) * i / 8);
    button(0, false);
    frames();
  }
  void key(ImGuiKey which) {
    ImGui::GetIO().AddKeyEvent(which, true);
    frames();
    ImGui::GetIO().AddKeyEvent(which, false);
    frames();
  }

  void control_key(ImGuiKey which, bool shift = false) {
    ImGuiIO& io = ImGui::GetIO();
    io.AddKeyEvent(ImGuiMod_Ctrl, true);
    if (shift) io.AddKeyEvent(ImGuiMod_Shift, true);
    key(which);
    io.AddKeyEvent(ImGuiMod_Ctrl, false);
    if (shift) io.AddKeyEvent(ImGuiMod_Shift, false);
    frames();
  }
  void type(std::string_view text) {
    for (const char c : text) {
      ImGui::GetIO().AddInputCharacter(static_cast<unsigned char>(c));
      frames();
    }
  }
  // Types into a field in place of what stands there.
  bool enter(std::string_view control, std::string_view text) {
    if (!press(control)) return false;
    frames(2);
    control_key(ImGuiKey_A);
    if (text.empty()) key(ImGuiKey_Delete);
    type(text);
    key(ImGuiKey_Enter);
    frames(2);
    return true;
  }

  // Null when there is none of that name.
  static nlohmann::json named(const nlohmann::json& list, std::string_view name) {
    for (const auto& each : list) {
      if (each["name"] == name) return each;
    }
    return {};
  }
  bool press(std::string_view control) {
    const auto rect = named(seen()["controls"], control);
    if (rect.is_null()) return false;
    click(rect["x"].get<double>() + rect["w"].get<double>() / 2,
          rect["y"].get<double>() + rect["h"].get<double>() / 2);
    return true;
  }
  nlohmann::json node(std::string_view name) const { return named(seen()["nodes"], name); }
  nlohmann::json link(std::string_view a, std::string_view b) const {
    const nlohmann::json links = seen()["links"];
    for (const auto& each : links) {
      if ((each["from"] == a && each["to"] == b) || (each["from"] == b && each["to"] == a))
        return each;
    }
    return {};
  }

  std::unique_ptr<App> app;
  std::map<std::string, std::string> files;
  std::string copied;
  std::string fragment;
};

}  // namespace netsplit::ui
