// Values that replicas change each for itself and merge later: what was known when (version
// vectors), a set and a counter that lose nothing whatever is merged with what, how often and in
// which order. Merging is commutative, associative and idempotent, so that replicas which have
// heard of the same changes are equal.
//
// Source: Parker et al., "Detection of mutual inconsistency in distributed systems" (IEEE TSE
// 1983); dots after Preguiça et al., "Dotted version vectors" (2010); Shapiro, Preguiça, Baquero
// and Zawirski, "A comprehensive study of convergent and commutative replicated data types" (2011),
// specifications 7 and 15; the set without tombstones after Bieniusa et al., "An optimized
// conflict-free replicated set" (2012).
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "core/base/fields.h"
#include "core/base/time.h"

namespace netsplit {

// One change: which one of whom, counted from 1.
struct Dot {
  NodeId node;
  std::int64_t number = 0;
  FIELDS(node, number)
  friend bool operator<(const Dot& a, const Dot& b) {
    return a.node != b.node ? a.node < b.node : a.number < b.number;
  }
};

// How many changes of each node are known: those up to this number.
using VersionVector = std::map<NodeId, std::int64_t>;

inline bool covers(const VersionVector& known, const Dot& dot) {
  const auto at = known.find(dot.node);
  return at != known.end() && at->second >= dot.number;
}
inline void note(VersionVector& known, const Dot& dot) {
  std::int64_t& count = known[dot.node];
  count = std::max(count, dot.number);
}
inline void merge(VersionVector& known, const VersionVector& other) {
  for (const auto& [node, count] : other) note(known, {node, count});
}

// A value as somebody wrote it.
template <class Value>
struct Version {
  Value value;
  Time wall_us = 0;       // of whoever took it
  Dot dot;                // which write it is
  VersionVector context;  // the writes that its writer had read: what it replaces
  FIELDS(value, wall_us, dot, context)
};

// Puts a version among others, by dot, unless one of them replaces it; whom it replaces goes.
// `replaces(a, b)`: is b of no interest beside a?
template <class Value, class Replaces>
void keep(std::vector<Version<Value>>& versions, const Version<Value>& version, Replaces replaces) {
  const auto makes_old = [&](const Version<Value>& one) {
    return one.dot == version.dot || replaces(one, version);
  };
  if (std::any_of(versions.begin(), versions.end(), makes_old)) return;
  std::erase_if(versions, [&](const Version<Value>& one) { return replaces(version, one); });
  const auto after = [&](const Version<Value>& one) { return version.dot < one.dot; };
  versions.insert(std::find_if(versions.begin(), versions.end(), after), version);
}
// Of two the one with the later wall clock.
template <class Value>
void keep_last(std::vector<Version<Value>>& versions, const Version<Value>& version) {
  keep(versions, version, [](const Version<Value>& a, const Version<Value>& b) {
    return a.wall_us != b.wall_us ? a.wall_us > b.wall_us : b.dot < a.dot;
  });
}
// Siblings: both, unless the writer of one had read the other.
template <class Value>
void keep_concurrent(std::vector<Version<Value>>& versions, const Version<Value>& version) {
  keep(versions, version,
       [](const Version<Value>& a, const Version<Value>& b) { return covers(a.context, b.dot); });
}

// Observed-remove set: what is removed are the additions that were seen, so that of an addition
// and a removal at the same time the addition wins, and nothing that was removed comes back.
struct ObservedRemoveSet {
  struct Element {
    std::int64_t value = 0;
    Dot added;
    FIELDS(value, added)
    friend bool operator<(const Element& a, const Element& b) {
      return a.value != b.value ? a.value < b.value : a.added < b.added;
    }
  };
  std::set<Element> elements;
  VersionVector seen;  // additions; one that is seen and not among the elements was removed
  FIELDS(elements, seen)

  bool contains(std::int64_t value) const {
    const auto at = elements.lower_bound(Element{value, Dot{}});
    return at != elements.end() && at->value == value;
  }
  // Requires: `dot` is new.
  void add(std::int64_t value, const Dot& dot) {
    elements.insert({value, dot});
    note(seen, dot);
  }
  void remove(std::int64_t value) {
    std::erase_if(elements, [&](const Element& one) { return one.value == value; });
  }
  void merge(const ObservedRemoveSet& other) {
    std::erase_if(elements, [&](const Element& one) {
      return covers(other.seen, one.added) && !other.elements.contains(one);
    });
    for (const Element& one : other.elements)
      if (!covers(seen, one.added)) elements.insert(one);
    netsplit::merge(seen, other.seen);
  }
};

// Counter that goes up and down (PN-counter): each node counts its own, and the sum is the value.
struct PnCounter {
  VersionVector up;
  VersionVector down;
  FIELDS(up, down)

  std::int64_t value() const {
    std::int64_t sum = 0;
    for (const auto& [node, count] : up) sum += count;
    for (const auto& [node, count] : down) sum -= count;
    return sum;
  }
  void add(NodeId node, std::int64_t change) {
    (change < 0 ? down : up)[node] += change < 0 ? -change : change;
  }
  void merge(const PnCounter& other) {
    netsplit::merge(up, other.up);
    netsplit::merge(down, other.down);
  }
};

}  // namespace netsplit
