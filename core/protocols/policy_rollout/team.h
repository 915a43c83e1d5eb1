// Rolls a change out: checked before or not, all at once or in stages.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "core/protocols/policy_rollout/messages.h"

namespace netsplit::policy_rollout {

struct Team {
  static constexpr Shape shape = Shape::coordinator;
  enum class State : std::uint8_t { resting, first_site, watching, all_sites, refused, taken_back };
  struct Disk {
    State state = State::resting;
    Change change;
    std::set<NodeId> open;  // sites that have not confirmed yet
    FIELDS(state, change, open)
  } disk;
  bool watched = false;

  void on(Ctx& ctx, const CloseOutgoing&) { begin(ctx, Setting::close_outgoing, std::nullopt); }
  void on(Ctx& ctx, const SetIdle& request) {
    begin(ctx, Setting::idle, milliseconds(std::clamp<std::int64_t>(request.ms, 1, 3'600'000)));
  }
  void begin(Ctx& ctx, Setting setting, std::optional<Time> idle_us) {
    if (disk.state == State::first_site || disk.state == State::watching || !disk.open.empty())
      return;  // one at a time
    disk.change = {disk.change.number.next(), setting, idle_us, false};
    tell(ctx, ctx.params().staged ? State::first_site : State::all_sites);
  }
  void tell(Ctx& ctx, State state) {
    disk.state = state;
    const std::vector<NodeId> sites = ctx.all<Site>();
    disk.open = {sites.begin(), sites.end()};
    if (state == State::first_site && !sites.empty()) disk.open = {sites.front()};
    on(ctx, Again{});
  }
  void on(Ctx& ctx, Again) {
    for (const NodeId site : disk.open) ctx.send(site, Apply{disk.change});
    if (!disk.open.empty() && ctx.params().confirm) ctx.set_timer(Again{}, ctx.params().retry_us);
  }
  void restart(Ctx& ctx) {
    if (disk.state == State::watching) ctx.set_timer(Watch{}, ctx.params().watch_us);
    on(ctx, Again{});
  }
  // A look at the first site: the change is told once more, and the answer says what failed.
  void on(Ctx& ctx, Watch) {
    if (disk.state == State::watching) tell(ctx, State::first_site);
    watched = true;
  }
  void on(Ctx& ctx, NodeId from, const Applied& m) {
    if (!(m.change == disk.change) || disk.open.erase(from) == 0) return;
    if (disk.open.empty()) ctx.cancel_timer(Again{});
    if (!m.accepted && !disk.change.undo) return take_back(ctx, State::refused);
    if (disk.state != State::first_site) return;
    if (!watched) {
      disk.state = State::watching;
      return ctx.set_timer(Watch{}, ctx.params().watch_us);
    }
    watched = false;
    if (m.failed > 0) return take_back(ctx, State::taken_back);
    tell(ctx, State::all_sites);
  }
  void take_back(Ctx& ctx, State state) {
    disk.change.undo = true;
    tell(ctx, state);
  }
  std::string caption(NodeNames) const {
    if (disk.state == State::refused) return "its change was refused";
    return disk.state == State::taken_back ? "took its change back" : "";
  }
  FIELDS(disk, watched)
};

}  // namespace netsplit::policy_rollout
