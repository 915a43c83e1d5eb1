// Parameters, messages and log of sagas.
#pragma once

#include <algorithm>
#include <optional>
#include <set>

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

}  // namespace netsplit::saga
