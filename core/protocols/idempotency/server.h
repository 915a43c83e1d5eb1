// The order service with its keys, and the payment provider behind it.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/protocols/idempotency/messages.h"

namespace netsplit::idempotency {

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
      ctx.took_effect(m.intent.value.client, m.intent.value.order);
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

}  // namespace netsplit::idempotency
