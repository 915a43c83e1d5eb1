// The embedded fonts are ones that Dear ImGui's rasteriser accepts, and they have the signs that
// the window draws.
#include <doctest/doctest.h>
#include <imgui.h>

#include "picture/fonts_embedded.h"

namespace {

ImFont* add(ImFontAtlas& atlas, std::span<const unsigned char> bytes, bool merge = false) {
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.MergeMode = merge;
  return atlas.AddFontFromMemoryTTF(const_cast<unsigned char*>(bytes.data()),
                                    static_cast<int>(bytes.size()), 14.0f, &config);
}

}  // namespace

TEST_CASE("fonts: every embedded font loads and has the signs of the window") {
  using namespace netsplit::picture;
  ImGui::CreateContext();
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  for (auto face : {inter_regular(), inter_semibold(), jetbrains_mono()}) {
    if (face.empty()) continue;
    ImFont* font = add(atlas, face);
    REQUIRE(font != nullptr);
    for (ImWchar letter : {u'A', u'z', u'0', u'ü', u'→', u'✓', u'▶'}) {
      CHECK_MESSAGE(font->IsGlyphInFont(letter), "letter ", static_cast<int>(letter));
    }
    if (symbols().empty()) continue;
    add(atlas, symbols(), true);
    for (ImWchar sign : {u'✂', u'✕', u'⬡', u'◌', u'‖'}) {
      CHECK_MESSAGE(font->IsGlyphInFont(sign), "sign ", static_cast<int>(sign));
    }
  }
  ImGui::DestroyContext();
}
