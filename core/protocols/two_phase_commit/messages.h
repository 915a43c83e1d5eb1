// Parameters, messages and records of two-phase commit; the client.
#pragma once

#include "core/protocols/parts/atomic_commit.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::two_phase_commit {

using atomic_commit::Answer;
using atomic_commit::Begin;
using atomic_commit::GiveUp;
using atomic_commit::RefuseNext;
using atomic_commit::Transact;
using atomic_commit::Transaction;

struct Params {
  bool log_first = true;
  bool cooperative = false;
  Time vote_timeout_us = milliseconds(500);
  Time retry_us = milliseconds(500);
  Time give_up_us = seconds(2);
  Time log_us = milliseconds(5);
  Time send_us = milliseconds(1);
  FIELDS(log_first, cooperative, vote_timeout_us, retry_us, give_up_us, log_us, send_us)
};

// clang-format off
// Messages.
struct Prepare { Transaction transaction = 0; FIELDS(transaction) };
struct Yes { Transaction transaction = 0; FIELDS(transaction) };
struct No { Transaction transaction = 0; FIELDS(transaction) };
struct Commit { Transaction transaction = 0; FIELDS(transaction) };
struct Abort { Transaction transaction = 0; FIELDS(transaction) };
struct Done { Transaction transaction = 0; FIELDS(transaction) };
struct Inquire { Transaction transaction = 0; FIELDS(transaction) };
using Message = std::variant<Begin, Prepare, Yes, No, Commit, Abort, Done, Inquire, Answer>;

// Timers.
struct VoteTimeout { Transaction transaction = 0; FIELDS(transaction) };
struct WriteLate { Transaction transaction = 0; FIELDS(transaction) };  // the broken twin's log
struct TellAgain { Transaction transaction = 0; FIELDS(transaction) };
struct AskAgain { Transaction transaction = 0; FIELDS(transaction) };
using Timer = std::variant<VoteTimeout, WriteLate, TellAgain, AskAgain, GiveUp>;

using Request = std::variant<Transact, RefuseNext>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

struct Coordinator;
struct Shard;

enum class Record : std::uint8_t { none, begun, prepared, committed, aborted, ended };
using Wal = atomic_commit::WriteAheadLog<Record>;

struct Client : atomic_commit::CommitClient<Client, Ctx, Coordinator> {
  FIELDS(waiting)
};

}  // namespace netsplit::two_phase_commit
