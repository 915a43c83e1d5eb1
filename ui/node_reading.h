// What a node's fields say on the network, by their hints: its badges, its log, its lock, its clock
// and the one word inside it.
#pragma once

#include "ui/moment.h"

namespace netsplit::ui {

// A long word of a log's entry as one writes it where there is little room: "comm." of "committed".
std::string short_word(std::string_view text);

void read_node(const NodeView& seen, NodeShown& node);

}  // namespace netsplit::ui
