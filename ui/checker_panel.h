// The panel of checks, drawn into a column: the right one, the drawer, or the phone's sheet.
#pragma once

#include "ui/model.h"
#include "ui/widgets.h"

namespace netsplit::ui {

void checker_panel(Model& model, Column& column);
// The way to the panel that stands below the properties of one run.
void checks_link(Model& model, Column& column);
// What came out of the task that is shown; part of the panel.
void checker_results(Model& model, Column& column);

}  // namespace netsplit::ui
