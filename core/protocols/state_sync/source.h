// Sends its state, or what has changed of it.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/protocols/state_sync/messages.h"

namespace netsplit::state_sync {

struct Source {
  static constexpr Shape shape = Shape::server;
  struct Disk {
    std::vector<Record> records;
    std::int64_t changes = 0;
    std::vector<std::int64_t> rounds;  // how many changes there were at the end of each
    std::int64_t most_behind = 0;      // the most rounds that the copy was behind
    FIELDS(records, changes, rounds, most_behind)
  } disk;
  std::int64_t sent = 0;   // changes, of which the last update told
  std::int64_t acked = 0;  // changes that the copy has said that it has
  bool waiting = false;    // for the copy to say that the last update has come

  void start(Ctx& ctx) {
    for (std::int64_t i = 0; i < ctx.params().records; ++i) disk.records.push_back({i, 0, 100});
    ctx.set_timer(Round{}, ctx.params().period_us);
  }
  void restart(Ctx& ctx) {
    if (disk.records.empty()) return start(ctx);
    ctx.set_timer(Round{}, ctx.params().period_us);
  }

  // Neighbours, from a place at random: one choice, where one for each would be too many to check.
  void change(Ctx& ctx, std::int64_t count) {
    const std::size_t size = disk.records.size();
    std::size_t at = ctx.choose(static_cast<std::uint32_t>(size));
    for (std::int64_t i = 0; i < count; ++i, ++at) {
      Record& record = disk.records[at % size];
      record.change = ++disk.changes;
      record.value += record.change % 2 == 0 ? 1 : -1;
    }
  }
  void on(Ctx& ctx, const ChangeMany& request) {
    change(ctx, std::clamp<std::int64_t>(request.count, 0, 1'000));
    if (static_cast<std::int64_t>(disk.rounds.size()) >= ctx.params().rounds)
      ctx.set_timer(Round{}, ctx.params().period_us);  // perhaps it had nothing left to tell
  }
  void on(Ctx& ctx, Round) {
    const auto rounds = static_cast<std::size_t>(ctx.params().rounds);
    if (disk.rounds.size() < rounds) {
      change(ctx, ctx.params().changes);
      disk.rounds.push_back(disk.changes);
    }
    if (!waiting) send(ctx);
    disk.most_behind = std::max(disk.most_behind, behind(acked));
    const bool by_acks = ctx.params().what == What::changes_since_acked;
    if (disk.rounds.size() < rounds || (by_acks && acked < disk.changes))
      ctx.set_timer(Round{}, ctx.params().period_us);
  }
  // Rounds that are not among the first `through` changes.
  std::int64_t behind(std::int64_t through) const {
    return std::count_if(disk.rounds.begin(), disk.rounds.end(),
                         [&](std::int64_t end) { return end > through; });
  }

  void send(Ctx& ctx) {
    const Params& p = ctx.params();
    std::int64_t since = 0;
    if (p.what == What::changes_since_sent) since = sent;
    if (p.what == What::changes_since_acked) since = acked;
    if (p.what != What::everything && since >= disk.changes) return;
    Update update{{}, disk.changes};
    for (const Record& record : disk.records) {
      if (record.change > since || p.what == What::everything) update.records.push_back(record);
    }
    // A page is the oldest of the changes, so that what the copy has has no gaps.
    const auto page = static_cast<std::size_t>(p.page);
    if (p.what != What::everything && update.records.size() > page) {
      std::sort(update.records.begin(), update.records.end(),
                [](const Record& a, const Record& b) { return a.change < b.change; });
      update.records.resize(page);
      update.through = update.records.back().change;
    }
    sent = update.through;
    if (p.backpressure) {
      waiting = true;
      ctx.set_timer(Retry{}, p.retry_us);
    }
    ctx.send(ctx.first<Copy>(), std::move(update));
  }
  void on(Ctx& ctx, Retry) {
    waiting = false;
    send(ctx);
  }
  void on(Ctx& ctx, NodeId, const Ack& m) {
    acked = std::max(acked, m.through);
    if (!waiting || m.through < sent) return;
    waiting = false;
    ctx.cancel_timer(Retry{});
    // The rest of a large change goes at once, page by page.
    if (disk.changes > sent) send(ctx);
  }

  std::string caption(NodeNames) const {
    return std::to_string(disk.changes) + " changes" + (waiting ? ", waits" : "");
  }
  FIELDS(disk, sent, acked, waiting)
};

}  // namespace netsplit::state_sync
