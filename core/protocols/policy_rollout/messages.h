// Parameters, policies and messages.
#pragma once

#include <optional>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::policy_rollout {

struct Params {
  bool check = true;
  bool staged = true;
  bool confirm = true;
  Time client_idle_us = seconds(2);
  std::int64_t calls = 20;
  Time watch_us = seconds(4);
  Time retry_us = milliseconds(300);
  FIELDS(check, staged, confirm, client_idle_us, calls, watch_us, retry_us)
};

enum class Setting : std::uint8_t { close_outgoing, idle };
struct Policy {
  bool answers_out = true;
  Time idle_us = seconds(10);
  FIELDS(answers_out, idle_us)
};
struct Change {
  Token number;  // of this team's changes
  Setting setting{};
  std::optional<Time> idle_us;  // of the setting `idle`
  bool undo = false;
  FIELDS(number, setting, idle_us, undo)
};

// clang-format off
// Messages.
struct Apply { Change change; FIELDS(change) };
struct Applied { Change change; bool accepted = false; std::int64_t failed = 0;  // calls since then
                 FIELDS(change, accepted, failed) };
struct Call { std::int64_t number = 0; bool fresh = false; std::int64_t failed = 0;  // so far
              FIELDS(number, fresh, failed) };
struct Answer { std::int64_t number = 0; FIELDS(number) };
using Message = std::variant<Apply, Applied, Call, Answer>;

// Timers.
struct NextCall { FIELDS_NONE };
struct NoAnswer { FIELDS_NONE };
struct ClientIdle { FIELDS_NONE };
struct SiteIdle { NodeId client; FIELDS(client) };
struct Again { FIELDS_NONE };
struct Watch { FIELDS_NONE };
using Timer = std::variant<NextCall, NoAnswer, ClientIdle, SiteIdle, Again, Watch>;

// A person's requests, of a team.
struct CloseOutgoing { FIELDS_NONE };
struct SetIdle { std::int64_t ms = 1000; FIELDS(ms) };
// clang-format on
using Request = std::variant<CloseOutgoing, SetIdle>;

using Ctx = Context<Message, Timer, Params>;

struct Site;

}  // namespace netsplit::policy_rollout
