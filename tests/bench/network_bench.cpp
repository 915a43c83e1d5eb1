// One frame of the network without a window: a thousand nodes and five thousand messages on their
// way, playing, so that the picture is taken anew every time. And ten thousand nodes as a field.
// What counts is the processor's time: a frame that waits for its turn has cost nothing.
#include <benchmark/benchmark.h>
#include <imgui.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "tests/bench/phold_run.h"
#include "tests/bench/processor_time.h"
#include "ui/panels.h"
#include "ui/theme.h"

namespace netsplit::bench {
namespace {

// A context whose pictures go nowhere.
class Stage {
 public:
  Stage() {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {1440, 900};
    io.BackendFlags |=
        ImGuiBackendFlags_RendererHasTextures | ImGuiBackendFlags_RendererHasVtxOffset;
    ui::apply_theme(ui::Theme::dark);
    ui::load_fonts(1);
  }
  ~Stage() {
    for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
      texture->SetTexID(ImTextureID_Invalid);
      texture->SetStatus(ImTextureStatus_Destroyed);
    }
    ImGui::DestroyContext();
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  template <class Draw>
  void frame(Draw draw) {
    ImGui::GetIO().DeltaTime = 1.f / 60;
    ImGui::NewFrame();
    draw();
    ImGui::Render();
    for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
      if (texture->Status == ImTextureStatus_OK || texture->Status == ImTextureStatus_Destroyed)
        continue;
      const bool gone = texture->Status == ImTextureStatus_WantDestroy;
      texture->SetTexID(gone ? ImTextureID_Invalid : ImTextureID{1});
      texture->SetStatus(gone ? ImTextureStatus_Destroyed : ImTextureStatus_OK);
    }
  }
};

void network(benchmark::State& state) {
  Stage stage;
  ui::Model model;
  Setup setup = phold::setup(static_cast<std::int32_t>(state.range(0)));
  setup.parameters = {{"balls", state.range(1)}};
  Scenario scenario;
  scenario.id = "phold";
  scenario.setup = setup;
  model.show_run(scenario, phold::run_of(setup));
  model.speed = 0.01;
  model.seek_time(milliseconds(1));
  model.playing = true;
  ui::Canvas canvas;
  const ui::Rect rect{268, 48, 836, 560};
  std::vector<double> each_ms;
  std::size_t in_flight = 0;
  for (auto _ : state) {
    const double start_ms = processor_ms();
    stage.frame([&] {
      model.controls.list.clear();
      model.advance(1.0 / 60);
      canvas.frame(model, rect);
      canvas.overlay(model, rect);
    });
    each_ms.push_back(processor_ms() - start_ms);
    state.SetIterationTime(each_ms.back() / 1e3);
    in_flight = model.moment.messages.size();
  }
  std::sort(each_ms.begin(), each_ms.end());
  state.counters["median_ms"] = each_ms[each_ms.size() / 2];
  state.counters["worst_ms"] = each_ms.back();
  state.counters["messages"] = static_cast<double>(in_flight);
  state.counters["steps"] = static_cast<double>(model.timeline->cursor_step());
}
BENCHMARK(network)
    ->Name("window/network")
    ->Args({1'000, 5})
    ->Args({10'000, 1})
    ->UseManualTime()
    ->Iterations(201)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace netsplit::bench
