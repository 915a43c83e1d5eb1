// The fonts of window and pictures, subset and written as C++ at build time: OpenType or TrueType
// bytes, as ImGui's AddFontFromMemoryTTF takes them (it must not take ownership).
//
// A font that the building machine lacks is an empty span; the window then uses Dear ImGui's own.
#pragma once

#include <span>

namespace netsplit::picture {

std::span<const unsigned char> inter_regular();
std::span<const unsigned char> inter_semibold();
std::span<const unsigned char> jetbrains_mono();

}  // namespace netsplit::picture
