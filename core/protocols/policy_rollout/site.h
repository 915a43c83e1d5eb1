// A proxy that does what its policy says, and calls that come through it.
#pragma once

#include <map>
#include <set>
#include <string>

#include "core/protocols/policy_rollout/messages.h"

namespace netsplit::policy_rollout {

struct Site {
  static constexpr Shape shape = Shape::server;
  struct Entry {
    Change change;  // the team's last
    Policy before;
    std::int64_t failed = 0;  // calls, when it was applied
    FIELDS(change, before, failed)
  };
  struct Disk {
    Policy policy;
    std::map<NodeId, Entry> entries;  // by team
    FIELDS(policy, entries)
  } disk;
  std::set<NodeId> connections;
  std::map<NodeId, std::int64_t> failed;  // calls, as clients tell

  std::int64_t all_failed() const {
    std::int64_t sum = 0;
    for (const auto& entry : failed) sum += entry.second;
    return sum;
  }
  void on(Ctx& ctx, NodeId team, const Apply& m) {
    Entry& entry = disk.entries[team];
    const Change& change = m.change;
    // The same again, or older: a change may come twice, and late.
    const bool is_new = change.number > entry.change.number ||
                        (change.number == entry.change.number && change.undo > entry.change.undo);
    if (is_new) {
      // Who has never had the change has nothing to take back.
      const bool had_it = change.number == entry.change.number;
      Policy changed = disk.policy;
      if (had_it || !change.undo) {
        if (change.setting == Setting::close_outgoing)
          changed.answers_out = change.undo && entry.before.answers_out;
        else
          changed.idle_us = change.undo ? entry.before.idle_us : change.idle_us.value_or(0);
      }
      const bool compatible = changed.answers_out && changed.idle_us >= ctx.params().client_idle_us;
      if (ctx.params().check && !compatible && !change.undo)
        return ctx.send(team, Applied{change, false, 0});
      entry.before = disk.policy;
      entry.failed = all_failed();
      entry.change = change;
      disk.policy = changed;
    }
    ctx.send(team, Applied{change, true, all_failed() - entry.failed});
  }

  void on(Ctx& ctx, NodeId from, const Call& m) {
    failed[from] = m.failed;
    if (m.fresh) connections.insert(from);
    if (!connections.contains(from)) return;  // closed long ago, and the client does not know
    ctx.set_timer(SiteIdle{from}, disk.policy.idle_us);
    if (disk.policy.answers_out) ctx.send(from, Answer{m.number});
  }
  void on(Ctx&, const SiteIdle& timer) { connections.erase(timer.client); }

  std::string caption(NodeNames) const {
    return std::string(disk.policy.answers_out ? "" : "nothing leaves, ") + "idle " +
           std::to_string(disk.policy.idle_us / 1'000) + " ms";
  }
  FIELDS(disk, connections, failed)
};

}  // namespace netsplit::policy_rollout
