// Payments in a partition: correct and refused, or served and wrong.
//
// Three branches of a bank keep the same accounts, and any of them may be asked for a payment. When
// the network splits, each way of going on has its price:
//
// - totals: each branch pays if its own copy covers it, and the copies are reconciled later, the
//   later total of an account winning. Nobody is refused; half of a payment is overwritten, and
//   money comes from nothing or goes nowhere.
// - entries: what is exchanged are payments, and merging loses none. All the money is there, and
//   yet two branches may each have spent the same last coin: a limit is no type that merges.
// - majority: a payment is an entry in the log of one branch, the primary, and is done when a
//   majority has stored it. Who is out of touch refuses. Never wrong, and not always there.
//
// Source: Gilbert and Lynch, "Brewer's conjecture and the feasibility of consistent, available,
// partition-tolerant web services" (2002); Bailis et al., "Coordination avoidance in database
// systems" (VLDB 2014), for which limits need coordination. Simplified: the primary is always the
// first branch (elections: raft.h) and sends its whole log; a branch is its own client.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

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

struct Branch {
  static constexpr Shape shape = Shape::storage;

  struct Disk {
    std::map<Account, Total> totals;
    std::set<Entry> entries;
    Log<Entry> log;
    Hidden<VersionVector> asked;  // the primary's: what it has decided, each once
    FIELDS(totals, entries, log, asked)
  } disk;
  LogIndex commit;
  bool in_touch = false;                  // with a majority, or with the primary that is
  std::map<NodeId, LogIndex> copied;      // the primary's: how far each other has its log
  std::set<NodeId> heard;                 // … and who of them answered lately
  Hidden<std::set<std::uint32_t>> waits;  // payments without an answer

  void start(Ctx& ctx) {
    for (Account account = 1; account <= accounts; ++account) disk.totals.try_emplace(account);
    ctx.set_timer(ExchangeDue{}, 0, ctx.params().exchange_us);
  }

  // What it would tell a person; `end`: up to here the log counts.
  Balances balances(LogIndex end) const {
    Balances all;
    for (const auto& [account, total] : disk.totals) all[account] = total.amount;
    const auto apply = [&](const Entry& entry) {
      all[entry.from] -= entry.amount;
      all[entry.to] += entry.amount;
    };
    for (const Entry& entry : disk.entries) apply(entry);
    for (LogIndex at{1}; at <= end; at = at.next()) apply(disk.log[at]);
    return all;
  }

  void on(Ctx& ctx, const Pay& r) {
    const std::uint32_t number = ctx.invoke({"pay", r.from, r.amount, r.to});
    const Entry entry{r.amount, r.from, r.to, {{ctx.self(), number}}};
    const auto known = [](Account account) { return account >= 1 && account <= accounts; };
    const bool sound = known(r.from) && known(r.to) && r.from != r.to && r.amount > 0 &&
                       r.amount <= accounts * opening;
    if (!sound) return ctx.complete(number, Outcome::failed);
    if (ctx.params().mode != Mode::majority)
      return ctx.complete(number, pay_alone(ctx, entry) ? Outcome::ok : Outcome::failed);
    if (!may_decide(ctx)) return ctx.complete(number, Outcome::failed);
    waits.value.insert(number);
    ctx.set_timer(GiveUp{number}, ctx.params().give_up_us);
    if (primary(ctx) == ctx.self()) return decide(ctx, entry);
    ctx.send(primary(ctx), Ask{entry});
  }

  // Totals and entries: nobody is asked.
  bool pay_alone(Ctx& ctx, const Entry& entry) {
    if (balances({})[entry.from] < entry.amount) return false;
    if (ctx.params().mode == Mode::entries) return disk.entries.insert(entry).second;
    Total& from = disk.totals[entry.from];
    Total& to = disk.totals[entry.to];
    from = {from.amount - entry.amount, ctx.wall_clock(), {ctx.self()}};
    to = {to.amount + entry.amount, ctx.wall_clock(), {ctx.self()}};
    return true;
  }
  void on(Ctx& ctx, ExchangeDue) {
    ctx.set_timer(ExchangeDue{}, ctx.params().exchange_us);
    if (ctx.params().mode == Mode::majority) return copy(ctx);
    for (const NodeId other : ctx.all<Branch>())
      if (other != ctx.self()) ctx.send(other, Exchange{disk.totals, disk.entries});
  }
  void on(Ctx&, NodeId, const Exchange& m) {
    for (const auto& [account, total] : m.totals)
      if (total.is_later_than(disk.totals[account])) disk.totals[account] = total;
    disk.entries.insert(m.entries.begin(), m.entries.end());
  }

  // Majority. Who has heard of no majority for a while refuses before anything is sent: so the
  // refusal is certain.
  static NodeId primary(Ctx& ctx) { return ctx.first<Branch>(); }
  bool may_decide(Ctx& ctx) const { return in_touch || ctx.all<Branch>().size() < 2; }
  void touch(Ctx& ctx) {
    in_touch = true;
    heard.clear();
    ctx.set_timer(OutOfTouch{}, ctx.params().patience_us);
  }
  void on(Ctx&, OutOfTouch) { in_touch = false; }

  void on(Ctx& ctx, NodeId, const Ask& m) { decide(ctx, m.entry); }
  void decide(Ctx& ctx, const Entry& entry) {
    const Dot& dot = entry.dot.value;
    if (covers(disk.asked.value, dot)) return;  // a copy of a message, or one that was overtaken
    note(disk.asked.value, dot);
    const bool covered = balances(disk.log.last())[entry.from] >= entry.amount;
    if (!may_decide(ctx) || !covered) return answer(ctx, dot, false);
    disk.log.append(entry);
    copy(ctx);
    advance(ctx);
  }
  void copy(Ctx& ctx) {
    if (primary(ctx) != ctx.self()) return;
    for (const NodeId other : ctx.all<Branch>())
      if (other != ctx.self()) ctx.send(other, Copy{disk.log, commit});
  }
  void on(Ctx& ctx, NodeId from, const Copy& m) {
    touch(ctx);
    if (m.log.last() >= disk.log.last()) disk.log = m.log;
    commit = std::max(commit, m.commit);
    ctx.send(from, Copied{disk.log.last()});
  }
  void on(Ctx& ctx, NodeId from, const Copied& m) {
    copied[from] = std::max(copied[from], m.last);
    heard.insert(from);
    if (2 * (heard.size() + 1) > ctx.all<Branch>().size()) touch(ctx);
    advance(ctx);
  }
  void advance(Ctx& ctx) {
    std::vector<LogIndex> stored;
    for (const NodeId branch : ctx.all<Branch>())
      stored.push_back(branch == ctx.self() ? disk.log.last() : copied[branch]);
    std::sort(stored.begin(), stored.end());
    const LogIndex by_majority = stored[(stored.size() - 1) / 2];
    while (commit < by_majority) {
      commit = commit.next();
      answer(ctx, disk.log[commit].dot.value, true);
    }
  }
  void answer(Ctx& ctx, const Dot& dot, bool done) {
    if (dot.node != ctx.self()) return ctx.send(dot.node, Answer{done, dot});
    finish(ctx, static_cast<std::uint32_t>(dot.number), done ? Outcome::ok : Outcome::failed);
  }
  void on(Ctx& ctx, NodeId, const Answer& m) { answer(ctx, m.dot, m.done); }
  void on(Ctx& ctx, GiveUp t) { finish(ctx, t.number, Outcome::unknown); }
  void finish(Ctx& ctx, std::uint32_t number, Outcome outcome) {
    if (waits.value.erase(number) == 0) return;
    ctx.cancel_timer(GiveUp{number});
    ctx.complete(number, outcome);
  }

  std::string caption(NodeNames) const {
    std::string text;
    for (const auto& [account, amount] : balances(commit))
      text += (text.empty() ? "" : " · ") + std::to_string(amount);
    return text;
  }
  FIELDS(disk, commit, in_touch, copied, heard, waits)
};

// Always: in each branch the accounts together hold what they held at first.
template <class P>
Verdict conserved(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Branch>([&](NodeId id, const Branch& branch) {
    std::int64_t sum = 0;
    for (const auto& [account, amount] : branch.balances(branch.commit)) sum += amount;
    if (sum == accounts * opening || !verdict.holds || branch.disk.totals.empty()) return;
    verdict = violated(view.name(id) + " has " + std::to_string(sum) + " on all accounts, of " +
                           std::to_string(accounts * opening) + ".",
                       {id});
  });
  return verdict;
}

// Always: no account is below zero.
template <class P>
Verdict never_overdrawn(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Branch>([&](NodeId id, const Branch& branch) {
    for (const auto& [account, amount] : branch.balances(branch.commit)) {
      if (amount >= 0 || !verdict.holds) continue;
      verdict = violated(view.name(id) + " has " + std::to_string(amount) + " on account " +
                             std::to_string(account) + ".",
                         {id});
    }
  });
  return verdict;
}

// Finally: all branches tell the same balances.
template <class P>
Verdict converged(const View<P>& view) {
  return of_every_two<Branch>(view, [](const Branch& one, const Branch& other) -> std::string {
    return one.balances(one.commit) == other.balances(other.commit) ? ""
                                                                    : "tell different balances.";
  });
}

// Of the branch that is furthest off: what is too much or too little in all, and below zero.
template <class P>
std::int64_t money_wrong(const View<P>& view) {
  std::int64_t most = 0;
  view.template for_each<Branch>([&](NodeId, const Branch& branch) {
    std::int64_t off = -accounts * opening;
    std::int64_t overdrawn = 0;
    for (const auto& [account, amount] : branch.balances(branch.commit)) {
      off += amount;
      overdrawn += std::max<std::int64_t>(0, -amount);
    }
    most = std::max(most, (off < 0 ? -off : off) + overdrawn);
  });
  return most;
}

struct Protocol {
  using Message = payments::Message;
  using Timer = payments::Timer;
  using Request = payments::Request;
  using Node = std::variant<Branch>;
  using Params = payments::Params;
  static constexpr std::string_view name = "payments";
  static constexpr std::string_view title = "Payments";
  static constexpr std::string_view sentence =
      "Branches of a bank pay alone and reconcile later, or only with a majority.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::mode>(
            "mode",
            "A branch pays alone and the later total of an account wins; it pays alone and "
            "payments are merged; or a majority must have stored a payment."),
        time_parameter<&Params::exchange_us>("exchange", milliseconds(1), hours(1),
                                             "How often branches send each other what they have."),
        time_parameter<&Params::patience_us>(
            "patience", milliseconds(1), hours(1),
            "With a majority: how long a branch that hears of none still takes payments."),
        time_parameter<&Params::give_up_us>("give_up", milliseconds(1), hours(10),
                                            "After how long a branch waits no more for an answer."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    using enum PropertyKind;
    return {
        {"conserved", "In each branch all accounts together hold what they held at first.", always,
         conserved<Protocol>},
        {"never_overdrawn", "No account is below zero.", always, never_overdrawn<Protocol>},
        {"converged", "In the end all branches tell the same balances.", finally,
         converged<Protocol>},
        {"all_answered", "Every payment has an answer, if only that nobody knows.", finally,
         all_answered<Protocol>},
        {"available", "Every payment went well.", budget, all_went_well<Protocol>},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {{"money_wrong", MeterUnit::count,
             "Money that is too much, or too little, or spent without being there.",
             money_wrong<Protocol>}};
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    const Operation& pay = record.operation;
    return "pay " + std::to_string(pay.argument) + " from " + std::to_string(pay.key) + " to " +
           std::to_string(pay.expected);
  }
};

}  // namespace netsplit::payments
