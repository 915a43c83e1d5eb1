// Parameters and messages.
#pragma once

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::paxos {

enum class Backoff : std::uint8_t { none, random };

struct Params {
  Backoff backoff = Backoff::random;
  bool save = true;
  bool adopt = true;
  Time sync_us = milliseconds(20);
  Time patience_us = seconds(1);
  Time backoff_us = milliseconds(200);
  std::int64_t rounds_max = 40;
  FIELDS(backoff, save, adopt, sync_us, patience_us, backoff_us, rounds_max)
};

// clang-format off
// Messages. A vote is what an acceptor accepted last: value 0 stands for none.
struct Prepare { Epoch ballot; FIELDS(ballot) };
struct Promise { Epoch ballot; Epoch voted; std::int64_t value = 0; FIELDS(ballot, voted, value) };
struct Accept { Epoch ballot; std::int64_t value = 0; FIELDS(ballot, value) };
struct Accepted { Epoch ballot; FIELDS(ballot) };
struct Refused { Epoch ballot; Epoch promised; FIELDS(ballot, promised) };
struct Decided { std::int64_t value = 0; FIELDS(value) };
// clang-format on
using Message = std::variant<Prepare, Promise, Accept, Accepted, Refused, Decided>;

// clang-format off
// Timers.
struct NoMajority { FIELDS_NONE };  // the round was not answered by enough
struct TryAgain { FIELDS_NONE };    // the wait after a refusal is over
// clang-format on
using Timer = std::variant<NoMajority, TryAgain>;

// A person's request to a proposer: get this value decided, if no other is.
// clang-format off
struct Propose { std::int64_t value = 1; FIELDS(value) };
// clang-format on
using Request = std::variant<Propose>;

using Ctx = Context<Message, Timer, Params>;

struct Acceptor;

}  // namespace netsplit::paxos
