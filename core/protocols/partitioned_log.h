// A partitioned log: what order it gives, and what a consumer must do because it redelivers.
//
// Events are appended to partitions, each a log of its own. An event's key says which, so that all
// events of one key are in one partition, and their offsets say in which order they were appended.
// That is all the order there is: nothing is ordered across partitions, and nothing before it was
// appended. A timestamp put on by whoever published says what a clock showed there.
//
// The consumers of a group share the partitions out; a coordinator does it anew (a rebalance) when
// one joins or is heard of no more. Each works through a partition one event at a time and says how
// far it has come: the committed offset, at which the next owner begins. A consumer that dies
// between the effect and the commit leaves the event to be done again (at least once); one that
// commits first leaves it undone (at most once). So effects must be idempotent, by a key that is
// kept where the effect is and with it: the next owner does not have the last one's memory.
//
// Source: Kreps, Narkhede and Rao, "Kafka: a distributed messaging system for log processing"
// (NetDB 2011); Helland, "Life beyond distributed transactions" (CIDR 2007), for the idempotent
// consumer. Simplified: one group; a partition is a node that keeps the group's offset too; the
// partition of a key is its number modulo theirs; a producer has one event on its way at a time.
#pragma once

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/sim/protocol.h"
#include "core/sim/view.h"

namespace netsplit::partitioned_log {

enum class PartitionBy : std::uint8_t { key, round_robin };
enum class LatestBy : std::uint8_t { offset, timestamp };
enum class Commit : std::uint8_t { on_delivery, after_effect };

struct Params {
  PartitionBy partition_by{};
  LatestBy latest_by{};
  Commit commit = Commit::after_effect;
  bool dedupe = true;
  std::int64_t batch = 3;
  Time poll_us = milliseconds(200);
  Time retry_us = seconds(1);
  Time session_us = seconds(2);
  FIELDS(partition_by, latest_by, commit, dedupe, batch, poll_us, retry_us, session_us)
};

enum class Status : std::uint8_t { packed, shipped, arrived, collected };
inline std::string text_of(Status status) { return words(enumerator_name_of(status)); }

// Made once for what has happened, and sent along however often it is sent.
struct EventId {
  NodeId producer;
  std::uint32_t number = 0;
  FIELDS(producer, number)
};
struct Event {
  Status status{};
  std::int64_t parcel = 0;  // the key
  Time stamp_us = 0;        // the producer's wall clock
  EventId id;
  FIELDS(status, parcel, stamp_us, id)
};

// clang-format off
// Messages.
struct Append { Event event; FIELDS(event) };
struct Appended { std::uint32_t number = 0; LogIndex offset; FIELDS(number, offset) };
struct Fetch { LogIndex done; FIELDS(done) };  // all up to here has taken effect: also the commit
struct Batch { LogIndex first; std::vector<Event> events; FIELDS(first, events) };
struct Apply { Event event; NodeId partition; LogIndex offset; FIELDS(event, partition, offset) };
struct Applied { NodeId partition; LogIndex offset; FIELDS(partition, offset) };
struct Heartbeat { Epoch generation; FIELDS(generation) };
struct Assigned { Epoch generation; std::vector<NodeId> partitions;
                  FIELDS(generation, partitions) };
using Message = std::variant<Append, Appended, Fetch, Batch, Apply, Applied, Heartbeat, Assigned>;

// Timers.
struct Resend { FIELDS_NONE };
struct Next { NodeId partition; FIELDS(partition) };  // fetch from it, or try the effect again
struct Beat { FIELDS_NONE };
struct SessionOver { NodeId consumer; FIELDS(consumer)
                     static constexpr bool lease = true; };
using Timer = std::variant<Resend, Next, Beat, SessionOver>;

// A person's request: something happened to a parcel.
struct Publish { std::int64_t parcel = 1; Status status{}; FIELDS(parcel, status) };
// clang-format on

using Ctx = Context<Message, Timer, Params>;

struct Partition {
  static constexpr Shape shape = Shape::storage;
  struct Disk {
    Log<Event> log;
    LogIndex committed;  // the group's offset
    FIELDS(log, committed)
  } disk;

  void on(Ctx& ctx, NodeId from, const Append& m) {
    ctx.send(from, Appended{m.event.id.number, disk.log.append(m.event)});
  }
  void on(Ctx& ctx, NodeId from, const Fetch& m) {
    disk.committed = std::max(disk.committed, std::min(m.done, disk.log.last()));
    Batch batch{disk.committed.next(), {}};
    const LogIndex end{disk.committed.value + ctx.params().batch};
    for (LogIndex i = batch.first; i <= std::min(end, disk.log.last()); i = i.next())
      batch.events.push_back(disk.log[i]);
    if (ctx.params().commit == Commit::on_delivery) disk.committed = std::min(end, disk.log.last());
    ctx.send(from, std::move(batch));
  }
  std::string caption(NodeNames) const {
    const std::int64_t lag = disk.log.last().value - disk.committed.value;
    return lag == 0 ? "" : "lag " + std::to_string(lag);
  }
  FIELDS(disk)
};

struct Producer {
  static constexpr Shape shape = Shape::client;
  struct Disk {
    std::vector<Event> outbox;  // the first is on its way
    FIELDS(outbox)
  } disk;

  void on(Ctx& ctx, const Publish& r) {
    const std::uint32_t number =
        ctx.invoke({"publish", r.parcel, static_cast<std::int64_t>(r.status), 0});
    disk.outbox.push_back({r.status, r.parcel, ctx.wall_clock(), {ctx.self(), number}});
    if (disk.outbox.size() == 1) send_first(ctx);
  }
  void restart(Ctx& ctx) { send_first(ctx); }
  void on(Ctx& ctx, Resend) { send_first(ctx); }

  // One at a time, and the same again until it is answered: so a producer's events of a key are
  // appended in the order in which it published them, though perhaps more than once.
  void send_first(Ctx& ctx) {
    if (disk.outbox.empty()) return;
    const Event& event = disk.outbox.front();
    const std::vector<NodeId> partitions = ctx.all<Partition>();
    if (partitions.empty()) return;
    const bool by_key = ctx.params().partition_by == PartitionBy::key;
    const auto key = static_cast<std::uint64_t>(by_key ? event.parcel : event.id.number);
    ctx.send(partitions[key % partitions.size()], Append{event});
    ctx.set_timer(Resend{}, ctx.params().retry_us);
  }
  void on(Ctx& ctx, NodeId, const Appended& m) {
    if (disk.outbox.empty() || m.number != disk.outbox.front().id.number) return;
    ctx.complete(m.number, Outcome::ok, m.offset.value);
    disk.outbox.erase(disk.outbox.begin());
    ctx.cancel_timer(Resend{});
    send_first(ctx);
  }
  FIELDS(disk)
};

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

inline std::string text_of(const Event& event) {
  return "\"parcel " + std::to_string(event.parcel) + ": " + text_of(event.status) + "\"";
}

// The events that took effect, in that order.
template <class P>
std::vector<Event> effects(const View<P>& view) {
  std::vector<Event> notes;
  view.template for_each<Tracking>(
      [&](NodeId, const Tracking& one) { notes = one.disk.notes.entries; });
  return notes;
}

// Always: no event takes effect twice.
template <class P>
Verdict once(const View<P>& view) {
  const std::vector<Event> notes = effects(view);
  for (const Event& note : notes) {
    if (std::count_if(notes.begin(), notes.end(),
                      [&](const Event& other) { return other.id == note.id; }) > 1)
      return violated(text_of(note) + " took effect twice.", {note.id.producer});
  }
  return holds();
}

// Always: of one key, a producer's events take effect in the order in which it published them.
template <class P>
Verdict in_order(const View<P>& view) {
  std::map<std::pair<std::int64_t, NodeId>, const Event*> newest;
  const std::vector<Event> notes = effects(view);
  for (const Event& note : notes) {
    const Event*& before = newest[{note.parcel, note.id.producer}];
    if (before != nullptr && note.id.number < before->id.number)
      return violated(text_of(note) + " took effect after " + text_of(*before) + ", which " +
                          view.name(note.id.producer) + " published later.",
                      {note.id.producer});
    before = &note;
  }
  return holds();
}

// Finally: each key has the status published last, in true time, as the operations began.
template <class P>
Verdict latest(const View<P>& view) {
  std::map<std::int64_t, OperationRecord> last;
  for (std::int64_t i = view.history().first(); i < view.history().size(); ++i)
    last[view.history()[i].operation.key] = view.history()[i];
  Verdict verdict = holds();
  view.template for_each<Tracking>([&](NodeId id, const Tracking& tracking) {
    for (const auto& [parcel, shown] : tracking.disk.latest) {
      const OperationRecord& record = last[parcel];
      const auto status = static_cast<Status>(record.operation.argument);
      if (shown.status == status || record.client == nobody || !verdict.holds) continue;
      verdict = violated("Parcel " + std::to_string(parcel) + " is shown as " +
                             text_of(shown.status) + ", but " + view.name(record.client) +
                             " published \"" + text_of(status) + "\" last.",
                         {id, record.client});
    }
  });
  return verdict;
}

// Finally: every event that was published has taken effect.
template <class P>
Verdict all_applied(const View<P>& view) {
  const std::vector<Event> notes = effects(view);
  for (std::int64_t i = view.history().first(); i < view.history().size(); ++i) {
    const OperationRecord& record = view.history()[i];
    const EventId id{record.client, record.number};
    if (std::none_of(notes.begin(), notes.end(), [&](const Event& one) { return one.id == id; }))
      return violated("\"" + P::describe(record, {}) + "\" has not taken effect.", {id.producer});
  }
  return holds();
}

template <class P>
std::int64_t repeats(const View<P>& view) {
  std::int64_t sum = 0;
  view.template for_each<Tracking>([&](NodeId, const Tracking& one) { sum += one.disk.repeats; });
  return sum;
}

template <class P>
std::int64_t fullest_partition(const View<P>& view) {
  std::int64_t most = 0;
  view.template for_each<Partition>(
      [&](NodeId, const Partition& one) { most = std::max(most, one.disk.log.last().value); });
  return most;
}

template <class P>
std::int64_t names_kept(const View<P>& view) {
  return view.params().dedupe ? static_cast<std::int64_t>(effects(view).size()) : 0;
}

struct Protocol {
  using Message = partitioned_log::Message;
  using Timer = partitioned_log::Timer;
  using Request = std::variant<Publish>;
  using Node = std::variant<Producer, Partition, Coordinator, Consumer, Tracking>;
  using Params = partitioned_log::Params;
  static constexpr std::string_view name = "partitioned_log";
  static constexpr std::string_view title = "Partitioned log";
  static constexpr std::string_view sentence =
      "Producers append events to partitions; the consumers of a group share them out.";

  static std::vector<Parameter<Params>> parameters() {
    return {
        choice_parameter<&Params::partition_by>(
            "partition_by", "What decides an event's partition: its key, or whose turn it is."),
        choice_parameter<&Params::latest_by>(
            "latest_by", "Which event gives the status: the last in the log, or by its timestamp."),
        choice_parameter<&Params::commit>(
            "commit", "When the group's offset moves on: when events are handed out, or done."),
        flag_parameter<&Params::dedupe>(
            "dedupe", "Events that took effect are remembered with it, and not done again."),
        count_parameter<&Params::batch>("batch", 1, 1000,
                                        "How many events are handed out at once."),
        time_parameter<&Params::poll_us>("poll", milliseconds(1), minutes(1),
                                         "How soon a consumer asks again when nothing is new."),
        time_parameter<&Params::retry_us>("retry", milliseconds(1), minutes(10),
                                          "How long anybody waits for an answer."),
        time_parameter<&Params::session_us>(
            "session", milliseconds(4), hours(1),
            "After how long without a heartbeat a consumer's partitions go to others."),
    };
  }
  static std::vector<Property<Protocol>> properties() {
    return {
        {"once", "No event takes effect twice.", PropertyKind::always, once},
        {"in_order",
         "Of one parcel, no event takes effect after one that its producer published later.",
         PropertyKind::always, in_order},
        {"latest", "In the end each parcel has the status that was published last.",
         PropertyKind::finally, latest},
        {"all_applied", "In the end every event that was published has taken effect.",
         PropertyKind::finally, all_applied},
    };
  }
  static std::vector<Meter<Protocol>> meters() {
    return {
        {"repeats", MeterUnit::count, "Events that came to the effect once more.", repeats},
        {"names_kept", MeterUnit::count, "Names of events kept, to be compared with.", names_kept},
        {"fullest_partition", MeterUnit::count, "Events in the fullest partition.",
         fullest_partition},
    };
  }
  static bool linked(std::string_view a, std::string_view b) {
    if (a == "Producer" || b == "Producer") return a == "Partition" || b == "Partition";
    return (a == "Consumer") != (b == "Consumer");
  }
  static std::string describe(const OperationRecord& record, NodeNames) {
    return "parcel " + std::to_string(record.operation.key) + ": " +
           text_of(static_cast<Status>(record.operation.argument));
  }
};

}  // namespace netsplit::partitioned_log
