// Colours, type scale and spacing. All lengths in the window's code are CSS pixels passed through
// px(), so that one number, the scale, makes everything sharp at any density.
#pragma once

#include <cstdint>

#include <imgui.h>

namespace netsplit::ui {

enum class Theme : std::uint8_t { dark, light };

// Meaning colours follow Okabe and Ito, "Color universal design" (2008). In the light theme they
// are darkened until they read as text on white (4.5 : 1).
struct Palette {
  ImU32 ground, panel, raised, hover, line, strong_line, text, muted, faint;
  ImU32 sky, green, vermilion, orange, yellow, pink;
  ImU32 fill, on_fill;     // the one loud surface (play, share) and the text on it
  ImU32 node, link, grid;  // the network's own surfaces
  ImU32 shadow;
  ImU32 kinds[8];  // messages by kind
};

const Palette& palette();
Theme theme();
void apply_theme(Theme theme);

// Loads the embedded fonts for a pixel ratio, and scales the style. Call again, between two frames,
// when the ratio changes.
void load_fonts(float scale);
float scale();
inline float px(float css) { return css * scale(); }

ImU32 with_alpha(ImU32 color, float alpha);
ImU32 mix(ImU32 a, ImU32 b, float t);

enum class Type : std::uint8_t {
  title,
  body,
  strong,
  caption,
  caption_strong,
  small,
  mono,
  mono_small
};

struct Face {
  ImFont* font;
  float size;    // as ImGui counts it: ascent plus descent
  float ascent;  // from the top of that box to the baseline
  float cap;     // height of a capital
  float line;    // distance of two baselines
};
Face face(Type type);

}  // namespace netsplit::ui
