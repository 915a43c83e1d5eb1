#include "ui/space_time_index.h"

#include <algorithm>

namespace netsplit::ui {

void SpaceTimeIndex::follow(const Timeline& timeline, std::uint64_t generation) {
  const Trace& trace = timeline.trace();
  if (generation != generation_ || timeline.branch() != branch_ || trace.size() < taken_) {
    flights.clear();
    stretches.clear();
    flying_.clear();
    running_.clear();
    taken_ = 0;
    longest_us = 0;
    branch_ = timeline.branch();
    generation_ = generation;
  }
  taken_ = std::max(taken_, trace.first());
  for (; taken_ < trace.size(); ++taken_) take(trace, trace[taken_]);
}

void SpaceTimeIndex::take(const Trace& trace, const Event& event) {
  switch (event.kind) {
    case EventKind::send:
      flying_[event.message] = flights.size();
      flights.push_back({event.index, no_event, event.node, event.peer, event.at_us, never_us,
                         event.label, false, false, event.message});
      break;
    case EventKind::deliver:
    case EventKind::lost: {
      auto at = flying_.find(event.message);
      if (at == flying_.end()) {
        // A duplicate was never sent on its own: it starts where its original did.
        const bool known = event.cause >= trace.first() && event.cause < event.index;
        const bool delivered = event.kind == EventKind::deliver;
        Flight copy;
        copy.send = known ? event.cause : no_event;
        copy.from = delivered ? event.peer : event.node;
        copy.to = delivered ? event.node : event.peer;
        copy.sent_us = known ? trace[event.cause].at_us : event.at_us;
        copy.kind = event.label;
        copy.message = event.message;
        at = flying_.emplace(event.message, flights.size()).first;
        flights.push_back(copy);
      }
      Flight& flight = flights[at->second];
      flight.end = event.index;
      flight.end_us = event.at_us;
      flight.lost = event.kind == EventKind::lost;
      flight.at_receiver = flight.lost && (event.loss == LossReason::receiver_down ||
                                           event.loss == LossReason::receiver_absent);
      longest_us = std::max(longest_us, flight.end_us - flight.sent_us);
      flying_.erase(at);
      break;
    }
    case EventKind::pause:
      begin(Stretch::Kind::paused, event);
      break;
    case EventKind::resume:
      end(Stretch::Kind::paused, event);
      break;
    case EventKind::crash:
      end(Stretch::Kind::paused, event);
      begin(Stretch::Kind::down, event);
      break;
    case EventKind::restart:
      end(Stretch::Kind::down, event);
      break;
    case EventKind::leave:
      end(Stretch::Kind::paused, event);
      end(Stretch::Kind::down, event);
      begin(Stretch::Kind::absent, event);
      break;
    case EventKind::join:
      end(Stretch::Kind::absent, event);
      break;
    case EventKind::lease_begin:
      begin(Stretch::Kind::lease, event);
      break;
    case EventKind::lease_end:
      end(Stretch::Kind::lease, event);
      break;
    default:
      break;
  }
}

std::uint64_t SpaceTimeIndex::key(Stretch::Kind kind, const Event& event) {
  const std::uint64_t label = kind == Stretch::Kind::lease ? event.label : 0;
  return static_cast<std::uint64_t>(event.node.value) << 24 |
         static_cast<std::uint64_t>(kind) << 16 | label;
}

void SpaceTimeIndex::begin(Stretch::Kind kind, const Event& event) {
  running_[key(kind, event)] = stretches.size();
  stretches.push_back({kind, event.node, event.at_us, never_us, event.label});
}

void SpaceTimeIndex::end(Stretch::Kind kind, const Event& event) {
  const auto at = running_.find(key(kind, event));
  if (at == running_.end()) return;
  stretches[at->second].to_us = event.at_us;
  running_.erase(at);
}

}  // namespace netsplit::ui
