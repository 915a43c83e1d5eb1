// Files: what is open goes out as a scenario, and comes in again. The host has the disk, or a page
// its downloads.
#include <cctype>

#include "picture/diagram.h"
#include "ui/model.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

// "The lock that lies" becomes "the-lock-that-lies".
std::string file_stem(const Scenario& scenario) {
  if (!scenario.id.empty()) return scenario.id;
  std::string stem;
  for (const char c : scenario.title) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalnum(letter) != 0)
      stem += static_cast<char>(std::tolower(letter));
    else if (!stem.empty() && stem.back() != '-')
      stem += '-';
  }
  while (!stem.empty() && stem.back() == '-') stem.pop_back();
  return stem.empty() ? "scenario" : stem;
}

}  // namespace

void Model::ask_for_file() {
  if (host.choose_file) return host.choose_file();
  if (!host.read_file) return say_toast(std::string(t().no_files));
  overlay = Overlay::open_file;
}

Status Model::open_path(const std::string& path) {
  const Result<std::string> text = host.read_file(path);
  if (!text) return Error{text.error()};
  return open_file(text.value(), path.substr(path.find_last_of('/') + 1));
}

void Model::save_bytes(std::string name, std::string bytes) {
  // Who writes paths is asked for one.
  if (host.write_file) {
    saving_name = host.folder + name;
    saving_bytes = std::move(bytes);
    overlay = Overlay::save_file;
  } else if (host.save_file) {
    const Result<std::string> place = host.save_file(name, bytes);
    say_toast(place ? say(t().saved_as, {place.value()}) : place.error(),
              place ? Tone::good : Tone::bad);
  }
}

Status Model::save_as(const std::string& path) {
  const Status done = host.write_file(path, saving_bytes);
  if (!done) return done;
  say_toast(say(t().saved_as, {path}), Tone::good);
  saving_bytes.clear();
  return Done{};
}

void Model::save_scenario() { save_bytes(file_stem(scenario) + ".json", write_scenario(edited())); }

void Model::save_picture(bool png) {
  picture::Look look;
  look.light = theme() == Theme::light;
  look.words = {.paused = t().paused,
                .down = t().down,
                .absent = t().absent,
                .lease = t().lease,
                .seed = t().seed,
                .held = t().held,
                .network = t().network,
                .space_time = t().space_time};
  const picture::Picture drawn = picture::both_diagrams(*timeline, edited(), look);
  const std::string stem = file_stem(scenario);
  if (!png) return save_bytes(stem + ".svg", picture::to_svg(drawn));
  const auto pixels = picture::paint(drawn, 2);
  if (!pixels) return say_toast(pixels.error(), Tone::bad);
  const auto bytes = picture::to_png(pixels.value());
  if (!bytes) return say_toast(bytes.error(), Tone::bad);
  save_bytes(stem + ".png", bytes.value());
}

void Model::keep() {
  if (!host.keep) return;
  // A run that no link holds is kept as the file that opens it.
  if (open()) {
    const Result<std::string> link = encode_link(link_of_run());
    kept.work = link ? link.value() : write_scenario(edited());
  }
  host.keep(write_kept(kept));
}

void Model::copy_scenario() {
  if (!host.copy_text) return;
  host.copy_text(write_scenario(edited()));
  say_toast(std::string(t().scenario_copied), Tone::good);
}

}  // namespace netsplit::ui
