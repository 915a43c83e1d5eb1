// Parameters and messages.
#pragma once

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

}  // namespace netsplit::name_service
