// Described structs that also say how they are drawn: a lock with its owner, and a log of numbered
// entries. A struct of a protocol's own may do the same with `static constexpr Hint hint`.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "core/base/assert.h"
#include "core/base/fields.h"

namespace netsplit {

enum class Hint : std::uint8_t {
  none,
  number,
  flag,
  text,
  choice,
  time,
  node,
  token,
  epoch,
  list,
  group,
  log_index,
  lock,
  log
};

// A lock that one owner holds, or nobody: `Lock<NodeId>`, or by a transaction's number. Several at
// once (a lock per key) are a map of them.
template <class Owner>
struct Lock {
  static constexpr Hint hint = Hint::lock;
  std::optional<Owner> owner;
  FIELDS(owner)

  bool held() const { return owner.has_value(); }
  bool held_by(const Owner& who) const { return owner == who; }
  // False when someone else holds it.
  bool take(const Owner& who) {
    if (owner && *owner != who) return false;
    owner = who;
    return true;
  }
  // Does nothing unless `who` holds it.
  void release(const Owner& who) {
    if (held_by(who)) owner.reset();
  }
};

// Entries numbered from 1, as Raft's paper numbers them. Those up to `dropped` are gone, kept only
// in a snapshot. How far it is committed is a `LogIndex` of its own beside the log, since it may
// live in memory while the log is on disk: one whose name contains "commit" is drawn as the border
// between what may still change and what may not, every other one as a mark.
template <class Entry>
struct Log {
  static constexpr Hint hint = Hint::log;
  std::vector<Entry> entries;
  LogIndex dropped;
  FIELDS(entries, dropped)

  bool empty() const { return entries.empty(); }
  LogIndex first() const { return dropped.next(); }
  // Of the last entry; 0 when there has never been one.
  LogIndex last() const {
    return LogIndex{dropped.value + static_cast<std::int64_t>(entries.size())};
  }
  bool has(LogIndex index) const { return index >= first() && index <= last(); }
  // Requires: has(index).
  const Entry& operator[](LogIndex index) const {
    NETSPLIT_ASSERT(has(index));
    return entries[static_cast<std::size_t>(index.value - first().value)];
  }
  Entry& operator[](LogIndex index) {
    NETSPLIT_ASSERT(has(index));
    return entries[static_cast<std::size_t>(index.value - first().value)];
  }
  LogIndex append(Entry entry) {
    entries.push_back(std::move(entry));
    return last();
  }
  // Forgets every entry after `index`. Requires: index >= dropped.
  void cut_after(LogIndex index) {
    NETSPLIT_ASSERT(index >= dropped);
    if (index < last()) entries.resize(static_cast<std::size_t>(index.value - dropped.value));
  }
  // Drops every entry up to `index`, which a snapshot now holds; beyond the last, the log is empty
  // and goes on after `index`.
  void drop_through(LogIndex index) {
    if (index <= dropped) return;
    const std::int64_t count =
        std::min(index.value - dropped.value, static_cast<std::int64_t>(entries.size()));
    entries.erase(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(count));
    dropped = index;
  }
};

}  // namespace netsplit
