#include "ui/theme.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "picture/fonts_embedded.h"

namespace netsplit::ui {
namespace {

constexpr ImU32 rgb(std::uint32_t hex) {
  return IM_COL32((hex >> 16) & 255, (hex >> 8) & 255, hex & 255, 255);
}

constexpr Palette dark{
    .ground = rgb(0x0D1117),
    .panel = rgb(0x131922),
    .raised = rgb(0x1B2330),
    .hover = rgb(0x232D3C),
    .line = rgb(0x283242),
    .strong_line = rgb(0x3A475B),
    .text = rgb(0xE6EDF3),
    .muted = rgb(0x95A2B3),
    .faint = rgb(0x566274),
    .sky = rgb(0x56B4E9),
    .green = rgb(0x2FBF8F),
    .vermilion = rgb(0xF0643C),
    .orange = rgb(0xE69F00),
    .yellow = rgb(0xF0E442),
    .pink = rgb(0xD48AC0),
    .fill = rgb(0x56B4E9),
    .on_fill = rgb(0x06121C),
    .node = rgb(0x17202C),
    .link = rgb(0x344256),
    .grid = rgb(0x1A2230),
    .shadow = IM_COL32(0, 0, 0, 90),
    .kinds = {rgb(0x56B4E9), rgb(0x8FA2FF), rgb(0x4CC9C0), rgb(0xB9A0F0), rgb(0xD0B98C),
              rgb(0x9CC56E), rgb(0xE795A5), rgb(0x8AA9C9)},
};

constexpr Palette light{
    .ground = rgb(0xF6F8FB),
    .panel = rgb(0xFFFFFF),
    .raised = rgb(0xEEF2F7),
    .hover = rgb(0xE3E9F1),
    .line = rgb(0xD5DCE6),
    .strong_line = rgb(0xB4BFCD),
    .text = rgb(0x17202C),
    .muted = rgb(0x5B6878),
    .faint = rgb(0x9AA6B5),
    .sky = rgb(0x0F6FAE),
    .green = rgb(0x0B7A59),
    .vermilion = rgb(0xC43D15),
    .orange = rgb(0x945F00),
    .yellow = rgb(0x7A6A00),
    .pink = rgb(0x9E3F80),
    .fill = rgb(0x0F6FAE),
    .on_fill = rgb(0xFFFFFF),
    .node = rgb(0xFFFFFF),
    .link = rgb(0xC3CCD8),
    .grid = rgb(0xE2E7EE),
    .shadow = IM_COL32(23, 32, 44, 26),
    .kinds = {rgb(0x0F6FAE), rgb(0x4A57C8), rgb(0x0B7C77), rgb(0x7045B5), rgb(0x7B6223),
              rgb(0x4F7620), rgb(0xB03A55), rgb(0x476C92)},
};

struct TypeSpec {
  int font;  // 0 regular, 1 semibold, 2 mono
  float size_css;
  float line_css;
};

constexpr std::array<TypeSpec, 8> types{{
    {1, 15.f, 21.f},  // title
    {0, 13.f, 19.f},  // body
    {1, 13.f, 19.f},  // strong
    {0, 12.f, 17.f},  // caption
    {1, 12.f, 17.f},  // caption_strong
    {0, 11.f, 15.f},  // small
    {2, 12.f, 18.f},  // mono
    {2, 11.f, 16.f},  // mono_small
}};

// What ImGui calls a font's size is ascent plus descent; designers count the em. The ratios are the
// fonts' own (hhea table over units per em).
struct FontMetrics {
  float box = 1.f;
  float ascent = 0.78f;
  float cap = 0.60f;
};
constexpr FontMetrics inter{1.2102f, 0.96875f, 0.727f};
constexpr FontMetrics jetbrains{1.32f, 1.02f, 0.73f};

struct LoadedFont {
  ImFont* font = nullptr;
  FontMetrics metrics;
};

Theme current_theme = Theme::dark;
float current_scale = 1.f;
std::array<LoadedFont, 3> fonts;

void load(LoadedFont& slot, std::span<const unsigned char> bytes, FontMetrics metrics) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  if (bytes.empty()) {
    slot = {};
    return;
  }
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.PixelSnapH = false;
  config.OversampleH = 2;
  slot.font = atlas.AddFontFromMemoryTTF(const_cast<unsigned char*>(bytes.data()),
                                         static_cast<int>(bytes.size()), px(16), &config);
  slot.metrics = metrics;
}

void set_style() {
  ImGuiStyle& style = ImGui::GetStyle();
  style = ImGuiStyle();
  const Palette& p = palette();
  style.WindowRounding = 0;
  style.WindowBorderSize = 0;
  style.WindowPadding = ImVec2(0, 0);
  style.ChildRounding = 0;
  style.PopupRounding = px(9);
  style.PopupBorderSize = std::max(1.f, std::floor(scale()));
  style.FrameRounding = px(7);
  style.FrameBorderSize = 0;
  style.FramePadding = ImVec2(px(8), px(6));
  style.ItemSpacing = ImVec2(px(8), px(4));
  style.ScrollbarSize = px(7);
  style.ScrollbarRounding = px(4);
  style.DisplaySafeAreaPadding = ImVec2(px(8), px(8));
  style.MouseCursorScale = 1;
  style.CircleTessellationMaxError = 0.2f;
  style.CurveTessellationTol = 0.6f;
  style.FontSizeBase = face(Type::body).size;
  const auto set = [&](ImGuiCol slot, ImU32 color) {
    style.Colors[slot] = ImGui::ColorConvertU32ToFloat4(color);
  };
  set(ImGuiCol_Text, p.text);
  set(ImGuiCol_TextDisabled, p.muted);
  set(ImGuiCol_WindowBg, p.ground);
  set(ImGuiCol_ChildBg, IM_COL32(0, 0, 0, 0));
  set(ImGuiCol_PopupBg, theme() == Theme::dark ? p.raised : p.panel);
  set(ImGuiCol_Border, p.line);
  set(ImGuiCol_FrameBg, IM_COL32(0, 0, 0, 0));
  set(ImGuiCol_FrameBgHovered, IM_COL32(0, 0, 0, 0));
  set(ImGuiCol_FrameBgActive, IM_COL32(0, 0, 0, 0));
  set(ImGuiCol_ScrollbarBg, IM_COL32(0, 0, 0, 0));
  set(ImGuiCol_ScrollbarGrab, p.line);
  set(ImGuiCol_ScrollbarGrabHovered, p.strong_line);
  set(ImGuiCol_ScrollbarGrabActive, p.strong_line);
  set(ImGuiCol_TextSelectedBg, with_alpha(p.sky, 0.35f));
  set(ImGuiCol_InputTextCursor, p.sky);
  set(ImGuiCol_NavCursor, p.sky);
  set(ImGuiCol_ModalWindowDimBg, IM_COL32(0, 0, 0, 110));
}

}  // namespace

const Palette& palette() { return current_theme == Theme::dark ? dark : light; }
Theme theme() { return current_theme; }

void apply_theme(Theme theme) {
  current_theme = theme;
  set_style();
}

void load_fonts(float scale) {
  current_scale = scale;
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  load(fonts[0], picture::inter_regular(), inter);
  load(fonts[1], picture::inter_semibold(), inter);
  load(fonts[2], picture::jetbrains_mono(), jetbrains);
  ImFont* fallback = nullptr;
  for (LoadedFont& slot : fonts) {
    if (slot.font != nullptr) continue;
    if (fallback == nullptr) fallback = fonts[0].font ? fonts[0].font : atlas.AddFontDefault();
    slot = {fallback, fonts[0].font ? fonts[0].metrics : FontMetrics{}};
  }
  set_style();
}

float scale() { return current_scale; }

ImU32 with_alpha(ImU32 color, float alpha) {
  const float own = static_cast<float>(color >> IM_COL32_A_SHIFT);
  const auto byte = static_cast<ImU32>(std::clamp(own * alpha, 0.f, 255.f));
  return (color & ~IM_COL32_A_MASK) | (byte << IM_COL32_A_SHIFT);
}

ImU32 mix(ImU32 a, ImU32 b, float t) {
  ImU32 out = 0;
  for (int shift = 0; shift < 32; shift += 8) {
    const auto from = static_cast<float>((a >> shift) & 255);
    const auto to = static_cast<float>((b >> shift) & 255);
    out |= static_cast<ImU32>(from + (to - from) * t + 0.5f) << shift;
  }
  return out;
}

Face face(Type type) {
  const TypeSpec& spec = types[static_cast<std::size_t>(type)];
  const LoadedFont& slot = fonts[static_cast<std::size_t>(spec.font)];
  const float em = px(spec.size_css);
  // Whole pixels keep stems even and the number of baked sizes small.
  const float size = std::round(em * slot.metrics.box);
  return Face{slot.font, size, std::round(em * slot.metrics.ascent), em * slot.metrics.cap,
              std::round(px(spec.line_css))};
}

}  // namespace netsplit::ui
