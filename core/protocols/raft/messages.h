// What servers keep and tell each other, and the state machine that is fed from the log.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/protocols/parts/leader_client.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::raft {

using leader_client::GiveUp;
using leader_client::NotLeader;
using leader_client::Retry;

enum class Reads : std::uint8_t { through_log, at_once };

struct Params {
  Time election_low_us = milliseconds(300);
  Time election_high_us = milliseconds(600);
  Time heartbeat_us = milliseconds(100);
  Time sync_us = milliseconds(2);
  bool save_vote = true;
  bool own_term_only = true;
  bool sessions = true;
  Reads reads = Reads::through_log;
  bool pre_vote = false;
  std::int64_t batch = 100;
  std::int64_t snapshot_after = 0;
  Time retry_us = milliseconds(500);
  Time give_up_us = seconds(5);
  std::int64_t terms_limit = 1'000;
  std::int64_t log_limit = 1'000'000;
  FIELDS(election_low_us, election_high_us, heartbeat_us, sync_us, save_vote, own_term_only,
         sessions, reads, pre_vote, batch, snapshot_after, retry_us, give_up_us, terms_limit,
         log_limit)
};

using Value = std::optional<std::int64_t>;  // of the register; none until something is written
enum class Kind : std::uint8_t { empty, read, write };

struct Entry {
  Epoch term;
  Value value;
  Kind kind{};
  NodeId client;  // of an empty entry the leader, which begins its term with it
  std::uint32_t serial = 0;
  FIELDS(term, value, kind, client, serial)
};

// The state machine. Of each client it keeps what it last answered, so that a command that comes
// twice, because the client asked again, has its effect once (section 8).
struct Machine {
  struct Session {
    std::uint32_t serial = 0;
    Value result;
    FIELDS(serial, result)
  };
  Value value;
  std::map<NodeId, Session> sessions;
  FIELDS(value, sessions)

  Value apply(const Entry& entry, bool once) {
    if (entry.kind == Kind::empty) return {};
    Session& session = sessions[entry.client];
    if (once && entry.serial <= session.serial) return session.result;
    if (entry.kind == Kind::write) value = entry.value;
    session = {entry.serial, value};
    return value;
  }
};
struct Snapshot {
  Epoch term;  // of the last entry that is in it
  Machine machine;
  FIELDS(term, machine)
};

// clang-format off
// Messages (figure 2 and figure 13). `pre`: would you vote for me? (thesis, 9.6)
struct RequestVote { Epoch term; bool pre = false; LogIndex last; Epoch last_term;
                     FIELDS(term, pre, last, last_term) };
struct Vote { Epoch term; bool pre = false; bool granted = false; FIELDS(term, pre, granted) };
struct AppendEntries { Epoch term; std::vector<Entry> entries; LogIndex previous;
                       Epoch previous_term; LogIndex commit;
                       FIELDS(term, entries, previous, previous_term, commit) };
// How far the logs agree; of a refusal, how far they might.
struct Appended { Epoch term; bool success = false; LogIndex match; FIELDS(term, success, match) };
struct InstallSnapshot { Epoch term; LogIndex last; Snapshot snapshot;
                         FIELDS(term, last, snapshot) };
struct Write { std::int64_t value = 0; std::uint32_t serial = 0; FIELDS(value, serial) };
struct Read { std::uint32_t serial = 0; FIELDS(serial) };
struct Answer { std::uint32_t serial = 0; Value value; FIELDS(serial, value) };
using Message = std::variant<RequestVote, Vote, AppendEntries, Appended, InstallSnapshot, Write,
                             Read, Answer, NotLeader>;

// Timers.
struct ElectionTimeout { FIELDS_NONE };  // nobody leads, as far as one can tell
struct HeartbeatDue { FIELDS_NONE };
using Timer = std::variant<ElectionTimeout, HeartbeatDue, Retry, GiveUp>;

// A person's requests: to a client, which asks `server` first or else the one it asked last; and to
// a server, which stands for election without waiting.
struct WriteValue { std::int64_t value = 1; NodeId server; FIELDS(value, server) };
struct ReadValue { NodeId server; FIELDS(server) };
struct Campaign { FIELDS_NONE };
using Request = std::variant<WriteValue, ReadValue, Campaign>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

}  // namespace netsplit::raft
