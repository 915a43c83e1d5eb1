// The world: what is pushed from outside. An input is one step.
#include "core/base/encode.h"
#include "core/base/names.h"
#include "core/sim/link_inputs.h"
#include "core/sim/world_base.h"

namespace netsplit {

void WorldBase::apply(const Input& input, Recorder* recorder) {
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
        emit_no_effect(recorder, input.action, nobody, input.message.id);
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

void WorldBase::apply_to_node(const Input& input, NodeId id, Recorder* recorder) {
  NodeRecord& node = nodes_[index(id)];
  const auto nothing_to_do = [&] { emit_no_effect(recorder, input.action, id); };
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
  emit(recorder, changed, &schema_of<std::vector<std::int64_t>>, &payload);
}

// Memory, timers and all that waits are gone; what the role calls `disk` stays.
void WorldBase::go_down(NodeId id, Condition condition, Recorder* recorder) {
  NodeRecord& node = nodes_[index(id)];
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
  types_->forget_memory(nodes_.value(index(id)));
}

void WorldBase::apply_to_network(const Input& input, Recorder* recorder) {
  const auto& groups = input.groups;
  const bool possible = change_links(links_, input, scenario_);
  Note changed = note(possible ? EventKind::network : EventKind::no_effect, nobody);
  if (groups.size() >= 2 && groups[0].size() == 1 && groups[1].size() == 1) {
    changed.node = groups[0][0];
    changed.peer = groups[1][0];
  }
  changed.label = static_cast<std::uint16_t>(input.action);
  emit(recorder, changed, &schema_of<std::vector<std::vector<NodeId>>>, &groups);
  sweep_cut_links(recorder);
  release_held();
}

bool WorldBase::fits(const MessageChoice& choice, const MessageRecord& message) const {
  if (choice.id != 0) return message.id == choice.id;
  if (choice.from != nobody && message.from != choice.from) return false;
  if (choice.to != nobody && message.to != choice.to) return false;
  return choice.label.empty() ||
         types_->message.schema->alternatives[message.label]->name == choice.label;
}

std::uint32_t WorldBase::find_message(const MessageChoice& choice) const {
  std::uint32_t found = none;
  for (std::uint32_t slot = 0; slot < messages_.size(); ++slot) {
    const MessageRecord& message = messages_[slot];
    if (message.id == 0 || message.doom != LossReason::none || !fits(choice, message)) continue;
    if (found == none || message.id < messages_[found].id) found = slot;
  }
  return found;
}

void WorldBase::apply_to_message(const Input& input, std::uint32_t slot, Recorder* recorder) {
  MessageRecord& message = messages_[slot];
  const MessageStatus status = message.status;
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
  Note changed = note_of(EventKind::tampered, message);
  changed.label = static_cast<std::uint16_t>(input.action);
  if (input.action == Action::alter && !input.arguments.empty()) {
    const Arguments field{{input.name, input.arguments[0].second}};
    if (!assign_all(*types_->message.schema, messages_.value(slot), field, topology_->names()))
      changed.kind = EventKind::no_effect;
  }
  // By hand nothing arrives late, and nothing where nobody can take it.
  const bool cannot_be =
      manual_ &&
      (input.action == Action::delay ||
       (input.action == Action::deliver && node(message.to).condition == Condition::paused));
  if (cannot_be) changed.kind = EventKind::no_effect;
  // By hand nothing is hurried: the delivery is all there is to see.
  if (manual_ && input.action == Action::deliver && !cannot_be) return deliver(slot, recorder);
  emit_message(recorder, changed, slot);
  if (cannot_be) return;
  if (input.action == Action::delay) {
    if (status == MessageStatus::held) {
      message.due_us += input.duration_us;  // it has so much more of its way left
    } else {
      const bool in_flight = status == MessageStatus::in_flight;
      schedule(slot, (in_flight ? message.due_us : now_us_) + input.duration_us);
    }
  } else if (input.action == Action::deliver) {
    schedule(slot, now_us_);
  }
}

// Has the timer the name, and the fields that are given?
bool WorldBase::fits(const Input& input, std::uint32_t timer) const {
  if (snake_case(types_->timer.schema->alternatives[timers_[timer].label]->name) != input.name)
    return false;
  if (input.arguments.empty()) return true;
  const auto wanted = copy_value(types_->timer, timers_.value(timer));
  const Status set =
      assign_all(*types_->timer.schema, wanted.get(), input.arguments, topology_->names());
  return set.ok() && same_value(types_->timer, wanted.get(), timers_.value(timer));
}

void WorldBase::apply_to_timer(const Input& input, NodeId id, Recorder* recorder) {
  std::uint32_t found = none;
  for (std::uint32_t at = node(id).first_timer; at != none; at = timers_[at].next) {
    if (!fits(input, at)) continue;
    if (found == none || timers_[at].sequence < timers_[found].sequence) found = at;
  }
  if (found == none || node(id).condition != Condition::up)
    return emit_no_effect(recorder, input.action, id);
  fire(found, recorder);
}

void WorldBase::apply_request(const Input& input, NodeId id, Recorder* recorder) {
  const auto what = make_value(types_->request);
  const Status made = make_named(*types_->request.schema, what.get(), input.name, input.arguments,
                                 topology_->names());
  // By hand nothing waits: a paused node is asked again when it goes on.
  if (!made.ok() || !is_there(id) || (manual_ && node(id).condition == Condition::paused))
    return emit_no_effect(recorder, input.action, id);
  if (manual_ || !must_wait(id)) return request(id, what.get(), recorder);
  const std::uint64_t sequence = ++sequence_;
  parked_requests_.emplace(sequence, bytes_of(*types_->request.schema, what.get()));
  wait(id, {Kind::start, 0, sequence});
}

Clock& WorldBase::clock(NodeId id) {
  if (clocks_.empty()) clocks_.resize(nodes_.size());
  return clocks_[index(id)];
}

void WorldBase::poll_ntp(NodeId id, Recorder* recorder) {
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

void WorldBase::schedule_poll(NodeId id, Time due_us) {
  Clock& own = clock(id);
  own.poll_sequence_ = ++sequence_;
  push(due_us, Kind::ntp, id, 0, own.poll_sequence_);
}

}  // namespace netsplit
