// The embedded fonts are ones that Dear ImGui's rasteriser accepts, and they have every letter and
// sign that the window and the scenarios write.
#include <doctest/doctest.h>
#include <imgui.h>

#include <set>
#include <string>
#include <string_view>

#include "core/scenario/embedded.h"
#include "picture/fonts_embedded.h"
#include "ui/strings.h"

namespace netsplit::ui::fonts_test {
namespace {

// Code points beyond ASCII.
void collect(std::string_view text, std::set<unsigned>& letters) {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    unsigned letter = lead < 0x80 ? lead : lead < 0xE0 ? lead & 31u : lead < 0xF0 ? lead & 15u : 0;
    for (; at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80; ++at)
      letter = letter << 6 | (static_cast<unsigned char>(text[at]) & 63u);
    if (letter >= 0x80) letters.insert(letter);
  }
}

}  // namespace

TEST_CASE("fonts: every embedded font loads and has what the window and the scenarios write") {
  std::set<unsigned> letters{'A', 'z', '0'};
  for (std::size_t l = 0; l < languages.size(); ++l) {
    for (const std::string_view text : catalogue(static_cast<Language>(l))) collect(text, letters);
  }
  for (const EmbeddedFile& file : embedded_scenarios()) collect(file.text, letters);
  CHECK(letters.contains(u'ü'));
  ImGui::CreateContext();
  for (auto bytes :
       {picture::inter_regular(), picture::inter_semibold(), picture::jetbrains_mono()}) {
    if (bytes.empty()) continue;
    ImFontConfig config;
    config.FontDataOwnedByAtlas = false;
    ImFont* font = ImGui::GetIO().Fonts->AddFontFromMemoryTTF(
        const_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), 14.0f, &config);
    REQUIRE(font != nullptr);
    for (const unsigned letter : letters)
      CHECK_MESSAGE(font->IsGlyphInFont(static_cast<ImWchar>(letter)), "code point ", letter);
  }
  ImGui::DestroyContext();
}

}  // namespace netsplit::ui::fonts_test
