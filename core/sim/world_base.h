// All of a world that is the same for every protocol: nodes, clocks, links, messages in flight,
// timers, random streams, client history, and how one step follows another. What nodes, messages
// and timers hold it knows by their schemas; handlers are called by World<P> (world.h), which knows
// the types.
//
// Everything that can happen next stands in one queue, ordered by (due, sequence); a step takes the
// first and carries out what the handler asked.
//
// Invariants:
// 1. A message, timer or wake-up is alive when its record carries the sequence its queue entry
//    does; entries that outlive their record are skipped when they come up.
// 2. A node's deliveries and timers are handled in order: while one waits in the node's inbox (the
//    node is paused or busy), all that come after it wait too.
// 3. Nothing here reads the trace. With or without a recorder the run is the same.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/append_log.h"
#include "core/base/rng.h"
#include "core/base/slot_array.h"
#include "core/base/value_type.h"
#include "core/base/visit.h"
#include "core/sim/clock.h"
#include "core/sim/content.h"
#include "core/sim/context.h"
#include "core/sim/event_queue.h"
#include "core/sim/input.h"
#include "core/sim/link_table.h"
#include "core/sim/operation.h"
#include "core/sim/recorder.h"
#include "core/sim/session.h"
#include "core/sim/topology.h"

namespace netsplit {

// What every message costs on the wire besides its content, in bytes: headers of IP and TCP.
inline constexpr std::int64_t header_bytes = 40;

// What a protocol's types are made of, as far as the engine must know it.
struct WorldTypes {
  const ValueType& node;
  const ValueType& message;
  const ValueType& timer;
  const ValueType& request;
  SlotType node_slot;
  SlotType message_slot;
  SlotType timer_slot;
  std::span<const bool> leases;  // by kind of timer: whether it stands for a lease
  bool (*same_timer)(const void* a, const void* b);
  void (*forget_memory)(void* node);  // all but what the role calls `disk`
};

class WorldBase {
 public:
  struct NodeRecord {
    Rng choices;  // what the node's own handlers draw
    Rng network;  // what becomes of the messages it sends
    Time busy_until_us = 0;
    std::uint32_t first_timer = none;
    std::uint32_t operations = 0;
    Condition condition = Condition::up;
  };

  struct MessageRecord {
    MessageId id = 0;  // 0: the record is free
    Time sent_us = 0;
    Time due_us = 0;  // of a held message: how much of its way is left
    std::uint64_t sequence = 0;
    EventIndex send_event = no_event;
    NodeId from;
    NodeId to;                // of a free record: the next free one
    std::uint16_t label = 0;  // its kind
    LossReason doom{};        // decided when it was sent; it disappears half-way
    MessageStatus status{};
  };

  struct TimerRecord {
    Time set_us = 0;
    Time due_us = 0;             // true time, if the clock keeps its rate
    Time due_mono_us = 0;        // on the node's monotonic clock
    std::uint64_t sequence = 0;  // 0: the record is free
    EventIndex set_event = no_event;
    NodeId node;
    std::uint32_t next = none;  // the node's next timer, or the next free record
    std::uint16_t label = 0;    // its kind
    bool waiting = false;       // in the inbox
  };

  virtual ~WorldBase();

  // As it was made, for another run of the same nodes and parameters.
  virtual void restart(const Setup& setup) = 0;

  // Running. `next_due_us` is never_us when nothing is left.
  Time next_due_us() { return prune() ? queue_.top().due_us : never_us; }
  bool step(Recorder* recorder) {
    return recorder != nullptr ? step_recorded(recorder) : step_unrecorded();
  }
  void apply(const Input& input, Recorder* recorder);
  void advance_to(Time now_us) { now_us_ = std::max(now_us_, now_us); }

  // Looking.
  const WorldTypes& types() const { return *types_; }
  Time now_us() const { return now_us_; }
  std::uint64_t steps() const { return steps_; }
  std::int64_t events() const { return events_; }
  const Topology& topology() const { return *topology_; }
  const NodeRecord& node(NodeId id) const { return nodes_[index(id)]; }
  const void* state(NodeId id) const { return nodes_.value(index(id)); }
  Time condition_since_us(NodeId id) const;
  std::int32_t waiting(NodeId id) const;
  const LinkTable& links() const { return links_; }
  const Counters& counters() const { return counters_; }
  const AppendLog<OperationRecord, 64>& history() const { return history_; }
  std::uint64_t operations_answered() const { return operations_answered_; }
  Time monotonic(NodeId id) const {
    return clocks_.empty() ? now_us_ : clocks_[index(id)].monotonic(now_us_);
  }
  Time wall(NodeId id) const {
    return clocks_.empty() ? now_us_ : clocks_[index(id)].wall(now_us_);
  }
  ClockSpec clock_spec(NodeId id) const {
    return clocks_.empty() ? ClockSpec{} : clocks_[index(id)].spec();
  }
  // Calls visit(record, content) for each message that has not arrived.
  template <class Visit>
  void each_message(Visit visit) const {
    for (std::uint32_t slot = 0; slot < messages_.size(); ++slot) {
      if (messages_[slot].id != 0) visit(messages_[slot], messages_.value(slot));
    }
  }
  // Likewise for each of the node's timers.
  template <class Visit>
  void each_timer(NodeId id, Visit visit) const {
    for (std::uint32_t at = node(id).first_timer; at != none; at = timers_[at].next)
      visit(timers_[at], timers_.value(at));
  }
  std::uint64_t state_hash() const;
  std::int64_t bytes_held() const;

 protected:
  static constexpr std::uint32_t none = UINT32_MAX;

  // Requires: the setup's nodes are the topology's, its roles the protocol's.
  WorldBase(const WorldTypes& types, std::shared_ptr<const Topology> topology, const Setup& setup);
  WorldBase(const WorldBase&);
  WorldBase(WorldBase&&) noexcept;
  WorldBase& operator=(const WorldBase&);
  WorldBase& operator=(WorldBase&&) noexcept;

  // Runs the node's handler and carries out what it asked for.
  virtual void handle(NodeId id, const Happening& happening, Recorder* recorder) = 0;
  virtual bool step_unrecorded() { return step_recorded(nullptr); }

  // One step, of which `handle(id, happening, recorder)` is the handler's part.
  template <class Handle>
  bool advance(Recorder* recorder, Handle handle);

  // What handlers ask for.
  std::uint32_t take_message_slot();
  void post(NodeId from, NodeId to, std::uint32_t slot, Time work_before_us, std::int64_t bytes,
            EventIndex cause, Recorder* recorder);
  void send(NodeId from, NodeId to, std::uint32_t slot, Time work_before_us, std::int64_t bytes,
            EventIndex cause, Recorder* recorder);
  std::uint32_t take_timer_slot();
  void set_timer(NodeId id, std::uint32_t slot, Time low_us, Time high_us, EventIndex cause,
                 Recorder* recorder);
  void cancel_timer(NodeId id, const void* timer, EventIndex cause, Recorder* recorder);
  void invoke(NodeId id, std::uint32_t number, const Operation& operation, EventIndex cause,
              Recorder* recorder);
  void complete(NodeId id, std::uint32_t number, Outcome outcome, std::int64_t result,
                EventIndex cause, Recorder* recorder);
  void took_effect(NodeId client, std::int64_t key, EventIndex cause);
  void busy_for(NodeRecord& node, Time work_us) {
    if (work_us > 0) node.busy_until_us = std::max(node.busy_until_us, now_us_) + work_us;
  }

  static std::size_t index(NodeId id) { return static_cast<std::size_t>(id.value); }

  const WorldTypes* types_;
  std::shared_ptr<const Topology> topology_;
  Time now_us_ = 0;
  SlotArray<NodeRecord> nodes_;
  SlotArray<MessageRecord> messages_;
  SlotArray<TimerRecord> timers_;
  std::span<const std::uint32_t> given_choices_;  // scratch, empty between steps

 private:
  static constexpr std::size_t prefetch_ahead = 16;
  enum class Kind : std::uint32_t { start, deliver, timer, wake, ntp };

  struct Waiting {
    Kind kind{};  // deliver, timer, or start for a parked request
    std::uint32_t slot = 0;
    std::uint64_t sequence = 0;
  };
  struct Inbox {
    std::vector<Waiting> list;
    std::size_t head = 0;
    std::uint64_t wake_sequence = 0;  // of the queue entry that will take the next; 0: none
  };

  void push(Time due_us, Kind kind, NodeId node, std::uint32_t slot, std::uint64_t sequence) {
    queue_.push({due_us, sequence, slot,
                 static_cast<std::uint32_t>(node.value) << 3 | static_cast<std::uint32_t>(kind)});
  }
  static Kind kind_of(const EventEntry& entry) {
    return static_cast<Kind>(entry.node_and_kind & 7);
  }
  static NodeId node_of(const EventEntry& entry) {
    return NodeId{static_cast<std::int32_t>(entry.node_and_kind >> 3)};
  }
  bool alive(const EventEntry& entry) const;
  bool alive_besides_messages(const EventEntry& entry) const;
  bool prune();
  void pop();

  // What the world knows of an event; the recorder's part is added only where there is one.
  struct Note {
    EventKind kind{};
    LossReason loss{};
    std::uint16_t label = 0;
    NodeId node;
    NodeId peer;
    MessageId message = 0;
    EventIndex cause = no_event;
  };
  static Note note(EventKind kind, NodeId node, NodeId peer = nobody) {
    return {kind, {}, 0, node, peer, 0, no_event};
  }
  static Note note_of(EventKind kind, const MessageRecord& message) {
    return {kind, {}, message.label, message.from, message.to, message.id, message.send_event};
  }
  static Note note_of(EventKind kind, const TimerRecord& timer, EventIndex cause) {
    return {kind, {}, timer.label, timer.node, nobody, 0, cause};
  }
  EventIndex emit(Recorder* recorder, const Note& note, const Schema* schema = nullptr,
                  const void* payload = nullptr, std::uint32_t slot = 0);
  void record(Recorder& recorder, const Note& note, EventIndex index, const Schema* schema,
              const void* payload, std::uint32_t slot);
  EventIndex emit_message(Recorder* recorder, const Note& note, std::uint32_t slot) {
    return emit(recorder, note, types_->message.schema, messages_.value(slot), slot);
  }
  EventIndex emit_timer(Recorder* recorder, const Note& note, std::uint32_t slot) {
    return emit(recorder, note, types_->timer.schema, timers_.value(slot));
  }
  void emit_no_effect(Recorder* recorder, Action action, NodeId node, MessageId message = 0);

  // Steps.
  bool step_recorded(Recorder* recorder);
  void advance_without_message(const EventEntry& entry, Recorder* recorder);

  // Handlers.
  void start(NodeId id, EventKind kind, Recorder* recorder);
  template <class Handle>
  void arrive(std::uint32_t slot, Recorder* recorder, Handle handle);
  template <class Handle>
  void deliver(std::uint32_t slot, Recorder* recorder, Handle handle);
  void deliver(std::uint32_t slot, Recorder* recorder);
  void fire(std::uint32_t slot, Recorder* recorder);
  void request(NodeId id, const void* what, Recorder* recorder);
  bool available(NodeId id) const {
    const NodeRecord& record = node(id);
    return record.condition == Condition::up && record.busy_until_us <= now_us_;
  }

  // Inboxes.
  void wait(NodeId id, Waiting waiting);
  void let_wait(std::uint32_t slot, Recorder* recorder);
  bool must_wait(NodeId id) const {
    return !available(id) || (!inboxes_.empty() && inboxes_.contains(id.value));
  }
  void schedule_wake(NodeId id);
  bool is_there(NodeId id) const {
    const Condition condition = node(id).condition;
    return condition == Condition::up || condition == Condition::paused;
  }
  bool alive(const Waiting& waiting) const;
  void wake(NodeId id, Recorder* recorder);

  // Messages.
  void add_message_slot();
  void free_message(std::uint32_t slot);
  void apply_armed(std::uint32_t slot, Recorder* recorder);
  void launch(std::uint32_t slot, std::int64_t bytes, Recorder* recorder);
  void launch_with_care(std::uint32_t slot, std::int64_t bytes, Recorder* recorder);
  void schedule(std::uint32_t slot, Time due_us);
  std::uint32_t copy_message(std::uint32_t slot, Recorder* recorder);
  void lose(std::uint32_t slot, LossReason reason, Recorder* recorder);
  template <class Chosen>
  std::vector<std::uint32_t> messages_where(Chosen chosen) const;
  void sweep_cut_links(Recorder* recorder);
  void release_held();

  // Timers.
  void drop_timer(std::uint32_t slot, EventIndex cause, Recorder* recorder);
  void drop_timers(NodeId id, Recorder* recorder);
  void reschedule_timers(NodeId id);

  // Inputs.
  void apply_to_node(const Input& input, NodeId id, Recorder* recorder);
  void go_down(NodeId id, Condition condition, Recorder* recorder);
  void lose_unsent(NodeId id, Recorder* recorder);
  void apply_to_network(const Input& input, Recorder* recorder);
  void apply_to_message(const Input& input, std::uint32_t slot, Recorder* recorder);
  std::uint32_t find_message(const MessageChoice& choice) const;
  bool fits(const MessageChoice& choice, const MessageRecord& message) const;
  bool fits(const Input& input, std::uint32_t timer) const;
  void apply_to_timer(const Input& input, NodeId id, Recorder* recorder);
  void apply_request(const Input& input, NodeId id, Recorder* recorder);
  Clock& clock(NodeId id);
  void schedule_poll(NodeId id, Time due_us);
  void poll_ntp(NodeId id, Recorder* recorder);

  std::uint64_t sequence_ = 0;
  std::uint64_t steps_ = 0;
  std::int64_t events_ = 0;
  MessageId message_ids_ = 0;
  std::vector<Clock> clocks_;  // empty while every clock is perfect
  LinkTable links_;
  EventQueue queue_;
  std::uint32_t free_messages_ = none;
  std::uint32_t free_timers_ = none;
  std::map<std::int32_t, Inbox> inboxes_;                 // of nodes that have something waiting
  std::map<std::uint64_t, std::string> parked_requests_;  // by sequence, as bytes
  std::map<std::int32_t, Time> condition_since_us_;       // of nodes that are not simply up
  std::vector<Input> armed_;  // message actions that wait for their message
  AppendLog<OperationRecord, 64> history_;
  std::map<std::pair<std::int32_t, std::uint32_t>, std::int64_t> pending_operations_;
  std::uint64_t operations_answered_ = 0;
  Counters counters_;
  Rng scenario_;
  std::uint64_t ntp_seed_ = 0;
  bool manual_ = false;
};

}  // namespace netsplit

#include "core/sim/world_base.inl"
