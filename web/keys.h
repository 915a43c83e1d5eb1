// Keys as browsers name them.
#pragma once

#include <string_view>

#include <imgui.h>

namespace netsplit::web {

// `key` is what the key means in the reader's layout ("a", "ArrowLeft"), `code` where it sits
// ("KeyQ"). Letters follow the layout, so that a shortcut is the letter that is printed on the key;
// a layout without Latin letters falls back to the place.
ImGuiKey key_of(std::string_view key, std::string_view code);

}  // namespace netsplit::web
