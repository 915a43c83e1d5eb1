// Quorum register: values on N replicas, of which W take a write and R answer a read.
//
// Nobody leads. A client sends a write to all N replicas and is done when W have stored it; it asks
// all for the value and takes the newest among the first R answers. When R + W > N, any R replicas
// share one with any W, so that a read meets the last write that was over before it began. When
// not, it may miss it and never know. A side of a partition with less than a quorum can only
// refuse: that is the price.
//
// R + W > N is not enough for one copy's illusion. While a write is under way, one reader may meet
// it and a later one not: time goes backwards. So a reader first writes back what it is about to
// answer to W replicas (Attiya, Bar-Noy and Dolev). Read repair, which sends it after the answer,
// mends replicas and promises nothing.
//
// A version is a number and its writer's name. With several writers each asks for the highest
// number first. A write has no condition: "take 30 from what is there" is no write, and no quorum
// makes it one (that needs consensus: raft.h).
//
// Source: Attiya, Bar-Noy and Dolev, "Sharing memory robustly in message-passing systems" (JACM
// 1995); several writers after Lynch and Shvartsman (FTCS 1997); weights after Gifford (SOSP 1979);
// read repair and hinted handoff after DeCandia et al., "Dynamo" (SOSP 2007), 4.5 and 4.6.
// Simplified: one vote a replica; all keys have the same homes, the first N replicas.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/protocols/parts/versioned_cell.h"
#include "core/sim/oracles.h"
#include "core/sim/protocol.h"
#include "core/sim/stale_reads.h"
#include "core/sim/view.h"

namespace netsplit::quorum_register {

enum class AfterRead : std::uint8_t { nothing_more, repair, write_back };

struct Params {
  std::int64_t copies = 3;        // N
  std::int64_t read_quorum = 2;   // R
  std::int64_t write_quorum = 2;  // W
  AfterRead after_read = AfterRead::write_back;
  bool ask_version = true;
  bool handoff = false;
  Time sync_us = milliseconds(2);
  Time retry_us = milliseconds(400);
  Time give_up_us = seconds(1);
  FIELDS(copies, read_quorum, write_quorum, after_read, ask_version, handoff, sync_us, retry_us,
         give_up_us)
};

using Cell = VersionedCell;

// clang-format off
// Messages. A tag names the phase of the client's operation that is answered.
struct Ask { std::int64_t key = 0; std::uint32_t tag = 0; FIELDS(key, tag) };
struct Held { Cell cell; std::uint32_t tag = 0; FIELDS(cell, tag) };
// `home`: the replica that should have it, and was not heard of; nobody: for you yourself.
struct Store { std::int64_t key = 0; Cell cell; std::uint32_t tag = 0; NodeId home;
               FIELDS(key, cell, tag, home) };
struct Stored { std::uint32_t tag = 0; FIELDS(tag) };
using Message = std::variant<Ask, Held, Store, Stored>;

// Timers.
struct Retry { FIELDS_NONE };
struct GiveUp { FIELDS_NONE };
struct HandOver { FIELDS_NONE };
using Timer = std::variant<Retry, GiveUp, HandOver>;

// A person's requests, to a client.
struct WriteValue { std::int64_t key = 0; std::int64_t value = 1; FIELDS(key, value) };
struct ReadValue { std::int64_t key = 0; FIELDS(key) };
using Request = std::variant<WriteValue, ReadValue>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

struct Replica {
  static constexpr Shape shape = Shape::storage;

  // What it keeps for a home that could not be reached (hinted handoff).
  struct Kept {
    Cell cell;
    std::int64_t key = 0;
    NodeId home;
    std::uint32_t tag = 0;
    FIELDS(cell, key, home, tag)
  };
  struct Disk {
    std::map<std::int64_t, Cell> cells;  // by key
    std::vector<Kept> kept;
    Hidden<std::uint32_t> tags;
    FIELDS(cells, kept, tags)
  } disk;

  void on(Ctx& ctx, NodeId from, const Ask& m) {
    Cell newest;
    if (const auto at = disk.cells.find(m.key); at != disk.cells.end()) newest = at->second;
    for (const Kept& one : disk.kept)
      if (one.key == m.key && one.cell.is_newer_than(newest)) newest = one.cell;
    ctx.send(from, Held{newest, m.tag});
  }
  // An older version than its own changes nothing, and is as good as stored.
  void on(Ctx& ctx, NodeId from, const Store& m) {
    if (m.home != nobody) {
      keep(m);
      ctx.set_timer(HandOver{}, ctx.params().retry_us);
    } else if (m.cell.is_newer_than(disk.cells[m.key])) {
      disk.cells[m.key] = m.cell;
    }
    ctx.work(ctx.params().sync_us);
    ctx.send(from, Stored{m.tag});
  }
  void keep(const Store& m) {
    const auto same = [&](const Kept& one) { return one.home == m.home && one.key == m.key; };
    const auto known = std::find_if(disk.kept.begin(), disk.kept.end(), same);
    if (known != disk.kept.end() && !m.cell.is_newer_than(known->cell)) return;
    if (known != disk.kept.end()) disk.kept.erase(known);
    disk.kept.push_back({m.cell, m.key, m.home, ++disk.tags.value});
  }
  void on(Ctx& ctx, HandOver) {
    for (const Kept& one : disk.kept) ctx.send(one.home, Store{one.key, one.cell, one.tag, nobody});
    if (!disk.kept.empty()) ctx.set_timer(HandOver{}, ctx.params().retry_us);
  }
  void on(Ctx&, NodeId from, const Stored& m) {
    std::erase_if(disk.kept, [&](const Kept& one) { return one.home == from && one.tag == m.tag; });
  }
  void restart(Ctx& ctx) {
    if (!disk.kept.empty()) on(ctx, HandOver{});
  }

  std::string caption(NodeNames names) const {
    if (!disk.kept.empty()) return "keeps a write for " + name_of(disk.kept.front().home, names);
    std::string text;
    for (const auto& [key, cell] : disk.cells)
      if (cell.value) text += (text.empty() ? "" : " · ") + std::to_string(*cell.value);
    return text.empty() ? "empty" : text;
  }
  FIELDS(disk)
};

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

// Finally: all homes hold the same.
template <class P>
Verdict replicas_agree(const View<P>& view) {
  std::int64_t homes = view.params().copies;
  NodeId first = nobody;
  Verdict verdict = holds();
  view.template for_each<Replica>([&](NodeId id, const Replica& one) {
    if (homes-- <= 0 || !verdict.holds) return;
    if (first == nobody) first = id;
    if (one.disk.cells == view.template as<Replica>(first)->disk.cells) return;
    verdict = violated(view.name(first) + " and " + view.name(id) + " hold different versions.",
                       {first, id});
  });
  return verdict;
}

// Finally: no replica keeps a write for another.
template <class P>
Verdict handed_over(const View<P>& view) {
  Verdict verdict = holds();
  view.template for_each<Replica>([&](NodeId id, const Replica& one) {
    if (one.disk.kept.empty()) return;
    const NodeId home = one.disk.kept.front().home;
    verdict = violated(view.name(id) + " keeps a write for " + view.name(home) + ".", {id, home});
  });
  return verdict;
}

struct Protocol {
  using Message = quorum_register::Message;
  using Timer = quorum_register::Timer;
  using Request = quorum_register::Request;
  using Node = std::variant<Client, Replica>;
  using Params = quorum_register::Params;
  static constexpr std::string_view name = "quorum_register";
  static constexpr std::string_view title = "Quorum register";
  static constexpr std::string_view sentence =
      "Values on N replicas: W of them take a write, R of them answer a read.";
  static constexpr ObjectKind history = ObjectKind::key_value;

  static std::vector<Parameter<Params>> parameters() {
    return {
        count_parameter<&Params::copies>("copies", 1, 13,
                                         "N: on how many replicas a value is at home."),
        count_parameter<&Params::read_quorum>("read_quorum", 1, 13,
                                              "R: how many answers a read waits for."),
        count_parameter<&Params::write_quorum>("write_quorum", 1, 13,
                                               "W: how many receipts a write waits for."),
        choice_parameter<&Params::after_read>(
            "after_read",
            "What a reader does with replicas that are behind: nothing; it mends them after its "
            "answer; or it writes back to W replicas before it."),
        flag_parameter<&Params::ask_version>(
            "ask_version",
            "A writer first asks for the highest version. Off, only one client may write."),
        flag_parameter<&Params::handoff>(
            "handoff",
            "A spare replica keeps a write for a home that does not answer, and counts for it."),
        time_parameter<&Params::sync_us>("sync", 0, seconds(10),
                                         "How long a replica waits for its disk."),
        time_parameter<&Params::retry_us>("retry", milliseconds(1), hours(1),
                                          "After how long is asked again who has not answered."),
        time_parameter<&Params::give_up_us>("give_up", milliseconds(1), hours(10),
                                            "After how long a client stops waiting."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    using enum PropertyKind;
    return {
        {"fresh_reads", "No read misses a write that was over before it began.", always,
         fresh_reads<Protocol>, true},
        {"replicas_agree", "In the end all homes hold the same.", finally,
         replicas_agree<Protocol>},
        {"handed_over", "In the end no replica keeps a write for another.", finally,
         handed_over<Protocol>},
        {"all_answered", "Every client has an answer, if only that nobody knows.", finally,
         all_answered<Protocol>},
        {"available", "Every operation went well.", budget, all_went_well<Protocol>},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"stale_reads", MeterUnit::count, "Reads that missed a write that was over.",
         stale_reads<Protocol>},
    };
  }
  static bool linked(std::string_view a, std::string_view b) {
    return a == "Replica" || b == "Replica";
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    const Operation& operation = record.operation;
    const std::string key = operation.key == 0 ? "" : " of " + std::to_string(operation.key);
    if (operation.name == "read") return "read" + key;
    return "write " + std::to_string(operation.argument) + key;
  }
};

}  // namespace netsplit::quorum_register
