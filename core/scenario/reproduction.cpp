#include "core/scenario/reproduction.h"

#include <algorithm>

namespace netsplit {
namespace {

std::string number(EventIndex event) { return "#" + std::to_string(event); }

// How many events a number of marks stands for, and whether the next mark differs.
struct Agreement {
  std::int64_t events = 0;
  std::int64_t stride = 1;
  bool next_differs = false;
};

Agreement agreement_of(const Link& link, const Session& session) {
  const HashMarks& marks = session.hash_marks();
  const std::string_view mine = marks.bytes();
  const std::int64_t stride_of_link = HashMarks::stride_of(link.hash_events);
  Agreement agreed;
  // Both strides are powers of two, so that every mark of the coarser has its like in the finer.
  agreed.stride = std::max(marks.stride(), stride_of_link);
  const auto count = static_cast<std::int64_t>(mine.size()) * marks.stride();
  const auto count_of_link = static_cast<std::int64_t>(link.marks.size()) * stride_of_link;
  const std::int64_t end = std::min(count, count_of_link);
  for (std::int64_t events = agreed.stride; events <= end; events += agreed.stride) {
    const auto at = static_cast<std::size_t>(events / marks.stride() - 1);
    const auto at_of_link = static_cast<std::size_t>(events / stride_of_link - 1);
    agreed.next_differs = mine[at] != link.marks[at_of_link];
    if (agreed.next_differs) break;
    agreed.events = events;
  }
  return agreed;
}

// Between which events the run leaves the link's. Requires: it does.
void enclose(Comparison& found, const Link& link, const Session& session, const Agreement& agreed) {
  if (agreed.next_differs) {
    found.not_before = agreed.events;
    found.not_after = agreed.events + agreed.stride - 1;
  } else if (session.trace_hash() == *link.hash) {
    // Only one of the two goes on.
    found.not_before = found.not_after = session.events();
  } else if (!link.marks.empty()) {
    found.not_before = agreed.events;
    if (link.hash_events != session.events()) {
      found.not_after = std::min(link.hash_events, session.events());
    } else {
      // The hashes differ though the marks agree: the last mark, if it is of the end, by chance.
      found.not_after = link.hash_events - 1;
      if (agreed.events == link.hash_events) found.not_before -= agreed.stride;
    }
  }
}

Comparison difference(const Link& link, const Session& session, const Agreement& agreed) {
  Comparison found;
  found.outcome = Reproduction::differs;
  enclose(found, link, session, agreed);
  std::string& text = found.sentence;
  text = "Differs";
  if (found.not_after != no_event && found.not_before == found.not_after) {
    text += " at event " + number(found.not_after);
  } else if (found.not_after != no_event) {
    text += " by event " + number(found.not_after) + " at the latest";
    if (found.not_before > 0) text += ", after event " + number(found.not_before - 1);
  }
  text += ": this run is not the one the link was made from";
  const std::int64_t events = session.events();
  if (static_cast<std::int64_t>(session.steps()) < link.hash_steps) {
    if (session.next_due_us() == never_us) {
      text += "; it ends after " + std::to_string(session.steps()) + " steps, the link's had " +
              std::to_string(link.hash_steps);
    }
  } else if (!agreed.next_differs && session.trace_hash() == *link.hash) {
    text += link.unfinished ? "; it ends where the link's goes on"
                            : "; it goes on where the link's ends";
    text += ", after " + std::to_string(events) + " events";
  } else if (link.hash_events != 0 && link.hash_events != events) {
    text += "; by step " + std::to_string(session.steps()) + " it has made " +
            std::to_string(events) + " events, the link's " + std::to_string(link.hash_events);
  }
  text += ".";
  return found;
}

}  // namespace

void note_run(Link& link, const Session& session) {
  link.hash = session.trace_hash();
  link.hash_steps = static_cast<std::int64_t>(session.steps());
  link.hash_events = session.events();
  link.marks = session.hash_marks().bytes();
  link.unfinished = session.next_due_us() != never_us;
}

Comparison compare_with_link(const Link& link, const Session& session) {
  const auto steps = static_cast<std::int64_t>(session.steps());
  NETSPLIT_ASSERT(link.hash.has_value() && steps <= link.hash_steps);
  const Agreement agreed = agreement_of(link, session);
  const bool goes_on = session.next_due_us() != never_us;
  const bool stopped = steps < link.hash_steps && goes_on;
  const bool whole = steps == link.hash_steps && goes_on == link.unfinished;
  if (agreed.next_differs || (!stopped && (!whole || session.trace_hash() != *link.hash))) {
    return difference(link, session, agreed);
  }
  Comparison same;
  if (!stopped) {
    same.outcome = Reproduction::reproduced;
    same.sentence =
        "Reproduced: all " + std::to_string(session.events()) + " events came out as in the link.";
    return same;
  }
  same.outcome = Reproduction::so_far;
  same.sentence = "The run is long: ";
  same.sentence += agreed.events == 0
                       ? "it is not compared with the link."
                       : "its first " + std::to_string(agreed.events) +
                             " events came out as in the link, the rest is not compared.";
  return same;
}

}  // namespace netsplit
