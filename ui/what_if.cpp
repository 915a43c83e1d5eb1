#include "ui/what_if.h"

#include <algorithm>
#include <chrono>

#include "ui/input_text.h"
#include "ui/strings.h"

namespace netsplit::ui {
namespace {

constexpr std::size_t inputs_most = 24;
constexpr std::uint64_t seeds_tried = 24;
// A changed run may be longer than the one that was asked of, but not without end.
constexpr std::uint64_t steps_least = 200'000;

}  // namespace

std::vector<std::int64_t> other_values(const ParameterInfo& info, std::int64_t value) {
  std::vector<std::int64_t> found;
  const auto add = [&](std::int64_t other) {
    other = std::clamp(other, info.low, info.high);
    if (other != value && std::find(found.begin(), found.end(), other) == found.end())
      found.push_back(other);
  };
  if (info.unit == Unit::flag || info.unit == Unit::choice) {
    const auto count = static_cast<std::int64_t>(info.choices.size());
    const std::int64_t last = info.unit == Unit::flag ? 1 : std::max<std::int64_t>(count - 1, 0);
    for (std::int64_t other = 0; other <= last; ++other) {
      if (other != value) found.push_back(other);
    }
    return found;
  }
  add(info.usual);
  add(value / 2);
  if (value <= info.high / 2) add(value * 2);
  add(value / 10);
  if (value <= info.high / 10) add(value * 10);
  add(info.low);
  add(info.high);
  return found;
}

void WhatIf::start(const Session& run, std::size_t property, std::uint64_t generation,
                   BranchId branch) {
  clear();
  property_ = property;
  generation_ = generation;
  branch_ = branch;
  asked_of_ = run.setup();
  changes_.push_back({Change::Kind::none, {}, asked_of_});
  steps_most_ = std::max(steps_least, 4 * run.steps());
  const auto& infos = run.protocol().parameters;
  for (std::size_t i = 0; i < infos.size(); ++i) {
    const ParameterInfo& info = infos[i];
    for (const std::int64_t value :
         other_values(info, run.parameter(static_cast<std::int64_t>(i)))) {
      Setup setup = asked_of_;
      std::erase_if(setup.parameters, [&](const auto& each) { return each.first == info.name; });
      if (value != info.usual) setup.parameters.emplace_back(info.name, value);
      changes_.push_back({Change::Kind::parameter,
                          words(info.name) + " = " + format_parameter(info, value),
                          std::move(setup)});
    }
  }
  for (std::size_t i = 0; i < std::min(asked_of_.script.size(), inputs_most); ++i) {
    Setup setup = asked_of_;
    setup.script.erase(setup.script.begin() + static_cast<std::ptrdiff_t>(i));
    // What comes after so many steps of one run comes by time alone in another.
    for (Input& input : setup.script) input.after_step = -1;
    changes_.push_back({Change::Kind::input,
                        say(t().without_input, {input_text(run, asked_of_.script[i])}),
                        std::move(setup)});
  }
  for (std::uint64_t seed = 1; seed <= seeds_tried; ++seed) {
    if (seed == asked_of_.seed) continue;
    Setup setup = asked_of_;
    setup.seed = seed;
    changes_.push_back(
        {Change::Kind::seed, say(t().with_seed, {std::to_string(seed)}), std::move(setup)});
  }
}

bool WhatIf::fits(const Session& run, std::uint64_t generation, BranchId branch) const {
  return generation == generation_ && branch == branch_ &&
         run.setup().script.size() == asked_of_.script.size();
}

void WhatIf::advance(const MakeSession& make, double budget_ms) {
  const auto begun = std::chrono::steady_clock::now();
  const auto in_time = [&] {
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - begun;
    return taken.count() < budget_ms;
  };
  do {
    if (!running()) return;
    if (!run_) {
      Result<std::unique_ptr<Session>> made = make(changes_[at_].setup);
      if (!made) {
        ++undecided_;
        ++at_;
        continue;
      }
      run_ = std::move(made).value();
    }
    constexpr int slice = 64;
    bool more = true;
    for (int i = 0; more && i < slice; ++i) more = run_->step(nullptr);
    const bool decided = run_->properties()[property_].standing == Standing::violated;
    if (!more || decided || run_->steps() > steps_most_) {
      // A run that is cut short has not held to its end.
      if (more && !decided)
        ++undecided_;
      else
        finish_trial();
      run_.reset();
      ++at_;
    }
  } while (in_time());
}

void WhatIf::finish_trial() {
  const PropertyState& state = run_->properties()[property_];
  if (at_ == 0) {
    unchanged_ = state;
    saves_ = state.standing == Standing::violated;
    return;
  }
  const Standing wanted = saves_ ? Standing::holds : Standing::violated;
  if (state.standing == wanted) findings_.push_back({at_, state.first_us, state.witness.why});
}

}  // namespace netsplit::ui
