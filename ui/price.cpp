// What the run has cost the network so far.
#include <cstdio>

#include "ui/panels.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " B";
  char text[32];
  const auto value = static_cast<double>(bytes);
  if (bytes < 1'000'000)
    std::snprintf(text, sizeof text, "%.1f kB", value / 1e3);
  else if (bytes < 1'000'000'000)
    std::snprintf(text, sizeof text, "%.1f MB", value / 1e6);
  else
    std::snprintf(text, sizeof text, "%.1f GB", value / 1e9);
  return text;
}

}  // namespace

void price_panel(Model& model, Column& column) {
  if (!model.open()) return;
  const Palette& p = palette();
  const Counters& counters = model.session().counters();
  column.heading(t().price);
  column.begin_card();
  column.row(t().messages,
             std::to_string(counters.sent) + " \xC2\xB7 " + bytes_text(counters.bytes), p.text);
  column.row(t().delivered, std::to_string(counters.delivered), p.text);
  column.row(t().lost, std::to_string(counters.lost), counters.lost > 0 ? p.vermilion : p.text);
  if (counters.duplicated > 0)
    column.row(t().duplicated, std::to_string(counters.duplicated), p.text);
  if (counters.nanocents > 0) {
    char text[40];
    std::snprintf(text, sizeof text, "%.4f ct", static_cast<double>(counters.nanocents) / 1e9);
    column.row(t().cost, text, p.text);
  }
  column.end_card();
  column.skip(6);
}

}  // namespace netsplit::ui
