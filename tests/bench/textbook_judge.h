// The bare yardstick for judging: Wing and Gong's search (1993) with Lowe's memory of
// configurations (2017), as textbooks and common checkers have it. A doubly linked list of
// invocations and answers, a bit for each operation, and a hash set of (bits, state).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/base/hash.h"
#include "core/check/linearizability.h"

namespace netsplit::bench {

struct TextbookRuling {
  bool linearizable = false;
  std::int64_t configurations = 0;
};

// State: any value with operator==. step(state, operation) yields the next state or nothing;
// hash(state) a number. `operations` are of one independent part, and none failed.
template <class State, class Step, class Hash>
TextbookRuling judge_by_textbook(const std::vector<check::HistoryOperation>& operations,
                                 const State& initial, Step step, Hash hash) {
  using Bits = std::vector<std::uint64_t>;
  struct Entry {
    std::size_t operation;
    Entry* answer;  // of an invocation
    Entry* before;
    Entry* after;
  };
  struct Moment {
    std::int64_t at;
    bool answer;
    std::size_t operation;
  };
  std::vector<Moment> moments;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    // What was never answered may take effect at any time, also after everything else.
    const bool known = operations[i].outcome == Outcome::ok;
    moments.push_back({operations[i].invoked, false, i});
    moments.push_back({known ? operations[i].completed : INT64_MAX, true, i});
  }
  std::stable_sort(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) {
    return a.at != b.at ? a.at < b.at : a.answer < b.answer;
  });
  std::vector<Entry> entries(moments.size() + 1);
  std::vector<Entry*> invocations(operations.size());
  for (std::size_t i = 0; i < moments.size(); ++i) {
    Entry& entry = entries[i + 1];
    entry = {moments[i].operation, nullptr, &entries[i], nullptr};
    entries[i].after = &entry;
    if (moments[i].answer) {
      invocations[moments[i].operation]->answer = &entry;
    } else {
      invocations[moments[i].operation] = &entry;
    }
  }
  const auto lift = [](Entry& entry) {
    entry.before->after = entry.after;
    if (entry.after != nullptr) entry.after->before = entry.before;
  };
  const auto unlift = [](Entry& entry) {
    entry.before->after = &entry;
    if (entry.after != nullptr) entry.after->before = &entry;
  };

  struct Tried {
    Bits bits;
    State state;
  };
  std::unordered_multimap<std::uint64_t, Tried> tried;
  std::vector<std::pair<Entry*, State>> calls;
  Bits bits((operations.size() + 63) / 64);
  State state = initial;
  TextbookRuling ruling;
  Entry* entry = entries[0].after;
  while (entries[0].after != nullptr) {
    if (entry->answer != nullptr) {
      std::optional<State> next = step(state, operations[entry->operation]);
      if (next) {
        Bits with = bits;
        with[entry->operation / 64] |= std::uint64_t{1} << entry->operation % 64;
        Hasher hasher;
        for (const std::uint64_t word : with) hasher.integer(word);
        hasher.integer(hash(*next));
        const auto [from, to] = tried.equal_range(hasher.digest());
        const bool known = std::any_of(from, to, [&](const auto& one) {
          return one.second.bits == with && one.second.state == *next;
        });
        if (!known) {
          ++ruling.configurations;
          tried.emplace(hasher.digest(), Tried{with, *next});
          calls.emplace_back(entry, state);
          state = *next;
          bits = with;
          lift(*entry);
          lift(*entry->answer);
          entry = entries[0].after;
          continue;
        }
      }
      entry = entry->after;
      continue;
    }
    if (calls.empty()) return ruling;
    Entry* last = calls.back().first;
    state = calls.back().second;
    calls.pop_back();
    bits[last->operation / 64] &= ~(std::uint64_t{1} << last->operation % 64);
    unlift(*last->answer);
    unlift(*last);
    entry = last->after;
  }
  ruling.linearizable = true;
  return ruling;
}

}  // namespace netsplit::bench
