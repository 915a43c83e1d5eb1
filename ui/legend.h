// The legend: what the shapes and signs of the open experiment mean. It lists what occurs in it:
// roles by their shape, signs by the hints of the fields, and what has happened so far.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/sim/timeline.h"
#include "ui/strings.h"

namespace netsplit::ui {

struct Model;

enum class Sign : std::uint8_t {
  role,  // of a shape
  paused,
  down,
  absent,
  token,
  epoch,
  lock_held,
  lock_free,
  lease,
  timer,
  log,
  log_border,
  log_place,
  clock,
  link,
  cut,
  cut_one_way,
  region,
  message,  // of a kind
  lost,
  inbox,
  spoken_of,  // by the lesson
  step_of_lesson,
  staging,
  violation,
  input
};
inline constexpr std::size_t signs_count = static_cast<std::size_t>(Sign::input) + 1;

struct LegendRow {
  Sign sign{};
  std::uint16_t which = 0;  // a role's shape, a message's kind
  std::string text;
  std::string names;  // of the fields that are drawn so
};

struct LegendPart {
  std::string_view title;
  std::vector<LegendRow> rows;
};

class Legend {
 public:
  bool open = false;
  // Looks at the moment that is shown; what has once been drawn stays listed.
  void follow(const Model& model);
  const std::vector<LegendPart>& parts() const { return parts_; }

 private:
  using Names = std::vector<std::string>;

  bool has(Sign sign) const { return seen_[static_cast<std::size_t>(sign)]; }
  void note(Sign sign, bool drawn = true) {
    if (drawn) seen_.set(static_cast<std::size_t>(sign));
  }
  void read_run(const Model& model);
  void read_script(const Session& session);
  void read_moment(const Model& model);
  void list(const Model& model);

  std::vector<LegendPart> parts_;
  std::bitset<signs_count> seen_;
  Names tokens_, epochs_, locks_, logs_, places_;  // of fields
  // What the list was made from.
  std::bitset<signs_count> listed_;
  std::uint64_t generation_ = UINT64_MAX;
  BranchId branch_ = -1;
  std::size_t names_ = 0;
  Language language_{};
};

}  // namespace netsplit::ui
