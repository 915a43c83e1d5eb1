// What a node's fields say on the network, by their hints: its badges, its log, its lock, its clock
// and the one word inside it.
#pragma once

#include "ui/moment.h"

namespace netsplit::ui {

void read_node(const NodeView& seen, NodeShown& node);

}  // namespace netsplit::ui
