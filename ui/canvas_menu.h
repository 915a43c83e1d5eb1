// What the network's menus and the message's card share.
#pragma once

#include <string_view>

namespace netsplit::ui {

inline constexpr float menu_width_css = 252;

void menu_title(std::string_view title);

}  // namespace netsplit::ui
