// What servers accept, and tell each other about it.
#pragma once

#include <optional>
#include <vector>

#include "core/protocols/parts/leader_client.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::multi_paxos {

using leader_client::GiveUp;
using leader_client::NotLeader;
using leader_client::Retry;

struct Params {
  bool keep_ballot = true;
  bool fill_gaps = true;
  bool adopt = true;
  Time sync_us = milliseconds(2);
  Time silence_low_us = milliseconds(600);
  Time silence_high_us = milliseconds(1'200);
  Time heartbeat_us = milliseconds(200);
  Time retry_us = milliseconds(500);
  Time give_up_us = seconds(5);
  Time answer_limit_us = seconds(10);
  FIELDS(keep_ballot, fill_gaps, adopt, sync_us, silence_low_us, silence_high_us, heartbeat_us,
         retry_us, give_up_us, answer_limit_us)
};

struct Command {
  std::optional<std::int64_t> value;  // none: an empty command, of the leader that fills a gap
  NodeId client;
  std::uint32_t serial = 0;
  FIELDS(value, client, serial)
};
// One instance as a server knows it: what it accepted last, and whether that is chosen.
struct Slot {
  Epoch ballot;
  std::optional<Command> command;
  Hidden<bool> chosen;
  FIELDS(ballot, command, chosen)
};

// clang-format off
// Messages. `from` is the first instance that a promise speaks of.
struct Prepare { Epoch ballot; LogIndex from; FIELDS(ballot, from) };
struct Promise { Epoch ballot; LogIndex from; std::vector<Slot> slots;
                 FIELDS(ballot, from, slots) };
struct Accept { Epoch ballot; LogIndex at; Command command; FIELDS(ballot, at, command) };
struct Accepted { Epoch ballot; LogIndex at; FIELDS(ballot, at) };
struct Refused { Epoch promised; FIELDS(promised) };
struct Chosen { Epoch ballot; LogIndex at; Command command; FIELDS(ballot, at, command) };
struct Alive { Epoch ballot; LogIndex commit; FIELDS(ballot, commit) };
struct Behind { LogIndex commit; FIELDS(commit) };
struct Propose { std::int64_t value = 0; std::uint32_t serial = 0; FIELDS(value, serial) };
struct Answer { std::uint32_t serial = 0; FIELDS(serial) };
using Message = std::variant<Prepare, Promise, Accept, Accepted, Refused, Chosen, Alive, Behind,
                             Propose, Answer, NotLeader>;

// Timers.
struct Silence { FIELDS_NONE };  // nobody leads, as far as one can tell
struct HeartbeatDue { FIELDS_NONE };
using Timer = std::variant<Silence, HeartbeatDue, Retry, GiveUp>;

// A person's requests: to a client, which asks `server` first or else the one it asked last; and to
// a server, which begins to lead without waiting.
struct ProposeValue { std::int64_t value = 1; NodeId server; FIELDS(value, server) };
struct Lead { FIELDS_NONE };
using Request = std::variant<ProposeValue, Lead>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

}  // namespace netsplit::multi_paxos
