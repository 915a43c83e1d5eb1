// Histories as clients of a real store would record them: operations that overlap, each taking
// effect at one moment between its invocation and its answer; some are never answered, and may or
// may not have taken effect. By construction they are linearizable, until one answer is changed.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/rng.h"
#include "core/check/linearizability.h"

namespace netsplit::bench {

struct Recording {
  check::ObjectKind object = check::ObjectKind::cas_register;
  std::int32_t clients = 5;
  std::int32_t operations = 170;
  std::int32_t keys = 1;
  std::int64_t unknown_ppm = 0;  // of those that change something
  std::uint64_t seed = 1;
};

// Registers take the values 0 to 4; to the texts of a store something unlike all else is appended.
inline check::History record(const Recording& recording) {
  using namespace check;
  Rng rng(recording.seed, 41, 0);
  History history;
  history.object = recording.object;
  history.texts.emplace_back();
  // (moment of effect, operation)
  std::vector<std::pair<std::int64_t, std::size_t>> effects;
  std::vector<std::int64_t> free_at(static_cast<std::size_t>(recording.clients));
  for (std::int32_t i = 0; i < recording.operations; ++i) {
    const auto client = static_cast<std::size_t>(std::min_element(free_at.begin(), free_at.end()) -
                                                 free_at.begin());
    HistoryOperation made;
    made.client = static_cast<std::int32_t>(client);
    made.key = rng.below(static_cast<std::uint32_t>(recording.keys));
    made.invoked = free_at[client] + rng.between(1, 40);
    const std::int64_t effect = made.invoked + rng.between(1, 50);
    made.completed = effect + rng.between(1, 50);
    const std::uint32_t kind = rng.below(3);
    if (recording.object == ObjectKind::key_value) {
      made.verb = kind == 0 ? Verb::read : Verb::append;
    } else {
      made.verb = kind == 0 ? Verb::read : kind == 1 ? Verb::write : Verb::cas;
    }
    made.argument = rng.below(5);
    made.expected = rng.below(5);
    if (made.verb != Verb::read && rng.chance_ppm(recording.unknown_ppm)) {
      made.outcome = Outcome::unknown;
      made.completed = made.invoked + 100;  // when the client gives up
    }
    free_at[client] = made.completed;
    // What is unknown may also take effect much later, or never.
    const bool late = made.outcome == Outcome::unknown && rng.below(2) == 0;
    effects.emplace_back(late ? effect + rng.between(0, 4'000) : effect, history.operations.size());
    history.operations.push_back(made);
  }
  std::stable_sort(effects.begin(), effects.end());
  std::map<std::int64_t, std::int64_t> values;
  std::map<std::int64_t, std::string> texts;
  for (const auto& [at, i] : effects) {
    HistoryOperation& made = history.operations[i];
    if (recording.object == ObjectKind::key_value) {
      if (made.verb == Verb::append) {
        history.texts.push_back("x " + std::to_string(made.client) + " " + std::to_string(i) +
                                " y");
        texts[made.key] += history.texts.back();
        made.argument = static_cast<std::int64_t>(history.texts.size()) - 1;
      } else {
        history.texts.push_back(texts[made.key]);
        made.result = static_cast<std::int64_t>(history.texts.size()) - 1;
      }
      continue;
    }
    std::int64_t& value = values.try_emplace(0, nothing).first->second;
    made.result = made.verb == Verb::read ? value : value == made.expected ? 1 : 0;
    if (made.verb == Verb::write || (made.verb == Verb::cas && made.result != 0))
      value = made.argument;
  }
  return history;
}

// Changes one read's answer, the last of which the textbook's search and ours then find no order.
inline void spoil(check::History& history, std::int64_t skip = 0) {
  for (std::size_t i = history.operations.size(); i-- > 0;) {
    check::HistoryOperation& made = history.operations[i];
    if (made.verb != check::Verb::read || skip-- > 0) continue;
    if (history.object == check::ObjectKind::key_value) {
      history.texts.push_back(history.texts[static_cast<std::size_t>(made.result)] + "x nobody y");
      made.result = static_cast<std::int64_t>(history.texts.size()) - 1;
    } else {
      made.result = (std::max<std::int64_t>(made.result, 0) + 2) % 5;
    }
    return;
  }
}

}  // namespace netsplit::bench
