// `netsplit draw`: the network at a moment and the space-time diagram, as SVG or PNG, without a
// window.
#include <algorithm>
#include <cstdio>

#include "cli/commands.h"
#include "cli/common.h"
#include "core/scenario/registry.h"
#include "picture/diagram.h"

namespace netsplit::cli {
namespace {

// So long a run is drawn no further.
constexpr std::uint64_t steps_drawn_max = 200'000;

struct Plan {
  Time at_us = -1;  // -1: where the link looked, or the end
  picture::Look look;
  float scale = 2;
  bool png = false;
};

Result<std::pair<float, float>> size_of(const std::string& text) {
  int width = 0;
  int height = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%dx%d%c", &width, &height, &rest) == 2 && width >= 200 &&
      height >= 150 && width <= 4096 && height <= 4096)
    return std::pair{static_cast<float>(width), static_cast<float>(height)};
  return Error{"--size " + text + ": expected WIDTHxHEIGHT, from 200x150 to 4096x4096"};
}

Result<Plan> plan_of(const DrawWords& words) {
  Plan plan;
  if (!words.at.empty()) {
    const Result<Time> at = parse_duration(words.at);
    if (!at) return Error{"--at: " + at.error()};
    plan.at_us = std::max<Time>(at.value(), 0);
  }
  const std::vector<std::string> kinds{"network", "space-time", "both"};
  if (std::find(kinds.begin(), kinds.end(), words.what) == kinds.end())
    return Error{"--what \"" + words.what + "\": " + expected_names(words.what, kinds)};
  const std::vector<std::string> themes{"light", "dark"};
  if (std::find(themes.begin(), themes.end(), words.theme) == themes.end())
    return Error{"--theme \"" + words.theme + "\": " + expected_names(words.theme, themes)};
  plan.look.light = words.theme == "light";
  if (words.what == "space-time") plan.look.height = 420;
  if (words.what == "network") plan.look.height = 600;
  if (!words.size.empty()) {
    const auto size = size_of(words.size);
    if (!size) return Error{size.error()};
    plan.look.width = size.value().first;
    plan.look.height = size.value().second;
  }
  // A picture that is told its size has that many pixels.
  plan.scale = words.size.empty() ? 2.f : 1.f;
  plan.png = words.out.ends_with(".png");
  if (!plan.png && !words.out.ends_with(".svg") && words.out != "-")
    return Error{"-o " + words.out + ": expected a name that ends in .svg or .png, or - for SVG"};
  return plan;
}

Result<std::string> bytes_of(const picture::Picture& drawn, const Plan& plan) {
  if (!plan.png) return picture::to_svg(drawn);
  const auto pixels = picture::paint(drawn, plan.scale);
  if (!pixels) return Error{pixels.error()};
  return picture::to_png(pixels.value());
}

}  // namespace

int draw(const DrawWords& words) {
  const Result<Plan> plan = plan_of(words);
  if (!plan) return refuse(plan.error());
  Result<Source> source = open_source(words.scenario, words.set);
  if (!source) return refuse(source.error());
  Scenario& scenario = source.value().scenario;
  Result<Timeline> opened = Timeline::open(scenario.setup, make_session);
  if (!opened) return refuse(opened.error());
  Timeline timeline = std::move(opened).value();
  timeline.run_ahead(steps_drawn_max);
  const std::optional<Link>& link = source.value().link;
  Time at_us = plan.value().at_us;
  if (at_us < 0) at_us = link ? link->cursor_us : timeline.head().now_us();
  timeline.seek_time(at_us);
  if (plan.value().at_us < 0 && link && link->cursor_step >= 0)
    timeline.seek_step(static_cast<std::uint64_t>(link->cursor_step));

  const picture::Look& look = plan.value().look;
  const picture::Picture drawn =
      words.what == "network"      ? picture::network_diagram(timeline, scenario, look)
      : words.what == "space-time" ? picture::space_time_diagram(timeline, scenario, look)
                                   : picture::both_diagrams(timeline, scenario, look);
  const Result<std::string> bytes = bytes_of(drawn, plan.value());
  if (!bytes) return refuse(bytes.error());
  if (words.out == "-") {
    std::fwrite(bytes.value().data(), 1, bytes.value().size(), stdout);
    return as_expected;
  }
  const Status written = write_whole_file("-o", words.out, bytes.value());
  return written ? as_expected : refuse(written.error());
}

}  // namespace netsplit::cli
