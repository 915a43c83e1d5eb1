// The world: messages, from the send to the end of their way, and timers.
#include "core/base/encode.h"
#include "core/sim/world_base.h"

namespace netsplit {

void WorldBase::add_message_slot() {
  messages_.add();
  free_message(static_cast<std::uint32_t>(messages_.size() - 1));
}

void WorldBase::send(NodeId from, NodeId to, std::uint32_t slot, Time work_before_us,
                     std::int64_t bytes, EventIndex cause, Recorder* recorder) {
  post(from, to, slot, work_before_us, bytes, cause, recorder);
}

// An action that waited for such a message.
void WorldBase::apply_armed(std::uint32_t slot, Recorder* recorder) {
  // As in find_message: what the network loses anyway is not what was meant.
  if (messages_[slot].id == 0 || messages_[slot].doom != LossReason::none) return;
  const auto fitting = std::find_if(armed_.begin(), armed_.end(), [&](const Input& input) {
    return fits(input.message, messages_[slot]);
  });
  if (fitting == armed_.end()) return;
  const Input input = *fitting;
  armed_.erase(fitting);
  apply_to_message(input, slot, recorder);
}

// What the link does to a message where it may be cut, lose, copy, alter, charge or queue.
void WorldBase::launch_with_care(std::uint32_t slot, std::int64_t bytes, Recorder* recorder) {
  MessageRecord& message = messages_[slot];
  const NodeId from = message.from;
  const NodeId to = message.to;
  Rng& rng = nodes_[index(from)].network;
  const LinkSpec link = links_.link(from, to);
  counters_.nanocents += static_cast<std::uint64_t>(bytes * link.nanocents_per_byte);
  const Time latency_us = draw_latency(link.latency, rng);
  if (links_.is_cut(from, to)) {
    if (links_.spec().on_cut == OnCut::lose) return lose(slot, LossReason::cut, recorder);
    message.status = MessageStatus::held;
    message.due_us = latency_us;
    message.sequence = 0;
    return;
  }
  const Time due_us = links_.arrival(from, to, message.sent_us, latency_us, bytes);
  if (rng.chance_ppm(link.loss_ppm)) {
    message.doom = LossReason::network;
    return schedule(slot, message.sent_us + (due_us - message.sent_us) / 2);
  }
  if (rng.chance_ppm(link.tamper_ppm) &&
      tamper(*types_->message.schema, messages_.value(slot), rng)) {
    Note tampered = note(EventKind::tampered, from, to);
    tampered.message = message.id;
    tampered.label = static_cast<std::uint16_t>(Action::alter);
    emit_message(recorder, tampered, slot);
  }
  schedule(slot, due_us);
  if (rng.chance_ppm(link.duplicate_ppm)) {
    const std::uint32_t copy = copy_message(slot, recorder);
    schedule(copy, links_.arrival(from, to, messages_[copy].sent_us,
                                  draw_latency(link.latency, rng), bytes));
  }
}

std::uint32_t WorldBase::copy_message(std::uint32_t slot, Recorder* recorder) {
  const std::uint32_t copy = take_message_slot();
  messages_.copy_within(copy, slot);
  messages_[copy].id = ++message_ids_;
  ++counters_.duplicated;
  Note copied = note_of(EventKind::tampered, messages_[copy]);
  copied.label = static_cast<std::uint16_t>(Action::duplicate);
  emit_message(recorder, copied, copy);
  if (recorder != nullptr) recorder->copy_message(slot, copy);
  return copy;
}

void WorldBase::lose(std::uint32_t slot, LossReason reason, Recorder* recorder) {
  Note lost = note_of(EventKind::lost, messages_[slot]);
  lost.loss = reason;
  emit_message(recorder, lost, slot);
  ++counters_.lost;
  free_message(slot);
}

// Those on their way for which chosen(message) holds, in the order they were sent.
template <class Chosen>
std::vector<std::uint32_t> WorldBase::messages_where(Chosen chosen) const {
  std::vector<std::uint32_t> slots;
  for (std::uint32_t slot = 0; slot < messages_.size(); ++slot) {
    if (messages_[slot].id != 0 && chosen(messages_[slot])) slots.push_back(slot);
  }
  std::sort(slots.begin(), slots.end(),
            [&](std::uint32_t a, std::uint32_t b) { return messages_[a].id < messages_[b].id; });
  return slots;
}

// After a cut: what is on a cut link is lost or held where it is.
void WorldBase::sweep_cut_links(Recorder* recorder) {
  const auto caught = messages_where([&](const MessageRecord& message) {
    return message.status == MessageStatus::in_flight && message.from != message.to &&
           links_.is_cut(message.from, message.to);
  });
  for (const std::uint32_t slot : caught) {
    if (links_.spec().on_cut == OnCut::lose) {
      lose(slot, LossReason::cut, recorder);
      continue;
    }
    MessageRecord& message = messages_[slot];
    message.status = MessageStatus::held;
    message.due_us -= now_us_;
    message.sequence = 0;
  }
}

void WorldBase::release_held() {
  const auto freed = messages_where([&](const MessageRecord& message) {
    return message.status == MessageStatus::held && !links_.is_cut(message.from, message.to);
  });
  // They queue and keep their order like any that are sent.
  for (const std::uint32_t slot : freed) {
    const MessageRecord& message = messages_[slot];
    const std::string content = bytes_of(*types_->message.schema, messages_.value(slot));
    const auto bytes = header_bytes + static_cast<std::int64_t>(content.size());
    schedule(slot, links_.arrival(message.from, message.to, now_us_, message.due_us, bytes));
  }
}

// What the node would have sent when its work was done never leaves.
void WorldBase::lose_unsent(NodeId id, Recorder* recorder) {
  const auto unsent = messages_where([&](const MessageRecord& message) {
    return message.from == id && message.sent_us > now_us_;
  });
  for (const std::uint32_t slot : unsent) lose(slot, LossReason::sender_down, recorder);
}

// Timers.

std::uint32_t WorldBase::take_timer_slot() {
  const std::uint32_t slot = free_timers_;
  if (slot == none) {
    timers_.add();
    return static_cast<std::uint32_t>(timers_.size() - 1);
  }
  free_timers_ = timers_[slot].next;
  return slot;
}

// Of a timer whose kind and content stand in its slot.
void WorldBase::set_timer(NodeId id, std::uint32_t slot, Time low_us, Time high_us,
                          EventIndex cause, Recorder* recorder) {
  NodeRecord& node = nodes_[index(id)];
  TimerRecord& timer = timers_[slot];
  timer.node = id;
  timer.set_us = now_us_;
  timer.sequence = ++sequence_;
  timer.set_event = cause;
  timer.next = node.first_timer;
  timer.waiting = false;
  node.first_timer = slot;
  const Time after_us = low_us == high_us ? low_us : node.choices.between(low_us, high_us);
  timer.due_mono_us = monotonic(id) + after_us;
  timer.due_us =
      clocks_.empty() ? timer.due_mono_us : clocks_[index(id)].true_time_of(timer.due_mono_us);
  if (types_->leases[timer.label])
    emit_timer(recorder, note_of(EventKind::lease_begin, timer, cause), slot);
  if (!manual_) push(timer.due_us, Kind::timer, id, slot, timer.sequence);
}

void WorldBase::cancel_timer(NodeId id, const void* timer, EventIndex cause, Recorder* recorder) {
  for (std::uint32_t at = node(id).first_timer; at != none; at = timers_[at].next) {
    if (types_->same_timer(timers_.value(at), timer)) return drop_timer(at, cause, recorder);
  }
}

void WorldBase::drop_timer(std::uint32_t slot, EventIndex cause, Recorder* recorder) {
  TimerRecord& timer = timers_[slot];
  std::uint32_t* link = &nodes_[index(timer.node)].first_timer;
  while (*link != slot) link = &timers_[*link].next;
  *link = timer.next;
  if (types_->leases[timer.label])
    emit_timer(recorder, note_of(EventKind::lease_end, timer, cause), slot);
  timer.sequence = 0;
  timer.waiting = false;
  timer.next = free_timers_;
  free_timers_ = slot;
}

void WorldBase::drop_timers(NodeId id, Recorder* recorder) {
  while (node(id).first_timer != none) drop_timer(node(id).first_timer, no_event, recorder);
}

// A clock's new rate moves the moments at which its timers run out.
void WorldBase::reschedule_timers(NodeId id) {
  for (std::uint32_t at = node(id).first_timer; at != none; at = timers_[at].next) {
    TimerRecord& timer = timers_[at];
    if (timer.waiting) continue;
    timer.due_us = std::max(now_us_, clocks_[index(id)].true_time_of(timer.due_mono_us));
    timer.sequence = ++sequence_;
    if (!manual_) push(timer.due_us, Kind::timer, id, at, timer.sequence);
  }
}

}  // namespace netsplit
