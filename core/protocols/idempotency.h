// Idempotency keys.
//
// A client asks a shop to place an order, and the shop asks a payment provider to charge it. When
// no answer comes, the client cannot know whether the request was lost or the answer: the money may
// be gone or not. Not asking again loses orders; asking again may charge twice. What is idempotent
// may be asked for as often as one likes. A PUT names the thing that it makes, and making it again
// changes nothing. A POST does not; it carries a key, made once for what the person wants and sent
// with each attempt, and whoever executes it remembers the key with its first result.
//
// "Look the key up, charge, then store it" is not safe: a second attempt looks before the first has
// stored, and a crash in between forgets the charge. The key must be recorded in the same atomic
// step as the effect, by the one who has the effect: here the provider, with the charge.
//
// Source: Helland, "Idempotence is not a medical condition" (CACM 2012); Fielding and Reschke,
// RFC 9110 (2022), section 9.2.2, for PUT and POST; Brooker, "Exponential backoff and jitter"
// (2015). Simplified: a client has one order at a time; a shop has one provider.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::idempotency {

enum class Method : std::uint8_t { post, put };
enum class KeyPer : std::uint8_t { none, attempt, intent, client };
enum class Store : std::uint8_t { none, check_then_act, lock_in_memory, atomic };
enum class Retry : std::uint8_t { none, fixed, exponential };

struct Params {
  Method method = Method::post;
  KeyPer key = KeyPer::intent;
  Store store = Store::atomic;
  bool check_payload = true;
  Time key_expiry_us = 0;
  Retry retry = Retry::fixed;
  Time retry_after_us = seconds(1);
  std::int64_t attempts = 0;
  FIELDS(method, key, store, check_payload, key_expiry_us, retry, retry_after_us, attempts)
};

// What one person wants once. Messages carry it only so that an answer finds its call and that the
// properties know the truth: nobody decides by it.
struct Intent {
  NodeId client;
  std::int64_t order = 0;
  FIELDS(client, order)
};

// clang-format off
// Messages. The key of a PUT is the order's name, in its address.
struct PlaceOrder { Token key; std::int64_t amount = 0; Hidden<Intent> intent;
                    FIELDS(key, amount, intent) };
struct Charge { Token key; std::int64_t amount = 0; Hidden<Intent> intent;
                FIELDS(key, amount, intent) };
struct Charged { std::int64_t receipt = 0; Hidden<Intent> intent; FIELDS(receipt, intent) };
struct Placed { std::int64_t receipt = 0; Hidden<Intent> intent; FIELDS(receipt, intent) };
struct Refused { Hidden<Intent> intent; FIELDS(intent) };  // this key came with another amount
using Message = std::variant<PlaceOrder, Charge, Charged, Placed, Refused>;

// Timers.
struct NoAnswer { FIELDS_NONE };
struct KeyExpires { Token key; FIELDS(key) };
using Timer = std::variant<NoAnswer, KeyExpires>;

// A person's request.
struct Order { std::int64_t amount = 30; FIELDS(amount) };
// clang-format on
using Request = std::variant<Order>;

using Ctx = Context<Message, Timer, Params>;

struct OrderService;

struct Client {
  static constexpr Shape shape = Shape::client;
  enum class Told : std::uint8_t { nothing, waiting, ok, failed, unknown };  // about its order

  struct Disk {
    std::int64_t orders = 0;  // what its person wanted so far
    std::int64_t requests = 0;
    std::int64_t amount = 0;
    bool waiting = false;  // for the answer to the last order
    FIELDS(orders, requests, amount, waiting)
  } disk;
  Told told = Told::nothing;
  Token key;
  std::int64_t attempt = 0;
  std::int64_t receipt = 0;
  Hidden<std::uint32_t> operation;

  void on(Ctx& ctx, const Order& request) {
    if (disk.waiting)
      return ctx.complete(ctx.invoke({"order", 0, request.amount, 0}), Outcome::failed);
    // Written down before it is sent, so that after a crash it is still the same order.
    const std::int64_t amount = std::clamp<std::int64_t>(request.amount, 0, 1'000'000);
    disk = {disk.orders + 1, disk.requests, amount, true};
    operation.value = ctx.invoke({"order", disk.orders, amount, 0});
    attempt = 0;
    receipt = 0;
    ask(ctx);
  }
  void restart(Ctx& ctx) {
    // For how long it was down it does not know: where asking must end in time, it ends here.
    if (ctx.params().retry == Retry::none || ctx.params().attempts > 0) disk.waiting = false;
    if (disk.waiting) ask(ctx);
  }

  void ask(Ctx& ctx) {
    told = Told::waiting;
    ++attempt;
    ++disk.requests;
    key = make_key(ctx);
    ctx.send(ctx.first<OrderService>(),
             PlaceOrder{key, disk.amount, Hidden<Intent>{{ctx.self(), disk.orders}}});
    const Time base_us = ctx.params().retry_after_us;
    if (ctx.params().retry != Retry::exponential) return ctx.set_timer(NoAnswer{}, base_us);
    // Between half and all of a wait that doubles: clients that failed together come back apart.
    const Time long_us = base_us << std::min<std::int64_t>(attempt, 6);
    ctx.set_timer(NoAnswer{}, long_us / 2, long_us);
  }
  void on(Ctx& ctx, NoAnswer) {
    const Params& p = ctx.params();
    if (p.retry == Retry::none || (p.attempts > 0 && attempt >= p.attempts))
      return finish(ctx, Outcome::unknown);
    ask(ctx);
  }

  // Numbers that no other client makes.
  Token make_key(Ctx& ctx) const {
    const Params& p = ctx.params();
    std::int64_t n = disk.orders;
    if (p.method == Method::post) {
      if (p.key == KeyPer::none) return Token{};
      if (p.key == KeyPer::attempt) n = disk.requests;
      if (p.key == KeyPer::client) n = 1;
    }
    return Token{n * ctx.node_count() + ctx.self().value + 1};
  }

  void on(Ctx& ctx, NodeId, const Placed& m) {
    if (!disk.waiting || m.intent.value.order != disk.orders) return;  // of an earlier order
    receipt = m.receipt;
    finish(ctx, Outcome::ok);
  }
  void on(Ctx& ctx, NodeId, const Refused& m) {
    if (disk.waiting && m.intent.value.order == disk.orders) finish(ctx, Outcome::failed);
  }
  void finish(Ctx& ctx, Outcome outcome) {
    disk.waiting = false;
    told = outcome == Outcome::ok       ? Told::ok
           : outcome == Outcome::failed ? Told::failed
                                        : Told::unknown;
    ctx.cancel_timer(NoAnswer{});
    if (operation.value != 0) ctx.complete(operation.value, outcome, receipt);
    operation.value = 0;
  }

  std::string caption(NodeNames) const {
    if (told == Told::unknown) return "was it charged?";
    if (!disk.waiting) return receipt != 0 ? "has receipt " + std::to_string(receipt) : "";
    return attempt < 2 ? "asks" : "asks again: attempt " + std::to_string(attempt);
  }
  FIELDS(disk, told, key, attempt, receipt, operation)
};

struct PaymentProvider;

struct OrderService {
  static constexpr Shape shape = Shape::server;
  struct First {
    std::int64_t amount = 0;
    std::int64_t receipt = 0;
    FIELDS(amount, receipt)
  };
  struct Disk {
    std::map<Token, First> results;  // by key: the first one, for whoever asks again
    FIELDS(results)
  } disk;
  std::vector<PlaceOrder> calls;  // to the provider, not yet answered

  void on(Ctx& ctx, NodeId from, const PlaceOrder& m) {
    const Params& p = ctx.params();
    if (looks_up(p, m.key)) {
      const auto first = disk.results.find(m.key);
      if (first != disk.results.end()) {
        if (p.check_payload && first->second.amount != m.amount)
          return ctx.send(from, Refused{m.intent});
        return ctx.send(from, Placed{first->second.receipt, m.intent});
      }
      // Keeps a second attempt out while the first runs. A crash forgets it, charge or no charge;
      // and a call that is lost holds it until then.
      const auto same = [&](const PlaceOrder& call) { return call.key == m.key; };
      if (p.store == Store::lock_in_memory && std::any_of(calls.begin(), calls.end(), same)) return;
    }
    if (std::find(calls.begin(), calls.end(), m) == calls.end()) calls.push_back(m);
    // The provider is told the key when it is to keep it, or when it is the order's name.
    const bool named = p.method == Method::put || p.store == Store::atomic;
    ctx.send(ctx.first<PaymentProvider>(), Charge{named ? m.key : Token{}, m.amount, m.intent});
  }
  void on(Ctx& ctx, NodeId, const Charged& m) { pass_on(ctx, m.intent, m.receipt); }
  void on(Ctx& ctx, NodeId, const Refused& m) { pass_on(ctx, m.intent, 0); }

  // An answer to no call (the shop has crashed since, or this is a second copy) is of no use.
  void pass_on(Ctx& ctx, const Hidden<Intent>& intent, std::int64_t receipt) {
    const auto call = std::find_if(calls.begin(), calls.end(),
                                   [&](const PlaceOrder& one) { return one.intent == intent; });
    if (call == calls.end()) return;
    if (receipt == 0) {
      ctx.send(intent.value.client, Refused{intent});
    } else {
      if (looks_up(ctx.params(), call->key))
        disk.results.emplace(call->key, First{call->amount, receipt});
      ctx.send(intent.value.client, Placed{receipt, intent});
    }
    calls.erase(call);
  }
  static bool looks_up(const Params& p, Token key) {
    return p.method == Method::post && key != Token{} &&
           (p.store == Store::check_then_act || p.store == Store::lock_in_memory);
  }

  std::string caption(NodeNames) const {
    if (!calls.empty()) return "waits for the bank";
    const std::size_t n = disk.results.size();
    return n == 0 ? "" : "knows " + std::to_string(n) + (n == 1 ? " key" : " keys");
  }
  FIELDS(disk, calls)
};

struct PaymentProvider {
  static constexpr Shape shape = Shape::storage;
  struct Entry {
    std::int64_t receipt = 0;
    Token key;
    std::int64_t amount = 0;
    Hidden<Intent> intent;
    FIELDS(receipt, key, amount, intent)
  };

  struct Disk {
    std::vector<Entry> charges;
    std::int64_t taken = 0;  // their sum
    FIELDS(charges, taken)
  } disk;

  // A handler is atomic: the charge and its key are on disk together, or neither is.
  void on(Ctx& ctx, NodeId from, const Charge& m) {
    const auto known =
        std::find_if(disk.charges.begin(), disk.charges.end(),
                     [&](const Entry& entry) { return m.key != Token{} && entry.key == m.key; });
    if (known == disk.charges.end()) {
      const auto receipt = static_cast<std::int64_t>(disk.charges.size()) + 1;
      disk.charges.push_back({receipt, m.key, m.amount, m.intent});
      disk.taken += m.amount;
      if (m.key != Token{}) expire_later(ctx, m.key);
      return ctx.send(from, Charged{receipt, m.intent});
    }
    if (ctx.params().method == Method::put) {
      // The same again changes nothing.
      disk.taken += m.amount - known->amount;
      *known = {known->receipt, m.key, m.amount, m.intent};
    } else if (ctx.params().check_payload && known->amount != m.amount) {
      return ctx.send(from, Refused{m.intent});
    }
    ctx.send(from, Charged{known->receipt, m.intent});
  }
  static void expire_later(Ctx& ctx, Token key) {
    const Params& p = ctx.params();
    if (p.method == Method::post && p.key_expiry_us > 0)
      ctx.set_timer(KeyExpires{key}, p.key_expiry_us);
  }
  void on(Ctx&, const KeyExpires& timer) {
    for (Entry& entry : disk.charges) {
      if (entry.key == timer.key) entry.key = Token{};
    }
  }
  // How old a key is was forgotten: it lives for the full time again. Longer is never wrong.
  void restart(Ctx& ctx) {
    for (const Entry& entry : disk.charges) {
      if (entry.key != Token{}) expire_later(ctx, entry.key);
    }
  }

  std::string caption(NodeNames) const {
    const std::size_t n = disk.charges.size();
    if (n == 0) return "no charge";
    return std::to_string(n) + (n == 1 ? " charge" : " charges");
  }
  FIELDS(disk)
};

struct Protocol;

inline Verdict at_most_once(const View<Protocol>& view);
inline Verdict answers_true(const View<Protocol>& view);
inline Verdict at_least_once(const View<Protocol>& view);
inline std::int64_t charges_of(const View<Protocol>& view, const OperationRecord& order);
inline std::int64_t requests(const View<Protocol>& view);
inline std::int64_t keys_kept(const View<Protocol>& view);
inline std::int64_t charged_too_much(const View<Protocol>& view);

struct Protocol {
  using Message = idempotency::Message;
  using Timer = idempotency::Timer;
  using Request = idempotency::Request;
  using Node = std::variant<Client, OrderService, PaymentProvider>;
  using Params = idempotency::Params;
  static constexpr std::string_view name = "idempotency";
  static constexpr std::string_view title = "Idempotency";
  static constexpr std::string_view sentence =
      "Clients place orders with a shop, which has a payment provider charge them; answers get "
      "lost.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::method>(
            "method", "POST makes something new each time; PUT makes the order that it names."),
        choice_parameter<&Params::key>(
            "key",
            "What the client makes a new key for: nothing, each attempt, each order, or "
            "only once in its life."),
        choice_parameter<&Params::store>(
            "store",
            "What is done with keys: nothing; look up, charge, store; the same with a "
            "lock in the shop's memory; charge and key recorded in one step."),
        flag_parameter<&Params::check_payload>(
            "check_payload", "A known key with another amount is refused, not answered."),
        time_parameter<&Params::key_expiry_us>(
            "key_expiry", 0, hours(1000), "When a key is forgotten; usually after 24h. 0: never."),
        choice_parameter<&Params::retry>("retry",
                                         "Whether a client asks again, and how it spaces that."),
        time_parameter<&Params::retry_after_us>("retry_after", milliseconds(10), hours(1000),
                                                "How long a client waits before it asks again."),
        count_parameter<&Params::attempts>("attempts", 0, 1000,
                                           "How often a client asks at most. 0: until answered."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"at_most_once", "No order is charged more than once.", PropertyKind::always, at_most_once},
        {"answers_true",
         "Who was told OK was charged what he asked for; who was told \"failed\" was not.",
         PropertyKind::always, answers_true},
        {"at_least_once", "Every order that was not refused is charged in the end.",
         PropertyKind::finally, at_least_once},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"requests", MeterUnit::count, "How often clients have asked, with all attempts.",
         requests},
        {"keys_kept", MeterUnit::count, "Keys on disk, to be compared with.", keys_kept},
        {"charged_too_much", MeterUnit::count, "What was charged beyond what was ordered.",
         charged_too_much},
    };
  }
  static bool linked(std::string_view a, std::string_view b) {
    return a == "OrderService" ? b == "Client" || b == "PaymentProvider" : b == "OrderService";
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "order for " + std::to_string(record.operation.argument);
  }
};

// How often the order was charged, with the amount that was asked for.
inline std::int64_t charges_of(const View<Protocol>& view, const OperationRecord& order) {
  const Intent intent{order.client, order.operation.key};
  std::int64_t count = 0;
  view.for_each<PaymentProvider>([&](NodeId, const PaymentProvider& provider) {
    for (const auto& entry : provider.disk.charges) {
      if (entry.intent.value == intent && entry.amount == order.operation.argument) ++count;
    }
  });
  return count;
}

inline std::int64_t requests(const View<Protocol>& view) {
  std::int64_t sum = 0;
  view.for_each<Client>([&](NodeId, const Client& client) { sum += client.disk.requests; });
  return sum;
}

inline std::int64_t keys_kept(const View<Protocol>& view) {
  std::int64_t count = 0;
  view.for_each<OrderService>([&](NodeId, const OrderService& shop) {
    count += static_cast<std::int64_t>(shop.disk.results.size());
  });
  view.for_each<PaymentProvider>([&](NodeId, const PaymentProvider& provider) {
    for (const auto& entry : provider.disk.charges) count += entry.key != Token{} ? 1 : 0;
  });
  return count;
}

inline std::int64_t charged_too_much(const View<Protocol>& view) {
  std::int64_t sum = 0;
  for (std::int64_t i = 0; i < view.history().size(); ++i) {
    const OperationRecord& order = view.history()[i];
    sum += std::max<std::int64_t>(0, charges_of(view, order) - 1) * order.operation.argument;
  }
  return sum;
}

// wrong(order, how often it was charged) is empty, or what is wrong.
template <class Wrong>
Verdict every_order(const View<Protocol>& view, Wrong wrong) {
  for (std::int64_t i = 0; i < view.history().size(); ++i) {
    const OperationRecord& order = view.history()[i];
    const std::string what = wrong(order, charges_of(view, order));
    if (what.empty()) continue;
    return violated(view.name(order.client) + "'s order for " +
                        std::to_string(order.operation.argument) + " " + what + ".",
                    {order.client});
  }
  return holds();
}

inline Verdict at_most_once(const View<Protocol>& view) {
  return every_order(view, [](const OperationRecord&, std::int64_t charges) {
    return charges > 1 ? "was charged " + std::to_string(charges) + " times" : std::string();
  });
}

inline Verdict answers_true(const View<Protocol>& view) {
  return every_order(view, [](const OperationRecord& order, std::int64_t charges) -> std::string {
    if (order.outcome == Outcome::ok && charges == 0) return "was answered OK, but never charged";
    if (order.outcome == Outcome::failed && charges > 0)
      return "was answered \"failed\", but charged";
    return "";
  });
}

inline Verdict at_least_once(const View<Protocol>& view) {
  return every_order(view, [](const OperationRecord& order, std::int64_t charges) -> std::string {
    return charges == 0 && order.outcome != Outcome::failed ? "was never charged" : "";
  });
}

}  // namespace netsplit::idempotency
