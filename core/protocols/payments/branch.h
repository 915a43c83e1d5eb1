// A branch of the bank, which is its own client.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/protocols/payments/messages.h"

namespace netsplit::payments {

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

}  // namespace netsplit::payments
