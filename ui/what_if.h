// What would break a property that holds, or save one that does not: the same seed and the same
// script again with one thing changed at a time, each run to its end, a slice a frame. What is
// reported was run; nothing is guessed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/sim/timeline.h"

namespace netsplit::ui {

class WhatIf {
 public:
  struct Change {
    enum class Kind : std::uint8_t { none, parameter, input, seed } kind{};
    std::string words;  // "fencing = off", "without: pause alice", "seed 12"
    Setup setup;
  };
  struct Finding {
    std::size_t change;
    Time at_us = 0;   // when it was decided
    std::string why;  // the witness of a violation
  };

  // Asks of a property of a run. The first thing tried is the run as it is, to its end: what is
  // violated there may be saved, what holds broken.
  void start(const Session& run, std::size_t property, std::uint64_t generation, BranchId branch);
  void clear() { *this = {}; }
  // Goes on for about `budget_ms`, or makes at least one step.
  void advance(const MakeSession& make, double budget_ms);

  bool asked() const { return !changes_.empty(); }
  bool running() const { return at_ < changes_.size(); }
  bool is_about(std::size_t property) const { return asked() && property == property_; }
  bool saves() const { return saves_; }
  // How the property came out unchanged; open until that is known.
  const PropertyState& unchanged() const { return unchanged_; }
  // Whether it was asked of this very run.
  bool fits(const Session& run, std::uint64_t generation, BranchId branch) const;
  std::size_t tried() const { return at_ == 0 ? 0 : at_ - 1; }
  std::size_t count() const { return changes_.size() - 1; }
  std::size_t undecided() const { return undecided_; }
  const Change& change(std::size_t index) const { return changes_[index]; }
  const std::vector<Finding>& findings() const { return findings_; }

 private:
  void finish_trial();

  std::vector<Change> changes_;
  std::vector<Finding> findings_;
  std::size_t at_ = 0;
  std::size_t property_ = 0;
  bool saves_ = false;
  PropertyState unchanged_;
  std::size_t undecided_ = 0;     // runs that were too long, or could not be made
  std::uint64_t steps_most_ = 0;  // of one run
  std::unique_ptr<Session> run_;
  Setup asked_of_;
  std::uint64_t generation_ = 0;
  BranchId branch_ = -1;
};

// The other values of a parameter that are worth trying: all of a flag and of a choice; of a number
// its usual value, its limits, and what is twice, half, ten times and a tenth of it.
std::vector<std::int64_t> other_values(const ParameterInfo& info, std::int64_t value);

}  // namespace netsplit::ui
