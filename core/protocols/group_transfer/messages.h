// Parameters, messages and groups.
#pragma once

#include <vector>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::group_transfer {

struct Params {
  bool commit = true;
  Time sync_us = milliseconds(2);
  Time retry_us = milliseconds(400);
  Time give_up_us = seconds(3);
  FIELDS(commit, sync_us, retry_us, give_up_us)
};

inline constexpr std::int64_t opening_balance = 100;
using Transfer = std::int64_t;  // numbered by its client, and no number is used twice

enum class Record : std::uint8_t { none, prepared, committed, aborted };
struct Entry {
  Record record{};
  Transfer transfer = 0;
  std::int64_t change = 0;  // of the account
  NodeId client;            // who is answered; nobody in the second group
  FIELDS(record, transfer, change, client)
};

// clang-format off
// Messages. Of a client, without commit on top: change one account. With it: do the transfer.
struct Change { Transfer transfer = 0; std::int64_t change = 0; FIELDS(transfer, change) };
struct Move { Transfer transfer = 0; std::int64_t amount = 0; FIELDS(transfer, amount) };
struct Answer { Transfer transfer = 0; bool done = false; FIELDS(transfer, done) };
// Between the leaders of the groups.
struct Prepare { Transfer transfer = 0; std::int64_t change = 0; FIELDS(transfer, change) };
struct Vote { Transfer transfer = 0; bool yes = false; FIELDS(transfer, yes) };
struct Decide { Transfer transfer = 0; bool commit = false; FIELDS(transfer, commit) };
struct Decided { Transfer transfer = 0; FIELDS(transfer) };
// Within a group.
struct Copy { std::vector<Entry> entries; LogIndex previous; LogIndex commit;
              FIELDS(entries, previous, commit) };
struct Copied { LogIndex last; LogIndex commit; FIELDS(last, commit) };
using Message = std::variant<Change, Move, Answer, Prepare, Vote, Decide, Decided, Copy, Copied>;

// Timers.
struct CopyAgain { FIELDS_NONE };
struct TellAgain { Transfer transfer = 0; FIELDS(transfer) };
struct AskAgain { Transfer transfer = 0; FIELDS(transfer) };
struct GiveUp { Transfer transfer = 0; FIELDS(transfer) };
using Timer = std::variant<CopyAgain, TellAgain, AskAgain, GiveUp>;

// A person's requests: to a client, and to a leader, which refuses the next change.
struct TransferAmount { std::int64_t amount = 10; FIELDS(amount) };
struct RefuseNext { FIELDS_NONE };
using Request = std::variant<TransferAmount, RefuseNext>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

struct Replica;
// The replicas of the first group (0) or the second (1); the leader is the first of them.
inline std::vector<NodeId> group(Ctx& ctx, int which) {
  const std::vector<NodeId> all = ctx.all<Replica>();
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  return which == 0 ? std::vector<NodeId>(all.begin(), middle)
                    : std::vector<NodeId>(middle, all.end());
}
inline NodeId leader(Ctx& ctx, int which) {
  const std::vector<NodeId> members = group(ctx, which);
  return members.empty() ? nobody : members.front();
}

}  // namespace netsplit::group_transfer
