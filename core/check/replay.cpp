#include "core/check/replay.h"

#include <algorithm>
#include <tuple>

namespace netsplit::check {

Setup by_hand(const Setup& setup, const std::vector<std::vector<std::uint32_t>>& choices) {
  Setup made = setup;
  made.manual = true;
  made.script.clear();
  made.nodes.clear();
  const bool any =
      std::any_of(choices.begin(), choices.end(), [](const auto& one) { return !one.empty(); });
  std::int32_t at = 0;
  for (NodeGroup group : setup.nodes) {
    group.clock = ClockSpec{};
    for (std::int32_t i = 0; any && !group.joins_later && i < group.count; ++i) {
      const NodeId id{at + i};
      Input join = on_nodes(Action::join, 0, {id});
      join.choices = choices[static_cast<std::size_t>(id.value)];
      made.script.push_back(std::move(join));
    }
    at += group.count;
    group.joins_later = group.joins_later || any;
    made.nodes.push_back(std::move(group));
  }
  return made;
}

bool are_the_same(std::vector<SentBytes> some, std::vector<SentBytes> others) {
  for (auto* all : {&some, &others}) {
    std::sort(all->begin(), all->end(), [](const SentBytes& a, const SentBytes& b) {
      return std::tie(a.from, a.to, a.bytes) < std::tie(b.from, b.to, b.bytes);
    });
  }
  return some == others;
}

bool is_past(const AppendLog<OperationRecord, 64>& history, const WorldModel::Past& past) {
  using Record = std::tuple<std::int32_t, std::uint32_t, std::int64_t, Outcome, std::int64_t>;
  std::vector<Record> asked;
  std::vector<Record> known;
  for (std::int64_t i = 0; i < history.size(); ++i) {
    const OperationRecord& r = history[i];
    asked.emplace_back(r.client.value, r.number, r.operation.argument, r.outcome, r.result);
  }
  for (const auto& r : past.entries)
    known.emplace_back(r.client, r.number, r.operation.argument, r.outcome, r.result);
  std::sort(asked.begin(), asked.end());
  std::sort(known.begin(), known.end());
  return asked == known;
}

}  // namespace netsplit::check
