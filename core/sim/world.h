// The world: nodes, clocks, links, messages in flight, timers, random streams, client history. It
// is a value: a copy is a snapshot, and both go on alike. Everything that can happen next stands in
// one queue, ordered by (due, sequence); a step takes the first and carries out what the handler
// asked.
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
#include <utility>
#include <vector>

#include "core/base/append_log.h"
#include "core/base/hash.h"
#include "core/base/large_array.h"
#include "core/sim/content.h"
#include "core/sim/context.h"
#include "core/sim/dispatch.h"
#include "core/sim/event_queue.h"
#include "core/sim/link_inputs.h"
#include "core/sim/link_table.h"
#include "core/sim/protocol.h"
#include "core/sim/recorder.h"

namespace netsplit {

// What every message costs on the wire besides its content, in bytes: headers of IP and TCP.
inline constexpr std::int64_t header_bytes = 40;

template <Protocol P>
class World {
 public:
  using Message = typename P::Message;
  using Timer = typename P::Timer;
  using Request = typename P::Request;
  using Node = typename P::Node;
  using Params = typename P::Params;
  using Ctx = Context<Message, Timer, Params>;
  using EffectList = typename Ctx::EffectList;

  // Both are laid out to fill a cache line where the protocol's part is small.
  struct alignas(64) NodeSlot {
    Node state;
    Rng choices;  // what the node's own handlers draw
    Rng network;  // what becomes of the messages it sends
    Time busy_until_us = 0;
    std::uint32_t first_timer = none;
    std::uint32_t operations = 0;
    Condition condition = Condition::up;
  };

  struct alignas(64) Envelope {
    Message message;
    LossReason doom{};  // decided when it was sent; it disappears half-way
    MessageStatus status{};
    NodeId from;
    NodeId to;         // of a free slot: the next free one
    MessageId id = 0;  // 0: the slot is free
    Time sent_us = 0;
    Time due_us = 0;  // of a held message: how much of its way is left
    std::uint64_t sequence = 0;
    EventIndex send_event = no_event;
  };

  struct TimerSlot {
    Timer timer;
    NodeId node;
    Time set_us = 0;
    Time due_us = 0;             // true time, if the clock keeps its rate
    Time due_mono_us = 0;        // on the node's monotonic clock
    std::uint64_t sequence = 0;  // 0: the slot is free
    EventIndex set_event = no_event;
    std::uint32_t next = none;  // the node's next timer, or the next free slot
    bool waiting = false;       // in the inbox
  };

  // Requires: the setup's nodes are the topology's, its roles the protocol's.
  World(std::shared_ptr<const Topology> topology, const Params& params, const Setup& setup);

  // As it was made, for another run of the same nodes and parameters.
  void restart(const Setup& setup) { *this = World(topology_, params_, setup); }

  // Running. `next_due_us` is never_us when nothing is left.
  Time next_due_us() { return prune() ? queue_.top().due_us : never_us; }
  bool step(Recorder* recorder);
  void apply(const Input& input, Recorder* recorder);
  void advance_to(Time now_us) { now_us_ = std::max(now_us_, now_us); }

  // Looking.
  Time now_us() const { return now_us_; }
  std::uint64_t steps() const { return steps_; }
  std::int64_t events() const { return events_; }
  const Topology& topology() const { return *topology_; }
  const Params& params() const { return params_; }
  const NodeSlot& node(NodeId id) const { return nodes_[index(id)]; }
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
  template <class Visit>
  void for_each_message(Visit visit) const {
    for (const Envelope& envelope : messages_) {
      if (envelope.id != 0) visit(envelope);
    }
  }
  template <class Visit>
  void for_each_timer(NodeId id, Visit visit) const {
    for (std::uint32_t at = nodes_[index(id)].first_timer; at != none; at = timers_[at].next)
      visit(timers_[at]);
  }
  std::uint64_t state_hash() const;
  std::int64_t bytes_held() const;

  static std::span<const std::string_view> role_types() {
    return detail::alternatives<Node>::names;
  }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
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

  static std::size_t index(NodeId id) { return static_cast<std::size_t>(id.value); }
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
  template <class Payload = Never>
  EventIndex emit(Recorder* recorder, const Note& note, const Payload* payload = nullptr,
                  std::uint32_t slot = 0);
  void record(Recorder& recorder, const Note& note, EventIndex index, const Schema& schema,
              const void* payload, std::uint32_t slot);
  template <class Variant>
  static std::uint16_t label(const Variant& variant) {
    return static_cast<std::uint16_t>(variant.index());
  }

  // Steps.
  bool advance(Recorder* recorder);
  bool advance_unrecorded();
  bool advance_with_handlers();
  void advance_without_message(const EventEntry& entry, Recorder* recorder);

  // Handlers.
  template <class Call>
  void run(NodeId id, EventIndex cause, Recorder* recorder, Call call);
  void carry_out(NodeId id, typename EffectList::Send& send, EventIndex cause, Recorder* recorder) {
    post(id, send, cause, recorder);
  }
  void carry_out(NodeId id, const typename EffectList::SetTimer& set, EventIndex cause,
                 Recorder* recorder) {
    set_timer(id, set, cause, recorder);
  }
  void carry_out(NodeId id, const typename EffectList::CancelTimer& cancel, EventIndex cause,
                 Recorder* recorder) {
    cancel_timer(id, cancel.timer, cause, recorder);
  }
  void carry_out(NodeId id, const typename EffectList::Invoke& invoke, EventIndex cause,
                 Recorder* recorder);
  void carry_out(NodeId id, const typename EffectList::Complete& complete, EventIndex cause,
                 Recorder* recorder);
  void start(NodeId id, EventKind kind, Recorder* recorder);
  void arrive(std::uint32_t slot, Recorder* recorder);
  void deliver(std::uint32_t slot, Recorder* recorder);
  void fire(std::uint32_t slot, Recorder* recorder);
  void request(NodeId id, const Request& what, Recorder* recorder);
  bool available(NodeId id) const {
    const NodeSlot& slot = nodes_[index(id)];
    return slot.condition == Condition::up && slot.busy_until_us <= now_us_;
  }

  // Inboxes.
  void wait(NodeId id, Waiting waiting);
  bool must_wait(NodeId id) const {
    return !available(id) || (!inboxes_.empty() && inboxes_.contains(id.value));
  }
  void schedule_wake(NodeId id);
  bool is_there(NodeId id) const {
    const Condition condition = nodes_[index(id)].condition;
    return condition == Condition::up || condition == Condition::paused;
  }
  void wake(NodeId id, Recorder* recorder);

  // Messages.
  std::uint32_t allocate_message();
  void add_message_slot();
  void free_message(std::uint32_t slot);
  void post(NodeId from, typename EffectList::Send& send, EventIndex cause, Recorder* recorder);
  void apply_armed(std::uint32_t slot, Recorder* recorder);
  void launch(std::uint32_t slot, std::int64_t bytes, Recorder* recorder);
  void launch_with_care(std::uint32_t slot, std::int64_t bytes, Recorder* recorder);
  void schedule(std::uint32_t slot, Time due_us);
  std::uint32_t copy_message(std::uint32_t slot, Recorder* recorder);
  void lose(std::uint32_t slot, LossReason reason, Recorder* recorder);
  void sweep_cut_links(Recorder* recorder);
  void release_held();

  // Timers.
  void set_timer(NodeId id, const typename EffectList::SetTimer& effect, EventIndex cause,
                 Recorder* recorder);
  void cancel_timer(NodeId id, const Timer& timer, EventIndex cause, Recorder* recorder);
  void drop_timer(std::uint32_t slot, EventIndex cause, Recorder* recorder);
  void drop_timers(NodeId id, Recorder* recorder);
  void reschedule_timers(NodeId id);
  static bool is_lease(const Timer& timer);

  // Inputs.
  void apply_to_node(const Input& input, NodeId id, Recorder* recorder);
  void go_down(NodeId id, Condition condition, Recorder* recorder);
  void lose_unsent(NodeId id, Recorder* recorder);
  void apply_to_network(const Input& input, Recorder* recorder);
  void apply_to_message(const Input& input, std::uint32_t slot, Recorder* recorder);
  std::uint32_t find_message(const MessageChoice& choice) const;
  bool fits(const MessageChoice& choice, const Envelope& envelope) const;
  void apply_to_timer(const Input& input, NodeId id, Recorder* recorder);
  void apply_request(const Input& input, NodeId id, Recorder* recorder);
  Clock& clock(NodeId id);
  void schedule_poll(NodeId id, Time due_us);
  void poll_ntp(NodeId id, Recorder* recorder);

  std::shared_ptr<const Topology> topology_;
  Params params_;
  Time now_us_ = 0;
  std::uint64_t sequence_ = 0;
  std::uint64_t steps_ = 0;
  std::int64_t events_ = 0;
  MessageId message_ids_ = 0;
  LargeArray<NodeSlot> nodes_;
  std::vector<Clock> clocks_;  // empty while every clock is perfect
  LinkTable links_;
  EventQueue queue_;
  LargeArray<Envelope> messages_;
  std::uint32_t free_messages_ = none;
  LargeArray<TimerSlot> timers_;
  std::uint32_t free_timers_ = none;
  std::map<std::int32_t, Inbox> inboxes_;             // of nodes that have something waiting
  std::map<std::uint64_t, Request> parked_requests_;  // by sequence
  std::map<std::int32_t, Time> condition_since_us_;   // of nodes that are not simply up
  std::vector<Input> armed_;                          // message actions that wait for their message
  AppendLog<OperationRecord, 64> history_;
  std::map<std::pair<std::int32_t, std::uint32_t>, std::int64_t> pending_operations_;
  std::uint64_t operations_answered_ = 0;
  Counters counters_;
  Rng scenario_;
  std::uint64_t ntp_seed_ = 0;
  bool manual_ = false;
  // Scratch, empty between steps; no part of the value.
  EffectList effects_;
  std::span<const std::uint32_t> given_choices_;
};

}  // namespace netsplit

#include "core/sim/world_inputs.inl"
#include "core/sim/world_messages.inl"
#include "core/sim/world_steps.inl"
