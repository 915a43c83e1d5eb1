// What the window shows, as JSON text, for readers who do not see it: the page's HTML mirror,
// screen readers and tests.
#pragma once

#include <string>

#include "ui/model.h"

namespace netsplit::ui {

std::string mirror_of(const Model& model);

}  // namespace netsplit::ui
