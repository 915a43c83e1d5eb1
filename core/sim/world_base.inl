// WorldBase: the way of a message from the queue to the handler and from the handler to the queue,
// which is most of what an unrecorded run does. It is in line so that World<P> can have it in one
// piece with its handlers.
#pragma once

#include "core/sim/world_base.h"

namespace netsplit {

[[gnu::always_inline]] inline bool WorldBase::alive(const EventEntry& entry) const {
  if (kind_of(entry) != Kind::deliver) return alive_besides_messages(entry);
  return messages_[entry.slot].sequence == entry.sequence;
}

[[gnu::always_inline]] inline bool WorldBase::prune() {
  while (!queue_.empty()) {
    if (alive(queue_.top())) return true;
    pop();
  }
  return false;
}

// What comes up soon is fetched while the present step is computed; with a million nodes every
// access would otherwise wait for memory.
[[gnu::always_inline]] inline void WorldBase::pop() {
  queue_.pop(
      prefetch_ahead, [this](const EventEntry& entry) __attribute__((always_inline)) {
        if (kind_of(entry) == Kind::deliver) prefetch(messages_.slot(entry.slot));
        prefetch(nodes_.slot(index(node_of(entry))));
      });
}

template <class Handle>
NETSPLIT_FLAT bool WorldBase::advance(Recorder* recorder, Handle handle) {
  if (!prune()) return false;
  const EventEntry entry = queue_.top();
  pop();
  now_us_ = std::max(now_us_, entry.due_us);
  ++steps_;
  if (kind_of(entry) == Kind::deliver) {
    arrive(entry.slot, recorder, handle);
  } else {
    advance_without_message(entry, recorder);
  }
  return true;
}

// A message comes to the end of its way.
template <class Handle>
NETSPLIT_FLAT void WorldBase::arrive(std::uint32_t slot, Recorder* recorder, Handle handle) {
  const MessageRecord& message = messages_[slot];
  if (message.doom != LossReason::none) return lose(slot, message.doom, recorder);
  if (is_there(message.to) && must_wait(message.to)) return let_wait(slot, recorder);
  deliver(slot, recorder, handle);
}

template <class Handle>
NETSPLIT_FLAT void WorldBase::deliver(std::uint32_t slot, Recorder* recorder, Handle handle) {
  const MessageRecord& message = messages_[slot];
  const NodeId from = message.from;
  const NodeId to = message.to;
  const Condition condition = node(to).condition;
  if (condition == Condition::down) return lose(slot, LossReason::receiver_down, recorder);
  if (condition == Condition::absent) return lose(slot, LossReason::receiver_absent, recorder);

  Note delivered = note_of(EventKind::deliver, message);
  delivered.node = to;
  delivered.peer = from;
  const EventIndex event = emit_message(recorder, delivered, slot);
  ++counters_.delivered;
  // The record is free, but its content stays where it is until the next message is sent, which is
  // when the handler is done.
  free_message(slot);
  handle(to, Happening{Happening::Kind::message, event, from, messages_.value(slot)}, recorder);
}

[[gnu::always_inline]] inline EventIndex WorldBase::emit(Recorder* recorder, const Note& note,
                                                         const Schema* schema, const void* payload,
                                                         std::uint32_t slot) {
  const EventIndex index = events_++;
  if (recorder != nullptr) record(*recorder, note, index, schema, payload, slot);
  return index;
}

[[gnu::always_inline]] inline std::uint32_t WorldBase::take_message_slot() {
  if (free_messages_ == none) add_message_slot();
  const std::uint32_t slot = free_messages_;
  free_messages_ = static_cast<std::uint32_t>(messages_[slot].to.value);
  return slot;
}

[[gnu::always_inline]] inline void WorldBase::free_message(std::uint32_t slot) {
  MessageRecord& message = messages_[slot];
  message.id = 0;
  message.sequence = 0;
  message.to.value = static_cast<std::int32_t>(free_messages_);
  free_messages_ = slot;
}

[[gnu::always_inline]] inline void WorldBase::schedule(std::uint32_t slot, Time due_us) {
  MessageRecord& message = messages_[slot];
  message.due_us = due_us;
  message.status = MessageStatus::in_flight;
  message.sequence = ++sequence_;
  push(due_us, Kind::deliver, message.to, slot, message.sequence);
}

// Of a message whose kind and content stand in its slot.
[[gnu::always_inline]] inline void WorldBase::post(NodeId from, NodeId to, std::uint32_t slot,
                                                   Time work_before_us, std::int64_t bytes,
                                                   EventIndex cause, Recorder* recorder) {
  MessageRecord& message = messages_[slot];
  message.id = ++message_ids_;
  message.from = from;
  message.to = to;
  message.sent_us = now_us_ + work_before_us;
  message.doom = LossReason::none;
  ++counters_.sent;
  counters_.bytes += static_cast<std::uint64_t>(bytes);

  Note sent = note_of(EventKind::send, message);
  sent.cause = cause;
  message.send_event = emit_message(recorder, sent, slot);
  if (manual_) {
    message.status = MessageStatus::waiting;
    message.due_us = never_us;
    message.sequence = ++sequence_;
    return;
  }
  launch(slot, bytes, recorder);
  if (!armed_.empty()) apply_armed(slot, recorder);
}

// Decides what the link does to a message: its latency, and whether it gets there.
[[gnu::always_inline]] inline void WorldBase::launch(std::uint32_t slot, std::int64_t bytes,
                                                     Recorder* recorder) {
  const MessageRecord& message = messages_[slot];
  if (message.from == message.to) return schedule(slot, message.sent_us);
  if (links_.only_delays()) {
    Rng& rng = nodes_[index(message.from)].network;
    return schedule(slot, message.sent_us + draw_latency(links_.spec().link.latency, rng));
  }
  launch_with_care(slot, bytes, recorder);
}

}  // namespace netsplit
