// The world: stepping, handlers and inboxes; and what is seen from outside.
#include "core/base/encode.h"
#include "core/base/hash.h"
#include "core/sim/world_base.h"

namespace netsplit {

WorldBase::WorldBase(const WorldTypes& types, std::shared_ptr<const Topology> topology,
                     const Setup& setup)
    : types_(&types),
      topology_(std::move(topology)),
      nodes_(types.node_slot),
      messages_(types.message_slot),
      timers_(types.timer_slot),
      links_(setup.network, topology_->node_count()),
      scenario_(setup.seed, 3, 0),
      ntp_seed_(mix64(setup.seed)),
      manual_(setup.manual) {
  const auto count = static_cast<std::size_t>(topology_->node_count());
  nodes_.make(count);
  std::size_t at = 0;
  for (const NodeGroup& group : setup.nodes) {
    const bool perfect = group.clock == ClockSpec{};
    if (!perfect && clocks_.empty()) clocks_.resize(count);
    const std::int32_t role = topology_->role(NodeId{static_cast<std::int32_t>(at)});
    for (std::int32_t i = 0; i < group.count; ++i, ++at) {
      NodeRecord& node = nodes_[at];
      const NodeId id{static_cast<std::int32_t>(at)};
      types_->node.schema->holder->emplace(nodes_.value(at), static_cast<std::uint64_t>(role));
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

WorldBase::~WorldBase() = default;
WorldBase::WorldBase(const WorldBase&) = default;
WorldBase::WorldBase(WorldBase&&) noexcept = default;
WorldBase& WorldBase::operator=(const WorldBase&) = default;
WorldBase& WorldBase::operator=(WorldBase&&) noexcept = default;

bool WorldBase::alive_besides_messages(const EventEntry& entry) const {
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

bool WorldBase::step_recorded(Recorder* recorder) {
  return advance(recorder, [this](NodeId id, const Happening& happening, Recorder* to) {
    handle(id, happening, to);
  });
}

void WorldBase::advance_without_message(const EventEntry& entry, Recorder* recorder) {
  switch (kind_of(entry)) {
    case Kind::deliver:
      break;
    case Kind::timer: {
      TimerRecord& timer = timers_[entry.slot];
      if (must_wait(timer.node)) {
        timer.waiting = true;
        emit_timer(recorder, note_of(EventKind::wait, timer, timer.set_event), entry.slot);
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

void WorldBase::record(Recorder& recorder, const Note& note, EventIndex index, const Schema* schema,
                       const void* payload, std::uint32_t slot) {
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
    event.payload = bytes_of(*schema, payload);
  }
  recorder.record(event, slot);
}

void WorldBase::emit_no_effect(Recorder* recorder, Action action, NodeId node, MessageId message) {
  Note missed = note(EventKind::no_effect, node);
  missed.message = message;
  missed.label = static_cast<std::uint16_t>(action);
  emit(recorder, missed);
}

// Handlers.

void WorldBase::start(NodeId id, EventKind kind, Recorder* recorder) {
  const EventIndex event = emit(recorder, note(kind, id));
  const auto what = kind == EventKind::restart ? Happening::Kind::restart : Happening::Kind::start;
  handle(id, {what, event, nobody, nullptr}, recorder);
}

void WorldBase::deliver(std::uint32_t slot, Recorder* recorder) {
  deliver(slot, recorder, [this](NodeId id, const Happening& happening, Recorder* to) {
    handle(id, happening, to);
  });
}

void WorldBase::fire(std::uint32_t slot, Recorder* recorder) {
  const TimerRecord& timer = timers_[slot];
  const NodeId id = timer.node;
  const EventIndex event =
      emit_timer(recorder, note_of(EventKind::timer, timer, timer.set_event), slot);
  // As with a message: the content outlives the record until the handler is done.
  drop_timer(slot, event, recorder);
  handle(id, {Happening::Kind::timer, event, nobody, timers_.value(slot)}, recorder);
}

void WorldBase::request(NodeId id, const void* what, Recorder* recorder) {
  Note asked = note(EventKind::request, id);
  asked.label = static_cast<std::uint16_t>(types_->request.schema->holder->size(what));
  const EventIndex event = emit(recorder, asked, types_->request.schema, what);
  handle(id, {Happening::Kind::request, event, nobody, what}, recorder);
}

void WorldBase::invoke(NodeId id, std::uint32_t number, const Operation& operation,
                       EventIndex cause, Recorder* recorder) {
  OperationRecord record{id, number, operation, now_us_};
  Note invoked = note(EventKind::invoke, id);
  invoked.cause = cause;
  invoked.message = number;
  record.invoked_event = emit(recorder, invoked);
  pending_operations_[{id.value, number}] = history_.size();
  history_.push_back(std::move(record));
}

void WorldBase::complete(NodeId id, std::uint32_t number, Outcome outcome, std::int64_t result,
                         EventIndex cause, Recorder* recorder) {
  const auto at = pending_operations_.find({id.value, number});
  if (at == pending_operations_.end()) return;
  OperationRecord& record = history_.edit(at->second);
  record.completed_us = now_us_;
  record.outcome = outcome;
  record.result = result;
  Note completed = note(EventKind::complete, id);
  completed.cause = cause;
  completed.message = number;
  completed.label = static_cast<std::uint16_t>(outcome);
  record.completed_event = emit(recorder, completed);
  pending_operations_.erase(at);
  ++operations_answered_;
}

// Effects come soon after their operations: those are looked for from the last one back.
void WorldBase::took_effect(NodeId client, std::int64_t key, EventIndex cause) {
  for (std::int64_t at = history_.size() - 1; at >= history_.first(); --at) {
    if (history_[at].client != client || history_[at].operation.key != key) continue;
    OperationRecord& record = history_.edit(at);
    if (record.effects++ == 0) {
      record.first_effect_us = now_us_;
      record.first_effect_event = cause;
    }
    record.last_effect_us = now_us_;
    return;
  }
}

// Inboxes.

void WorldBase::wait(NodeId id, Waiting waiting) {
  inboxes_[id.value].list.push_back(waiting);
  schedule_wake(id);
}

void WorldBase::let_wait(std::uint32_t slot, Recorder* recorder) {
  MessageRecord& message = messages_[slot];
  message.status = MessageStatus::waiting;
  Note waits = note_of(EventKind::wait, message);
  waits.node = message.to;
  waits.peer = message.from;
  emit_message(recorder, waits, slot);
  wait(message.to, {Kind::deliver, slot, message.sequence});
}

void WorldBase::schedule_wake(NodeId id) {
  const auto at = inboxes_.find(id.value);
  if (at == inboxes_.end() || at->second.wake_sequence != 0) return;
  const NodeRecord& node = this->node(id);
  if (node.condition != Condition::up || manual_) return;
  at->second.wake_sequence = ++sequence_;
  push(std::max(now_us_, node.busy_until_us), Kind::wake, id, 0, at->second.wake_sequence);
}

bool WorldBase::alive(const Waiting& waiting) const {
  switch (waiting.kind) {
    case Kind::deliver:
      return messages_[waiting.slot].sequence == waiting.sequence &&
             messages_[waiting.slot].id != 0;
    case Kind::timer:
      return timers_[waiting.slot].sequence == waiting.sequence;
    default:
      return parked_requests_.contains(waiting.sequence);
  }
}

// Takes the first thing that waits.
void WorldBase::wake(NodeId id, Recorder* recorder) {
  Inbox& inbox = inboxes_.find(id.value)->second;
  inbox.wake_sequence = 0;
  if (!available(id)) return schedule_wake(id);
  std::optional<Waiting> next;
  while (!next && inbox.head < inbox.list.size()) {
    const Waiting& first = inbox.list[inbox.head++];
    if (alive(first)) next = first;
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
      const std::string bytes = parked_requests_.extract(next->sequence).mapped();
      ByteReader reader(bytes);
      request(id, read_value(types_->request, reader).get(), recorder);
    }
  }
  schedule_wake(id);
}

// Looking.

Time WorldBase::condition_since_us(NodeId id) const {
  const auto at = condition_since_us_.find(id.value);
  return at == condition_since_us_.end() ? 0 : at->second;
}

std::int32_t WorldBase::waiting(NodeId id) const {
  const auto at = inboxes_.find(id.value);
  return at == inboxes_.end() ? 0
                              : static_cast<std::int32_t>(at->second.list.size() - at->second.head);
}

std::uint64_t WorldBase::state_hash() const {
  Hasher hasher;
  encode(hasher, now_us_);
  encode(hasher, sequence_);
  encode(hasher, steps_);
  encode(hasher, events_);
  encode(hasher, counters_);
  hasher.integer(scenario_.state());
  for (std::int32_t i = 0; i < topology_->node_count(); ++i) {
    const NodeRecord& record = node(NodeId{i});
    encode(hasher, *types_->node.schema, state(NodeId{i}));
    hasher.integer(record.choices.state());
    hasher.integer(record.network.state());
    encode(hasher, record.busy_until_us);
    encode(hasher, record.operations);
    encode(hasher, record.condition);
  }
  for (const Clock& clock : clocks_) encode(hasher, clock);
  links_.hash_into(hasher);
  for (std::uint32_t slot = 0; slot < messages_.size(); ++slot) {
    const MessageRecord& message = messages_[slot];
    encode(hasher, message.id);
    if (message.id == 0) continue;
    encode(hasher, *types_->message.schema, messages_.value(slot));
    encode(hasher, message.from);
    encode(hasher, message.to);
    encode(hasher, message.sent_us);
    encode(hasher, message.due_us);
    encode(hasher, message.sequence);
    encode(hasher, message.status);
    encode(hasher, message.doom);
  }
  for (std::uint32_t slot = 0; slot < timers_.size(); ++slot) {
    const TimerRecord& timer = timers_[slot];
    encode(hasher, timer.sequence);
    if (timer.sequence == 0) continue;
    encode(hasher, *types_->timer.schema, timers_.value(slot));
    encode(hasher, timer.node);
    encode(hasher, timer.due_mono_us);
    encode(hasher, timer.waiting);
  }
  for (const auto& [id, inbox] : inboxes_) {
    encode(hasher, id);
    for (std::size_t i = inbox.head; i < inbox.list.size(); ++i)
      encode(hasher, inbox.list[i].sequence);
  }
  for (const auto& [sequence, bytes] : parked_requests_) hasher.text(bytes);
  hasher.integer(armed_.size());
  for (const auto& [operation, at] : pending_operations_) {
    encode(hasher, operation.first);
    encode(hasher, operation.second);
  }
  encode(hasher, history_.size());
  for (std::int64_t i = history_.first(); i < history_.size(); ++i) {
    encode(hasher, history_[i].outcome);
    encode(hasher, history_[i].result);
    encode(hasher, history_[i].effects);
  }
  return hasher.digest();
}

std::int64_t WorldBase::bytes_held() const {
  constexpr std::size_t tree_entry = 64;  // what a tree adds to an entry, and the entry, roughly
  std::size_t bytes = sizeof(*this) + clocks_.capacity() * sizeof(Clock) +
                      queue_.size() * sizeof(EventEntry) +
                      (parked_requests_.size() + pending_operations_.size() +
                       condition_since_us_.size() + inboxes_.size()) *
                          tree_entry;
  for (const auto& [id, inbox] : inboxes_) bytes += inbox.list.capacity() * sizeof(Waiting);
  return static_cast<std::int64_t>(bytes) + nodes_.bytes_held() + messages_.bytes_held() +
         timers_.bytes_held() + links_.bytes_held() + history_.bytes_of_copy();
}

}  // namespace netsplit
