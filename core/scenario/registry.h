// All protocols, and how a setup becomes a session. A new protocol is one header and one line in
// registry.cpp.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "core/base/result.h"
#include "core/check/check.h"
#include "core/scenario/scenario.h"
#include "core/sim/session.h"

namespace netsplit {

namespace check {
struct CheckedProtocol;  // core/check/checked_protocol.h
}

struct ProtocolEntry {
  const ProtocolInfo* info;
  const check::CheckedProtocol* checked;  // its sessions, and its side of a check
};

// In core/scenario/protocol_entry.h, instantiated by the build for each header in core/protocols.
template <class P>
const check::CheckedProtocol& protocol_entry();

std::span<const ProtocolEntry> protocols();

// Null when there is none of that name.
const ProtocolEntry* find_protocol(std::string_view name);

// Errors: names the protocol, role, parameter, node or request that is not known, or the number
// that is out of range.
Result<std::unique_ptr<Session>> make_session(const Setup& setup);

// Explores every run of the setup. The executor and the progress are the explorer's.
// Errors: as make_session, and what a check cannot take.
Result<check::CheckReport> explore_setup(const Setup& setup, const check::CheckOptions& options,
                                         const check::Executor& execute = check::run_in_order,
                                         const check::OnProgress& on_progress = {});

// The scenarios that every build carries, by chapter and order.
std::span<const Scenario> library();

// What is wrong with embedded scenarios that could not be read; empty in a sound build.
std::span<const std::string> library_errors();

// Null when there is none of that id.
const Scenario* find_scenario(std::string_view id);

}  // namespace netsplit
