// World<P>: messages, from the send to the end of their way, and timers.
#pragma once

#include "core/sim/world.h"

namespace netsplit {

template <Protocol P>
[[gnu::always_inline]] inline std::uint32_t World<P>::allocate_message() {
  if (free_messages_ == none) add_message_slot();
  const std::uint32_t slot = free_messages_;
  free_messages_ = static_cast<std::uint32_t>(messages_[slot].to.value);
  return slot;
}

template <Protocol P>
[[gnu::noinline]] void World<P>::add_message_slot() {
  messages_.emplace_back();
  free_message(static_cast<std::uint32_t>(messages_.size() - 1));
}

template <Protocol P>
void World<P>::free_message(std::uint32_t slot) {
  Envelope& envelope = messages_[slot];
  envelope.id = 0;
  envelope.sequence = 0;
  envelope.to.value = static_cast<std::int32_t>(free_messages_);
  free_messages_ = slot;
}

template <Protocol P>
[[gnu::always_inline]] inline void World<P>::schedule(std::uint32_t slot, Time due_us) {
  Envelope& envelope = messages_[slot];
  envelope.due_us = due_us;
  envelope.status = MessageStatus::in_flight;
  envelope.sequence = ++sequence_;
  push(due_us, Kind::deliver, envelope.to, slot, envelope.sequence);
}

template <Protocol P>
NETSPLIT_FLAT void World<P>::post(NodeId from, typename EffectList::Send& send, EventIndex cause,
                                  Recorder* recorder) {
  const std::uint32_t slot = allocate_message();
  Envelope& envelope = messages_[slot];
  envelope.message = std::move(send.message);
  envelope.id = ++message_ids_;
  envelope.from = from;
  envelope.to = send.to;
  envelope.sent_us = now_us_ + send.work_before_us;
  envelope.doom = LossReason::none;
  const std::int64_t bytes = header_bytes + size_in_bytes(envelope.message);
  ++counters_.sent;
  counters_.bytes += static_cast<std::uint64_t>(bytes);

  Note sent = note(EventKind::send, from, send.to);
  sent.label = label(envelope.message);
  sent.message = envelope.id;
  sent.cause = cause;
  envelope.send_event = emit(recorder, sent, &envelope.message, slot);
  if (manual_) {
    envelope.status = MessageStatus::waiting;
    envelope.due_us = never_us;
    envelope.sequence = ++sequence_;
    return;
  }
  launch(slot, bytes, recorder);
  if (!armed_.empty()) apply_armed(slot, recorder);
}

// An action that waited for such a message.
template <Protocol P>
[[gnu::noinline]] void World<P>::apply_armed(std::uint32_t slot, Recorder* recorder) {
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

// Decides what the link does to a message: its latency, and whether it gets there.
template <Protocol P>
[[gnu::always_inline]] inline void World<P>::launch(std::uint32_t slot, std::int64_t bytes,
                                                    Recorder* recorder) {
  Envelope& envelope = messages_[slot];
  if (envelope.from == envelope.to) return schedule(slot, envelope.sent_us);
  if (links_.only_delays()) {
    Rng& rng = nodes_[index(envelope.from)].network;
    return schedule(slot, envelope.sent_us + draw_latency(links_.spec().link.latency, rng));
  }
  launch_with_care(slot, bytes, recorder);
}

// Likewise on a link that may be cut, lose, copy, alter, charge or queue.
template <Protocol P>
[[gnu::noinline]] void World<P>::launch_with_care(std::uint32_t slot, std::int64_t bytes,
                                                  Recorder* recorder) {
  Envelope& envelope = messages_[slot];
  const NodeId from = envelope.from;
  const NodeId to = envelope.to;
  Rng& rng = nodes_[index(from)].network;
  const LinkSpec link = links_.link(from, to);
  counters_.nanocents += static_cast<std::uint64_t>(bytes * link.nanocents_per_byte);
  const Time latency_us = draw_latency(link.latency, rng);
  if (links_.is_cut(from, to)) {
    if (links_.spec().on_cut == OnCut::lose) return lose(slot, LossReason::cut, recorder);
    envelope.status = MessageStatus::held;
    envelope.due_us = latency_us;
    envelope.sequence = 0;
    return;
  }
  const Time due_us = links_.arrival(from, to, envelope.sent_us, latency_us, bytes);
  if (rng.chance_ppm(link.loss_ppm)) {
    envelope.doom = LossReason::network;
    return schedule(slot, envelope.sent_us + (due_us - envelope.sent_us) / 2);
  }
  if (rng.chance_ppm(link.tamper_ppm) && tamper(schema_of<Message>, &envelope.message, rng)) {
    Note tampered = note(EventKind::tampered, from, to);
    tampered.message = envelope.id;
    tampered.label = static_cast<std::uint16_t>(Action::alter);
    emit(recorder, tampered, &envelope.message);
  }
  schedule(slot, due_us);
  if (rng.chance_ppm(link.duplicate_ppm)) {
    const std::uint32_t copy = copy_message(slot, recorder);
    schedule(copy, links_.arrival(from, to, messages_[copy].sent_us,
                                  draw_latency(link.latency, rng), bytes));
  }
}

template <Protocol P>
std::uint32_t World<P>::copy_message(std::uint32_t slot, Recorder* recorder) {
  const std::uint32_t copy = allocate_message();
  messages_[copy] = messages_[slot];
  messages_[copy].id = ++message_ids_;
  ++counters_.duplicated;
  Note copied = note(EventKind::tampered, messages_[slot].from, messages_[slot].to);
  copied.message = messages_[copy].id;
  copied.cause = messages_[slot].send_event;
  copied.label = static_cast<std::uint16_t>(Action::duplicate);
  emit(recorder, copied, &messages_[copy].message);
  if (recorder != nullptr) recorder->copy_message(slot, copy);
  return copy;
}

template <Protocol P>
void World<P>::lose(std::uint32_t slot, LossReason reason, Recorder* recorder) {
  const Envelope& envelope = messages_[slot];
  Note lost = note(EventKind::lost, envelope.from, envelope.to);
  lost.label = label(envelope.message);
  lost.message = envelope.id;
  lost.cause = envelope.send_event;
  lost.loss = reason;
  emit(recorder, lost, &envelope.message, slot);
  ++counters_.lost;
  free_message(slot);
}

// After a cut: what is on a cut link is lost or held where it is.
template <Protocol P>
void World<P>::sweep_cut_links(Recorder* recorder) {
  std::vector<std::pair<MessageId, std::uint32_t>> caught;
  for (std::uint32_t slot = 0; slot < messages_.size(); ++slot) {
    const Envelope& envelope = messages_[slot];
    if (envelope.id == 0 || envelope.status != MessageStatus::in_flight ||
        envelope.from == envelope.to)
      continue;
    if (links_.is_cut(envelope.from, envelope.to)) caught.emplace_back(envelope.id, slot);
  }
  std::sort(caught.begin(), caught.end());
  for (const auto& [id, slot] : caught) {
    if (links_.spec().on_cut == OnCut::lose) {
      lose(slot, LossReason::cut, recorder);
      continue;
    }
    Envelope& envelope = messages_[slot];
    envelope.status = MessageStatus::held;
    envelope.due_us -= now_us_;
    envelope.sequence = 0;
  }
}

template <Protocol P>
void World<P>::release_held() {
  std::vector<std::pair<MessageId, std::uint32_t>> freed;
  for (std::uint32_t slot = 0; slot < messages_.size(); ++slot) {
    const Envelope& envelope = messages_[slot];
    if (envelope.id == 0 || envelope.status != MessageStatus::held) continue;
    if (!links_.is_cut(envelope.from, envelope.to)) freed.emplace_back(envelope.id, slot);
  }
  std::sort(freed.begin(), freed.end());
  // They queue and keep their order like any that are sent.
  for (const auto& [id, slot] : freed) {
    const Envelope& envelope = messages_[slot];
    schedule(slot, links_.arrival(envelope.from, envelope.to, now_us_, envelope.due_us,
                                  header_bytes + size_in_bytes(envelope.message)));
  }
}

// Timers.

template <Protocol P>
bool World<P>::is_lease(const Timer& timer) {
  return detail::visit_one(timer, []<class T>(const T&) {
    if constexpr (requires { T::lease; }) return T::lease;
    return false;
  });
}

template <Protocol P>
void World<P>::set_timer(NodeId id, const typename EffectList::SetTimer& effect, EventIndex cause,
                         Recorder* recorder) {
  cancel_timer(id, effect.timer, cause, recorder);
  std::uint32_t slot = free_timers_;
  if (slot == none) {
    slot = static_cast<std::uint32_t>(timers_.size());
    timers_.emplace_back();
  } else {
    free_timers_ = timers_[slot].next;
  }
  NodeSlot& node = nodes_[index(id)];
  TimerSlot& timer = timers_[slot];
  timer.timer = effect.timer;
  timer.node = id;
  timer.set_us = now_us_;
  timer.sequence = ++sequence_;
  timer.set_event = cause;
  timer.next = node.first_timer;
  timer.waiting = false;
  node.first_timer = slot;
  const Time after_us = effect.low_us == effect.high_us
                            ? effect.low_us
                            : node.choices.between(effect.low_us, effect.high_us);
  timer.due_mono_us = monotonic(id) + after_us;
  timer.due_us =
      clocks_.empty() ? timer.due_mono_us : clocks_[index(id)].true_time_of(timer.due_mono_us);
  if (is_lease(timer.timer)) {
    Note begun = note(EventKind::lease_begin, id);
    begun.label = label(timer.timer);
    begun.cause = cause;
    emit(recorder, begun, &timer.timer);
  }
  if (!manual_) push(timer.due_us, Kind::timer, id, slot, timer.sequence);
}

template <Protocol P>
void World<P>::cancel_timer(NodeId id, const Timer& timer, EventIndex cause, Recorder* recorder) {
  for (std::uint32_t at = nodes_[index(id)].first_timer; at != none; at = timers_[at].next) {
    if (timers_[at].timer == timer) return drop_timer(at, cause, recorder);
  }
}

template <Protocol P>
void World<P>::drop_timer(std::uint32_t slot, EventIndex cause, Recorder* recorder) {
  TimerSlot& timer = timers_[slot];
  std::uint32_t* link = &nodes_[index(timer.node)].first_timer;
  while (*link != slot) link = &timers_[*link].next;
  *link = timer.next;
  if (is_lease(timer.timer)) {
    Note ended = note(EventKind::lease_end, timer.node);
    ended.label = label(timer.timer);
    ended.cause = cause;
    emit(recorder, ended, &timer.timer);
  }
  timer.sequence = 0;
  timer.waiting = false;
  timer.next = free_timers_;
  free_timers_ = slot;
}

template <Protocol P>
void World<P>::drop_timers(NodeId id, Recorder* recorder) {
  while (nodes_[index(id)].first_timer != none) {
    drop_timer(nodes_[index(id)].first_timer, no_event, recorder);
  }
}

// A clock's new rate moves the moments at which its timers run out.
template <Protocol P>
void World<P>::reschedule_timers(NodeId id) {
  for (std::uint32_t at = nodes_[index(id)].first_timer; at != none; at = timers_[at].next) {
    TimerSlot& timer = timers_[at];
    if (timer.waiting) continue;
    timer.due_us = std::max(now_us_, clocks_[index(id)].true_time_of(timer.due_mono_us));
    timer.sequence = ++sequence_;
    if (!manual_) push(timer.due_us, Kind::timer, id, at, timer.sequence);
  }
}

}  // namespace netsplit
