// A client: asks R replicas, stores at W, and mends whoever is behind.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/protocols/quorum_register/replica.h"

namespace netsplit::quorum_register {

struct Client {
  static constexpr Shape shape = Shape::client;
  enum class Phase : std::uint8_t { idle, asks, stores };
  struct Wish {
    std::int64_t key = 0;
    std::optional<std::int64_t> value;  // to be written; none: it reads
    FIELDS(key, value)
  };
  struct Read {  // the last one: who answers late may still be mended
    std::uint32_t tag = 0;
    std::int64_t key = 0;
    Cell newest;
    std::map<NodeId, Cell> answers;
    FIELDS(tag, key, newest, answers)
  };
  // Survives, or after a crash two writes of one client might be one version.
  struct Disk {
    std::map<std::int64_t, Token> used;  // the last number it gave, by key
    FIELDS(used)
  } disk;

  std::vector<Wish> wishes;  // the first is under way
  Phase phase{};
  std::uint32_t operation = 0;
  Cell cell;                       // the newest that it was told, then what it stores
  std::map<NodeId, Cell> answers;  // of this phase
  Hidden<Read> last_read;

  void on(Ctx& ctx, const WriteValue& r) { want(ctx, {r.key, r.value}); }
  void on(Ctx& ctx, const ReadValue& r) { want(ctx, {r.key, {}}); }
  void want(Ctx& ctx, const Wish& wish) {
    wishes.push_back(wish);
    if (wishes.size() == 1) begin(ctx);
  }
  void begin(Ctx& ctx) {
    if (wishes.empty()) return;
    const Wish& wish = wishes.front();
    operation = wish.value ? ctx.invoke({"write", wish.key, *wish.value, 0})
                           : ctx.invoke({"read", wish.key, 0, 0});
    cell = {};
    ctx.set_timer(GiveUp{}, ctx.params().give_up_us);
    if (wish.value && !ctx.params().ask_version) return write(ctx);
    turn_to(ctx, Phase::asks);
  }
  void turn_to(Ctx& ctx, Phase next) {
    phase = next;
    answers.clear();
    for (const NodeId home : replicas(ctx, true)) send(ctx, home, nobody);
    ctx.set_timer(Retry{}, ctx.params().retry_us);
  }
  std::uint32_t tag() const { return 2 * operation + (phase == Phase::stores ? 1 : 0); }
  void send(Ctx& ctx, NodeId to, NodeId home) {
    const std::int64_t key = wishes.front().key;
    if (phase == Phase::asks) return ctx.send(to, Ask{key, tag()});
    ctx.send(to, Store{key, cell, tag(), home});
  }
  // Whoever has not answered is asked again; with handoff a spare replica stands in for it (a
  // "sloppy" quorum: its W need not meet the next R).
  void on(Ctx& ctx, Retry) {
    const std::vector<NodeId> spares = replicas(ctx, false);
    std::size_t next = 0;
    for (const NodeId home : replicas(ctx, true)) {
      if (answers.contains(home)) continue;
      send(ctx, home, nobody);
      if (!ctx.params().handoff || spares.empty()) continue;
      const NodeId spare = spares[next++ % spares.size()];
      if (!answers.contains(spare)) send(ctx, spare, home);
    }
    ctx.set_timer(Retry{}, ctx.params().retry_us);
  }
  static std::vector<NodeId> replicas(Ctx& ctx, bool homes) {
    const std::vector<NodeId> all = ctx.all<Replica>();
    const auto count = static_cast<std::int64_t>(all.size());
    const auto middle = all.begin() + std::min(ctx.params().copies, count);
    return homes ? std::vector<NodeId>(all.begin(), middle)
                 : std::vector<NodeId>(middle, all.end());
  }

  void on(Ctx& ctx, NodeId from, const Held& m) {
    if (m.tag == last_read.value.tag) mend(ctx, from, m.cell);
    if (phase != Phase::asks || m.tag != tag()) return;
    answers[from] = m.cell;
    if (m.cell.is_newer_than(cell)) cell = m.cell;
    if (static_cast<std::int64_t>(answers.size()) < ctx.params().read_quorum) return;
    if (wishes.front().value) return write(ctx);
    const AfterRead after = ctx.params().after_read;
    if (after == AfterRead::write_back && cell.value) return turn_to(ctx, Phase::stores);
    if (after == AfterRead::repair) {
      last_read.value = {tag(), wishes.front().key, {}, {}};
      for (const auto& [replica, held] : answers) mend(ctx, replica, held);
    }
    finish(ctx, Outcome::ok);
  }
  // Read repair: whoever has answered with an older version than another is sent the newer one.
  void mend(Ctx& ctx, NodeId from, const Cell& held) {
    Read& read = last_read.value;
    read.answers[from] = held;
    if (held.is_newer_than(read.newest)) read.newest = held;
    for (auto& [replica, known] : read.answers) {
      if (!read.newest.is_newer_than(known)) continue;
      known = read.newest;
      ctx.send(replica, Store{read.key, read.newest, 0, nobody});
    }
  }
  void write(Ctx& ctx) {
    const Wish& wish = wishes.front();
    Token& used = disk.used[wish.key];
    used = std::max(used, cell.version).next();
    cell = {wish.value, used, {ctx.self()}};
    turn_to(ctx, Phase::stores);
  }
  void on(Ctx& ctx, NodeId from, const Stored& m) {
    if (phase != Phase::stores || m.tag != tag()) return;
    answers[from] = cell;
    if (static_cast<std::int64_t>(answers.size()) >= ctx.params().write_quorum)
      finish(ctx, Outcome::ok);
  }
  // Nothing has happened as long as nothing was sent to be stored; then nobody knows.
  void on(Ctx& ctx, GiveUp) {
    const bool may_happen = wishes.front().value && phase == Phase::stores;
    finish(ctx, may_happen ? Outcome::unknown : Outcome::failed);
  }
  void finish(Ctx& ctx, Outcome outcome) {
    const bool was_read = outcome == Outcome::ok && !wishes.front().value;
    ctx.complete(operation, outcome, was_read ? cell.value.value_or(nothing) : 0);
    ctx.cancel_timer(Retry{});
    ctx.cancel_timer(GiveUp{});
    phase = Phase::idle;
    answers.clear();
    wishes.erase(wishes.begin());
    begin(ctx);
  }

  std::string caption(NodeNames) const {
    if (phase == Phase::idle) return "";
    return (phase == Phase::asks ? "asked, answers: " : "stores, receipts: ") +
           std::to_string(answers.size());
  }
  FIELDS(disk, wishes, phase, operation, cell, answers, last_read)
};

}  // namespace netsplit::quorum_register
