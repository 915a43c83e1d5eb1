// Explorer<M>: what has no way back, when the graph of steps is complete.
#pragma once

#include "core/check/explorer.h"

namespace netsplit::check {

// From fingerprints to numbers. They are spread evenly, so that their first bits lead to a bucket
// of one or two; what is needed next is fetched ahead.
template <Model M>
void Explorer<M>::number_neighbours() {
  int bits = 1;
  while ((std::uint64_t{1} << bits) < prints_.size()) ++bits;
  const auto bucket = [bits](std::uint64_t print) {
    return static_cast<std::size_t>(print >> (64 - bits));
  };
  std::vector<std::uint64_t> begins((std::size_t{1} << bits) + 1);
  for (const std::uint64_t print : prints_) ++begins[bucket(print) + 1];
  for (std::size_t i = 1; i < begins.size(); ++i) begins[i] += begins[i - 1];
  struct Entry {
    std::uint64_t print;
    std::uint64_t number;
  };
  std::vector<Entry> entries(prints_.size());
  std::vector<std::uint64_t> free = begins;
  for (std::size_t i = 0; i < prints_.size(); ++i)
    entries[static_cast<std::size_t>(free[bucket(prints_[i])]++)] = {prints_[i], i};
  constexpr std::size_t ahead = 16;
  for (std::size_t i = 0; i < neighbours_.size(); ++i) {
    if (i + 2 * ahead < neighbours_.size())
      __builtin_prefetch(&begins[bucket(neighbours_[i + 2 * ahead])]);
    if (i + ahead < neighbours_.size())
      __builtin_prefetch(entries.data() + begins[bucket(neighbours_[i + ahead])]);
    auto at = static_cast<std::size_t>(begins[bucket(neighbours_[i])]);
    while (at < entries.size() && entries[at].print != neighbours_[i]) ++at;
    NETSPLIT_ASSERT(at < entries.size());
    neighbours_[i] = entries[at].number;
  }
}

// The graph is complete: which states have no way to one in which the invariant holds?
template <Model M>
void Explorer<M>::judge_reach() {
  number_neighbours();
  for (std::size_t i = 0; i < invariants_.size(); ++i) {
    Finding& finding = result_.findings[i];
    if (finding.kind != PropertyKind::finally || finding.standing != Standing::open) continue;
    const std::uint32_t bit = 1u << finally_places_[i];
    const auto within = [&](std::uint64_t number) {
      return (within_reach_[static_cast<std::size_t>(number)] & bit) != 0;
    };
    // Most steps lead to a higher number, so that going down one sweep marks nearly all.
    for (bool more = true; more;) {
      more = false;
      std::size_t edge = neighbours_.size();
      for (std::size_t number = degrees_.size(); number-- > 0;) {
        for (std::uint32_t d = 0; d < degrees_[number]; ++d) {
          if (!within(neighbours_[--edge]) || within(number)) continue;
          within_reach_[number] |= bit;
          more = true;
        }
      }
    }
    std::uint64_t number = 0;
    while (number < within_reach_.size() && within(number)) ++number;
    if (number < within_reach_.size()) decide(finding, Standing::violated, number);
  }
}

}  // namespace netsplit::check
