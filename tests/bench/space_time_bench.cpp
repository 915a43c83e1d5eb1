// One frame's CPU time of the space-time diagram, of a run of 200 000 events on 8 nodes: the whole
// run in view, a part of it, and with the past of an event shaded. The run plays, so that what
// follows the cursor is paid for too.
#include <benchmark/benchmark.h>

#include <imgui.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "tests/bench/phold_run.h"
#include "tests/bench/processor_time.h"
#include "ui/space_time.h"

namespace netsplit::bench {
namespace {

constexpr std::int64_t events_wanted = 200'000;
constexpr std::int32_t nodes = 8;

// An ImGui context without a graphics back end.
struct Window {
  Window() {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {1440, 900};
    io.DeltaTime = 1.f / 60;
    io.BackendFlags |=
        ImGuiBackendFlags_RendererHasTextures | ImGuiBackendFlags_RendererHasVtxOffset;
    ui::load_fonts(1);
  }
  ~Window() {
    for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
      texture->SetTexID(ImTextureID_Invalid);
      texture->SetStatus(ImTextureStatus_Destroyed);
    }
    ImGui::DestroyContext();
  }
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  void render() {
    ImGui::Render();
    for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
      if (texture->Status == ImTextureStatus_WantCreate ||
          texture->Status == ImTextureStatus_WantUpdates) {
        texture->SetTexID(1);
        texture->SetStatus(ImTextureStatus_OK);
      }
    }
  }
};

enum class View : std::uint8_t { whole, part, shaded, logical };

void frame(benchmark::State& state, View view) {
  Window window;
  ui::Model model;
  const Setup setup = phold::setup(nodes);
  Scenario scenario;
  scenario.id = "phold";
  scenario.setup = setup;
  model.show_run(scenario, phold::run_of(setup));
  Timeline& timeline = *model.timeline;
  while (timeline.trace().size() < events_wanted && timeline.run_ahead(1'000)) {
  }
  const Time end_us = timeline.head().now_us();
  timeline.seek_time(end_us / 2);
  model.refresh();
  model.places.form = ui::Form::wide;
  ui::SpaceTime diagram;
  const ui::Rect rect{268, 590, 836, 310};
  const auto draw = [&] {
    ImGui::NewFrame();
    diagram.frame(model, rect);
    window.render();
  };
  draw();
  if (view == View::part)
    model.time_view.show_range(static_cast<double>(end_us) * 0.45,
                               static_cast<double>(end_us) * 0.55);
  else
    model.time_view.show_range(0, static_cast<double>(end_us));
  if (view == View::logical) model.time_view.switch_axis(ui::Axis::logical);
  if (view == View::shaded) model.selected_event = timeline.trace().size() / 2;
  std::int64_t vertices = 0;
  std::vector<double> each_ms;
  for (auto _ : state) {
    // As while scrubbing: the cursor moves on, and all that hangs on it.
    timeline.step_forward();
    model.refresh();
    const double start_ms = processor_ms();
    draw();
    each_ms.push_back(processor_ms() - start_ms);
    state.SetIterationTime(each_ms.back() / 1e3);
    vertices += ImGui::GetDrawData()->TotalVtxCount;
  }
  std::sort(each_ms.begin(), each_ms.end());
  state.counters["median_ms"] = each_ms[each_ms.size() / 2];
  state.counters["events"] = static_cast<double>(timeline.trace().size());
  state.counters["vertices"] = static_cast<double>(vertices) / static_cast<double>(each_ms.size());
}

void register_view(const char* name, View view) {
  benchmark::RegisterBenchmark(name, [view](benchmark::State& state) { frame(state, view); })
      ->UseManualTime()
      ->Iterations(100)
      ->Unit(benchmark::kMillisecond);
}

const bool registered = [] {
  register_view("space-time/whole", View::whole);
  register_view("space-time/part", View::part);
  register_view("space-time/shaded", View::shaded);
  register_view("space-time/logical", View::logical);
  return true;
}();

}  // namespace
}  // namespace netsplit::bench
