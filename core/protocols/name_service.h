// Finding a service that moves.
//
// "Topology doesn't change" is the fifth of the eight fallacies of distributed computing. A client
// asks a name service once where the instances of a service are, and keeps the answer. Instances
// come, go, and die: a new one is never asked, and one that is gone is asked for ever. An answer is
// true when it is given and then only gets older; so it comes with a time to live, after which the
// client must ask again. A failed call is a better hint than any time: whoever has one asks again
// at once. And the name service must hear of those that died without a word: an instance that has
// not shown itself for some beats is no longer named (a health check).
//
// The other side: whoever retires an instance must serve on for as long as somebody may still have
// its address, which is the time to live, counted from the moment at which the name service has
// confirmed that it names it no more. An address that nobody may forget can never be given up.
//
// Source: Deutsch and his colleagues at Sun Microsystems (1994); Mockapetris, RFC 1034 (1987),
// section 3.6, for the time to live. Simplified: one name, one name service, which survives.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::name_service {

struct Params {
  Time ttl_us = seconds(1);
  bool re_resolve = true;
  bool health_checks = true;
  std::int64_t calls = 40;
  Time period_us = milliseconds(200);
  Time timeout_us = milliseconds(150);
  Time beat_us = milliseconds(300);
  FIELDS(ttl_us, re_resolve, health_checks, calls, period_us, timeout_us, beat_us)
};

// clang-format off
// Messages. What an instance says is numbered: an older word does not undo a newer one.
struct Here { std::int64_t number = 0; bool serving = true; FIELDS(number, serving) };
struct Noted { std::int64_t number = 0; FIELDS(number) };
struct Where { FIELDS_NONE };
struct There { std::vector<NodeId> addresses; FIELDS(addresses) };
struct Call { std::int64_t number = 0; FIELDS(number) };
struct Reply { std::int64_t number = 0; FIELDS(number) };
using Message = std::variant<Here, Noted, Where, There, Call, Reply>;

// Timers.
struct NextCall { FIELDS_NONE };
struct NoReply { FIELDS_NONE };
struct Expires { static constexpr bool lease = true; FIELDS_NONE };
struct Beat { FIELDS_NONE };
struct Check { FIELDS_NONE };
struct NobodyLeft { FIELDS_NONE };
using Timer = std::variant<NextCall, NoReply, Expires, Beat, Check, NobodyLeft>;

// A person's request, of an instance: be given up.
struct Retire { FIELDS_NONE };
// clang-format on
using Request = std::variant<Retire>;

using Ctx = Context<Message, Timer, Params>;

struct NameService;

struct Client {
  static constexpr Shape shape = Shape::client;
  std::vector<NodeId> cache;
  std::int64_t number = 0;  // of the last call
  bool waiting = false;
  Hidden<std::uint32_t> operation;
  std::int64_t errors = 0;

  void start(Ctx& ctx) { ctx.set_timer(NextCall{}, ctx.params().period_us); }
  void on(Ctx& ctx, NextCall) {
    if (number >= ctx.params().calls) return;
    ctx.set_timer(NextCall{}, ctx.params().period_us);
    if (waiting) return;  // the last call is not over
    waiting = true;
    operation.value = ctx.invoke({"call", ++number});
    ctx.set_timer(NoReply{}, ctx.params().timeout_us);
    if (cache.empty()) return ctx.send(ctx.first<NameService>(), Where{});
    call(ctx);
  }
  void call(Ctx& ctx) const {
    if (!cache.empty())
      ctx.send(cache[static_cast<std::size_t>(number) % cache.size()], Call{number});
  }
  void on(Ctx& ctx, NodeId, const There& m) {
    if (!waiting || !cache.empty()) return;
    cache = m.addresses;
    if (ctx.params().ttl_us > 0) ctx.set_timer(Expires{}, ctx.params().ttl_us);
    call(ctx);
  }
  void on(Ctx&, Expires) { cache.clear(); }
  void on(Ctx& ctx, NodeId, const Reply& m) {
    if (waiting && m.number == number) finish(ctx, Outcome::ok);
  }
  void on(Ctx& ctx, NoReply) {
    if (!waiting) return;
    ++errors;
    finish(ctx, Outcome::unknown);
    if (!ctx.params().re_resolve) return;
    cache.clear();
    ctx.cancel_timer(Expires{});
  }
  void finish(Ctx& ctx, Outcome outcome) {
    waiting = false;
    ctx.cancel_timer(NoReply{});
    ctx.complete(operation.value, outcome);
  }
  std::string caption(NodeNames names) const {
    std::string text = cache.empty() ? "knows no address" : "knows";
    for (const NodeId address : cache) text += " " + name_of(address, names);
    return text;
  }
  FIELDS(cache, number, waiting, operation, errors)
};

struct NameService {
  static constexpr Shape shape = Shape::coordinator;
  struct Entry {
    std::int64_t number = 0;
    bool serving = false;
    std::int64_t missed = 0;  // checks since it was last heard
    FIELDS(number, serving, missed)
  };
  struct Disk {
    std::map<NodeId, Entry> entries;
    FIELDS(entries)
  } disk;

  void start(Ctx& ctx) {
    if (ctx.params().health_checks) ctx.set_timer(Check{}, ctx.params().beat_us);
  }
  void on(Ctx& ctx, NodeId from, const Here& m) {
    Entry& entry = disk.entries[from];
    if (m.number > entry.number) entry = {m.number, m.serving, 0};
    if (!m.serving) ctx.send(from, Noted{m.number});
  }
  void on(Ctx& ctx, Check) {
    bool any = false;
    for (auto& [node, entry] : disk.entries) {
      if (++entry.missed > 2) entry.serving = false;
      any = any || entry.serving;
    }
    if (any) ctx.set_timer(Check{}, ctx.params().beat_us);
  }
  void on(Ctx& ctx, NodeId from, const Where&) {
    There answer;
    for (const auto& [node, entry] : disk.entries) {
      if (entry.serving) answer.addresses.push_back(node);
    }
    ctx.send(from, answer);
  }
  std::string caption(NodeNames names) const {
    std::string text = "names";
    for (const auto& [node, entry] : disk.entries) {
      if (entry.serving) text += " " + name_of(node, names);
    }
    return text;
  }
  FIELDS(disk)
};

struct Instance {
  static constexpr Shape shape = Shape::server;
  enum class State : std::uint8_t { serving, leaving, draining, retired };
  struct Disk {
    State state = State::serving;
    std::int64_t number = 0;  // of what it last said
    FIELDS(state, number)
  } disk;
  std::int64_t served = 0;
  std::int64_t too_late = 0;  // calls that came when it was retired

  void start(Ctx& ctx) {
    if (disk.state == State::draining) disk.state = State::leaving;  // for how long, it forgot
    if (disk.state != State::retired) on(ctx, Beat{});
  }
  void on(Ctx& ctx, Beat) {
    if (disk.state == State::draining || disk.state == State::retired) return;
    ctx.send(ctx.first<NameService>(), Here{++disk.number, disk.state == State::serving});
    ctx.set_timer(Beat{}, ctx.params().beat_us);
  }
  void on(Ctx& ctx, const Retire&) {
    if (disk.state != State::serving) return;
    disk.state = State::leaving;
    on(ctx, Beat{});
  }
  // Named no more. Whoever had the address just before has it for the time to live, and may have
  // a call on its way then.
  void on(Ctx& ctx, NodeId, const Noted&) {
    if (disk.state != State::leaving) return;
    disk.state = State::draining;
    ctx.cancel_timer(Beat{});
    ctx.set_timer(NobodyLeft{}, ctx.params().ttl_us + 2 * ctx.params().timeout_us);
  }
  void on(Ctx&, NobodyLeft) { disk.state = State::retired; }
  void on(Ctx& ctx, NodeId from, const Call& m) {
    if (disk.state == State::retired) {
      ++too_late;
      return;
    }
    ++served;
    ctx.send(from, Reply{m.number});
  }
  std::string caption(NodeNames) const {
    if (too_late > 0) return std::to_string(too_late) + " calls too late";
    return std::to_string(served) + " served";
  }
  FIELDS(disk, served, too_late)
};

struct Protocol;

inline Verdict none_too_late(const View<Protocol>& view);
inline Verdict few_errors(const View<Protocol>& view);
inline Verdict nobody_stale(const View<Protocol>& view);
inline std::int64_t errors(const View<Protocol>& view);

inline constexpr std::int64_t errors_limit_ppm = 100'000;

struct Protocol {
  using Message = name_service::Message;
  using Timer = name_service::Timer;
  using Request = name_service::Request;
  using Node = std::variant<Client, NameService, Instance>;
  using Params = name_service::Params;
  static constexpr std::string_view name = "name_service";
  static constexpr std::string_view title = "Name service";
  static constexpr std::string_view sentence =
      "Clients look for the instances of a service, which come, move, go and die.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        time_parameter<&Params::ttl_us>("ttl", 0, hours(24),
                                        "How long a client may keep an answer. 0: for ever."),
        flag_parameter<&Params::re_resolve>("re_resolve",
                                            "A client asks again after a call that failed."),
        flag_parameter<&Params::health_checks>(
            "health_checks", "An instance that is not heard for three beats is named no more."),
        count_parameter<&Params::calls>("calls", 0, 10'000, "Calls that each client makes."),
        time_parameter<&Params::period_us>("period", milliseconds(1), hours(1),
                                           "Time between two calls of a client."),
        time_parameter<&Params::timeout_us>("timeout", milliseconds(1), hours(1),
                                            "When a call without an answer has failed."),
        time_parameter<&Params::beat_us>("beat", milliseconds(1), hours(1),
                                         "How often an instance shows itself."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"none_too_late",
         "No call comes to an address that was given up longer ago than the time to live.",
         PropertyKind::always, none_too_late},
        {"few_errors", "At most one call in ten fails.", PropertyKind::budget, few_errors},
        {"nobody_stale", "In the end no client keeps an address that is given up.",
         PropertyKind::finally, nobody_stale},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"errors", MeterUnit::count, "Calls that failed.", errors},

    };
  }
  static bool linked(std::string_view a, std::string_view b) { return a != b; }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "call " + std::to_string(record.operation.key);
  }
};

inline Verdict none_too_late(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Instance>([&](NodeId id, const Instance& instance) {
    if (instance.too_late > 0 && verdict.holds)
      verdict = violated(view.name(id) + " is given up, and somebody still calls it.", {id});
  });
  return verdict;
}

inline std::int64_t errors(const View<Protocol>& view) {
  std::int64_t sum = 0;
  view.for_each<Client>([&](NodeId, const Client& client) { sum += client.errors; });
  return sum;
}

inline Verdict few_errors(const View<Protocol>& view) {
  const std::int64_t failed = errors(view);
  const std::int64_t calls = std::max<std::int64_t>(1, view.history().size());
  return measured(failed * 1'000'000 / calls, errors_limit_ppm,
                  std::to_string(failed) + " of " + std::to_string(calls) + " calls failed.");
}

inline Verdict nobody_stale(const View<Protocol>& view) {
  Verdict verdict = holds();
  view.for_each<Client>([&](NodeId id, const Client& client) {
    for (const NodeId address : client.cache) {
      const Instance* instance = view.as<Instance>(address);
      const bool gone = view.condition(address) == Condition::down ||
                        view.condition(address) == Condition::absent ||
                        instance->disk.state == Instance::State::retired;
      if (gone && verdict.holds)
        verdict = violated(view.name(id) + " keeps the address of " + view.name(address) +
                               ", where nobody serves.",
                           {id, address});
    }
  });
  return verdict;
}

}  // namespace netsplit::name_service
