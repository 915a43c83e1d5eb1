// The panels round the network. Each is drawn into a column of its region.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/scenario/meters.h"
#include "ui/canvas.h"
#include "ui/clock_plot.h"
#include "ui/compare.h"
#include "ui/editor.h"
#include "ui/model.h"
#include "ui/space_time.h"

namespace netsplit::ui {

// The history at the cursor, laid out: taken anew once a step.
struct ClientsState {
  struct Lane {
    NodeId client;
    std::size_t levels = 1;  // how many operations at the same time
  };
  std::vector<OperationRecord> history;
  std::vector<std::size_t> level;          // of each operation in its lane
  std::vector<std::vector<Time>> retries;  // of each operation
  std::vector<Lane> lanes;
  std::int64_t chosen = -1;
  std::uint64_t generation = UINT64_MAX;
  BranchId branch = -1;
  std::uint64_t step = UINT64_MAX;
};

struct PriceState {
  std::vector<Reading> readings;
  std::uint64_t generation = UINT64_MAX;
  BranchId branch = -1;
  std::uint64_t step = UINT64_MAX;
};

struct LibraryState {
  std::set<std::string> toggled;  // chapters opened or shut by hand
  std::uint64_t opened = 0;       // the time line that was last seen
};

struct TransportState {
  char seed[24] = "";
  bool editing_seed = false;
  float speed_grab = 0;
};

struct PaletteState {
  char query[128] = "";
  std::size_t chosen = 0;
  int frames = 0;  // since it was opened
};

struct PathState {
  Fields fields;
};

struct Panels {
  Canvas canvas;
  SpaceTime space_time;
  Compare compare;
  ClientsState clients;
  PriceState price;
  ClockPlot clock_plot;
  LibraryState library;
  TransportState transport;
  NodeId inspected;  // that the column was last scrolled up for
  EditorState editor;
  PaletteState palette;
  PathState path;
};

// Focus, shortcuts and Escape; true when the keys of this frame are used up.
bool keyboard(Model& model);
// Tab from a host that has its own; false when there is no further control.
bool tab(Model& model, bool back);
// The nodes and messages as places where the keyboard can stop.
void network_stops(Model& model);
// Palette, keys and whatever else lies over the window.
void overlays(Model& model, Panels& panels, float width, float height);
void palette_overlay(Model& model, PaletteState& state, float width, float height);
void path_overlay(Model& model, PathState& state, float width, float height);
void keys_overlay(Model& model, float width, float height);
// The window's menu, opened by a button of the top bar.
void main_menu(Model& model, const Rect& button_rect);

void top_bar(Model& model, TransportState& state, const Rect& rect);
// The row of play buttons a phone has under the network.
void play_row(Model& model, TransportState& state, const Rect& rect);

void library_panel(Model& model, LibraryState& state, Column& column);
void lesson_panel(Model& model, Column& column);
// Keys 1 to 9 answer or stage; comma and period go from step to step.
void lesson_keys(Model& model);
// What the lesson's open questions keep the window from telling.
void note_withheld(Model& model);
void properties_panel(Model& model, Column& column);
void inspector_panel(Model& model, Column& column);
void clients_panel(Model& model, ClientsState& state, Column& column);
void parameters_panel(Model& model, Column& column);
void price_panel(Model& model, PriceState& state, Column& column);
float legend_width(const Legend& legend);
// The legend over the network's left edge, or in place of what is below the network.
void legend_beside(Model& model, const Rect& strip);
void legend_below(Model& model, const Rect& rect);
void toast_bubble(Model& model, const Rect& canvas);

}  // namespace netsplit::ui
