// Keeping a copy up to date over a thin line.
//
// "Bandwidth is infinite" is the third of the eight fallacies of distributed computing. A shop's
// stock changes all the time, and a branch keeps a copy. To send the whole state every second is
// simple, and right on a fast line. On a thin one each second adds more than the line carries in a
// second: the messages queue, the queue grows for ever, and what arrives is older each time. No
// message is lost and nothing fails, so nothing tells.
//
// Three remedies. A delta holds only what has changed since what the copy is known to have; known,
// because the copy said so: a delta since what was *sent* last misses what was lost. Paging keeps
// one message small, however much has changed at once. Backpressure sends the next only when the
// last one has arrived: then the queue cannot grow, and what is not sent yet is only ever sent in
// its newest form. A copy that falls behind skips versions; it does not fall behind for ever.
//
// Source: Deutsch and his colleagues at Sun Microsystems (1994); Jacobson, "Congestion avoidance
// and control" (SIGCOMM 1988), for why a sender must listen. Simplified: one source, one copy;
// records are never deleted.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::state_sync {

enum class What : std::uint8_t { everything, changes_since_sent, changes_since_acked };

struct Params {
  What what = What::changes_since_acked;
  bool backpressure = true;
  std::int64_t page = 20;
  std::int64_t records = 200;
  std::int64_t changes = 10;
  std::int64_t rounds = 20;
  Time period_us = seconds(1);
  Time retry_us = seconds(2);
  FIELDS(what, backpressure, page, records, changes, rounds, period_us, retry_us)
};

// One record: of which change of the whole state it is, counted from 1, and its value.
struct Record {
  std::int64_t number = 0;
  std::int64_t change = 0;
  std::int64_t value = 0;
  FIELDS(number, change, value)
};

// clang-format off
// Messages. What the copy has once it has these: all changes up to `through`.
struct Update { std::vector<Record> records; std::int64_t through = 0;
                FIELDS(records, through) };
struct Ack { std::int64_t through = 0; FIELDS(through) };
using Message = std::variant<Update, Ack>;

// Timers.
struct Round { FIELDS_NONE };
struct Retry { FIELDS_NONE };
using Timer = std::variant<Round, Retry>;

// A person's request: many records change at once.
struct ChangeMany { std::int64_t count = 100; FIELDS(count) };
// clang-format on
using Request = std::variant<ChangeMany>;

using Ctx = Context<Message, Timer, Params>;

struct Copy;

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

struct Copy {
  static constexpr Shape shape = Shape::storage;
  struct Disk {
    std::vector<Record> records;
    std::int64_t through = 0;  // it has all changes up to this one
    FIELDS(records, through)
  } disk;

  // Updates may come late, twice, or in another order: of each record the newest counts.
  void on(Ctx& ctx, NodeId from, const Update& m) {
    for (const Record& record : m.records) {
      const auto at = std::find_if(disk.records.begin(), disk.records.end(),
                                   [&](const Record& r) { return r.number == record.number; });
      if (at == disk.records.end()) {
        disk.records.push_back(record);
      } else if (record.change > at->change) {
        *at = record;
      }
    }
    disk.through = std::max(disk.through, m.through);
    ctx.send(from, Ack{disk.through});
  }
  std::string caption(NodeNames) const {
    return disk.through == 0 ? "" : "has " + std::to_string(disk.through);
  }
  FIELDS(disk)
};

struct Protocol;

inline Verdict converged(const View<Protocol>& view);
inline Verdict fresh(const View<Protocol>& view);
inline Time staleness(const View<Protocol>& view);
inline std::int64_t queued(const View<Protocol>& view);

inline constexpr std::int64_t rounds_behind_limit = 3;

struct Protocol {
  using Message = state_sync::Message;
  using Timer = state_sync::Timer;
  using Request = state_sync::Request;
  using Node = std::variant<Source, Copy>;
  using Params = state_sync::Params;
  static constexpr std::string_view name = "state_sync";
  static constexpr std::string_view title = "State synchronisation";
  static constexpr std::string_view sentence =
      "A source's records change all the time, and a copy is kept up to date over a thin line.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::what>("what",
                                        "What an update holds: everything; what has changed since "
                                        "the last one; or since what the copy said it has."),
        flag_parameter<&Params::backpressure>(
            "backpressure", "The next update is sent when the copy has said that the last came."),
        count_parameter<&Params::page>("page", 1, 10'000, "The most records in one delta."),
        count_parameter<&Params::records>("records", 1, 10'000, "Records of the state."),
        count_parameter<&Params::changes>("changes", 0, 1'000, "Changes in each round."),
        count_parameter<&Params::rounds>("rounds", 0, 1'000, "Rounds of changes."),
        time_parameter<&Params::period_us>("period", milliseconds(1), hours(1),
                                           "How long a round takes."),
        time_parameter<&Params::retry_us>(
            "retry", milliseconds(1), hours(1),
            "How long the source waits for the copy before it sends an update again."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"fresh", "The copy is never more than 3 rounds behind.", PropertyKind::budget, fresh},
        {"converged", "In the end the copy is equal to the source.", PropertyKind::finally,
         converged},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"staleness", MeterUnit::time_us, "How old what the copy has is, in whole rounds.",
         staleness},
        {"queued", MeterUnit::bytes, "Bytes that were sent and have not arrived.", queued},
    };
  }
  static bool linked(std::string_view a, std::string_view b) { return a != b; }
};

inline Verdict fresh(const View<Protocol>& view) {
  std::int64_t most = 0;
  view.for_each<Source>(
      [&](NodeId, const Source& source) { most = std::max(most, source.disk.most_behind); });
  return measured(most, rounds_behind_limit,
                  "The copy was up to " + std::to_string(most) + " rounds behind.");
}

// visit(source, copy, the copy's id)
template <class Visit>
void both(const View<Protocol>& view, Visit visit) {
  view.for_each<Source>([&](NodeId, const Source& source) {
    view.for_each<Copy>([&](NodeId id, const Copy& copy) { visit(source, copy, id); });
  });
}

inline Verdict converged(const View<Protocol>& view) {
  Verdict verdict = holds();
  both(view, [&](const Source& source, const Copy& copy, NodeId id) {
    std::int64_t missing = 0;
    for (const Record& record : source.disk.records) {
      const bool there = std::find(copy.disk.records.begin(), copy.disk.records.end(), record) !=
                         copy.disk.records.end();
      missing += there || record.change == 0 ? 0 : 1;
    }
    if (missing > 0)
      verdict = violated(view.name(id) + " lacks the newest of " + std::to_string(missing) +
                             (missing == 1 ? " record." : " records."),
                         {id});
  });
  return verdict;
}

inline Time staleness(const View<Protocol>& view) {
  std::int64_t rounds = 0;
  both(view, [&](const Source& source, const Copy& copy, NodeId) {
    rounds = std::max(rounds, source.behind(copy.disk.through));
  });
  return rounds * view.params().period_us;
}

inline std::int64_t queued(const View<Protocol>& view) {
  std::int64_t bytes = 0;
  view.for_each_message<Update>(
      [&](NodeId, NodeId, const Update& update) { bytes += header_bytes + size_in_bytes(update); });
  return bytes;
}

}  // namespace netsplit::state_sync
