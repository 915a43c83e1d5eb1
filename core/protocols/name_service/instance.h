// Serves, shows itself, and retires.
#pragma once

#include <string>

#include "core/protocols/name_service/messages.h"

namespace netsplit::name_service {

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
    if (too_late > 0)
      return std::to_string(too_late) + (too_late == 1 ? " call" : " calls") + " too late";
    return std::to_string(served) + " served";
  }
  FIELDS(disk, served, too_late)
};

}  // namespace netsplit::name_service
