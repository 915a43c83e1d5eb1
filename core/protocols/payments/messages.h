// Parameters, entries and messages.
#pragma once

#include <map>
#include <set>
#include <tuple>

#include "core/base/mergeable.h"
#include "core/sim/oracles.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::payments {

enum class Mode : std::uint8_t { totals, entries, majority };

struct Params {
  Mode mode = Mode::majority;
  Time exchange_us = milliseconds(500);
  Time patience_us = milliseconds(1'200);
  Time give_up_us = seconds(2);
  FIELDS(mode, exchange_us, patience_us, give_up_us)
};

using Account = std::int64_t;  // 1, 2 or 3
inline constexpr Account accounts = 3;
inline constexpr std::int64_t opening = 100;  // on each

struct Entry {
  std::int64_t amount = 0;
  Account from = 1;
  Account to = 2;
  Hidden<Dot> dot;  // which payment of which branch
  FIELDS(amount, from, to, dot)
  friend bool operator<(const Entry& a, const Entry& b) { return a.dot.value < b.dot.value; }
};
struct Total {
  std::int64_t amount = opening;
  Time wall_us = 0;  // of the branch that changed it last
  Hidden<NodeId> branch;
  FIELDS(amount, wall_us, branch)
  // Of two at one moment any will do, if only all branches choose the same.
  bool is_later_than(const Total& other) const {
    return std::tuple(wall_us, branch.value, amount) >
           std::tuple(other.wall_us, other.branch.value, other.amount);
  }
};

// clang-format off
// Messages. Totals and entries: what a branch has.
struct Exchange { std::map<Account, Total> totals; std::set<Entry> entries;
                  FIELDS(totals, entries) };
// Majority: to the primary, from it, and within the log's replication.
struct Ask { Entry entry; FIELDS(entry) };
struct Answer { bool done = false; Dot dot; FIELDS(done, dot) };
struct Copy { Log<Entry> log; LogIndex commit; FIELDS(log, commit) };
struct Copied { LogIndex last; FIELDS(last) };
using Message = std::variant<Exchange, Ask, Answer, Copy, Copied>;

// Timers.
struct ExchangeDue { FIELDS_NONE };
struct OutOfTouch { FIELDS_NONE };
struct GiveUp { std::uint32_t number = 0; FIELDS(number) };
using Timer = std::variant<ExchangeDue, OutOfTouch, GiveUp>;

// A person's request.
struct Pay { std::int64_t amount = 10; Account from = 1; Account to = 2; FIELDS(amount, from, to) };
using Request = std::variant<Pay>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;
using Balances = std::map<Account, std::int64_t>;

}  // namespace netsplit::payments
