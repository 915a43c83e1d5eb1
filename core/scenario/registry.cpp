#include "core/scenario/registry.h"

#include <array>

#include "core/protocols/clocks.h"
#include "core/protocols/lease_lock.h"
#include "core/protocols/paxos.h"

namespace netsplit {
namespace {

Error no_such_protocol(const std::string& name) {
  std::vector<std::string> names;
  for (const ProtocolEntry& known : protocols()) names.push_back(known.info->name);
  return Error{"there is no protocol \"" + name + "\"; " + expected_names(name, names)};
}

}  // namespace

std::span<const ProtocolEntry> protocols() {
  static const std::array entries{
      protocol_entry<lease_lock::Protocol>(),
      protocol_entry<clocks::Protocol>(),
      protocol_entry<paxos::Protocol>(),
  };
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
  if (const ProtocolEntry* known = find_protocol(setup.protocol))
    return known->check(setup, options, execute, on_progress);
  return no_such_protocol(setup.protocol);
}

}  // namespace netsplit
