// The catalogues as they were written, one for each language.
#pragma once

#include "ui/strings.h"

namespace netsplit::ui {

const Strings& english();
const Strings& german();

}  // namespace netsplit::ui
