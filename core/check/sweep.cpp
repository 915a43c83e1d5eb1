#include "core/check/sweep.h"

#include <algorithm>

#include "core/base/names.h"

namespace netsplit::check {
namespace {

// The others are seen in some run of many, or never.
bool is_judged_in_each_run(PropertyKind kind) { return kind != PropertyKind::sometimes; }

Result<std::vector<SweptProperty>> choose(const std::vector<PropertyState>& states,
                                          const std::vector<std::string>& judged) {
  std::vector<SweptProperty> properties;
  std::vector<std::string> known;
  for (const PropertyState& state : states) {
    const bool named = std::find(judged.begin(), judged.end(), state.name) != judged.end();
    if (named && !is_judged_in_each_run(state.kind)) {
      return Error{"\"" + std::string(state.name) +
                   "\" is a property that must be seen at some time; expected one that a single "
                   "run can violate"};
    }
    properties.push_back({state.name, state.kind, named});
    known.emplace_back(state.name);
  }
  for (const std::string& name : judged) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return Error{"there is no property \"" + name + "\"; " + expected_names(name, known)};
  }
  return properties;
}

}  // namespace

Result<Sweep> Sweep::make(const Setup& setup, const std::vector<std::string>& judged,
                          FaultSet faults, const MakeSession& make_session) {
  if (setup.manual) {
    return Error{
        "manual: in a manual run nothing happens by itself; expected one that runs in "
        "time"};
  }
  Result<std::unique_ptr<Session>> made = make_session(setup);
  if (!made) return Error{made.error()};
  Sweep sweep;
  Result<std::vector<SweptProperty>> properties = choose(made.value()->properties(), judged);
  if (!properties) return Error{properties.error()};
  sweep.setup_ = setup;
  sweep.properties_ = std::move(properties).value();
  sweep.session_ = made.value()->clone();
  sweep.plan_ = plan_faults(*made.value(), faults);
  return sweep;
}

Setup Sweep::setup_of(std::uint64_t seed, FaultSet* drawn) const {
  return with_faults(setup_, plan_, seed, drawn);
}

SweptBlock Sweep::run_block(const SeedRange& seeds, std::uint64_t block) const {
  SweptBlock result;
  result.index = block;
  result.runs = seeds.runs_of(block);
  result.violated.resize(properties_.size());
  const std::unique_ptr<Session> session = session_->clone();
  for (std::uint64_t i = 0; i < result.runs; ++i) {
    const std::uint64_t seed = seeds.first_of(block) + i;
    session->run_unrecorded(std::make_shared<const Setup>(setup_of(seed)));
    result.steps += session->steps();
    FailingSeed failing{seed, {}};
    for (std::size_t p = 0; p < properties_.size(); ++p) {
      const PropertyState& state = session->properties()[p];
      if (state.standing != Standing::violated) continue;
      ++result.violated[p];
      if (!properties_[p].judged) continue;
      failing.violations.push_back(
          {static_cast<std::int32_t>(p), state.first_step, state.first_us});
    }
    if (!failing.violations.empty()) result.failing.push_back(std::move(failing));
  }
  return result;
}

}  // namespace netsplit::check
