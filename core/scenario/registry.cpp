#include "core/scenario/registry.h"

#include <array>

#include "core/base/hash.h"
#include "core/check/check_world.h"
#include "declared_protocols.h"  // by the build, from the names of the headers

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

template <class P>
ProtocolEntry entry_of() {
  const check::CheckedProtocol& checked = protocol_entry<P>();
  return {checked.info, &checked};
}

}  // namespace

std::span<const ProtocolEntry> protocols() {
  // clang-format off
  static const std::array entries{
      entry_of<idempotency::Protocol>(),
      entry_of<lease_lock::Protocol>(),
      entry_of<clocks::Protocol>(),
      entry_of<paxos::Protocol>(),
      entry_of<multi_paxos::Protocol>(),
      entry_of<raft::Protocol>(),
      entry_of<quorum_register::Protocol>(),
      entry_of<replicated_store::Protocol>(),
      entry_of<anti_entropy::Protocol>(),
      entry_of<heartbeats::Protocol>(),
      entry_of<payments::Protocol>(),
      entry_of<vector_conflict::Protocol>(),
      entry_of<lamport_mutex::Protocol>(),
      entry_of<two_phase_commit::Protocol>(),
      entry_of<three_phase_commit::Protocol>(),
      entry_of<saga::Protocol>(),
      entry_of<paxos_commit::Protocol>(),
      entry_of<gossip::Protocol>(),
      entry_of<partitioned_log::Protocol>(),
      entry_of<group_transfer::Protocol>(),
      entry_of<remote_call::Protocol>(),
      entry_of<page_load::Protocol>(),
      entry_of<secure_channel::Protocol>(),
      entry_of<state_sync::Protocol>(),
      entry_of<replica_fanout::Protocol>(),
      entry_of<name_service::Protocol>(),
      entry_of<rolling_upgrade::Protocol>(),
      entry_of<policy_rollout::Protocol>(),
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
  if (const ProtocolEntry* known = find_protocol(setup.protocol))
    return known->checked->session(setup);
  return no_such_protocol(setup.protocol);
}

Result<check::CheckReport> explore_setup(const Setup& setup, const check::CheckOptions& options,
                                         const check::Executor& execute,
                                         const check::OnProgress& on_progress) {
  const ProtocolEntry* known = find_protocol(setup.protocol);
  if (known == nullptr) return no_such_protocol(setup.protocol);
  check::CheckOptions own = options;
  if (options.keeper != nullptr) own.identity = identity_of(setup, options);
  return check::check_world(*known->checked, setup, own, execute, on_progress);
}

}  // namespace netsplit
