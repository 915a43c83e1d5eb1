// How often an order is charged, and whether its client was told the truth.
#pragma once

#include <algorithm>
#include <string>

#include "core/protocols/idempotency/client.h"
#include "core/protocols/idempotency/server.h"
#include "core/sim/view.h"

namespace netsplit::idempotency {

// How often the order was charged, with the amount that was asked for.
template <class P>
std::int64_t charges_of(const View<P>& view, const OperationRecord& order) {
  const Intent intent{order.client, order.operation.key};
  std::int64_t count = 0;
  view.template for_each<PaymentProvider>([&](NodeId, const PaymentProvider& provider) {
    for (const auto& entry : provider.disk.charges) {
      if (entry.intent.value == intent && entry.amount == order.operation.argument) ++count;
    }
  });
  return count;
}

template <class P>
std::int64_t requests(const View<P>& view) {
  std::int64_t sum = 0;
  view.template for_each<Client>(
      [&](NodeId, const Client& client) { sum += client.disk.requests; });
  return sum;
}

template <class P>
std::int64_t keys_kept(const View<P>& view) {
  std::int64_t count = 0;
  view.template for_each<OrderService>([&](NodeId, const OrderService& shop) {
    count += static_cast<std::int64_t>(shop.disk.results.size());
  });
  view.template for_each<PaymentProvider>([&](NodeId, const PaymentProvider& provider) {
    for (const auto& entry : provider.disk.charges) count += entry.key != Token{} ? 1 : 0;
  });
  return count;
}

template <class P>
std::int64_t charged_too_much(const View<P>& view) {
  std::int64_t sum = 0;
  for (std::int64_t i = 0; i < view.history().size(); ++i) {
    const OperationRecord& order = view.history()[i];
    sum += std::max<std::int64_t>(0, charges_of(view, order) - 1) * order.operation.argument;
  }
  return sum;
}

// wrong(order, how often it was charged) is empty, or what is wrong.
template <class P, class Wrong>
Verdict every_order(const View<P>& view, Wrong wrong) {
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

template <class P>
Verdict at_most_once(const View<P>& view) {
  return every_order(view, [](const OperationRecord&, std::int64_t charges) {
    return charges > 1 ? "was charged " + std::to_string(charges) + " times" : std::string();
  });
}

template <class P>
Verdict answers_true(const View<P>& view) {
  return every_order(view, [](const OperationRecord& order, std::int64_t charges) -> std::string {
    if (order.outcome == Outcome::ok && charges == 0) return "was answered OK, but never charged";
    if (order.outcome == Outcome::failed && charges > 0)
      return "was answered \"failed\", but charged";
    return "";
  });
}

template <class P>
Verdict at_least_once(const View<P>& view) {
  return every_order(view, [](const OperationRecord& order, std::int64_t charges) -> std::string {
    return charges == 0 && order.outcome != Outcome::failed ? "was never charged" : "";
  });
}

}  // namespace netsplit::idempotency
