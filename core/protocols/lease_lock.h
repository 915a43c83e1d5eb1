// Lease lock with optional fencing.
//
// A lock service hands the lock to one client at a time, as a lease: when the lease runs out, the
// next client gets the lock, whether or not the first has noticed. A client that was stopped for a
// while, or whose write was slow on its way, may then write as if it still held the lock. No
// timeout can prevent this, since the client cannot know that it was stopped. The remedy is at the
// storage: each grant carries a fencing token, one higher than the last, and storage refuses a
// token lower than one it has seen. A conditional write does the same where storage cannot compare
// tokens: the client reads the version and the token of the last write first, gives up when a later
// holder has been there already, and has its write taken only if the version is still that one.
// An epoch is the same token for a holder who leads for a while: before anything else it shows the
// token to storage, and from then on storage refuses whoever led before, even if nothing has been
// written since.
//
// Source: Kleppmann, "How to do distributed locking" (2016); Gray and Cheriton, "Leases" (SOSP
// 1989). Simplified: one lock, one cell of storage, requests served in the order they came.
#pragma once

#include <string>
#include <vector>

#include "core/protocols/lease_lock/client.h"
#include "core/protocols/lease_lock/lock_service.h"
#include "core/protocols/lease_lock/properties.h"
#include "core/protocols/lease_lock/storage.h"

namespace netsplit::lease_lock {

struct Protocol {
  using Message = lease_lock::Message;
  using Timer = lease_lock::Timer;
  using Request = lease_lock::Request;
  using Node = std::variant<LockService, Storage, Client>;
  using Params = lease_lock::Params;
  static constexpr std::string_view name = "lease_lock";
  static constexpr std::string_view title = "Lease lock";
  static constexpr std::string_view sentence =
      "Clients take turns at a lock that is lent for a while, and write to a shared storage.";
  static constexpr bool argument_is_node = true;  // of an operation: a client writes its name

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::fencing>("fencing",
                                           "What storage checks before it takes a write: nothing, "
                                           "the fencing token, the version, or the epoch that "
                                           "its holder announced."),
        time_parameter<&Params::lease_us>("lease", milliseconds(10), hours(1),
                                          "For how long the lock is lent; usually seconds."),
        choice_parameter<&Params::lease_clock>(
            "lease_clock", "The clock by which the lock service decides that a lease is over."),
        flag_parameter<&Params::check_lease>("check_lease",
                                             "A client looks at its own clock before it writes, "
                                             "and gives up when its lease is over."),
        time_parameter<&Params::retry_us>(
            "retry", milliseconds(10), hours(1),
            "After how long without an answer a client asks for the lock again."),
        time_parameter<&Params::give_up_us>(
            "give_up", milliseconds(10), hours(10),
            "After how long a client that got the lock stops waiting for storage."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"no_stale_write",
         "Storage never takes a write from a holder that a later holder has already followed "
         "there.",
         PropertyKind::always, no_stale_write<Protocol>},
        {"one_believer", "At most one client believes that it holds the lock.",
         PropertyKind::always, one_believer<Protocol>},
        {"all_answered", "Every client learns what became of its write, if only that nobody knows.",
         PropertyKind::finally, all_answered<Protocol>},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"leases", MeterUnit::count, "How often the lock was lent.", leases<Protocol>},
        {"writes", MeterUnit::count, "Writes that storage took.", writes<Protocol>},
    };
  }
  static bool linked(std::string_view a, std::string_view b) {
    return a == "Client" && (b == "LockService" || b == "Storage");
  }
  static std::string describe(const OperationRecord& record, NodeNames names) {
    return "write \"" +
           name_of(NodeId{static_cast<std::int32_t>(record.operation.argument)}, names) + "\"";
  }
};

}  // namespace netsplit::lease_lock
