// What the run has cost so far: the engine's meters and the protocol's.
#include <algorithm>

#include "core/base/names.h"
#include "ui/lesson_marks.h"
#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

void take(PriceState& state, const Model& model) {
  const Timeline& timeline = *model.timeline;
  // The last judgement is passed without a step.
  const Session& session = model.session();
  const std::uint64_t step = session.steps() * 4 + static_cast<std::uint64_t>(session.ending());
  if (state.generation == model.generation && state.branch == timeline.branch() &&
      state.step == step)
    return;
  state.generation = model.generation;
  state.branch = timeline.branch();
  state.step = step;
  state.readings = read_meters(model.session(), timeline.trace());
}

// What is always worth a row; the rest has one when it is not nothing.
bool always_shown(std::string_view name) { return name == "sent" || name == "bytes"; }

}  // namespace

void price_panel(Model& model, PriceState& state, Column& column) {
  if (!model.open()) return;
  take(state, model);
  const Palette& p = palette();
  panel_heading(model, column, "price", t().price);
  column.begin_card();
  for (const Reading& reading : state.readings) {
    if (reading.value == 0 && !always_shown(reading.name)) continue;
    const bool bad = reading.name == "lost" || reading.name == "violations" ||
                     reading.name == "unavailable" || reading.name == "operations_failed";
    const Rect r = column.row(meter_name(reading.name), format_reading(reading.unit, reading.value),
                              bad ? p.vermilion : p.text, Type::mono, 0.56f);
    const Touch touch = touch_area(model.controls, "price." + std::string(reading.name), r);
    if (touch.hovered) tip(reading.sentence);
  }
  column.end_card();
  column.skip(6);
}

}  // namespace netsplit::ui
