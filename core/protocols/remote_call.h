// Remote calls: what a call across a network does that a call inside a program does not.
//
// "The network is reliable" is the first of the eight fallacies of distributed computing. A call
// goes from a client through a router to a server, and its answer the same way back; on each of
// these four hops it may be lost.
//
// Who sends once and waits has no answer when one hop failed, and no way to know which. The remedy
// has three parts that are worth little alone. A timeout turns silence into an event. A retry asks
// again, after waits that double and differ at random, so that clients that failed together do not
// come back together. And since a lost answer looks like a lost call, the server must be
// idempotent: it remembers each order's number and answers a second attempt with the first result.
// Somewhere the client must stop, and then say that it does not know.
//
// Source: Deutsch and his colleagues at Sun Microsystems for seven of the fallacies (1994; Gosling
// added the eighth); Birrell and Nelson, "Implementing remote procedure
// calls" (TOCS 1984); Brooker, "Exponential backoff and jitter" (2015). Simplified: a server
// remembers every order for ever.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/sim/oracles.h"
#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::remote_call {

enum class Retry : std::uint8_t { none, fixed, exponential };

struct Params {
  Retry retry = Retry::exponential;
  Time timeout_us = milliseconds(100);
  std::int64_t attempts = 5;
  bool idempotent = true;
  std::int64_t orders = 0;
  Time period_us = milliseconds(250);
  FIELDS(retry, timeout_us, attempts, idempotent, orders, period_us)
};

// clang-format off
// Messages.
struct Call { NodeId client; NodeId server; std::int64_t number = 0;
              FIELDS(client, server, number) };
struct Answer { NodeId client; std::int64_t number = 0; std::int64_t receipt = 0;
                FIELDS(client, number, receipt) };
using Message = std::variant<Call, Answer>;

// Timers.
struct NoAnswer { FIELDS_NONE };
struct NextOrder { FIELDS_NONE };
using Timer = std::variant<NoAnswer, NextOrder>;

// A person's request.
struct PlaceOrder { FIELDS_NONE };
// clang-format on
using Request = std::variant<PlaceOrder>;

using Ctx = Context<Message, Timer, Params>;

struct Router;
struct Server;

struct Client {
  static constexpr Shape shape = Shape::client;
  struct Waiting {
    std::int64_t attempt = 0;
    Hidden<std::uint32_t> operation;
    FIELDS(attempt, operation)
  };
  std::map<std::int64_t, Waiting> calls;  // by number
  std::int64_t timeouts = 0;              // since the last answer
  struct Disk {
    std::int64_t ordered = 0;  // so far, which is also the last one's number
    std::int64_t sent_again = 0;
    FIELDS(ordered, sent_again)
  } disk;

  void start(Ctx& ctx) { next_order(ctx); }
  void next_order(Ctx& ctx) const {
    if (disk.ordered < ctx.params().orders)
      ctx.set_timer(NextOrder{}, ctx.params().period_us / 2, ctx.params().period_us);
  }
  void on(Ctx& ctx, NextOrder) {
    on(ctx, PlaceOrder{});
    next_order(ctx);
  }

  void on(Ctx& ctx, const PlaceOrder&) {
    // Numbered on disk before it is sent: no number is ever used twice.
    ++disk.ordered;
    calls[disk.ordered] = {0, {ctx.invoke({"order", disk.ordered})}};
    send(ctx, disk.ordered);
    if (calls.size() == 1) wait(ctx);
  }
  void send(Ctx& ctx, std::int64_t number) {
    ++calls.at(number).attempt;
    // Always the same server for one number: it alone can know the number.
    const std::vector<NodeId> servers = ctx.all<Server>();
    if (servers.empty()) return;
    const NodeId server = servers[static_cast<std::size_t>(number) % servers.size()];
    ctx.send(ctx.first<Router>(), Call{ctx.self(), server, number});
  }

  // One timeout for all that wait.
  void wait(Ctx& ctx) const {
    const Params& p = ctx.params();
    if (p.retry == Retry::none) return;
    if (p.retry == Retry::fixed) return ctx.set_timer(NoAnswer{}, p.timeout_us);
    // A wait that doubles, and up to as much again at random.
    const Time wait_us = p.timeout_us << std::min<std::int64_t>(timeouts, 6);
    ctx.set_timer(NoAnswer{}, wait_us, 2 * wait_us);
  }
  void on(Ctx& ctx, NoAnswer) {
    ++timeouts;
    const std::map<std::int64_t, Waiting> open = calls;
    for (const auto& entry : open) {
      if (entry.second.attempt >= ctx.params().attempts) {
        finish(ctx, entry.first, Outcome::unknown);
      } else {
        ++disk.sent_again;
        send(ctx, entry.first);
      }
    }
    if (!calls.empty()) wait(ctx);
  }
  void on(Ctx& ctx, NodeId, const Answer& m) {
    if (!calls.contains(m.number)) return;  // answered before, or given up
    timeouts = 0;
    finish(ctx, m.number, Outcome::ok, m.receipt);
    if (calls.empty()) ctx.cancel_timer(NoAnswer{});
  }
  // Given up is not failed: the order may have been carried out.
  void finish(Ctx& ctx, std::int64_t number, Outcome outcome, std::int64_t receipt = 0) {
    ctx.complete(calls.at(number).operation.value, outcome, receipt);
    calls.erase(number);
  }

  std::string caption(NodeNames) const {
    if (calls.empty()) return "";
    return "waits for " + std::to_string(calls.size()) +
           (calls.size() == 1 ? " answer" : " answers");
  }
  FIELDS(calls, timeouts, disk)
};

// Passes on what it gets and remembers nothing: what is on its way when it restarts is gone.
struct Router {
  static constexpr Shape shape = Shape::coordinator;
  void on(Ctx& ctx, NodeId, const Call& m) { ctx.send(m.server, m); }
  void on(Ctx& ctx, NodeId, const Answer& m) { ctx.send(m.client, m); }
  FIELDS_NONE
};

struct Server {
  static constexpr Shape shape = Shape::server;
  struct Order {
    NodeId client;
    std::int64_t number = 0;
    FIELDS(client, number)
  };
  struct Disk {
    std::vector<Order> orders;  // carried out; the receipt is the place in the list, from 1
    FIELDS(orders)
  } disk;

  void on(Ctx& ctx, NodeId from, const Call& m) {
    const Order order{m.client, m.number};
    auto at = disk.orders.end();
    if (ctx.params().idempotent) at = std::find(disk.orders.begin(), disk.orders.end(), order);
    if (at == disk.orders.end()) at = disk.orders.insert(at, order);
    ctx.send(from, Answer{m.client, m.number, at - disk.orders.begin() + 1});
  }

  std::string caption(NodeNames) const {
    return disk.orders.empty() ? "" : std::to_string(disk.orders.size()) + " carried out";
  }
  FIELDS(disk)
};

struct Protocol;

inline Verdict at_most_once(const View<Protocol>& view);
inline std::int64_t sent_again(const View<Protocol>& view);

struct Protocol {
  using Message = remote_call::Message;
  using Timer = remote_call::Timer;
  using Request = remote_call::Request;
  using Node = std::variant<Client, Router, Server>;
  using Params = remote_call::Params;
  static constexpr std::string_view name = "remote_call";
  static constexpr std::string_view title = "Remote calls";
  static constexpr std::string_view sentence =
      "Clients call servers through a router, and calls and answers get lost.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::retry>(
            "retry",
            "What a client does when no answer comes: wait on; ask again after the timeout; ask "
            "again after waits that double and differ at random."),
        time_parameter<&Params::timeout_us>("timeout", milliseconds(1), hours(1),
                                            "How long a client waits before it asks again."),
        count_parameter<&Params::attempts>("attempts", 1, 100,
                                           "How often a client asks before it gives up."),
        flag_parameter<&Params::idempotent>(
            "idempotent", "A server knows an order that it has carried out by its number."),
        count_parameter<&Params::orders>("orders", 0, 1'000, "Orders that each client places."),
        time_parameter<&Params::period_us>(
            "period", milliseconds(1), hours(1),
            "The longest time between two orders of one client; the shortest is half."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"all_answered", "Every request is answered in the end, or reported as failed or unknown.",
         PropertyKind::finally, all_answered<Protocol>},
        {"at_most_once", "No order is carried out twice.", PropertyKind::always, at_most_once},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"sent_again", MeterUnit::count, "Calls beyond the first of each request.", sent_again},
    };
  }
  static bool linked(std::string_view a, std::string_view b) {
    return (a == "Router") != (b == "Router");
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "order " + std::to_string(record.operation.key);
  }
  static std::string describe_answer(const OperationRecord& record) {
    return "receipt " + std::to_string(record.result);
  }
};

// How often the client's order was carried out, by whichever server.
inline std::int64_t carried_out(const View<Protocol>& view, const Server::Order& order) {
  std::int64_t times = 0;
  view.for_each<Server>([&](NodeId, const Server& server) {
    times += std::count(server.disk.orders.begin(), server.disk.orders.end(), order);
  });
  return times;
}

inline Verdict at_most_once(const View<Protocol>& view) {
  for (std::int64_t i = view.history().first(); i < view.history().size(); ++i) {
    const OperationRecord& record = view.history()[i];
    const std::int64_t times = carried_out(view, {record.client, record.operation.key});
    if (times < 2) continue;
    return violated(view.name(record.client) + "'s order " + std::to_string(record.operation.key) +
                        " was carried out " + std::to_string(times) + " times.",
                    {record.client});
  }
  return holds();
}

inline std::int64_t sent_again(const View<Protocol>& view) {
  std::int64_t sum = 0;
  view.for_each<Client>([&](NodeId, const Client& client) { sum += client.disk.sent_again; });
  return sum;
}

}  // namespace netsplit::remote_call
