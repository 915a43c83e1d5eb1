// World<P>: what is pushed from outside. An input is one step.
#pragma once

#include "core/sim/world.h"

namespace netsplit {

template <Protocol P>
void World<P>::apply(const Input& input, Recorder* recorder) {
  ++steps_;
  given_choices_ = input.choices;
  switch (input.action) {
    case Action::cut:
    case Action::heal:
    case Action::partition:
    case Action::isolate:
    case Action::cut_random:
    case Action::link:
      apply_to_network(input, recorder);
      break;
    case Action::drop:
    case Action::duplicate:
    case Action::deliver:
    case Action::delay:
    case Action::alter: {
      const std::uint32_t slot = find_message(input.message);
      if (slot != none) {
        apply_to_message(input, slot, recorder);
      } else if (input.message.id == 0) {
        armed_.push_back(input);
      } else {
        Note missed = note(EventKind::no_effect, nobody);
        missed.message = input.message.id;
        missed.label = static_cast<std::uint16_t>(input.action);
        emit(recorder, missed);
      }
      break;
    }
    default:
      if (!input.groups.empty()) {
        for (const NodeId id : input.groups.front()) apply_to_node(input, id, recorder);
      }
  }
  given_choices_ = {};
}

template <Protocol P>
void World<P>::apply_to_node(const Input& input, NodeId id, Recorder* recorder) {
  NodeSlot& node = nodes_[index(id)];
  const auto nothing_to_do = [&] {
    Note missed = note(EventKind::no_effect, id);
    missed.label = static_cast<std::uint16_t>(input.action);
    emit(recorder, missed);
  };
  switch (input.action) {
    case Action::pause:
      if (node.condition != Condition::up) return nothing_to_do();
      node.condition = Condition::paused;
      condition_since_us_[id.value] = now_us_;
      emit(recorder, note(EventKind::pause, id));
      return;
    case Action::resume:
      if (node.condition != Condition::paused) return nothing_to_do();
      node.condition = Condition::up;
      condition_since_us_.erase(id.value);
      emit(recorder, note(EventKind::resume, id));
      schedule_wake(id);
      return;
    case Action::crash:
      if (node.condition != Condition::up && node.condition != Condition::paused)
        return nothing_to_do();
      return go_down(id, Condition::down, recorder);
    case Action::leave:
      if (node.condition == Condition::absent) return nothing_to_do();
      return go_down(id, Condition::absent, recorder);
    case Action::restart:
    case Action::join:
      if (node.condition != (input.action == Action::join ? Condition::absent : Condition::down)) {
        return nothing_to_do();
      }
      node.condition = Condition::up;
      condition_since_us_.erase(id.value);
      return start(id, input.action == Action::join ? EventKind::join : EventKind::restart,
                   recorder);
    case Action::clock_step:
      clock(id).step(now_us_, input.duration_us);
      break;
    case Action::clock_drift:
      clock(id).set_drift(now_us_, input.ppm);
      reschedule_timers(id);
      break;
    case Action::clock_ntp: {
      const bool was_on = clock(id).spec().ntp;
      clock(id).set_ntp(now_us_, input.ppm != 0);
      if (!was_on && input.ppm != 0) schedule_poll(id, now_us_);
      break;
    }
    case Action::fire:
      return apply_to_timer(input, id, recorder);
    case Action::request:
      return apply_request(input, id, recorder);
    default:
      return nothing_to_do();
  }
  Note changed = note(EventKind::clock, id);
  changed.label = static_cast<std::uint16_t>(input.action);
  const std::int64_t amount = input.action == Action::clock_step ? input.duration_us : input.ppm;
  const std::vector<std::int64_t> payload{amount};
  emit(recorder, changed, &payload);
}

// Memory, timers and all that waits are gone; what the role calls `disk` stays.
template <Protocol P>
void World<P>::go_down(NodeId id, Condition condition, Recorder* recorder) {
  NodeSlot& node = nodes_[index(id)];
  emit(recorder, note(condition == Condition::down ? EventKind::crash : EventKind::leave, id));
  drop_timers(id, recorder);
  node.condition = condition;
  if (node.busy_until_us > now_us_ && !manual_) lose_unsent(id, recorder);
  node.busy_until_us = 0;
  condition_since_us_[id.value] = now_us_;
  if (const auto at = inboxes_.find(id.value); at != inboxes_.end()) {
    const Inbox inbox = std::move(at->second);
    inboxes_.erase(at);
    for (std::size_t i = inbox.head; i < inbox.list.size(); ++i) {
      const Waiting& waiting = inbox.list[i];
      if (waiting.kind == Kind::start) parked_requests_.erase(waiting.sequence);
      if (waiting.kind != Kind::deliver || messages_[waiting.slot].sequence != waiting.sequence)
        continue;
      lose(waiting.slot,
           condition == Condition::down ? LossReason::receiver_down : LossReason::receiver_absent,
           recorder);
    }
  }
  // The client is gone, its answers with it: what it asked for may or may not have happened.
  for (auto at = pending_operations_.lower_bound({id.value, 0});
       at != pending_operations_.end() && at->first.first == id.value;) {
    OperationRecord& record = history_.edit(at->second);
    record.outcome = Outcome::unknown;
    at = pending_operations_.erase(at);
  }
  detail::forget_memory(node.state);
}

// What the node would have sent when its work was done never leaves.
template <Protocol P>
void World<P>::lose_unsent(NodeId id, Recorder* recorder) {
  std::vector<std::pair<MessageId, std::uint32_t>> unsent;
  for (std::uint32_t slot = 0; slot < messages_.size(); ++slot) {
    const Envelope& envelope = messages_[slot];
    if (envelope.id == 0 || envelope.from != id || envelope.sent_us <= now_us_) continue;
    unsent.emplace_back(envelope.id, slot);
  }
  std::sort(unsent.begin(), unsent.end());
  for (const auto& [message, slot] : unsent) lose(slot, LossReason::sender_down, recorder);
}

template <Protocol P>
void World<P>::apply_to_network(const Input& input, Recorder* recorder) {
  const auto& groups = input.groups;
  const bool possible = change_links(links_, input, scenario_);
  Note changed = note(possible ? EventKind::network : EventKind::no_effect, nobody);
  if (groups.size() >= 2 && groups[0].size() == 1 && groups[1].size() == 1) {
    changed.node = groups[0][0];
    changed.peer = groups[1][0];
  }
  changed.label = static_cast<std::uint16_t>(input.action);
  emit(recorder, changed, &groups);
  sweep_cut_links(recorder);
  release_held();
}

template <Protocol P>
bool World<P>::fits(const MessageChoice& choice, const Envelope& envelope) const {
  if (choice.id != 0) return envelope.id == choice.id;
  if (choice.from != nobody && envelope.from != choice.from) return false;
  if (choice.to != nobody && envelope.to != choice.to) return false;
  if (choice.label.empty()) return true;
  constexpr const auto& names = detail::alternatives<Message>::names;
  return names[envelope.message.index()] == choice.label;
}

template <Protocol P>
std::uint32_t World<P>::find_message(const MessageChoice& choice) const {
  std::uint32_t found = none;
  for (std::uint32_t slot = 0; slot < messages_.size(); ++slot) {
    const Envelope& envelope = messages_[slot];
    if (envelope.id == 0 || envelope.doom != LossReason::none || !fits(choice, envelope)) continue;
    if (found == none || envelope.id < messages_[found].id) found = slot;
  }
  return found;
}

template <Protocol P>
void World<P>::apply_to_message(const Input& input, std::uint32_t slot, Recorder* recorder) {
  Envelope& envelope = messages_[slot];
  const MessageStatus status = envelope.status;
  if (input.action == Action::drop) return lose(slot, LossReason::dropped, recorder);
  if (input.action == Action::duplicate) {
    const std::uint32_t copy = copy_message(slot, recorder);
    if (manual_) {
      messages_[copy].sequence = ++sequence_;
    } else if (status != MessageStatus::held) {  // of a held one the copy is held too
      schedule(copy, status == MessageStatus::in_flight ? messages_[slot].due_us : now_us_);
    }
    return;
  }
  Note changed = note(EventKind::tampered, envelope.from, envelope.to);
  changed.message = envelope.id;
  changed.cause = envelope.send_event;
  changed.label = static_cast<std::uint16_t>(input.action);
  if (input.action == Action::alter && !input.arguments.empty()) {
    const Arguments field{{input.name, input.arguments[0].second}};
    if (!assign_all(schema_of<Message>, &envelope.message, field, topology_->names()))
      changed.kind = EventKind::no_effect;
  }
  // By hand nothing arrives late, and nothing where nobody can take it.
  const bool cannot_be = manual_ && (input.action == Action::delay ||
                                     (input.action == Action::deliver &&
                                      nodes_[index(envelope.to)].condition == Condition::paused));
  if (cannot_be) changed.kind = EventKind::no_effect;
  // By hand nothing is hurried: the delivery is all there is to see.
  if (manual_ && input.action == Action::deliver && !cannot_be) return deliver(slot, recorder);
  emit(recorder, changed, &envelope.message);
  if (cannot_be) return;
  if (input.action == Action::delay) {
    if (status == MessageStatus::held) {
      envelope.due_us += input.duration_us;  // it has so much more of its way left
    } else {
      const bool in_flight = status == MessageStatus::in_flight;
      schedule(slot, (in_flight ? envelope.due_us : now_us_) + input.duration_us);
    }
  } else if (input.action == Action::deliver) {
    schedule(slot, now_us_);
  }
}

template <Protocol P>
void World<P>::apply_to_timer(const Input& input, NodeId id, Recorder* recorder) {
  constexpr const auto& names = detail::alternatives<Timer>::names;
  std::uint32_t found = none;
  for (std::uint32_t at = nodes_[index(id)].first_timer; at != none; at = timers_[at].next) {
    if (snake_case(names[timers_[at].timer.index()]) != input.name) continue;
    if (!detail::has_content(timers_[at].timer, input.arguments, topology_->names())) continue;
    if (found == none || timers_[at].sequence < timers_[found].sequence) found = at;
  }
  if (found == none || nodes_[index(id)].condition != Condition::up) {
    Note missed = note(EventKind::no_effect, id);
    missed.label = static_cast<std::uint16_t>(input.action);
    emit(recorder, missed);
    return;
  }
  fire(found, recorder);
}

template <Protocol P>
void World<P>::apply_request(const Input& input, NodeId id, Recorder* recorder) {
  std::optional<Request> what = detail::request_of<Request>(input, topology_->names());
  const Condition condition = nodes_[index(id)].condition;
  // By hand nothing waits: a paused node is asked again when it goes on.
  if (!what || !is_there(id) || (manual_ && condition == Condition::paused)) {
    Note missed = note(EventKind::no_effect, id);
    missed.label = static_cast<std::uint16_t>(input.action);
    emit(recorder, missed);
    return;
  }
  if (!manual_ && must_wait(id)) {
    const std::uint64_t sequence = ++sequence_;
    parked_requests_.emplace(sequence, std::move(*what));
    wait(id, {Kind::start, 0, sequence});
    return;
  }
  request(id, *what, recorder);
}

template <Protocol P>
Clock& World<P>::clock(NodeId id) {
  if (clocks_.empty()) clocks_.resize(nodes_.size());
  return clocks_[index(id)];
}

template <Protocol P>
void World<P>::poll_ntp(NodeId id, Recorder* recorder) {
  Clock& own = clock(id);
  // The n-th poll of a node measures the same whatever the others do.
  Rng draw(ntp_seed_ + own.polls_, 4, static_cast<std::uint32_t>(id.value));
  ++own.polls_;
  const Time error_us = draw.between(-own.spec().ntp_error_us, own.spec().ntp_error_us);
  own.discipline(now_us_, error_us);
  Note polled = note(EventKind::clock, id);
  polled.label = static_cast<std::uint16_t>(Action::clock_ntp);
  emit(recorder, polled);
  schedule_poll(id, now_us_ + std::max<Time>(own.spec().ntp_interval_us, milliseconds(1)));
}

template <Protocol P>
void World<P>::schedule_poll(NodeId id, Time due_us) {
  Clock& own = clock(id);
  own.poll_sequence_ = ++sequence_;
  push(due_us, Kind::ntp, id, 0, own.poll_sequence_);
}

}  // namespace netsplit
