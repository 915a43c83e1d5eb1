// Parameters and messages.
#pragma once

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::lease_lock {

enum class Fencing : std::uint8_t { off, token, conditional_write, epoch };
enum class LeaseClock : std::uint8_t { monotonic, wall };

struct Params {
  Fencing fencing = Fencing::off;
  Time lease_us = seconds(5);
  LeaseClock lease_clock = LeaseClock::monotonic;
  bool check_lease = false;
  Time retry_us = seconds(10);
  Time give_up_us = seconds(20);
  FIELDS(fencing, lease_us, lease_clock, check_lease, retry_us, give_up_us)
};

// clang-format off
// Messages.
struct Acquire { FIELDS_NONE };
struct Granted { Token token; Time lease_us = 0; FIELDS(token, lease_us) };
struct Release { Token token; FIELDS(token) };
struct Read { Token token; FIELDS(token) };  // with `epoch` it also announces the reader
struct ReadReply {
  NodeId value; Token token; std::int64_t version = 0;  // of the last write
  FIELDS(value, token, version)
};
struct Write { NodeId value; Token token; std::int64_t version = 0; FIELDS(value, token, version) };
struct Written { Token token; FIELDS(token) };
struct Rejected { Token token; Token highest; FIELDS(token, highest) };
// clang-format on
using Message = std::variant<Acquire, Granted, Release, Read, ReadReply, Write, Written, Rejected>;

// clang-format off
// Timers.
struct LeaseOver { static constexpr bool lease = true; FIELDS_NONE };  // at the lock service
struct ValueReady { FIELDS_NONE };  // the client has computed what it wants to write
struct AskAgain { FIELDS_NONE };
struct GiveUp { FIELDS_NONE };      // no answer to a write: it may have happened or not
// clang-format on
using Timer = std::variant<LeaseOver, ValueReady, AskAgain, GiveUp>;

// A person's request to a client: take the lock, work for a while, write your name.
// clang-format off
struct LockAndWrite { Time work_us = seconds(1); FIELDS(work_us) };
// clang-format on
using Request = std::variant<LockAndWrite>;

using Ctx = Context<Message, Timer, Params>;

struct LockService;
struct Storage;

}  // namespace netsplit::lease_lock
