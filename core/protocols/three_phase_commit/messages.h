// Parameters, messages and records of three-phase commit; the client.
#pragma once

#include "core/protocols/parts/atomic_commit.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::three_phase_commit {

using atomic_commit::Answer;
using atomic_commit::Begin;
using atomic_commit::GiveUp;
using atomic_commit::RefuseNext;
using atomic_commit::Transact;
using atomic_commit::Transaction;

enum class Silence : std::uint8_t { ask_others, decide_alone };

struct Params {
  Silence on_silence = Silence::ask_others;
  Time bound_us = milliseconds(250);
  Time vote_timeout_us = milliseconds(500);
  Time patience_us = milliseconds(1'000);
  Time give_up_us = seconds(2);
  Time log_us = milliseconds(5);
  Time send_us = milliseconds(1);
  FIELDS(on_silence, bound_us, vote_timeout_us, patience_us, give_up_us, log_us, send_us)
};

// clang-format off
// Messages.
struct Prepare { Transaction transaction = 0; FIELDS(transaction) };
struct Yes { Transaction transaction = 0; FIELDS(transaction) };
struct No { Transaction transaction = 0; FIELDS(transaction) };
struct PreCommit { Transaction transaction = 0; FIELDS(transaction) };
struct Ack { Transaction transaction = 0; FIELDS(transaction) };
struct Commit { Transaction transaction = 0; FIELDS(transaction) };
struct Abort { Transaction transaction = 0; FIELDS(transaction) };
struct Done { Transaction transaction = 0; FIELDS(transaction) };
struct Ask { Transaction transaction = 0; bool leads = false; FIELDS(transaction, leads) };
struct Undecided { Transaction transaction = 0; bool pre_committed = false; bool crashed = false;
                   FIELDS(transaction, pre_committed, crashed) };
using Message = std::variant<Begin, Prepare, Yes, No, PreCommit, Ack, Commit, Abort, Done, Ask,
                             Undecided, Answer>;

// Timers.
struct VoteTimeout { Transaction transaction = 0; FIELDS(transaction) };
struct AckTimeout { Transaction transaction = 0; FIELDS(transaction) };
struct Silent { Transaction transaction = 0; FIELDS(transaction) };
struct AllHeard { Transaction transaction = 0; FIELDS(transaction) };
using Timer = std::variant<VoteTimeout, AckTimeout, Silent, AllHeard, GiveUp>;

using Request = std::variant<Transact, RefuseNext>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

struct Coordinator;
struct Shard;

enum class Record : std::uint8_t {
  none,
  begun,
  prepared,
  pre_committed,
  committed,
  aborted,
  ended
};
using Wal = atomic_commit::WriteAheadLog<Record>;

struct Client : atomic_commit::CommitClient<Client, Ctx, Coordinator> {
  FIELDS(waiting)
};

}  // namespace netsplit::three_phase_commit
