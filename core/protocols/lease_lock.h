// Lease lock with optional fencing.
//
// A lock service hands the lock to one client at a time, as a lease: when the lease runs out, the
// next client gets the lock, whether or not the first has noticed. A client that was stopped for a
// while, or whose write was slow on its way, may then write as if it still held the lock. No
// timeout can prevent this, since the client cannot know that it was stopped. The remedy is at the
// storage: each grant carries a fencing token, one higher than the last, and storage refuses a
// token lower than one it has seen. A conditional write does the same where storage cannot compare
// tokens: the client reads the version and the token of the last write first, gives up when a later
// holder has been there already, and has its write taken only if the version is still that one.
// An epoch is the same token for a holder who leads for a while: before anything else it shows the
// token to storage, and from then on storage refuses whoever led before, even if nothing has been
// written since.
//
// Source: Kleppmann, "How to do distributed locking" (2016); Gray and Cheriton, "Leases" (SOSP
// 1989). Simplified: one lock, one cell of storage, requests served in the order they came.
#pragma once

#include <algorithm>
#include <vector>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::lease_lock {

enum class Fencing : std::uint8_t { off, token, conditional_write, epoch };
enum class LeaseClock : std::uint8_t { monotonic, wall };

struct Params {
  Fencing fencing = Fencing::off;
  Time lease_us = seconds(5);
  LeaseClock lease_clock = LeaseClock::monotonic;
  bool check_lease = false;
  Time retry_us = seconds(10);
  Time give_up_us = seconds(20);
  FIELDS(fencing, lease_us, lease_clock, check_lease, retry_us, give_up_us)
};

// clang-format off
// Messages.
struct Acquire { FIELDS_NONE };
struct Granted { Token token; Time lease_us = 0; FIELDS(token, lease_us) };
struct Release { Token token; FIELDS(token) };
struct Read { Token token; FIELDS(token) };  // with `epoch` it also announces the reader
struct ReadReply {
  NodeId value; Token token; std::int64_t version = 0;  // of the last write
  FIELDS(value, token, version)
};
struct Write { NodeId value; Token token; std::int64_t version = 0; FIELDS(value, token, version) };
struct Written { Token token; FIELDS(token) };
struct Rejected { Token token; Token highest; FIELDS(token, highest) };
// clang-format on
using Message = std::variant<Acquire, Granted, Release, Read, ReadReply, Write, Written, Rejected>;

// clang-format off
// Timers.
struct LeaseOver { static constexpr bool lease = true; FIELDS_NONE };  // at the lock service
struct ValueReady { FIELDS_NONE };  // the client has computed what it wants to write
struct AskAgain { FIELDS_NONE };
struct GiveUp { FIELDS_NONE };      // no answer to a write: it may have happened or not
// clang-format on
using Timer = std::variant<LeaseOver, ValueReady, AskAgain, GiveUp>;

// A person's request to a client: take the lock, work for a while, write your name.
// clang-format off
struct LockAndWrite { Time work_us = seconds(1); FIELDS(work_us) };
// clang-format on
using Request = std::variant<LockAndWrite>;

using Ctx = Context<Message, Timer, Params>;

struct LockService {
  static constexpr Shape shape = Shape::server;

  struct Disk {
    Token next{1};  // handed out once each, also across a crash
    bool leased = false;
    FIELDS(next, leased)
  } disk;
  NodeId holder;
  Token token;
  Time lease_until_us = 0;  // on the clock the parameter names
  std::vector<NodeId> queue;

  void on(Ctx& ctx, NodeId from, const Acquire&) {
    // Asked again (the grant was lost, or the client restarted): what is left of the same lease.
    if (from == holder)
      return ctx.send(from, Granted{token, std::max<Time>(0, lease_until_us - clock(ctx))});
    if (std::find(queue.begin(), queue.end(), from) == queue.end()) queue.push_back(from);
    // A wall clock that jumped ahead makes a lease look over that is not.
    const bool by_wall = ctx.params().lease_clock == LeaseClock::wall;
    if (by_wall && holder != nobody && ctx.wall_clock() >= lease_until_us) return next(ctx);
    if (!disk.leased) next(ctx);
  }
  void on(Ctx& ctx, NodeId from, const Release& m) {
    if (from == holder && m.token == token) next(ctx);
  }
  void on(Ctx& ctx, LeaseOver) { next(ctx); }

  // Who held the lock is forgotten, but not that someone may: a full lease must pass.
  void restart(Ctx& ctx) {
    if (disk.leased) ctx.set_timer(LeaseOver{}, ctx.params().lease_us);
  }

  void next(Ctx& ctx) {
    ctx.cancel_timer(LeaseOver{});
    disk.leased = !queue.empty();
    holder = nobody;
    token = Token{};
    if (queue.empty()) return;
    holder = queue.front();
    queue.erase(queue.begin());
    token = disk.next;
    disk.next = disk.next.next();
    lease_until_us = clock(ctx) + ctx.params().lease_us;
    ctx.set_timer(LeaseOver{}, ctx.params().lease_us);
    ctx.send(holder, Granted{token, ctx.params().lease_us});
  }

  static Time clock(Ctx& ctx) {
    const bool by_wall = ctx.params().lease_clock == LeaseClock::wall;
    return by_wall ? ctx.wall_clock() : ctx.monotonic();
  }

  std::string caption(NodeNames names) const {
    return holder == nobody ? (disk.leased ? "waits for an old lease" : "free")
                            : "held by " + name_of(holder, names);
  }
  FIELDS(disk, holder, token, lease_until_us, queue)
};

struct Storage {
  static constexpr Shape shape = Shape::storage;

  struct Disk {
    NodeId value;              // whose write it was
    Token token;               // … and with which token
    Token highest;             // of any write so far
    std::int64_t version = 0;  // counts the writes taken
    Token epoch;               // the highest that was announced
    FIELDS(value, token, highest, version, epoch)
  } disk;

  void on(Ctx& ctx, NodeId from, const Read& m) {
    if (ctx.params().fencing == Fencing::epoch) disk.epoch = std::max(disk.epoch, m.token);
    ctx.send(from, ReadReply{disk.value, disk.token, disk.version});
  }
  void on(Ctx& ctx, NodeId from, const Write& m) {
    const Fencing fencing = ctx.params().fencing;
    const bool stale = (fencing == Fencing::token && m.token < disk.highest) ||
                       (fencing == Fencing::conditional_write && m.version != disk.version) ||
                       (fencing == Fencing::epoch && m.token < disk.epoch);
    if (stale) return ctx.send(from, Rejected{m.token, std::max(disk.highest, disk.epoch)});
    disk = {m.value, m.token, std::max(disk.highest, m.token), disk.version + 1, disk.epoch};
    ctx.send(from, Written{m.token});
  }

  std::string caption(NodeNames names) const {
    return disk.value == nobody ? "empty" : "holds \"" + name_of(disk.value, names) + "\"";
  }
  FIELDS(disk)
};

struct Client {
  static constexpr Shape shape = Shape::client;
  enum class State : std::uint8_t { idle, waiting, holding, writing };

  State state = State::idle;
  Token token;               // of the lock it holds, or held last
  Time lease_until_us = 0;   // on its own monotonic clock, counted from when it asked
  std::int64_t version = 0;  // what it read, for a conditional write
  Hidden<Time> asked_us;
  Hidden<Time> work_us;
  Hidden<std::uint32_t> operation;

  void on(Ctx& ctx, const LockAndWrite& request) {
    const std::uint32_t number = ctx.invoke({"write", 0, ctx.self().value, 0});
    if (state != State::idle) return ctx.complete(number, Outcome::failed);
    operation.value = number;
    work_us.value = request.work_us;
    asked_us.value = ctx.monotonic();
    state = State::waiting;
    ask(ctx);
  }
  void on(Ctx& ctx, AskAgain) { ask(ctx); }
  void ask(Ctx& ctx) {
    ctx.send(ctx.first<LockService>(), Acquire{});
    ctx.set_timer(AskAgain{}, ctx.params().retry_us);
  }

  void on(Ctx& ctx, NodeId, const Granted& m) {
    if (state != State::waiting || m.token <= token) return;  // a second copy
    ctx.cancel_timer(AskAgain{});
    state = State::holding;
    token = m.token;
    lease_until_us = asked_us.value + m.lease_us;
    if (ctx.params().fencing == Fencing::conditional_write ||
        ctx.params().fencing == Fencing::epoch) {
      ctx.send(ctx.first<Storage>(), Read{token});
    } else {
      ctx.set_timer(ValueReady{}, work_us.value);
    }
    ctx.set_timer(GiveUp{}, ctx.params().give_up_us);
  }
  void on(Ctx& ctx, NodeId, const ReadReply& m) {
    if (state != State::holding) return;
    // Its own lease is long over: the condition could not tell, since the version is the new one.
    if (m.token > token) return finish(ctx, Outcome::failed);
    version = m.version;
    ctx.set_timer(ValueReady{}, work_us.value);
  }

  void on(Ctx& ctx, ValueReady) {
    // Looking at the clock helps only until the message is sent: what happens to it then is out of
    // the client's hands.
    if (ctx.params().check_lease && ctx.monotonic() >= lease_until_us)
      return finish(ctx, Outcome::failed);
    state = State::writing;
    ctx.send(ctx.first<Storage>(), Write{ctx.self(), token, version});
  }
  // An answer to an earlier write, late or doubled, says nothing about this one.
  void on(Ctx& ctx, NodeId, const Written& m) {
    if (state == State::writing && m.token == token) finish(ctx, Outcome::ok);
  }
  void on(Ctx& ctx, NodeId, const Rejected& m) {
    if (state == State::writing && m.token == token) finish(ctx, Outcome::failed);
  }
  void on(Ctx& ctx, GiveUp) {
    finish(ctx, state == State::writing ? Outcome::unknown : Outcome::failed);
  }

  void finish(Ctx& ctx, Outcome outcome) {
    if (state == State::idle) return;
    state = State::idle;
    ctx.cancel_timer(GiveUp{});
    ctx.cancel_timer(ValueReady{});
    ctx.complete(operation.value, outcome);
    ctx.send(ctx.first<LockService>(), Release{token});
  }

  std::string caption(NodeNames) const {
    switch (state) {
      case State::idle:
        return "";
      case State::waiting:
        return "waits for the lock";
      case State::holding:
        return "thinks it holds the lock";
      case State::writing:
        return "is writing";
    }
    return "";
  }
  FIELDS(state, token, lease_until_us, version, asked_us, work_us, operation)
};

struct Protocol;

inline std::int64_t leases(const View<Protocol>& view);
inline std::int64_t writes(const View<Protocol>& view);

// Always: what storage holds was written with the highest token it has ever taken.
inline Verdict no_stale_write(const View<Protocol>& view);
// Always: at most one client believes that it holds the lock. No lease can promise this.
inline Verdict one_believer(const View<Protocol>& view);
// Finally: every client has an answer, if only "unknown".
inline Verdict all_answered(const View<Protocol>& view);

struct Protocol {
  using Message = lease_lock::Message;
  using Timer = lease_lock::Timer;
  using Request = lease_lock::Request;
  using Node = std::variant<LockService, Storage, Client>;
  using Params = lease_lock::Params;
  static constexpr std::string_view name = "lease_lock";
  static constexpr std::string_view title = "Lease lock";
  static constexpr std::string_view sentence =
      "Clients take turns at a lock that is lent for a while, and write to a shared storage.";
  static constexpr bool argument_is_node = true;  // of an operation: a client writes its name

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::fencing>("fencing",
                                           "What storage checks before it takes a write: nothing, "
                                           "the fencing token, the version, or the epoch that "
                                           "its holder announced."),
        time_parameter<&Params::lease_us>("lease", milliseconds(10), hours(1),
                                          "For how long the lock is lent; usually seconds."),
        choice_parameter<&Params::lease_clock>(
            "lease_clock", "The clock by which the lock service decides that a lease is over."),
        flag_parameter<&Params::check_lease>("check_lease",
                                             "A client looks at its own clock before it writes, "
                                             "and gives up when its lease is over."),
        time_parameter<&Params::retry_us>(
            "retry", milliseconds(10), hours(1),
            "After how long without an answer a client asks for the lock again."),
        time_parameter<&Params::give_up_us>(
            "give_up", milliseconds(10), hours(10),
            "After how long a client that got the lock stops waiting for storage."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"no_stale_write",
         "Storage never takes a write from a holder that a later holder has already followed "
         "there.",
         PropertyKind::always, no_stale_write},
        {"one_believer", "At most one client believes that it holds the lock.",
         PropertyKind::always, one_believer},
        {"all_answered", "Every client learns what became of its write, if only that nobody knows.",
         PropertyKind::finally, all_answered},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"leases", MeterUnit::count, "How often the lock was lent.", leases},
        {"writes", MeterUnit::count, "Writes that storage took.", writes},
    };
  }
  static bool linked(std::string_view a, std::string_view b) {
    return a == "Client" && (b == "LockService" || b == "Storage");
  }
  static std::string describe(const OperationRecord& record, NodeNames names) {
    return "write \"" +
           name_of(NodeId{static_cast<std::int32_t>(record.operation.argument)}, names) + "\"";
  }
};

inline std::int64_t leases(const View<Protocol>& view) {
  std::int64_t count = 0;
  view.for_each<LockService>(
      [&](NodeId, const LockService& service) { count += service.disk.next.value - 1; });
  return count;
}

inline std::int64_t writes(const View<Protocol>& view) {
  std::int64_t count = 0;
  view.for_each<Storage>([&](NodeId, const Storage& storage) { count += storage.disk.version; });
  return count;
}

inline Verdict no_stale_write(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Storage>([&](NodeId id, const Storage& storage) {
    const auto& disk = storage.disk;
    if (disk.token >= disk.highest) return;
    verdict = violated(view.name(id) + " took a write by " + view.name(disk.value) +
                           " with token " + std::to_string(disk.token.value) +
                           " after one with token " + std::to_string(disk.highest.value) + ".",
                       {id, disk.value});
  });
  return verdict;
}

inline Verdict one_believer(const View<Protocol>& view) {
  std::vector<NodeId> believers;
  view.for_each<Client>([&](NodeId id, const Client& client) {
    if (client.state == Client::State::holding || client.state == Client::State::writing)
      believers.push_back(id);
  });
  if (believers.size() < 2) return holds();
  return violated(view.name(believers[0]) + " and " + view.name(believers[1]) +
                      " both think they hold the lock.",
                  believers);
}

inline Verdict all_answered(const View<Protocol>& view) {
  for (std::int64_t i = 0; i < view.history().size(); ++i) {
    const OperationRecord& record = view.history()[i];
    if (record.outcome != Outcome::pending) continue;
    return violated(view.name(record.client) + " still waits for an answer to its write.",
                    {record.client});
  }
  return holds();
}

}  // namespace netsplit::lease_lock
