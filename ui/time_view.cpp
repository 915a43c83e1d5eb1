#include "ui/time_view.h"

#include <cmath>
#include <cstdio>

namespace netsplit::ui {
namespace {

constexpr double second_us = 1e6;
constexpr double minute_us = 60e6;
constexpr double hour_us = 3600e6;

// Microseconds are grouped by three, so that one can count them.
std::string grouped_seconds(double time_us, int decimals) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*f", decimals, time_us / second_us);
  std::string out = text;
  if (decimals > 3) out.insert(out.size() - static_cast<std::size_t>(decimals - 3), "\xE2\x80\x89");
  return out + " s";
}

}  // namespace

void TimeView::reset(std::int32_t nodes) {
  const Axis kept = axis;
  *this = TimeView{};
  axis = kept;
  node_count = nodes;
  for (std::int32_t i = 0; i < nodes; ++i) order.push_back({i});
}

void TimeView::fit() {
  fitted = true;
  from = 0;
  to = end;
}

void TimeView::pan(double by) {
  const double w = width();
  from = std::clamp(from + by, 0.0, std::max(0.0, end - w));
  to = from + w;
  fitted = false;
}

void TimeView::zoom(double factor, double share) {
  const double at = from + share * width();
  const double w = std::clamp(width() * factor, std::min(narrowest, end), end);
  from = std::clamp(at - share * w, 0.0, end - w);
  to = from + w;
  fitted = whole();
}

void TimeView::show_range(double a, double b) {
  const double w = std::clamp(b - a, std::min(narrowest, end), end);
  from = std::clamp((a + b - w) / 2, 0.0, end - w);
  to = from + w;
  fitted = whole();
}

void TimeView::switch_axis(Axis to_axis) {
  if (axis == to_axis) return;
  axis = to_axis;
  fitted = true;  // its length is known when it is next drawn
}

void TimeView::hide(NodeId id) {
  if (order.size() > 1) std::erase(order, id);
}

void TimeView::show(NodeId id) {
  if (shows(id) || id.value < 0 || id.value >= node_count) return;
  const auto before = std::find_if(order.begin(), order.end(),
                                   [&](NodeId other) { return other.value > id.value; });
  order.insert(before, id);
}

void TimeView::move(NodeId id, std::int32_t to_line) {
  if (!shows(id)) return;
  std::erase(order, id);
  const auto line = std::clamp<std::ptrdiff_t>(to_line, 0, std::ssize(order));
  order.insert(order.begin() + line, id);
}

double tick_step(Axis axis, double rough) {
  if (axis == Axis::real) {
    for (const double minutes :
         {0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 180.0, 360.0, 720.0, 1440.0}) {
      if (rough > 20 * second_us && rough <= minutes * minute_us) return minutes * minute_us;
    }
  }
  const double power = std::pow(10, std::floor(std::log10(std::max(rough, 1.0))));
  for (const double times : {1.0, 2.0, 5.0}) {
    if (rough <= times * power * (1 + 1e-9)) return times * power;
  }
  return 10 * power;
}

std::string tick_text(Axis axis, double at, double step) {
  char text[48];
  if (axis == Axis::logical) {
    std::snprintf(text, sizeof text, "%.0f", at);
  } else if (step >= minute_us / 2 && at >= hour_us) {
    const double minutes = std::round(at / minute_us);
    const double hours = std::floor(minutes / 60);
    if (minutes - hours * 60 < 0.5)
      std::snprintf(text, sizeof text, "%.0f h", hours);
    else
      std::snprintf(text, sizeof text, "%.0f h %02.0f", hours, minutes - hours * 60);
  } else if (step >= minute_us) {
    std::snprintf(text, sizeof text, "%.0f min", at / minute_us);
  } else if (step >= minute_us / 2) {
    std::snprintf(text, sizeof text, "%.1f min", at / minute_us);
  } else if (at + step >= second_us * 10 || step >= 1e5) {
    const int decimals =
        step >= 1e6 ? 0 : static_cast<int>(std::ceil(-std::log10(step / 1e6) - 1e-9));
    return grouped_seconds(at, decimals);
  } else if (step >= 1e3 && at < second_us) {
    std::snprintf(text, sizeof text, "%.0f ms", at / 1e3);
  } else if (at < 1e3) {
    std::snprintf(text, sizeof text, "%.0f \xC2\xB5s", at);
  } else {
    return grouped_seconds(at, static_cast<int>(std::ceil(-std::log10(step / 1e6) - 1e-9)));
  }
  return text;
}

}  // namespace netsplit::ui
