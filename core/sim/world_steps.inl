// World<P>: stepping, handlers and inboxes; and what is seen from outside.
#pragma once

#include "core/sim/world.h"

namespace netsplit {

template <Protocol P>
World<P>::World(std::shared_ptr<const Topology> topology, const Params& params, const Setup& setup)
    : topology_(std::move(topology)),
      params_(params),
      links_(setup.network, topology_->node_count()),
      scenario_(setup.seed, 3, 0),
      ntp_seed_(mix64(setup.seed)),
      manual_(setup.manual) {
  const auto count = static_cast<std::size_t>(topology_->node_count());
  nodes_.resize(count);
  std::size_t at = 0;
  for (const NodeGroup& group : setup.nodes) {
    const bool perfect = group.clock == ClockSpec{};
    if (!perfect && clocks_.empty()) clocks_.resize(count);
    const std::int32_t role = topology_->role(NodeId{static_cast<std::int32_t>(at)});
    for (std::int32_t i = 0; i < group.count; ++i, ++at) {
      NodeSlot& node = nodes_[at];
      const NodeId id{static_cast<std::int32_t>(at)};
      schema_of<Node>.holder->emplace(&node.state, static_cast<std::uint64_t>(role));
      node.choices = Rng(setup.seed, 1, static_cast<std::uint32_t>(at));
      node.network = Rng(setup.seed, 2, static_cast<std::uint32_t>(at));
      if (!perfect) clocks_[at] = Clock(group.clock);
      if (group.joins_later) {
        node.condition = Condition::absent;
      } else {
        push(0, Kind::start, id, 0, ++sequence_);
      }
      if (group.clock.ntp) schedule_poll(id, group.clock.ntp_interval_us);
    }
  }
  for (const LinkException& exception : setup.links) {
    links_.set_link(exception.from, exception.to, exception.link);
    if (exception.both_ways) links_.set_link(exception.to, exception.from, exception.link);
  }
}

template <Protocol P>
[[gnu::always_inline]] inline bool World<P>::alive(const EventEntry& entry) const {
  if (kind_of(entry) != Kind::deliver) return alive_besides_messages(entry);
  return messages_[entry.slot].sequence == entry.sequence;
}

template <Protocol P>
bool World<P>::alive_besides_messages(const EventEntry& entry) const {
  switch (kind_of(entry)) {
    case Kind::timer:
      return timers_[entry.slot].sequence == entry.sequence && !timers_[entry.slot].waiting;
    case Kind::wake: {
      const auto at = inboxes_.find(node_of(entry).value);
      return at != inboxes_.end() && at->second.wake_sequence == entry.sequence;
    }
    case Kind::ntp:
      return clocks_[index(node_of(entry))].spec().ntp &&
             clocks_[index(node_of(entry))].poll_sequence_ == entry.sequence;
    case Kind::start:
      return true;
    case Kind::deliver:
      break;
  }
  return false;
}

template <Protocol P>
[[gnu::always_inline]] inline bool World<P>::prune() {
  while (!queue_.empty()) {
    if (alive(queue_.top())) return true;
    pop();
  }
  return false;
}

// What comes up soon is fetched while the present step is computed; with a million nodes every
// access would otherwise wait for memory.
template <Protocol P>
[[gnu::always_inline]] inline void World<P>::pop() {
  queue_.pop(
      prefetch_ahead, [this](const EventEntry& entry) __attribute__((always_inline)) {
        if (kind_of(entry) == Kind::deliver) prefetch(&messages_[entry.slot]);
        prefetch(&nodes_[index(node_of(entry))]);
      });
}

template <Protocol P>
bool World<P>::step(Recorder* recorder) {
  return recorder == nullptr ? advance_unrecorded() : advance(recorder);
}

template <Protocol P>
NETSPLIT_FLAT bool World<P>::advance(Recorder* recorder) {
  if (!prune()) return false;
  const EventEntry entry = queue_.top();
  pop();
  now_us_ = std::max(now_us_, entry.due_us);
  ++steps_;
  if (kind_of(entry) == Kind::deliver) {
    arrive(entry.slot, recorder);
  } else {
    advance_without_message(entry, recorder);
  }
  return true;
}

// Likewise, from the queue to the last message sent in one piece of code: an unrecorded run does
// little else, and calls and what they save and restore are a fifth of it. Where there are few
// kinds of messages their handlers are part of that piece; with many it would grow beyond measure.
template <Protocol P>
bool World<P>::advance_unrecorded() {
  if constexpr (std::variant_size_v<Message> <= 3) return advance_with_handlers();
  return advance(nullptr);
}
template <Protocol P>
[[gnu::flatten]] bool World<P>::advance_with_handlers() {
  return advance(nullptr);
}

template <Protocol P>
[[gnu::noinline]] void World<P>::advance_without_message(const EventEntry& entry,
                                                         Recorder* recorder) {
  switch (kind_of(entry)) {
    case Kind::deliver:
      break;
    case Kind::timer: {
      TimerSlot& timer = timers_[entry.slot];
      if (must_wait(timer.node)) {
        timer.waiting = true;
        Note waits = note(EventKind::wait, timer.node);
        waits.label = label(timer.timer);
        waits.cause = timer.set_event;
        emit(recorder, waits, &timer.timer);
        wait(timer.node, {Kind::timer, entry.slot, entry.sequence});
      } else {
        fire(entry.slot, recorder);
      }
      break;
    }
    case Kind::wake:
      wake(node_of(entry), recorder);
      break;
    case Kind::ntp:
      poll_ntp(node_of(entry), recorder);
      break;
    case Kind::start:
      if (is_there(node_of(entry))) start(node_of(entry), EventKind::start, recorder);
      break;
  }
}

// A message comes to the end of its way.
template <Protocol P>
NETSPLIT_FLAT void World<P>::arrive(std::uint32_t slot, Recorder* recorder) {
  Envelope& envelope = messages_[slot];
  if (envelope.doom != LossReason::none) return lose(slot, envelope.doom, recorder);
  if (!is_there(envelope.to) || !must_wait(envelope.to)) return deliver(slot, recorder);
  envelope.status = MessageStatus::waiting;
  Note waits = note(EventKind::wait, envelope.to, envelope.from);
  waits.label = label(envelope.message);
  waits.message = envelope.id;
  waits.cause = envelope.send_event;
  emit(recorder, waits, &envelope.message);
  wait(envelope.to, {Kind::deliver, slot, envelope.sequence});
}

template <Protocol P>
template <class Payload>
[[gnu::always_inline]] inline EventIndex World<P>::emit(Recorder* recorder, const Note& note,
                                                        const Payload* payload,
                                                        std::uint32_t slot) {
  const EventIndex index = events_++;
  if (recorder != nullptr) record(*recorder, note, index, schema_of<Payload>, payload, slot);
  return index;
}

template <Protocol P>
[[gnu::noinline]] void World<P>::record(Recorder& recorder, const Note& note, EventIndex index,
                                        const Schema& schema, const void* payload,
                                        std::uint32_t slot) {
  Event& event = recorder.draft();
  event.kind = note.kind;
  event.node = note.node;
  event.peer = note.peer;
  event.label = note.label;
  event.loss = note.loss;
  event.message = note.message;
  event.cause = note.cause;
  event.index = index;
  event.step = steps_;
  event.at_us = now_us_;
  if (event.node != nobody) event.wall_us = wall(event.node);
  if (payload != nullptr) {
    ByteWriter writer;
    encode(writer, schema, payload);
    event.payload = std::move(writer.bytes);
  }
  recorder.record(event, slot);
}

// Runs one handler and carries out what it asked for.
template <Protocol P>
template <class Call>
NETSPLIT_FLAT void World<P>::run(NodeId id, EventIndex cause, Recorder* recorder, Call call) {
  NodeSlot& node = nodes_[index(id)];
  const typename Ctx::Surroundings around{topology_.get(), role_types(), &params_};
  Choices choices{given_choices_, &node.choices};
  {
    Ctx context(around, id, monotonic(id), wall(id), node.operations, choices, effects_);
    detail::visit_one(node.state, [&](auto& role) { call(role, context); });
  }
  given_choices_ = choices.given;  // one input may run several handlers
  if (effects_.work_us > 0) {
    node.busy_until_us = std::max(node.busy_until_us, now_us_) + effects_.work_us;
  }
  effects_.for_each([&](auto& effect) { carry_out(id, effect, cause, recorder); });
  effects_.clear();
}

template <Protocol P>
void World<P>::carry_out(NodeId id, const typename EffectList::Invoke& invoke, EventIndex cause,
                         Recorder* recorder) {
  OperationRecord record{id, invoke.number, invoke.operation, now_us_};
  Note invoked = note(EventKind::invoke, id);
  invoked.cause = cause;
  invoked.message = invoke.number;
  record.invoked_event = emit(recorder, invoked);
  pending_operations_[{id.value, invoke.number}] = history_.size();
  history_.push_back(std::move(record));
}

template <Protocol P>
void World<P>::carry_out(NodeId id, const typename EffectList::Complete& complete, EventIndex cause,
                         Recorder* recorder) {
  const auto at = pending_operations_.find({id.value, complete.number});
  if (at == pending_operations_.end()) return;
  OperationRecord& record = history_.edit(at->second);
  record.completed_us = now_us_;
  record.outcome = complete.outcome;
  record.result = complete.result;
  Note completed = note(EventKind::complete, id);
  completed.cause = cause;
  completed.message = complete.number;
  completed.label = static_cast<std::uint16_t>(complete.outcome);
  record.completed_event = emit(recorder, completed);
  pending_operations_.erase(at);
  ++operations_answered_;
}

template <Protocol P>
void World<P>::start(NodeId id, EventKind kind, Recorder* recorder) {
  const EventIndex cause = emit(recorder, note(kind, id));
  run(id, cause, recorder, [&](auto& role, Ctx& context) {
    detail::call_start(role, context, kind == EventKind::restart);
  });
}

template <Protocol P>
NETSPLIT_FLAT void World<P>::deliver(std::uint32_t slot, Recorder* recorder) {
  const Envelope& envelope = messages_[slot];
  const NodeId from = envelope.from;
  const NodeId to = envelope.to;
  const Condition condition = nodes_[index(to)].condition;
  if (condition == Condition::down) return lose(slot, LossReason::receiver_down, recorder);
  if (condition == Condition::absent) return lose(slot, LossReason::receiver_absent, recorder);

  Note delivered = note(EventKind::deliver, to, from);
  delivered.label = label(envelope.message);
  delivered.message = envelope.id;
  delivered.cause = envelope.send_event;
  const EventIndex cause = emit(recorder, delivered, &envelope.message, slot);
  ++counters_.delivered;
  const Message message = std::move(messages_[slot].message);
  free_message(slot);
  run(to, cause, recorder,
      [&](auto& role, Ctx& context) { detail::call_receive(role, context, from, message); });
}

template <Protocol P>
void World<P>::fire(std::uint32_t slot, Recorder* recorder) {
  const NodeId id = timers_[slot].node;
  const Timer timer = timers_[slot].timer;
  Note fired = note(EventKind::timer, id);
  fired.label = label(timer);
  fired.cause = timers_[slot].set_event;
  const EventIndex cause = emit(recorder, fired, &timer);
  drop_timer(slot, cause, recorder);
  run(id, cause, recorder,
      [&](auto& role, Ctx& context) { detail::call_handle(role, context, timer); });
}

template <Protocol P>
void World<P>::request(NodeId id, const Request& what, Recorder* recorder) {
  Note asked = note(EventKind::request, id);
  asked.label = label(what);
  const EventIndex cause = emit(recorder, asked, &what);
  run(id, cause, recorder,
      [&](auto& role, Ctx& context) { detail::call_handle(role, context, what); });
}

// Inboxes.

template <Protocol P>
void World<P>::wait(NodeId id, Waiting waiting) {
  inboxes_[id.value].list.push_back(waiting);
  schedule_wake(id);
}

template <Protocol P>
void World<P>::schedule_wake(NodeId id) {
  const auto at = inboxes_.find(id.value);
  if (at == inboxes_.end() || at->second.wake_sequence != 0) return;
  const NodeSlot& node = nodes_[index(id)];
  if (node.condition != Condition::up || manual_) return;
  at->second.wake_sequence = ++sequence_;
  push(std::max(now_us_, node.busy_until_us), Kind::wake, id, 0, at->second.wake_sequence);
}

// Takes the first thing that waits.
template <Protocol P>
void World<P>::wake(NodeId id, Recorder* recorder) {
  Inbox& inbox = inboxes_.find(id.value)->second;
  inbox.wake_sequence = 0;
  if (!available(id)) return schedule_wake(id);
  std::optional<Waiting> next;
  while (!next && inbox.head < inbox.list.size()) {
    const Waiting& first = inbox.list[inbox.head++];
    const bool alive =
        first.kind == Kind::deliver
            ? messages_[first.slot].sequence == first.sequence && messages_[first.slot].id != 0
        : first.kind == Kind::timer ? timers_[first.slot].sequence == first.sequence
                                    : parked_requests_.contains(first.sequence);
    if (alive) next = first;
  }
  if (inbox.head == inbox.list.size()) {
    inboxes_.erase(id.value);
  } else if (inbox.head > 64 && inbox.head * 2 > inbox.list.size()) {
    inbox.list.erase(inbox.list.begin(),
                     inbox.list.begin() + static_cast<std::ptrdiff_t>(inbox.head));
    inbox.head = 0;
  }
  if (next) {
    if (next->kind == Kind::deliver) {
      deliver(next->slot, recorder);
    } else if (next->kind == Kind::timer) {
      fire(next->slot, recorder);
    } else {
      const Request what = parked_requests_.extract(next->sequence).mapped();
      request(id, what, recorder);
    }
  }
  schedule_wake(id);
}

// Looking.

template <Protocol P>
Time World<P>::condition_since_us(NodeId id) const {
  const auto at = condition_since_us_.find(id.value);
  return at == condition_since_us_.end() ? 0 : at->second;
}

template <Protocol P>
std::int32_t World<P>::waiting(NodeId id) const {
  const auto at = inboxes_.find(id.value);
  return at == inboxes_.end() ? 0
                              : static_cast<std::int32_t>(at->second.list.size() - at->second.head);
}

template <Protocol P>
std::uint64_t World<P>::state_hash() const {
  Hasher hasher;
  encode(hasher, now_us_);
  encode(hasher, sequence_);
  encode(hasher, steps_);
  encode(hasher, events_);
  encode(hasher, counters_);
  hasher.integer(scenario_.state());
  for (const NodeSlot& node : nodes_) {
    encode(hasher, node.state);
    hasher.integer(node.choices.state());
    hasher.integer(node.network.state());
    encode(hasher, node.busy_until_us);
    encode(hasher, node.operations);
    encode(hasher, node.condition);
  }
  for (const Clock& clock : clocks_) encode(hasher, clock);
  links_.hash_into(hasher);
  for (const Envelope& envelope : messages_) {
    encode(hasher, envelope.id);
    if (envelope.id == 0) continue;
    encode(hasher, envelope.message);
    encode(hasher, envelope.from);
    encode(hasher, envelope.to);
    encode(hasher, envelope.sent_us);
    encode(hasher, envelope.due_us);
    encode(hasher, envelope.sequence);
    encode(hasher, envelope.status);
    encode(hasher, envelope.doom);
  }
  for (const TimerSlot& timer : timers_) {
    encode(hasher, timer.sequence);
    if (timer.sequence == 0) continue;
    encode(hasher, timer.timer);
    encode(hasher, timer.node);
    encode(hasher, timer.due_mono_us);
    encode(hasher, timer.waiting);
  }
  for (const auto& [id, inbox] : inboxes_) {
    encode(hasher, id);
    for (std::size_t i = inbox.head; i < inbox.list.size(); ++i)
      encode(hasher, inbox.list[i].sequence);
  }
  for (const auto& [sequence, what] : parked_requests_) encode(hasher, what);
  hasher.integer(armed_.size());
  for (const auto& [operation, at] : pending_operations_) {
    encode(hasher, operation.first);
    encode(hasher, operation.second);
  }
  encode(hasher, history_.size());
  for (std::int64_t i = history_.first(); i < history_.size(); ++i) {
    encode(hasher, history_[i].outcome);
    encode(hasher, history_[i].result);
  }
  return hasher.digest();
}

template <Protocol P>
std::int64_t World<P>::bytes_held() const {
  const std::size_t bytes =
      sizeof(*this) + nodes_.capacity() * sizeof(NodeSlot) + clocks_.capacity() * sizeof(Clock) +
      messages_.capacity() * sizeof(Envelope) + timers_.capacity() * sizeof(TimerSlot) +
      queue_.size() * sizeof(EventEntry);
  constexpr std::size_t tree_entry = 64;  // what a tree adds to an entry, and the entry, roughly
  std::size_t waiting = (parked_requests_.size() + pending_operations_.size() +
                         condition_since_us_.size() + inboxes_.size()) *
                        tree_entry;
  for (const auto& [id, inbox] : inboxes_) waiting += inbox.list.capacity() * sizeof(Waiting);
  return static_cast<std::int64_t>(bytes + waiting) + links_.bytes_held() +
         history_.bytes_of_copy();
}

}  // namespace netsplit
