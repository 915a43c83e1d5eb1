// Saga: a chain of local steps, each with a compensation that undoes it.
//
// Every service commits its step at once and holds no lock. When a step fails, the steps before it
// are compensated, backwards. The orchestrator writes to its log how far it has come, asks again
// when nobody answers, and goes on after a crash; so every message may come twice, and steps and
// compensations must be idempotent. A step that never answered may have happened: it is
// compensated too, and a service that is told to undo what it has not done yet remembers to refuse
// it. The price: between the steps everyone can see a saga half done, and act on what is later
// undone. A semantic lock remedies that: a step is marked as pending until all are done. It costs
// a second round, and hides what may be undone; it does not make the steps appear at one moment.
//
// Choreographed, there is no orchestrator: each service does its step, passes the saga on to the
// next, and hears from it how the rest went.
//
// Source: Garcia-Molina and Salem, "Sagas" (SIGMOD 1987); Frank and Zahle, "Semantic ACID
// properties in multidatabases" (1998), for the pending step; Richardson, "Microservices patterns"
// (2018), chapter 4. Simplified: the steps are one a service, in the services' order; compensations
// never fail.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/sim/oracles.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::saga {

enum class Style : std::uint8_t { orchestrated, choreographed };

struct Params {
  Style style = Style::orchestrated;
  bool idempotent = true;
  bool pending = false;
  std::int64_t tries = 5;
  Time retry_us = milliseconds(500);
  Time give_up_us = seconds(2);
  Time log_us = milliseconds(5);
  FIELDS(style, idempotent, pending, tries, retry_us, give_up_us, log_us)
};

using SagaId = std::int64_t;  // numbered by its client, and no number is used twice
inline constexpr SagaId numbers_each = 1'000'000;

// clang-format off
// Messages. Choreographed, Do goes down the chain, and Done or Failed comes back up.
struct Begin { SagaId saga = 0; FIELDS(saga) };
struct Do { SagaId saga = 0; FIELDS(saga) };
struct Done { SagaId saga = 0; FIELDS(saga) };
struct Failed { SagaId saga = 0; FIELDS(saga) };
struct Finish { SagaId saga = 0; FIELDS(saga) };  // all is done, nothing pending any more
struct Finished { SagaId saga = 0; FIELDS(saga) };
struct Compensate { SagaId saga = 0; FIELDS(saga) };
struct Compensated { SagaId saga = 0; FIELDS(saga) };
struct Answer { SagaId saga = 0; bool completed = false; FIELDS(saga, completed) };
struct Read { std::uint32_t look = 0; FIELDS(look) };
struct Value { std::uint32_t look = 0; std::set<SagaId> done; FIELDS(look, done) };
using Message = std::variant<Begin, Do, Done, Failed, Compensate, Compensated, Answer, Read, Value,
                             Finish, Finished>;

// Timers.
struct Again { SagaId saga = 0; FIELDS(saga) };
struct GiveUp { SagaId saga = 0; FIELDS(saga) };
struct LookOver { std::uint32_t look = 0; FIELDS(look) };
using Timer = std::variant<Again, GiveUp, LookOver>;

// A person's requests: to a client, begin a saga, or look at all services; to a service, whose next
// step fails.
struct Transact { FIELDS_NONE };
struct Look { FIELDS_NONE };
struct RefuseNext { FIELDS_NONE };
using Request = std::variant<Transact, Look, RefuseNext>;
// clang-format on

using Ctx = Context<Message, Timer, Params>;

struct Orchestrator;
struct Service;

enum class Record : std::uint8_t { none, begun, done, refused, undone, ended };
struct Entry {
  Record record{};
  SagaId saga = 0;
  std::optional<NodeId> who;  // at the orchestrator: of begun the client, else the service
  FIELDS(record, saga, who)
};
// What stands in it survives a crash, and nothing else does.
struct Wal {
  Log<Entry> log;
  FIELDS(log)

  void write(Record record, SagaId saga, std::optional<NodeId> who = {}) {
    log.append({record, saga, who});
  }
  // The last that was written about the saga.
  Record of(SagaId saga) const {
    Record last = Record::none;
    for (const Entry& entry : log.entries) {
      if (entry.saga == saga) last = entry.record;
    }
    return last;
  }
  std::int64_t count(Record record, SagaId saga) const {
    return std::count_if(log.entries.begin(), log.entries.end(), [&](const Entry& entry) {
      return entry.record == record && entry.saga == saga;
    });
  }
};

struct Client {
  static constexpr Shape shape = Shape::client;

  std::set<SagaId> waiting;                         // for an answer
  std::map<std::uint32_t, std::set<NodeId>> looks;  // whose values have not come
  std::map<NodeId, std::set<SagaId>> seen;          // in force when it looked

  void on(Ctx& ctx, const Transact&) {
    const SagaId saga = numbered(ctx, ctx.invoke({"transact"}));
    waiting.insert(saga);
    if (ctx.params().style == Style::orchestrated) {
      ctx.send(ctx.first<Orchestrator>(), Begin{saga});
    } else {
      ctx.send(ctx.first<Service>(), Do{saga});
    }
    ctx.set_timer(GiveUp{saga}, ctx.params().give_up_us);
  }
  void on(Ctx& ctx, NodeId, const Answer& m) {
    finish(ctx, m.saga, m.completed ? Outcome::ok : Outcome::failed);
  }
  void on(Ctx& ctx, GiveUp t) { finish(ctx, t.saga, Outcome::unknown); }
  void finish(Ctx& ctx, SagaId saga, Outcome outcome) {
    if (waiting.erase(saga) == 0) return;  // a second answer
    ctx.cancel_timer(GiveUp{saga});
    ctx.complete(static_cast<std::uint32_t>(saga % numbers_each), outcome, saga);
  }
  // A client's own numbers; no two clients share one.
  static SagaId numbered(Ctx& ctx, std::uint32_t operation) {
    const std::vector<NodeId> all = ctx.all<Client>();
    const auto place = std::find(all.begin(), all.end(), ctx.self()) - all.begin();
    return static_cast<SagaId>(place) * numbers_each + operation;
  }

  void on(Ctx& ctx, const Look&) {
    const std::uint32_t look = ctx.invoke({"look"});
    for (const NodeId service : ctx.all<Service>()) {
      looks[look].insert(service);
      ctx.send(service, Read{look});
    }
    ctx.set_timer(LookOver{look}, ctx.params().give_up_us);
  }
  void on(Ctx& ctx, NodeId from, const Value& m) {
    const auto at = looks.find(m.look);
    if (at == looks.end()) return;
    seen[from].insert(m.done.begin(), m.done.end());
    at->second.erase(from);
    if (at->second.empty()) over(ctx, m.look, Outcome::ok);
  }
  void on(Ctx& ctx, LookOver t) { over(ctx, t.look, Outcome::failed); }
  void over(Ctx& ctx, std::uint32_t look, Outcome outcome) {
    looks.erase(look);
    ctx.cancel_timer(LookOver{look});
    ctx.complete(look, outcome);
  }
  std::string caption(NodeNames) const {
    if (!looks.empty()) return "looks at all services";
    return waiting.empty() ? "" : "waits for an answer";
  }
  FIELDS(waiting, looks, seen)
};

struct Orchestrator {
  static constexpr Shape shape = Shape::coordinator;

  struct Progress {
    NodeId client;
    bool back = false;       // it undoes
    std::int64_t place = 0;  // of the service it waits for
    std::int64_t tried = 0;
    FIELDS(client, back, place, tried)
  };
  Wal disk;
  std::map<SagaId, Progress> open;

  void on(Ctx& ctx, NodeId from, const Begin& m) {
    if (disk.of(m.saga) != Record::none) return;  // a second copy
    disk.write(Record::begun, m.saga, from);
    open[m.saga] = {from, false, 0, 0};
    go_on(ctx, m.saga);
  }
  // Asks the service whose turn it is. Past either end the saga is over; where steps are pending
  // until all are done, the services have a second turn before.
  void go_on(Ctx& ctx, SagaId saga) {
    const std::vector<NodeId> services = ctx.all<Service>();
    const Progress& progress = open[saga];
    ctx.work(ctx.params().log_us);
    const std::int64_t steps = std::ssize(services);
    const std::int64_t turns = ctx.params().pending ? 2 * steps : steps;
    if (progress.place < 0 || progress.place >= turns) {
      disk.write(Record::ended, saga);
      ctx.cancel_timer(Again{saga});
      ctx.send(progress.client, Answer{saga, !progress.back});
      open.erase(saga);
      return;
    }
    const NodeId service = services[static_cast<std::size_t>(progress.place % steps)];
    if (progress.back) {
      ctx.send(service, Compensate{saga});
    } else if (progress.place < steps) {
      ctx.send(service, Do{saga});
    } else {
      ctx.send(service, Finish{saga});
    }
    ctx.set_timer(Again{saga}, ctx.params().retry_us);
  }

  void on(Ctx& ctx, NodeId from, const Done& m) { note(ctx, from, m.saga, Record::done); }
  void on(Ctx& ctx, NodeId from, const Failed& m) { note(ctx, from, m.saga, Record::refused); }
  void on(Ctx& ctx, NodeId from, const Compensated& m) { note(ctx, from, m.saga, Record::undone); }
  void on(Ctx& ctx, NodeId from, const Finished& m) { note(ctx, from, m.saga, Record::ended); }
  void note(Ctx& ctx, NodeId from, SagaId saga, Record what) {
    const auto at = open.find(saga);
    if (at == open.end()) return;
    Progress& progress = at->second;
    const std::vector<NodeId> services = ctx.all<Service>();
    const auto turn = static_cast<std::size_t>(progress.place) % services.size();
    const bool second_turn = progress.place >= std::ssize(services);
    if (from != services[turn] || progress.back != (what == Record::undone) ||
        second_turn != (what == Record::ended))
      return;  // a second copy
    disk.write(what, saga, from);
    advance(progress, what);
    go_on(ctx, saga);
  }
  static void advance(Progress& progress, Record what) {
    progress.back = progress.back || (what != Record::done && what != Record::ended);
    progress.place += progress.back ? -1 : 1;
    progress.tried = 0;
  }
  void on(Ctx& ctx, Again t) {
    const auto at = open.find(t.saga);
    if (at == open.end()) return;
    Progress& progress = at->second;
    // Whether the step was done nobody knows: it is undone with the others. Once all are done there
    // is no way back.
    const bool decided = progress.place >= std::ssize(ctx.all<Service>());
    if (!progress.back && !decided && ++progress.tried >= ctx.params().tries) {
      disk.write(Record::refused, t.saga);
      progress.back = true;
    }
    go_on(ctx, t.saga);
  }

  void restart(Ctx& ctx) {
    for (const Entry& entry : disk.log.entries) {
      if (entry.record == Record::begun) open[entry.saga] = {*entry.who, false, 0, 0};
      const bool over = entry.record == Record::ended && !entry.who;
      if (over) open.erase(entry.saga);
      if (entry.record == Record::begun || over) continue;
      if (entry.who) advance(open[entry.saga], entry.record);
      if (!entry.who) open[entry.saga].back = true;
    }
    std::vector<SagaId> unfinished;
    for (const auto& [saga, progress] : open) unfinished.push_back(saga);
    for (const SagaId saga : unfinished) go_on(ctx, saga);
  }
  std::string caption(NodeNames) const {
    if (open.empty()) return "";
    return open.begin()->second.back ? "undoes, backwards" : "goes on, step by step";
  }
  FIELDS(disk, open)
};

struct Service {
  static constexpr Shape shape = Shape::storage;

  bool refuses_next = false;
  NodeId client;  // choreographed, at the first service: who began the last saga
  Wal disk;

  void on(Ctx&, const RefuseNext&) { refuses_next = true; }

  void on(Ctx& ctx, NodeId from, const Do& m) {
    if (disk.of(m.saga) == Record::none) {
      disk.write(refuses_next ? Record::refused : Record::done, m.saga);
      refuses_next = false;
      ctx.work(ctx.params().log_us);
    }
    if (ctx.params().style == Style::choreographed) {
      if (from != neighbour(ctx, -1)) client = from;
      return pass_on(ctx, m.saga);
    }
    if (disk.of(m.saga) == Record::done || disk.of(m.saga) == Record::ended)
      return ctx.send(from, Done{m.saga});
    ctx.send(from, Failed{m.saga});  // refused, or undone before this copy came
  }
  // Told to undo what it has not done, it makes sure that it never does.
  void on(Ctx& ctx, NodeId from, const Compensate& m) {
    const Record last = disk.of(m.saga);
    const bool again = last == Record::undone && !ctx.params().idempotent;
    if (last == Record::none) disk.write(Record::refused, m.saga);
    if (last == Record::done || again) disk.write(Record::undone, m.saga);
    ctx.work(ctx.params().log_us);
    ctx.send(from, Compensated{m.saga});
  }

  // A semantic lock: until all is done the step is pending, and whoever reads is not shown it.
  void on(Ctx& ctx, NodeId from, const Finish& m) {
    if (disk.of(m.saga) == Record::done) disk.write(Record::ended, m.saga);
    ctx.work(ctx.params().log_us);
    ctx.send(from, Finished{m.saga});
  }

  // Choreographed: what is done here waits for the rest of the chain, which is asked until it
  // answers; then the answer goes up.
  void pass_on(Ctx& ctx, SagaId saga) {
    const bool waits = disk.of(saga) == Record::done && neighbour(ctx, 1) != nobody;
    if (!waits) return answer(ctx, saga);
    ctx.send(neighbour(ctx, 1), Do{saga});
    ctx.set_timer(Again{saga}, ctx.params().retry_us);
  }
  void on(Ctx& ctx, Again t) { pass_on(ctx, t.saga); }
  void on(Ctx& ctx, NodeId, const Done& m) { heard(ctx, m.saga, Record::ended); }
  void on(Ctx& ctx, NodeId, const Failed& m) { heard(ctx, m.saga, Record::undone); }
  void heard(Ctx& ctx, SagaId saga, Record what) {
    if (disk.of(saga) != Record::done) return;  // a second copy
    disk.write(what, saga);
    ctx.work(ctx.params().log_us);
    ctx.cancel_timer(Again{saga});
    answer(ctx, saga);
  }
  void answer(Ctx& ctx, SagaId saga) {
    const Record last = disk.of(saga);
    const bool done = last == Record::done || last == Record::ended;
    const NodeId up = neighbour(ctx, -1);
    if (up == nobody) return ctx.send(client, Answer{saga, done});
    if (done) ctx.send(up, Done{saga});
    if (!done) ctx.send(up, Failed{saga});
  }
  static NodeId neighbour(Ctx& ctx, std::ptrdiff_t step) {
    const std::vector<NodeId> all = ctx.all<Service>();
    const auto place = std::find(all.begin(), all.end(), ctx.self()) - all.begin() + step;
    return place < 0 || place >= std::ssize(all) ? nobody : all[static_cast<std::size_t>(place)];
  }
  void restart(Ctx& ctx) {
    if (ctx.params().style == Style::orchestrated) return;
    for (const Entry& entry : disk.log.entries) {
      if (disk.of(entry.saga) == Record::done && neighbour(ctx, 1) != nobody)
        pass_on(ctx, entry.saga);
    }
  }

  // How often the step is in force: 1 when done, 0 when not or when undone.
  std::int64_t in_force(SagaId saga) const {
    return disk.count(Record::done, saga) - disk.count(Record::undone, saga);
  }
  // The last of a chain knows that all is done when its own step is.
  bool shows(SagaId saga, const Params& params, bool last) const {
    const bool known =
        disk.of(saga) == Record::ended || (last && params.style == Style::choreographed);
    return in_force(saga) > 0 && (!params.pending || known);
  }
  void on(Ctx& ctx, NodeId from, const Read& m) {
    Value value{m.look, {}};
    for (const Entry& entry : disk.log.entries) {
      if (shows(entry.saga, ctx.params(), neighbour(ctx, 1) == nobody))
        value.done.insert(entry.saga);
    }
    ctx.send(from, std::move(value));
  }
  std::string caption(NodeNames) const { return refuses_next ? "cannot do the next step" : ""; }
  FIELDS(refuses_next, client, disk)
};

struct Protocol;

inline bool half_done(const View<Protocol>& view, NodeId node);

// Finally: each saga is done at every service or in force at none.
inline Verdict all_or_nothing(const View<Protocol>& view);
// Always: no step is undone more often than it was done.
inline Verdict undone_once(const View<Protocol>& view);
// Always: nobody has seen what was undone later.
inline Verdict no_dirty_read(const View<Protocol>& view);

struct Protocol {
  using Message = saga::Message;
  using Timer = saga::Timer;
  using Request = saga::Request;
  using Node = std::variant<Client, Orchestrator, Service>;
  using Params = saga::Params;
  static constexpr std::string_view name = "saga";
  static constexpr std::string_view title = "Saga";
  static constexpr std::string_view sentence =
      "Step by step without locks; when a step fails, those before it are compensated.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::style>(
            "style", "Whether an orchestrator leads, or each service passes the saga on."),
        flag_parameter<&Params::idempotent>(
            "idempotent", "A compensation that is asked for twice happens once. Off breaks it."),
        flag_parameter<&Params::pending>(
            "pending", "A step is shown to nobody until all steps of its saga are done."),
        count_parameter<&Params::tries>(
            "tries", 1, 100,
            "How often a step is asked for without an answer before the orchestrator turns back."),
        time_parameter<&Params::retry_us>("retry", milliseconds(1), hours(1),
                                          "After how long without an answer it is asked again."),
        time_parameter<&Params::give_up_us>("give_up", milliseconds(1), hours(10),
                                            "After how long a client stops waiting."),
        time_parameter<&Params::log_us>("log", 0, seconds(10),
                                        "How long it takes to write a record to the log."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"all_or_nothing", "In the end each saga is fully done or fully compensated.",
         PropertyKind::finally, all_or_nothing},
        {"undone_once", "No step is undone more often than it was done.", PropertyKind::always,
         undone_once},
        {"no_dirty_read", "Nobody is shown a step that is undone later.", PropertyKind::always,
         no_dirty_read},
        {"all_answered", "Every client learns the outcome, if only that nobody knows.",
         PropertyKind::finally, all_answered<Protocol>},
    };
  }
  static std::vector<Stopwatch<Protocol>> stopwatches() {
    return {{"half_done", "How long a saga could be seen half done.", half_done}};
  }
  static bool linked(std::string_view a, std::string_view b) { return a != b || a == "Service"; }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return record.operation.name == "look" ? "look"
                                           : "transaction " + std::to_string(record.number);
  }
};

// It is shown here and not at another service.
inline bool half_done(const View<Protocol>& view, NodeId node) {
  const Service* service = view.as<Service>(node);
  if (service == nullptr) return false;
  NodeId last = nobody;
  view.for_each<Service>([&](NodeId id, const Service&) { last = id; });
  bool half = false;
  for (const Entry& entry : service->disk.log.entries) {
    if (!service->shows(entry.saga, view.params(), node == last)) continue;
    view.for_each<Service>([&](NodeId id, const Service& other) {
      half = half || !other.shows(entry.saga, view.params(), id == last);
    });
  }
  return half;
}

inline Verdict all_or_nothing(const View<Protocol>& view) {
  std::map<SagaId, NodeId> done, undone;
  view.for_each<Service>([&](NodeId, const Service& one) {
    for (const Entry& entry : one.disk.log.entries) {
      view.for_each<Service>([&](NodeId id, const Service& service) {
        (service.in_force(entry.saga) == 1 ? done : undone).emplace(entry.saga, id);
      });
    }
  });
  for (const auto& [saga, one] : done) {
    const auto other = undone.find(saga);
    if (other == undone.end()) continue;
    return violated("Saga " + std::to_string(saga) + " is done at " + view.name(one) +
                        " and not at " + view.name(other->second) + ".",
                    {one, other->second});
  }
  return undone_once(view);
}

inline Verdict undone_once(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Service>([&](NodeId id, const Service& service) {
    for (const Entry& entry : service.disk.log.entries) {
      if (service.in_force(entry.saga) >= 0) continue;
      verdict = violated(
          view.name(id) + " has undone saga " + std::to_string(entry.saga) + " twice.", {id});
    }
  });
  return verdict;
}

inline Verdict no_dirty_read(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Client>([&](NodeId reader, const Client& client) {
    for (const auto& [id, sagas] : client.seen) {
      const Service* service = view.as<Service>(id);
      for (const SagaId saga : sagas) {
        if (service == nullptr || service->in_force(saga) > 0) continue;
        verdict = violated(view.name(reader) + " saw saga " + std::to_string(saga) + " done at " +
                               view.name(id) + ", which has undone it since.",
                           {reader, id});
      }
    }
  });
  return verdict;
}

}  // namespace netsplit::saga
