// The group that reads: its coordinator, tracking (where effects are), and the consumers.
#pragma once

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/protocols/partitioned_log/partition.h"

namespace netsplit::partitioned_log {

struct Coordinator {
  static constexpr Shape shape = Shape::server;
  struct Disk {
    Epoch generation;
    FIELDS(generation)
  } disk;
  std::set<NodeId> members;

  void on(Ctx& ctx, NodeId from, const Heartbeat& m) {
    ctx.set_timer(SessionOver{from}, ctx.params().session_us);
    if (members.insert(from).second) {
      rebalance(ctx);
    } else if (m.generation != disk.generation) {
      tell(ctx, from);
    }
  }
  void on(Ctx& ctx, const SessionOver& timer) {
    members.erase(timer.consumer);
    rebalance(ctx);
  }
  void rebalance(Ctx& ctx) {
    disk.generation = disk.generation.next();
    for (const NodeId member : members) tell(ctx, member);
  }
  void tell(Ctx& ctx, NodeId member) {
    const auto place =
        static_cast<std::size_t>(std::distance(members.begin(), members.find(member)));
    const std::vector<NodeId> partitions = ctx.all<Partition>();
    Assigned assigned{disk.generation, {}};
    for (std::size_t i = place; i < partitions.size(); i += members.size())
      assigned.partitions.push_back(partitions[i]);
    ctx.send(member, std::move(assigned));
  }
  FIELDS(disk, members)
};

// Keeps each parcel's status and sends its owner a note about every event: the effects.
struct Tracking {
  static constexpr Shape shape = Shape::server;
  struct Disk {
    Log<Event> notes;
    std::map<std::int64_t, Event> latest;  // by parcel
    std::int64_t repeats = 0;              // events that came once more
    FIELDS(notes, latest, repeats)
  } disk;

  // A handler is atomic: the event's name is on disk with its effect, or neither is.
  void on(Ctx& ctx, NodeId from, const Apply& m) {
    const auto& notes = disk.notes.entries;
    const bool known = std::any_of(notes.begin(), notes.end(),
                                   [&](const Event& note) { return note.id == m.event.id; });
    disk.repeats += known ? 1 : 0;
    if (!known || !ctx.params().dedupe) {
      disk.notes.append(m.event);
      Event& latest = disk.latest.try_emplace(m.event.parcel, m.event).first->second;
      if (ctx.params().latest_by == LatestBy::offset || m.event.stamp_us >= latest.stamp_us)
        latest = m.event;
    }
    ctx.send(from, Applied{m.partition, m.offset});
  }
  std::string caption(NodeNames) const {
    std::string text;
    for (const auto& [parcel, latest] : disk.latest)
      text += (text.empty() ? "" : ", ") + std::to_string(parcel) + " " + text_of(latest.status);
    return text;
  }
  FIELDS(disk)
};

struct Consumer {
  static constexpr Shape shape = Shape::server;
  struct Work {
    LogIndex done;            // in this partition; 0: begins at the group's offset
    std::vector<Event> left;  // the first is being done
    FIELDS(done, left)
  };
  Epoch generation;
  std::map<NodeId, Work> owned;

  void start(Ctx& ctx) { on(ctx, Beat{}); }
  void on(Ctx& ctx, Beat) {
    ctx.send(ctx.first<Coordinator>(), Heartbeat{generation});
    ctx.set_timer(Beat{}, ctx.params().session_us / 4);
  }
  void on(Ctx& ctx, NodeId, const Assigned& m) {
    if (m.generation <= generation) return;
    generation = m.generation;
    std::map<NodeId, Work> before = std::exchange(owned, {});
    for (const NodeId partition : m.partitions) {
      const auto kept = before.find(partition);
      if (kept != before.end()) owned.insert(before.extract(kept));
      if (!owned.contains(partition)) on(ctx, Next{partition});
    }
    for (const auto& [partition, work] : before) ctx.cancel_timer(Next{partition});
  }

  // One event at a time, the next when this one has taken effect: that is the order of offsets.
  void on(Ctx& ctx, const Next& next) {
    Work& work = owned[next.partition];
    if (work.left.empty()) {
      ctx.send(next.partition, Fetch{work.done});
    } else {
      ctx.send(ctx.first<Tracking>(), Apply{work.left.front(), next.partition, work.done.next()});
    }
    ctx.set_timer(Next{next.partition}, ctx.params().retry_us);
  }
  void on(Ctx& ctx, NodeId from, const Batch& m) {
    const auto work = owned.find(from);
    if (work == owned.end() || !work->second.left.empty() || m.first <= work->second.done) return;
    if (m.events.empty()) return ctx.set_timer(Next{from}, ctx.params().poll_us);
    work->second = {m.first.previous(), m.events};
    on(ctx, Next{from});
  }
  void on(Ctx& ctx, NodeId, const Applied& m) {
    const auto work = owned.find(m.partition);
    if (work == owned.end() || work->second.left.empty() || m.offset != work->second.done.next())
      return;
    work->second.left.erase(work->second.left.begin());
    work->second.done = m.offset;
    on(ctx, Next{m.partition});
  }
  std::string caption(NodeNames names) const {
    if (owned.empty()) return "reads nothing";
    std::string text;
    for (const auto& [partition, work] : owned)
      text += (text.empty() ? "reads " : ", ") + name_of(partition, names);
    return text;
  }
  FIELDS(generation, owned)
};

}  // namespace netsplit::partitioned_log
