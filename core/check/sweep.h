// A search through seeds: each is one run of a scenario under faults of its own
// (core/check/faults.h), judged by all of the protocol's properties.
//
// What a seed yields depends on the scenario and the seed alone. Seeds are taken in blocks, blocks
// in any order and at the same time; who puts the blocks in order has the same answer on one
// thread, on many, and from several machines.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/check/faults.h"
#include "core/sim/session.h"

namespace netsplit::check {

using MakeSession = std::function<Result<std::unique_ptr<Session>>(const Setup&)>;

// How a property of the swept protocol counts.
struct SweptProperty {
  std::string_view name;
  PropertyKind kind{};
  bool judged = true;  // a seed fails when one of these is violated
};

struct Violation {
  std::int32_t property = 0;  // index into Sweep::properties()
  std::uint64_t step = 0;
  Time at_us = 0;
  friend bool operator==(const Violation&, const Violation&) = default;
};

struct FailingSeed {
  std::uint64_t seed = 0;
  std::vector<Violation> violations;  // of judged properties, at least one
  friend bool operator==(const FailingSeed&, const FailingSeed&) = default;
};

// What became of `runs` consecutive seeds.
struct SweptBlock {
  std::uint64_t index = 0;
  std::uint64_t runs = 0;
  std::uint64_t steps = 0;
  // By property: in how many of the runs it was violated; of a *sometimes*, never seen.
  std::vector<std::uint64_t> violated;
  std::vector<FailingSeed> failing;  // by seed
  friend bool operator==(const SweptBlock&, const SweptBlock&) = default;
};

inline constexpr std::uint64_t seeds_per_block = 100;

// The seeds first .. last, both included.
struct SeedRange {
  std::uint64_t first = 1;
  std::uint64_t last = 1;
  std::uint64_t blocks() const { return (last - first) / seeds_per_block + 1; }
  std::uint64_t first_of(std::uint64_t block) const { return first + block * seeds_per_block; }
  std::uint64_t runs_of(std::uint64_t block) const {
    return std::min(seeds_per_block - 1, last - first_of(block)) + 1;
  }
  friend bool operator==(const SeedRange&, const SeedRange&) = default;
};

class Sweep {
 public:
  // `judged` names the properties whose violation makes a seed fail.
  // Errors: the setup is not sound or is in manual mode; there is no property of a name, or it is
  // a *sometimes*, which no single run can violate.
  static Result<Sweep> make(const Setup& setup, const std::vector<std::string>& judged,
                            FaultSet faults, const MakeSession& make_session);

  const std::vector<SweptProperty>& properties() const { return properties_; }
  const FaultPlan& plan() const { return plan_; }

  // The run of a seed, as a scenario has it.
  Setup setup_of(std::uint64_t seed, FaultSet* drawn = nullptr) const;

  // May be called from several threads at once.
  SweptBlock run_block(const SeedRange& seeds, std::uint64_t block) const;

 private:
  Setup setup_;
  FaultPlan plan_;
  std::vector<SweptProperty> properties_;
  std::shared_ptr<const Session> session_;  // at its first moment
};

}  // namespace netsplit::check
