// What order there is, and how often an event takes effect.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/protocols/partitioned_log/consumer.h"
#include "core/protocols/partitioned_log/partition.h"
#include "core/sim/view.h"

namespace netsplit::partitioned_log {

inline std::string text_of(const Event& event) {
  return "\"parcel " + std::to_string(event.parcel) + ": " + text_of(event.status) + "\"";
}

// The events that took effect, in that order.
template <class P>
std::vector<Event> effects(const View<P>& view) {
  std::vector<Event> notes;
  view.template for_each<Tracking>(
      [&](NodeId, const Tracking& one) { notes = one.disk.notes.entries; });
  return notes;
}

// Always: no event takes effect twice.
template <class P>
Verdict once(const View<P>& view) {
  const std::vector<Event> notes = effects(view);
  for (const Event& note : notes) {
    if (std::count_if(notes.begin(), notes.end(),
                      [&](const Event& other) { return other.id == note.id; }) > 1)
      return violated(text_of(note) + " took effect twice.", {note.id.producer});
  }
  return holds();
}

// Always: of one key, a producer's events take effect in the order in which it published them.
template <class P>
Verdict in_order(const View<P>& view) {
  std::map<std::pair<std::int64_t, NodeId>, const Event*> newest;
  const std::vector<Event> notes = effects(view);
  for (const Event& note : notes) {
    const Event*& before = newest[{note.parcel, note.id.producer}];
    if (before != nullptr && note.id.number < before->id.number)
      return violated(text_of(note) + " took effect after " + text_of(*before) + ", which " +
                          view.name(note.id.producer) + " published later.",
                      {note.id.producer});
    before = &note;
  }
  return holds();
}

// Finally: each key has the status published last, in true time, as the operations began.
template <class P>
Verdict latest(const View<P>& view) {
  std::map<std::int64_t, OperationRecord> last;
  for (std::int64_t i = view.history().first(); i < view.history().size(); ++i)
    last[view.history()[i].operation.key] = view.history()[i];
  Verdict verdict = holds();
  view.template for_each<Tracking>([&](NodeId id, const Tracking& tracking) {
    for (const auto& [parcel, shown] : tracking.disk.latest) {
      const OperationRecord& record = last[parcel];
      const auto status = static_cast<Status>(record.operation.argument);
      if (shown.status == status || record.client == nobody || !verdict.holds) continue;
      verdict = violated("Parcel " + std::to_string(parcel) + " is shown as " +
                             text_of(shown.status) + ", but " + view.name(record.client) +
                             " published \"" + text_of(status) + "\" last.",
                         {id, record.client});
    }
  });
  return verdict;
}

// Finally: every event that was published has taken effect.
template <class P>
Verdict all_applied(const View<P>& view) {
  const std::vector<Event> notes = effects(view);
  for (std::int64_t i = view.history().first(); i < view.history().size(); ++i) {
    const OperationRecord& record = view.history()[i];
    const EventId id{record.client, record.number};
    if (std::none_of(notes.begin(), notes.end(), [&](const Event& one) { return one.id == id; }))
      return violated("\"" + P::describe(record, {}) + "\" has not taken effect.", {id.producer});
  }
  return holds();
}

template <class P>
std::int64_t repeats(const View<P>& view) {
  std::int64_t sum = 0;
  view.template for_each<Tracking>([&](NodeId, const Tracking& one) { sum += one.disk.repeats; });
  return sum;
}

template <class P>
std::int64_t fullest_partition(const View<P>& view) {
  std::int64_t most = 0;
  view.template for_each<Partition>(
      [&](NodeId, const Partition& one) { most = std::max(most, one.disk.log.last().value); });
  return most;
}

template <class P>
std::int64_t names_kept(const View<P>& view) {
  return view.params().dedupe ? static_cast<std::int64_t>(effects(view).size()) : 0;
}

}  // namespace netsplit::partitioned_log
