#include "ui/space_time_index.h"

#include <algorithm>

#include "core/base/hash.h"

namespace netsplit::ui {
namespace {

// Whether an event is drawn on its node's line. A lost message's cross stands where it was lost, a
// lease is a bar, and a cut is no node's.
bool on_line(const Event& event) {
  switch (event.kind) {
    case EventKind::lost:
    case EventKind::start:
    case EventKind::lease_begin:
    case EventKind::lease_end:
    case EventKind::network:
    case EventKind::tampered:
      return false;
    default:
      return event.node != nobody;
  }
}

}  // namespace

void Reach::begin(std::size_t index, const Place& from) {
  if (index / block >= blocks_.size()) blocks_.resize(index / block + 1);
  Block& b = blocks_[index / block];
  ++b.open;
  b.low[0] = std::min(b.low[0], from.on(Axis::real));
  b.low[1] = std::min(b.low[1], from.on(Axis::logical));
}

void Reach::end(std::size_t index, const Place& to) {
  Block& b = blocks_[index / block];
  --b.open;
  b.high[0] = std::max(b.high[0], to.on(Axis::real));
  b.high[1] = std::max(b.high[1], to.on(Axis::logical));
}

void SpaceTimeIndex::clear() {
  marks.clear();
  flights.clear();
  stretches.clear();
  flights_reach.clear();
  stretches_reach.clear();
  flying_.clear();
  running_.clear();
  ticks_.clear();
  reached_.clear();
  latest_.clear();
}

void SpaceTimeIndex::follow(const Timeline& timeline, std::uint64_t generation) {
  const Trace& trace = timeline.trace();
  if (generation != generation_ || timeline.branch() != branch_ || trace.size() < taken()) {
    clear();
    first_ = trace.first();
    branch_ = timeline.branch();
    generation_ = generation;
  }
  const auto nodes = static_cast<std::size_t>(timeline.session().node_count());
  if (marks.size() < nodes) {
    marks.resize(nodes);
    latest_.resize(nodes);
  }
  if (taken() < trace.first()) {
    clear();  // more was let go than had been taken
    marks.resize(nodes);
    latest_.resize(nodes);
    first_ = trace.first();
  } else if (trace.first() - first_ > (trace.size() - trace.first()) / 2) {
    let_go(trace);
  }
  for (EventIndex i = taken(); i < trace.size(); ++i) take(trace, trace[i]);
}

// What ended before the oldest event that is kept goes; what lasts stays.
void SpaceTimeIndex::let_go(const Trace& trace) {
  const EventIndex first = trace.first();
  for (std::vector<Mark>& line : marks)
    std::erase_if(line, [&](const Mark& mark) { return mark.event < first; });
  const auto gone = [&](const auto& each) { return each.end != no_event && each.end < first; };
  std::erase_if(flights, gone);
  std::erase_if(stretches, gone);
  flying_.clear();
  running_.clear();
  flights_reach.clear();
  stretches_reach.clear();
  for (std::size_t i = 0; i < flights.size(); ++i) {
    flights_reach.begin(i, flights[i].sent);
    if (flights[i].end != no_event)
      flights_reach.end(i, flights[i].ended);
    else
      flying_[flights[i].message] = i;
  }
  for (std::size_t i = 0; i < stretches.size(); ++i) {
    const Stretch& stretch = stretches[i];
    stretches_reach.begin(i, stretch.from);
    if (stretch.end != no_event)
      stretches_reach.end(i, stretch.to);
    else
      running_[stretch.key] = i;
  }
  const auto count = first - first_;
  ticks_.erase(ticks_.begin(), ticks_.begin() + count);
  reached_.erase(reached_.begin(), reached_.begin() + count);
  first_ = first;
}

Place SpaceTimeIndex::place(const Trace& trace, EventIndex index) const {
  if (index < first_ || index >= taken()) return {trace[index].at_us, 0};
  return {trace[index].at_us, ticks_[static_cast<std::size_t>(index - first_)]};
}

std::int32_t SpaceTimeIndex::reached(EventIndex index) const {
  if (reached_.empty() || index < first_) return 0;
  const auto at = std::min(static_cast<std::size_t>(index - first_), reached_.size() - 1);
  return reached_[at];
}

EventIndex SpaceTimeIndex::last_within(std::int32_t tick) const {
  const auto beyond = std::upper_bound(reached_.begin(), reached_.end(), tick);
  return first_ + (beyond - reached_.begin()) - 1;
}

const Mark* SpaceTimeIndex::nearest(NodeId id, Axis axis, double at) const {
  const std::vector<Mark>& line = marks[static_cast<std::size_t>(id.value)];
  if (line.empty()) return nullptr;
  auto after = std::partition_point(line.begin(), line.end(),
                                    [&](const Mark& mark) { return mark.at.on(axis) < at; });
  if (after == line.end()) return &line.back();
  if (after == line.begin()) return &*after;
  const auto before = after - 1;
  return at - before->at.on(axis) < after->at.on(axis) - at ? &*before : &*after;
}

void SpaceTimeIndex::take(const Trace& trace, const Event& event) {
  std::int32_t tick = reached_.empty() ? 0 : reached_.back();
  if (event.stamped()) {
    tick = static_cast<std::int32_t>(std::min<std::uint64_t>(event.lamport, INT32_MAX / 2 - 1) * 2);
    if (event.node != nobody) latest_[static_cast<std::size_t>(event.node.value)] = tick;
  } else if (event.node != nobody) {
    tick = latest_[static_cast<std::size_t>(event.node.value)] + 1;
  }
  const Place at{event.at_us, tick};
  ticks_.push_back(tick);
  reached_.push_back(std::max(tick, reached_.empty() ? 0 : reached_.back()));
  if (on_line(event)) {
    marks[static_cast<std::size_t>(event.node.value)].push_back(
        {event.index, at, event.label, event.kind});
  }
  switch (event.kind) {
    case EventKind::send:
      flying_[event.message] = flights.size();
      flights_reach.begin(flights.size(), at);
      flights.push_back({event.index,
                         no_event,
                         event.node,
                         event.peer,
                         at,
                         {},
                         event.label,
                         false,
                         false,
                         event.message});
      break;
    case EventKind::deliver:
    case EventKind::lost:
      take_message_end(trace, event, at);
      break;
    case EventKind::pause:
      begin(Stretch::Kind::paused, event, at);
      break;
    case EventKind::resume:
      end(Stretch::Kind::paused, event, at);
      break;
    case EventKind::crash:
      end(Stretch::Kind::paused, event, at);
      begin(Stretch::Kind::down, event, at);
      break;
    case EventKind::restart:
      end(Stretch::Kind::down, event, at);
      break;
    case EventKind::leave:
      end(Stretch::Kind::paused, event, at);
      end(Stretch::Kind::down, event, at);
      begin(Stretch::Kind::absent, event, at);
      break;
    case EventKind::join:
      end(Stretch::Kind::absent, event, at);
      break;
    case EventKind::lease_begin:
      begin(Stretch::Kind::lease, event, at);
      break;
    case EventKind::lease_end:
      end(Stretch::Kind::lease, event, at);
      break;
    default:
      break;
  }
}

void SpaceTimeIndex::take_message_end(const Trace& trace, const Event& event, const Place& at) {
  const bool delivered = event.kind == EventKind::deliver;
  auto found = flying_.find(event.message);
  if (found == flying_.end()) {
    // A duplicate was never sent on its own: it starts where its original did.
    const bool known = event.cause >= std::max(first_, trace.first()) && event.cause < event.index;
    Flight copy;
    copy.send = known ? event.cause : no_event;
    copy.from = delivered ? event.peer : event.node;
    copy.to = delivered ? event.node : event.peer;
    copy.sent = known ? place(trace, event.cause) : at;
    copy.kind = event.label;
    copy.message = event.message;
    found = flying_.emplace(event.message, flights.size()).first;
    flights_reach.begin(flights.size(), copy.sent);
    flights.push_back(copy);
  }
  Flight& flight = flights[found->second];
  flight.end = event.index;
  flight.ended = at;
  flight.lost = !delivered;
  // The loss is no clock's event: it is drawn one number after the sending.
  if (flight.lost) flight.ended.tick = flight.sent.tick + 2;
  flight.at_receiver = flight.lost && (event.loss == LossReason::receiver_down ||
                                       event.loss == LossReason::receiver_absent);
  flights_reach.end(found->second, flight.ended);
  flying_.erase(found);
}

// Two leases of one kind on one node differ in what their timers carry.
std::uint64_t SpaceTimeIndex::key(Stretch::Kind kind, const Event& event) {
  std::uint64_t mark =
      static_cast<std::uint64_t>(event.node.value) << 8 | static_cast<std::uint64_t>(kind);
  if (kind != Stretch::Kind::lease) return mark;
  mark = mix64(mark ^ static_cast<std::uint64_t>(event.label) << 48);
  for (const char c : event.payload) mark = mix64(mark ^ static_cast<unsigned char>(c));
  return mark;
}

void SpaceTimeIndex::begin(Stretch::Kind kind, const Event& event, const Place& at) {
  const std::uint64_t which = key(kind, event);
  running_[which] = stretches.size();
  stretches_reach.begin(stretches.size(), at);
  stretches.push_back({kind, event.node, event.index, no_event, at, {}, which});
}

void SpaceTimeIndex::end(Stretch::Kind kind, const Event& event, const Place& at) {
  const auto found = running_.find(key(kind, event));
  if (found == running_.end()) return;
  stretches[found->second].end = event.index;
  stretches[found->second].to = at;
  stretches_reach.end(found->second, at);
  running_.erase(found);
}

}  // namespace netsplit::ui
