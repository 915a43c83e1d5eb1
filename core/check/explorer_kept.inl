// Explorer<M>: what is kept of an exploration, and going on from it.
#pragma once

#include "core/check/explorer.h"

namespace netsplit::check {

template <Model M>
void Explorer<M>::keep(Keeper& keeper, std::uint64_t identity) const {
  if (!keeper.begin_save()) return keeper.end_save(false);
  KeptWriter writer(keeper);
  writer.text(kept_begins);
  writer.word(identity);
  if constexpr (has_memory) model_.keep(writer);
  for (const std::uint64_t number :
       {result_.generated, std::uint64_t{result_.depth}, result_.held_back,
        static_cast<std::uint64_t>(result_.bytes), frontier_first_ + position_, level_states_,
        std::uint64_t{slice_states_}})
    writer.word(number);
  for (const Finding& finding : result_.findings) {
    writer.word(static_cast<std::uint64_t>(finding.standing));
    writer.word(finding.steps.size());
    for (const std::uint32_t step : finding.steps) writer.word(step);
  }
  for (const Shard& shard : shards_) shard.seen.keep(writer);
  keep_states(writer, frontier_.data() + position_, frontier_.size() - position_);
  keep_states(writer, next_.data(), next_.size());
  writer.list(steps_);
  writer.list(prints_);
  writer.list(neighbours_);
  writer.word(degrees_.size());
  for (const std::uint32_t degree : degrees_) writer.word(degree);
  writer.word(within_reach_.size());
  for (const std::uint32_t within : within_reach_) writer.word(within);
  keeper.end_save(writer.finish());
}

template <Model M>
bool Explorer<M>::restore(KeptReader& reader) {
  prepare();
  if constexpr (has_memory) {
    if (!model_.restore(reader)) return false;
  }
  result_.generated = reader.word();
  result_.depth = static_cast<std::uint32_t>(reader.word());
  result_.held_back = reader.word();
  result_.bytes = static_cast<std::int64_t>(reader.word());
  frontier_first_ = reader.word();
  level_states_ = reader.word();
  slice_states_ = static_cast<std::size_t>(reader.word());
  if (slice_states_ < slice_states_min || slice_states_ > slice_states_max) return false;
  for (Finding& finding : result_.findings) {
    const std::uint64_t standing = reader.word();
    if (standing > static_cast<std::uint64_t>(Standing::violated)) return false;
    finding.standing = static_cast<Standing>(standing);
    const std::uint64_t steps = reader.word();
    for (std::uint64_t i = 0; reader.ok() && i < steps; ++i)
      finding.steps.push_back(static_cast<std::uint32_t>(reader.word()));
    if (!finding.steps.empty())
      finding.depth = static_cast<std::uint32_t>(finding.steps.size()) - 1;
  }
  std::uint64_t seen = 0;
  for (Shard& shard : shards_) {
    if (!shard.seen.restore(reader)) return false;
    seen += shard.seen.size();
  }
  if (!restore_states(reader, frontier_) || !restore_states(reader, next_)) return false;
  reader.list<Step>(steps_);
  reader.list<std::uint64_t>(prints_);
  reader.list<std::uint64_t>(neighbours_);
  const auto restore_small = [&](std::vector<std::uint32_t>& list) {
    const std::uint64_t count = reader.word();
    while (reader.ok() && list.size() < count)
      list.push_back(static_cast<std::uint32_t>(reader.word()));
  };
  restore_small(degrees_);
  restore_small(within_reach_);
  result_.distinct = steps_.size();
  restored_ = reader.finish() && seen == steps_.size() && is_consistent();
  return restored_;
}

// Everything refers to what there is.
template <Model M>
bool Explorer<M>::is_consistent() const {
  const std::uint64_t count = steps_.size();
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t parent = steps_[static_cast<std::size_t>(i)].parent();
    if (parent >= i && parent != no_parent) return false;
  }
  if (frontier_first_ + frontier_.size() + next_.size() != count) return false;
  if (level_states_ < frontier_.size()) return false;
  if (!keeps_edges_)
    return prints_.empty() && neighbours_.empty() && degrees_.empty() && within_reach_.empty();
  std::uint64_t edges = 0;
  for (const std::uint32_t degree : degrees_) edges += degree;
  return prints_.size() == count && within_reach_.size() == count &&
         degrees_.size() == frontier_first_ && edges == neighbours_.size();
}

// States need not fill whole words.
template <Model M>
void Explorer<M>::keep_states(KeptWriter& writer, const State* states, std::size_t count) {
  writer.word(count);
  std::uint64_t words[(sizeof(State) + 7) / 8] = {};
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(words, &states[i], sizeof(State));
    writer.words(words, std::size(words));
  }
}

template <Model M>
bool Explorer<M>::restore_states(KeptReader& reader, LargeArray<State>& states) const {
  const std::uint64_t count = reader.word();
  std::uint64_t words[(sizeof(State) + 7) / 8] = {};
  while (reader.ok() && states.size() < count) {
    reader.words(words, std::size(words));
    State state;
    std::memcpy(&state, words, sizeof(State));
    if constexpr (has_memory) {
      if (!model_.knows(state)) return false;
    }
    states.push_back(state);
  }
  return reader.ok();
}

}  // namespace netsplit::check
