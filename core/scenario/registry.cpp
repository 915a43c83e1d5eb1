#include "core/scenario/registry.h"

#include <array>

#include "core/base/hash.h"
#include "core/protocols/clocks.h"
#include "core/protocols/idempotency.h"
#include "core/protocols/lamport_mutex.h"
#include "core/protocols/lease_lock.h"
#include "core/protocols/paxos.h"
#include "core/protocols/paxos_commit.h"
#include "core/protocols/saga.h"
#include "core/protocols/three_phase_commit.h"
#include "core/protocols/two_phase_commit.h"
#include "core/protocols/vector_conflict.h"

namespace netsplit {
namespace {

Error no_such_protocol(const std::string& name) {
  std::vector<std::string> names;
  for (const ProtocolEntry& known : protocols()) names.push_back(known.info->name);
  return Error{"there is no protocol \"" + name + "\"; " + expected_names(name, names)};
}

// All that an exploration depends on; not its limits, which only say where it stops.
std::uint64_t identity_of(const Setup& setup, const check::CheckOptions& options) {
  Scenario scenario;
  scenario.setup = setup;
  Hasher hasher;
  hasher.text(write_scenario(scenario));
  hasher.integer(options.faults.drops);
  hasher.integer(options.faults.duplicates);
  hasher.integer(options.faults.crashes);
  hasher.integer(options.repeats);
  hasher.integer(options.symmetry ? 1 : 0);
  hasher.integer(options.limits.stop_at_violation ? 1 : 0);
  for (const std::string& name : options.expected_violations) hasher.text(name);
  return hasher.digest();
}

}  // namespace

std::span<const ProtocolEntry> protocols() {
  // clang-format off
  static const std::array entries{
      protocol_entry<idempotency::Protocol>(),
      protocol_entry<lease_lock::Protocol>(),
      protocol_entry<clocks::Protocol>(),
      protocol_entry<paxos::Protocol>(),
      protocol_entry<vector_conflict::Protocol>(),
      protocol_entry<lamport_mutex::Protocol>(),
      protocol_entry<two_phase_commit::Protocol>(),
      protocol_entry<three_phase_commit::Protocol>(),
      protocol_entry<saga::Protocol>(),
      protocol_entry<paxos_commit::Protocol>(),
  };
  // clang-format on
  return entries;
}

const ProtocolEntry* find_protocol(std::string_view name) {
  for (const ProtocolEntry& known : protocols()) {
    if (known.info->name == name) return &known;
  }
  return nullptr;
}

Result<std::unique_ptr<Session>> make_session(const Setup& setup) {
  if (const ProtocolEntry* known = find_protocol(setup.protocol)) return known->make(setup);
  return no_such_protocol(setup.protocol);
}

Result<check::CheckReport> explore_setup(const Setup& setup, const check::CheckOptions& options,
                                         const check::Executor& execute,
                                         const check::OnProgress& on_progress) {
  const ProtocolEntry* known = find_protocol(setup.protocol);
  if (known == nullptr) return no_such_protocol(setup.protocol);
  check::CheckOptions own = options;
  if (options.keeper != nullptr) own.identity = identity_of(setup, options);
  return known->check(setup, own, execute, on_progress);
}

}  // namespace netsplit
