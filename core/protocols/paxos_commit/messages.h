// Parameters, messages and records of Paxos commit; the client; what all say to all.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "core/protocols/parts/atomic_commit.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::paxos_commit {

using atomic_commit::Answer;
using atomic_commit::Begin;
using atomic_commit::GiveUp;
using atomic_commit::RefuseNext;
using atomic_commit::Transact;
using atomic_commit::Transaction;

struct Params {
  bool learn_first = true;
  Time patience_us = milliseconds(600);
  Time retry_us = milliseconds(500);
  Time give_up_us = seconds(2);
  Time log_us = milliseconds(5);
  Time send_us = milliseconds(1);
  FIELDS(learn_first, patience_us, retry_us, give_up_us, log_us, send_us)
};

using Votes = std::map<NodeId, bool>;

struct Accepted {
  Epoch ballot;
  bool yes = false;
  FIELDS(ballot, yes)
};
using AcceptedVotes = std::map<NodeId, Accepted>;

// clang-format off
// Messages. The paper's names: Vote and Propose are 2a, Stands is 2b, Lead 1a, Learnt 1b.
struct Prepare { Transaction transaction = 0; FIELDS(transaction) };
struct Vote { Transaction transaction = 0; bool yes = false; FIELDS(transaction, yes) };
struct Stands { Transaction transaction = 0; Epoch ballot; bool all_yes = false;
                FIELDS(transaction, ballot, all_yes) };
struct Lead { Transaction transaction = 0; Epoch ballot; FIELDS(transaction, ballot) };
struct Learnt { Transaction transaction = 0; Epoch ballot; AcceptedVotes votes;
                FIELDS(transaction, ballot, votes) };
struct Propose { Transaction transaction = 0; Epoch ballot; Votes votes;
                 FIELDS(transaction, ballot, votes) };
struct Commit { Transaction transaction = 0; FIELDS(transaction) };
struct Abort { Transaction transaction = 0; FIELDS(transaction) };
using Message = std::variant<Begin, Prepare, Vote, Stands, Lead, Learnt, Propose, Commit, Abort,
                             Answer>;

// Timers.
struct AskAgain { Transaction transaction = 0; FIELDS(transaction) };
struct Silent { Transaction transaction = 0; FIELDS(transaction) };
using Timer = std::variant<AskAgain, Silent, GiveUp>;

using Request = std::variant<Transact, RefuseNext>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

struct Coordinator;
struct Shard;
struct Acceptor;

enum class Record : std::uint8_t { none, prepared, committed, aborted };
using Wal = atomic_commit::WriteAheadLog<Record>;

struct Client : atomic_commit::CommitClient<Client, Ctx, Coordinator> {
  FIELDS(waiting)
};

// A crash between two of these loses the rest.
template <class M>
void tell(Ctx& ctx, const std::vector<NodeId>& whom, const M& message) {
  for (const NodeId node : whom) {
    ctx.work(ctx.params().send_us);
    ctx.send(node, message);
  }
}
inline void announce(Ctx& ctx, Transaction transaction, bool committed) {
  std::vector<NodeId> all = ctx.all<Shard>();
  const std::vector<NodeId> acceptors = ctx.all<Acceptor>();
  all.insert(all.end(), acceptors.begin(), acceptors.end());
  if (ctx.first<Coordinator>() != nobody) all.push_back(ctx.first<Coordinator>());
  std::erase(all, ctx.self());
  if (committed) tell(ctx, all, Commit{transaction});
  if (!committed) tell(ctx, all, Abort{transaction});
}
inline bool is_majority(Ctx& ctx, std::size_t count) {
  return 2 * count > ctx.all<Acceptor>().size();
}

}  // namespace netsplit::paxos_commit
