// Parameters and messages.
#pragma once

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

}  // namespace netsplit::idempotency
