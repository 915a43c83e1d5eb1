// The German catalogue, as it was translated.
#pragma once

#include "ui/strings.h"

namespace netsplit::ui {

const Strings& german();

}  // namespace netsplit::ui
