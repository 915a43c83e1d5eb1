// One stream of updates to many replicas, and what it costs to carry it.
//
// "Transport cost is zero" is the seventh of the eight fallacies of distributed computing, and has
// two sides. To put a message on the wire takes time on a processor: to serialise, perhaps to
// compress, a system call. And the wire is somebody's: within a zone it is usually free, between
// zones every byte is paid for. Who sends each update to each of twelve replicas by itself pays for
// eight copies of it across zones, each in a packet whose header is half as long as itself.
//
// Three remedies. A relay: one copy goes to each zone, and its first replica passes it on inside,
// for nothing; when it is down, its zone waits. A batch: several updates share a header; the first
// of them waits for the others. Compression: the updates of a batch resemble each other, so that
// each is told as its difference to the one before; it takes processor time to save bytes, and has
// little to do where a message holds one update. What a message is told against must be in it: a
// stream that goes on from message to message is wrong after the first one that is lost.
//
// Source: Deutsch and his colleagues at Sun Microsystems (1994). Simplified: round prices, of 2026;
// the origin and the first replicas share a zone; a zone has one relay and does not choose another.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/base/text_difference.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::replica_fanout {

enum class Compress : std::uint8_t { none, each_message, across_messages };

struct Params {
  bool relay = true;
  std::int64_t batch = 10;
  Compress compress = Compress::each_message;
  std::int64_t zones = 3;
  std::int64_t updates = 100;
  Time period_us = milliseconds(100);
  Time resend_us = seconds(1);
  FIELDS(relay, batch, compress, zones, updates, period_us, resend_us)
};

// clang-format off
// Messages. The updates `first`, `first` + 1, … of the stream, counted from 1.
struct Batch { std::int64_t first = 0; std::vector<std::string> texts; FIELDS(first, texts) };
struct Ack { std::int64_t have = 0; FIELDS(have) };
using Message = std::variant<Batch, Ack>;

// Timers.
struct NextUpdate { FIELDS_NONE };
struct Resend { FIELDS_NONE };
using Timer = std::variant<NextUpdate, Resend>;
// clang-format on
using Request = std::variant<Never>;

using Ctx = Context<Message, Timer, Params>;

// What the processor of whoever sends or receives is busy with. Rounded from a server of 2026.
inline constexpr Time message_us = 10;
inline constexpr std::int64_t packed_bytes_per_us = 20;
// 3.6 cents for an hour of one processor.
inline constexpr std::int64_t nanocents_per_cpu_us = 1;

// Ships a log to some nodes, and again what they do not say that they have.
struct Outbox {
  std::map<NodeId, std::int64_t> acked;  // by receiver
  std::int64_t shipped = 0;
  bool waiting = false;  // for the moment to send again
  Time cpu_us = 0;

  void ship(Ctx& ctx, const std::vector<std::string>& log, const std::vector<NodeId>& to) {
    for (const NodeId node : to) {
      acked.try_emplace(node, 0);
      send(ctx, log, node, shipped);
    }
    shipped = static_cast<std::int64_t>(log.size());
    if (!to.empty() && !waiting) wait(ctx);
  }
  void wait(Ctx& ctx) {
    waiting = ctx.params().resend_us > 0;
    if (waiting) ctx.set_timer(Resend{}, ctx.params().resend_us);
  }
  // Everything after `have`.
  void send(Ctx& ctx, const std::vector<std::string>& log, NodeId to, std::int64_t have) {
    const Compress compress = ctx.params().compress;
    Batch batch{have + 1, {}};
    std::string before;
    std::int64_t packed_bytes = 0;
    if (compress == Compress::across_messages && shipped > 0)
      before = log[static_cast<std::size_t>(shipped) - 1];
    for (auto i = static_cast<std::size_t>(have); i < log.size(); ++i) {
      batch.texts.push_back(compress == Compress::none ? log[i] : text_difference(before, log[i]));
      before = log[i];
      packed_bytes += static_cast<std::int64_t>(before.size());
    }
    Time work_us = message_us;
    if (compress != Compress::none) work_us += packed_bytes / packed_bytes_per_us;
    cpu_us += work_us;
    ctx.work(work_us);
    ctx.send(to, std::move(batch));
  }
  void resend(Ctx& ctx, const std::vector<std::string>& log) {
    waiting = false;
    bool all = true;
    for (const auto& entry : acked) {
      if (entry.second >= shipped) continue;
      all = false;
      send(ctx, log, entry.first, entry.second);
    }
    if (!all) wait(ctx);
  }
  void on_ack(NodeId from, const Ack& m) { acked[from] = std::max(acked[from], m.have); }
  FIELDS(acked, shipped, waiting, cpu_us)
};

struct Replica;
// The replicas of a zone: as many in each, in order.
inline std::vector<NodeId> zone(Ctx& ctx, std::int64_t which) {
  const std::vector<NodeId> all = ctx.all<Replica>();
  const auto count = static_cast<std::int64_t>(all.size());
  const std::int64_t zones = ctx.params().zones;
  return {all.begin() + static_cast<std::ptrdiff_t>(which * count / zones),
          all.begin() + static_cast<std::ptrdiff_t>((which + 1) * count / zones)};
}

struct Origin {
  static constexpr Shape shape = Shape::server;
  struct Disk {
    std::vector<std::string> log;
    FIELDS(log)
  } disk;
  Outbox out;

  void start(Ctx& ctx) { ctx.set_timer(NextUpdate{}, ctx.params().period_us); }
  void restart(Ctx& ctx) {
    start(ctx);
    ship(ctx);
  }
  void on(Ctx& ctx, NextUpdate) {
    const Params& p = ctx.params();
    const auto number = static_cast<std::int64_t>(disk.log.size()) + 1;
    if (number > p.updates) return;
    disk.log.push_back("article=" + std::to_string(10'000 + number * 7) +
                       " price=" + std::to_string(900 + number % 90) + " currency=EUR stock=" +
                       std::to_string(number * 13 % 80) + " warehouse=Rotterdam-2 editor=anna");
    if (number - out.shipped >= p.batch || number == p.updates) ship(ctx);
    ctx.set_timer(NextUpdate{}, p.period_us);
  }
  void ship(Ctx& ctx) {
    std::vector<NodeId> to;
    for (std::int64_t i = 0; i < ctx.params().zones; ++i) {
      std::vector<NodeId> members = zone(ctx, i);
      if (ctx.params().relay && members.size() > 1) members.resize(1);
      to.insert(to.end(), members.begin(), members.end());
    }
    out.ship(ctx, disk.log, to);
  }
  void on(Ctx& ctx, Resend) { out.resend(ctx, disk.log); }
  void on(Ctx&, NodeId from, const Ack& m) { out.on_ack(from, m); }

  std::string caption(NodeNames) const { return std::to_string(disk.log.size()) + " updates"; }
  FIELDS(disk, out)
};

struct Replica {
  static constexpr Shape shape = Shape::storage;
  struct Disk {
    std::vector<std::string> log;
    FIELDS(log)
  } disk;
  std::string last_told;
  Outbox out;  // of a relay

  void restart(Ctx& ctx) { pass_on(ctx); }
  void on(Ctx& ctx, NodeId from, const Batch& m) {
    const Compress compress = ctx.params().compress;
    const auto have = static_cast<std::int64_t>(disk.log.size());
    if (compress == Compress::each_message) last_told.clear();
    std::int64_t number = m.first;
    for (const std::string& told : m.texts) {
      last_told = compress == Compress::none ? told : text_restored(last_told, told);
      // The next one; what is known is known, and after a gap it is sent again.
      if (number++ == static_cast<std::int64_t>(disk.log.size()) + 1) disk.log.push_back(last_told);
    }
    out.cpu_us += message_us;
    ctx.work(message_us);
    const auto now = static_cast<std::int64_t>(disk.log.size());
    ctx.send(from, Ack{now});
    if (now > have) pass_on(ctx);
  }
  void pass_on(Ctx& ctx) {
    if (!ctx.params().relay) return;
    for (std::int64_t i = 0; i < ctx.params().zones; ++i) {
      std::vector<NodeId> members = zone(ctx, i);
      if (members.empty() || members.front() != ctx.self()) continue;
      members.erase(members.begin());
      out.ship(ctx, disk.log, members);
    }
  }
  void on(Ctx& ctx, Resend) { out.resend(ctx, disk.log); }
  void on(Ctx&, NodeId from, const Ack& m) { out.on_ack(from, m); }

  std::string caption(NodeNames) const { return "has " + std::to_string(disk.log.size()); }
  FIELDS(disk, last_told, out)
};

struct Protocol;

inline Verdict cheap(const View<Protocol>& view);
inline Verdict same_stream(const View<Protocol>& view);
inline Verdict converged(const View<Protocol>& view);
inline std::int64_t cost_per_hour(const View<Protocol>& view);
inline Time cpu_time(const View<Protocol>& view);

// A tenth of a cent for ten updates a second: ten dollars an hour for a hundred thousand.
inline constexpr std::int64_t cost_limit_nanocents = 100'000'000;

struct Protocol {
  using Message = replica_fanout::Message;
  using Timer = replica_fanout::Timer;
  using Request = replica_fanout::Request;
  using Node = std::variant<Origin, Replica>;
  using Params = replica_fanout::Params;
  static constexpr std::string_view name = "replica_fanout";
  static constexpr std::string_view title = "Replica fan-out";
  static constexpr std::string_view sentence =
      "A stream of updates goes to replicas in several zones, and between zones each byte costs.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        flag_parameter<&Params::relay>("relay",
                                       "One copy goes to each zone and is passed on inside."),
        count_parameter<&Params::batch>("batch", 1, 1'000, "Updates in one message."),
        choice_parameter<&Params::compress>(
            "compress",
            "Whether an update is told as its difference to the one before: never; within its "
            "message; or also to the last of the message before."),
        count_parameter<&Params::zones>("zones", 1, 64, "Zones with as many replicas each."),
        count_parameter<&Params::updates>("updates", 0, 10'000, "Updates in all."),
        time_parameter<&Params::period_us>("period", milliseconds(1), hours(1),
                                           "Time between two updates."),
        time_parameter<&Params::resend_us>(
            "resend", 0, hours(1), "When what was not acknowledged is sent again. 0: never."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"cheap", "Transport and processors cost at most a tenth of a cent an hour.",
         PropertyKind::budget, cheap},
        {"same_stream", "What a replica has is what the origin sent, from the first update on.",
         PropertyKind::always, same_stream},
        {"converged", "In the end all replicas that run have all updates.", PropertyKind::finally,
         converged},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"cost_per_hour", MeterUnit::nanocents,
         "What an hour like this costs: the links' owners and the processors.", cost_per_hour},
        {"cpu", MeterUnit::time_us, "Processor time for sending and receiving.", cpu_time},
    };
  }
  static bool linked(std::string_view, std::string_view) { return true; }
};

inline Time cpu_time(const View<Protocol>& view) {
  Time sum_us = 0;
  view.for_each<Origin>([&](NodeId, const Origin& origin) { sum_us += origin.out.cpu_us; });
  view.for_each<Replica>([&](NodeId, const Replica& replica) { sum_us += replica.out.cpu_us; });
  return sum_us;
}

inline std::int64_t cost_per_hour(const View<Protocol>& view) {
  const Time now_us = view.now_us();
  if (now_us == 0) return 0;
  const auto transport = static_cast<std::int64_t>(view.counters().nanocents);
  // Milliseconds: a product of nanocents and microseconds would not fit.
  return (transport + cpu_time(view) * nanocents_per_cpu_us) / 1'000 * (hours(1) / 1'000) /
         std::max<Time>(1, now_us / 1'000) * 1'000;
}

inline Verdict cheap(const View<Protocol>& view) {
  const std::int64_t cost = cost_per_hour(view);
  return measured(
      cost, cost_limit_nanocents,
      "An hour like this costs " + std::to_string(cost / 1'000'000) + " thousandths of a cent.");
}

// fault(replica, its log, the origin's) is the end of a sentence, or "".
template <class Fault>
Verdict every_replica(const View<Protocol>& view, Fault fault) {
  Verdict verdict = holds();
  view.for_each<Origin>([&](NodeId, const Origin& origin) {
    view.for_each<Replica>([&](NodeId id, const Replica& replica) {
      const std::string why = fault(id, replica.disk.log, origin.disk.log);
      if (!why.empty() && verdict.holds) verdict = violated(view.name(id) + " " + why, {id});
    });
  });
  return verdict;
}

using Texts = std::vector<std::string>;

inline Verdict same_stream(const View<Protocol>& view) {
  return every_replica(view, [](NodeId, const Texts& log, const Texts& all) -> std::string {
    for (std::size_t i = 0; i < log.size(); ++i) {
      if (i < all.size() && log[i] == all[i]) continue;
      return "has as update " + std::to_string(i + 1) + ": " + log[i] + ".";
    }
    return "";
  });
}

inline Verdict converged(const View<Protocol>& view) {
  return every_replica(view, [&](NodeId id, const Texts& log, const Texts& all) -> std::string {
    const bool gone = view.condition(id) == Condition::down;
    if (gone || log.size() == all.size()) return "";
    return "has " + std::to_string(log.size()) + " of " + std::to_string(all.size()) + " updates.";
  });
}

}  // namespace netsplit::replica_fanout
